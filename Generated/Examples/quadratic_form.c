/* bi,ij,bj->b   float32   b=64 i=32 j=32
 *
 *   a    [64][32]              8 KiB
 *   b    [32][32]              4 KiB
 *   c    [64][32]              8 KiB
 *   out  [64]                  256 bytes
 *
 * t3[i b] = sum over j of b[i j] * c[b j]
 *   b in 0..<64
 *     j in 0..<32   a block of c is packed
 *       i in 0..<32
 *         tiles of 6 x 16 in registers
 * out[b] = sum over i of a[b i] * t3[b i]
 *   b in 0..<64
 *     i in 0..<32
 *
 * 135168 flop, 6.5 per byte; workspace 16 KiB.
 * The caller gives quadratic_form_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c quadratic_form.c
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
static void quadratic_form_transpose_8_f32(const float *restrict s, float *restrict d)
{
    for (long p = 0; p < 32; p += 8) {
        const f32x8 x0 = *(const f32x8 *)(s + p);
        const f32x8 x1 = *(const f32x8 *)(s + p + 32);
        const f32x8 x2 = *(const f32x8 *)(s + p + 64);
        const f32x8 x3 = *(const f32x8 *)(s + p + 96);
        const f32x8 x4 = *(const f32x8 *)(s + p + 128);
        const f32x8 x5 = *(const f32x8 *)(s + p + 160);
        const f32x8 x6 = *(const f32x8 *)(s + p + 192);
        const f32x8 x7 = *(const f32x8 *)(s + p + 224);
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
static void quadratic_form_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 32; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 32] * bc0;
        c1_1 += a[p + 32] * bc1;
        c2_0 += a[p + 64] * bc0;
        c2_1 += a[p + 64] * bc1;
        c3_0 += a[p + 96] * bc0;
        c3_1 += a[p + 96] * bc1;
        c4_0 += a[p + 128] * bc0;
        c4_1 += a[p + 128] * bc1;
        c5_0 += a[p + 160] * bc0;
        c5_1 += a[p + 160] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 64) = c1_0;
    *(f32x8 *)(c + 72) = c1_1;
    *(f32x8 *)(c + 128) = c2_0;
    *(f32x8 *)(c + 136) = c2_1;
    *(f32x8 *)(c + 192) = c3_0;
    *(f32x8 *)(c + 200) = c3_1;
    *(f32x8 *)(c + 256) = c4_0;
    *(f32x8 *)(c + 264) = c4_1;
    *(f32x8 *)(c + 320) = c5_0;
    *(f32x8 *)(c + 328) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void quadratic_form_tilerows_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 32; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 32] * bc0;
        c1_1 += a[p + 32] * bc1;
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
            *(f32x8 *)(c + 64 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

void quadratic_form(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[i b] = sum over j of b[i j] * c[b j] */
    {
        float *const t3 = (float *)workspace;
        float *const columns6 = (float *)((char *)workspace + 8192);
        for (long b2 = 0; b2 < 64; b2 += 16) {
            long done = 0;
            for (long i = 0; done < 16; i += 8) {
                if (i + 8 > 16)
                    i = 8;
                quadratic_form_transpose_8_f32(c + 32 * b2 + 32 * i, columns6 + 32 * b2 + i);
                done = i + 8;
            }
            for (long p = 0; done < 16 && p < 32; p++) {
                for (long i = done; i < 16; i++)
                    columns6[32 * b2 + 16 * p + i] = c[32 * b2 + 32 * i + p];
            }
        }
        for (long b1 = 0; b1 < 64; b1 += 16) {
            for (long i = 0; i < 30; i += 6)
                quadratic_form_tilerows_f32_6x16(b + 32 * i, columns6 + 32 * b1, t3 + 64 * i + b1);
            quadratic_form_tilerows_f32_6x16_2(b + 960, columns6 + 32 * b1, t3 + b1 + 1920);
        }
    }
    /* out[b] = sum over i of a[b i] * t3[b i] */
    {
        float *const t3 = (float *)workspace;
        float s[1] = {0};
        for (long i = 0; i < 64; i++) {
            float *const o = out + i;
            const float *const x = a + 32 * i;
            const float *const y = t3 + i;
            s[0] = 0;
            for (long j = 0; j < 32; j++)
                s[0] = __builtin_fmaf(x[j], y[64 * j], s[0]);
            o[0] = s[0];
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t quadratic_form_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t quadratic_form_workspace_size(void)
{
    return 16384;
}
