/* bqhd,bkhd->bhqk   float32   b=2 q=128 h=8 d=64 k=128
 *
 *   a    [2][128][8][64]       512 KiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][8][128][128]      1 MiB
 *
 * out[b h q k] = sum over d of a[b h q d] * b[b h k d]
 *   b in 0..<2
 *     h in 0..<8
 *       k in 0..<128
 *         d in 0..<64   a block of b is packed
 *           q in 0..<128
 *             tiles of 6 x 16 in registers
 *
 * 33554432 flop, 16 per byte; workspace 32 KiB.
 * The caller gives attention_scores_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c attention_scores.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void attention_scores_transpose_8_f32(const float *restrict s, float *restrict d)
{
    for (long p = 0; p < 64; p += 8) {
        const f32x8 x0 = *(const f32x8 *)(s + p);
        const f32x8 x1 = *(const f32x8 *)(s + p + 512);
        const f32x8 x2 = *(const f32x8 *)(s + p + 1024);
        const f32x8 x3 = *(const f32x8 *)(s + p + 1536);
        const f32x8 x4 = *(const f32x8 *)(s + p + 2048);
        const f32x8 x5 = *(const f32x8 *)(s + p + 2560);
        const f32x8 x6 = *(const f32x8 *)(s + p + 3072);
        const f32x8 x7 = *(const f32x8 *)(s + p + 3584);
        const f32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const f32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const f32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const f32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(f32x8 *)(d + 16 * p) = y16;
        *(f32x8 *)(d + 16 * p + 16) = y18;
        *(f32x8 *)(d + 16 * p + 32) = y20;
        *(f32x8 *)(d + 16 * p + 48) = y22;
        *(f32x8 *)(d + 16 * p + 64) = y17;
        *(f32x8 *)(d + 16 * p + 80) = y19;
        *(f32x8 *)(d + 16 * p + 96) = y21;
        *(f32x8 *)(d + 16 * p + 112) = y23;
    }
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_scores_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 64; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 512] * bc0;
        c1_1 += a[p + 512] * bc1;
        c2_0 += a[p + 1024] * bc0;
        c2_1 += a[p + 1024] * bc1;
        c3_0 += a[p + 1536] * bc0;
        c3_1 += a[p + 1536] * bc1;
        c4_0 += a[p + 2048] * bc0;
        c4_1 += a[p + 2048] * bc1;
        c5_0 += a[p + 2560] * bc0;
        c5_1 += a[p + 2560] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 128) = c1_0;
    *(f32x8 *)(c + 136) = c1_1;
    *(f32x8 *)(c + 256) = c2_0;
    *(f32x8 *)(c + 264) = c2_1;
    *(f32x8 *)(c + 384) = c3_0;
    *(f32x8 *)(c + 392) = c3_1;
    *(f32x8 *)(c + 512) = c4_0;
    *(f32x8 *)(c + 520) = c4_1;
    *(f32x8 *)(c + 640) = c5_0;
    *(f32x8 *)(c + 648) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_scores_tilerows_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 64; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 512] * bc0;
        c1_1 += a[p + 512] * bc1;
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
            *(f32x8 *)(c + 128 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

void attention_scores(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    {
        float *const columns4 = (float *)workspace;
        for (long b2 = 0; b2 < 2; b2++) {
            for (long h = 0; h < 8; h++) {
                for (long k = 0; k < 128; k += 16) {
                    long done = 0;
                    for (long i = 0; done < 16; i += 8) {
                        if (i + 8 > 16)
                            i = 8;
                        attention_scores_transpose_8_f32(b + 65536 * b2 + 64 * h + 512 * k + 512 * i, columns4 + 64 * k + i);
                        done = i + 8;
                    }
                    for (long p = 0; done < 16 && p < 64; p++) {
                        for (long i = done; i < 16; i++)
                            columns4[64 * k + 16 * p + i] = b[65536 * b2 + 64 * h + 512 * k + 512 * i + p];
                    }
                }
                for (long k1 = 0; k1 < 128; k1 += 16) {
                    for (long q = 0; q < 126; q += 6)
                        attention_scores_tilerows_f32_6x16(a + 65536 * b2 + 64 * h + 512 * q, columns4 + 64 * k1, out + 131072 * b2 + 16384 * h + 128 * q + k1);
                    attention_scores_tilerows_f32_6x16_2(a + 65536 * b2 + 64 * h + 64512, columns4 + 64 * k1, out + 131072 * b2 + 16384 * h + k1 + 16128);
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

size_t attention_scores_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t attention_scores_workspace_size(void)
{
    return 32768;
}
