/* ijk,ja,ka->ia   float32   i=40 j=30 k=20 a=16
 *
 *   a    [40][30][20]          93.8 KiB
 *   b    [30][16]              1.9 KiB
 *   c    [20][16]              1.3 KiB
 *   out  [40][16]              2.5 KiB
 *
 * t3[a j k] = b[j a] * c[k a]
 *   a in 0..<16
 *     k in 0..<20
 *       one k in 0..<1   a block of c is packed
 *         j in 0..<30   a block of b is packed
 *           tiles of 12 x 8 in registers
 * out[i a] = sum over jk of a[i jk] * t3[a jk]
 *   i in 0..<40
 *     a in 0..<16
 *       jk in 0..<600             j and k folded; vectors
 *
 * 777600 flop, 7.6 per byte; workspace 39.4 KiB.
 * The caller gives recommender_factors_workspace_size() bytes of workspace, with any alignment.
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

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 12, j < n <= 8. */
static void recommender_factors_tile_f32_12x8(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0}, c8_0 = {0}, c9_0 = {0}, c10_0 = {0}, c11_0 = {0};
    __builtin_prefetch(c + 247, 1);
    __builtin_prefetch(c + 267, 1);
    __builtin_prefetch(c + 287, 1);
    __builtin_prefetch(c + 307, 1);
    __builtin_prefetch(c + 327, 1);
    __builtin_prefetch(c + 347, 1);
    __builtin_prefetch(c + 367, 1);
    __builtin_prefetch(c + 387, 1);
    __builtin_prefetch(c + 407, 1);
    __builtin_prefetch(c + 427, 1);
    __builtin_prefetch(c + 447, 1);
    __builtin_prefetch(c + 467, 1);
    const f32x8 bc0 = *(const f32x8 *)b;
    c0_0 += a[0] * bc0;
    c1_0 += a[1] * bc0;
    c2_0 += a[2] * bc0;
    c3_0 += a[3] * bc0;
    c4_0 += a[4] * bc0;
    c5_0 += a[5] * bc0;
    c6_0 += a[6] * bc0;
    c7_0 += a[7] * bc0;
    c8_0 += a[8] * bc0;
    c9_0 += a[9] * bc0;
    c10_0 += a[10] * bc0;
    c11_0 += a[11] * bc0;
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 20) = c1_0;
    *(f32x8 *)(c + 40) = c2_0;
    *(f32x8 *)(c + 60) = c3_0;
    *(f32x8 *)(c + 80) = c4_0;
    *(f32x8 *)(c + 100) = c5_0;
    *(f32x8 *)(c + 120) = c6_0;
    *(f32x8 *)(c + 140) = c7_0;
    *(f32x8 *)(c + 160) = c8_0;
    *(f32x8 *)(c + 180) = c9_0;
    *(f32x8 *)(c + 200) = c10_0;
    *(f32x8 *)(c + 220) = c11_0;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < 12, j < 4. */
static void recommender_factors_tile_f32_12x8_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0}, c8_0 = {0}, c9_0 = {0}, c10_0 = {0}, c11_0 = {0};
    __builtin_prefetch(c + 243, 1);
    __builtin_prefetch(c + 263, 1);
    __builtin_prefetch(c + 283, 1);
    __builtin_prefetch(c + 303, 1);
    __builtin_prefetch(c + 323, 1);
    __builtin_prefetch(c + 343, 1);
    __builtin_prefetch(c + 363, 1);
    __builtin_prefetch(c + 383, 1);
    __builtin_prefetch(c + 403, 1);
    __builtin_prefetch(c + 423, 1);
    __builtin_prefetch(c + 443, 1);
    __builtin_prefetch(c + 463, 1);
    const f32x8 bc0 = *(const f32x8 *)b;
    c0_0 += a[0] * bc0;
    c1_0 += a[1] * bc0;
    c2_0 += a[2] * bc0;
    c3_0 += a[3] * bc0;
    c4_0 += a[4] * bc0;
    c5_0 += a[5] * bc0;
    c6_0 += a[6] * bc0;
    c7_0 += a[7] * bc0;
    c8_0 += a[8] * bc0;
    c9_0 += a[9] * bc0;
    c10_0 += a[10] * bc0;
    c11_0 += a[11] * bc0;
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c1_0;
    *(f32x8 *)(tile + 16) = c2_0;
    *(f32x8 *)(tile + 24) = c3_0;
    *(f32x8 *)(tile + 32) = c4_0;
    *(f32x8 *)(tile + 40) = c5_0;
    *(f32x8 *)(tile + 48) = c6_0;
    *(f32x8 *)(tile + 56) = c7_0;
    *(f32x8 *)(tile + 64) = c8_0;
    *(f32x8 *)(tile + 72) = c9_0;
    *(f32x8 *)(tile + 80) = c10_0;
    *(f32x8 *)(tile + 88) = c11_0;
    for (long i = 0; i < 12; i++) {
        const float *const x = tile + 8 * i;
        float *const o = c + 20 * i;
        *(f32x4 *)o = *(const f32x4 *)x;
        *(f32x4 *)o = *(const f32x4 *)x;
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < 6, j < 8. */
static void recommender_factors_tile_f32_12x8_3(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0};
    __builtin_prefetch(c + 127, 1);
    __builtin_prefetch(c + 147, 1);
    __builtin_prefetch(c + 167, 1);
    __builtin_prefetch(c + 187, 1);
    __builtin_prefetch(c + 207, 1);
    __builtin_prefetch(c + 227, 1);
    const f32x8 bc0 = *(const f32x8 *)b;
    c0_0 += a[0] * bc0;
    c1_0 += a[1] * bc0;
    c2_0 += a[2] * bc0;
    c3_0 += a[3] * bc0;
    c4_0 += a[4] * bc0;
    c5_0 += a[5] * bc0;
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 20) = c1_0;
    *(f32x8 *)(c + 40) = c2_0;
    *(f32x8 *)(c + 60) = c3_0;
    *(f32x8 *)(c + 80) = c4_0;
    *(f32x8 *)(c + 100) = c5_0;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < 6, j < 4. */
static void recommender_factors_tile_f32_12x8_4(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0};
    __builtin_prefetch(c + 123, 1);
    __builtin_prefetch(c + 143, 1);
    __builtin_prefetch(c + 163, 1);
    __builtin_prefetch(c + 183, 1);
    __builtin_prefetch(c + 203, 1);
    __builtin_prefetch(c + 223, 1);
    const f32x8 bc0 = *(const f32x8 *)b;
    c0_0 += a[0] * bc0;
    c1_0 += a[1] * bc0;
    c2_0 += a[2] * bc0;
    c3_0 += a[3] * bc0;
    c4_0 += a[4] * bc0;
    c5_0 += a[5] * bc0;
    float tile[48] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c1_0;
    *(f32x8 *)(tile + 16) = c2_0;
    *(f32x8 *)(tile + 24) = c3_0;
    *(f32x8 *)(tile + 32) = c4_0;
    *(f32x8 *)(tile + 40) = c5_0;
    for (long i = 0; i < 6; i++) {
        const float *const x = tile + 8 * i;
        float *const o = c + 20 * i;
        *(f32x4 *)o = *(const f32x4 *)x;
        *(f32x4 *)o = *(const f32x4 *)x;
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
        const f32x8 b1 = *(const volatile f32x8 *)(b + p + 600);
        s0_1 += a0 * b1;
        s1_1 += a1 * b1;
        s2_1 += a2 * b1;
        const f32x8 b2 = *(const volatile f32x8 *)(b + p + 1200);
        s0_2 += a0 * b2;
        s1_2 += a1 * b2;
        s2_2 += a2 * b2;
        const f32x8 b3 = *(const volatile f32x8 *)(b + p + 1800);
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
        const f32x8 b1 = *(const volatile f32x8 *)(b + p + 600);
        s0_1 += a0 * b1;
        s1_1 += a1 * b1;
        s2_1 += a2 * b1;
        const f32x8 b2 = *(const volatile f32x8 *)(b + p + 1200);
        s0_2 += a0 * b2;
        s1_2 += a1 * b2;
        s2_2 += a2 * b2;
        const f32x8 b3 = *(const volatile f32x8 *)(b + p + 1800);
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
            recommender_factors_dots_3x4_f32(a + 600 * i, b + 600 * j, c + 16 * i + j);
    }
    for (long j = 0; j < 16; j += 4) {
        f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0};
        for (long p = 0; p < 512; p += 8) {
            /* volatile: read once, and not by each multiply-add. */
            const f32x8 a0 = *(const volatile f32x8 *)(a + p + 23400);
            const f32x8 b0 = *(const f32x8 *)(b + 600 * j + p);
            s0_0 += a0 * b0;
            const f32x8 b1 = *(const f32x8 *)(b + 600 * j + p + 600);
            s0_1 += a0 * b1;
            const f32x8 b2 = *(const f32x8 *)(b + 600 * j + p + 1200);
            s0_2 += a0 * b2;
            const f32x8 b3 = *(const f32x8 *)(b + 600 * j + p + 1800);
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
            recommender_factors_dots_3x4_f32_2(a + 600 * i + 512, b + 600 * j + 512, c + 16 * i + j);
    }
    for (long j = 0; j < 16; j += 4) {
        f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0};
        for (long p = 0; p < 88; p += 8) {
            const f32x8 a0 = *(const volatile f32x8 *)(a + p + 23912);
            const f32x8 b0 = *(const f32x8 *)(b + 600 * j + p + 512);
            s0_0 += a0 * b0;
            const f32x8 b1 = *(const f32x8 *)(b + 600 * j + p + 1112);
            s0_1 += a0 * b1;
            const f32x8 b2 = *(const f32x8 *)(b + 600 * j + p + 1712);
            s0_2 += a0 * b2;
            const f32x8 b3 = *(const f32x8 *)(b + 600 * j + p + 2312);
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
    /* t3[a j k] = b[j a] * c[k a] */
    {
        float *const t3 = (float *)workspace;
        float *const rows5 = (float *)((char *)workspace + 38400);
        float *const columns6 = (float *)((char *)workspace + 39552);
        for (long a2 = 0; a2 < 16; a2++) {
            for (long j = 0; j < 24; j += 12) {
                for (long i = 0; i < 12; i++)
                    rows5[8 * j + i] = b[a2 + 16 * j + 16 * i];
            }
            for (long p = 0; p < 12; p++)
                rows5[p + 192] = 0;
            for (long i = 0; i < 6; i++)
                rows5[i + 192] = b[a2 + 16 * i + 384];
            for (long k = 0; k < 16; k += 8) {
                for (long i = 0; i < 8; i++)
                    columns6[8 * k + i] = c[a2 + 16 * k + 16 * i];
            }
            for (long p = 0; p < 8; p++)
                columns6[p + 128] = 0;
            for (long i = 0; i < 4; i++)
                columns6[i + 128] = c[a2 + 16 * i + 256];
            for (long j2 = 0; j2 < 24; j2 += 12) {
                for (long k1 = 0; k1 < 16; k1 += 8) {
                    recommender_factors_tile_f32_12x8(rows5 + 8 * j2, columns6 + 8 * k1,
                            t3 + 600 * a2 + 20 * j2 + k1);
                }
                recommender_factors_tile_f32_12x8_2(rows5 + 8 * j2, columns6 + 128,
                        t3 + 600 * a2 + 20 * j2 + 16);
            }
            for (long k1 = 0; k1 < 16; k1 += 8)
                recommender_factors_tile_f32_12x8_3(rows5 + 192, columns6 + 8 * k1, t3 + 600 * a2 + k1 + 480);
            recommender_factors_tile_f32_12x8_4(rows5 + 192, columns6 + 128, t3 + 600 * a2 + 496);
        }
    }
    /* out[i a] = sum over jk of a[i jk] * t3[a jk] */
    {
        float *const t3 = (float *)workspace;
        recommender_factors_dots_f32(out, a, t3);
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
    return 40320 + 63;
}
