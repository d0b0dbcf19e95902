/* ij,jk->ik   bool   i=64 j=64 k=64
 *
 *   a    [64][64]             (0 or 1)  4 KiB
 *   b    [64][64]             (0 or 1)  4 KiB
 *   out  [64][64]             (0 or 1)  4 KiB
 *
 * out[i k] = sum over j of a[i j] * b[j k]
 *   i in 0..<64
 *     k in 0..<64                 vectors
 *       j in 0..<64
 *
 * 524288 flop, 42.7 per byte; workspace 0 bytes.
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

/* Blocks of 6 rows of 2 x 32 components. */
static void reachability_columns_6x2x32_b8(unsigned char *o, const unsigned char *x, const unsigned char *y)
{
    u8x32 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    u8x32 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const unsigned char *a = x;
    const unsigned char *b = y;
    for (long p = 0; p < 64; p++, a++, b += 64) {
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 33);
        const u8x32 b0 = *(const u8x32 *)b;
        const u8x32 b1 = *(const u8x32 *)(b + 32);
        c0_0 |= a[0] & b0;
        c0_1 |= a[0] & b1;
        c1_0 |= a[64] & b0;
        c1_1 |= a[64] & b1;
        c2_0 |= a[128] & b0;
        c2_1 |= a[128] & b1;
        c3_0 |= a[192] & b0;
        c3_1 |= a[192] & b1;
        c4_0 |= a[256] & b0;
        c4_1 |= a[256] & b1;
        c5_0 |= a[320] & b0;
        c5_1 |= a[320] & b1;
    }
    *(u8x32 *)o = c0_0;
    *(u8x32 *)(o + 32) = c0_1;
    *(u8x32 *)(o + 64) = c1_0;
    *(u8x32 *)(o + 96) = c1_1;
    *(u8x32 *)(o + 128) = c2_0;
    *(u8x32 *)(o + 160) = c2_1;
    *(u8x32 *)(o + 192) = c3_0;
    *(u8x32 *)(o + 224) = c3_1;
    *(u8x32 *)(o + 256) = c4_0;
    *(u8x32 *)(o + 288) = c4_1;
    *(u8x32 *)(o + 320) = c5_0;
    *(u8x32 *)(o + 352) = c5_1;
}

/* Blocks of 5 rows of 2 x 32 components. */
static void reachability_columns_5x2x32_b8(unsigned char *o, const unsigned char *x, const unsigned char *y)
{
    u8x32 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    u8x32 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const unsigned char *a = x;
    const unsigned char *b = y;
    for (long p = 0; p < 64; p++, a++, b += 64) {
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 33);
        const u8x32 b0 = *(const u8x32 *)b;
        const u8x32 b1 = *(const u8x32 *)(b + 32);
        c0_0 |= a[0] & b0;
        c0_1 |= a[0] & b1;
        c1_0 |= a[64] & b0;
        c1_1 |= a[64] & b1;
        c2_0 |= a[128] & b0;
        c2_1 |= a[128] & b1;
        c3_0 |= a[192] & b0;
        c3_1 |= a[192] & b1;
        c4_0 |= a[256] & b0;
        c4_1 |= a[256] & b1;
    }
    *(u8x32 *)o = c0_0;
    *(u8x32 *)(o + 32) = c0_1;
    *(u8x32 *)(o + 64) = c1_0;
    *(u8x32 *)(o + 96) = c1_1;
    *(u8x32 *)(o + 128) = c2_0;
    *(u8x32 *)(o + 160) = c2_1;
    *(u8x32 *)(o + 192) = c3_0;
    *(u8x32 *)(o + 224) = c3_1;
    *(u8x32 *)(o + 256) = c4_0;
    *(u8x32 *)(o + 288) = c4_1;
}

void reachability(const unsigned char *restrict a, const unsigned char *restrict b,
        unsigned char *restrict out)
{
    for (long i = 0; i < 9; i++) {
        const long r = 6 * i;
        reachability_columns_6x2x32_b8(out + 64 * r, a + 64 * r, b);
    }
    for (long i = 9; i < 11; i++) {
        const long r = 5 * i + 9;
        reachability_columns_5x2x32_b8(out + 64 * r, a + 64 * r, b);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t reachability_workspace_size(void)
{
    return 0;
}
