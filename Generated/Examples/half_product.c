/* ij,jk->ik   float16   i=32 j=48 k=40
 *
 *   a    [32][48]             (bits of float16)  3 KiB
 *   b    [48][40]             (bits of float16)  3.8 KiB
 *   out  [32][40]             (bits of float16)  2.5 KiB
 *
 * t2[ij] = a[ij], converted
 *   ij in 0..<1536
 * t3[k j] = b[k j], converted
 *   j in 0..<48
 *     k in 0..<40
 * t4[i k] = sum over j of t2[i j] * t3[k j]
 *   k in 0..<40
 *     j in 0..<48   a block of t3 is packed
 *       i in 0..<32
 *         tiles of 6 x 16 in registers
 * out[ik] = t4[ik], converted
 *   ik in 0..<1280
 *
 * 122880 flop, 13 per byte; workspace 27.5 KiB.
 * The caller gives half_product_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c half_product.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* The number that a float16's bits stand for. */
static inline float half_product_half_to_float(unsigned short bits)
{
    _Float16 x;
    __builtin_memcpy(&x, &bits, 2);
    return (float)x;
}

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void half_product_transpose_8_f32(const float *restrict s, float *restrict d)
{
    for (long p = 0; p < 48; p += 8) {
        const f32x8 x0 = *(const f32x8 *)(s + p);
        const f32x8 x1 = *(const f32x8 *)(s + p + 48);
        const f32x8 x2 = *(const f32x8 *)(s + p + 96);
        const f32x8 x3 = *(const f32x8 *)(s + p + 144);
        const f32x8 x4 = *(const f32x8 *)(s + p + 192);
        const f32x8 x5 = *(const f32x8 *)(s + p + 240);
        const f32x8 x6 = *(const f32x8 *)(s + p + 288);
        const f32x8 x7 = *(const f32x8 *)(s + p + 336);
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
static void half_product_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 48] * bc0;
        c1_1 += a[p + 48] * bc1;
        c2_0 += a[p + 96] * bc0;
        c2_1 += a[p + 96] * bc1;
        c3_0 += a[p + 144] * bc0;
        c3_1 += a[p + 144] * bc1;
        c4_0 += a[p + 192] * bc0;
        c4_1 += a[p + 192] * bc1;
        c5_0 += a[p + 240] * bc0;
        c5_1 += a[p + 240] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 40) = c1_0;
    *(f32x8 *)(c + 48) = c1_1;
    *(f32x8 *)(c + 80) = c2_0;
    *(f32x8 *)(c + 88) = c2_1;
    *(f32x8 *)(c + 120) = c3_0;
    *(f32x8 *)(c + 128) = c3_1;
    *(f32x8 *)(c + 160) = c4_0;
    *(f32x8 *)(c + 168) = c4_1;
    *(f32x8 *)(c + 200) = c5_0;
    *(f32x8 *)(c + 208) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void half_product_tilerows_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 48] * bc0;
        c1_1 += a[p + 48] * bc1;
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
            *(f32x8 *)(c + 40 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void half_product_tilerows_f32_6x16_3(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 48] * bc0;
        c1_1 += a[p + 48] * bc1;
        c2_0 += a[p + 96] * bc0;
        c2_1 += a[p + 96] * bc1;
        c3_0 += a[p + 144] * bc0;
        c3_1 += a[p + 144] * bc1;
        c4_0 += a[p + 192] * bc0;
        c4_1 += a[p + 192] * bc1;
        c5_0 += a[p + 240] * bc0;
        c5_1 += a[p + 240] * bc1;
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
    for (long i = 0; i < 6; i++)
        *(f32x8 *)(c + 40 * i) = *(const f32x8 *)(tile + 16 * i);
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void half_product_tilerows_f32_6x16_4(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 48] * bc0;
        c1_1 += a[p + 48] * bc1;
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
    for (long i = 0; i < 2; i++)
        *(f32x8 *)(c + 40 * i) = *(const f32x8 *)(tile + 16 * i);
}

/* The bits of the float16 nearest to x. */
static inline unsigned short half_product_float_to_half(float x)
{
    const _Float16 half = (_Float16)x;
    unsigned short bits;
    __builtin_memcpy(&bits, &half, 2);
    return bits;
}

void half_product(const unsigned short *restrict a, const unsigned short *restrict b,
        unsigned short *restrict out, void *restrict workspace)
{
    /* t2[ij] = a[ij], converted */
    {
        float *const t2 = (float *)workspace;
        for (long j = 0; j < 1536; j++)
            t2[j] = half_product_half_to_float(a[j]);
    }
    /* t3[k j] = b[k j], converted */
    {
        float *const t3 = (float *)((char *)workspace + 6144);
        for (long i = 0; i < 40; i++) {
            for (long j = 0; j < 32; j++)
                t3[48 * i + j] = half_product_half_to_float(b[i + 40 * j]);
        }
        for (long i = 0; i < 40; i++) {
            for (long j = 0; j < 16; j++)
                t3[48 * i + j + 32] = half_product_half_to_float(b[i + 40 * j + 1280]);
        }
    }
    /* t4[i k] = sum over j of t2[i j] * t3[k j] */
    {
        float *const t2 = (float *)workspace;
        float *const t3 = (float *)((char *)workspace + 6144);
        float *const t4 = (float *)((char *)workspace + 13824);
        float *const columns7 = (float *)((char *)workspace + 18944);
        for (long k = 0; k < 32; k += 16) {
            long done = 0;
            for (long i = 0; done < 16; i += 8) {
                if (i + 8 > 16)
                    i = 8;
                half_product_transpose_8_f32(t3 + 48 * k + 48 * i, columns7 + 48 * k + i);
                done = i + 8;
            }
            for (long p = 0; done < 16 && p < 48; p++) {
                for (long i = done; i < 16; i++)
                    columns7[48 * k + 16 * p + i] = t3[48 * k + 48 * i + p];
            }
        }
        for (long p = 0; p < 768; p++)
            columns7[p + 1536] = 0;
        long done = 0;
        for (long i = 0; done < 8; i += 8) {
            if (i + 8 > 8)
                i = 0;
            half_product_transpose_8_f32(t3 + 48 * i + 1536, columns7 + i + 1536);
            done = i + 8;
        }
        for (long p = 0; done < 8 && p < 48; p++) {
            for (long i = done; i < 8; i++)
                columns7[16 * p + i + 1536] = t3[48 * i + p + 1536];
        }
        for (long k1 = 0; k1 < 32; k1 += 16) {
            for (long i = 0; i < 30; i += 6)
                half_product_tilerows_f32_6x16(t2 + 48 * i, columns7 + 48 * k1, t4 + 40 * i + k1);
            half_product_tilerows_f32_6x16_2(t2 + 1440, columns7 + 48 * k1, t4 + k1 + 1200);
        }
        for (long i = 0; i < 30; i += 6)
            half_product_tilerows_f32_6x16_3(t2 + 48 * i, columns7 + 1536, t4 + 40 * i + 32);
        half_product_tilerows_f32_6x16_4(t2 + 1440, columns7 + 1536, t4 + 1232);
    }
    /* out[ik] = t4[ik], converted */
    {
        float *const t4 = (float *)((char *)workspace + 13824);
        for (long j = 0; j < 1280; j++)
            out[j] = half_product_float_to_half(t4[j]);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t half_product_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t half_product_workspace_size(void)
{
    return 28160;
}
