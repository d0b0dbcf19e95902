/* ij,jk->ik   float16   i=32 j=48 k=40
 *
 *   a    [32][48]             (bits of float16)  3 KiB
 *   b    [48][40]             (bits of float16)  3.8 KiB
 *   out  [32][40]             (bits of float16)  2.5 KiB
 *
 * t2[ij] = a[ij], converted
 *   ij in 0..<1536                i and j folded; vectors
 * t3[jk] = b[jk], converted
 *   jk in 0..<1920                j and k folded; vectors
 * t4[i k] = sum over j of t2[i j] * t3[j k]
 *   i in 0..<32
 *     k in 0..<40                 vectors
 *       j in 0..<48
 * out[ik] = t4[ik], converted
 *   ik in 0..<1280                i and k folded; vectors
 *
 * 122880 flop, 13 per byte; workspace 18.6 KiB.
 * The caller gives half_product_workspace_size() bytes of workspace, with any alignment.
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

/* Blocks of 6 rows of 2 x 8 components. */
static void half_product_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 48; p++, a++, b += 40) {
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 9);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
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
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 9);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
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
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
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
    /* t3[jk] = b[jk], converted */
    {
        float *const t3 = (float *)((char *)workspace + 6144);
        for (long j = 0; j < 1920; j++)
            t3[j] = half_product_half_to_float(b[j]);
    }
    /* t4[i k] = sum over j of t2[i j] * t3[j k] */
    {
        float *const t2 = (float *)workspace;
        float *const t3 = (float *)((char *)workspace + 6144);
        float *const t4 = (float *)((char *)workspace + 13824);
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            half_product_columns_6x2x8_f32(t4 + 40 * r, t2 + 48 * r, t3);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            half_product_columns_5x2x8_f32(t4 + 40 * r, t2 + 48 * r, t3);
        }
        for (long i = 0; i < 4; i++) {
            const long r = 8 * i;
            half_product_columns_8x1x8_f32(t4 + 40 * r + 16, t2 + 48 * r, t3 + 16);
        }
        for (long i = 0; i < 2; i++) {
            const long r = 6 * i;
            half_product_columns_6x2x8_f32(t4 + 40 * r + 24, t2 + 48 * r, t3 + 24);
        }
        for (long i = 2; i < 6; i++) {
            const long r = 5 * i + 2;
            half_product_columns_5x2x8_f32(t4 + 40 * r + 24, t2 + 48 * r, t3 + 24);
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

/* The bytes of workspace that a call needs. */
size_t half_product_workspace_size(void)
{
    return 18944 + 63;
}
