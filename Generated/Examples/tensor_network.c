/* abc,aib,bjd->cijd   float64   a=16 b=16 c=16 i=2 j=2 d=16
 *
 *   a    [16][16][16]          32 KiB
 *   b    [16][2][16]           4 KiB
 *   c    [16][2][16]           4 KiB
 *   out  [16][2][2][16]        8 KiB
 *
 * t3[b c i] = sum over a of a[a b c] * b[a i b]
 *   b in 0..<16
 *     i in 0..<2
 *       c in 0..<16               vectors
 *         a in 0..<16             t3 by way of the workspace
 * out[ci jd] = sum over b of t3[b ci] * c[b jd]
 *   ci in 0..<32                  c and i folded
 *     jd in 0..<32                j and d folded; vectors
 *       b in 0..<16
 *
 * 49152 flop, 1 per byte; workspace 20.1 KiB.
 * The caller gives tensor_network_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c tensor_network.c
 */

#include <stdlib.h>

typedef unsigned long es_bits64 __attribute__((aligned(4), may_alias));
typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* Blocks of 2 rows of 2 x 4 components. */
static void tensor_network_columns_2x2x4_f64(double *o, const double *x, const double *y)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0};
    const double *a = x;
    const double *b = y;
    for (long p = 0; p < 16; p++, a += 32, b += 256) {
        __builtin_prefetch(b + 16);
        __builtin_prefetch(b + 20);
        /* volatile: read once, and not by each multiply-add. */
        const f64x4 b0 = *(const volatile f64x4 *)b;
        const f64x4 b1 = *(const volatile f64x4 *)(b + 4);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[16] * b0;
        c1_1 += a[16] * b1;
    }
    *(f64x4 *)o = c0_0;
    *(f64x4 *)(o + 4) = c0_1;
    *(f64x4 *)(o + 16) = c1_0;
    *(f64x4 *)(o + 20) = c1_1;
}

/* Blocks of 6 rows of 2 x 4 components. */
static void tensor_network_columns_6x2x4_f64(double *o, const double *x, const double *y)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const double *a = x;
    const double *b = y;
    for (long p = 0; p < 16; p++, a += 32, b += 32) {
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 5);
        /* volatile: read once, and not by each multiply-add. */
        const f64x4 b0 = *(const volatile f64x4 *)b;
        const f64x4 b1 = *(const volatile f64x4 *)(b + 4);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[1] * b0;
        c1_1 += a[1] * b1;
        c2_0 += a[2] * b0;
        c2_1 += a[2] * b1;
        c3_0 += a[3] * b0;
        c3_1 += a[3] * b1;
        c4_0 += a[4] * b0;
        c4_1 += a[4] * b1;
        c5_0 += a[5] * b0;
        c5_1 += a[5] * b1;
    }
    *(f64x4 *)o = c0_0;
    *(f64x4 *)(o + 4) = c0_1;
    *(f64x4 *)(o + 32) = c1_0;
    *(f64x4 *)(o + 36) = c1_1;
    *(f64x4 *)(o + 64) = c2_0;
    *(f64x4 *)(o + 68) = c2_1;
    *(f64x4 *)(o + 96) = c3_0;
    *(f64x4 *)(o + 100) = c3_1;
    *(f64x4 *)(o + 128) = c4_0;
    *(f64x4 *)(o + 132) = c4_1;
    *(f64x4 *)(o + 160) = c5_0;
    *(f64x4 *)(o + 164) = c5_1;
}

/* Blocks of 5 rows of 2 x 4 components. */
static void tensor_network_columns_5x2x4_f64(double *o, const double *x, const double *y)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const double *a = x;
    const double *b = y;
    for (long p = 0; p < 16; p++, a += 32, b += 32) {
        __builtin_prefetch(b + 1);
        __builtin_prefetch(b + 5);
        /* volatile: read once, and not by each multiply-add. */
        const f64x4 b0 = *(const volatile f64x4 *)b;
        const f64x4 b1 = *(const volatile f64x4 *)(b + 4);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[1] * b0;
        c1_1 += a[1] * b1;
        c2_0 += a[2] * b0;
        c2_1 += a[2] * b1;
        c3_0 += a[3] * b0;
        c3_1 += a[3] * b1;
        c4_0 += a[4] * b0;
        c4_1 += a[4] * b1;
    }
    *(f64x4 *)o = c0_0;
    *(f64x4 *)(o + 4) = c0_1;
    *(f64x4 *)(o + 32) = c1_0;
    *(f64x4 *)(o + 36) = c1_1;
    *(f64x4 *)(o + 64) = c2_0;
    *(f64x4 *)(o + 68) = c2_1;
    *(f64x4 *)(o + 96) = c3_0;
    *(f64x4 *)(o + 100) = c3_1;
    *(f64x4 *)(o + 128) = c4_0;
    *(f64x4 *)(o + 132) = c4_1;
}

void tensor_network(const double *restrict a, const double *restrict b, const double *restrict c,
        double *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t3[b c i] = sum over a of a[a b c] * b[a i b] */
    {
        double *const t3 = (double *)workspace;
        double *const block5 = (double *)((char *)workspace + 4096);
        double *o = block5;
        const double *x = b;
        const double *y = a;
        for (long batch = 0; batch < 16; batch++, o += 32, x++, y += 16) {
            tensor_network_columns_2x2x4_f64(o, x, y);
            tensor_network_columns_2x2x4_f64(o + 8, x, y + 8);
        }
        for (long b2 = 0; b2 < 16; b2++) {
            es_bits64 *const out2 = (es_bits64 *)(t3 + 32 * b2);
            const es_bits64 *const a2 = (es_bits64 *)(block5 + 32 * b2);
            for (long i = 0; i < 16; i++) {
                for (long j = 0; j < 2; j++)
                    out2[2 * i + j] = a2[i + 16 * j];
            }
        }
    }
    /* out[ci jd] = sum over b of t3[b ci] * c[b jd] */
    {
        double *const t3 = (double *)workspace;
        for (long v = 0; v < 8; v += 2) {
            for (long i = 0; i < 2; i++) {
                const long r = 6 * i;
                tensor_network_columns_6x2x4_f64(out + 4 * v + 32 * r, t3 + r, c + 4 * v);
            }
            for (long i = 2; i < 6; i++) {
                const long r = 5 * i + 2;
                tensor_network_columns_5x2x4_f64(out + 4 * v + 32 * r, t3 + r, c + 4 * v);
            }
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t tensor_network_workspace_size(void)
{
    return 20480 + 63;
}
