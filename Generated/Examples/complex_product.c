/* ij,jk->ik   complex64   i=33 j=40 k=29
 *
 *   a    [33][40]              10.3 KiB
 *   b    [40][29]              9.1 KiB
 *   out  [33][29]              7.5 KiB
 *
 * out[i k] = sum over j of a[i j] * b[k j]
 *   i in 0..<33
 *     j in 0..<40
 *       k in 0..<29
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
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* o[j] += the terms x[j] * y[0] of 8 rows in turn, for j < n. */
static inline void complex_product_add8_product_uz_c64(float *restrict o, const float *restrict x,
        const float *restrict y)
{
    for (long j = 0; j < 56; j += 8) {
        f32x8 s = *(f32x8 *)(o + j);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j);
            s += x_ * y[0];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[1] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 464);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 58);
            s += x_ * y[2];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[3] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 522);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 116);
            s += x_ * y[4];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[5] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 580);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 174);
            s += x_ * y[6];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[7] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 638);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 232);
            s += x_ * y[8];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[9] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 696);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 290);
            s += x_ * y[10];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[11] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 754);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 348);
            s += x_ * y[12];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[13] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 812);
        {
            const f32x8 x_ = *(const f32x8 *)(x + j + 406);
            s += x_ * y[14];
            s += __builtin_shufflevector(x_, x_, 1, 0, 3, 2, 5, 4, 7, 6) * (y[15] * (f32x8){-1, 1, -1, 1, -1, 1, -1, 1});
        }
        __builtin_prefetch(x + j + 870);
        *(f32x8 *)(o + j) = s;
    }
    f32x2 s = *(f32x2 *)(o + 56);
    {
        const f32x2 x_ = *(const f32x2 *)(x + 56);
        s += x_ * y[0];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[1] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 114);
        s += x_ * y[2];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[3] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 172);
        s += x_ * y[4];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[5] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 230);
        s += x_ * y[6];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[7] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 288);
        s += x_ * y[8];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[9] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 346);
        s += x_ * y[10];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[11] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 404);
        s += x_ * y[12];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[13] * (f32x2){-1, 1});
    }
    {
        const f32x2 x_ = *(const f32x2 *)(x + 462);
        s += x_ * y[14];
        s += __builtin_shufflevector(x_, x_, 1, 0) * (y[15] * (f32x2){-1, 1});
    }
    *(f32x2 *)(o + 56) = s;
}

void complex_product(const es_c64 *restrict a, const es_c64 *restrict b, es_c64 *restrict out)
{
    for (long i = 0; i < 33; i++) {
        float *const o = (float *)(out + 29 * i);
        for (long r = 0; r < 58; r++)
            o[r] = 0;
        const float *const x = (const float *)b;
        const float *const y = (const float *)(a + 40 * i);
        for (long j = 0; j < 40; j += 8)
            complex_product_add8_product_uz_c64(o, x + 58 * j, y + 2 * j);
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
    return 0;
}
