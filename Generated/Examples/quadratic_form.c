/* bi,ij,bj->b   float32   b=64 i=32 j=32
 *
 *   a    [64][32]              8 KiB
 *   b    [32][32]              4 KiB
 *   c    [64][32]              8 KiB
 *   out  [64]                  256 bytes
 *
 * t3[b i] = sum over j of b[i j] * c[b j]
 *   b in 0..<64
 *     i in 0..<32                 vectors
 *       j in 0..<32               b by way of the workspace
 * out[b] = sum over i of a[b i] * t3[b i]
 *   b in 0..<64
 *     i in 0..<32                 vectors
 *
 * 135168 flop, 6.5 per byte; workspace 12.1 KiB.
 * The caller gives quadratic_form_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c quadratic_form.c
 */

#include <stdlib.h>

typedef unsigned int es_bits32 __attribute__((may_alias));
typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void quadratic_form_transpose_8_u32(const es_bits32 *restrict s, es_bits32 *restrict d)
{
    for (long p = 0; p < 32; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 32);
        const u32x8 x2 = *(const u32x8 *)(s + p + 64);
        const u32x8 x3 = *(const u32x8 *)(s + p + 96);
        const u32x8 x4 = *(const u32x8 *)(s + p + 128);
        const u32x8 x5 = *(const u32x8 *)(s + p + 160);
        const u32x8 x6 = *(const u32x8 *)(s + p + 192);
        const u32x8 x7 = *(const u32x8 *)(s + p + 224);
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
        *(u32x8 *)(d + 32 * p) = y16;
        *(u32x8 *)(d + 32 * p + 32) = y18;
        *(u32x8 *)(d + 32 * p + 64) = y20;
        *(u32x8 *)(d + 32 * p + 96) = y22;
        *(u32x8 *)(d + 32 * p + 128) = y17;
        *(u32x8 *)(d + 32 * p + 160) = y19;
        *(u32x8 *)(d + 32 * p + 192) = y21;
        *(u32x8 *)(d + 32 * p + 224) = y23;
    }
}

/* Blocks of 6 rows of 2 x 8 components. */
static void quadratic_form_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 32; p++, a++, b += 32) {
        __builtin_prefetch(b);
        __builtin_prefetch(b + 8);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[32] * b0;
        c1_1 += a[32] * b1;
        c2_0 += a[64] * b0;
        c2_1 += a[64] * b1;
        c3_0 += a[96] * b0;
        c3_1 += a[96] * b1;
        c4_0 += a[128] * b0;
        c4_1 += a[128] * b1;
        c5_0 += a[160] * b0;
        c5_1 += a[160] * b1;
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

/* Blocks of 5 rows of 2 x 8 components. */
static void quadratic_form_columns_5x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 32; p++, a++, b += 32) {
        __builtin_prefetch(b);
        __builtin_prefetch(b + 8);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[32] * b0;
        c1_1 += a[32] * b1;
        c2_0 += a[64] * b0;
        c2_1 += a[64] * b1;
        c3_0 += a[96] * b0;
        c3_1 += a[96] * b1;
        c4_0 += a[128] * b0;
        c4_1 += a[128] * b1;
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
}

/* out[i] (+)= the sum over j < n of x[i, j] * y[i, j], for i < rows. */
static void quadratic_form_short_sums_product_f32(float *restrict out, const float *restrict x,
        const float *restrict y)
{
    for (long i = 0; i < 56; i += 8, x += 256, y += 256) {
        f32x8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
        for (long j = 0; j < 32; j += 8) {
            s0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            s1 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
            s2 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
            s3 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
            s4 += *(const f32x8 *)(x + j + 128) * *(const f32x8 *)(y + j + 128);
            s5 += *(const f32x8 *)(x + j + 160) * *(const f32x8 *)(y + j + 160);
            s6 += *(const f32x8 *)(x + j + 192) * *(const f32x8 *)(y + j + 192);
            s7 += *(const f32x8 *)(x + j + 224) * *(const f32x8 *)(y + j + 224);
        }
        const f32x8 t1 = __builtin_shufflevector(s0, s1, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s0, s1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(s2, s3, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s2, s3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(s4, s5, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s4, s5, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t4 = __builtin_shufflevector(s6, s7, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(s6, s7, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t5 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x8 t6 = __builtin_shufflevector(t3, t4, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t3, t4, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x8 t7 = __builtin_shufflevector(t5, t6, 0, 2, 4, 6, 8, 10,
                12, 14) + __builtin_shufflevector(t5, t6, 1, 3, 5, 7, 9, 11, 13, 15);
        *(f32x8 *)(out + i) = t7;
    }
    f32x8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
    for (long j = 0; j < 32; j += 8) {
        s0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        s1 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        s2 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
        s3 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
        s4 += *(const f32x8 *)(x + j + 128) * *(const f32x8 *)(y + j + 128);
        s5 += *(const f32x8 *)(x + j + 160) * *(const f32x8 *)(y + j + 160);
        s6 += *(const f32x8 *)(x + j + 192) * *(const f32x8 *)(y + j + 192);
        s7 += *(const f32x8 *)(x + j + 224) * *(const f32x8 *)(y + j + 224);
    }
    const f32x8 t1 = __builtin_shufflevector(s0, s1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s0,
            s1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2 = __builtin_shufflevector(s2, s3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s2,
            s3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t3 = __builtin_shufflevector(s4, s5, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s4,
            s5, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t4 = __builtin_shufflevector(s6, s7, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(s6,
            s7, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t5 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1,
            t2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x8 t6 = __builtin_shufflevector(t3, t4, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t3,
            t4, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x8 t7 = __builtin_shufflevector(t5, t6, 0, 2, 4, 6, 8, 10, 12, 14) + __builtin_shufflevector(t5,
            t6, 1, 3, 5, 7, 9, 11, 13, 15);
    *(f32x8 *)(out + 56) = t7;
    x += 256;
    y += 256;
}

void quadratic_form(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t3[b i] = sum over j of b[i j] * c[b j] */
    {
        float *const t3 = (float *)workspace;
        float *const block5 = (float *)((char *)workspace + 8192);
        es_bits32 *const out2 = (es_bits32 *)block5;
        const es_bits32 *const a2 = (const es_bits32 *)b;
        for (long j = 0; j < 32; j += 8)
            quadratic_form_transpose_8_u32(a2 + 32 * j, out2 + j);
        for (long i = 0; i < 9; i++) {
            const long r = 6 * i;
            quadratic_form_columns_6x2x8_f32(t3 + 32 * r, c + 32 * r, block5);
        }
        for (long i = 9; i < 11; i++) {
            const long r = 5 * i + 9;
            quadratic_form_columns_5x2x8_f32(t3 + 32 * r, c + 32 * r, block5);
        }
        for (long i = 0; i < 9; i++) {
            const long r = 6 * i;
            quadratic_form_columns_6x2x8_f32(t3 + 32 * r + 16, c + 32 * r, block5 + 16);
        }
        for (long i = 9; i < 11; i++) {
            const long r = 5 * i + 9;
            quadratic_form_columns_5x2x8_f32(t3 + 32 * r + 16, c + 32 * r, block5 + 16);
        }
    }
    /* out[b] = sum over i of a[b i] * t3[b i] */
    {
        float *const t3 = (float *)workspace;
        quadratic_form_short_sums_product_f32(out, a, t3);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t quadratic_form_workspace_size(void)
{
    return 12288 + 63;
}
