/* bn,anm,bm->ba   float32   b=32 n=48 a=24 m=40
 *
 *   a    [32][48]              6 KiB
 *   b    [24][48][40]          180 KiB
 *   c    [32][40]              5 KiB
 *   out  [32][24]              3 KiB
 *
 * t3[b a m] = sum over n of a[b n] * b[a m n]
 *   a m in 0..<960
 *     n in 0..<48   a block of b is packed
 *       b in 0..<32   a block of a is packed
 *         tiles of 6 x 16 in registers
 * out[b a] = sum over m of t3[b a m] * c[b m]
 *   b in 0..<32
 *     a in 0..<24
 *       m in 0..<40
 *
 * 3010560 flop, 15.2 per byte; workspace 314.6 KiB.
 * The caller gives bilinear_pooling_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c bilinear_pooling.c
 */

#include <stdlib.h>

typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* panel[p, i] = source[i * rs + p * ks] for i < rows, else 0, for i < 6, p < k. */
static void bilinear_pooling_pack_f32_6(const float *restrict source, float *restrict panel)
{
    long done = 0;
    for (long i = 0; done < 6; i += 4) {
        if (i + 4 > 6)
            i = 2;
        for (long p = 0; p < 48; p += 4) {
            const f32x4 x0 = *(const f32x4 *)(source + 48 * i + p);
            const f32x4 x1 = *(const f32x4 *)(source + 48 * i + p + 48);
            const f32x4 x2 = *(const f32x4 *)(source + 48 * i + p + 96);
            const f32x4 x3 = *(const f32x4 *)(source + 48 * i + p + 144);
            const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
            const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
            const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
            const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
            const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
            const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
            const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
            const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
            *(f32x4 *)(panel + i + 6 * p) = y4;
            *(f32x4 *)(panel + i + 6 * p + 6) = y5;
            *(f32x4 *)(panel + i + 6 * p + 12) = y6;
            *(f32x4 *)(panel + i + 6 * p + 18) = y7;
        }
        done = i + 4;
    }
    for (long p = 0; done < 6 && p < 48; p++) {
        for (long i = done; i < 6; i++)
            panel[6 * p + i] = source[48 * i + p];
    }
}

/* Whether a table's offsets rise by one each. */
static inline long bilinear_pooling_consecutive(const long *table, long count)
{
    long misses = 0;
    for (long i = 0; i < count; i++)
        misses |= table[i] - table[0] - i;
    return misses == 0;
}

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void bilinear_pooling_transposetab_8_f32(const float *restrict s, const long *restrict row,
        const long *restrict column, float *restrict d)
{
    long p = 0;
    while (p < 48) {
        if (p + 8 <= 48 && bilinear_pooling_consecutive(column + p, 8)) {
            const f32x8 x0 = *(const f32x8 *)(s + row[0] + column[p]);
            const f32x8 x1 = *(const f32x8 *)(s + row[1] + column[p]);
            const f32x8 x2 = *(const f32x8 *)(s + row[2] + column[p]);
            const f32x8 x3 = *(const f32x8 *)(s + row[3] + column[p]);
            const f32x8 x4 = *(const f32x8 *)(s + row[4] + column[p]);
            const f32x8 x5 = *(const f32x8 *)(s + row[5] + column[p]);
            const f32x8 x6 = *(const f32x8 *)(s + row[6] + column[p]);
            const f32x8 x7 = *(const f32x8 *)(s + row[7] + column[p]);
            const f32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
            const f32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
            const f32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
            const f32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
            const f32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
            const f32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
            const f32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
            *(f32x8 *)(d + 16 * p) = y16;
            *(f32x8 *)(d + 16 * p + 16) = y18;
            *(f32x8 *)(d + 16 * p + 32) = y20;
            *(f32x8 *)(d + 16 * p + 48) = y22;
            *(f32x8 *)(d + 16 * p + 64) = y17;
            *(f32x8 *)(d + 16 * p + 80) = y19;
            *(f32x8 *)(d + 16 * p + 96) = y21;
            *(f32x8 *)(d + 16 * p + 112) = y23;
            p += 8;
        } else {
            for (long r = 0; r < 8; r++)
                d[16 * p + r] = s[row[r] + column[p]];
            p++;
        }
    }
}

/* panel[p, i] = source[row[i] + column[p]] for i < rows, else 0, for i < 16, p < k. */
static void bilinear_pooling_packtab_f32_16(const float *restrict source, const long *restrict row,
        const long *restrict column, float *restrict panel)
{
    if (bilinear_pooling_consecutive(row, 16)) {
        for (long p = 0; p < 48; p++, panel += 16) {
            const float *const s = source + row[0] + column[p];
            const f32x8 s0 = *(const f32x8 *)s;
            const f32x8 s8 = *(const f32x8 *)(s + 8);
            *(f32x8 *)panel = s0;
            *(f32x8 *)(panel + 8) = s8;
        }
        return;
    }
    if (row[1] == row[0] + 1) {
        for (long i = 0, end; i < 16; i = end) {
            end = i + 1;
            while (end < 16 && row[end] == row[end - 1] + 1)
                end++;
            for (long p = 0; p < 48; p++) {
                const float *const x = source + row[i] + column[p];
                long j = 0;
                for (; j + 8 <= end - i; j += 8)
                    *(f32x8 *)(panel + 16 * p + i + j) = *(const f32x8 *)(x + j);
                if (j + 4 <= end - i) {
                    *(f32x4 *)(panel + 16 * p + i + j) = *(const f32x4 *)(x + j);
                    j += 4;
                }
                if (j + 2 <= end - i) {
                    *(f32x2 *)(panel + 16 * p + i + j) = *(const f32x2 *)(x + j);
                    j += 2;
                }
                if (j < end - i)
                    panel[16 * p + i + j] = x[j];
            }
        }
        return;
    }
    long done = 0;
    for (long i = 0; done < 16; i += 8) {
        if (i + 8 > 16)
            i = 8;
        bilinear_pooling_transposetab_8_f32(source, row + i, column, panel + i);
        done = i + 8;
    }
    for (long p = 0; done < 16 && p < 48; p++) {
        for (long i = done; i < 16; i++)
            panel[16 * p + i] = source[row[i] + column[p]];
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void bilinear_pooling_tile_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
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
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 960) = c1_0;
    *(f32x8 *)(c + 968) = c1_1;
    *(f32x8 *)(c + 1920) = c2_0;
    *(f32x8 *)(c + 1928) = c2_1;
    *(f32x8 *)(c + 2880) = c3_0;
    *(f32x8 *)(c + 2888) = c3_1;
    *(f32x8 *)(c + 3840) = c4_0;
    *(f32x8 *)(c + 3848) = c4_1;
    *(f32x8 *)(c + 4800) = c5_0;
    *(f32x8 *)(c + 4808) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < m <= 6, j < n <= 16. */
static void bilinear_pooling_tile_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 48; p++, a += 6, b += 16) {
        const f32x8 bc0 = *(const f32x8 *)b;
        const f32x8 bc1 = *(const f32x8 *)(b + 8);
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
    float tile[96] __attribute__((aligned(64)));
    *(f32x8 *)tile = c0_0;
    *(f32x8 *)(tile + 8) = c0_1;
    *(f32x8 *)(tile + 16) = c1_0;
    *(f32x8 *)(tile + 24) = c1_1;
    *(f32x8 *)(tile + 32) = c2_0;
    *(f32x8 *)(tile + 40) = c2_1;
    *(f32x8 *)(tile + 48) = c3_0;
    *(f32x8 *)(tile + 56) = c3_1;
    *(f32x8 *)(tile + 64) = c4_0;
    *(f32x8 *)(tile + 72) = c4_1;
    *(f32x8 *)(tile + 80) = c5_0;
    *(f32x8 *)(tile + 88) = c5_1;
    for (long i = 0; i < 2; i++) {
        for (long j = 0; j < 16; j += 8)
            *(f32x8 *)(c + 960 * i + j) = *(const f32x8 *)(tile + 16 * i + j);
    }
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void bilinear_pooling_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 40 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 160);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 168);
            pc0_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 200);
            pc1_1 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 208);
            pc0_2 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 240);
            pc1_2 += *(const f32x8 *)(x + j + 88) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 248);
            pc0_3 += *(const f32x8 *)(x + j + 120) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 280);
            pc1_3 += *(const f32x8 *)(x + j + 128) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 288);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 40; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 160);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 168);
        p0_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 200);
        p1_1 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 208);
        p0_2 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 240);
        p1_2 += *(const f32x8 *)(x + j + 88) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 248);
        p0_3 += *(const f32x8 *)(x + j + 120) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 280);
        p1_3 += *(const f32x8 *)(x + j + 128) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 288);
    }
    for (; j + 8 <= 40; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 160);
        p0_1 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 200);
        p0_2 += *(const f32x8 *)(x + j + 80) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 240);
        p0_3 += *(const f32x8 *)(x + j + 120) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 280);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 40) {
        const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
        *(f32x4 *)s = t4;
        return;
    }
    f32x8 p0 = p0_0;
    f32x4 p_4 = __builtin_shufflevector(p0, p0, 0, 1, 2, 3) + __builtin_shufflevector(p0, p0, 4, 5, 6, 7);
    long j2 = j;
    if (j + 4 <= 40) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 40) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 40)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x8 p0_4 = p0_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1, 2, 3) + __builtin_shufflevector(p0_4, p0_4, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 40) {
        p_4_2 += *(const f32x4 *)(x + j3 + 40) * *(const f32x4 *)(y + j3);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 40) {
        p_2_2 += *(const f32x2 *)(x + j3 + 40) * *(const f32x2 *)(y + j3);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 40)
        p_1_2 = __builtin_fmaf(x[j3 + 40], y[j3], p_1_2);
    s[1] = p_1_2;
    f32x8 p0_5 = p0_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1, 2, 3) + __builtin_shufflevector(p0_5, p0_5, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 40) {
        p_4_3 += *(const f32x4 *)(x + j4 + 80) * *(const f32x4 *)(y + j4);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 40) {
        p_2_3 += *(const f32x2 *)(x + j4 + 80) * *(const f32x2 *)(y + j4);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 40)
        p_1_3 = __builtin_fmaf(x[j4 + 80], y[j4], p_1_3);
    s[2] = p_1_3;
    f32x8 p0_6 = p0_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1, 2, 3) + __builtin_shufflevector(p0_6, p0_6, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 40) {
        p_4_4 += *(const f32x4 *)(x + j5 + 120) * *(const f32x4 *)(y + j5);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 40) {
        p_2_4 += *(const f32x2 *)(x + j5 + 120) * *(const f32x2 *)(y + j5);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 40)
        p_1_4 = __builtin_fmaf(x[j5 + 120], y[j5], p_1_4);
    s[3] = p_1_4;
}

void bilinear_pooling(const float *restrict a, const float *restrict b, const float *restrict c,
        float *restrict out, void *restrict workspace)
{
    /* t3[b a m] = sum over n of a[b n] * b[a m n] */
    {
        float *const t3 = (float *)workspace;
        float *const rows5 = (float *)((char *)workspace + 130944);
        float *const columns6 = (float *)((char *)workspace + 137856);
        long *const offsets7 = (long *)((char *)workspace + 122880);
        long *const offsets8 = (long *)((char *)workspace + 130560);
        long offsets7_end = 0;
        for (long d0 = 0; d0 < 24; d0++) {
            for (long d1 = 0; d1 < 40; d1++)
                offsets7[offsets7_end++] = 1920 * d0 + d1;
        }
        long offsets8_end = 0;
        for (long d0 = 0; d0 < 48; d0++)
            offsets8[offsets8_end++] = 40 * d0;
        for (long b2 = 0; b2 < 30; b2 += 6)
            bilinear_pooling_pack_f32_6(a + 48 * b2, rows5 + 48 * b2);
        for (long p = 0; p < 288; p++)
            rows5[p + 1440] = 0;
        for (long p = 0; p < 48; p++) {
            for (long i = 0; i < 2; i++)
                rows5[6 * p + i + 1440] = a[48 * i + p + 1440];
        }
        for (long i = 0; i < 960; i += 16)
            bilinear_pooling_packtab_f32_16(b, offsets7 + i, offsets8, columns6 + 48 * i);
        for (long i1 = 0; i1 < 960; i1 += 16) {
            for (long b1 = 0; b1 < 30; b1 += 6)
                bilinear_pooling_tile_f32_6x16(rows5 + 48 * b1, columns6 + 48 * i1, t3 + 960 * b1 + i1);
            bilinear_pooling_tile_f32_6x16_2(rows5 + 1440, columns6 + 48 * i1, t3 + i1 + 28800);
        }
    }
    /* out[b a] = sum over m of t3[b a m] * c[b m] */
    {
        float *const t3 = (float *)workspace;
        for (long b2 = 0; b2 < 32; b2++) {
            float s[4];
            for (long i = 0; i < 20; i += 4) {
                bilinear_pooling_dot4_product_uu_f32(t3 + 960 * b2 + 40 * i, c + 40 * b2, s);
                for (long r = 0; r < 4; r++)
                    out[24 * b2 + i + r] = s[r];
            }
            bilinear_pooling_dot4_product_uu_f32(t3 + 960 * b2 + 800, c + 40 * b2, s);
            for (long r = 0; r < 4; r++)
                out[24 * b2 + r + 20] = s[r];
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t bilinear_pooling_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t bilinear_pooling_workspace_size(void)
{
    return 322176;
}
