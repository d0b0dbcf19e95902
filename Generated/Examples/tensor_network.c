/* abc,aib,bjd->cijd   float64   a=16 b=16 c=16 i=2 j=2 d=16
 *
 *   a    [16][16][16]          32 KiB
 *   b    [16][2][16]           4 KiB
 *   c    [16][2][16]           4 KiB
 *   out  [16][2][2][16]        8 KiB
 *
 * t3[b c i] = sum over a of a[b c a] * b[b i a]
 *   i in 0..<2
 *     b in 0..<16
 *       c in 0..<16
 *         a in 0..<16
 * out[ci jd] = sum over b of t3[ci b] * c[jd b]
 *   jd in 0..<32
 *     b in 0..<16   a block of c is packed
 *       ci in 0..<32   a block of t3 is packed
 *         tiles of 6 x 8 in registers
 *
 * 49152 flop, 1 per byte; workspace 12.5 KiB.
 * The caller gives tensor_network_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c tensor_network.c
 */

#include <stdlib.h>

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void tensor_network_tile_f64_6x8(const double *restrict a, const double *restrict b,
        double *restrict c)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 16; p++, a += 6, b += 8) {
        const f64x4 bc0 = *(const f64x4 *)b;
        const f64x4 bc1 = *(const f64x4 *)(b + 4);
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
    *(f64x4 *)(c + 32) = c1_0;
    *(f64x4 *)(c + 36) = c1_1;
    *(f64x4 *)(c + 64) = c2_0;
    *(f64x4 *)(c + 68) = c2_1;
    *(f64x4 *)(c + 96) = c3_0;
    *(f64x4 *)(c + 100) = c3_1;
    *(f64x4 *)(c + 128) = c4_0;
    *(f64x4 *)(c + 132) = c4_1;
    *(f64x4 *)(c + 160) = c5_0;
    *(f64x4 *)(c + 164) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 8. */
static void tensor_network_tile_f64_6x8_2(const double *restrict a, const double *restrict b,
        double *restrict c)
{
    f64x4 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f64x4 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 16; p++, a += 6, b += 8) {
        const f64x4 bc0 = *(const f64x4 *)b;
        const f64x4 bc1 = *(const f64x4 *)(b + 4);
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
    double tile[48] __attribute__((aligned(64)));
    *(f64x4 *)tile = c0_0;
    *(f64x4 *)(tile + 4) = c0_1;
    *(f64x4 *)(tile + 8) = c1_0;
    *(f64x4 *)(tile + 12) = c1_1;
    *(f64x4 *)(tile + 16) = c2_0;
    *(f64x4 *)(tile + 20) = c2_1;
    *(f64x4 *)(tile + 24) = c3_0;
    *(f64x4 *)(tile + 28) = c3_1;
    *(f64x4 *)(tile + 32) = c4_0;
    *(f64x4 *)(tile + 36) = c4_1;
    *(f64x4 *)(tile + 40) = c5_0;
    *(f64x4 *)(tile + 44) = c5_1;
    for (long i = 0; i < 2; i++) {
        for (long j = 0; j < 8; j += 4)
            *(f64x4 *)(c + 32 * i + j) = *(const f64x4 *)(tile + 8 * i + j);
    }
}

void tensor_network(const double *restrict a, const double *restrict b, const double *restrict c,
        double *restrict out, void *restrict workspace)
{
    /* t3[b c i] = sum over a of a[b c a] * b[b i a] */
    {
        double *const t3 = (double *)workspace;
        for (long i = 0; i < 2; i++) {
            for (long a2 = 0; a2 < 16; a2++) {
                long accumulate = a2 != 0;
                for (long i2 = 0; i2 < 16; i2++) {
                    double *const o = t3 + i + 32 * i2;
                    const double *const x = a + 256 * a2 + 16 * i2;
                    const double *const y = b + 16 * i + 32 * a2 + i2;
                    if (accumulate) {
                        for (long j = 0; j < 16; j++)
                            o[2 * j] = __builtin_fma(x[j], y[0], o[2 * j]);
                    } else {
                        for (long j = 0; j < 16; j++)
                            o[2 * j] = x[j] * y[0];
                    }
                }
            }
        }
    }
    /* out[ci jd] = sum over b of t3[ci b] * c[jd b] */
    {
        double *const t3 = (double *)workspace;
        double *const rows5 = (double *)((char *)workspace + 4096);
        double *const columns6 = (double *)((char *)workspace + 8704);
        for (long ci = 0; ci < 30; ci += 6) {
            double *panel = rows5 + 16 * ci;
            for (long p = 0; p < 16; p++, panel += 6) {
                const double *const s = t3 + ci + 32 * p;
                const f64x4 s0 = *(const f64x4 *)s;
                const f64x4 s2 = *(const f64x4 *)(s + 2);
                *(f64x4 *)panel = s0;
                *(f64x4 *)(panel + 2) = s2;
            }
        }
        for (long p = 0; p < 96; p++)
            rows5[p + 480] = 0;
        for (long p = 0; p < 16; p++) {
            for (long i = 0; i < 2; i++)
                rows5[6 * p + i + 480] = t3[i + 32 * p + 30];
        }
        for (long jd = 0; jd < 32; jd += 8) {
            double *panel = columns6 + 16 * jd;
            for (long p = 0; p < 16; p++, panel += 8) {
                const double *const s = c + jd + 32 * p;
                const f64x4 s0 = *(const f64x4 *)s;
                const f64x4 s4 = *(const f64x4 *)(s + 4);
                *(f64x4 *)panel = s0;
                *(f64x4 *)(panel + 4) = s4;
            }
        }
        for (long jd1 = 0; jd1 < 32; jd1 += 8) {
            for (long ci1 = 0; ci1 < 30; ci1 += 6)
                tensor_network_tile_f64_6x8(rows5 + 16 * ci1, columns6 + 16 * jd1, out + 32 * ci1 + jd1);
            tensor_network_tile_f64_6x8_2(rows5 + 480, columns6 + 16 * jd1, out + jd1 + 960);
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t tensor_network_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t tensor_network_workspace_size(void)
{
    return 12800;
}
