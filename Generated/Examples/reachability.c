/* ij,jk->ik   bool   i=64 j=64 k=64
 *
 *   a    [64][64]             (0 or 1)  4 KiB
 *   b    [64][64]             (0 or 1)  4 KiB
 *   out  [64][64]             (0 or 1)  4 KiB
 *
 * out[i k] = sum over j of a[i j] * b[k j]
 *   k in 0..<64
 *     j in 0..<64   a block of b is packed
 *       i in 0..<64   a block of a is packed
 *         tiles of 4 x 64 in registers
 *
 * 524288 flop, 42.7 per byte; workspace 8 KiB.
 * The caller gives reachability_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c reachability.c
 */

#include <stdlib.h>

typedef unsigned char u8x4 __attribute__((vector_size(4), aligned(1), may_alias));
typedef unsigned char u8x32 __attribute__((vector_size(32), aligned(1), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 4, p < k. */
static void reachability_pack_b8_4(const unsigned char *restrict source, unsigned char *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 4; i += 4) {
        if (i + 4 > 4)
            i = 0;
        for (long p = 0; p < 64; p += 4) {
            const u8x4 x0 = *(const u8x4 *)(source + 64 * i + p);
            const u8x4 x1 = *(const u8x4 *)(source + 64 * i + p + 64);
            const u8x4 x2 = *(const u8x4 *)(source + 64 * i + p + 128);
            const u8x4 x3 = *(const u8x4 *)(source + 64 * i + p + 192);
            const u8x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const u8x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const u8x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const u8x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const u8x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const u8x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const u8x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const u8x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(u8x4 *)(panel + i + 4 * p) = y4;
            *(u8x4 *)(panel + i + 4 * p + 4) = y5;
            *(u8x4 *)(panel + i + 4 * p + 8) = y6;
            *(u8x4 *)(panel + i + 4 * p + 12) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 4 && p < 64; p++) {
        for (long i = done; i < 4; i++)
            panel[4 * p + i] = source[64 * i + p];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 4, j < n <= 64. */
static void reachability_tile_b8_4x64(const unsigned char *restrict a, const unsigned char *restrict b,
        unsigned char *restrict c)
{
    u8x32 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    u8x32 c3_1 = {0};
    for (long p = 0; p < 64; p++, a += 4, b += 64) {
        const u8x32 bc0 = *(const u8x32 *)b;
        const u8x32 bc1 = *(const u8x32 *)(b + 32);
        c0_0 |= a[0] & bc0;
        c0_1 |= a[0] & bc1;
        c1_0 |= a[1] & bc0;
        c1_1 |= a[1] & bc1;
        c2_0 |= a[2] & bc0;
        c2_1 |= a[2] & bc1;
        c3_0 |= a[3] & bc0;
        c3_1 |= a[3] & bc1;
    }
    *(u8x32 *)c = c0_0;
    *(u8x32 *)(c + 32) = c0_1;
    *(u8x32 *)(c + 64) = c1_0;
    *(u8x32 *)(c + 96) = c1_1;
    *(u8x32 *)(c + 128) = c2_0;
    *(u8x32 *)(c + 160) = c2_1;
    *(u8x32 *)(c + 192) = c3_0;
    *(u8x32 *)(c + 224) = c3_1;
}

void reachability(const unsigned char *restrict a, const unsigned char *restrict b,
        unsigned char *restrict out, void *restrict workspace)
{
    {
        unsigned char *const rows3 = (unsigned char *)workspace;
        unsigned char *const columns4 = (unsigned char *)((char *)workspace + 4096);
        for (long i = 0; i < 64; i += 4)
            reachability_pack_b8_4(a + 64 * i, rows3 + 64 * i);
        unsigned char *panel = columns4;
        for (long p = 0; p < 64; p++, panel += 64) {
            const unsigned char *const s = b + 64 * p;
            const u8x32 s0 = *(const u8x32 *)s;
            const u8x32 s32 = *(const u8x32 *)(s + 32);
            *(u8x32 *)panel = s0;
            *(u8x32 *)(panel + 32) = s32;
        }
        for (long i1 = 0; i1 < 64; i1 += 4)
            reachability_tile_b8_4x64(rows3 + 64 * i1, columns4, out + 64 * i1);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t reachability_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t reachability_workspace_size(void)
{
    return 8192;
}
