/* bhqk,bkhd->bqhd   float32   b=2 h=8 q=128 k=128 d=64
 *
 *   a    [2][8][128][128]      1 MiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][128][8][64]       512 KiB
 *
 * out[b q h d] = sum over k of a[b h q k] * b[b k h d]
 *   b in 0..<2
 *     h in 0..<8                  shared among threads
 *       q in 0..<128
 *         d in 0..<64             vectors
 *           k in 0..<128
 *
 * 33554432 flop, 16 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c attention_values.c
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
static void attention_values_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 128; p++, a++, b += 512) {
        __builtin_prefetch(b + 64);
        __builtin_prefetch(b + 72);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[128] * b0;
        c1_1 += a[128] * b1;
        c2_0 += a[256] * b0;
        c2_1 += a[256] * b1;
        c3_0 += a[384] * b0;
        c3_1 += a[384] * b1;
        c4_0 += a[512] * b0;
        c4_1 += a[512] * b1;
        c5_0 += a[640] * b0;
        c5_1 += a[640] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 512) = c1_0;
    *(f32x8 *)(o + 520) = c1_1;
    *(f32x8 *)(o + 1024) = c2_0;
    *(f32x8 *)(o + 1032) = c2_1;
    *(f32x8 *)(o + 1536) = c3_0;
    *(f32x8 *)(o + 1544) = c3_1;
    *(f32x8 *)(o + 2048) = c4_0;
    *(f32x8 *)(o + 2056) = c4_1;
    *(f32x8 *)(o + 2560) = c5_0;
    *(f32x8 *)(o + 2568) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void attention_values_columns_5x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 128; p++, a++, b += 512) {
        __builtin_prefetch(b + 64);
        __builtin_prefetch(b + 72);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[128] * b0;
        c1_1 += a[128] * b1;
        c2_0 += a[256] * b0;
        c2_1 += a[256] * b1;
        c3_0 += a[384] * b0;
        c3_1 += a[384] * b1;
        c4_0 += a[512] * b0;
        c4_1 += a[512] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 512) = c1_0;
    *(f32x8 *)(o + 520) = c1_1;
    *(f32x8 *)(o + 1024) = c2_0;
    *(f32x8 *)(o + 1032) = c2_1;
    *(f32x8 *)(o + 1536) = c3_0;
    *(f32x8 *)(o + 1544) = c3_1;
    *(f32x8 *)(o + 2048) = c4_0;
    *(f32x8 *)(o + 2056) = c4_1;
}

void attention_values(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel
    #endif
    for (long b2 = 0; b2 < 2; b2++) {
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            float *o = out + 65536 * b2;
            const float *x = a + 131072 * b2;
            const float *y = b + 65536 * b2;
            for (long batch = 0; batch < 8; batch++, o += 64, x += 16384, y += 64) {
                for (long v = 0; v < 8; v += 2) {
                    for (long i = 0; i < 18; i++) {
                        const long r = 6 * i;
                        attention_values_columns_6x2x8_f32(o + 8 * v + 512 * r, x + 128 * r, y + 8 * v);
                    }
                    for (long i = 18; i < 22; i++) {
                        const long r = 5 * i + 18;
                        attention_values_columns_5x2x8_f32(o + 8 * v + 512 * r, x + 128 * r, y + 8 * v);
                    }
                }
            }
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t attention_values_workspace_size(void)
{
    return 0;
}
