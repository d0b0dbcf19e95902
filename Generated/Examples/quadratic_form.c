/* bi,ij,bj->b   float32   b=64 i=32 j=32
 *
 *   a    [64][32]              8 KiB
 *   b    [32][32]              4 KiB
 *   c    [64][32]              8 KiB
 *   out  [64]                  256 bytes
 *
 * t3[i b] = sum over j of b[i j] * c[b j]
 *   i in 0..<32
 *     b in 0..<64
 *       j in 0..<32
 * out[b] = sum over i of a[b i] * t3[b i]
 *   b in 0..<64
 *     i in 0..<32
 *
 * 135168 flop, 6.5 per byte; workspace 24 KiB.
 * The caller gives quadratic_form_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c quadratic_form.c
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

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void quadratic_form_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    for (long j = 0; j < 32; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 8);
        p0_1 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 32);
        __builtin_prefetch(x + j);
        p1_1 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 40);
        __builtin_prefetch(x + j + 8);
        p0_2 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 64);
        __builtin_prefetch(x + j);
        p1_2 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 72);
        __builtin_prefetch(x + j + 8);
        p0_3 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 96);
        __builtin_prefetch(x + j);
        p1_3 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 104);
        __builtin_prefetch(x + j + 8);
    }
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

void quadratic_form(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[i b] = sum over j of b[i j] * c[b j] */
    {
        float *const t3 = (float *)workspace;
        for (long i = 0; i < 32; i++) {
            float s[4];
            for (long i2 = 0; i2 < 60; i2 += 4) {
                quadratic_form_dot4_product_uu_f32(b + 32 * i, c + 32 * i2, s);
                for (long r = 0; r < 4; r++)
                    t3[64 * i + i2 + r] = s[r];
            }
            quadratic_form_dot4_product_uu_f32(b + 32 * i, c + 1920, s);
            for (long r = 0; r < 4; r++)
                t3[64 * i + r + 60] = s[r];
        }
    }
    /* out[b] = sum over i of a[b i] * t3[b i] */
    {
        float *const t3 = (float *)workspace;
        float s[1] = {0};
        for (long i = 0; i < 64; i++) {
            s[0] = 0;
            for (long j = 0; j < 32; j++)
                s[0] = __builtin_fmaf(a[32 * i + j], t3[i + 64 * j], s[0]);
            out[i] = s[0];
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t quadratic_form_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t quadratic_form_workspace_size(void)
{
    return 24576;
}
