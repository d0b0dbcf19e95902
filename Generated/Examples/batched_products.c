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
 *         i in 0..<4   a block of a is packed
 *           tiles of 6 x 16 in registers
 *
 * 128000 flop, 0.7 per byte; workspace 704 bytes.
 * The caller gives batched_products_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c batched_products.c
 */

#include <stdlib.h>

typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void batched_products_pack_f32_6(const float *restrict source, float *restrict panel)
{
    for (long p = 0; p < 24; p++)
        panel[p] = 0;
    long done = 0;
    for (long i = 0; done < 4; i += 4) {
        if (i + 4 > 4)
            i = 0;
        const f32x4 x0 = *(const f32x4 *)(source + 4 * i);
        const f32x4 x1 = *(const f32x4 *)(source + 4 * i + 4);
        const f32x4 x2 = *(const f32x4 *)(source + 4 * i + 8);
        const f32x4 x3 = *(const f32x4 *)(source + 4 * i + 12);
        const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
        const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
        const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
        const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
        const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
        const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
        const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
        const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
        *(f32x4 *)(panel + i) = y4;
        *(f32x4 *)(panel + i + 6) = y5;
        *(f32x4 *)(panel + i + 12) = y6;
        *(f32x4 *)(panel + i + 18) = y7;
        done = i + 4;
    }
    for (long p = 0; done < 4 && p < 4; p++) {
        for (long i = done; i < 4; i++)
            panel[6 * p + i] = source[4 * i + p];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void batched_products_tile_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 4; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
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
        float *const rows3 = (float *)workspace;
        float *const columns4 = (float *)((char *)workspace + 192);
        for (long b2 = 0; b2 < 1000; b2++) {
            batched_products_pack_f32_6(a + 16 * b2, rows3);
            for (long p = 0; p < 64; p++)
                columns4[p] = 0;
            for (long p = 0; p < 4; p++) {
                for (long i = 0; i < 4; i++)
                    columns4[16 * p + i] = b[16 * b2 + i + 4 * p];
            }
            batched_products_tile_f32_6x16(rows3, columns4, out + 16 * b2);
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
    return 704;
}
