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
    p0_0 += *(const f64x4 *)x * *(const f64x4 *)y;
    __builtin_prefetch(x + 24);
    p0_1 += *(const f64x4 *)(x + 6) * *(const f64x4 *)(y + 6);
    __builtin_prefetch(x + 30);
    p0_2 += *(const f64x4 *)(x + 12) * *(const f64x4 *)(y + 12);
    __builtin_prefetch(x + 36);
    p0_3 += *(const f64x4 *)(x + 18) * *(const f64x4 *)(y + 18);
    __builtin_prefetch(x + 42);
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    f64x4 p0 = p0_0;
    f64x2 p_2 = __builtin_shufflevector(p0, p0, 0, 1) + __builtin_shufflevector(p0, p0, 2, 3);
    p_2 += *(const f64x2 *)(x + 4) * *(const f64x2 *)(y + 4);
    double p_1 = p_2[0] + p_2[1];
    s[0] = p_1;
    f64x4 p0_4 = p0_1;
    f64x2 p_2_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1) + __builtin_shufflevector(p0_4, p0_4, 2, 3);
    p_2_2 += *(const f64x2 *)(x + 10) * *(const f64x2 *)(y + 10);
    double p_1_2 = p_2_2[0] + p_2_2[1];
    s[1] = p_1_2;
    f64x4 p0_5 = p0_2;
    f64x2 p_2_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1) + __builtin_shufflevector(p0_5, p0_5, 2, 3);
    p_2_3 += *(const f64x2 *)(x + 16) * *(const f64x2 *)(y + 16);
    double p_1_3 = p_2_3[0] + p_2_3[1];
    s[2] = p_1_3;
    f64x4 p0_6 = p0_3;
    f64x2 p_2_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1) + __builtin_shufflevector(p0_6, p0_6, 2, 3);
    p_2_4 += *(const f64x2 *)(x + 22) * *(const f64x2 *)(y + 22);
    double p_1_4 = p_2_4[0] + p_2_4[1];
    s[3] = p_1_4;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void policy_gradient_dot4_product_uu_f64_2(const double *x, const double *y,
        double *restrict s)
{
    f64x4 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f64x4 p1_3 = {0};
    for (long j = 0; j < 48; j += 8) {
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
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    f64x4 p0 = p0_0;
    f64x2 p_2 = __builtin_shufflevector(p0, p0, 0, 1) + __builtin_shufflevector(p0, p0, 2, 3);
    p_2 += *(const f64x2 *)(x + 48) * *(const f64x2 *)(y + 48);
    double p_1 = p_2[0] + p_2[1];
    s[0] = p_1;
    f64x4 p0_4 = p0_1;
    f64x2 p_2_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1) + __builtin_shufflevector(p0_4, p0_4, 2, 3);
    p_2_2 += *(const f64x2 *)(x + 98) * *(const f64x2 *)(y + 98);
    double p_1_2 = p_2_2[0] + p_2_2[1];
    s[1] = p_1_2;
    f64x4 p0_5 = p0_2;
    f64x2 p_2_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1) + __builtin_shufflevector(p0_5, p0_5, 2, 3);
    p_2_3 += *(const f64x2 *)(x + 148) * *(const f64x2 *)(y + 148);
    double p_1_3 = p_2_3[0] + p_2_3[1];
    s[2] = p_1_3;
    f64x4 p0_6 = p0_3;
    f64x2 p_2_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1) + __builtin_shufflevector(p0_6, p0_6, 2, 3);
    p_2_4 += *(const f64x2 *)(x + 198) * *(const f64x2 *)(y + 198);
    double p_1_4 = p_2_4[0] + p_2_4[1];
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
