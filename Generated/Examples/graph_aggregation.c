/* bvw,bwf->bvf   float32   b=4 v=60 w=60 f=32
 *
 *   a    [4][60][60]           56.3 KiB
 *   b    [4][60][32]           30 KiB
 *   out  [4][60][32]           30 KiB
 *
 * out[b v f] = sum over w of a[b v w] * b[b w f]
 *   b in 0..<4
 *     v in 0..<60
 *       f in 0..<32               vectors
 *         w in 0..<60
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

/* Blocks of 6 rows of 2 x 8 components. */
static void graph_aggregation_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 60; p++, a++, b += 32) {
        __builtin_prefetch(b + 1920);
        __builtin_prefetch(b + 1928);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[60] * b0;
        c1_1 += a[60] * b1;
        c2_0 += a[120] * b0;
        c2_1 += a[120] * b1;
        c3_0 += a[180] * b0;
        c3_1 += a[180] * b1;
        c4_0 += a[240] * b0;
        c4_1 += a[240] * b1;
        c5_0 += a[300] * b0;
        c5_1 += a[300] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 32) = c1_0;
    *(f32x8 *)(o + 40) = c1_1;
    *(f32x8 *)(o + 64) = c2_0;
    *(f32x8 *)(o + 72) = c2_1;
    *(f32x8 *)(o + 96) = c3_0;
    *(f32x8 *)(o + 104) = c3_1;
    *(f32x8 *)(o + 128) = c4_0;
    *(f32x8 *)(o + 136) = c4_1;
    *(f32x8 *)(o + 160) = c5_0;
    *(f32x8 *)(o + 168) = c5_1;
}

void graph_aggregation(const float *restrict a, const float *restrict b, float *restrict out)
{
    float *o = out;
    const float *x = a;
    const float *y = b;
    for (long batch = 0; batch < 4; batch++, o += 1920, x += 3600, y += 1920) {
        for (long i = 0; i < 10; i++) {
            const long r = 6 * i;
            graph_aggregation_columns_6x2x8_f32(o + 32 * r, x + 60 * r, y);
        }
        for (long i = 0; i < 10; i++) {
            const long r = 6 * i;
            graph_aggregation_columns_6x2x8_f32(o + 32 * r + 16, x + 60 * r, y + 16);
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t graph_aggregation_workspace_size(void)
{
    return 0;
}
