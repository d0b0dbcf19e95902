/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 *
 * out[b] = sum over i of a[b i] * b[b i]
 *   b in 0..<1000
 *     i in 0..<16
 *
 * 32000 flop, 0.2 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c batched_dot.c
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
static inline void batched_dot_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    p0_0 += *(const f32x8 *)x * *(const f32x8 *)y;
    __builtin_prefetch(x + 64);
    p1_0 += *(const f32x8 *)(x + 8) * *(const f32x8 *)(y + 8);
    __builtin_prefetch(x + 72);
    p0_1 += *(const f32x8 *)(x + 16) * *(const f32x8 *)(y + 16);
    __builtin_prefetch(x + 80);
    p1_1 += *(const f32x8 *)(x + 24) * *(const f32x8 *)(y + 24);
    __builtin_prefetch(x + 88);
    p0_2 += *(const f32x8 *)(x + 32) * *(const f32x8 *)(y + 32);
    __builtin_prefetch(x + 96);
    p1_2 += *(const f32x8 *)(x + 40) * *(const f32x8 *)(y + 40);
    __builtin_prefetch(x + 104);
    p0_3 += *(const f32x8 *)(x + 48) * *(const f32x8 *)(y + 48);
    __builtin_prefetch(x + 112);
    p1_3 += *(const f32x8 *)(x + 56) * *(const f32x8 *)(y + 56);
    __builtin_prefetch(x + 120);
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

void batched_dot(const float *restrict a, const float *restrict b, float *restrict out)
{
    {
        float s[4];
        for (long i = 0; i < 996; i += 4) {
            batched_dot_dot4_product_uu_f32(a + 16 * i, b + 16 * i, s);
            for (long r = 0; r < 4; r++)
                out[i + r] = s[r];
        }
        batched_dot_dot4_product_uu_f32(a + 15936, b + 15936, s);
        for (long r = 0; r < 4; r++)
            out[r + 996] = s[r];
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t batched_dot_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void)
{
    return 0;
}
