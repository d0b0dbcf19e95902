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
 *   i in 0..<32
 *     k in 0..<40
 *       j in 0..<48
 * out[ik] = t4[ik], converted
 *   ik in 0..<1280
 *
 * 122880 flop, 13 per byte; workspace 26.1 KiB.
 * The caller gives half_product_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c half_product.c
 */

#include <stdlib.h>

typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));
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
static void half_product_transpose_8_u32(const unsigned int *restrict s, unsigned int *restrict d)
{
    for (long p = 0; p < 48; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 48);
        const u32x8 x2 = *(const u32x8 *)(s + p + 96);
        const u32x8 x3 = *(const u32x8 *)(s + p + 144);
        const u32x8 x4 = *(const u32x8 *)(s + p + 192);
        const u32x8 x5 = *(const u32x8 *)(s + p + 240);
        const u32x8 x6 = *(const u32x8 *)(s + p + 288);
        const u32x8 x7 = *(const u32x8 *)(s + p + 336);
        const u32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(u32x8 *)(d + 40 * p) = y16;
        *(u32x8 *)(d + 40 * p + 40) = y18;
        *(u32x8 *)(d + 40 * p + 80) = y20;
        *(u32x8 *)(d + 40 * p + 120) = y22;
        *(u32x8 *)(d + 40 * p + 160) = y17;
        *(u32x8 *)(d + 40 * p + 200) = y19;
        *(u32x8 *)(d + 40 * p + 240) = y21;
        *(u32x8 *)(d + 40 * p + 280) = y23;
    }
}

/* Blocks of 6 rows of 2 x 8 components. */
static void half_product_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        __builtin_prefetch(b);
        __builtin_prefetch(b + 8);
        const f32x8 b0 = *(const f32x8 *)b;
        const f32x8 b1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[48] * b0;
        c1_1 += a[48] * b1;
        c2_0 += a[96] * b0;
        c2_1 += a[96] * b1;
        c3_0 += a[144] * b0;
        c3_1 += a[144] * b1;
        c4_0 += a[192] * b0;
        c4_1 += a[192] * b1;
        c5_0 += a[240] * b0;
        c5_1 += a[240] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 40) = c1_0;
    *(f32x8 *)(o + 48) = c1_1;
    *(f32x8 *)(o + 80) = c2_0;
    *(f32x8 *)(o + 88) = c2_1;
    *(f32x8 *)(o + 120) = c3_0;
    *(f32x8 *)(o + 128) = c3_1;
    *(f32x8 *)(o + 160) = c4_0;
    *(f32x8 *)(o + 168) = c4_1;
    *(f32x8 *)(o + 200) = c5_0;
    *(f32x8 *)(o + 208) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void half_product_columns_5x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        __builtin_prefetch(b);
        __builtin_prefetch(b + 8);
        const f32x8 b0 = *(const f32x8 *)b;
        const f32x8 b1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[48] * b0;
        c1_1 += a[48] * b1;
        c2_0 += a[96] * b0;
        c2_1 += a[96] * b1;
        c3_0 += a[144] * b0;
        c3_1 += a[144] * b1;
        c4_0 += a[192] * b0;
        c4_1 += a[192] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 40) = c1_0;
    *(f32x8 *)(o + 48) = c1_1;
    *(f32x8 *)(o + 80) = c2_0;
    *(f32x8 *)(o + 88) = c2_1;
    *(f32x8 *)(o + 120) = c3_0;
    *(f32x8 *)(o + 128) = c3_1;
    *(f32x8 *)(o + 160) = c4_0;
    *(f32x8 *)(o + 168) = c4_1;
}

/* Blocks of 8 rows of 1 x 8 components. */
static void half_product_columns_8x1x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        const f32x8 b0 = *(const f32x8 *)b;
        c0_0 += a[0] * b0;
        c1_0 += a[48] * b0;
        c2_0 += a[96] * b0;
        c3_0 += a[144] * b0;
        c4_0 += a[192] * b0;
        c5_0 += a[240] * b0;
        c6_0 += a[288] * b0;
        c7_0 += a[336] * b0;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 40) = c1_0;
    *(f32x8 *)(o + 80) = c2_0;
    *(f32x8 *)(o + 120) = c3_0;
    *(f32x8 *)(o + 160) = c4_0;
    *(f32x8 *)(o + 200) = c5_0;
    *(f32x8 *)(o + 240) = c6_0;
    *(f32x8 *)(o + 280) = c7_0;
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
    workspace = (char *)workspace + (-(size_t)workspace & 63);
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
        float *const block6 = (float *)((char *)workspace + 18944);
        unsigned int *const out2 = (unsigned int *)block6;
        const unsigned int *const a2 = (unsigned int *)t3;
        for (long j = 0, done = 0; done < 40; j += 8) {
            if (j + 8 > 40)
                j = 32;
            half_product_transpose_8_u32(a2 + 48 * j, out2 + j);
            done = j + 8;
        }
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            half_product_columns_6x2x8_f32(t4 + 40 * r, t2 + 48 * r, block6);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            half_product_columns_5x2x8_f32(t4 + 40 * r, t2 + 48 * r, block6);
        }
        for (long i = 0; i < 4; i++) {
            const long r = 8 * i;
            half_product_columns_8x1x8_f32(t4 + 40 * r + 16, t2 + 48 * r, block6 + 16);
        }
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            half_product_columns_6x2x8_f32(t4 + 40 * r + 24, t2 + 48 * r, block6 + 24);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            half_product_columns_5x2x8_f32(t4 + 40 * r + 24, t2 + 48 * r, block6 + 24);
        }
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
    return 26624 + 63;
}
