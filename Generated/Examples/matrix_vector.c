/* ij,j->i   float32   i=500 j=300
 *
 *   a    [500][300]            585.9 KiB
 *   b    [300]                 1.2 KiB
 *   out  [500]                 2 KiB
 *
 * out[i] = sum over j of a[i j] * b[j]
 *   i in 0..<500
 *     j in 0..<300
 *
 * 300000 flop, 0.5 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c matrix_vector.c
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

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void matrix_vector_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 300 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 1200);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 1208);
            pc0_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 1500);
            pc1_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 1508);
            pc0_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 1800);
            pc1_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 1808);
            pc0_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 2100);
            pc1_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 2108);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 300; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1200);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1208);
        p0_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1500);
        p1_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1508);
        p0_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1800);
        p1_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1808);
        p0_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 2100);
        p1_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 2108);
    }
    for (; j + 8 <= 300; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1200);
        p0_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1500);
        p0_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1800);
        p0_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 2100);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 300) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= 300) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 300) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 300)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 300) {
        p_4_2 += *(const f32x4 *)(x + j3 + 300) * *(const f32x4 *)(y + j3);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 300) {
        p_2_2 += *(const f32x2 *)(x + j3 + 300) * *(const f32x2 *)(y + j3);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 300)
        p_1_2 = __builtin_fmaf(x[j3 + 300], y[j3], p_1_2);
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 300) {
        p_4_3 += *(const f32x4 *)(x + j4 + 600) * *(const f32x4 *)(y + j4);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 300) {
        p_2_3 += *(const f32x2 *)(x + j4 + 600) * *(const f32x2 *)(y + j4);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 300)
        p_1_3 = __builtin_fmaf(x[j4 + 600], y[j4], p_1_3);
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 300) {
        p_4_4 += *(const f32x4 *)(x + j5 + 900) * *(const f32x4 *)(y + j5);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 300) {
        p_2_4 += *(const f32x2 *)(x + j5 + 900) * *(const f32x2 *)(y + j5);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 300)
        p_1_4 = __builtin_fmaf(x[j5 + 900], y[j5], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void matrix_vector_dot4_product_uu_f32_2(const float *x, const float *y, float *restrict s)
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
static inline void matrix_vector_dot1_product_uu_f32(long n, const float *x, const float *y,
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
static void matrix_vector_row_sums_product_uu_f32(float *restrict out, const float *x, const float *y)
{
    float s[4];
    float tree[192];
    for (long i = 0; i < 104; i += 4) {
        matrix_vector_dot4_product_uu_f32(x + 300 * i, y, s);
        for (long r = 0; r < 4; r++) {
            {
                out[i + r] = s[r];
            }
        }
    }
    matrix_vector_dot4_product_uu_f32(x + 31200, y, s);
    for (long r = 0; r < 4; r++) {
        {
            out[r + 104] = s[r];
        }
    }
    long j = 0;
    long leaves = 0;
    for (; -j + 300 >= 8192; j += 8192) {
        matrix_vector_dot4_product_uu_f32_2(x + j + 32400, y + j, s);
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
    while (j < 300) {
        const long left = -j + 300 < 2048 ? -j + 300 : 2048;
        matrix_vector_dot1_product_uu_f32(left, x + j + 32400, y + j, s);
        long number = leaves++;
        float *tree2 = tree;
        for (; number & 1; number >>= 1) {
            s[0] = tree2[0] + s[0];
            tree2++;
        }
        tree2[0] = s[0];
        j += left;
    }
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
    out[108] = s[0];
    leaves = 0;
    if (leaves > 0) {
        long number2 = leaves;
        float *tree3 = tree;
        for (; !(number2 & 1); number2 >>= 1)
            tree3++;
        s[0] = tree3[0];
        while (number2 >>= 1) {
            tree3++;
            if (number2 & 1)
                s[0] = tree3[0] + s[0];
        }
        out[0] = s[0];
    }
}

void matrix_vector(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel
    #endif
    {
        #ifdef _OPENMP
        #pragma omp for nowait
        #endif
        for (long i = 0; i < 436; i += 109)
            matrix_vector_row_sums_product_uu_f32(out + i, a + 300 * i, b);
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            float s[4];
            for (long i = 0; i < 60; i += 4) {
                matrix_vector_dot4_product_uu_f32(a + 300 * i + 130800, b, s);
                for (long r = 0; r < 4; r++)
                    out[i + r + 436] = s[r];
            }
            matrix_vector_dot4_product_uu_f32(a + 148800, b, s);
            for (long r = 0; r < 4; r++)
                out[r + 496] = s[r];
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t matrix_vector_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t matrix_vector_workspace_size(void)
{
    return 0;
}
