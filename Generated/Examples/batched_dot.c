/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 *
 * out[b] = sum over i of a[b i] * b[b i]
 *   b in 0..<1000
 *     i in 0..<16
 *
 * 32000 flop, 0.2 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c batched_dot.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void batched_dot_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    long j = 0;
    while (-j + 16 >= 256) {
        f32x8 pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0}, pc0_3 = {0};
        f32x8 pc1_3 = {0};
        const long end = j + 256;
        for (; j < end; j += 16) {
            pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            __builtin_prefetch(x + j + 64);
            pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + j + 72);
            pc0_1 += *(const f32x8 *)(x + j + 16) * *(const f32x8 *)(y + j + 16);
            __builtin_prefetch(x + j + 80);
            pc1_1 += *(const f32x8 *)(x + j + 24) * *(const f32x8 *)(y + j + 24);
            __builtin_prefetch(x + j + 88);
            pc0_2 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
            __builtin_prefetch(x + j + 96);
            pc1_2 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j + 40);
            __builtin_prefetch(x + j + 104);
            pc0_3 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 48);
            __builtin_prefetch(x + j + 112);
            pc1_3 += *(const f32x8 *)(x + j + 56) * *(const f32x8 *)(y + j + 56);
            __builtin_prefetch(x + j + 120);
        }
        p0_0 += pc0_0 + pc1_0;
        p0_1 += pc0_1 + pc1_1;
        p0_2 += pc0_2 + pc1_2;
        p0_3 += pc0_3 + pc1_3;
    }
    for (; j + 16 <= 16; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 64);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 72);
        p0_1 += *(const f32x8 *)(x + j + 16) * *(const f32x8 *)(y + j + 16);
        __builtin_prefetch(x + j + 80);
        p1_1 += *(const f32x8 *)(x + j + 24) * *(const f32x8 *)(y + j + 24);
        __builtin_prefetch(x + j + 88);
        p0_2 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        __builtin_prefetch(x + j + 96);
        p1_2 += *(const f32x8 *)(x + j + 40) * *(const f32x8 *)(y + j + 40);
        __builtin_prefetch(x + j + 104);
        p0_3 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 48);
        __builtin_prefetch(x + j + 112);
        p1_3 += *(const f32x8 *)(x + j + 56) * *(const f32x8 *)(y + j + 56);
        __builtin_prefetch(x + j + 120);
    }
    for (; j + 8 <= 16; j += 8) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 64);
        p0_1 += *(const f32x8 *)(x + j + 16) * *(const f32x8 *)(y + j + 16);
        __builtin_prefetch(x + j + 80);
        p0_2 += *(const f32x8 *)(x + j + 32) * *(const f32x8 *)(y + j + 32);
        __builtin_prefetch(x + j + 96);
        p0_3 += *(const f32x8 *)(x + j + 48) * *(const f32x8 *)(y + j + 48);
        __builtin_prefetch(x + j + 112);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    if (j == 16) {
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
    if (j + 4 <= 16) {
        p_4 += *(const f32x4 *)(x + j2) * *(const f32x4 *)(y + j2);
        j2 += 4;
    }
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    if (j2 + 2 <= 16) {
        p_2 += *(const f32x2 *)(x + j2) * *(const f32x2 *)(y + j2);
        j2 += 2;
    }
    float p_1 = p_2[0] + p_2[1];
    if (j2 < 16)
        p_1 = __builtin_fmaf(x[j2], y[j2], p_1);
    s[0] = p_1;
    f32x8 p0_4 = p0_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_4, p0_4, 0, 1, 2, 3) + __builtin_shufflevector(p0_4, p0_4, 4, 5, 6, 7);
    long j3 = j;
    if (j + 4 <= 16) {
        p_4_2 += *(const f32x4 *)(x + j3 + 16) * *(const f32x4 *)(y + j3 + 16);
        j3 += 4;
    }
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    if (j3 + 2 <= 16) {
        p_2_2 += *(const f32x2 *)(x + j3 + 16) * *(const f32x2 *)(y + j3 + 16);
        j3 += 2;
    }
    float p_1_2 = p_2_2[0] + p_2_2[1];
    if (j3 < 16)
        p_1_2 = __builtin_fmaf(x[j3 + 16], y[j3 + 16], p_1_2);
    s[1] = p_1_2;
    f32x8 p0_5 = p0_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_5, p0_5, 0, 1, 2, 3) + __builtin_shufflevector(p0_5, p0_5, 4, 5, 6, 7);
    long j4 = j;
    if (j + 4 <= 16) {
        p_4_3 += *(const f32x4 *)(x + j4 + 32) * *(const f32x4 *)(y + j4 + 32);
        j4 += 4;
    }
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    if (j4 + 2 <= 16) {
        p_2_3 += *(const f32x2 *)(x + j4 + 32) * *(const f32x2 *)(y + j4 + 32);
        j4 += 2;
    }
    float p_1_3 = p_2_3[0] + p_2_3[1];
    if (j4 < 16)
        p_1_3 = __builtin_fmaf(x[j4 + 32], y[j4 + 32], p_1_3);
    s[2] = p_1_3;
    f32x8 p0_6 = p0_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_6, p0_6, 0, 1, 2, 3) + __builtin_shufflevector(p0_6, p0_6, 4, 5, 6, 7);
    long j5 = j;
    if (j + 4 <= 16) {
        p_4_4 += *(const f32x4 *)(x + j5 + 48) * *(const f32x4 *)(y + j5 + 48);
        j5 += 4;
    }
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    if (j5 + 2 <= 16) {
        p_2_4 += *(const f32x2 *)(x + j5 + 48) * *(const f32x2 *)(y + j5 + 48);
        j5 += 2;
    }
    float p_1_4 = p_2_4[0] + p_2_4[1];
    if (j5 < 16)
        p_1_4 = __builtin_fmaf(x[j5 + 48], y[j5 + 48], p_1_4);
    s[3] = p_1_4;
}

void batched_dot(const float *restrict a, const float *restrict b, float *restrict out)
{
    {
        float s[4];
        for (long i = 0; i < 996; i += 4) {
            batched_dot_dot4_product_uu_f32(a + 16 * i, b + 16 * i, s);
            for (long r = 0; r < 4; r++)
                out[i + r] = s[r];
        }
        batched_dot_dot4_product_uu_f32(a + 15936, b + 15936, s);
        for (long r = 0; r < 4; r++)
            out[r + 996] = s[r];
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t batched_dot_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void)
{
    return 0;
}
