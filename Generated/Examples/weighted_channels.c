/* bchw,c->bhw   float32   b=2 c=16 h=32 w=32
 *
 *   a    [2][16][32][32]       128 KiB
 *   b    [16]                  64 bytes
 *   out  [2][32][32]           8 KiB
 *
 * out[b hw] = sum over c of a[b hw c] * b[c]
 *   b in 0..<2
 *     hw in 0..<1024
 *       c in 0..<16
 *
 * 65536 flop, 0.5 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c weighted_channels.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* Exchanges two numbers. */
static inline void weighted_channels_exchange(long *x, long *y)
{
    const long t = *x;
    *x = *y;
    *y = t;
}

/* o[j] += the terms x[j] * y[j] of 8 rows in turn, for j < n. */
static inline void weighted_channels_add8_product_uu_f32(long n, float *restrict o, const float *restrict x,
        long xs, const float *restrict y, long ys)
{
    long j = 0;
    for (; j + 8 <= n; j += 8) {
        f32x8 s = *(f32x8 *)(o + j);
        s += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + 8 * xs + j);
        s += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + ys + j);
        __builtin_prefetch(x + 9 * xs + j);
        s += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + 2 * ys + j);
        __builtin_prefetch(x + 10 * xs + j);
        s += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + 3 * ys + j);
        __builtin_prefetch(x + 11 * xs + j);
        s += *(const f32x8 *)(x + 4 * xs + j) * *(const f32x8 *)(y + 4 * ys + j);
        __builtin_prefetch(x + 12 * xs + j);
        s += *(const f32x8 *)(x + 5 * xs + j) * *(const f32x8 *)(y + 5 * ys + j);
        __builtin_prefetch(x + 13 * xs + j);
        s += *(const f32x8 *)(x + 6 * xs + j) * *(const f32x8 *)(y + 6 * ys + j);
        __builtin_prefetch(x + 14 * xs + j);
        s += *(const f32x8 *)(x + 7 * xs + j) * *(const f32x8 *)(y + 7 * ys + j);
        __builtin_prefetch(x + 15 * xs + j);
        *(f32x8 *)(o + j) = s;
    }
    if (j + 4 <= n) {
        f32x4 s = *(f32x4 *)(o + j);
        s += *(const f32x4 *)(x + j) * *(const f32x4 *)(y + j);
        s += *(const f32x4 *)(x + xs + j) * *(const f32x4 *)(y + ys + j);
        s += *(const f32x4 *)(x + 2 * xs + j) * *(const f32x4 *)(y + 2 * ys + j);
        s += *(const f32x4 *)(x + 3 * xs + j) * *(const f32x4 *)(y + 3 * ys + j);
        s += *(const f32x4 *)(x + 4 * xs + j) * *(const f32x4 *)(y + 4 * ys + j);
        s += *(const f32x4 *)(x + 5 * xs + j) * *(const f32x4 *)(y + 5 * ys + j);
        s += *(const f32x4 *)(x + 6 * xs + j) * *(const f32x4 *)(y + 6 * ys + j);
        s += *(const f32x4 *)(x + 7 * xs + j) * *(const f32x4 *)(y + 7 * ys + j);
        *(f32x4 *)(o + j) = s;
        j += 4;
    }
    if (j + 2 <= n) {
        f32x2 s = *(f32x2 *)(o + j);
        s += *(const f32x2 *)(x + j) * *(const f32x2 *)(y + j);
        s += *(const f32x2 *)(x + xs + j) * *(const f32x2 *)(y + ys + j);
        s += *(const f32x2 *)(x + 2 * xs + j) * *(const f32x2 *)(y + 2 * ys + j);
        s += *(const f32x2 *)(x + 3 * xs + j) * *(const f32x2 *)(y + 3 * ys + j);
        s += *(const f32x2 *)(x + 4 * xs + j) * *(const f32x2 *)(y + 4 * ys + j);
        s += *(const f32x2 *)(x + 5 * xs + j) * *(const f32x2 *)(y + 5 * ys + j);
        s += *(const f32x2 *)(x + 6 * xs + j) * *(const f32x2 *)(y + 6 * ys + j);
        s += *(const f32x2 *)(x + 7 * xs + j) * *(const f32x2 *)(y + 7 * ys + j);
        *(f32x2 *)(o + j) = s;
        j += 2;
    }
    if (j < n) {
        float s = o[j];
        s = __builtin_fmaf(x[j], y[j], s);
        s = __builtin_fmaf(x[xs + j], y[ys + j], s);
        s = __builtin_fmaf(x[2 * xs + j], y[2 * ys + j], s);
        s = __builtin_fmaf(x[3 * xs + j], y[3 * ys + j], s);
        s = __builtin_fmaf(x[4 * xs + j], y[4 * ys + j], s);
        s = __builtin_fmaf(x[5 * xs + j], y[5 * ys + j], s);
        s = __builtin_fmaf(x[6 * xs + j], y[6 * ys + j], s);
        s = __builtin_fmaf(x[7 * xs + j], y[7 * ys + j], s);
        o[j] = s;
    }
}

/* o[j] += the terms x[j] * y[0] of 8 rows in turn, for j < n. */
static inline void weighted_channels_add8_product_uz_f32(long n, float *restrict o, const float *restrict x,
        long xs, const float *restrict y, long ys)
{
    long j = 0;
    for (; j + 8 <= n; j += 8) {
        f32x8 s = *(f32x8 *)(o + j);
        s += *(const f32x8 *)(x + j) * y[0];
        __builtin_prefetch(x + 8 * xs + j);
        s += *(const f32x8 *)(x + xs + j) * y[ys];
        __builtin_prefetch(x + 9 * xs + j);
        s += *(const f32x8 *)(x + 2 * xs + j) * y[2 * ys];
        __builtin_prefetch(x + 10 * xs + j);
        s += *(const f32x8 *)(x + 3 * xs + j) * y[3 * ys];
        __builtin_prefetch(x + 11 * xs + j);
        s += *(const f32x8 *)(x + 4 * xs + j) * y[4 * ys];
        __builtin_prefetch(x + 12 * xs + j);
        s += *(const f32x8 *)(x + 5 * xs + j) * y[5 * ys];
        __builtin_prefetch(x + 13 * xs + j);
        s += *(const f32x8 *)(x + 6 * xs + j) * y[6 * ys];
        __builtin_prefetch(x + 14 * xs + j);
        s += *(const f32x8 *)(x + 7 * xs + j) * y[7 * ys];
        __builtin_prefetch(x + 15 * xs + j);
        *(f32x8 *)(o + j) = s;
    }
    if (j + 4 <= n) {
        f32x4 s = *(f32x4 *)(o + j);
        s += *(const f32x4 *)(x + j) * y[0];
        s += *(const f32x4 *)(x + xs + j) * y[ys];
        s += *(const f32x4 *)(x + 2 * xs + j) * y[2 * ys];
        s += *(const f32x4 *)(x + 3 * xs + j) * y[3 * ys];
        s += *(const f32x4 *)(x + 4 * xs + j) * y[4 * ys];
        s += *(const f32x4 *)(x + 5 * xs + j) * y[5 * ys];
        s += *(const f32x4 *)(x + 6 * xs + j) * y[6 * ys];
        s += *(const f32x4 *)(x + 7 * xs + j) * y[7 * ys];
        *(f32x4 *)(o + j) = s;
        j += 4;
    }
    if (j + 2 <= n) {
        f32x2 s = *(f32x2 *)(o + j);
        s += *(const f32x2 *)(x + j) * y[0];
        s += *(const f32x2 *)(x + xs + j) * y[ys];
        s += *(const f32x2 *)(x + 2 * xs + j) * y[2 * ys];
        s += *(const f32x2 *)(x + 3 * xs + j) * y[3 * ys];
        s += *(const f32x2 *)(x + 4 * xs + j) * y[4 * ys];
        s += *(const f32x2 *)(x + 5 * xs + j) * y[5 * ys];
        s += *(const f32x2 *)(x + 6 * xs + j) * y[6 * ys];
        s += *(const f32x2 *)(x + 7 * xs + j) * y[7 * ys];
        *(f32x2 *)(o + j) = s;
        j += 2;
    }
    if (j < n) {
        float s = o[j];
        s = __builtin_fmaf(x[j], y[0], s);
        s = __builtin_fmaf(x[xs + j], y[ys], s);
        s = __builtin_fmaf(x[2 * xs + j], y[2 * ys], s);
        s = __builtin_fmaf(x[3 * xs + j], y[3 * ys], s);
        s = __builtin_fmaf(x[4 * xs + j], y[4 * ys], s);
        s = __builtin_fmaf(x[5 * xs + j], y[5 * ys], s);
        s = __builtin_fmaf(x[6 * xs + j], y[6 * ys], s);
        s = __builtin_fmaf(x[7 * xs + j], y[7 * ys], s);
        o[j] = s;
    }
}

/* out[i] (+)= the sum over j < columns of a[i, j] * b[i, j], for i < rows; a contiguous in i, b also, or constant. */
static void weighted_channels_columns_product_f32(long rows, long columns, float *restrict out, long rs_out,
        const float *restrict a, long rs_a, long cs_a, const float *restrict b, long rs_b, long cs_b)
{
    float buffer[4096];
    for (long i = 0; i < rows; i += 4096) {
        const long n = rows - i < 4096 ? rows - i : 4096;
        float *const sums = rs_out == 1 ? out + i : buffer;
        for (long r = 0; r < n; r++)
            sums[r] = 0;
        const float *const x = a + i * rs_a;
        const float *const y = b + i * rs_b;
        for (long j = 0; j + 8 <= columns; j += 8) {
            if (rs_b == 1)
                weighted_channels_add8_product_uu_f32(n, sums, x + j * cs_a, cs_a, y + j * cs_b, cs_b);
            else
                weighted_channels_add8_product_uz_f32(n, sums, x + j * cs_a, cs_a, y + j * cs_b, cs_b);
        }
        for (long j = columns - columns % 8; j < columns; j++) {
            if (rs_b == 1) {
                const float *const x2 = x + j * cs_a;
                const float *const y2 = y + j * cs_b;
                long j2 = 0;
                for (; j2 + 8 <= n; j2 += 8) {
                    f32x8 s = *(f32x8 *)(sums + j2);
                    s += *(const f32x8 *)(x2 + j2) * *(const f32x8 *)(y2 + j2);
                    *(f32x8 *)(sums + j2) = s;
                }
                if (j2 + 4 <= n) {
                    f32x4 s = *(f32x4 *)(sums + j2);
                    s += *(const f32x4 *)(x2 + j2) * *(const f32x4 *)(y2 + j2);
                    *(f32x4 *)(sums + j2) = s;
                    j2 += 4;
                }
                if (j2 + 2 <= n) {
                    f32x2 s = *(f32x2 *)(sums + j2);
                    s += *(const f32x2 *)(x2 + j2) * *(const f32x2 *)(y2 + j2);
                    *(f32x2 *)(sums + j2) = s;
                    j2 += 2;
                }
                if (j2 < n) {
                    float s = sums[j2];
                    s = __builtin_fmaf(x2[j2], y2[j2], s);
                    sums[j2] = s;
                }
            } else {
                const float *const x2 = x + j * cs_a;
                const float *const y2 = y + j * cs_b;
                long j2 = 0;
                for (; j2 + 8 <= n; j2 += 8) {
                    f32x8 s = *(f32x8 *)(sums + j2);
                    s += *(const f32x8 *)(x2 + j2) * y2[0];
                    *(f32x8 *)(sums + j2) = s;
                }
                if (j2 + 4 <= n) {
                    f32x4 s = *(f32x4 *)(sums + j2);
                    s += *(const f32x4 *)(x2 + j2) * y2[0];
                    *(f32x4 *)(sums + j2) = s;
                    j2 += 4;
                }
                if (j2 + 2 <= n) {
                    f32x2 s = *(f32x2 *)(sums + j2);
                    s += *(const f32x2 *)(x2 + j2) * y2[0];
                    *(f32x2 *)(sums + j2) = s;
                    j2 += 2;
                }
                if (j2 < n) {
                    float s = sums[j2];
                    s = __builtin_fmaf(x2[j2], y2[0], s);
                    sums[j2] = s;
                }
            }
        }
        for (long r = 0; rs_out != 1 && r < n; r++)
            out[(i + r) * rs_out] = buffer[r];
    }
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void weighted_channels_dot4_product_uu_f32(long n, const float *x, long xs, const float *y,
        long ys, long ahead, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (n - j >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + ahead + j);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + j + 8);
            pc0_1 += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + ys + j);
            __builtin_prefetch(x + xs + ahead + j);
            pc1_1 += *(const f32x8 *)(x + xs + j + 8) * *(const f32x8 *)(y + ys + j + 8);
            __builtin_prefetch(x + xs + ahead + j + 8);
            pc0_2 += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + 2 * ys + j);
            __builtin_prefetch(x + 2 * xs + ahead + j);
            pc1_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * *(const f32x8 *)(y + 2 * ys + j + 8);
            __builtin_prefetch(x + 2 * xs + ahead + j + 8);
            pc0_3 += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + 3 * ys + j);
            __builtin_prefetch(x + 3 * xs + ahead + j);
            pc1_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * *(const f32x8 *)(y + 3 * ys + j + 8);
            __builtin_prefetch(x + 3 * xs + ahead + j + 8);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= n; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + ahead + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + ahead + j + 8);
        p0_1 += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + ys + j);
        __builtin_prefetch(x + xs + ahead + j);
        p1_1 += *(const f32x8 *)(x + xs + j + 8) * *(const f32x8 *)(y + ys + j + 8);
        __builtin_prefetch(x + xs + ahead + j + 8);
        p0_2 += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + 2 * ys + j);
        __builtin_prefetch(x + 2 * xs + ahead + j);
        p1_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * *(const f32x8 *)(y + 2 * ys + j + 8);
        __builtin_prefetch(x + 2 * xs + ahead + j + 8);
        p0_3 += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + 3 * ys + j);
        __builtin_prefetch(x + 3 * xs + ahead + j);
        p1_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * *(const f32x8 *)(y + 3 * ys + j + 8);
        __builtin_prefetch(x + 3 * xs + ahead + j + 8);
    }
    for (; j + 8 <= n; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + ahead + j);
        p0_1 += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + ys + j);
        __builtin_prefetch(x + xs + ahead + j);
        p0_2 += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + 2 * ys + j);
        __builtin_prefetch(x + 2 * xs + ahead + j);
        p0_3 += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + 3 * ys + j);
        __builtin_prefetch(x + 3 * xs + ahead + j);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == n) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= n) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= n) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < n)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= n) {
        p_4_2 += *(const f32x4 *)(x + xs + j3) * *(const f32x4 *)(y + ys + j3);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= n) {
        p_2_2 += *(const f32x2 *)(x + xs + j3) * *(const f32x2 *)(y + ys + j3);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < n)
        p_1_2 = __builtin_fmaf(x[xs + j3], y[ys + j3], p_1_2);
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= n) {
        p_4_3 += *(const f32x4 *)(x + 2 * xs + j4) * *(const f32x4 *)(y + 2 * ys + j4);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= n) {
        p_2_3 += *(const f32x2 *)(x + 2 * xs + j4) * *(const f32x2 *)(y + 2 * ys + j4);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < n)
        p_1_3 = __builtin_fmaf(x[2 * xs + j4], y[2 * ys + j4], p_1_3);
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= n) {
        p_4_4 += *(const f32x4 *)(x + 3 * xs + j5) * *(const f32x4 *)(y + 3 * ys + j5);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= n) {
        p_2_4 += *(const f32x2 *)(x + 3 * xs + j5) * *(const f32x2 *)(y + 3 * ys + j5);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < n)
        p_1_4 = __builtin_fmaf(x[3 * xs + j5], y[3 * ys + j5], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void weighted_channels_dot4_product_uu_f32_2(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 2048 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 8);
            pc0_1 += *(const f32x8 *)(x + j + 2048) * *(const f32x8 *)(y + j + 2048);
            __builtin_prefetch(x + j + 2048);
            pc1_1 += *(const f32x8 *)(x + j + 2056) * *(const f32x8 *)(y + j + 2056);
            __builtin_prefetch(x + j + 2056);
            pc0_2 += *(const f32x8 *)(x + j + 4096) * *(const f32x8 *)(y + j + 4096);
            __builtin_prefetch(x + j + 4096);
            pc1_2 += *(const f32x8 *)(x + j + 4104) * *(const f32x8 *)(y + j + 4104);
            __builtin_prefetch(x + j + 4104);
            pc0_3 += *(const f32x8 *)(x + j + 6144) * *(const f32x8 *)(y + j + 6144);
            __builtin_prefetch(x + j + 6144);
            pc1_3 += *(const f32x8 *)(x + j + 6152) * *(const f32x8 *)(y + j + 6152);
            __builtin_prefetch(x + j + 6152);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 2048; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 8);
        p0_1 += *(const f32x8 *)(x + j + 2048) * *(const f32x8 *)(y + j + 2048);
        __builtin_prefetch(x + j + 2048);
        p1_1 += *(const f32x8 *)(x + j + 2056) * *(const f32x8 *)(y + j + 2056);
        __builtin_prefetch(x + j + 2056);
        p0_2 += *(const f32x8 *)(x + j + 4096) * *(const f32x8 *)(y + j + 4096);
        __builtin_prefetch(x + j + 4096);
        p1_2 += *(const f32x8 *)(x + j + 4104) * *(const f32x8 *)(y + j + 4104);
        __builtin_prefetch(x + j + 4104);
        p0_3 += *(const f32x8 *)(x + j + 6144) * *(const f32x8 *)(y + j + 6144);
        __builtin_prefetch(x + j + 6144);
        p1_3 += *(const f32x8 *)(x + j + 6152) * *(const f32x8 *)(y + j + 6152);
        __builtin_prefetch(x + j + 6152);
    }
    for (; j + 8 <= 2048; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j);
        p0_1 += *(const f32x8 *)(x + j + 2048) * *(const f32x8 *)(y + j + 2048);
        __builtin_prefetch(x + j + 2048);
        p0_2 += *(const f32x8 *)(x + j + 4096) * *(const f32x8 *)(y + j + 4096);
        __builtin_prefetch(x + j + 4096);
        p0_3 += *(const f32x8 *)(x + j + 6144) * *(const f32x8 *)(y + j + 6144);
        __builtin_prefetch(x + j + 6144);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 2048) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= 2048) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 2048) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 2048)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 2048) {
        p_4_2 += *(const f32x4 *)(x + j3 + 2048) * *(const f32x4 *)(y + j3 + 2048);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 2048) {
        p_2_2 += *(const f32x2 *)(x + j3 + 2048) * *(const f32x2 *)(y + j3 + 2048);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 2048)
        p_1_2 = __builtin_fmaf(x[j3 + 2048], y[j3 + 2048], p_1_2);
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 2048) {
        p_4_3 += *(const f32x4 *)(x + j4 + 4096) * *(const f32x4 *)(y + j4 + 4096);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 2048) {
        p_2_3 += *(const f32x2 *)(x + j4 + 4096) * *(const f32x2 *)(y + j4 + 4096);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 2048)
        p_1_3 = __builtin_fmaf(x[j4 + 4096], y[j4 + 4096], p_1_3);
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 2048) {
        p_4_4 += *(const f32x4 *)(x + j5 + 6144) * *(const f32x4 *)(y + j5 + 6144);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 2048) {
        p_2_4 += *(const f32x2 *)(x + j5 + 6144) * *(const f32x2 *)(y + j5 + 6144);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 2048)
        p_1_4 = __builtin_fmaf(x[j5 + 6144], y[j5 + 6144], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 1. */
static inline void weighted_channels_dot1_product_uu_f32(long n, const float *x, const float *y,
        float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0};
    long j = 0;
    while (n - j >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        }
        p0_0 += pc0_0 + pc1_0;
    }
    for (; j + 16 <= n; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
    }
    for (; j + 8 <= n; j += 8)
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
    p0_0 = p0_0 + p1_0;
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= n) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= n) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < n)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
}

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void weighted_channels_row_sums_product_uu_f32(long rows, long columns, float *restrict out,
        long rs_out, const float *x, long xs, const float *y, long ys)
{
    float s[4];
    float tree[192];
    const long n = columns;
    const long ahead = 16 * n <= 262144 ? 4 * xs : 0;
    long i = 0;
    for (; rs_out != 0 && i + 4 <= rows; i += 4) {
        for (long j = 0; j < n; j += 2048) {
            const long left = n - j < 2048 ? n - j : 2048;
            weighted_channels_dot4_product_uu_f32(left, x + i * xs + j, xs, y + i * ys + j, ys, ahead, s);
            if (n > 2048) {
                long number = j / 2048;
                float *tree2 = tree;
                for (; number & 1; number >>= 1) {
                    for (long r = 0; r < 4; r++)
                        s[r] = tree2[r] + s[r];
                    tree2 += 4;
                }
                for (long r = 0; r < 4; r++)
                    tree2[r] = s[r];
            }
        }
        if (n > 2048) {
            long number = (n + 2047) / 2048;
            float *tree2 = tree;
            for (; !(number & 1); number >>= 1)
                tree2 += 4;
            for (long r = 0; r < 4; r++)
                s[r] = tree2[r];
            while (number >>= 1) {
                tree2 += 4;
                if (number & 1) {
                    for (long r = 0; r < 4; r++)
                        s[r] = tree2[r] + s[r];
                }
            }
        }
        for (long r = 0; r < 4; r++) {
            {
                float *const o = out + (i + r) * rs_out;
                o[0] = s[r];
            }
        }
    }
    long leaves = 0;
    for (; n <= 2048 && i + 4 <= rows; i += 4) {
        weighted_channels_dot4_product_uu_f32(n, x + i * xs, xs, y + i * ys, ys, ahead, s);
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
    for (; i < rows; i++) {
        long j = 0;
        for (; n - j >= 8192; j += 8192) {
            weighted_channels_dot4_product_uu_f32_2(x + i * xs + j, y + i * ys + j, s);
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
        while (j < n) {
            const long left = n - j < 2048 ? n - j : 2048;
            weighted_channels_dot1_product_uu_f32(left, x + i * xs + j, y + i * ys + j, s);
            long number = leaves++;
            float *tree2 = tree;
            for (; number & 1; number >>= 1) {
                s[0] = tree2[0] + s[0];
                tree2++;
            }
            tree2[0] = s[0];
            j += left;
        }
        if (rs_out != 0) {
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
            {
                float *const o = out + i * rs_out;
                o[0] = s[0];
            }
            leaves = 0;
        }
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

/* s[r] = the sum over j < n of x[r, j] * y[r], for r < 4. */
static inline void weighted_channels_dot4_product_uz_f32(long n, const float *x, long xs, const float *y,
        long ys, long ahead, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (n - j >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * y[0];
            __builtin_prefetch(x + ahead + j);
            pc1_0 += *(const f32x8 *)(x + j + 8) * y[0];
            __builtin_prefetch(x + ahead + j + 8);
            pc0_1 += *(const f32x8 *)(x + xs + j) * y[ys];
            __builtin_prefetch(x + xs + ahead + j);
            pc1_1 += *(const f32x8 *)(x + xs + j + 8) * y[ys];
            __builtin_prefetch(x + xs + ahead + j + 8);
            pc0_2 += *(const f32x8 *)(x + 2 * xs + j) * y[2 * ys];
            __builtin_prefetch(x + 2 * xs + ahead + j);
            pc1_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * y[2 * ys];
            __builtin_prefetch(x + 2 * xs + ahead + j + 8);
            pc0_3 += *(const f32x8 *)(x + 3 * xs + j) * y[3 * ys];
            __builtin_prefetch(x + 3 * xs + ahead + j);
            pc1_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * y[3 * ys];
            __builtin_prefetch(x + 3 * xs + ahead + j + 8);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= n; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * y[0];
        __builtin_prefetch(x + ahead + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * y[0];
        __builtin_prefetch(x + ahead + j + 8);
        p0_1 += *(const f32x8 *)(x + xs + j) * y[ys];
        __builtin_prefetch(x + xs + ahead + j);
        p1_1 += *(const f32x8 *)(x + xs + j + 8) * y[ys];
        __builtin_prefetch(x + xs + ahead + j + 8);
        p0_2 += *(const f32x8 *)(x + 2 * xs + j) * y[2 * ys];
        __builtin_prefetch(x + 2 * xs + ahead + j);
        p1_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * y[2 * ys];
        __builtin_prefetch(x + 2 * xs + ahead + j + 8);
        p0_3 += *(const f32x8 *)(x + 3 * xs + j) * y[3 * ys];
        __builtin_prefetch(x + 3 * xs + ahead + j);
        p1_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * y[3 * ys];
        __builtin_prefetch(x + 3 * xs + ahead + j + 8);
    }
    for (; j + 8 <= n; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * y[0];
        __builtin_prefetch(x + ahead + j);
        p0_1 += *(const f32x8 *)(x + xs + j) * y[ys];
        __builtin_prefetch(x + xs + ahead + j);
        p0_2 += *(const f32x8 *)(x + 2 * xs + j) * y[2 * ys];
        __builtin_prefetch(x + 2 * xs + ahead + j);
        p0_3 += *(const f32x8 *)(x + 3 * xs + j) * y[3 * ys];
        __builtin_prefetch(x + 3 * xs + ahead + j);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == n) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= n) {
        p_4 += *(const f32x4 *)(x + j2) * y[0];
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= n) {
        p_2 += *(const f32x2 *)(x + j2) * y[0];
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < n)
        p_1 = __builtin_fmaf(x[j2], y[0], p_1);
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= n) {
        p_4_2 += *(const f32x4 *)(x + xs + j3) * y[ys];
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= n) {
        p_2_2 += *(const f32x2 *)(x + xs + j3) * y[ys];
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < n)
        p_1_2 = __builtin_fmaf(x[xs + j3], y[ys], p_1_2);
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= n) {
        p_4_3 += *(const f32x4 *)(x + 2 * xs + j4) * y[2 * ys];
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= n) {
        p_2_3 += *(const f32x2 *)(x + 2 * xs + j4) * y[2 * ys];
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < n)
        p_1_3 = __builtin_fmaf(x[2 * xs + j4], y[2 * ys], p_1_3);
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= n) {
        p_4_4 += *(const f32x4 *)(x + 3 * xs + j5) * y[3 * ys];
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= n) {
        p_2_4 += *(const f32x2 *)(x + 3 * xs + j5) * y[3 * ys];
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < n)
        p_1_4 = __builtin_fmaf(x[3 * xs + j5], y[3 * ys], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r], for r < 4. */
static inline void weighted_channels_dot4_product_uz_f32_2(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 2048 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * y[0];
            __builtin_prefetch(x + j);
            pc1_0 += *(const f32x8 *)(x + j + 8) * y[0];
            __builtin_prefetch(x + j + 8);
            pc0_1 += *(const f32x8 *)(x + j + 2048) * y[0];
            __builtin_prefetch(x + j + 2048);
            pc1_1 += *(const f32x8 *)(x + j + 2056) * y[0];
            __builtin_prefetch(x + j + 2056);
            pc0_2 += *(const f32x8 *)(x + j + 4096) * y[0];
            __builtin_prefetch(x + j + 4096);
            pc1_2 += *(const f32x8 *)(x + j + 4104) * y[0];
            __builtin_prefetch(x + j + 4104);
            pc0_3 += *(const f32x8 *)(x + j + 6144) * y[0];
            __builtin_prefetch(x + j + 6144);
            pc1_3 += *(const f32x8 *)(x + j + 6152) * y[0];
            __builtin_prefetch(x + j + 6152);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 2048; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * y[0];
        __builtin_prefetch(x + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * y[0];
        __builtin_prefetch(x + j + 8);
        p0_1 += *(const f32x8 *)(x + j + 2048) * y[0];
        __builtin_prefetch(x + j + 2048);
        p1_1 += *(const f32x8 *)(x + j + 2056) * y[0];
        __builtin_prefetch(x + j + 2056);
        p0_2 += *(const f32x8 *)(x + j + 4096) * y[0];
        __builtin_prefetch(x + j + 4096);
        p1_2 += *(const f32x8 *)(x + j + 4104) * y[0];
        __builtin_prefetch(x + j + 4104);
        p0_3 += *(const f32x8 *)(x + j + 6144) * y[0];
        __builtin_prefetch(x + j + 6144);
        p1_3 += *(const f32x8 *)(x + j + 6152) * y[0];
        __builtin_prefetch(x + j + 6152);
    }
    for (; j + 8 <= 2048; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * y[0];
        __builtin_prefetch(x + j);
        p0_1 += *(const f32x8 *)(x + j + 2048) * y[0];
        __builtin_prefetch(x + j + 2048);
        p0_2 += *(const f32x8 *)(x + j + 4096) * y[0];
        __builtin_prefetch(x + j + 4096);
        p0_3 += *(const f32x8 *)(x + j + 6144) * y[0];
        __builtin_prefetch(x + j + 6144);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 2048) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= 2048) {
        p_4 += *(const f32x4 *)(x + j2) * y[0];
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 2048) {
        p_2 += *(const f32x2 *)(x + j2) * y[0];
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 2048)
        p_1 = __builtin_fmaf(x[j2], y[0], p_1);
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 2048) {
        p_4_2 += *(const f32x4 *)(x + j3 + 2048) * y[0];
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 2048) {
        p_2_2 += *(const f32x2 *)(x + j3 + 2048) * y[0];
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 2048)
        p_1_2 = __builtin_fmaf(x[j3 + 2048], y[0], p_1_2);
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 2048) {
        p_4_3 += *(const f32x4 *)(x + j4 + 4096) * y[0];
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 2048) {
        p_2_3 += *(const f32x2 *)(x + j4 + 4096) * y[0];
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 2048)
        p_1_3 = __builtin_fmaf(x[j4 + 4096], y[0], p_1_3);
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 2048) {
        p_4_4 += *(const f32x4 *)(x + j5 + 6144) * y[0];
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 2048) {
        p_2_4 += *(const f32x2 *)(x + j5 + 6144) * y[0];
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 2048)
        p_1_4 = __builtin_fmaf(x[j5 + 6144], y[0], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r], for r < 1. */
static inline void weighted_channels_dot1_product_uz_f32(long n, const float *x, const float *y,
        float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0};
    long j = 0;
    while (n - j >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * y[0];
            pc1_0 += *(const f32x8 *)(x + j + 8) * y[0];
        }
        p0_0 += pc0_0 + pc1_0;
    }
    for (; j + 16 <= n; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * y[0];
        p1_0 += *(const f32x8 *)(x + j + 8) * y[0];
    }
    for (; j + 8 <= n; j += 8)
        p0_0 += *(const f32x8 *)(x + j) * y[0];
    p0_0 = p0_0 + p1_0;
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= n) {
        p_4 += *(const f32x4 *)(x + j2) * y[0];
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= n) {
        p_2 += *(const f32x2 *)(x + j2) * y[0];
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < n)
        p_1 = __builtin_fmaf(x[j2], y[0], p_1);
    s[0] = p_1;
}

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i], for i < rows; where rs_out is 0, of all rows together. */
static void weighted_channels_row_sums_product_uz_f32(long rows, long columns, float *restrict out,
        long rs_out, const float *x, long xs, const float *y, long ys)
{
    float s[4];
    float tree[192];
    const long n = columns;
    const long ahead = 16 * n <= 262144 ? 4 * xs : 0;
    long i = 0;
    for (; rs_out != 0 && i + 4 <= rows; i += 4) {
        for (long j = 0; j < n; j += 2048) {
            const long left = n - j < 2048 ? n - j : 2048;
            weighted_channels_dot4_product_uz_f32(left, x + i * xs + j, xs, y + i * ys, ys, ahead, s);
            if (n > 2048) {
                long number = j / 2048;
                float *tree2 = tree;
                for (; number & 1; number >>= 1) {
                    for (long r = 0; r < 4; r++)
                        s[r] = tree2[r] + s[r];
                    tree2 += 4;
                }
                for (long r = 0; r < 4; r++)
                    tree2[r] = s[r];
            }
        }
        if (n > 2048) {
            long number = (n + 2047) / 2048;
            float *tree2 = tree;
            for (; !(number & 1); number >>= 1)
                tree2 += 4;
            for (long r = 0; r < 4; r++)
                s[r] = tree2[r];
            while (number >>= 1) {
                tree2 += 4;
                if (number & 1) {
                    for (long r = 0; r < 4; r++)
                        s[r] = tree2[r] + s[r];
                }
            }
        }
        for (long r = 0; r < 4; r++) {
            {
                float *const o = out + (i + r) * rs_out;
                o[0] = s[r];
            }
        }
    }
    long leaves = 0;
    for (; n <= 2048 && i + 4 <= rows; i += 4) {
        weighted_channels_dot4_product_uz_f32(n, x + i * xs, xs, y + i * ys, ys, ahead, s);
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
    for (; i < rows; i++) {
        long j = 0;
        for (; n - j >= 8192; j += 8192) {
            weighted_channels_dot4_product_uz_f32_2(x + i * xs + j, y + i * ys, s);
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
        while (j < n) {
            const long left = n - j < 2048 ? n - j : 2048;
            weighted_channels_dot1_product_uz_f32(left, x + i * xs + j, y + i * ys, s);
            long number = leaves++;
            float *tree2 = tree;
            for (; number & 1; number >>= 1) {
                s[0] = tree2[0] + s[0];
                tree2++;
            }
            tree2[0] = s[0];
            j += left;
        }
        if (rs_out != 0) {
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
            {
                float *const o = out + i * rs_out;
                o[0] = s[0];
            }
            leaves = 0;
        }
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

/* out[i, j] (+)= a[i, j] * b[i, j] for i < rows, j < columns. */
static void weighted_channels_product_f32(float *restrict out, const float *restrict a,
        const float *restrict b)
{
    long columns = 1024;
    long rows = 16;
    weighted_channels_exchange(&rows, &columns);
    long cs_out = 1;
    long rs_out = 0;
    weighted_channels_exchange(&rs_out, &cs_out);
    long cs_a = 1;
    long rs_a = 1024;
    weighted_channels_exchange(&rs_a, &cs_a);
    long cs_b = 0;
    long rs_b = 1;
    weighted_channels_exchange(&rs_b, &cs_b);
    if (rs_out == columns * cs_out && rs_a == columns * cs_a && rs_b == columns * cs_b) {
        columns *= rows;
        rows = 1;
    }
    if (columns == 1 || cs_out != 0) {
        if (cs_out == 1 && cs_a == 0 && cs_b == 1) {
            const float *const t = a;
            a = b;
            b = t;
            weighted_channels_exchange(&rs_a, &rs_b);
            weighted_channels_exchange(&cs_a, &cs_b);
        }
        if (cs_out == 1 && columns % 1 == 0) {
            if (cs_a == 1 && cs_b == 1) {
                float *o = out;
                long rows2 = rows;
                const float *x = a;
                const float *y = b;
                for (; rows2 > 0; rows2--, o += rs_out, x += rs_a, y += rs_b) {
                    for (long j = 0; j < columns; j += 8) {
                        f32x8 v;
                        v = *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
                        *(f32x8 *)(o + j) = v;
                    }
                }
                return;
            }
            if (cs_a == 1 && cs_b == 0) {
                float *o = out;
                long rows2 = rows;
                const float *x = a;
                const float *y = b;
                for (; rows2 > 0; rows2--, o += rs_out, x += rs_a, y += rs_b) {
                    for (long j = 0; j < columns; j += 8) {
                        f32x8 v;
                        v = *(const f32x8 *)(x + j) * y[0];
                        *(f32x8 *)(o + j) = v;
                    }
                }
                return;
            }
        }
        for (long i = 0; i < rows; i++) {
            float *const o = out + i * rs_out;
            const float *const x = a + i * rs_a;
            const float *const y = b + i * rs_b;
            if (cs_out == 1 && cs_a == 1 && cs_b == 1) {
                long j = 0;
                for (; j + 8 <= columns; j += 8)
                    *(f32x8 *)(o + j) = *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
                if (j + 4 <= columns) {
                    *(f32x4 *)(o + j) = *(const f32x4 *)(x + j) * *(const f32x4 *)(y + j);
                    j += 4;
                }
                if (j + 2 <= columns) {
                    *(f32x2 *)(o + j) = *(const f32x2 *)(x + j) * *(const f32x2 *)(y + j);
                    j += 2;
                }
                if (j < columns)
                    o[j] = x[j] * y[j];
            } else if (cs_out == 1 && cs_a == 1 && cs_b == 0) {
                long j = 0;
                for (; j + 8 <= columns; j += 8)
                    *(f32x8 *)(o + j) = *(const f32x8 *)(x + j) * y[0];
                if (j + 4 <= columns) {
                    *(f32x4 *)(o + j) = *(const f32x4 *)(x + j) * y[0];
                    j += 4;
                }
                if (j + 2 <= columns) {
                    *(f32x2 *)(o + j) = *(const f32x2 *)(x + j) * y[0];
                    j += 2;
                }
                if (j < columns)
                    o[j] = x[j] * y[0];
            } else {
                for (long j = 0; j < columns; j++)
                    o[j * cs_out] = x[j * cs_a] * y[j * cs_b];
            }
        }
        return;
    }
    if (rows > 1 && rs_out != 0 && (rs_a == 0 || rs_a == 1) && (rs_b == 0 || rs_b == 1) && rs_a + rs_b > 0) {
        if (rs_a == 0 && rs_b == 1) {
            const float *const t = a;
            a = b;
            b = t;
            weighted_channels_exchange(&rs_a, &rs_b);
            weighted_channels_exchange(&cs_a, &cs_b);
        }
        weighted_channels_columns_product_f32(rows, columns, out, rs_out, a, rs_a, cs_a, b, rs_b, cs_b);
        return;
    }
    if (cs_a == 0 && cs_b == 1) {
        const float *const t = a;
        a = b;
        b = t;
        weighted_channels_exchange(&rs_a, &rs_b);
        weighted_channels_exchange(&cs_a, &cs_b);
    }
    if (cs_a == 1 && cs_b == 1) {
        weighted_channels_row_sums_product_uu_f32(rows, columns, out, rs_out, a, rs_a, b, rs_b);
        return;
    }
    if (cs_a == 1 && cs_b == 0) {
        weighted_channels_row_sums_product_uz_f32(rows, columns, out, rs_out, a, rs_a, b, rs_b);
        return;
    }
    float s[1] = {0};
    for (long i = 0; i < rows; i++) {
        float *const o = out + i * rs_out;
        const float *const x = a + i * rs_a;
        const float *const y = b + i * rs_b;
        if (i == 0 || rs_out != 0)
            s[0] = 0;
        for (long j = 0; j < columns; j++)
            s[0] = __builtin_fmaf(x[j * cs_a], y[j * cs_b], s[0]);
        o[0] = s[0];
    }
}

void weighted_channels(const float *restrict a, const float *restrict b, float *restrict out)
{
    for (long b2 = 0; b2 < 2; b2++)
        weighted_channels_product_f32(out + 1024 * b2, a + 16384 * b2, b);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t weighted_channels_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t weighted_channels_workspace_size(void)
{
    return 0;
}
