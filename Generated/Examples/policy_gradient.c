/* bta,bta,bt->b   float64   b=16 t=50 a=6
 *
 *   a    [16][50][6]           37.5 KiB
 *   b    [16][50][6]           37.5 KiB
 *   c    [16][50]              6.3 KiB
 *   out  [16]                  128 bytes
 *
 * t3[bt] = sum over a of a[bt a] * b[bt a]
 *   bt in 0..<800                 b and t folded
 *     a in 0..<6                  vectors
 * out[b] = sum over t of t3[b t] * c[b t]
 *   b in 0..<16
 *     t in 0..<50                 vectors
 *
 * 11200 flop, 0.1 per byte; workspace 6.3 KiB.
 * The caller gives policy_gradient_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c policy_gradient.c
 */

#include <stdlib.h>

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double f64x2 __attribute__((vector_size(16), aligned(8), may_alias));
typedef long long es_mask64 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* The n elements at x, fewer than a vector holds, and zeros. */
static inline f64x4 policy_gradient_part_f64(const double *x, long n)
{
    static const long long mask[8] = {-1, -1, -1, -1};
    return __builtin_ia32_maskloadpd256((const void *)x, *(const es_mask64 *)(mask + 4 - n));
}

/* out[i] (+)= the sum over j < n of x[i, j] * y[i, j], for i < rows. */
static void policy_gradient_short_sums_product_f64(double *restrict out, const double *restrict x,
        const double *restrict y)
{
    for (long i = 0; i < 796; i += 4, x += 24, y += 24) {
        f64x4 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        s0 += *(const f64x4 *)x * *(const f64x4 *)y;
        s1 += *(const f64x4 *)(x + 6) * *(const f64x4 *)(y + 6);
        s2 += *(const f64x4 *)(x + 12) * *(const f64x4 *)(y + 12);
        s3 += *(const f64x4 *)(x + 18) * *(const f64x4 *)(y + 18);
        s0 += policy_gradient_part_f64(x + 4, 2) * policy_gradient_part_f64(y + 4, 2);
        s1 += policy_gradient_part_f64(x + 10, 2) * policy_gradient_part_f64(y + 10, 2);
        s2 += policy_gradient_part_f64(x + 16, 2) * policy_gradient_part_f64(y + 16, 2);
        s3 += policy_gradient_part_f64(x + 22, 2) * policy_gradient_part_f64(y + 22, 2);
        const f64x4 t1 = __builtin_shufflevector(s0, s1, 0, 1, 4, 5) + __builtin_shufflevector(s0, s1, 2,
                3, 6, 7);
        const f64x4 t2 = __builtin_shufflevector(s2, s3, 0, 1, 4, 5) + __builtin_shufflevector(s2, s3, 2,
                3, 6, 7);
        const f64x4 t3 = __builtin_shufflevector(t1, t2, 0, 2, 4, 6) + __builtin_shufflevector(t1, t2, 1,
                3, 5, 7);
        *(f64x4 *)(out + i) = t3;
    }
    f64x4 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    s0 += *(const f64x4 *)x * *(const f64x4 *)y;
    s1 += *(const f64x4 *)(x + 6) * *(const f64x4 *)(y + 6);
    s2 += *(const f64x4 *)(x + 12) * *(const f64x4 *)(y + 12);
    s3 += *(const f64x4 *)(x + 18) * *(const f64x4 *)(y + 18);
    s0 += policy_gradient_part_f64(x + 4, 2) * policy_gradient_part_f64(y + 4, 2);
    s1 += policy_gradient_part_f64(x + 10, 2) * policy_gradient_part_f64(y + 10, 2);
    s2 += policy_gradient_part_f64(x + 16, 2) * policy_gradient_part_f64(y + 16, 2);
    s3 += policy_gradient_part_f64(x + 22, 2) * policy_gradient_part_f64(y + 22, 2);
    const f64x4 t1 = __builtin_shufflevector(s0, s1, 0, 1, 4, 5) + __builtin_shufflevector(s0, s1, 2, 3,
            6, 7);
    const f64x4 t2 = __builtin_shufflevector(s2, s3, 0, 1, 4, 5) + __builtin_shufflevector(s2, s3, 2, 3,
            6, 7);
    const f64x4 t3 = __builtin_shufflevector(t1, t2, 0, 2, 4, 6) + __builtin_shufflevector(t1, t2, 1, 3,
            5, 7);
    *(f64x4 *)(out + 796) = t3;
    x += 24;
    y += 24;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void policy_gradient_dot4_product_uu_f64(const double *x, long xs, const double *y, long ys,
        long gap, double *restrict s)
{
    f64x4 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    for (long j = 0; j < 48; j += 8) {
        const long ahead = j + 32 < 50 ? j + 32 : j + gap + 32;
        p_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        p_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
        __builtin_prefetch(x + ahead);
        p_1 += *(const f64x4 *)(x + xs + j) * *(const f64x4 *)(y + ys + j);
        p_1 += *(const f64x4 *)(x + xs + j + 4) * *(const f64x4 *)(y + ys + j + 4);
        __builtin_prefetch(x + xs + ahead);
        p_2 += *(const f64x4 *)(x + 2 * xs + j) * *(const f64x4 *)(y + 2 * ys + j);
        p_2 += *(const f64x4 *)(x + 2 * xs + j + 4) * *(const f64x4 *)(y + 2 * ys + j + 4);
        __builtin_prefetch(x + 2 * xs + ahead);
        p_3 += *(const f64x4 *)(x + 3 * xs + j) * *(const f64x4 *)(y + 3 * ys + j);
        p_3 += *(const f64x4 *)(x + 3 * xs + j + 4) * *(const f64x4 *)(y + 3 * ys + j + 4);
        __builtin_prefetch(x + 3 * xs + ahead);
    }
    f64x2 p_2_2 = __builtin_shufflevector(p_0, p_0, 0, 1) + __builtin_shufflevector(p_0, p_0, 2, 3);
    p_2_2 += *(const f64x2 *)(x + 48) * *(const f64x2 *)(y + 48);
    double p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f64x2 p_2_3 = __builtin_shufflevector(p_1, p_1, 0, 1) + __builtin_shufflevector(p_1, p_1, 2, 3);
    p_2_3 += *(const f64x2 *)(x + xs + 48) * *(const f64x2 *)(y + ys + 48);
    double p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f64x2 p_2_4 = __builtin_shufflevector(p_2, p_2, 0, 1) + __builtin_shufflevector(p_2, p_2, 2, 3);
    p_2_4 += *(const f64x2 *)(x + 2 * xs + 48) * *(const f64x2 *)(y + 2 * ys + 48);
    double p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f64x2 p_2_5 = __builtin_shufflevector(p_3, p_3, 0, 1) + __builtin_shufflevector(p_3, p_3, 2, 3);
    p_2_5 += *(const f64x2 *)(x + 3 * xs + 48) * *(const f64x2 *)(y + 3 * ys + 48);
    double p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void policy_gradient_dot4_product_uu_f64_2(const double *x, const double *y,
        double *restrict s)
{
    f64x4 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    for (long j = 0; j < 40; j += 8) {
        const long ahead = j + 32 < 50 ? j + 32 : j + 182;
        p_0 += *(const f64x4 *)(x + j) * *(const f64x4 *)(y + j);
        p_0 += *(const f64x4 *)(x + j + 4) * *(const f64x4 *)(y + j + 4);
        __builtin_prefetch(x + ahead);
        p_1 += *(const f64x4 *)(x + j + 50) * *(const f64x4 *)(y + j + 50);
        p_1 += *(const f64x4 *)(x + j + 54) * *(const f64x4 *)(y + j + 54);
        __builtin_prefetch(x + ahead + 50);
        p_2 += *(const f64x4 *)(x + j + 100) * *(const f64x4 *)(y + j + 100);
        p_2 += *(const f64x4 *)(x + j + 104) * *(const f64x4 *)(y + j + 104);
        __builtin_prefetch(x + ahead + 100);
        p_3 += *(const f64x4 *)(x + j + 150) * *(const f64x4 *)(y + j + 150);
        p_3 += *(const f64x4 *)(x + j + 154) * *(const f64x4 *)(y + j + 154);
        __builtin_prefetch(x + ahead + 150);
    }
    p_0 += *(const f64x4 *)(x + 40) * *(const f64x4 *)(y + 40);
    p_0 += *(const f64x4 *)(x + 44) * *(const f64x4 *)(y + 44);
    __builtin_prefetch(x + 222);
    p_1 += *(const f64x4 *)(x + 90) * *(const f64x4 *)(y + 90);
    p_1 += *(const f64x4 *)(x + 94) * *(const f64x4 *)(y + 94);
    __builtin_prefetch(x + 272);
    p_2 += *(const f64x4 *)(x + 140) * *(const f64x4 *)(y + 140);
    p_2 += *(const f64x4 *)(x + 144) * *(const f64x4 *)(y + 144);
    __builtin_prefetch(x + 322);
    p_3 += *(const f64x4 *)(x + 190) * *(const f64x4 *)(y + 190);
    p_3 += *(const f64x4 *)(x + 194) * *(const f64x4 *)(y + 194);
    __builtin_prefetch(x + 372);
    f64x2 p_2_2 = __builtin_shufflevector(p_0, p_0, 0, 1) + __builtin_shufflevector(p_0, p_0, 2, 3);
    p_2_2 += *(const f64x2 *)(x + 48) * *(const f64x2 *)(y + 48);
    double p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f64x2 p_2_3 = __builtin_shufflevector(p_1, p_1, 0, 1) + __builtin_shufflevector(p_1, p_1, 2, 3);
    p_2_3 += *(const f64x2 *)(x + 98) * *(const f64x2 *)(y + 98);
    double p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f64x2 p_2_4 = __builtin_shufflevector(p_2, p_2, 0, 1) + __builtin_shufflevector(p_2, p_2, 2, 3);
    p_2_4 += *(const f64x2 *)(x + 148) * *(const f64x2 *)(y + 148);
    double p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f64x2 p_2_5 = __builtin_shufflevector(p_3, p_3, 0, 1) + __builtin_shufflevector(p_3, p_3, 2, 3);
    p_2_5 += *(const f64x2 *)(x + 198) * *(const f64x2 *)(y + 198);
    double p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
}

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void policy_gradient_row_sums_product_uu_f64(double *restrict out, const double *x, const double *y)
{
    double s[8];
    double tree[384];
    long i = 0;
    while (i <= 12) {
        const long part = ((-i + 16) / 4 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 50 : 150 * part + 50;
            const long gap = next - 50;
            policy_gradient_dot4_product_uu_f64(x + 50 * i, 50 * part, y + 50 * i, 50 * part, gap, s);
            for (long r = 0; r < 4; r++) {
                {
                    double *const o = out + i + r * part * 1;
                    o[0] = s[r];
                }
            }
        }
        i += 3 * part;
    }
    long leaves = 0;
    for (; i + 4 <= 16; i += 4) {
        policy_gradient_dot4_product_uu_f64_2(x + 50 * i, y + 50 * i, s);
        for (long r = 0; r < 4; r++) {
            long number = leaves++;
            double *tree2 = tree;
            for (; number & 1; number >>= 1) {
                s[r] = tree2[0] + s[r];
                tree2++;
            }
            tree2[0] = s[r];
        }
    }
    for (; i < 16; i++) {
        f64x4 p_0 = {0};
        for (long j = 0; j < 48; j += 4) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(p_0));
            #endif
            p_0 += *(const f64x4 *)(x + 50 * i + j) * *(const f64x4 *)(y + 50 * i + j);
        }
        f64x2 p_2 = __builtin_shufflevector(p_0, p_0, 0, 1) + __builtin_shufflevector(p_0, p_0, 2, 3);
        #ifndef __clang__ /* gcc may round products before it adds them to one sum */
        __asm__("" : "+x"(p_2));
        #endif
        p_2 += *(const f64x2 *)(x + 50 * i + 48) * *(const f64x2 *)(y + 50 * i + 48);
        double p_1 = p_2[0] + p_2[1];
        s[0] = p_1;
        long number = leaves++;
        double *tree2 = tree;
        for (; number & 1; number >>= 1) {
            s[0] = tree2[0] + s[0];
            tree2++;
        }
        tree2[0] = s[0];
        long number3 = leaves;
        double *tree3 = tree;
        for (; !(number3 & 1); number3 >>= 1)
            tree3++;
        s[0] = tree3[0];
        while (number3 >>= 1) {
            tree3++;
            if (number3 & 1)
                s[0] = tree3[0] + s[0];
        }
        {
            double *const o = out + i;
            o[0] = s[0];
        }
        leaves = 0;
    }
    if (leaves > 0) {
        long number = leaves;
        double *tree2 = tree;
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

void policy_gradient(const double *restrict a, const double *restrict b, const double *restrict c,
        double *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t3[bt] = sum over a of a[bt a] * b[bt a] */
    {
        double *const t3 = (double *)workspace;
        policy_gradient_short_sums_product_f64(t3, a, b);
    }
    /* out[b] = sum over t of t3[b t] * c[b t] */
    {
        double *const t3 = (double *)workspace;
        policy_gradient_row_sums_product_uu_f64(out, t3, c);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t policy_gradient_workspace_size(void)
{
    return 6400 + 63;
}
