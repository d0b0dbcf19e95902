/* bij,bjk->bik   float32   b=1000 i=4 j=4 k=4
 *
 *   a    [1000][4][4]          62.5 KiB
 *   b    [1000][4][4]          62.5 KiB
 *   out  [1000][4][4]          62.5 KiB
 *
 * out[b i k] = sum over j of a[b i j] * b[b k j]
 *   b in 0..<1000
 *     k in 0..<4
 *       j in 0..<4   a block of b is packed
 *         i in 0..<4
 *           tiles of 6 x 16 in registers
 *
 * 128000 flop, 0.7 per byte; workspace 512 bytes.
 * The caller gives batched_products_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c batched_products.c
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

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void batched_products_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 4; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 4] * bc0;
        c1_1 += a[p + 4] * bc1;
        c2_0 += a[p + 8] * bc0;
        c2_1 += a[p + 8] * bc1;
        c3_0 += a[p + 12] * bc0;
        c3_1 += a[p + 12] * bc1;
        c4_0 += a[p] * bc0;
        c4_1 += a[p] * bc1;
        c5_0 += a[p] * bc0;
        c5_1 += a[p] * bc1;
    }
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c0_1;
    *(f32x8 *)(tile + 16) = c1_0;
    *(f32x8 *)(tile + 24) = c1_1;
    *(f32x8 *)(tile + 32) = c2_0;
    *(f32x8 *)(tile + 40) = c2_1;
    *(f32x8 *)(tile + 48) = c3_0;
    *(f32x8 *)(tile + 56) = c3_1;
    *(f32x8 *)(tile + 64) = c4_0;
    *(f32x8 *)(tile + 72) = c4_1;
    *(f32x8 *)(tile + 80) = c5_0;
    *(f32x8 *)(tile + 88) = c5_1;
    for (long i = 0; i < 4; i++)
        *(f32x4 *)(c + 4 * i) = *(const f32x4 *)(tile + 16 * i);
}

void batched_products(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    {
        float *const columns4 = (float *)workspace;
        for (long b2 = 0; b2 < 1000; b2++) {
            for (long p = 0; p < 64; p++)
                columns4[p] = 0;
            for (long p = 0; p < 4; p++) {
                for (long i = 0; i < 4; i++)
                    columns4[16 * p + i] = b[16 * b2 + i + 4 * p];
            }
            batched_products_tilerows_f32_6x16(a + 16 * b2, columns4, out + 16 * b2);
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
    return 512;
}
