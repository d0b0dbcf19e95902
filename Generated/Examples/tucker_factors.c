/* ijk,ia,jb,kc->abc   float32   i=24 j=24 k=24 a=8 b=8 c=8
 *
 *   a    [24][24][24]          54 KiB
 *   b    [24][8]               768 bytes
 *   c    [24][8]               768 bytes
 *   d    [24][8]               768 bytes
 *   out  [8][8][8]             2 KiB
 *
 * t4[jk a] = sum over i of a[jk i] * b[a i]
 *   a in 0..<8
 *     i in 0..<24   a block of b is packed
 *       jk in 0..<576   a block of a is packed
 *         tiles of 12 x 8 in registers
 * t5[ka b] = sum over j of t4[ka j] * c[b j]
 *   b in 0..<8
 *     j in 0..<24   a block of c is packed
 *       ka in 0..<192   a block of t4 is packed
 *         tiles of 12 x 8 in registers
 * out[ab c] = sum over k of t5[ab k] * d[c k]
 *   c in 0..<8
 *     k in 0..<24   a block of d is packed
 *       ab in 0..<64   a block of t5 is packed
 *         tiles of 12 x 8 in registers
 *
 * 319488 flop, 5.4 per byte; workspace 72.8 KiB.
 * The caller gives tucker_factors_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c tucker_factors.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 12, j < n <= 8. */
static void tucker_factors_tile_f32_12x8(const float *restrict a, const float *restrict b, float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0}, c8_0 = {0}, c9_0 = {0}, c10_0 = {0}, c11_0 = {0};
    for (long p = 0; p < 24; p++, a += 12, b += 8) {
        const f32x8 bc0 = *(const f32x8 *)b;
        c0_0 += a[0] * bc0;
        c1_0 += a[1] * bc0;
        c2_0 += a[2] * bc0;
        c3_0 += a[3] * bc0;
        c4_0 += a[4] * bc0;
        c5_0 += a[5] * bc0;
        c6_0 += a[6] * bc0;
        c7_0 += a[7] * bc0;
        c8_0 += a[8] * bc0;
        c9_0 += a[9] * bc0;
        c10_0 += a[10] * bc0;
        c11_0 += a[11] * bc0;
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c1_0;
    *(f32x8 *)(c + 16) = c2_0;
    *(f32x8 *)(c + 24) = c3_0;
    *(f32x8 *)(c + 32) = c4_0;
    *(f32x8 *)(c + 40) = c5_0;
    *(f32x8 *)(c + 48) = c6_0;
    *(f32x8 *)(c + 56) = c7_0;
    *(f32x8 *)(c + 64) = c8_0;
    *(f32x8 *)(c + 72) = c9_0;
    *(f32x8 *)(c + 80) = c10_0;
    *(f32x8 *)(c + 88) = c11_0;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 12, j < n <= 8. */
static void tucker_factors_tile_f32_12x8_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0}, c8_0 = {0}, c9_0 = {0}, c10_0 = {0}, c11_0 = {0};
    for (long p = 0; p < 24; p++, a += 12, b += 8) {
        const f32x8 bc0 = *(const f32x8 *)b;
        c0_0 += a[0] * bc0;
        c1_0 += a[1] * bc0;
        c2_0 += a[2] * bc0;
        c3_0 += a[3] * bc0;
        c4_0 += a[4] * bc0;
        c5_0 += a[5] * bc0;
        c6_0 += a[6] * bc0;
        c7_0 += a[7] * bc0;
        c8_0 += a[8] * bc0;
        c9_0 += a[9] * bc0;
        c10_0 += a[10] * bc0;
        c11_0 += a[11] * bc0;
    }
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c1_0;
    *(f32x8 *)(tile + 16) = c2_0;
    *(f32x8 *)(tile + 24) = c3_0;
    *(f32x8 *)(tile + 32) = c4_0;
    *(f32x8 *)(tile + 40) = c5_0;
    *(f32x8 *)(tile + 48) = c6_0;
    *(f32x8 *)(tile + 56) = c7_0;
    *(f32x8 *)(tile + 64) = c8_0;
    *(f32x8 *)(tile + 72) = c9_0;
    *(f32x8 *)(tile + 80) = c10_0;
    *(f32x8 *)(tile + 88) = c11_0;
    for (long i = 0; i < 4; i++)
        *(f32x8 *)(c + 8 * i) = *(const f32x8 *)(tile + 8 * i);
}

void tucker_factors(const float *restrict a, const float *restrict b, const float *restrict c,
        const float *restrict d, float *restrict out, void *restrict workspace)
{
    /* t4[jk a] = sum over i of a[jk i] * b[a i] */
    {
        float *const t4 = (float *)workspace;
        float *const rows7 = (float *)((char *)workspace + 18432);
        float *const columns8 = (float *)((char *)workspace + 73728);
        for (long jk = 0; jk < 576; jk += 12) {
            float *panel = rows7 + 24 * jk;
            for (long p = 0; p < 24; p++, panel += 12) {
                const float *const s = a + jk + 576 * p;
                const f32x8 s0 = *(const f32x8 *)s;
                const f32x8 s4 = *(const f32x8 *)(s + 4);
                *(f32x8 *)panel = s0;
                *(f32x8 *)(panel + 4) = s4;
            }
        }
        float *panel = columns8;
        for (long p = 0; p < 24; p++, panel += 8) {
            const f32x8 s0 = *(const f32x8 *)(b + 8 * p);
            *(f32x8 *)panel = s0;
        }
        for (long jk1 = 0; jk1 < 576; jk1 += 12)
            tucker_factors_tile_f32_12x8(rows7 + 24 * jk1, columns8, t4 + 8 * jk1);
    }
    /* t5[ka b] = sum over j of t4[ka j] * c[b j] */
    {
        float *const t4 = (float *)workspace;
        float *const t5 = (float *)((char *)workspace + 18432);
        float *const rows9 = (float *)((char *)workspace + 24576);
        float *const columns10 = (float *)((char *)workspace + 43008);
        for (long ka = 0; ka < 192; ka += 12) {
            float *panel = rows9 + 24 * ka;
            for (long p = 0; p < 24; p++, panel += 12) {
                const float *const s = t4 + ka + 192 * p;
                const f32x8 s0 = *(const f32x8 *)s;
                const f32x8 s4 = *(const f32x8 *)(s + 4);
                *(f32x8 *)panel = s0;
                *(f32x8 *)(panel + 4) = s4;
            }
        }
        float *panel = columns10;
        for (long p = 0; p < 24; p++, panel += 8) {
            const f32x8 s0 = *(const f32x8 *)(c + 8 * p);
            *(f32x8 *)panel = s0;
        }
        for (long ka1 = 0; ka1 < 192; ka1 += 12)
            tucker_factors_tile_f32_12x8(rows9 + 24 * ka1, columns10, t5 + 8 * ka1);
    }
    /* out[ab c] = sum over k of t5[ab k] * d[c k] */
    {
        float *const t5 = (float *)((char *)workspace + 18432);
        float *const rows11 = (float *)workspace;
        float *const columns12 = (float *)((char *)workspace + 6912);
        for (long ab = 0; ab < 60; ab += 12) {
            float *panel = rows11 + 24 * ab;
            for (long p = 0; p < 24; p++, panel += 12) {
                const float *const s = t5 + ab + 64 * p;
                const f32x8 s0 = *(const f32x8 *)s;
                const f32x8 s4 = *(const f32x8 *)(s + 4);
                *(f32x8 *)panel = s0;
                *(f32x8 *)(panel + 4) = s4;
            }
        }
        for (long p = 0; p < 288; p++)
            rows11[p + 1440] = 0;
        for (long p = 0; p < 24; p++) {
            for (long i = 0; i < 4; i++)
                rows11[12 * p + i + 1440] = t5[i + 64 * p + 60];
        }
        float *panel = columns12;
        for (long p = 0; p < 24; p++, panel += 8) {
            const f32x8 s0 = *(const f32x8 *)(d + 8 * p);
            *(f32x8 *)panel = s0;
        }
        for (long ab1 = 0; ab1 < 60; ab1 += 12)
            tucker_factors_tile_f32_12x8(rows11 + 24 * ab1, columns12, out + 8 * ab1);
        tucker_factors_tile_f32_12x8_2(rows11 + 1440, columns12, out + 480);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t tucker_factors_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t tucker_factors_workspace_size(void)
{
    return 74496;
}
