/* bvw,bwf->bvf   float32   b=4 v=60 w=60 f=32
 *
 *   a    [4][60][60]           56.3 KiB
 *   b    [4][60][32]           30 KiB
 *   out  [4][60][32]           30 KiB
 *
 * out[b v f] = sum over w of a[b v w] * b[b f w]
 *   b in 0..<4
 *     f in 0..<32
 *       w in 0..<60   a block of b is packed
 *         v in 0..<60
 *           tiles of 6 x 16 in registers
 *
 * 921600 flop, 7.7 per byte; workspace 8 KiB.
 * The caller gives graph_aggregation_workspace_size() bytes of workspace, aligned as malloc aligns.
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

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void graph_aggregation_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 60; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 60] * bc0;
        c1_1 += a[p + 60] * bc1;
        c2_0 += a[p + 120] * bc0;
        c2_1 += a[p + 120] * bc1;
        c3_0 += a[p + 180] * bc0;
        c3_1 += a[p + 180] * bc1;
        c4_0 += a[p + 240] * bc0;
        c4_1 += a[p + 240] * bc1;
        c5_0 += a[p + 300] * bc0;
        c5_1 += a[p + 300] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 32) = c1_0;
    *(f32x8 *)(c + 40) = c1_1;
    *(f32x8 *)(c + 64) = c2_0;
    *(f32x8 *)(c + 72) = c2_1;
    *(f32x8 *)(c + 96) = c3_0;
    *(f32x8 *)(c + 104) = c3_1;
    *(f32x8 *)(c + 128) = c4_0;
    *(f32x8 *)(c + 136) = c4_1;
    *(f32x8 *)(c + 160) = c5_0;
    *(f32x8 *)(c + 168) = c5_1;
}

void graph_aggregation(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    {
        float *const columns4 = (float *)workspace;
        for (long b2 = 0; b2 < 4; b2++) {
            for (long f = 0; f < 32; f += 16) {
                float *panel = columns4 + 64 * f;
                for (long p = 0; p < 60; p++, panel += 16) {
                    const float *const s = b + 1920 * b2 + f + 32 * p;
                    const f32x8 s0 = *(const f32x8 *)s;
                    const f32x8 s8 = *(const f32x8 *)(s + 8);
                    *(f32x8 *)panel = s0;
                    *(f32x8 *)(panel + 8) = s8;
                }
            }
            for (long f1 = 0; f1 < 32; f1 += 16) {
                for (long v = 0; v < 60; v += 6)
                    graph_aggregation_tilerows_f32_6x16(a + 3600 * b2 + 60 * v, columns4 + 64 * f1, out + 1920 * b2 + 32 * v + f1);
            }
        }
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
    return 8192;
}
