/* bn,anm,bm->ba   float32   b=32 n=48 a=24 m=40
 *
 *   a    [32][48]              6 KiB
 *   b    [24][48][40]          180 KiB
 *   c    [32][40]              5 KiB
 *   out  [32][24]              3 KiB
 *
 * t3[b a m] = sum over n of a[b n] * b[a m n]
 *   b in 0..<32
 *     a in 0..<24
 *       n in 0..<48
 *         m in 0..<40
 * out[b a] = sum over m of t3[b a m] * c[b m]
 *   b in 0..<32
 *     a in 0..<24
 *       m in 0..<40
 *
 * 3010560 flop, 15.2 per byte; workspace 120 KiB.
 * The caller gives bilinear_pooling_workspace_size() bytes of workspace, aligned as malloc aligns.
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

/* out[i] (+)= the sum over j < columns of a[i, j] * b[i, j], for i < rows; a contiguous in i, b also, or constant. */
static void bilinear_pooling_columns_product_f32(float *restrict out, const float *restrict a,
        const float *restrict b)
{
    for (long r = 0; r < 40; r++)
        out[r] = 0;
    for (long j = 0; j < 48; j += 8) {
        for (long j2 = 0; j2 < 40; j2 += 8) {
            f32x8 s = *(f32x8 *)(out + j2);
            s += *(const f32x8 *)(a + 40 * j + j2) * b[j];
            __builtin_prefetch(a + 40 * j + j2 + 320);
            s += *(const f32x8 *)(a + 40 * j + j2 + 40) * b[j + 1];
            __builtin_prefetch(a + 40 * j + j2 + 360);
            s += *(const f32x8 *)(a + 40 * j + j2 + 80) * b[j + 2];
            __builtin_prefetch(a + 40 * j + j2 + 400);
            s += *(const f32x8 *)(a + 40 * j + j2 + 120) * b[j + 3];
            __builtin_prefetch(a + 40 * j + j2 + 440);
            s += *(const f32x8 *)(a + 40 * j + j2 + 160) * b[j + 4];
            __builtin_prefetch(a + 40 * j + j2 + 480);
            s += *(const f32x8 *)(a + 40 * j + j2 + 200) * b[j + 5];
            __builtin_prefetch(a + 40 * j + j2 + 520);
            s += *(const f32x8 *)(a + 40 * j + j2 + 240) * b[j + 6];
            __builtin_prefetch(a + 40 * j + j2 + 560);
            s += *(const f32x8 *)(a + 40 * j + j2 + 280) * b[j + 7];
            __builtin_prefetch(a + 40 * j + j2 + 600);
            *(f32x8 *)(out + j2) = s;
        }
    }
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void bilinear_pooling_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    for (long j = 0; j < 32; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 160);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 168);
        p0_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 200);
        p1_1 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 208);
        p0_2 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 240);
        p1_2 += *(const f32x8 *)(x + j + 88) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 248);
        p0_3 += *(const f32x8 *)(x + j + 120) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 280);
        p1_3 += *(const f32x8 *)(x + j + 128) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 288);
    }
    p0_0 += *(const f32x8 *)(x + 32) * *(const f32x8 *)(y + 32);
    __builtin_prefetch(x + 192);
    p0_1 += *(const f32x8 *)(x + 72) * *(const f32x8 *)(y + 32);
    __builtin_prefetch(x + 232);
    p0_2 += *(const f32x8 *)(x + 112) * *(const f32x8 *)(y + 32);
    __builtin_prefetch(x + 272);
    p0_3 += *(const f32x8 *)(x + 152) * *(const f32x8 *)(y + 32);
    __builtin_prefetch(x + 312);
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
    *(f32x4 *)s = t4;
}

void bilinear_pooling(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[b a m] = sum over n of a[b n] * b[a m n] */
    {
        float *const t3 = (float *)workspace;
        #ifdef _OPENMP
        #pragma omp parallel for
        #endif
        for (long b2 = 0; b2 < 32; b2++) {
            for (long a2 = 0; a2 < 24; a2++)
                bilinear_pooling_columns_product_f32(t3 + 960 * b2 + 40 * a2, b + 1920 * a2, a + 48 * b2);
        }
    }
    /* out[b a] = sum over m of t3[b a m] * c[b m] */
    {
        float *const t3 = (float *)workspace;
        for (long b2 = 0; b2 < 32; b2++) {
            float s[4];
            for (long i = 0; i < 20; i += 4) {
                bilinear_pooling_dot4_product_uu_f32(t3 + 960 * b2 + 40 * i, c + 40 * b2, s);
                for (long r = 0; r < 4; r++)
                    out[24 * b2 + i + r] = s[r];
            }
            bilinear_pooling_dot4_product_uu_f32(t3 + 960 * b2 + 800, c + 40 * b2, s);
            for (long r = 0; r < 4; r++)
                out[24 * b2 + r + 20] = s[r];
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t bilinear_pooling_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t bilinear_pooling_workspace_size(void)
{
    return 122880;
}
