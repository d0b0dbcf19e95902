/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 *
 * out[b] = sum over i of a[b i] * b[b i]
 *   b in 0..<1000
 *     i in 0..<16                 vectors
 *
 * 32000 flop, 0.2 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c batched_dot.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* out[i] (+)= the sum over j < n of x[i, j] * y[i, j], for i < rows. */
static void batched_dot_short_sums_product_f32(float *restrict out, const float *restrict x,
        const float *restrict y)
{
    for (long i = 0; i < 992; i += 8, x += 128, y += 128) {
        f32x8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
        for (long j = 0; j < 16; j += 8) {
            s0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            s1 += *(const f32x8 *)(x + j + 16) * *(const f32x8 *)(y + j + 16);
            s2 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
            s3 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 48);
            s4 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
            s5 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j + 80);
            s6 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
            s7 += *(const f32x8 *)(x + j + 112) * *(const f32x8 *)(y + j + 112);
        }
        const f32x8 t1 = __builtin_shufflevector(s0, s1, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0, s1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(s2, s3, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s2, s3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(s4, s5, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s4, s5, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t4 = __builtin_shufflevector(s6, s7, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s6, s7, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t5 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x8 t6 = __builtin_shufflevector(t3, t4, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t3, t4, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x8 t7 = __builtin_shufflevector(t5, t6, 0, 2, 4, 6, 8, 10,
                12, 14) + __builtin_shufflevector(t5, t6, 1, 3, 5, 7, 9, 11, 13, 15);
        *(f32x8 *)(out + i) = t7;
    }
    f32x8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
    for (long j = 0; j < 16; j += 8) {
        s0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        s1 += *(const f32x8 *)(x + j + 16) * *(const f32x8 *)(y + j + 16);
        s2 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        s3 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 48);
        s4 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
        s5 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j + 80);
        s6 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
        s7 += *(const f32x8 *)(x + j + 112) * *(const f32x8 *)(y + j + 112);
    }
    const f32x8 t1 = __builtin_shufflevector(s0, s1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s0,
            s1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2 = __builtin_shufflevector(s2, s3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s2,
            s3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t3 = __builtin_shufflevector(s4, s5, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s4,
            s5, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t4 = __builtin_shufflevector(s6, s7, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s6,
            s7, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t5 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1,
            t2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x8 t6 = __builtin_shufflevector(t3, t4, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t3,
            t4, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x8 t7 = __builtin_shufflevector(t5, t6, 0, 2, 4, 6, 8, 10, 12, 14) + __builtin_shufflevector(t5,
            t6, 1, 3, 5, 7, 9, 11, 13, 15);
    *(f32x8 *)(out + 992) = t7;
    x += 128;
    y += 128;
}

void batched_dot(const float *restrict a, const float *restrict b, float *restrict out)
{
    batched_dot_short_sums_product_f32(out, a, b);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void)
{
    return 0;
}
