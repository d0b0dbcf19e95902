/* bn,anm,bm->ba   float32   b=32 n=48 a=24 m=40
 *
 *   a    [32][48]              6 KiB
 *   b    [24][48][40]          180 KiB
 *   c    [32][40]              5 KiB
 *   out  [32][24]              3 KiB
 *
 * t3[b a m] = sum over n of a[b n] * b[a n m]
 *   a in 0..<24                   shared among threads
 *     b in 0..<32
 *       m in 0..<40               vectors
 *         n in 0..<48
 * out[b a] = sum over m of t3[b a m] * c[b m]
 *   b in 0..<32
 *     a in 0..<24
 *       m in 0..<40               vectors
 *
 * 3010560 flop, 15.2 per byte; workspace 120.1 KiB.
 * The caller gives bilinear_pooling_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c bilinear_pooling.c
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

/* Blocks of 6 rows of 2 x 8 components. */
static void bilinear_pooling_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        __builtin_prefetch(b + 1920);
        __builtin_prefetch(b + 1928);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[48] * b0;
        c1_1 += a[48] * b1;
        c2_0 += a[96] * b0;
        c2_1 += a[96] * b1;
        c3_0 += a[144] * b0;
        c3_1 += a[144] * b1;
        c4_0 += a[192] * b0;
        c4_1 += a[192] * b1;
        c5_0 += a[240] * b0;
        c5_1 += a[240] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 960) = c1_0;
    *(f32x8 *)(o + 968) = c1_1;
    *(f32x8 *)(o + 1920) = c2_0;
    *(f32x8 *)(o + 1928) = c2_1;
    *(f32x8 *)(o + 2880) = c3_0;
    *(f32x8 *)(o + 2888) = c3_1;
    *(f32x8 *)(o + 3840) = c4_0;
    *(f32x8 *)(o + 3848) = c4_1;
    *(f32x8 *)(o + 4800) = c5_0;
    *(f32x8 *)(o + 4808) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void bilinear_pooling_columns_5x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        __builtin_prefetch(b + 1920);
        __builtin_prefetch(b + 1928);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[48] * b0;
        c1_1 += a[48] * b1;
        c2_0 += a[96] * b0;
        c2_1 += a[96] * b1;
        c3_0 += a[144] * b0;
        c3_1 += a[144] * b1;
        c4_0 += a[192] * b0;
        c4_1 += a[192] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 960) = c1_0;
    *(f32x8 *)(o + 968) = c1_1;
    *(f32x8 *)(o + 1920) = c2_0;
    *(f32x8 *)(o + 1928) = c2_1;
    *(f32x8 *)(o + 2880) = c3_0;
    *(f32x8 *)(o + 2888) = c3_1;
    *(f32x8 *)(o + 3840) = c4_0;
    *(f32x8 *)(o + 3848) = c4_1;
}

/* Blocks of 8 rows of 1 x 8 components. */
static void bilinear_pooling_columns_8x1x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        c0_0 += a[0] * b0;
        c1_0 += a[48] * b0;
        c2_0 += a[96] * b0;
        c3_0 += a[144] * b0;
        c4_0 += a[192] * b0;
        c5_0 += a[240] * b0;
        c6_0 += a[288] * b0;
        c7_0 += a[336] * b0;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 960) = c1_0;
    *(f32x8 *)(o + 1920) = c2_0;
    *(f32x8 *)(o + 2880) = c3_0;
    *(f32x8 *)(o + 3840) = c4_0;
    *(f32x8 *)(o + 4800) = c5_0;
    *(f32x8 *)(o + 5760) = c6_0;
    *(f32x8 *)(o + 6720) = c7_0;
}

/* c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; j is contiguous. */
static void bilinear_pooling_columns_f32(float *restrict c, const float *restrict a, const float *restrict b)
{
    float *o = c;
    const float *x = a;
    const float *y = b;
    for (long batch = 0; batch < 24; batch++, o += 40, y += 1920) {
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            bilinear_pooling_columns_6x2x8_f32(o + 960 * r, x + 48 * r, y);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            bilinear_pooling_columns_5x2x8_f32(o + 960 * r, x + 48 * r, y);
        }
        for (long i = 0; i < 4; i++) {
            const long r = 8 * i;
            bilinear_pooling_columns_8x1x8_f32(o + 960 * r + 16, x + 48 * r, y + 16);
        }
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            bilinear_pooling_columns_6x2x8_f32(o + 960 * r + 24, x + 48 * r, y + 24);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            bilinear_pooling_columns_5x2x8_f32(o + 960 * r + 24, x + 48 * r, y + 24);
        }
    }
}

/* c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; p is contiguous. */
static void bilinear_pooling_dots_f32(float *restrict c, const float *restrict a, const float *restrict b)
{
    for (long batch = 0; batch < 32; batch++, c += 24, a += 40, b += 960) {
        for (long j = 0; j < 24; j += 4) {
            f32x8 s0_0 = {0}, s0_1 = {0}, s0_2 = {0}, s0_3 = {0};
            for (long p = 0; p < 40; p += 8) {
                /* volatile: read once, and not by each multiply-add. */
                const f32x8 a0 = *(const volatile f32x8 *)(a + p);
                const f32x8 b0 = *(const f32x8 *)(b + 40 * j + p);
                s0_0 += a0 * b0;
                const f32x8 b1 = *(const f32x8 *)(b + 40 * j + p + 40);
                s0_1 += a0 * b1;
                const f32x8 b2 = *(const f32x8 *)(b + 40 * j + p + 80);
                s0_2 += a0 * b2;
                const f32x8 b3 = *(const f32x8 *)(b + 40 * j + p + 120);
                s0_3 += a0 * b3;
                __builtin_prefetch(a + p + 1);
            }
            const f32x8 t0_1 = __builtin_shufflevector(s0_0, s0_1, 0, 1, 2, 3, 8, 9,
                    10, 11) + __builtin_shufflevector(s0_0, s0_1, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 t0_2 = __builtin_shufflevector(s0_2, s0_3, 0, 1, 2, 3, 8, 9,
                    10, 11) + __builtin_shufflevector(s0_2, s0_3, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
                    12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
            f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3,
                    t0_3, 1, 3, 5, 7);
            *(f32x4 *)(c + j) = t0_4;
        }
    }
}

void bilinear_pooling(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t3[b a m] = sum over n of a[b n] * b[a n m] */
    {
        float *const t3 = (float *)workspace;
        #ifdef _OPENMP
        #pragma omp parallel
        #endif
        {
            #ifdef _OPENMP
            #pragma omp single
            #endif
            {
                bilinear_pooling_columns_f32(t3, a, b);
            }
        }
    }
    /* out[b a] = sum over m of t3[b a m] * c[b m] */
    {
        float *const t3 = (float *)workspace;
        bilinear_pooling_dots_f32(out, c, t3);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t bilinear_pooling_workspace_size(void)
{
    return 122880 + 63;
}
