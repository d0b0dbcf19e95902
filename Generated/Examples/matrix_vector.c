/* ij,j->i   float32   i=500 j=300
 *
 *   a    [500][300]            585.9 KiB
 *   b    [300]                 1.2 KiB
 *   out  [500]                 2 KiB
 *
 * out[i] = sum over j of a[i j] * b[j]
 *   i in 0..<500                  shared among threads
 *     j in 0..<300                vectors
 *
 * 300000 flop, 0.5 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c matrix_vector.c
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
static inline void matrix_vector_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0}, pc0_0 = {0}, pc1_0 = {0}, pc0_1 = {0}, pc1_1 = {0}, pc0_2 = {0}, pc1_2 = {0};
    f32x8 pc0_3 = {0}, pc1_3 = {0};
    for (long j = 0; j < 256; j += 16) {
        pc0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1200);
        pc1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1208);
        pc0_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1500);
        pc1_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1508);
        pc0_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1800);
        pc1_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1808);
        pc0_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 2100);
        pc1_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 2108);
    }
    p0_0 += pc0_0 + pc1_0;
    p0_1 += pc0_1 + pc1_1;
    p0_2 += pc0_2 + pc1_2;
    p0_3 += pc0_3 + pc1_3;
    for (long j = 256; j < 288; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1200);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1208);
        p0_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1500);
        p1_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1508);
        p0_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 1800);
        p1_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 1808);
        p0_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j + 2100);
        p1_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 2108);
    }
    p0_0 += *(const f32x8 *)(x + 288) * *(const f32x8 *)(y + 288);
    __builtin_prefetch(x + 1488);
    p0_1 += *(const f32x8 *)(x + 588) * *(const f32x8 *)(y + 288);
    __builtin_prefetch(x + 1788);
    p0_2 += *(const f32x8 *)(x + 888) * *(const f32x8 *)(y + 288);
    __builtin_prefetch(x + 2088);
    p0_3 += *(const f32x8 *)(x + 1188) * *(const f32x8 *)(y + 288);
    __builtin_prefetch(x + 2388);
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5,
            6, 7);
    p_4 += *(const f32x4 *)(x + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    float p_1 = p_2[0] + p_2[1];
    s[0] = p_1;
    f32x4 p_4_2 = __builtin_shufflevector(p0_1, p0_1, 0, 1, 2, 3) + __builtin_shufflevector(p0_1, p0_1, 4,
            5, 6, 7);
    p_4_2 += *(const f32x4 *)(x + 596) * *(const f32x4 *)(y + 296);
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    float p_1_2 = p_2_2[0] + p_2_2[1];
    s[1] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p0_2, p0_2, 0, 1, 2, 3) + __builtin_shufflevector(p0_2, p0_2, 4,
            5, 6, 7);
    p_4_3 += *(const f32x4 *)(x + 896) * *(const f32x4 *)(y + 296);
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    float p_1_3 = p_2_3[0] + p_2_3[1];
    s[2] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p0_3, p0_3, 0, 1, 2, 3) + __builtin_shufflevector(p0_3, p0_3, 4,
            5, 6, 7);
    p_4_4 += *(const f32x4 *)(x + 1196) * *(const f32x4 *)(y + 296);
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    float p_1_4 = p_2_4[0] + p_2_4[1];
    s[3] = p_1_4;
}

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void matrix_vector_row_sums_product_uu_f32(float *restrict out, const float *x, const float *y)
{
    float s[4];
    float tree[192];
    for (long i = 0; i < 108; i += 4) {
        matrix_vector_dot4_product_uu_f32(x + 300 * i, y, s);
        for (long r = 0; r < 4; r++) {
            {
                out[i + r] = s[r];
            }
        }
    }
    long leaves = 0;
    f32x8 p0_0 = {0}, p1_0 = {0}, pc0_0 = {0}, pc1_0 = {0};
    for (long j = 0; j < 256; j += 16) {
        pc0_0 += *(const f32x8 *)(x + j + 32400) * *(const f32x8 *)(y + j);
        pc1_0 += *(const f32x8 *)(x + j + 32408) * *(const f32x8 *)(y + j + 8);
    }
    p0_0 += pc0_0 + pc1_0;
    for (long j = 256; j < 288; j += 16) {
        p0_0 += *(const f32x8 *)(x + j + 32400) * *(const f32x8 *)(y + j);
        p1_0 += *(const f32x8 *)(x + j + 32408) * *(const f32x8 *)(y + j + 8);
    }
    p0_0 += *(const f32x8 *)(x + 32688) * *(const f32x8 *)(y + 288);
    p0_0 = p0_0 + p1_0;
    f32x4 p_4 = __builtin_shufflevector(p0_0, p0_0, 0, 1, 2, 3) + __builtin_shufflevector(p0_0, p0_0, 4, 5,
            6, 7);
    p_4 += *(const f32x4 *)(x + 32696) * *(const f32x4 *)(y + 296);
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
    out[108] = s[0];
    leaves = 0;
    if (leaves > 0) {
        long number4 = leaves;
        float *tree4 = tree;
        for (; !(number4 & 1); number4 >>= 1)
            tree4++;
        s[0] = tree4[0];
        while (number4 >>= 1) {
            tree4++;
            if (number4 & 1)
                s[0] = tree4[0] + s[0];
        }
        out[0] = s[0];
    }
}

void matrix_vector(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel
    #endif
    {
        #ifdef _OPENMP
        #pragma omp for nowait
        #endif
        for (long i = 0; i < 436; i += 109)
            matrix_vector_row_sums_product_uu_f32(out + i, a + 300 * i, b);
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            float s[4];
            for (long i = 0; i < 64; i += 4) {
                matrix_vector_dot4_product_uu_f32(a + 300 * i + 130800, b, s);
                for (long r = 0; r < 4; r++)
                    out[i + r + 436] = s[r];
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
size_t matrix_vector_workspace_size(void)
{
    return 0;
}
