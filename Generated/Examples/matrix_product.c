/* ij,jk->ik   float64   i=256 j=256 k=256
 *
 *   a    [256][256]            512 KiB
 *   b    [256][256]            512 KiB
 *   out  [256][256]            512 KiB
 *
 * out[i k] = sum over j of a[i j] * b[j k]
 *   k in 0..<256
 *     j in 0..<256   a block of b is packed
 *       i in 0..<256 by 66   a block of a is packed
 *         tiles of 6 x 8 in registers
 *
 * 33554432 flop, 21.3 per byte; workspace 776.1 KiB.
 * The caller gives matrix_product_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c matrix_product.c
 */

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));

/* The number of the thread in its team. */
static inline long matrix_product_thread(void)
{
    #ifdef _OPENMP
    return omp_get_thread_num();
    #else
    return 0;
    #endif
}

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void matrix_product_pack_f64_6(const double *restrict source, double *restrict panel)
{
    for (long p = 0; p < 256; p += 4) {
        const f64x4 x0 = *(const f64x4 *)(source + p);
        const f64x4 x1 = *(const f64x4 *)(source + p + 256);
        const f64x4 x2 = *(const f64x4 *)(source + p + 512);
        const f64x4 x3 = *(const f64x4 *)(source + p + 768);
        const f64x4 y0 = __builtin_shufflevector(x0, x1, 0, 4, 2, 6);
        const f64x4 y1 = __builtin_shufflevector(x0, x1, 1, 5, 3, 7);
        const f64x4 y2 = __builtin_shufflevector(x2, x3, 0, 4, 2, 6);
        const f64x4 y3 = __builtin_shufflevector(x2, x3, 1, 5, 3, 7);
        const f64x4 y4 = __builtin_shufflevector(y0, y2, 0, 1, 4, 5);
        const f64x4 y5 = __builtin_shufflevector(y0, y2, 2, 3, 6, 7);
        const f64x4 y6 = __builtin_shufflevector(y1, y3, 0, 1, 4, 5);
        const f64x4 y7 = __builtin_shufflevector(y1, y3, 2, 3, 6, 7);
        *(f64x4 *)(panel + 6 * p) = y4;
        *(f64x4 *)(panel + 6 * p + 6) = y6;
        *(f64x4 *)(panel + 6 * p + 12) = y5;
        *(f64x4 *)(panel + 6 * p + 18) = y7;
    }
    for (long p = 0; p < 256; p += 4) {
        const f64x4 x0 = *(const f64x4 *)(source + p + 512);
        const f64x4 x1 = *(const f64x4 *)(source + p + 768);
        const f64x4 x2 = *(const f64x4 *)(source + p + 1024);
        const f64x4 x3 = *(const f64x4 *)(source + p + 1280);
        const f64x4 y0 = __builtin_shufflevector(x0, x1, 0, 4, 2, 6);
        const f64x4 y1 = __builtin_shufflevector(x0, x1, 1, 5, 3, 7);
        const f64x4 y2 = __builtin_shufflevector(x2, x3, 0, 4, 2, 6);
        const f64x4 y3 = __builtin_shufflevector(x2, x3, 1, 5, 3, 7);
        const f64x4 y4 = __builtin_shufflevector(y0, y2, 0, 1, 4, 5);
        const f64x4 y5 = __builtin_shufflevector(y0, y2, 2, 3, 6, 7);
        const f64x4 y6 = __builtin_shufflevector(y1, y3, 0, 1, 4, 5);
        const f64x4 y7 = __builtin_shufflevector(y1, y3, 2, 3, 6, 7);
        *(f64x4 *)(panel + 6 * p + 2) = y4;
        *(f64x4 *)(panel + 6 * p + 8) = y6;
        *(f64x4 *)(panel + 6 * p + 14) = y5;
        *(f64x4 *)(panel + 6 * p + 20) = y7;
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void matrix_product_tile_f64_6x8(const double *restrict a, const double *restrict b,
        double *restrict c)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long q = 0; q < 256; q += 16) {
        if (q < 32) {
            __builtin_prefetch(c + q / 16 * 3 * 256 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 1) * 256 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 2) * 256 + 7, 1);
        }
        for (long p = 0; p < 16; p++, a += 6, b += 8) {
            /* volatile: read once, and not by each multiply-add. */
            const f64x4 bc0 = *(const volatile f64x4 *)b;
            const f64x4 bc1 = *(const volatile f64x4 *)(b + 4);
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
    }
    *(f64x4 *)c = c0_0;
    *(f64x4 *)(c + 4) = c0_1;
    *(f64x4 *)(c + 256) = c1_0;
    *(f64x4 *)(c + 260) = c1_1;
    *(f64x4 *)(c + 512) = c2_0;
    *(f64x4 *)(c + 516) = c2_1;
    *(f64x4 *)(c + 768) = c3_0;
    *(f64x4 *)(c + 772) = c3_1;
    *(f64x4 *)(c + 1024) = c4_0;
    *(f64x4 *)(c + 1028) = c4_1;
    *(f64x4 *)(c + 1280) = c5_0;
    *(f64x4 *)(c + 1284) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < 4, j < 8. */
static void matrix_product_tile_f64_6x8_2(const double *restrict a, const double *restrict b,
        double *restrict c)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0};
    for (long q = 0; q < 256; q += 16) {
        if (q < 16) {
            __builtin_prefetch(c + q / 16 * 4 * 256 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 4 + 1) * 256 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 4 + 2) * 256 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 4 + 3) * 256 + 7, 1);
        }
        for (long p = 0; p < 16; p++, a += 6, b += 8) {
            /* volatile: read once, and not by each multiply-add. */
            const f64x4 bc0 = *(const volatile f64x4 *)b;
            const f64x4 bc1 = *(const volatile f64x4 *)(b + 4);
            c0_0 += a[0] * bc0;
            c0_1 += a[0] * bc1;
            c1_0 += a[1] * bc0;
            c1_1 += a[1] * bc1;
            c2_0 += a[2] * bc0;
            c2_1 += a[2] * bc1;
            c3_0 += a[3] * bc0;
            c3_1 += a[3] * bc1;
        }
    }
    *(f64x4 *)c = c0_0;
    *(f64x4 *)(c + 4) = c0_1;
    *(f64x4 *)(c + 256) = c1_0;
    *(f64x4 *)(c + 260) = c1_1;
    *(f64x4 *)(c + 512) = c2_0;
    *(f64x4 *)(c + 516) = c2_1;
    *(f64x4 *)(c + 768) = c3_0;
    *(f64x4 *)(c + 772) = c3_1;
}

void matrix_product(const double *restrict a, const double *restrict b, double *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    double *const columns4 = (double *)workspace;
    #ifdef _OPENMP
    #pragma omp parallel num_threads(omp_get_max_threads() < 2 ? omp_get_max_threads() : 2)
    #endif
    {
        const long thread = matrix_product_thread();
        double *const rows3 = (double *)((char *)workspace + 524288 + 135168 * thread);
        #ifdef _OPENMP
        #pragma omp for
        #endif
        for (long k = 0; k < 256; k += 128) {
            for (long p = 0; p < 256; p++) {
                const double *s = b + k + 256 * p;
                double *d = columns4 + 256 * k + 8 * p;
                for (long i = 0; i < 128; i += 8, s += 8, d += 2048) {
                    const f64x4 s0 = *(const f64x4 *)s;
                    const f64x4 s4 = *(const f64x4 *)(s + 4);
                    *(f64x4 *)d = s0;
                    *(f64x4 *)(d + 4) = s4;
                }
            }
        }
        #ifdef _OPENMP
        #pragma omp for nowait
        #endif
        for (long i = 0; i < 198; i += 66) {
            for (long i1 = 0; i1 < 66; i1 += 6)
                matrix_product_pack_f64_6(a + 256 * i + 256 * i1, rows3 + 256 * i1);
            for (long k1 = 0; k1 < 256; k1 += 8) {
                for (long i2 = 0; i2 < 66; i2 += 6) {
                    matrix_product_tile_f64_6x8(rows3 + 256 * i2, columns4 + 256 * k1,
                            out + 256 * i + 256 * i2 + k1);
                }
            }
        }
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            for (long i1 = 0; i1 < 54; i1 += 6)
                matrix_product_pack_f64_6(a + 256 * i1 + 50688, rows3 + 256 * i1);
            for (long p = 0; p < 1536; p++)
                rows3[p + 13824] = 0;
            for (long p = 0; p < 256; p += 4) {
                const f64x4 x0 = *(const f64x4 *)(a + p + 64512);
                const f64x4 x1 = *(const f64x4 *)(a + p + 64768);
                const f64x4 x2 = *(const f64x4 *)(a + p + 65024);
                const f64x4 x3 = *(const f64x4 *)(a + p + 65280);
                const f64x4 y0 = __builtin_shufflevector(x0, x1, 0, 4, 2, 6);
                const f64x4 y1 = __builtin_shufflevector(x0, x1, 1, 5, 3, 7);
                const f64x4 y2 = __builtin_shufflevector(x2, x3, 0, 4, 2, 6);
                const f64x4 y3 = __builtin_shufflevector(x2, x3, 1, 5, 3, 7);
                const f64x4 y4 = __builtin_shufflevector(y0, y2, 0, 1, 4, 5);
                const f64x4 y5 = __builtin_shufflevector(y0, y2, 2, 3, 6, 7);
                const f64x4 y6 = __builtin_shufflevector(y1, y3, 0, 1, 4, 5);
                const f64x4 y7 = __builtin_shufflevector(y1, y3, 2, 3, 6, 7);
                *(f64x4 *)(rows3 + 6 * p + 13824) = y4;
                *(f64x4 *)(rows3 + 6 * p + 13830) = y6;
                *(f64x4 *)(rows3 + 6 * p + 13836) = y5;
                *(f64x4 *)(rows3 + 6 * p + 13842) = y7;
            }
            for (long k1 = 0; k1 < 256; k1 += 8) {
                for (long i2 = 0; i2 < 54; i2 += 6) {
                    matrix_product_tile_f64_6x8(rows3 + 256 * i2, columns4 + 256 * k1,
                            out + 256 * i2 + k1 + 50688);
                }
                matrix_product_tile_f64_6x8_2(rows3 + 13824, columns4 + 256 * k1, out + k1 + 64512);
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
size_t matrix_product_workspace_size(void)
{
    return 794624 + 63;
}
