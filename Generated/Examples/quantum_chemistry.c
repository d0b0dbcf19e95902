/* aebf,dfce->abcd   float64   a=12 e=10 b=12 f=10 d=12 c=12
 *
 *   a    [12][10][12][10]      112.5 KiB
 *   b    [12][10][12][10]      112.5 KiB
 *   out  [12][12][12][12]      162 KiB
 *
 * out[a b c d] = sum over e f of a[a e b f] * b[d f c e]
 *   c d in 0..<144
 *     f e in 0..<100   a block of b is packed
 *       a b in 0..<144 by 72   a block of a is packed
 *         tiles of 6 x 8 in registers
 *
 * 4147200 flop, 10.5 per byte; workspace 237.9 KiB.
 * The caller gives quantum_chemistry_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c quantum_chemistry.c
 */

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double f64x2 __attribute__((vector_size(16), aligned(8), may_alias));

/* The number of the thread in its team. */
static inline long quantum_chemistry_thread(void)
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

/* Whether a table's offsets rise by one each. */
static inline long quantum_chemistry_consecutive(const long *table, long count)
{
    long misses = 0;
    for (long i = 0; i < count; i++)
        misses |= table[i] - table[0] - i;
    return misses == 0;
}

/* panel[p, i] = source[row[i] + column[p]] for i < rows, else 0, for i < 8, p < k. */
static void quantum_chemistry_packtab_f64_8(const double *restrict source, const long *restrict row,
        const long *restrict column, double *restrict panel)
{
    if (quantum_chemistry_consecutive(row, 8)) {
        for (long p = 0; p < 100; p++, panel += 8) {
            const double *const s = source + row[0] + column[p];
            const f64x4 s0 = *(const f64x4 *)s;
            const f64x4 s4 = *(const f64x4 *)(s + 4);
            *(f64x4 *)panel = s0;
            *(f64x4 *)(panel + 4) = s4;
        }
        return;
    }
    if (row[1] == row[0] + 1) {
        for (long i = 0, end; i < 8; i = end) {
            end = i + 1;
            while (end < 8 && row[end] == row[end - 1] + 1)
                end++;
            for (long p = 0; p < 100; p++) {
                const double *const x = source + row[i] + column[p];
                if (end - i > 8) {
                    for (long j = 0; j < end - i - 4; j += 4)
                        *(f64x4 *)(panel + 8 * p + i + j) = *(const f64x4 *)(x + j);
                    *(f64x4 *)(panel + 8 * p + end - 4) = *(const f64x4 *)(x + end - i - 4);
                } else if (end - i >= 4) {
                    *(f64x4 *)(panel + 8 * p + i) = *(const f64x4 *)x;
                    *(f64x4 *)(panel + 8 * p + end - 4) = *(const f64x4 *)(x + end - i - 4);
                } else if (end - i >= 2) {
                    *(f64x2 *)(panel + 8 * p + i) = *(const f64x2 *)x;
                    *(f64x2 *)(panel + 8 * p + end - 2) = *(const f64x2 *)(x + end - i - 2);
                } else if (end - i > 0)
                    panel[8 * p + i] = x[0];
            }
        }
        return;
    }
    for (long i = 0; i < 8; i += 4) {
        long p = 0;
        while (p < 100) {
            if (p + 4 <= 100 && quantum_chemistry_consecutive(column + p, 4)) {
                const f64x4 x0 = *(const f64x4 *)(source + row[i] + column[p]);
                const f64x4 x1 = *(const f64x4 *)(source + row[i + 1] + column[p]);
                const f64x4 x2 = *(const f64x4 *)(source + row[i + 2] + column[p]);
                const f64x4 x3 = *(const f64x4 *)(source + row[i + 3] + column[p]);
                const f64x4 y0 = __builtin_shufflevector(x0, x1, 0, 4, 2, 6);
                const f64x4 y1 = __builtin_shufflevector(x0, x1, 1, 5, 3, 7);
                const f64x4 y2 = __builtin_shufflevector(x2, x3, 0, 4, 2, 6);
                const f64x4 y3 = __builtin_shufflevector(x2, x3, 1, 5, 3, 7);
                const f64x4 y4 = __builtin_shufflevector(y0, y2, 0, 1, 4, 5);
                const f64x4 y5 = __builtin_shufflevector(y0, y2, 2, 3, 6, 7);
                const f64x4 y6 = __builtin_shufflevector(y1, y3, 0, 1, 4, 5);
                const f64x4 y7 = __builtin_shufflevector(y1, y3, 2, 3, 6, 7);
                *(f64x4 *)(panel + i + 8 * p) = y4;
                *(f64x4 *)(panel + i + 8 * p + 8) = y6;
                *(f64x4 *)(panel + i + 8 * p + 16) = y5;
                *(f64x4 *)(panel + i + 8 * p + 24) = y7;
                p += 4;
            } else {
                for (long r = 0; r < 4; r++)
                    panel[i + 8 * p + r] = source[row[i + r] + column[p]];
                p++;
            }
        }
    }
}

/* panel[p, i] = source[row[i] + column[p]] for i < rows, else 0, for i < 6, p < k. */
static void quantum_chemistry_packtab_f64_6(const double *restrict source, const long *restrict row,
        const long *restrict column, double *restrict panel)
{
    if (quantum_chemistry_consecutive(row, 6)) {
        for (long p = 0; p < 100; p++, panel += 6) {
            const double *const s = source + row[0] + column[p];
            const f64x4 s0 = *(const f64x4 *)s;
            const f64x4 s2 = *(const f64x4 *)(s + 2);
            *(f64x4 *)panel = s0;
            *(f64x4 *)(panel + 2) = s2;
        }
        return;
    }
    if (row[1] == row[0] + 1) {
        for (long i = 0, end; i < 6; i = end) {
            end = i + 1;
            while (end < 6 && row[end] == row[end - 1] + 1)
                end++;
            for (long p = 0; p < 100; p++) {
                const double *const x = source + row[i] + column[p];
                if (end - i > 8) {
                    for (long j = 0; j < end - i - 4; j += 4)
                        *(f64x4 *)(panel + 6 * p + i + j) = *(const f64x4 *)(x + j);
                    *(f64x4 *)(panel + 6 * p + end - 4) = *(const f64x4 *)(x + end - i - 4);
                } else if (end - i >= 4) {
                    *(f64x4 *)(panel + 6 * p + i) = *(const f64x4 *)x;
                    *(f64x4 *)(panel + 6 * p + end - 4) = *(const f64x4 *)(x + end - i - 4);
                } else if (end - i >= 2) {
                    *(f64x2 *)(panel + 6 * p + i) = *(const f64x2 *)x;
                    *(f64x2 *)(panel + 6 * p + end - 2) = *(const f64x2 *)(x + end - i - 2);
                } else if (end - i > 0)
                    panel[6 * p + i] = x[0];
            }
        }
        return;
    }
    long p = 0;
    while (p < 100) {
        if (p + 4 <= 100 && quantum_chemistry_consecutive(column + p, 4)) {
            const f64x4 x0 = *(const f64x4 *)(source + row[0] + column[p]);
            const f64x4 x1 = *(const f64x4 *)(source + row[1] + column[p]);
            const f64x4 x2 = *(const f64x4 *)(source + row[2] + column[p]);
            const f64x4 x3 = *(const f64x4 *)(source + row[3] + column[p]);
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
            p += 4;
        } else {
            for (long r = 0; r < 4; r++)
                panel[6 * p + r] = source[row[r] + column[p]];
            p++;
        }
    }
    long p2 = 0;
    while (p2 < 100) {
        if (p2 + 4 <= 100 && quantum_chemistry_consecutive(column + p2, 4)) {
            const f64x4 x0 = *(const f64x4 *)(source + row[2] + column[p2]);
            const f64x4 x1 = *(const f64x4 *)(source + row[3] + column[p2]);
            const f64x4 x2 = *(const f64x4 *)(source + row[4] + column[p2]);
            const f64x4 x3 = *(const f64x4 *)(source + row[5] + column[p2]);
            const f64x4 y0 = __builtin_shufflevector(x0, x1, 0, 4, 2, 6);
            const f64x4 y1 = __builtin_shufflevector(x0, x1, 1, 5, 3, 7);
            const f64x4 y2 = __builtin_shufflevector(x2, x3, 0, 4, 2, 6);
            const f64x4 y3 = __builtin_shufflevector(x2, x3, 1, 5, 3, 7);
            const f64x4 y4 = __builtin_shufflevector(y0, y2, 0, 1, 4, 5);
            const f64x4 y5 = __builtin_shufflevector(y0, y2, 2, 3, 6, 7);
            const f64x4 y6 = __builtin_shufflevector(y1, y3, 0, 1, 4, 5);
            const f64x4 y7 = __builtin_shufflevector(y1, y3, 2, 3, 6, 7);
            *(f64x4 *)(panel + 6 * p2 + 2) = y4;
            *(f64x4 *)(panel + 6 * p2 + 8) = y6;
            *(f64x4 *)(panel + 6 * p2 + 14) = y5;
            *(f64x4 *)(panel + 6 * p2 + 20) = y7;
            p2 += 4;
        } else {
            for (long r = 0; r < 4; r++)
                panel[6 * p2 + r + 2] = source[row[r + 2] + column[p2]];
            p2++;
        }
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void quantum_chemistry_tile_f64_6x8(const double *restrict a, const double *restrict b,
        double *restrict c)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long q = 0; q < 96; q += 16) {
        if (q < 32) {
            __builtin_prefetch(c + q / 16 * 3 * 144 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 1) * 144 + 7, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 2) * 144 + 7, 1);
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
    for (long p = 0; p < 4; p++, a += 6, b += 8) {
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
    *(f64x4 *)c = c0_0;
    *(f64x4 *)(c + 4) = c0_1;
    *(f64x4 *)(c + 144) = c1_0;
    *(f64x4 *)(c + 148) = c1_1;
    *(f64x4 *)(c + 288) = c2_0;
    *(f64x4 *)(c + 292) = c2_1;
    *(f64x4 *)(c + 432) = c3_0;
    *(f64x4 *)(c + 436) = c3_1;
    *(f64x4 *)(c + 576) = c4_0;
    *(f64x4 *)(c + 580) = c4_1;
    *(f64x4 *)(c + 720) = c5_0;
    *(f64x4 *)(c + 724) = c5_1;
}

void quantum_chemistry(const double *restrict a, const double *restrict b, double *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    double *const columns4 = (double *)((char *)workspace + 3968);
    long *const offsets5 = (long *)workspace;
    long *const offsets6 = (long *)((char *)workspace + 1152);
    long *const offsets7 = (long *)((char *)workspace + 1984);
    long *const offsets8 = (long *)((char *)workspace + 3136);
    long offsets5_end = 0;
    for (long d0 = 0; d0 < 12; d0++) {
        for (long d1 = 0; d1 < 12; d1++)
            offsets5[offsets5_end++] = 1200 * d0 + 10 * d1;
    }
    long offsets6_end = 0;
    for (long d0 = 0; d0 < 10; d0++) {
        for (long d1 = 0; d1 < 10; d1++)
            offsets6[offsets6_end++] = d0 + 120 * d1;
    }
    long offsets7_end = 0;
    for (long d0 = 0; d0 < 12; d0++) {
        for (long d1 = 0; d1 < 12; d1++)
            offsets7[offsets7_end++] = 10 * d0 + 1200 * d1;
    }
    long offsets8_end = 0;
    for (long d0 = 0; d0 < 10; d0++) {
        for (long d1 = 0; d1 < 10; d1++)
            offsets8[offsets8_end++] = 120 * d0 + d1;
    }
    #ifdef _OPENMP
    #pragma omp parallel num_threads(omp_get_max_threads() < 2 ? omp_get_max_threads() : 2)
    #endif
    {
        const long thread = quantum_chemistry_thread();
        double *const rows3 = (double *)((char *)workspace + 123776 + 59904 * thread);
        #ifdef _OPENMP
        #pragma omp for
        #endif
        for (long i = 0; i < 144; i += 8)
            quantum_chemistry_packtab_f64_8(b, offsets7 + i, offsets8, columns4 + 104 * i);
        #ifdef _OPENMP
        #pragma omp for
        #endif
        for (long i1 = 0; i1 < 144; i1 += 72) {
            for (long i2 = 0; i2 < 72; i2 += 6)
                quantum_chemistry_packtab_f64_6(a, offsets5 + i1 + i2, offsets6, rows3 + 104 * i2);
            for (long i3 = 0; i3 < 144; i3 += 8) {
                for (long i4 = 0; i4 < 72; i4 += 6) {
                    quantum_chemistry_tile_f64_6x8(rows3 + 104 * i4, columns4 + 104 * i3,
                            out + 144 * i1 + 144 * i4 + i3);
                }
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
size_t quantum_chemistry_workspace_size(void)
{
    return 243584 + 63;
}
