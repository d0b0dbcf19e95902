/* ij,jk->ik   complex64   i=33 j=40 k=29
 *
 *   a    [33][40]              10.3 KiB
 *   b    [40][29]              9.1 KiB
 *   out  [33][29]              7.5 KiB
 *
 * out[i k] = sum over j of a[i j] * b[k j]
 *   k in 0..<29
 *     j in 0..<40   a block of b is packed
 *       i in 0..<33   a block of a is packed
 *         tiles of 6 x 8 in registers
 *
 * 76560 flop, 2.8 per byte; workspace 21.3 KiB.
 * The caller gives complex_product_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c complex_product.c
 */

#include <stdlib.h>

#ifndef ES_C64_DEFINED
#define ES_C64_DEFINED
typedef struct { float re, im; } es_c64;
#endif
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void complex_product_tile_c64_6x8(const float *restrict a, const float *restrict b,
        es_c64 *restrict c)
{
    f32x8 r0_0 = {0}, i0_0 = {0}, r1_0 = {0}, i1_0 = {0}, r2_0 = {0}, i2_0 = {0}, r3_0 = {0};
    f32x8 i3_0 = {0}, r4_0 = {0}, i4_0 = {0}, r5_0 = {0}, i5_0 = {0};
    for (long p = 0; p < 40; p++, a += 12, b += 16) {
        const f32x8 br0 = *(const f32x8 *)b;
        const f32x8 bi0 = *(const f32x8 *)(b + 8);
        r0_0 += a[0] * br0;
        i0_0 += a[0] * bi0;
        r0_0 -= a[6] * bi0;
        i0_0 += a[6] * br0;
        r1_0 += a[1] * br0;
        i1_0 += a[1] * bi0;
        r1_0 -= a[7] * bi0;
        i1_0 += a[7] * br0;
        r2_0 += a[2] * br0;
        i2_0 += a[2] * bi0;
        r2_0 -= a[8] * bi0;
        i2_0 += a[8] * br0;
        r3_0 += a[3] * br0;
        i3_0 += a[3] * bi0;
        r3_0 -= a[9] * bi0;
        i3_0 += a[9] * br0;
        r4_0 += a[4] * br0;
        i4_0 += a[4] * bi0;
        r4_0 -= a[10] * bi0;
        i4_0 += a[10] * br0;
        r5_0 += a[5] * br0;
        i5_0 += a[5] * bi0;
        r5_0 -= a[11] * bi0;
        i5_0 += a[11] * br0;
    }
    *(f32x8 *)(float *)c = __builtin_shufflevector(r0_0, i0_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)c + 8) = __builtin_shufflevector(r0_0, i0_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(float *)(c + 29) = __builtin_shufflevector(r1_0, i1_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)(c + 29) + 8) = __builtin_shufflevector(r1_0, i1_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(float *)(c + 58) = __builtin_shufflevector(r2_0, i2_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)(c + 58) + 8) = __builtin_shufflevector(r2_0, i2_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(float *)(c + 87) = __builtin_shufflevector(r3_0, i3_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)(c + 87) + 8) = __builtin_shufflevector(r3_0, i3_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(float *)(c + 116) = __builtin_shufflevector(r4_0, i4_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)(c + 116) + 8) = __builtin_shufflevector(r4_0, i4_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(float *)(c + 145) = __builtin_shufflevector(r5_0, i5_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)((float *)(c + 145) + 8) = __builtin_shufflevector(r5_0, i5_0, 4, 12, 5, 13, 6, 14, 7, 15);
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void complex_product_tile_c64_6x8_2(const float *restrict a, const float *restrict b,
        es_c64 *restrict c)
{
    f32x8 r0_0 = {0}, i0_0 = {0}, r1_0 = {0}, i1_0 = {0}, r2_0 = {0}, i2_0 = {0}, r3_0 = {0};
    f32x8 i3_0 = {0}, r4_0 = {0}, i4_0 = {0}, r5_0 = {0}, i5_0 = {0};
    for (long p = 0; p < 40; p++, a += 12, b += 16) {
        const f32x8 br0 = *(const f32x8 *)b;
        const f32x8 bi0 = *(const f32x8 *)(b + 8);
        r0_0 += a[0] * br0;
        i0_0 += a[0] * bi0;
        r0_0 -= a[6] * bi0;
        i0_0 += a[6] * br0;
        r1_0 += a[1] * br0;
        i1_0 += a[1] * bi0;
        r1_0 -= a[7] * bi0;
        i1_0 += a[7] * br0;
        r2_0 += a[2] * br0;
        i2_0 += a[2] * bi0;
        r2_0 -= a[8] * bi0;
        i2_0 += a[8] * br0;
        r3_0 += a[3] * br0;
        i3_0 += a[3] * bi0;
        r3_0 -= a[9] * bi0;
        i3_0 += a[9] * br0;
        r4_0 += a[4] * br0;
        i4_0 += a[4] * bi0;
        r4_0 -= a[10] * bi0;
        i4_0 += a[10] * br0;
        r5_0 += a[5] * br0;
        i5_0 += a[5] * bi0;
        r5_0 -= a[11] * bi0;
        i5_0 += a[11] * br0;
    }
    es_c64 tile[48] __attribute__((aligned(64)));
    float *const parts = (float *)tile;
    *(f32x8 *)parts = __builtin_shufflevector(r0_0, i0_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 8) = __builtin_shufflevector(r0_0, i0_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 16) = __builtin_shufflevector(r1_0, i1_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 24) = __builtin_shufflevector(r1_0, i1_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 32) = __builtin_shufflevector(r2_0, i2_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 40) = __builtin_shufflevector(r2_0, i2_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 48) = __builtin_shufflevector(r3_0, i3_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 56) = __builtin_shufflevector(r3_0, i3_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 64) = __builtin_shufflevector(r4_0, i4_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 72) = __builtin_shufflevector(r4_0, i4_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 80) = __builtin_shufflevector(r5_0, i5_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 88) = __builtin_shufflevector(r5_0, i5_0, 4, 12, 5, 13, 6, 14, 7, 15);
    for (long i = 0; i < 3; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)((float *)(c + 29 * i) + j) = *(const f32x8 *)((const float *)(tile + 8 * i) + j);
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void complex_product_tile_c64_6x8_3(const float *restrict a, const float *restrict b,
        es_c64 *restrict c)
{
    f32x8 r0_0 = {0}, i0_0 = {0}, r1_0 = {0}, i1_0 = {0}, r2_0 = {0}, i2_0 = {0}, r3_0 = {0};
    f32x8 i3_0 = {0}, r4_0 = {0}, i4_0 = {0}, r5_0 = {0}, i5_0 = {0};
    for (long p = 0; p < 40; p++, a += 12, b += 16) {
        const f32x8 br0 = *(const f32x8 *)b;
        const f32x8 bi0 = *(const f32x8 *)(b + 8);
        r0_0 += a[0] * br0;
        i0_0 += a[0] * bi0;
        r0_0 -= a[6] * bi0;
        i0_0 += a[6] * br0;
        r1_0 += a[1] * br0;
        i1_0 += a[1] * bi0;
        r1_0 -= a[7] * bi0;
        i1_0 += a[7] * br0;
        r2_0 += a[2] * br0;
        i2_0 += a[2] * bi0;
        r2_0 -= a[8] * bi0;
        i2_0 += a[8] * br0;
        r3_0 += a[3] * br0;
        i3_0 += a[3] * bi0;
        r3_0 -= a[9] * bi0;
        i3_0 += a[9] * br0;
        r4_0 += a[4] * br0;
        i4_0 += a[4] * bi0;
        r4_0 -= a[10] * bi0;
        i4_0 += a[10] * br0;
        r5_0 += a[5] * br0;
        i5_0 += a[5] * bi0;
        r5_0 -= a[11] * bi0;
        i5_0 += a[11] * br0;
    }
    es_c64 tile[48] __attribute__((aligned(64)));
    float *const parts = (float *)tile;
    *(f32x8 *)parts = __builtin_shufflevector(r0_0, i0_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 8) = __builtin_shufflevector(r0_0, i0_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 16) = __builtin_shufflevector(r1_0, i1_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 24) = __builtin_shufflevector(r1_0, i1_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 32) = __builtin_shufflevector(r2_0, i2_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 40) = __builtin_shufflevector(r2_0, i2_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 48) = __builtin_shufflevector(r3_0, i3_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 56) = __builtin_shufflevector(r3_0, i3_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 64) = __builtin_shufflevector(r4_0, i4_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 72) = __builtin_shufflevector(r4_0, i4_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 80) = __builtin_shufflevector(r5_0, i5_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 88) = __builtin_shufflevector(r5_0, i5_0, 4, 12, 5, 13, 6, 14, 7, 15);
    for (long i = 0; i < 6; i++) {
        const es_c64 *const x = tile + 8 * i;
        es_c64 *const o = c + 29 * i;
        *(f32x8 *)(float *)o = *(const f32x8 *)(const float *)x;
        *(f32x2 *)((float *)o + 8) = *(const f32x2 *)((const float *)x + 8);
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void complex_product_tile_c64_6x8_4(const float *restrict a, const float *restrict b,
        es_c64 *restrict c)
{
    f32x8 r0_0 = {0}, i0_0 = {0}, r1_0 = {0}, i1_0 = {0}, r2_0 = {0}, i2_0 = {0}, r3_0 = {0};
    f32x8 i3_0 = {0}, r4_0 = {0}, i4_0 = {0}, r5_0 = {0}, i5_0 = {0};
    for (long p = 0; p < 40; p++, a += 12, b += 16) {
        const f32x8 br0 = *(const f32x8 *)b;
        const f32x8 bi0 = *(const f32x8 *)(b + 8);
        r0_0 += a[0] * br0;
        i0_0 += a[0] * bi0;
        r0_0 -= a[6] * bi0;
        i0_0 += a[6] * br0;
        r1_0 += a[1] * br0;
        i1_0 += a[1] * bi0;
        r1_0 -= a[7] * bi0;
        i1_0 += a[7] * br0;
        r2_0 += a[2] * br0;
        i2_0 += a[2] * bi0;
        r2_0 -= a[8] * bi0;
        i2_0 += a[8] * br0;
        r3_0 += a[3] * br0;
        i3_0 += a[3] * bi0;
        r3_0 -= a[9] * bi0;
        i3_0 += a[9] * br0;
        r4_0 += a[4] * br0;
        i4_0 += a[4] * bi0;
        r4_0 -= a[10] * bi0;
        i4_0 += a[10] * br0;
        r5_0 += a[5] * br0;
        i5_0 += a[5] * bi0;
        r5_0 -= a[11] * bi0;
        i5_0 += a[11] * br0;
    }
    es_c64 tile[48] __attribute__((aligned(64)));
    float *const parts = (float *)tile;
    *(f32x8 *)parts = __builtin_shufflevector(r0_0, i0_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 8) = __builtin_shufflevector(r0_0, i0_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 16) = __builtin_shufflevector(r1_0, i1_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 24) = __builtin_shufflevector(r1_0, i1_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 32) = __builtin_shufflevector(r2_0, i2_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 40) = __builtin_shufflevector(r2_0, i2_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 48) = __builtin_shufflevector(r3_0, i3_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 56) = __builtin_shufflevector(r3_0, i3_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 64) = __builtin_shufflevector(r4_0, i4_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 72) = __builtin_shufflevector(r4_0, i4_0, 4, 12, 5, 13, 6, 14, 7, 15);
    *(f32x8 *)(parts + 80) = __builtin_shufflevector(r5_0, i5_0, 0, 8, 1, 9, 2, 10, 3, 11);
    *(f32x8 *)(parts + 88) = __builtin_shufflevector(r5_0, i5_0, 4, 12, 5, 13, 6, 14, 7, 15);
    for (long i = 0; i < 3; i++) {
        const es_c64 *const x = tile + 8 * i;
        es_c64 *const o = c + 29 * i;
        *(f32x8 *)(float *)o = *(const f32x8 *)(const float *)x;
        *(f32x2 *)((float *)o + 8) = *(const f32x2 *)((const float *)x + 8);
    }
}

void complex_product(const es_c64 *restrict a, const es_c64 *restrict b, es_c64 *restrict out,
        void *restrict workspace)
{
    {
        float *const rows3 = (float *)workspace;
        float *const columns4 = (float *)((char *)workspace + 11520);
        for (long i = 0; i < 30; i += 6) {
            float *panel = rows3 + 80 * i;
            for (long p = 0; p < 40; p++, panel += 12) {
                for (long i2 = 0; i2 < 6; i2++) {
                    const es_c64 x = a[40 * i + 40 * i2 + p];
                    panel[i2] = x.re;
                    panel[i2 + 6] = x.im;
                }
            }
        }
        float *panel = rows3 + 2400;
        for (long p = 0; p < 40; p++, panel += 12) {
            for (long i = 0; i < 3; i++) {
                const es_c64 x = a[40 * i + p + 1200];
                panel[i] = x.re;
                panel[i + 6] = x.im;
            }
            for (long i = 3; i < 6; i++)
                panel[i] = panel[i + 6] = 0;
        }
        for (long k = 0; k < 24; k += 8) {
            float *panel2 = columns4 + 80 * k;
            for (long p = 0; p < 40; p++, panel2 += 16) {
                for (long i = 0; i < 8; i++) {
                    const es_c64 x = b[k + i + 29 * p];
                    panel2[i] = x.re;
                    panel2[i + 8] = x.im;
                }
            }
        }
        float *panel2 = columns4 + 1920;
        for (long p = 0; p < 40; p++, panel2 += 16) {
            for (long i = 0; i < 5; i++) {
                const es_c64 x = b[i + 29 * p + 24];
                panel2[i] = x.re;
                panel2[i + 8] = x.im;
            }
            for (long i = 5; i < 8; i++)
                panel2[i] = panel2[i + 8] = 0;
        }
        for (long k1 = 0; k1 < 24; k1 += 8) {
            for (long i1 = 0; i1 < 30; i1 += 6)
                complex_product_tile_c64_6x8(rows3 + 80 * i1, columns4 + 80 * k1, out + 29 * i1 + k1);
            complex_product_tile_c64_6x8_2(rows3 + 2400, columns4 + 80 * k1, out + k1 + 870);
        }
        for (long i1 = 0; i1 < 30; i1 += 6)
            complex_product_tile_c64_6x8_3(rows3 + 80 * i1, columns4 + 1920, out + 29 * i1 + 24);
        complex_product_tile_c64_6x8_4(rows3 + 2400, columns4 + 1920, out + 894);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t complex_product_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t complex_product_workspace_size(void)
{
    return 21760;
}
