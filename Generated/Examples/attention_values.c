/* bhqk,bkhd->bqhd   float32   b=2 h=8 q=128 k=128 d=64
 *
 *   a    [2][8][128][128]      1 MiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][128][8][64]       512 KiB
 *
 * out[b q h d] = sum over k of a[b q h k] * b[b h d k]
 *   b in 0..<2
 *     h in 0..<8
 *       d in 0..<64
 *         k in 0..<128   a block of b is packed
 *           q in 0..<128
 *             tiles of 6 x 16 in registers
 *
 * 33554432 flop, 16 per byte; workspace 32 KiB.
 * The caller gives attention_values_workspace_size() bytes of workspace, aligned as malloc aligns.
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

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_values_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 128; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 128] * bc0;
        c1_1 += a[p + 128] * bc1;
        c2_0 += a[p + 256] * bc0;
        c2_1 += a[p + 256] * bc1;
        c3_0 += a[p + 384] * bc0;
        c3_1 += a[p + 384] * bc1;
        c4_0 += a[p + 512] * bc0;
        c4_1 += a[p + 512] * bc1;
        c5_0 += a[p + 640] * bc0;
        c5_1 += a[p + 640] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 512) = c1_0;
    *(f32x8 *)(c + 520) = c1_1;
    *(f32x8 *)(c + 1024) = c2_0;
    *(f32x8 *)(c + 1032) = c2_1;
    *(f32x8 *)(c + 1536) = c3_0;
    *(f32x8 *)(c + 1544) = c3_1;
    *(f32x8 *)(c + 2048) = c4_0;
    *(f32x8 *)(c + 2056) = c4_1;
    *(f32x8 *)(c + 2560) = c5_0;
    *(f32x8 *)(c + 2568) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_values_tilerows_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 128; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 128] * bc0;
        c1_1 += a[p + 128] * bc1;
        c2_0 += a[p] * bc0;
        c2_1 += a[p] * bc1;
        c3_0 += a[p] * bc0;
        c3_1 += a[p] * bc1;
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
    for (long i = 0; i < 2; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)(c + 512 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

void attention_values(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    {
        float *const columns4 = (float *)workspace;
        for (long b2 = 0; b2 < 2; b2++) {
            for (long h = 0; h < 8; h++) {
                for (long d = 0; d < 64; d += 16) {
                    float *panel = columns4 + 128 * d;
                    for (long p = 0; p < 128; p++, panel += 16) {
                        const float *const s = b + 65536 * b2 + 64 * h + d + 512 * p;
                        const f32x8 s0 = *(const f32x8 *)s;
                        const f32x8 s8 = *(const f32x8 *)(s + 8);
                        *(f32x8 *)panel = s0;
                        *(f32x8 *)(panel + 8) = s8;
                    }
                }
                for (long d1 = 0; d1 < 64; d1 += 16) {
                    for (long q = 0; q < 126; q += 6)
                        attention_values_tilerows_f32_6x16(a + 131072 * b2 + 16384 * h + 128 * q, columns4 + 128 * d1, out + 65536 * b2 + 64 * h + 512 * q + d1);
                    attention_values_tilerows_f32_6x16_2(a + 131072 * b2 + 16384 * h + 16128, columns4 + 128 * d1, out + 65536 * b2 + 64 * h + d1 + 64512);
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

size_t attention_values_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t attention_values_workspace_size(void)
{
    return 32768;
}
