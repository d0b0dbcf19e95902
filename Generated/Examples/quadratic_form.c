/* bi,ij,bj->b   float32   b=64 i=32 j=32
 *
 *   a    [64][32]              8 KiB
 *   b    [32][32]              4 KiB
 *   c    [64][32]              8 KiB
 *   out  [64]                  256 bytes
 *
 * t3[b i] = sum over j of b[i j] * c[b j]
 *   i in 0..<32
 *     j in 0..<32   a block of b is packed
 *       b in 0..<64   a block of c is packed
 *         tiles of 6 x 16 in registers
 * out[b] = sum over i of a[b i] * t3[b i]
 *   b in 0..<64
 *     i in 0..<32
 *
 * 135168 flop, 6.5 per byte; workspace 20.3 KiB.
 * The caller gives quadratic_form_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c quadratic_form.c
 */

#include <stdlib.h>

typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void quadratic_form_pack_f32_6(const float *restrict source, float *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 6; i += 4) {
        if (i + 4 > 6)
            i = 2;
        for (long p = 0; p < 32; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 32 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 32 * i + p + 32);
            const f32x4 x2 = *(const f32x4 *)(source + 32 * i + p + 64);
            const f32x4 x3 = *(const f32x4 *)(source + 32 * i + p + 96);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 6 && p < 32; p++) {
        for (long i = done; i < 6; i++)
            panel[6 * p + i] = source[32 * i + p];
    }
}

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void quadratic_form_pack_f32_6_2(const float *restrict source, float *restrict panel)
{
    for (long p = 0; p < 192; p++)
        panel[p] = 0;
    long done = 0;
    for (long i = 0; done < 4; i += 4) {
        if (i + 4 > 4)
            i = 0;
        for (long p = 0; p < 32; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 32 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 32 * i + p + 32);
            const f32x4 x2 = *(const f32x4 *)(source + 32 * i + p + 64);
            const f32x4 x3 = *(const f32x4 *)(source + 32 * i + p + 96);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 4 && p < 32; p++) {
        for (long i = done; i < 4; i++)
            panel[6 * p + i] = source[32 * i + p];
    }
}

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

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void quadratic_form_tile_f32_6x16(const float *restrict a, const float *restrict b, float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 32; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 32) = c1_0;
    *(f32x8 *)(c + 40) = c1_1;
    *(f32x8 *)(c + 64) = c2_0;
    *(f32x8 *)(c + 72) = c2_1;
    *(f32x8 *)(c + 96) = c3_0;
    *(f32x8 *)(c + 104) = c3_1;
    *(f32x8 *)(c + 128) = c4_0;
    *(f32x8 *)(c + 136) = c4_1;
    *(f32x8 *)(c + 160) = c5_0;
    *(f32x8 *)(c + 168) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void quadratic_form_tile_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 32; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
        c0_0 += a[0] * bc0;
        c0_1 += a[0] * bc1;
        c1_0 += a[1] * bc0;
        c1_1 += a[1] * bc1;
        c2_0 += a[2] * bc0;
        c2_1 += a[2] * bc1;
        c3_0 += a[3] * bc0;
        c3_1 += a[3] * bc1;
        c4_0 += a[4] * bc0;
        c4_1 += a[4] * bc1;
        c5_0 += a[5] * bc0;
        c5_1 += a[5] * bc1;
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
    for (long i = 0; i < 4; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)(c + 32 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void quadratic_form_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 32 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 128);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 136);
            pc0_1 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
            __builtin_prefetch(x + j + 160);
            pc1_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j + 40);
            __builtin_prefetch(x + j + 168);
            pc0_2 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
            __builtin_prefetch(x + j + 192);
            pc1_2 += *(const f32x8 *)(x + j + 72) * *(const f32x8 *)(y + j + 72);
            __builtin_prefetch(x + j + 200);
            pc0_3 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
            __builtin_prefetch(x + j + 224);
            pc1_3 += *(const f32x8 *)(x + j + 104) * *(const f32x8 *)(y + j + 104);
            __builtin_prefetch(x + j + 232);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 32; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 128);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 136);
        p0_1 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        __builtin_prefetch(x + j + 160);
        p1_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j + 40);
        __builtin_prefetch(x + j + 168);
        p0_2 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
        __builtin_prefetch(x + j + 192);
        p1_2 += *(const f32x8 *)(x + j + 72) * *(const f32x8 *)(y + j + 72);
        __builtin_prefetch(x + j + 200);
        p0_3 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
        __builtin_prefetch(x + j + 224);
        p1_3 += *(const f32x8 *)(x + j + 104) * *(const f32x8 *)(y + j + 104);
        __builtin_prefetch(x + j + 232);
    }
    for (; j + 8 <= 32; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 128);
        p0_1 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        __builtin_prefetch(x + j + 160);
        p0_2 += *(const f32x8 *)(x + j + 64) * *(const f32x8 *)(y + j + 64);
        __builtin_prefetch(x + j + 192);
        p0_3 += *(const f32x8 *)(x + j + 96) * *(const f32x8 *)(y + j + 96);
        __builtin_prefetch(x + j + 224);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 32) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x8 p0 = p0_0;
    f32x4 p_4 = __builtin_shufflevector(p0, p0, 0, 1, 2, 3) + __builtin_shufflevector(p0, p0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= 32) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 32) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 32)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x8 p0_4 = p0_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1, 2, 3) + __builtin_shufflevector(p0_4, p0_4, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 32) {
        p_4_2 += *(const f32x4 *)(x + j3 + 32) * *(const f32x4 *)(y + j3 + 32);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 32) {
        p_2_2 += *(const f32x2 *)(x + j3 + 32) * *(const f32x2 *)(y + j3 + 32);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 32)
        p_1_2 = __builtin_fmaf(x[j3 + 32], y[j3 + 32], p_1_2);
    s[1] = p_1_2;
    f32x8 p0_5 = p0_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1, 2, 3) + __builtin_shufflevector(p0_5, p0_5, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 32) {
        p_4_3 += *(const f32x4 *)(x + j4 + 64) * *(const f32x4 *)(y + j4 + 64);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 32) {
        p_2_3 += *(const f32x2 *)(x + j4 + 64) * *(const f32x2 *)(y + j4 + 64);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 32)
        p_1_3 = __builtin_fmaf(x[j4 + 64], y[j4 + 64], p_1_3);
    s[2] = p_1_3;
    f32x8 p0_6 = p0_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1, 2, 3) + __builtin_shufflevector(p0_6, p0_6, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 32) {
        p_4_4 += *(const f32x4 *)(x + j5 + 96) * *(const f32x4 *)(y + j5 + 96);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 32) {
        p_2_4 += *(const f32x2 *)(x + j5 + 96) * *(const f32x2 *)(y + j5 + 96);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 32)
        p_1_4 = __builtin_fmaf(x[j5 + 96], y[j5 + 96], p_1_4);
    s[3] = p_1_4;
}

void quadratic_form(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[b i] = sum over j of b[i j] * c[b j] */
    {
        float *const t3 = (float *)workspace;
        float *const rows5 = (float *)((char *)workspace + 8192);
        float *const columns6 = (float *)((char *)workspace + 16640);
        for (long b2 = 0; b2 < 60; b2 += 6)
            quadratic_form_pack_f32_6(c + 32 * b2, rows5 + 32 * b2);
        quadratic_form_pack_f32_6_2(c + 1920, rows5 + 1920);
        for (long i = 0; i < 32; i += 16) {
            long done = 0;
            for (long i2 = 0; done < 16; i2 += 8) {
                if (i2 + 8 > 16)
                    i2 = 8;
                quadratic_form_transpose_8_f32(b + 32 * i + 32 * i2, columns6 + 32 * i + i2);
                done = i2 + 8;
            }
            for (long p = 0; done < 16 && p < 32; p++) {
                for (long i2 = done; i2 < 16; i2++)
                    columns6[32 * i + 16 * p + i2] = b[32 * i + 32 * i2 + p];
            }
        }
        for (long i1 = 0; i1 < 32; i1 += 16) {
            for (long b1 = 0; b1 < 60; b1 += 6)
                quadratic_form_tile_f32_6x16(rows5 + 32 * b1, columns6 + 32 * i1, t3 + 32 * b1 + i1);
            quadratic_form_tile_f32_6x16_2(rows5 + 1920, columns6 + 32 * i1, t3 + i1 + 1920);
        }
    }
    /* out[b] = sum over i of a[b i] * t3[b i] */
    {
        float *const t3 = (float *)workspace;
        float s[4];
        for (long i = 0; i < 60; i += 4) {
            quadratic_form_dot4_product_uu_f32(a + 32 * i, t3 + 32 * i, s);
            for (long r = 0; r < 4; r++)
                out[i + r] = s[r];
        }
        quadratic_form_dot4_product_uu_f32(a + 1920, t3 + 1920, s);
        for (long r = 0; r < 4; r++)
            out[r + 60] = s[r];
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
    return 20736;
}
