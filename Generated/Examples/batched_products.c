/* bij,bjk->bik   float32   b=1000 i=4 j=4 k=4
 *
 *   a    [1000][4][4]          62.5 KiB
 *   b    [1000][4][4]          62.5 KiB
 *   out  [1000][4][4]          62.5 KiB
 *
 * out[b i k] = sum over j of a[b i j] * b[b j k]
 *   b in 0..<1000
 *     i in 0..<4
 *       k in 0..<4                vectors
 *         j in 0..<4
 *
 * 128000 flop, 0.7 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c batched_products.c
 */

#include <stdlib.h>

typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

void batched_products(const float *restrict a, const float *restrict b, float *restrict out)
{
    float *o = out;
    const float *x = a;
    const float *y = b;
    for (long batch = 0; batch < 1000; batch++, o += 16, x += 16, y += 16) {
        f32x4 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0};
        const float *a2 = x;
        const float *b2 = y;
        for (long p = 0; p < 4; p++, a2++, b2 += 4) {
            /* volatile: read once, and not by each multiply-add. */
            const f32x4 b0 = *(const volatile f32x4 *)b2;
            c0_0 += a2[0] * b0;
            c1_0 += a2[4] * b0;
            c2_0 += a2[8] * b0;
            c3_0 += a2[12] * b0;
        }
        *(f32x4 *)o = c0_0;
        *(f32x4 *)(o + 4) = c1_0;
        *(f32x4 *)(o + 8) = c2_0;
        *(f32x4 *)(o + 12) = c3_0;
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t batched_products_workspace_size(void)
{
    return 0;
}
