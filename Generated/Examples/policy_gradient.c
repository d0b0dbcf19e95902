/* bta,bta,bt->b   float64   b=16 t=50 a=6
 *
 *   a    [16][50][6]           37.5 KiB
 *   b    [16][50][6]           37.5 KiB
 *   c    [16][50]              6.3 KiB
 *   out  [16]                  128 bytes
 *
 * t3[bt] = sum over a of a[bt a] * b[bt a]
 *   bt in 0..<800
 *     a in 0..<6
 * out[b] = sum over t of t3[b t] * c[b t]
 *   b in 0..<16
 *     t in 0..<50
 *
 * 11200 flop, 0.1 per byte; workspace 6.3 KiB.
 * The caller gives policy_gradient_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c policy_gradient.c
 */

#include <stdlib.h>

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double f64x2 __attribute__((vector_size(16), aligned(8), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void policy_gradient_dot4_product_uu_f64(const double *x, const double *y, double *restrict s)
{
    f64x4 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f64x4 p1_3 = {0};
    long j = 0;
    while (-j + 6 >= 128) {
        f64x4 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f64x4 pc1_3 = {0};
        const long end = j + 128;
        for (; j < end; j += 8) {
            pc0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
            __builtin_prefetch(x + j + 24);
            pc1_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
            __builtin_prefetch(x + j + 28);
            pc0_1 += *(const f64x4 *)(x + j + 6) * *(const f64x4 *)(y + j + 6);
            __builtin_prefetch(x + j + 30);
            pc1_1 += *(const f64x4 *)(x + j + 10) * *(const f64x4 *)(y + j + 10);
            __builtin_prefetch(x + j + 34);
            pc0_2 += *(const f64x4 *)(x + j + 12) * *(const f64x4 *)(y + j + 12);
            __builtin_prefetch(x + j + 36);
            pc1_2 += *(const f64x4 *)(x + j + 16) * *(const f64x4 *)(y + j + 16);
            __builtin_prefetch(x + j + 40);
            pc0_3 += *(const f64x4 *)(x + j + 18) * *(const f64x4 *)(y + j + 18);
            __builtin_prefetch(x + j + 42);
            pc1_3 += *(const f64x4 *)(x + j + 22) * *(const f64x4 *)(y + j + 22);
            __builtin_prefetch(x + j + 46);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 8 <= 6; j += 8) {
        p0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        __builtin_prefetch(x + j + 24);
        p1_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
        __builtin_prefetch(x + j + 28);
        p0_1 += *(const f64x4 *)(x + j + 6) * *(const f64x4 *)(y + j + 6);
        __builtin_prefetch(x + j + 30);
        p1_1 += *(const f64x4 *)(x + j + 10) * *(const f64x4 *)(y + j + 10);
        __builtin_prefetch(x + j + 34);
        p0_2 += *(const f64x4 *)(x + j + 12) * *(const f64x4 *)(y + j + 12);
        __builtin_prefetch(x + j + 36);
        p1_2 += *(const f64x4 *)(x + j + 16) * *(const f64x4 *)(y + j + 16);
        __builtin_prefetch(x + j + 40);
        p0_3 += *(const f64x4 *)(x + j + 18) * *(const f64x4 *)(y + j + 18);
        __builtin_prefetch(x + j + 42);
        p1_3 += *(const f64x4 *)(x + j + 22) * *(const f64x4 *)(y + j + 22);
        __builtin_prefetch(x + j + 46);
    }
    for (; j + 4 <= 6; j += 4) {
        p0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        __builtin_prefetch(x + j + 24);
        p0_1 += *(const f64x4 *)(x + j + 6) * *(const f64x4 *)(y + j + 6);
        __builtin_prefetch(x + j + 30);
        p0_2 += *(const f64x4 *)(x + j + 12) * *(const f64x4 *)(y + j + 12);
        __builtin_prefetch(x + j + 36);
        p0_3 += *(const f64x4 *)(x + j + 18) * *(const f64x4 *)(y + j + 18);
        __builtin_prefetch(x + j + 42);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 6) {
        const f64x4 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 4, 5) + __builtin_shufflevector(p0_0, p0_1, 2, 3, 6, 7);
        const f64x4 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 4, 5) + __builtin_shufflevector(p0_2, p0_3, 2, 3, 6, 7);
        const f64x4 t3 = __builtin_shufflevector(t1, t2, 0, 2, 4, 6) + __builtin_shufflevector(t1, t2, 1, 3, 5, 7);
        *(f64x4 *)s = t3;
        return;
    }
    f64x4 p0 = p0_0;
    f64x2 p_2 = __builtin_shufflevector(p0, p0, 0, 1) + __builtin_shufflevector(p0, p0, 2, 3);
    long j2 = j;
    if (j + 2 <= 6) {
        p_2 += *(const f64x2 *)(x + j2) * *(const f64x2 *)(y + j2);
        j2 += 2;
    }
    double p_1 = p_2[0] + p_2[1];
    if (j2 < 6)
        p_1 = __builtin_fma(x[j2], y[j2], p_1);
    s[0] = p_1;
    f64x4 p0_4 = p0_1;
    f64x2 p_2_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1) + __builtin_shufflevector(p0_4, p0_4, 2, 3);
    long j3 = j;
    if (j + 2 <= 6) {
        p_2_2 += *(const f64x2 *)(x + j3 + 6) * *(const f64x2 *)(y + j3 + 6);
        j3 += 2;
    }
    double p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 6)
        p_1_2 = __builtin_fma(x[j3 + 6], y[j3 + 6], p_1_2);
    s[1] = p_1_2;
    f64x4 p0_5 = p0_2;
    f64x2 p_2_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1) + __builtin_shufflevector(p0_5, p0_5, 2, 3);
    long j4 = j;
    if (j + 2 <= 6) {
        p_2_3 += *(const f64x2 *)(x + j4 + 12) * *(const f64x2 *)(y + j4 + 12);
        j4 += 2;
    }
    double p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 6)
        p_1_3 = __builtin_fma(x[j4 + 12], y[j4 + 12], p_1_3);
    s[2] = p_1_3;
    f64x4 p0_6 = p0_3;
    f64x2 p_2_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1) + __builtin_shufflevector(p0_6, p0_6, 2, 3);
    long j5 = j;
    if (j + 2 <= 6) {
        p_2_4 += *(const f64x2 *)(x + j5 + 18) * *(const f64x2 *)(y + j5 + 18);
        j5 += 2;
    }
    double p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 6)
        p_1_4 = __builtin_fma(x[j5 + 18], y[j5 + 18], p_1_4);
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void policy_gradient_dot4_product_uu_f64_2(const double *x, const double *y,
        double *restrict s)
{
    f64x4 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f64x4 p1_3 = {0};
    long j = 0;
    while (-j + 50 >= 128) {
        f64x4 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f64x4 pc1_3 = {0};
        const long end = j + 128;
        for (; j < end; j += 8) {
            pc0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
            __builtin_prefetch(x + j + 200);
            pc1_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
            __builtin_prefetch(x + j + 204);
            pc0_1 += *(const f64x4 *)(x + j + 50) * *(const f64x4 *)(y + j + 50);
            __builtin_prefetch(x + j + 250);
            pc1_1 += *(const f64x4 *)(x + j + 54) * *(const f64x4 *)(y + j + 54);
            __builtin_prefetch(x + j + 254);
            pc0_2 += *(const f64x4 *)(x + j + 100) * *(const f64x4 *)(y + j + 100);
            __builtin_prefetch(x + j + 300);
            pc1_2 += *(const f64x4 *)(x + j + 104) * *(const f64x4 *)(y + j + 104);
            __builtin_prefetch(x + j + 304);
            pc0_3 += *(const f64x4 *)(x + j + 150) * *(const f64x4 *)(y + j + 150);
            __builtin_prefetch(x + j + 350);
            pc1_3 += *(const f64x4 *)(x + j + 154) * *(const f64x4 *)(y + j + 154);
            __builtin_prefetch(x + j + 354);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 8 <= 50; j += 8) {
        p0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        __builtin_prefetch(x + j + 200);
        p1_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
        __builtin_prefetch(x + j + 204);
        p0_1 += *(const f64x4 *)(x + j + 50) * *(const f64x4 *)(y + j + 50);
        __builtin_prefetch(x + j + 250);
        p1_1 += *(const f64x4 *)(x + j + 54) * *(const f64x4 *)(y + j + 54);
        __builtin_prefetch(x + j + 254);
        p0_2 += *(const f64x4 *)(x + j + 100) * *(const f64x4 *)(y + j + 100);
        __builtin_prefetch(x + j + 300);
        p1_2 += *(const f64x4 *)(x + j + 104) * *(const f64x4 *)(y + j + 104);
        __builtin_prefetch(x + j + 304);
        p0_3 += *(const f64x4 *)(x + j + 150) * *(const f64x4 *)(y + j + 150);
        __builtin_prefetch(x + j + 350);
        p1_3 += *(const f64x4 *)(x + j + 154) * *(const f64x4 *)(y + j + 154);
        __builtin_prefetch(x + j + 354);
    }
    for (; j + 4 <= 50; j += 4) {
        p0_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        __builtin_prefetch(x + j + 200);
        p0_1 += *(const f64x4 *)(x + j + 50) * *(const f64x4 *)(y + j + 50);
        __builtin_prefetch(x + j + 250);
        p0_2 += *(const f64x4 *)(x + j + 100) * *(const f64x4 *)(y + j + 100);
        __builtin_prefetch(x + j + 300);
        p0_3 += *(const f64x4 *)(x + j + 150) * *(const f64x4 *)(y + j + 150);
        __builtin_prefetch(x + j + 350);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 50) {
        const f64x4 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 4, 5) + __builtin_shufflevector(p0_0, p0_1, 2, 3, 6, 7);
        const f64x4 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 4, 5) + __builtin_shufflevector(p0_2, p0_3, 2, 3, 6, 7);
        const f64x4 t3 = __builtin_shufflevector(t1, t2, 0, 2, 4, 6) + __builtin_shufflevector(t1, t2, 1, 3, 5, 7);
        *(f64x4 *)s = t3;
        return;
    }
    f64x4 p0 = p0_0;
    f64x2 p_2 = __builtin_shufflevector(p0, p0, 0, 1) + __builtin_shufflevector(p0, p0, 2, 3);
    long j2 = j;
    if (j + 2 <= 50) {
        p_2 += *(const f64x2 *)(x + j2) * *(const f64x2 *)(y + j2);
        j2 += 2;
    }
    double p_1 = p_2[0] + p_2[1];
    if (j2 < 50)
        p_1 = __builtin_fma(x[j2], y[j2], p_1);
    s[0] = p_1;
    f64x4 p0_4 = p0_1;
    f64x2 p_2_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1) + __builtin_shufflevector(p0_4, p0_4, 2, 3);
    long j3 = j;
    if (j + 2 <= 50) {
        p_2_2 += *(const f64x2 *)(x + j3 + 50) * *(const f64x2 *)(y + j3 + 50);
        j3 += 2;
    }
    double p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 50)
        p_1_2 = __builtin_fma(x[j3 + 50], y[j3 + 50], p_1_2);
    s[1] = p_1_2;
    f64x4 p0_5 = p0_2;
    f64x2 p_2_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1) + __builtin_shufflevector(p0_5, p0_5, 2, 3);
    long j4 = j;
    if (j + 2 <= 50) {
        p_2_3 += *(const f64x2 *)(x + j4 + 100) * *(const f64x2 *)(y + j4 + 100);
        j4 += 2;
    }
    double p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 50)
        p_1_3 = __builtin_fma(x[j4 + 100], y[j4 + 100], p_1_3);
    s[2] = p_1_3;
    f64x4 p0_6 = p0_3;
    f64x2 p_2_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1) + __builtin_shufflevector(p0_6, p0_6, 2, 3);
    long j5 = j;
    if (j + 2 <= 50) {
        p_2_4 += *(const f64x2 *)(x + j5 + 150) * *(const f64x2 *)(y + j5 + 150);
        j5 += 2;
    }
    double p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 50)
        p_1_4 = __builtin_fma(x[j5 + 150], y[j5 + 150], p_1_4);
    s[3] = p_1_4;
}

void policy_gradient(const double *restrict a, const double *restrict b, const double *restrict c,
        double *restrict out, void *restrict workspace)
{
    /* t3[bt] = sum over a of a[bt a] * b[bt a] */
    {
        double *const t3 = (double *)workspace;
        double s[4];
        for (long i = 0; i < 796; i += 4) {
            policy_gradient_dot4_product_uu_f64(a + 6 * i, b + 6 * i, s);
            for (long r = 0; r < 4; r++)
                t3[i + r] = s[r];
        }
        policy_gradient_dot4_product_uu_f64(a + 4776, b + 4776, s);
        for (long r = 0; r < 4; r++)
            t3[r + 796] = s[r];
    }
    /* out[b] = sum over t of t3[b t] * c[b t] */
    {
        double *const t3 = (double *)workspace;
        double s[4];
        for (long i = 0; i < 12; i += 4) {
            policy_gradient_dot4_product_uu_f64_2(t3 + 50 * i, c + 50 * i, s);
            for (long r = 0; r < 4; r++)
                out[i + r] = s[r];
        }
        policy_gradient_dot4_product_uu_f64_2(t3 + 600, c + 600, s);
        for (long r = 0; r < 4; r++)
            out[r + 12] = s[r];
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t policy_gradient_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t policy_gradient_workspace_size(void)
{
    return 6400;
}
