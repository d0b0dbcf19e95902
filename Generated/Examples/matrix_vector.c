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

/* s[r] = the sum over j < n of x[r, j] * y[j], for r < 8. */
static inline void matrix_vector_dot8_shared_product_uu_f32(const float *x, const float *y,
        float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0}, p_4 = {0}, p_5 = {0}, p_6 = {0}, p_7 = {0};
    long j = 0;
    while (j <= 172) {
        f32x8 pc_0 = {0}, pc_1 = {0}, pc_2 = {0}, pc_3 = {0}, pc_4 = {0}, pc_5 = {0}, pc_6 = {0};
        f32x8 pc_7 = {0};
        const long end = j + 128;
        for (; j < end; j += 16) {
            const long ahead = j + 64 < 300 ? j + 64 : j + 2164;
            pc_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            pc_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead);
            pc_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
            pc_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 300);
            pc_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
            pc_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 600);
            pc_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
            pc_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 900);
            pc_4 += *(const f32x8 *)(x + j + 1200) * *(const f32x8 *)(y + j);
            pc_4 += *(const f32x8 *)(x + j + 1208) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 1200);
            pc_5 += *(const f32x8 *)(x + j + 1500) * *(const f32x8 *)(y + j);
            pc_5 += *(const f32x8 *)(x + j + 1508) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 1500);
            pc_6 += *(const f32x8 *)(x + j + 1800) * *(const f32x8 *)(y + j);
            pc_6 += *(const f32x8 *)(x + j + 1808) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 1800);
            pc_7 += *(const f32x8 *)(x + j + 2100) * *(const f32x8 *)(y + j);
            pc_7 += *(const f32x8 *)(x + j + 2108) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 2100);
        }
        p_0 += pc_0;
        p_1 += pc_1;
        p_2 += pc_2;
        p_3 += pc_3;
        p_4 += pc_4;
        p_5 += pc_5;
        p_6 += pc_6;
        p_7 += pc_7;
    }
    p_0 += *(const f32x8 *)(x + 256) * *(const f32x8 *)(y + 256);
    p_0 += *(const f32x8 *)(x + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 2420);
    p_1 += *(const f32x8 *)(x + 556) * *(const f32x8 *)(y + 256);
    p_1 += *(const f32x8 *)(x + 564) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 2720);
    p_2 += *(const f32x8 *)(x + 856) * *(const f32x8 *)(y + 256);
    p_2 += *(const f32x8 *)(x + 864) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3020);
    p_3 += *(const f32x8 *)(x + 1156) * *(const f32x8 *)(y + 256);
    p_3 += *(const f32x8 *)(x + 1164) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3320);
    p_4 += *(const f32x8 *)(x + 1456) * *(const f32x8 *)(y + 256);
    p_4 += *(const f32x8 *)(x + 1464) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3620);
    p_5 += *(const f32x8 *)(x + 1756) * *(const f32x8 *)(y + 256);
    p_5 += *(const f32x8 *)(x + 1764) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3920);
    p_6 += *(const f32x8 *)(x + 2056) * *(const f32x8 *)(y + 256);
    p_6 += *(const f32x8 *)(x + 2064) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 4220);
    p_7 += *(const f32x8 *)(x + 2356) * *(const f32x8 *)(y + 256);
    p_7 += *(const f32x8 *)(x + 2364) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 4520);
    p_0 += *(const f32x8 *)(x + 272) * *(const f32x8 *)(y + 272);
    p_0 += *(const f32x8 *)(x + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 2436);
    p_1 += *(const f32x8 *)(x + 572) * *(const f32x8 *)(y + 272);
    p_1 += *(const f32x8 *)(x + 580) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 2736);
    p_2 += *(const f32x8 *)(x + 872) * *(const f32x8 *)(y + 272);
    p_2 += *(const f32x8 *)(x + 880) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3036);
    p_3 += *(const f32x8 *)(x + 1172) * *(const f32x8 *)(y + 272);
    p_3 += *(const f32x8 *)(x + 1180) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3336);
    p_4 += *(const f32x8 *)(x + 1472) * *(const f32x8 *)(y + 272);
    p_4 += *(const f32x8 *)(x + 1480) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3636);
    p_5 += *(const f32x8 *)(x + 1772) * *(const f32x8 *)(y + 272);
    p_5 += *(const f32x8 *)(x + 1780) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3936);
    p_6 += *(const f32x8 *)(x + 2072) * *(const f32x8 *)(y + 272);
    p_6 += *(const f32x8 *)(x + 2080) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 4236);
    p_7 += *(const f32x8 *)(x + 2372) * *(const f32x8 *)(y + 272);
    p_7 += *(const f32x8 *)(x + 2380) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 4536);
    p_0 += *(const f32x8 *)(x + 288) * *(const f32x8 *)(y + 288);
    p_1 += *(const f32x8 *)(x + 588) * *(const f32x8 *)(y + 288);
    p_2 += *(const f32x8 *)(x + 888) * *(const f32x8 *)(y + 288);
    p_3 += *(const f32x8 *)(x + 1188) * *(const f32x8 *)(y + 288);
    p_4 += *(const f32x8 *)(x + 1488) * *(const f32x8 *)(y + 288);
    p_5 += *(const f32x8 *)(x + 1788) * *(const f32x8 *)(y + 288);
    p_6 += *(const f32x8 *)(x + 2088) * *(const f32x8 *)(y + 288);
    p_7 += *(const f32x8 *)(x + 2388) * *(const f32x8 *)(y + 288);
    f32x4 p_4_2 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
            6, 7);
    p_4_2 += *(const f32x4 *)(x + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    float p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p_1, p_1, 0, 1, 2, 3) + __builtin_shufflevector(p_1, p_1, 4, 5,
            6, 7);
    p_4_3 += *(const f32x4 *)(x + 596) * *(const f32x4 *)(y + 296);
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    float p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p_2, p_2, 0, 1, 2, 3) + __builtin_shufflevector(p_2, p_2, 4, 5,
            6, 7);
    p_4_4 += *(const f32x4 *)(x + 896) * *(const f32x4 *)(y + 296);
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    float p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f32x4 p_4_5 = __builtin_shufflevector(p_3, p_3, 0, 1, 2, 3) + __builtin_shufflevector(p_3, p_3, 4, 5,
            6, 7);
    p_4_5 += *(const f32x4 *)(x + 1196) * *(const f32x4 *)(y + 296);
    f32x2 p_2_5 = __builtin_shufflevector(p_4_5, p_4_5, 0, 1) + __builtin_shufflevector(p_4_5, p_4_5, 2, 3);
    float p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
    f32x4 p_4_6 = __builtin_shufflevector(p_4, p_4, 0, 1, 2, 3) + __builtin_shufflevector(p_4, p_4, 4, 5,
            6, 7);
    p_4_6 += *(const f32x4 *)(x + 1496) * *(const f32x4 *)(y + 296);
    f32x2 p_2_6 = __builtin_shufflevector(p_4_6, p_4_6, 0, 1) + __builtin_shufflevector(p_4_6, p_4_6, 2, 3);
    float p_1_6 = p_2_6[0] + p_2_6[1];
    s[4] = p_1_6;
    f32x4 p_4_7 = __builtin_shufflevector(p_5, p_5, 0, 1, 2, 3) + __builtin_shufflevector(p_5, p_5, 4, 5,
            6, 7);
    p_4_7 += *(const f32x4 *)(x + 1796) * *(const f32x4 *)(y + 296);
    f32x2 p_2_7 = __builtin_shufflevector(p_4_7, p_4_7, 0, 1) + __builtin_shufflevector(p_4_7, p_4_7, 2, 3);
    float p_1_7 = p_2_7[0] + p_2_7[1];
    s[5] = p_1_7;
    f32x4 p_4_8 = __builtin_shufflevector(p_6, p_6, 0, 1, 2, 3) + __builtin_shufflevector(p_6, p_6, 4, 5,
            6, 7);
    p_4_8 += *(const f32x4 *)(x + 2096) * *(const f32x4 *)(y + 296);
    f32x2 p_2_8 = __builtin_shufflevector(p_4_8, p_4_8, 0, 1) + __builtin_shufflevector(p_4_8, p_4_8, 2, 3);
    float p_1_8 = p_2_8[0] + p_2_8[1];
    s[6] = p_1_8;
    f32x4 p_4_9 = __builtin_shufflevector(p_7, p_7, 0, 1, 2, 3) + __builtin_shufflevector(p_7, p_7, 4, 5,
            6, 7);
    p_4_9 += *(const f32x4 *)(x + 2396) * *(const f32x4 *)(y + 296);
    f32x2 p_2_9 = __builtin_shufflevector(p_4_9, p_4_9, 0, 1) + __builtin_shufflevector(p_4_9, p_4_9, 2, 3);
    float p_1_9 = p_2_9[0] + p_2_9[1];
    s[7] = p_1_9;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void matrix_vector_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    long j = 0;
    while (j <= 172) {
        f32x8 pc_0 = {0}, pc_1 = {0}, pc_2 = {0}, pc_3 = {0};
        const long end = j + 128;
        for (; j < end; j += 16) {
            const long ahead = j + 64 < 300 ? j + 64 : j + 964;
            pc_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            pc_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead);
            pc_1 += *(const f32x8 *)(x + j + 300) * *(const f32x8 *)(y + j);
            pc_1 += *(const f32x8 *)(x + j + 308) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 300);
            pc_2 += *(const f32x8 *)(x + j + 600) * *(const f32x8 *)(y + j);
            pc_2 += *(const f32x8 *)(x + j + 608) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 600);
            pc_3 += *(const f32x8 *)(x + j + 900) * *(const f32x8 *)(y + j);
            pc_3 += *(const f32x8 *)(x + j + 908) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead + 900);
        }
        p_0 += pc_0;
        p_1 += pc_1;
        p_2 += pc_2;
        p_3 += pc_3;
    }
    p_0 += *(const f32x8 *)(x + 256) * *(const f32x8 *)(y + 256);
    p_0 += *(const f32x8 *)(x + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 1220);
    p_1 += *(const f32x8 *)(x + 556) * *(const f32x8 *)(y + 256);
    p_1 += *(const f32x8 *)(x + 564) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 1520);
    p_2 += *(const f32x8 *)(x + 856) * *(const f32x8 *)(y + 256);
    p_2 += *(const f32x8 *)(x + 864) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 1820);
    p_3 += *(const f32x8 *)(x + 1156) * *(const f32x8 *)(y + 256);
    p_3 += *(const f32x8 *)(x + 1164) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 2120);
    p_0 += *(const f32x8 *)(x + 272) * *(const f32x8 *)(y + 272);
    p_0 += *(const f32x8 *)(x + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 1236);
    p_1 += *(const f32x8 *)(x + 572) * *(const f32x8 *)(y + 272);
    p_1 += *(const f32x8 *)(x + 580) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 1536);
    p_2 += *(const f32x8 *)(x + 872) * *(const f32x8 *)(y + 272);
    p_2 += *(const f32x8 *)(x + 880) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 1836);
    p_3 += *(const f32x8 *)(x + 1172) * *(const f32x8 *)(y + 272);
    p_3 += *(const f32x8 *)(x + 1180) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 2136);
    p_0 += *(const f32x8 *)(x + 288) * *(const f32x8 *)(y + 288);
    p_1 += *(const f32x8 *)(x + 588) * *(const f32x8 *)(y + 288);
    p_2 += *(const f32x8 *)(x + 888) * *(const f32x8 *)(y + 288);
    p_3 += *(const f32x8 *)(x + 1188) * *(const f32x8 *)(y + 288);
    f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5, 6, 7);
    p_4 += *(const f32x4 *)(x + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    float p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f32x4 p_4_2 = __builtin_shufflevector(p_1, p_1, 0, 1, 2, 3) + __builtin_shufflevector(p_1, p_1, 4, 5,
            6, 7);
    p_4_2 += *(const f32x4 *)(x + 596) * *(const f32x4 *)(y + 296);
    f32x2 p_2_3 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    float p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f32x4 p_4_3 = __builtin_shufflevector(p_2, p_2, 0, 1, 2, 3) + __builtin_shufflevector(p_2, p_2, 4, 5,
            6, 7);
    p_4_3 += *(const f32x4 *)(x + 896) * *(const f32x4 *)(y + 296);
    f32x2 p_2_4 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    float p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f32x4 p_4_4 = __builtin_shufflevector(p_3, p_3, 0, 1, 2, 3) + __builtin_shufflevector(p_3, p_3, 4, 5,
            6, 7);
    p_4_4 += *(const f32x4 *)(x + 1196) * *(const f32x4 *)(y + 296);
    f32x2 p_2_5 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    float p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
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
        for (long i = 0; i < 480; i += 96) {
            float s[8];
            for (long i2 = 0; i2 < 96; i2 += 8) {
                matrix_vector_dot8_shared_product_uu_f32(a + 300 * i + 300 * i2, b, s);
                for (long r = 0; r < 8; r++)
                    out[i + i2 + r] = s[r];
            }
        }
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            float s[8];
            matrix_vector_dot8_shared_product_uu_f32(a + 144000, b, s);
            for (long r = 0; r < 8; r++)
                out[r + 480] = s[r];
            matrix_vector_dot8_shared_product_uu_f32(a + 146400, b, s);
            for (long r = 0; r < 8; r++)
                out[r + 488] = s[r];
            matrix_vector_dot4_product_uu_f32(a + 148800, b, s);
            for (long r = 0; r < 4; r++)
                out[r + 496] = s[r];
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
