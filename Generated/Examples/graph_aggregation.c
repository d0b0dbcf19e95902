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
 *         v in 0..<60   a block of a is packed
 *           tiles of 6 x 16 in registers
 *
 * 921600 flop, 7.7 per byte; workspace 23 KiB.
 * The caller gives graph_aggregation_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c graph_aggregation.c
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
static void graph_aggregation_pack_f32_6(const float *restrict source, float *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 6; i += 4) {
        if (i + 4 > 6)
            i = 2;
        for (long p = 0; p < 60; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 60 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 60 * i + p + 60);
            const f32x4 x2 = *(const f32x4 *)(source + 60 * i + p + 120);
            const f32x4 x3 = *(const f32x4 *)(source + 60 * i + p + 180);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 6 && p < 60; p++) {
        for (long i = done; i < 6; i++)
            panel[6 * p + i] = source[60 * i + p];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void graph_aggregation_tile_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 60; p++, a += 6, b += 16) {
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
        float *const rows3 = (float *)workspace;
        float *const columns4 = (float *)((char *)workspace + 15360);
        for (long b2 = 0; b2 < 4; b2++) {
            for (long v = 0; v < 60; v += 6)
                graph_aggregation_pack_f32_6(a + 3600 * b2 + 60 * v, rows3 + 64 * v);
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
                for (long v1 = 0; v1 < 60; v1 += 6)
                    graph_aggregation_tile_f32_6x16(rows3 + 64 * v1, columns4 + 64 * f1, out + 1920 * b2 + 32 * v1 + f1);
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
    return 23552;
}
