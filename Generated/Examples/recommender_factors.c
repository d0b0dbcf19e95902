/* ijk,ja,ka->ia   float32   i=40 j=30 k=20 a=16
 *
 *   a    [40][30][20]          93.8 KiB
 *   b    [30][16]              1.9 KiB
 *   c    [20][16]              1.3 KiB
 *   out  [40][16]              2.5 KiB
 *
 * t3[a j k] = b[a j] * c[a k]
 *   a in 0..<16
 *     j in 0..<30
 *       k in 0..<20
 * out[i a] = sum over jk of a[i jk] * t3[a jk]
 *   a in 0..<16
 *     jk in 0..<600 by 304   a block of t3 is packed
 *       i in 0..<40   a block of a is packed
 *         tiles of 6 x 16 in registers
 *
 * 777600 flop, 7.6 per byte; workspace 106.4 KiB.
 * The caller gives recommender_factors_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c recommender_factors.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void recommender_factors_transpose_8_f32(const float *restrict s, float *restrict d)
{
    for (long p = 0; p < 304; p += 8) {
        const f32x8 x0 = *(const f32x8 *)(s + p);
        const f32x8 x1 = *(const f32x8 *)(s + p + 600);
        const f32x8 x2 = *(const f32x8 *)(s + p + 1200);
        const f32x8 x3 = *(const f32x8 *)(s + p + 1800);
        const f32x8 x4 = *(const f32x8 *)(s + p + 2400);
        const f32x8 x5 = *(const f32x8 *)(s + p + 3000);
        const f32x8 x6 = *(const f32x8 *)(s + p + 3600);
        const f32x8 x7 = *(const f32x8 *)(s + p + 4200);
        const f32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(f32x8 *)(d + 16 * p) = y16;
        *(f32x8 *)(d + 16 * p + 16) = y18;
        *(f32x8 *)(d + 16 * p + 32) = y20;
        *(f32x8 *)(d + 16 * p + 48) = y22;
        *(f32x8 *)(d + 16 * p + 64) = y17;
        *(f32x8 *)(d + 16 * p + 80) = y19;
        *(f32x8 *)(d + 16 * p + 96) = y21;
        *(f32x8 *)(d + 16 * p + 112) = y23;
    }
}

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void recommender_factors_pack_f32_6(const float *restrict source, float *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 6; i += 4) {
        if (i + 4 > 6)
            i = 2;
        for (long p = 0; p < 304; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 600 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 600 * i + p + 600);
            const f32x4 x2 = *(const f32x4 *)(source + 600 * i + p + 1200);
            const f32x4 x3 = *(const f32x4 *)(source + 600 * i + p + 1800);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 6 && p < 304; p++) {
        for (long i = done; i < 6; i++)
            panel[6 * p + i] = source[600 * i + p];
    }
}

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void recommender_factors_pack_f32_6_2(const float *restrict source, float *restrict panel)
{
    for (long p = 0; p < 1824; p++)
        panel[p] = 0;
    long done = 0;
    for (long i = 0; done < 4; i += 4) {
        if (i + 4 > 4)
            i = 0;
        for (long p = 0; p < 304; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 600 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 600 * i + p + 600);
            const f32x4 x2 = *(const f32x4 *)(source + 600 * i + p + 1200);
            const f32x4 x3 = *(const f32x4 *)(source + 600 * i + p + 1800);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 4 && p < 304; p++) {
        for (long i = done; i < 4; i++)
            panel[6 * p + i] = source[600 * i + p];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void recommender_factors_tile_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 304; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 16) = c1_0;
    *(f32x8 *)(c + 24) = c1_1;
    *(f32x8 *)(c + 32) = c2_0;
    *(f32x8 *)(c + 40) = c2_1;
    *(f32x8 *)(c + 48) = c3_0;
    *(f32x8 *)(c + 56) = c3_1;
    *(f32x8 *)(c + 64) = c4_0;
    *(f32x8 *)(c + 72) = c4_1;
    *(f32x8 *)(c + 80) = c5_0;
    *(f32x8 *)(c + 88) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void recommender_factors_tile_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 304; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
    }
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c0_1;
    *(f32x8 *)(tile + 16) = c1_0;
    *(f32x8 *)(tile + 24) = c1_1;
    *(f32x8 *)(tile + 32) = c2_0;
    *(f32x8 *)(tile + 40) = c2_1;
    *(f32x8 *)(tile + 48) = c3_0;
    *(f32x8 *)(tile + 56) = c3_1;
    *(f32x8 *)(tile + 64) = c4_0;
    *(f32x8 *)(tile + 72) = c4_1;
    *(f32x8 *)(tile + 80) = c5_0;
    *(f32x8 *)(tile + 88) = c5_1;
    for (long i = 0; i < 4; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)(c + 16 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void recommender_factors_transpose_8_f32_2(const float *restrict s, float *restrict d)
{
    for (long p = 0; p < 296; p += 8) {
        const f32x8 x0 = *(const f32x8 *)(s + p);
        const f32x8 x1 = *(const f32x8 *)(s + p + 600);
        const f32x8 x2 = *(const f32x8 *)(s + p + 1200);
        const f32x8 x3 = *(const f32x8 *)(s + p + 1800);
        const f32x8 x4 = *(const f32x8 *)(s + p + 2400);
        const f32x8 x5 = *(const f32x8 *)(s + p + 3000);
        const f32x8 x6 = *(const f32x8 *)(s + p + 3600);
        const f32x8 x7 = *(const f32x8 *)(s + p + 4200);
        const f32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(f32x8 *)(d + 16 * p) = y16;
        *(f32x8 *)(d + 16 * p + 16) = y18;
        *(f32x8 *)(d + 16 * p + 32) = y20;
        *(f32x8 *)(d + 16 * p + 48) = y22;
        *(f32x8 *)(d + 16 * p + 64) = y17;
        *(f32x8 *)(d + 16 * p + 80) = y19;
        *(f32x8 *)(d + 16 * p + 96) = y21;
        *(f32x8 *)(d + 16 * p + 112) = y23;
    }
}

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void recommender_factors_pack_f32_6_3(const float *restrict source, float *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 6; i += 4) {
        if (i + 4 > 6)
            i = 2;
        for (long p = 0; p < 296; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 600 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 600 * i + p + 600);
            const f32x4 x2 = *(const f32x4 *)(source + 600 * i + p + 1200);
            const f32x4 x3 = *(const f32x4 *)(source + 600 * i + p + 1800);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 6 && p < 296; p++) {
        for (long i = done; i < 6; i++)
            panel[6 * p + i] = source[600 * i + p];
    }
}

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void recommender_factors_pack_f32_6_4(const float *restrict source, float *restrict panel)
{
    for (long p = 0; p < 1776; p++)
        panel[p] = 0;
    long done = 0;
    for (long i = 0; done < 4; i += 4) {
        if (i + 4 > 4)
            i = 0;
        for (long p = 0; p < 296; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 600 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 600 * i + p + 600);
            const f32x4 x2 = *(const f32x4 *)(source + 600 * i + p + 1200);
            const f32x4 x3 = *(const f32x4 *)(source + 600 * i + p + 1800);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 4 && p < 296; p++) {
        for (long i = done; i < 4; i++)
            panel[6 * p + i] = source[600 * i + p];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void recommender_factors_tile_f32_6x16_3(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 296; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
    }
    *(f32x8 *)c += c0_0;
    *(f32x8 *)(c + 8) += c0_1;
    *(f32x8 *)(c + 16) += c1_0;
    *(f32x8 *)(c + 24) += c1_1;
    *(f32x8 *)(c + 32) += c2_0;
    *(f32x8 *)(c + 40) += c2_1;
    *(f32x8 *)(c + 48) += c3_0;
    *(f32x8 *)(c + 56) += c3_1;
    *(f32x8 *)(c + 64) += c4_0;
    *(f32x8 *)(c + 72) += c4_1;
    *(f32x8 *)(c + 80) += c5_0;
    *(f32x8 *)(c + 88) += c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void recommender_factors_tile_f32_6x16_4(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 296; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
    }
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c0_1;
    *(f32x8 *)(tile + 16) = c1_0;
    *(f32x8 *)(tile + 24) = c1_1;
    *(f32x8 *)(tile + 32) = c2_0;
    *(f32x8 *)(tile + 40) = c2_1;
    *(f32x8 *)(tile + 48) = c3_0;
    *(f32x8 *)(tile + 56) = c3_1;
    *(f32x8 *)(tile + 64) = c4_0;
    *(f32x8 *)(tile + 72) = c4_1;
    *(f32x8 *)(tile + 80) = c5_0;
    *(f32x8 *)(tile + 88) = c5_1;
    for (long i = 0; i < 4; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)(c + 16 * i + j) += *(const f32x8 *)(tile + 16 * i + j);
    }
}

void recommender_factors(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[a j k] = b[a j] * c[a k] */
    {
        float *const t3 = (float *)workspace;
        for (long a2 = 0; a2 < 16; a2++) {
            for (long i = 0; i < 30; i++) {
                float *const o = t3 + 600 * a2 + 20 * i;
                const float *const x = b + a2 + 16 * i;
                for (long j = 0; j < 20; j++)
                    o[j] = x[0] * c[a2 + 16 * j];
            }
        }
    }
    /* out[i a] = sum over jk of a[i jk] * t3[a jk] */
    {
        float *const t3 = (float *)workspace;
        float *const rows5 = (float *)((char *)workspace + 38400);
        float *const columns6 = (float *)((char *)workspace + 89472);
        long done = 0;
        for (long i = 0; done < 16; i += 8) {
            if (i + 8 > 16)
                i = 8;
            recommender_factors_transpose_8_f32(t3 + 600 * i, columns6 + i);
            done = i + 8;
        }
        for (long p = 0; done < 16 && p < 304; p++) {
            for (long i = done; i < 16; i++)
                columns6[16 * p + i] = t3[600 * i + p];
        }
        for (long i = 0; i < 36; i += 6)
            recommender_factors_pack_f32_6(a + 600 * i, rows5 + 304 * i);
        recommender_factors_pack_f32_6_2(a + 21600, rows5 + 10944);
        for (long i1 = 0; i1 < 36; i1 += 6)
            recommender_factors_tile_f32_6x16(rows5 + 304 * i1, columns6, out + 16 * i1);
        recommender_factors_tile_f32_6x16_2(rows5 + 10944, columns6, out + 576);
        long done2 = 0;
        for (long i = 0; done2 < 16; i += 8) {
            if (i + 8 > 16)
                i = 8;
            recommender_factors_transpose_8_f32_2(t3 + 600 * i + 304, columns6 + i);
            done2 = i + 8;
        }
        for (long p = 0; done2 < 16 && p < 296; p++) {
            for (long i = done2; i < 16; i++)
                columns6[16 * p + i] = t3[600 * i + p + 304];
        }
        for (long i = 0; i < 36; i += 6)
            recommender_factors_pack_f32_6_3(a + 600 * i + 304, rows5 + 304 * i);
        recommender_factors_pack_f32_6_4(a + 21904, rows5 + 10944);
        for (long i1 = 0; i1 < 36; i1 += 6)
            recommender_factors_tile_f32_6x16_3(rows5 + 304 * i1, columns6, out + 16 * i1);
        recommender_factors_tile_f32_6x16_4(rows5 + 10944, columns6, out + 576);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t recommender_factors_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t recommender_factors_workspace_size(void)
{
    return 108928;
}
