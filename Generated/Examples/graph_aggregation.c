/* bvw,bwf->bvf   float32   b=4 v=60 w=60 f=32
 *
 *   a    [4][60][60]           56.3 KiB
 *   b    [4][60][32]           30 KiB
 *   out  [4][60][32]           30 KiB
 *
 * out[b v f] = sum over w of a[b v w] * b[b f w]
 *   b in 0..<4
 *     v in 0..<60
 *       w in 0..<60
 *         f in 0..<32
 *
 * 921600 flop, 7.7 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c graph_aggregation.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* out[i] (+)= the sum over j < columns of a[i, j] * b[i, j], for i < rows; a contiguous in i, b also, or constant. */
static void graph_aggregation_columns_product_f32(float *restrict out, const float *restrict a,
        const float *restrict b)
{
    for (long r = 0; r < 32; r++)
        out[r] = 0;
    for (long j = 0; j < 56; j += 8) {
        for (long j2 = 0; j2 < 32; j2 += 8) {
            f32x8 s = *(f32x8 *)(out + j2);
            s += *(const f32x8 *)(a + 32 * j + j2) * b[j];
            __builtin_prefetch(a + 32 * j + j2 + 256);
            s += *(const f32x8 *)(a + 32 * j + j2 + 32) * b[j + 1];
            __builtin_prefetch(a + 32 * j + j2 + 288);
            s += *(const f32x8 *)(a + 32 * j + j2 + 64) * b[j + 2];
            __builtin_prefetch(a + 32 * j + j2 + 320);
            s += *(const f32x8 *)(a + 32 * j + j2 + 96) * b[j + 3];
            __builtin_prefetch(a + 32 * j + j2 + 352);
            s += *(const f32x8 *)(a + 32 * j + j2 + 128) * b[j + 4];
            __builtin_prefetch(a + 32 * j + j2 + 384);
            s += *(const f32x8 *)(a + 32 * j + j2 + 160) * b[j + 5];
            __builtin_prefetch(a + 32 * j + j2 + 416);
            s += *(const f32x8 *)(a + 32 * j + j2 + 192) * b[j + 6];
            __builtin_prefetch(a + 32 * j + j2 + 448);
            s += *(const f32x8 *)(a + 32 * j + j2 + 224) * b[j + 7];
            __builtin_prefetch(a + 32 * j + j2 + 480);
            *(f32x8 *)(out + j2) = s;
        }
    }
    for (long j = 56; j < 60; j++) {
        for (long j2 = 0; j2 < 32; j2 += 8) {
            f32x8 s = *(f32x8 *)(out + j2);
            s += *(const f32x8 *)(a + 32 * j + j2) * b[j];
            *(f32x8 *)(out + j2) = s;
        }
    }
}

void graph_aggregation(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long b2 = 0; b2 < 4; b2++) {
        for (long v = 0; v < 60; v++)
            graph_aggregation_columns_product_f32(out + 1920 * b2 + 32 * v, b + 1920 * b2, a + 3600 * b2 + 60 * v);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t graph_aggregation_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t graph_aggregation_workspace_size(void)
{
    return 0;
}
