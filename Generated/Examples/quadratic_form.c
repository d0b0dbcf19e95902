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
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

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

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void quadratic_form_dot4_product_uu_f32(const float *x, long xs, const float *y, long ys,
        long gap, float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    const long ahead = gap + 64;
    p_0 += *(const f32x8 *)x * *(const f32x8 *)y;
    p_0 += *(const f32x8 *)(x + 8) * *(const f32x8 *)(y + 8);
    __builtin_prefetch(x + ahead);
    p_1 += *(const f32x8 *)(x + xs) * *(const f32x8 *)(y + ys);
    p_1 += *(const f32x8 *)(x + xs + 8) * *(const f32x8 *)(y + ys + 8);
    __builtin_prefetch(x + xs + ahead);
    p_2 += *(const f32x8 *)(x + 2 * xs) * *(const f32x8 *)(y + 2 * ys);
    p_2 += *(const f32x8 *)(x + 2 * xs + 8) * *(const f32x8 *)(y + 2 * ys + 8);
    __builtin_prefetch(x + 2 * xs + ahead);
    p_3 += *(const f32x8 *)(x + 3 * xs) * *(const f32x8 *)(y + 3 * ys);
    p_3 += *(const f32x8 *)(x + 3 * xs + 8) * *(const f32x8 *)(y + 3 * ys + 8);
    __builtin_prefetch(x + 3 * xs + ahead);
    const long ahead2 = gap + 80;
    p_0 += *(const f32x8 *)(x + 16) * *(const f32x8 *)(y + 16);
    p_0 += *(const f32x8 *)(x + 24) * *(const f32x8 *)(y + 24);
    __builtin_prefetch(x + ahead2);
    p_1 += *(const f32x8 *)(x + xs + 16) * *(const f32x8 *)(y + ys + 16);
    p_1 += *(const f32x8 *)(x + xs + 24) * *(const f32x8 *)(y + ys + 24);
    __builtin_prefetch(x + xs + ahead2);
    p_2 += *(const f32x8 *)(x + 2 * xs + 16) * *(const f32x8 *)(y + 2 * ys + 16);
    p_2 += *(const f32x8 *)(x + 2 * xs + 24) * *(const f32x8 *)(y + 2 * ys + 24);
    __builtin_prefetch(x + 2 * xs + ahead2);
    p_3 += *(const f32x8 *)(x + 3 * xs + 16) * *(const f32x8 *)(y + 3 * ys + 16);
    p_3 += *(const f32x8 *)(x + 3 * xs + 24) * *(const f32x8 *)(y + 3 * ys + 24);
    __builtin_prefetch(x + 3 * xs + ahead2);
    const f32x8 t0_1 = __builtin_shufflevector(p_0, p_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(p_0, p_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_2 = __builtin_shufflevector(p_2, p_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(p_2, p_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3,
            t0_3, 1, 3, 5, 7);
    *(f32x4 *)s = t0_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void quadratic_form_dot4_product_uu_f32_2(const float *x, const float *y, float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    p_0 += *(const f32x8 *)x * *(const f32x8 *)y;
    p_0 += *(const f32x8 *)(x + 8) * *(const f32x8 *)(y + 8);
    __builtin_prefetch(x + 160);
    p_1 += *(const f32x8 *)(x + 32) * *(const f32x8 *)(y + 32);
    p_1 += *(const f32x8 *)(x + 40) * *(const f32x8 *)(y + 40);
    __builtin_prefetch(x + 192);
    p_2 += *(const f32x8 *)(x + 64) * *(const f32x8 *)(y + 64);
    p_2 += *(const f32x8 *)(x + 72) * *(const f32x8 *)(y + 72);
    __builtin_prefetch(x + 224);
    p_3 += *(const f32x8 *)(x + 96) * *(const f32x8 *)(y + 96);
    p_3 += *(const f32x8 *)(x + 104) * *(const f32x8 *)(y + 104);
    __builtin_prefetch(x + 256);
    p_0 += *(const f32x8 *)(x + 16) * *(const f32x8 *)(y + 16);
    p_0 += *(const f32x8 *)(x + 24) * *(const f32x8 *)(y + 24);
    __builtin_prefetch(x + 176);
    p_1 += *(const f32x8 *)(x + 48) * *(const f32x8 *)(y + 48);
    p_1 += *(const f32x8 *)(x + 56) * *(const f32x8 *)(y + 56);
    __builtin_prefetch(x + 208);
    p_2 += *(const f32x8 *)(x + 80) * *(const f32x8 *)(y + 80);
    p_2 += *(const f32x8 *)(x + 88) * *(const f32x8 *)(y + 88);
    __builtin_prefetch(x + 240);
    p_3 += *(const f32x8 *)(x + 112) * *(const f32x8 *)(y + 112);
    p_3 += *(const f32x8 *)(x + 120) * *(const f32x8 *)(y + 120);
    __builtin_prefetch(x + 272);
    const f32x8 t0_1 = __builtin_shufflevector(p_0, p_1, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(p_0, p_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_2 = __builtin_shufflevector(p_2, p_3, 0, 1, 2, 3, 8, 9,
            10, 11) + __builtin_shufflevector(p_2, p_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
            12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3,
            t0_3, 1, 3, 5, 7);
    *(f32x4 *)s = t0_4;
}

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void quadratic_form_row_sums_product_uu_f32(float *restrict out, const float *x, const float *y)
{
    float s[8];
    float tree[384];
    long i = 0;
    while (i <= 60) {
        const long part = ((-i + 64) / 4 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 32 : 96 * part + 32;
            const long gap = next - 32;
            quadratic_form_dot4_product_uu_f32(x + 32 * i, 32 * part, y + 32 * i, 32 * part, gap, s);
            for (long r = 0; r < 4; r++) {
                {
                    float *const o = out + i + r * part * 1;
                    o[0] = s[r];
                }
            }
        }
        i += 3 * part;
    }
    long leaves = 0;
    for (; i + 4 <= 64; i += 4) {
        quadratic_form_dot4_product_uu_f32_2(x + 32 * i, y + 32 * i, s);
        for (long r = 0; r < 4; r++) {
            long number = leaves++;
            float *tree2 = tree;
            for (; number & 1; number >>= 1) {
                s[r] = tree2[0] + s[r];
                tree2++;
            }
            tree2[0] = s[r];
        }
    }
    for (; i < 64; i++) {
        f32x8 p_0 = {0};
        for (long j = 0; j < 32; j += 8) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(p_0));
            #endif
            p_0 += *(const f32x8 *)(x + 32 * i + j) * *(const f32x8 *)(y + 32 * i + j);
        }
        f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
                6, 7);
        f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
        float p_1 = p_2[0] + p_2[1];
        s[0] = p_1;
        long number = leaves++;
        float *tree2 = tree;
        for (; number & 1; number >>= 1) {
            s[0] = tree2[0] + s[0];
            tree2++;
        }
        tree2[0] = s[0];
        long number3 = leaves;
        float *tree3 = tree;
        for (; !(number3 & 1); number3 >>= 1)
            tree3++;
        s[0] = tree3[0];
        while (number3 >>= 1) {
            tree3++;
            if (number3 & 1)
                s[0] = tree3[0] + s[0];
        }
        {
            float *const o = out + i;
            o[0] = s[0];
        }
        leaves = 0;
    }
    if (leaves > 0) {
        long number = leaves;
        float *tree2 = tree;
        for (; !(number & 1); number >>= 1)
            tree2++;
        s[0] = tree2[0];
        while (number >>= 1) {
            tree2++;
            if (number & 1)
                s[0] = tree2[0] + s[0];
        }
        out[0] = s[0];
    }
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
        quadratic_form_row_sums_product_uu_f32(out, a, t3);
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
