/* ijk,ia,jb,kc->abc   float32   i=24 j=24 k=24 a=8 b=8 c=8
 *
 *   a    [24][24][24]          54 KiB
 *   b    [24][8]               768 bytes
 *   c    [24][8]               768 bytes
 *   d    [24][8]               768 bytes
 *   out  [8][8][8]             2 KiB
 *
 * t4[jk a] = sum over i of a[i jk] * b[i a]
 *   jk in 0..<576                 j and k folded
 *     a in 0..<8                  vectors
 *       i in 0..<24
 * t5[ka b] = sum over j of t4[j ka] * c[j b]
 *   ka in 0..<192                 k and a folded
 *     b in 0..<8                  vectors
 *       j in 0..<24
 * out[ab c] = sum over k of t5[k ab] * d[k c]
 *   ab in 0..<64                  a and b folded
 *     c in 0..<8                  vectors
 *       k in 0..<24
 *
 * 319488 flop, 5.4 per byte; workspace 24.1 KiB.
 * The caller gives tucker_factors_workspace_size() bytes of workspace, with any alignment.
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

/* Blocks of 8 rows of 1 x 8 components. */
static void tucker_factors_columns_8x1x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 24; p++, a += 576, b += 8) {
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        c0_0 += a[0] * b0;
        c1_0 += a[1] * b0;
        c2_0 += a[2] * b0;
        c3_0 += a[3] * b0;
        c4_0 += a[4] * b0;
        c5_0 += a[5] * b0;
        c6_0 += a[6] * b0;
        c7_0 += a[7] * b0;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c1_0;
    *(f32x8 *)(o + 16) = c2_0;
    *(f32x8 *)(o + 24) = c3_0;
    *(f32x8 *)(o + 32) = c4_0;
    *(f32x8 *)(o + 40) = c5_0;
    *(f32x8 *)(o + 48) = c6_0;
    *(f32x8 *)(o + 56) = c7_0;
}

/* Blocks of 8 rows of 1 x 8 components. */
static void tucker_factors_columns_8x1x8_f32_2(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 24; p++, a += 192, b += 8) {
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        c0_0 += a[0] * b0;
        c1_0 += a[1] * b0;
        c2_0 += a[2] * b0;
        c3_0 += a[3] * b0;
        c4_0 += a[4] * b0;
        c5_0 += a[5] * b0;
        c6_0 += a[6] * b0;
        c7_0 += a[7] * b0;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c1_0;
    *(f32x8 *)(o + 16) = c2_0;
    *(f32x8 *)(o + 24) = c3_0;
    *(f32x8 *)(o + 32) = c4_0;
    *(f32x8 *)(o + 40) = c5_0;
    *(f32x8 *)(o + 48) = c6_0;
    *(f32x8 *)(o + 56) = c7_0;
}

/* Blocks of 8 rows of 1 x 8 components. */
static void tucker_factors_columns_8x1x8_f32_3(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x8 c7_0 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 24; p++, a += 64, b += 8) {
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        c0_0 += a[0] * b0;
        c1_0 += a[1] * b0;
        c2_0 += a[2] * b0;
        c3_0 += a[3] * b0;
        c4_0 += a[4] * b0;
        c5_0 += a[5] * b0;
        c6_0 += a[6] * b0;
        c7_0 += a[7] * b0;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c1_0;
    *(f32x8 *)(o + 16) = c2_0;
    *(f32x8 *)(o + 24) = c3_0;
    *(f32x8 *)(o + 32) = c4_0;
    *(f32x8 *)(o + 40) = c5_0;
    *(f32x8 *)(o + 48) = c6_0;
    *(f32x8 *)(o + 56) = c7_0;
}

void tucker_factors(const float *restrict a, const float *restrict b, const float *restrict c,
        const float *restrict d, float *restrict out, void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    /* t4[jk a] = sum over i of a[i jk] * b[i a] */
    {
        float *const t4 = (float *)workspace;
        for (long i = 0; i < 72; i++) {
            const long r = 8 * i;
            tucker_factors_columns_8x1x8_f32(t4 + 8 * r, a + r, b);
        }
    }
    /* t5[ka b] = sum over j of t4[j ka] * c[j b] */
    {
        float *const t4 = (float *)workspace;
        float *const t5 = (float *)((char *)workspace + 18432);
        for (long i = 0; i < 24; i++) {
            const long r = 8 * i;
            tucker_factors_columns_8x1x8_f32_2(t5 + 8 * r, t4 + r, c);
        }
    }
    /* out[ab c] = sum over k of t5[k ab] * d[k c] */
    {
        float *const t5 = (float *)((char *)workspace + 18432);
        for (long i = 0; i < 8; i++) {
            const long r = 8 * i;
            tucker_factors_columns_8x1x8_f32_3(out + 8 * r, t5 + r, d);
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t tucker_factors_workspace_size(void)
{
    return 24576 + 63;
}
