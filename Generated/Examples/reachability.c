/* ij,jk->ik   bool   i=64 j=64 k=64
 *
 *   a    [64][64]             (0 or 1)  4 KiB
 *   b    [64][64]             (0 or 1)  4 KiB
 *   out  [64][64]             (0 or 1)  4 KiB
 *
 * out[i k] = sum over j of a[i j] * b[k j]
 *   k in 0..<64
 *     j in 0..<64   a block of b is packed
 *       i in 0..<64
 *         tiles of 4 x 64 in registers
 *
 * 524288 flop, 42.7 per byte; workspace 4 KiB.
 * The caller gives reachability_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c reachability.c
 */

#include <stdlib.h>

typedef unsigned char u8x32 __attribute__((vector_size(32), aligned(1), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 4, j < n <= 64. */
static void reachability_tilerows_b8_4x64(const unsigned char *restrict a, const unsigned char *restrict b,
        unsigned char *restrict c)
{
    u8x32 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    u8x32 c3_1 = {0};
    for (long p = 0; p < 64; p++, b += 64) {
        const u8x32 bc0 = *(const u8x32 *)b;
        const u8x32 bc1 = *(const u8x32 *)(b + 32);
        c0_0 |= a[p] & bc0;
        c0_1 |= a[p] & bc1;
        c1_0 |= a[p + 64] & bc0;
        c1_1 |= a[p + 64] & bc1;
        c2_0 |= a[p + 128] & bc0;
        c2_1 |= a[p + 128] & bc1;
        c3_0 |= a[p + 192] & bc0;
        c3_1 |= a[p + 192] & bc1;
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
        unsigned char *const columns4 = (unsigned char *)workspace;
        unsigned char *panel = columns4;
        for (long p = 0; p < 64; p++, panel += 64) {
            const unsigned char *const s = b + 64 * p;
            const u8x32 s0 = *(const u8x32 *)s;
            const u8x32 s32 = *(const u8x32 *)(s + 32);
            *(u8x32 *)panel = s0;
            *(u8x32 *)(panel + 32) = s32;
        }
        for (long i = 0; i < 64; i += 4)
            reachability_tilerows_b8_4x64(a + 64 * i, columns4, out + 64 * i);
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
    return 4096;
}
