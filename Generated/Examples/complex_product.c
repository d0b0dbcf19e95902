/* ij,jk->ik   complex64   i=33 j=40 k=29
 *
 *   a    [33][40]              10.3 KiB
 *   b    [40][29]              9.1 KiB
 *   out  [33][29]              7.5 KiB
 *
 * out[i k] = sum over j of a[i j] * b[j k]
 *   i in 0..<33
 *     k in 0..<29                 vectors
 *       j in 0..<40
 *
 * 76560 flop, 2.8 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c complex_product.c
 */

#include <stdlib.h>

#ifndef ES_C64_DEFINED
#define ES_C64_DEFINED
typedef struct { float re, im; } es_c64;
#endif
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* Blocks of 6 rows of 2 x 8 components. */
static void complex_product_columns_6x2x8_c64(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 40; p++, a += 2, b += 58) {
        __builtin_prefetch(b + 2);
        __builtin_prefetch(b + 10);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 s0 = __builtin_shufflevector(b0, b0, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        const f32x8 s1 = __builtin_shufflevector(b1, b1, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c0_0 += a[1] * s0;
        c0_1 += a[1] * s1;
        c1_0 += a[80] * b0;
        c1_1 += a[80] * b1;
        c1_0 += a[81] * s0;
        c1_1 += a[81] * s1;
        c2_0 += a[160] * b0;
        c2_1 += a[160] * b1;
        c2_0 += a[161] * s0;
        c2_1 += a[161] * s1;
        c3_0 += a[240] * b0;
        c3_1 += a[240] * b1;
        c3_0 += a[241] * s0;
        c3_1 += a[241] * s1;
        c4_0 += a[320] * b0;
        c4_1 += a[320] * b1;
        c4_0 += a[321] * s0;
        c4_1 += a[321] * s1;
        c5_0 += a[400] * b0;
        c5_1 += a[400] * b1;
        c5_0 += a[401] * s0;
        c5_1 += a[401] * s1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 58) = c1_0;
    *(f32x8 *)(o + 66) = c1_1;
    *(f32x8 *)(o + 116) = c2_0;
    *(f32x8 *)(o + 124) = c2_1;
    *(f32x8 *)(o + 174) = c3_0;
    *(f32x8 *)(o + 182) = c3_1;
    *(f32x8 *)(o + 232) = c4_0;
    *(f32x8 *)(o + 240) = c4_1;
    *(f32x8 *)(o + 290) = c5_0;
    *(f32x8 *)(o + 298) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void complex_product_columns_5x2x8_c64(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 40; p++, a += 2, b += 58) {
        __builtin_prefetch(b + 2);
        __builtin_prefetch(b + 10);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 s0 = __builtin_shufflevector(b0, b0, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        const f32x8 s1 = __builtin_shufflevector(b1, b1, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c0_0 += a[1] * s0;
        c0_1 += a[1] * s1;
        c1_0 += a[80] * b0;
        c1_1 += a[80] * b1;
        c1_0 += a[81] * s0;
        c1_1 += a[81] * s1;
        c2_0 += a[160] * b0;
        c2_1 += a[160] * b1;
        c2_0 += a[161] * s0;
        c2_1 += a[161] * s1;
        c3_0 += a[240] * b0;
        c3_1 += a[240] * b1;
        c3_0 += a[241] * s0;
        c3_1 += a[241] * s1;
        c4_0 += a[320] * b0;
        c4_1 += a[320] * b1;
        c4_0 += a[321] * s0;
        c4_1 += a[321] * s1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 58) = c1_0;
    *(f32x8 *)(o + 66) = c1_1;
    *(f32x8 *)(o + 116) = c2_0;
    *(f32x8 *)(o + 124) = c2_1;
    *(f32x8 *)(o + 174) = c3_0;
    *(f32x8 *)(o + 182) = c3_1;
    *(f32x8 *)(o + 232) = c4_0;
    *(f32x8 *)(o + 240) = c4_1;
}

/* Blocks of 6 rows of 2 x 8 components. */
static void complex_product_columns_6x2x8_c64_2(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 40; p++, a += 2, b += 58) {
        __builtin_prefetch(b + 2);
        __builtin_prefetch(b + 10);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 s0 = __builtin_shufflevector(b0, b0, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        const f32x8 b1 = *(const volatile f32x8 *)(b + 2);
        const f32x8 s1 = __builtin_shufflevector(b1, b1, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c0_0 += a[1] * s0;
        c0_1 += a[1] * s1;
        c1_0 += a[80] * b0;
        c1_1 += a[80] * b1;
        c1_0 += a[81] * s0;
        c1_1 += a[81] * s1;
        c2_0 += a[160] * b0;
        c2_1 += a[160] * b1;
        c2_0 += a[161] * s0;
        c2_1 += a[161] * s1;
        c3_0 += a[240] * b0;
        c3_1 += a[240] * b1;
        c3_0 += a[241] * s0;
        c3_1 += a[241] * s1;
        c4_0 += a[320] * b0;
        c4_1 += a[320] * b1;
        c4_0 += a[321] * s0;
        c4_1 += a[321] * s1;
        c5_0 += a[400] * b0;
        c5_1 += a[400] * b1;
        c5_0 += a[401] * s0;
        c5_1 += a[401] * s1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 2) = c0_1;
    *(f32x8 *)(o + 58) = c1_0;
    *(f32x8 *)(o + 60) = c1_1;
    *(f32x8 *)(o + 116) = c2_0;
    *(f32x8 *)(o + 118) = c2_1;
    *(f32x8 *)(o + 174) = c3_0;
    *(f32x8 *)(o + 176) = c3_1;
    *(f32x8 *)(o + 232) = c4_0;
    *(f32x8 *)(o + 234) = c4_1;
    *(f32x8 *)(o + 290) = c5_0;
    *(f32x8 *)(o + 292) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void complex_product_columns_5x2x8_c64_2(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 40; p++, a += 2, b += 58) {
        __builtin_prefetch(b + 2);
        __builtin_prefetch(b + 10);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 s0 = __builtin_shufflevector(b0, b0, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        const f32x8 b1 = *(const volatile f32x8 *)(b + 2);
        const f32x8 s1 = __builtin_shufflevector(b1, b1, 1, 0, 3, 2, 5, 4, 7, 6) * (f32x8){-1, 1, -1, 1,
                -1, 1, -1, 1};
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c0_0 += a[1] * s0;
        c0_1 += a[1] * s1;
        c1_0 += a[80] * b0;
        c1_1 += a[80] * b1;
        c1_0 += a[81] * s0;
        c1_1 += a[81] * s1;
        c2_0 += a[160] * b0;
        c2_1 += a[160] * b1;
        c2_0 += a[161] * s0;
        c2_1 += a[161] * s1;
        c3_0 += a[240] * b0;
        c3_1 += a[240] * b1;
        c3_0 += a[241] * s0;
        c3_1 += a[241] * s1;
        c4_0 += a[320] * b0;
        c4_1 += a[320] * b1;
        c4_0 += a[321] * s0;
        c4_1 += a[321] * s1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 2) = c0_1;
    *(f32x8 *)(o + 58) = c1_0;
    *(f32x8 *)(o + 60) = c1_1;
    *(f32x8 *)(o + 116) = c2_0;
    *(f32x8 *)(o + 118) = c2_1;
    *(f32x8 *)(o + 174) = c3_0;
    *(f32x8 *)(o + 176) = c3_1;
    *(f32x8 *)(o + 232) = c4_0;
    *(f32x8 *)(o + 234) = c4_1;
}

void complex_product(const es_c64 *restrict a, const es_c64 *restrict b, es_c64 *restrict out)
{
    float *o = (float *)out;
    const float *x = (const float *)a;
    const float *y = (const float *)b;
    for (long v = 0; v < 6; v += 2) {
        for (long i = 0; i < 3; i++) {
            const long r = 6 * i;
            complex_product_columns_6x2x8_c64(o + 8 * v + 58 * r, x + 80 * r, y + 8 * v);
        }
        for (long i = 3; i < 6; i++) {
            const long r = 5 * i + 3;
            complex_product_columns_5x2x8_c64(o + 8 * v + 58 * r, x + 80 * r, y + 8 * v);
        }
    }
    for (long i = 0; i < 3; i++) {
        const long r = 6 * i;
        complex_product_columns_6x2x8_c64_2(o + 58 * r + 48, x + 80 * r, y + 48);
    }
    for (long i = 3; i < 6; i++) {
        const long r = 5 * i + 3;
        complex_product_columns_5x2x8_c64_2(o + 58 * r + 48, x + 80 * r, y + 48);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t complex_product_workspace_size(void)
{
    return 0;
}
