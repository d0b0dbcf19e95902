/* ijk,ja,ka->ia   float32   i=40 j=30 k=20 a=16
 *
 *   a    [40][30][20]          93.8 KiB
 *   b    [30][16]              1.9 KiB
 *   c    [20][16]              1.3 KiB
 *   out  [40][16]              2.5 KiB
 *
 * t3[j k a] = b[j a] * c[k a]
 *   j in 0..<30
 *     k in 0..<20
 *       a in 0..<16               vectors
 * out[i a] = sum over jk of a[i jk] * t3[jk a]
 *   i in 0..<40
 *     a in 0..<16
 *       jk in 0..<600             j and k folded; vectors; t3 by way of the workspace
 *
 * 777600 flop, 7.6 per byte; workspace 76.6 KiB.
 * The caller gives recommender_factors_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c recommender_factors.c
 */

#include <stdlib.h>

typedef unsigned int es_bits32 __attribute__((may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void recommender_factors_transpose_8_u32(const es_bits32 *restrict s, es_bits32 *restrict d)
{
    for (long p = 0; p < 16; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 16);
        const u32x8 x2 = *(const u32x8 *)(s + p + 32);
        const u32x8 x3 = *(const u32x8 *)(s + p + 48);
        const u32x8 x4 = *(const u32x8 *)(s + p + 64);
        const u32x8 x5 = *(const u32x8 *)(s + p + 80);
        const u32x8 x6 = *(const u32x8 *)(s + p + 96);
        const u32x8 x7 = *(const u32x8 *)(s + p + 112);
        const u32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(u32x8 *)(d + 624 * p) = y16;
        *(u32x8 *)(d + 624 * p + 624) = y18;
        *(u32x8 *)(d + 624 * p + 1248) = y20;
        *(u32x8 *)(d + 624 * p + 1872) = y22;
        *(u32x8 *)(d + 624 * p + 2496) = y17;
        *(u32x8 *)(d + 624 * p + 3120) = y19;
        *(u32x8 *)(d + 624 * p + 3744) = y21;
        *(u32x8 *)(d + 624 * p + 4368) = y23;
    }
}

/* A block of 3 x 4. */
static void recommender_factors_dots_3x4_f32(const float *a, const float *b, float *c)
{
    f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0}, s1_0 = {0}, s1_1 = {0}, s1_2 = {0};
    f32x8 s1_3 = {0}, s2_0 = {0}, s2_1 = {0}, s2_2 = {0}, s2_3 = {0};
    /* volatile: read once, and not by the multiply-add of each row. */
    for (long p = 0; p < 512; p += 8) {
        const f32x8 a0 = *(const f32x8 *)(a + p);
        const f32x8 a1 = *(const volatile f32x8 *)(a + p + 600);
        const f32x8 a2 = *(const volatile f32x8 *)(a + p + 1200);
        const f32x8 b0 = *(const volatile f32x8 *)(b + p);
        s0_0 += a0 * b0;
        s1_0 += a1 * b0;
        s2_0 += a2 * b0;
        const f32x8 b1 = *(const volatile f32x8 *)(b + p + 624);
        s0_1 += a0 * b1;
        s1_1 += a1 * b1;
        s2_1 += a2 * b1;
        const f32x8 b2 = *(const volatile f32x8 *)(b + p + 1248);
        s0_2 += a0 * b2;
        s1_2 += a1 * b2;
        s2_2 += a2 * b2;
        const f32x8 b3 = *(const volatile f32x8 *)(b + p + 1872);
        s0_3 += a0 * b3;
        s1_3 += a1 * b3;
        s2_3 += a2 * b3;
        __builtin_prefetch(a + p + 1800);
        __builtin_prefetch(a + p + 2400);
        __builtin_prefetch(a + p + 3000);
    }
    const f32x8 t0_1 = __builtin_shufflevector(s0_0, s0_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s0_0, s0_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_2 = __builtin_shufflevector(s0_2, s0_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s0_2, s0_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3, t0_3, 1,
            3, 5, 7);
    *(f32x4 *)c = t0_4;
    const f32x8 t1_1 = __builtin_shufflevector(s1_0, s1_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s1_0, s1_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t1_2 = __builtin_shufflevector(s1_2, s1_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s1_2, s1_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t1_3 = __builtin_shufflevector(t1_1, t1_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t1_1, t1_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t1_4 = __builtin_shufflevector(t1_3, t1_3, 0, 2, 4, 6) + __builtin_shufflevector(t1_3, t1_3, 1,
            3, 5, 7);
    *(f32x4 *)(c + 16) = t1_4;
    const f32x8 t2_1 = __builtin_shufflevector(s2_0, s2_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s2_0, s2_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2_2 = __builtin_shufflevector(s2_2, s2_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s2_2, s2_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2_3 = __builtin_shufflevector(t2_1, t2_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t2_1, t2_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t2_4 = __builtin_shufflevector(t2_3, t2_3, 0, 2, 4, 6) + __builtin_shufflevector(t2_3, t2_3, 1,
            3, 5, 7);
    *(f32x4 *)(c + 32) = t2_4;
}

/* A block of 3 x 4. */
static void recommender_factors_dots_3x4_f32_2(const float *a, const float *b, float *c)
{
    f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0}, s1_0 = {0}, s1_1 = {0}, s1_2 = {0};
    f32x8 s1_3 = {0}, s2_0 = {0}, s2_1 = {0}, s2_2 = {0}, s2_3 = {0};
    /* volatile: read once, and not by the multiply-add of each row. */
    for (long p = 0; p < 88; p += 8) {
        const f32x8 a0 = *(const f32x8 *)(a + p);
        const f32x8 a1 = *(const volatile f32x8 *)(a + p + 600);
        const f32x8 a2 = *(const volatile f32x8 *)(a + p + 1200);
        const f32x8 b0 = *(const volatile f32x8 *)(b + p);
        s0_0 += a0 * b0;
        s1_0 += a1 * b0;
        s2_0 += a2 * b0;
        const f32x8 b1 = *(const volatile f32x8 *)(b + p + 624);
        s0_1 += a0 * b1;
        s1_1 += a1 * b1;
        s2_1 += a2 * b1;
        const f32x8 b2 = *(const volatile f32x8 *)(b + p + 1248);
        s0_2 += a0 * b2;
        s1_2 += a1 * b2;
        s2_2 += a2 * b2;
        const f32x8 b3 = *(const volatile f32x8 *)(b + p + 1872);
        s0_3 += a0 * b3;
        s1_3 += a1 * b3;
        s2_3 += a2 * b3;
        __builtin_prefetch(a + p + 1800);
        __builtin_prefetch(a + p + 2400);
        __builtin_prefetch(a + p + 3000);
    }
    const f32x8 t0_1 = __builtin_shufflevector(s0_0, s0_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s0_0, s0_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_2 = __builtin_shufflevector(s0_2, s0_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s0_2, s0_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3, t0_3, 1,
            3, 5, 7);
    t0_4 += *(const f32x4 *)c;
    *(f32x4 *)c = t0_4;
    const f32x8 t1_1 = __builtin_shufflevector(s1_0, s1_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s1_0, s1_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t1_2 = __builtin_shufflevector(s1_2, s1_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s1_2, s1_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t1_3 = __builtin_shufflevector(t1_1, t1_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t1_1, t1_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t1_4 = __builtin_shufflevector(t1_3, t1_3, 0, 2, 4, 6) + __builtin_shufflevector(t1_3, t1_3, 1,
            3, 5, 7);
    t1_4 += *(const f32x4 *)(c + 16);
    *(f32x4 *)(c + 16) = t1_4;
    const f32x8 t2_1 = __builtin_shufflevector(s2_0, s2_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s2_0, s2_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2_2 = __builtin_shufflevector(s2_2, s2_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(s2_2, s2_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2_3 = __builtin_shufflevector(t2_1, t2_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t2_1, t2_2, 2, 3, 6, 7, 10, 11, 14, 15);
    f32x4 t2_4 = __builtin_shufflevector(t2_3, t2_3, 0, 2, 4, 6) + __builtin_shufflevector(t2_3, t2_3, 1,
            3, 5, 7);
    t2_4 += *(const f32x4 *)(c + 32);
    *(f32x4 *)(c + 32) = t2_4;
}

/* c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; p is contiguous. */
static void recommender_factors_dots_f32(float *restrict c, const float *restrict a, const float *restrict b)
{
    for (long i = 0; i < 39; i += 3) {
        for (long j = 0; j < 16; j += 4)
            recommender_factors_dots_3x4_f32(a + 600 * i, b + 624 * j, c + 16 * i + j);
    }
    for (long j = 0; j < 16; j += 4) {
        f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0};
        for (long p = 0; p < 512; p += 8) {
            /* volatile: read once, and not by each multiply-add. */
            const f32x8 a0 = *(const volatile f32x8 *)(a + p + 23400);
            const f32x8 b0 = *(const f32x8 *)(b + 624 * j + p);
            s0_0 += a0 * b0;
            const f32x8 b1 = *(const f32x8 *)(b + 624 * j + p + 624);
            s0_1 += a0 * b1;
            const f32x8 b2 = *(const f32x8 *)(b + 624 * j + p + 1248);
            s0_2 += a0 * b2;
            const f32x8 b3 = *(const f32x8 *)(b + 624 * j + p + 1872);
            s0_3 += a0 * b3;
            __builtin_prefetch(a + p + 24000);
        }
        const f32x8 t0_1 = __builtin_shufflevector(s0_0, s0_1, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0_0, s0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_2 = __builtin_shufflevector(s0_2, s0_3, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0_2, s0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
        f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3, t0_3,
                1, 3, 5, 7);
        *(f32x4 *)(c + j + 624) = t0_4;
    }
    for (long i = 0; i < 39; i += 3) {
        for (long j = 0; j < 16; j += 4)
            recommender_factors_dots_3x4_f32_2(a + 600 * i + 512, b + 624 * j + 512, c + 16 * i + j);
    }
    for (long j = 0; j < 16; j += 4) {
        f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0};
        for (long p = 0; p < 88; p += 8) {
            const f32x8 a0 = *(const volatile f32x8 *)(a + p + 23912);
            const f32x8 b0 = *(const f32x8 *)(b + 624 * j + p + 512);
            s0_0 += a0 * b0;
            const f32x8 b1 = *(const f32x8 *)(b + 624 * j + p + 1136);
            s0_1 += a0 * b1;
            const f32x8 b2 = *(const f32x8 *)(b + 624 * j + p + 1760);
            s0_2 += a0 * b2;
            const f32x8 b3 = *(const f32x8 *)(b + 624 * j + p + 2384);
            s0_3 += a0 * b3;
            __builtin_prefetch(a + p + 24512);
        }
        const f32x8 t0_1 = __builtin_shufflevector(s0_0, s0_1, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0_0, s0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_2 = __builtin_shufflevector(s0_2, s0_3, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0_2, s0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
        f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3, t0_3,
                1, 3, 5, 7);
        t0_4 += *(const f32x4 *)(c + j + 624);
        *(f32x4 *)(c + j + 624) = t0_4;
    }
}

void recommender_factors(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t3[j k a] = b[j a] * c[k a] */
    {
        float *const t3 = (float *)workspace;
        for (long j = 0; j < 30; j++) {
            for (long k = 0; k < 20; k++) {
                for (long j2 = 0; j2 < 16; j2 += 8)
                    *(f32x8 *)(t3 + 320 * j + 16 * k + j2) = *(const f32x8 *)(b + 16 * j + j2) * *(const f32x8 *)(c + 16 * k + j2);
            }
        }
    }
    /* out[i a] = sum over jk of a[i jk] * t3[jk a] */
    {
        float *const t3 = (float *)workspace;
        float *const block5 = (float *)((char *)workspace + 38400);
        es_bits32 *const out2 = (es_bits32 *)block5;
        const es_bits32 *const a2 = (es_bits32 *)t3;
        for (long j = 0; j < 600; j += 8)
            recommender_factors_transpose_8_u32(a2 + 16 * j, out2 + j);
        recommender_factors_dots_f32(out, a, block5);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t recommender_factors_workspace_size(void)
{
    return 78336 + 63;
}
