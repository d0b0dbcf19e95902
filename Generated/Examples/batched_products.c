/* bij,bjk->bik   float32   b=1000 i=4 j=4 k=4
 *
 *   a    [1000][4][4]          62.5 KiB
 *   b    [1000][4][4]          62.5 KiB
 *   out  [1000][4][4]          62.5 KiB
 *
 * out[b i k] = sum over j of a[b i j] * b[b k j]
 *   b in 0..<1000
 *     i in 0..<4
 *       j in 0..<4
 *         k in 0..<4
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
    for (long b2 = 0; b2 < 1000; b2++) {
        for (long i = 0; i < 4; i++) {
            float *const sums = out + 16 * b2 + 4 * i;
            for (long r = 0; r < 4; r++)
                sums[r] = 0;
            for (long j = 0; j < 4; j++) {
                f32x4 s = *(f32x4 *)sums;
                s += *(const f32x4 *)(b + 16 * b2 + 4 * j) * a[16 * b2 + 4 * i + j];
                *(f32x4 *)sums = s;
            }
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t batched_products_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t batched_products_workspace_size(void)
{
    return 0;
}
