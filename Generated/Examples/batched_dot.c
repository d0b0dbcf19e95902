/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 *
 * out[b] = sum over i of a[b i] * b[b i]
 *   b in 0..<1000
 *     i in 0..<16                 vectors
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

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void batched_dot_row_sums_product_uu_f32(float *restrict out, const float *x, const float *y)
{
    float s[8];
    float tree[384];
    long i = 0;
    while (i <= 996) {
        const long part = ((-i + 1000) / 4 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 16 : 48 * part + 16;
            const long gap = next - 16;
            f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
            const long ahead = gap + 64;
            p_0 += *(const f32x8 *)(x + 16 * i) * *(const f32x8 *)(y + 16 * i);
            p_0 += *(const f32x8 *)(x + 16 * i + 8) * *(const f32x8 *)(y + 16 * i + 8);
            __builtin_prefetch(x + 16 * i + ahead);
            p_1 += *(const f32x8 *)(x + 16 * i + 16 * part) * *(const f32x8 *)(y + 16 * i + 16 * part);
            p_1 += *(const f32x8 *)(x + 16 * i + 16 * part + 8) * *(const f32x8 *)(y + 16 * i + 16 * part + 8);
            __builtin_prefetch(x + 16 * i + 16 * part + ahead);
            p_2 += *(const f32x8 *)(x + 16 * i + 32 * part) * *(const f32x8 *)(y + 16 * i + 32 * part);
            p_2 += *(const f32x8 *)(x + 16 * i + 32 * part + 8) * *(const f32x8 *)(y + 16 * i + 32 * part + 8);
            __builtin_prefetch(x + 16 * i + 32 * part + ahead);
            p_3 += *(const f32x8 *)(x + 16 * i + 48 * part) * *(const f32x8 *)(y + 16 * i + 48 * part);
            p_3 += *(const f32x8 *)(x + 16 * i + 48 * part + 8) * *(const f32x8 *)(y + 16 * i + 48 * part + 8);
            __builtin_prefetch(x + 16 * i + 48 * part + ahead);
            const f32x8 t0_1 = __builtin_shufflevector(p_0, p_1, 0, 1, 2, 3, 8, 9,
                    10, 11) + __builtin_shufflevector(p_0, p_1, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 t0_2 = __builtin_shufflevector(p_2, p_3, 0, 1, 2, 3, 8, 9,
                    10, 11) + __builtin_shufflevector(p_2, p_3, 4, 5, 6, 7, 12, 13, 14, 15);
            const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
                    12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
            const f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3,
                    t0_3, 1, 3, 5, 7);
            *(f32x4 *)s = t0_4;
            for (long r = 0; r < 4; r++) {
                {
                    float *const o = out + i + r * part * 1;
                    o[0] = s[r];
                }
            }
        }
        i += 3 * part;
    }
    long leaves = 0;
    for (; i + 4 <= 1000; i += 4) {
        f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
        p_0 += *(const f32x8 *)(x + 16 * i) * *(const f32x8 *)(y + 16 * i);
        p_0 += *(const f32x8 *)(x + 16 * i + 8) * *(const f32x8 *)(y + 16 * i + 8);
        __builtin_prefetch(x + 16 * i + 112);
        p_1 += *(const f32x8 *)(x + 16 * i + 16) * *(const f32x8 *)(y + 16 * i + 16);
        p_1 += *(const f32x8 *)(x + 16 * i + 24) * *(const f32x8 *)(y + 16 * i + 24);
        __builtin_prefetch(x + 16 * i + 128);
        p_2 += *(const f32x8 *)(x + 16 * i + 32) * *(const f32x8 *)(y + 16 * i + 32);
        p_2 += *(const f32x8 *)(x + 16 * i + 40) * *(const f32x8 *)(y + 16 * i + 40);
        __builtin_prefetch(x + 16 * i + 144);
        p_3 += *(const f32x8 *)(x + 16 * i + 48) * *(const f32x8 *)(y + 16 * i + 48);
        p_3 += *(const f32x8 *)(x + 16 * i + 56) * *(const f32x8 *)(y + 16 * i + 56);
        __builtin_prefetch(x + 16 * i + 160);
        const f32x8 t0_1 = __builtin_shufflevector(p_0, p_1, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(p_0, p_1, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_2 = __builtin_shufflevector(p_2, p_3, 0, 1, 2, 3, 8, 9,
                10, 11) + __builtin_shufflevector(p_2, p_3, 4, 5, 6, 7, 12, 13, 14, 15);
        const f32x8 t0_3 = __builtin_shufflevector(t0_1, t0_2, 0, 1, 4, 5, 8, 9,
                12, 13) + __builtin_shufflevector(t0_1, t0_2, 2, 3, 6, 7, 10, 11, 14, 15);
        const f32x4 t0_4 = __builtin_shufflevector(t0_3, t0_3, 0, 2, 4, 6) + __builtin_shufflevector(t0_3,
                t0_3, 1, 3, 5, 7);
        *(f32x4 *)s = t0_4;
        for (long r = 0; r < 4; r++) {
            long number = leaves++;
            float *tree2 = tree;
            for (; number & 1; number >>= 1) {
                s[r] = tree2[0] + s[r];
                tree2++;
            }
            tree2[0] = s[r];
        }
    }
    for (; i < 1000; i++) {
        f32x8 p_0 = {0};
        for (long j = 0; j < 16; j += 8) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(p_0));
            #endif
            p_0 += *(const f32x8 *)(x + 16 * i + j) * *(const f32x8 *)(y + 16 * i + j);
        }
        f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
                6, 7);
        f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
        float p_1 = p_2[0] + p_2[1];
        s[0] = p_1;
        long number = leaves++;
        float *tree2 = tree;
        for (; number & 1; number >>= 1) {
            s[0] = tree2[0] + s[0];
            tree2++;
        }
        tree2[0] = s[0];
        long number3 = leaves;
        float *tree3 = tree;
        for (; !(number3 & 1); number3 >>= 1)
            tree3++;
        s[0] = tree3[0];
        while (number3 >>= 1) {
            tree3++;
            if (number3 & 1)
                s[0] = tree3[0] + s[0];
        }
        {
            float *const o = out + i;
            o[0] = s[0];
        }
        leaves = 0;
    }
    if (leaves > 0) {
        long number = leaves;
        float *tree2 = tree;
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

void batched_dot(const float *restrict a, const float *restrict b, float *restrict out)
{
    batched_dot_row_sums_product_uu_f32(out, a, b);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void)
{
    return 0;
}
