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
static inline void matrix_vector_dot8_shared_product_uu_f32(const float *x, long xs, const float *y, long gap,
        float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0}, p_4 = {0}, p_5 = {0}, p_6 = {0}, p_7 = {0};
    long j = 0;
    while (j <= 172) {
        f32x8 pc_0 = {0}, pc_1 = {0}, pc_2 = {0}, pc_3 = {0}, pc_4 = {0}, pc_5 = {0}, pc_6 = {0};
        f32x8 pc_7 = {0};
        const long end = j + 128;
        for (; j < end; j += 16) {
            const long ahead = j + 64 < 300 ? j + 64 : j + gap + 64;
            pc_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            pc_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead);
            pc_1 += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + j);
            pc_1 += *(const f32x8 *)(x + xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + xs + ahead);
            pc_2 += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + j);
            pc_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 2 * xs + ahead);
            pc_3 += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + j);
            pc_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 3 * xs + ahead);
            pc_4 += *(const f32x8 *)(x + 4 * xs + j) * *(const f32x8 *)(y + j);
            pc_4 += *(const f32x8 *)(x + 4 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 4 * xs + ahead);
            pc_5 += *(const f32x8 *)(x + 5 * xs + j) * *(const f32x8 *)(y + j);
            pc_5 += *(const f32x8 *)(x + 5 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 5 * xs + ahead);
            pc_6 += *(const f32x8 *)(x + 6 * xs + j) * *(const f32x8 *)(y + j);
            pc_6 += *(const f32x8 *)(x + 6 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 6 * xs + ahead);
            pc_7 += *(const f32x8 *)(x + 7 * xs + j) * *(const f32x8 *)(y + j);
            pc_7 += *(const f32x8 *)(x + 7 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 7 * xs + ahead);
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
    const long ahead = gap + 320;
    p_0 += *(const f32x8 *)(x + 256) * *(const f32x8 *)(y + 256);
    p_0 += *(const f32x8 *)(x + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + ahead);
    p_1 += *(const f32x8 *)(x + xs + 256) * *(const f32x8 *)(y + 256);
    p_1 += *(const f32x8 *)(x + xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + xs + ahead);
    p_2 += *(const f32x8 *)(x + 2 * xs + 256) * *(const f32x8 *)(y + 256);
    p_2 += *(const f32x8 *)(x + 2 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 2 * xs + ahead);
    p_3 += *(const f32x8 *)(x + 3 * xs + 256) * *(const f32x8 *)(y + 256);
    p_3 += *(const f32x8 *)(x + 3 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3 * xs + ahead);
    p_4 += *(const f32x8 *)(x + 4 * xs + 256) * *(const f32x8 *)(y + 256);
    p_4 += *(const f32x8 *)(x + 4 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 4 * xs + ahead);
    p_5 += *(const f32x8 *)(x + 5 * xs + 256) * *(const f32x8 *)(y + 256);
    p_5 += *(const f32x8 *)(x + 5 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 5 * xs + ahead);
    p_6 += *(const f32x8 *)(x + 6 * xs + 256) * *(const f32x8 *)(y + 256);
    p_6 += *(const f32x8 *)(x + 6 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 6 * xs + ahead);
    p_7 += *(const f32x8 *)(x + 7 * xs + 256) * *(const f32x8 *)(y + 256);
    p_7 += *(const f32x8 *)(x + 7 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 7 * xs + ahead);
    const long ahead2 = gap + 336;
    p_0 += *(const f32x8 *)(x + 272) * *(const f32x8 *)(y + 272);
    p_0 += *(const f32x8 *)(x + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + ahead2);
    p_1 += *(const f32x8 *)(x + xs + 272) * *(const f32x8 *)(y + 272);
    p_1 += *(const f32x8 *)(x + xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + xs + ahead2);
    p_2 += *(const f32x8 *)(x + 2 * xs + 272) * *(const f32x8 *)(y + 272);
    p_2 += *(const f32x8 *)(x + 2 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 2 * xs + ahead2);
    p_3 += *(const f32x8 *)(x + 3 * xs + 272) * *(const f32x8 *)(y + 272);
    p_3 += *(const f32x8 *)(x + 3 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3 * xs + ahead2);
    p_4 += *(const f32x8 *)(x + 4 * xs + 272) * *(const f32x8 *)(y + 272);
    p_4 += *(const f32x8 *)(x + 4 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 4 * xs + ahead2);
    p_5 += *(const f32x8 *)(x + 5 * xs + 272) * *(const f32x8 *)(y + 272);
    p_5 += *(const f32x8 *)(x + 5 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 5 * xs + ahead2);
    p_6 += *(const f32x8 *)(x + 6 * xs + 272) * *(const f32x8 *)(y + 272);
    p_6 += *(const f32x8 *)(x + 6 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 6 * xs + ahead2);
    p_7 += *(const f32x8 *)(x + 7 * xs + 272) * *(const f32x8 *)(y + 272);
    p_7 += *(const f32x8 *)(x + 7 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 7 * xs + ahead2);
    p_0 += *(const f32x8 *)(x + 288) * *(const f32x8 *)(y + 288);
    p_1 += *(const f32x8 *)(x + xs + 288) * *(const f32x8 *)(y + 288);
    p_2 += *(const f32x8 *)(x + 2 * xs + 288) * *(const f32x8 *)(y + 288);
    p_3 += *(const f32x8 *)(x + 3 * xs + 288) * *(const f32x8 *)(y + 288);
    p_4 += *(const f32x8 *)(x + 4 * xs + 288) * *(const f32x8 *)(y + 288);
    p_5 += *(const f32x8 *)(x + 5 * xs + 288) * *(const f32x8 *)(y + 288);
    p_6 += *(const f32x8 *)(x + 6 * xs + 288) * *(const f32x8 *)(y + 288);
    p_7 += *(const f32x8 *)(x + 7 * xs + 288) * *(const f32x8 *)(y + 288);
    f32x4 p_4_2 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
            6, 7);
    p_4_2 += *(const f32x4 *)(x + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_2 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    float p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f32x4 p_4_3 = __builtin_shufflevector(p_1, p_1, 0, 1, 2, 3) + __builtin_shufflevector(p_1, p_1, 4, 5,
            6, 7);
    p_4_3 += *(const f32x4 *)(x + xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_3 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    float p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f32x4 p_4_4 = __builtin_shufflevector(p_2, p_2, 0, 1, 2, 3) + __builtin_shufflevector(p_2, p_2, 4, 5,
            6, 7);
    p_4_4 += *(const f32x4 *)(x + 2 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_4 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    float p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f32x4 p_4_5 = __builtin_shufflevector(p_3, p_3, 0, 1, 2, 3) + __builtin_shufflevector(p_3, p_3, 4, 5,
            6, 7);
    p_4_5 += *(const f32x4 *)(x + 3 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_5 = __builtin_shufflevector(p_4_5, p_4_5, 0, 1) + __builtin_shufflevector(p_4_5, p_4_5, 2, 3);
    float p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
    f32x4 p_4_6 = __builtin_shufflevector(p_4, p_4, 0, 1, 2, 3) + __builtin_shufflevector(p_4, p_4, 4, 5,
            6, 7);
    p_4_6 += *(const f32x4 *)(x + 4 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_6 = __builtin_shufflevector(p_4_6, p_4_6, 0, 1) + __builtin_shufflevector(p_4_6, p_4_6, 2, 3);
    float p_1_6 = p_2_6[0] + p_2_6[1];
    s[4] = p_1_6;
    f32x4 p_4_7 = __builtin_shufflevector(p_5, p_5, 0, 1, 2, 3) + __builtin_shufflevector(p_5, p_5, 4, 5,
            6, 7);
    p_4_7 += *(const f32x4 *)(x + 5 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_7 = __builtin_shufflevector(p_4_7, p_4_7, 0, 1) + __builtin_shufflevector(p_4_7, p_4_7, 2, 3);
    float p_1_7 = p_2_7[0] + p_2_7[1];
    s[5] = p_1_7;
    f32x4 p_4_8 = __builtin_shufflevector(p_6, p_6, 0, 1, 2, 3) + __builtin_shufflevector(p_6, p_6, 4, 5,
            6, 7);
    p_4_8 += *(const f32x4 *)(x + 6 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_8 = __builtin_shufflevector(p_4_8, p_4_8, 0, 1) + __builtin_shufflevector(p_4_8, p_4_8, 2, 3);
    float p_1_8 = p_2_8[0] + p_2_8[1];
    s[6] = p_1_8;
    f32x4 p_4_9 = __builtin_shufflevector(p_7, p_7, 0, 1, 2, 3) + __builtin_shufflevector(p_7, p_7, 4, 5,
            6, 7);
    p_4_9 += *(const f32x4 *)(x + 7 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_9 = __builtin_shufflevector(p_4_9, p_4_9, 0, 1) + __builtin_shufflevector(p_4_9, p_4_9, 2, 3);
    float p_1_9 = p_2_9[0] + p_2_9[1];
    s[7] = p_1_9;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void matrix_vector_dot4_product_uu_f32(const float *x, long xs, const float *y, long gap,
        float *restrict s)
{
    f32x8 p_0 = {0}, p_1 = {0}, p_2 = {0}, p_3 = {0};
    long j = 0;
    while (j <= 172) {
        f32x8 pc_0 = {0}, pc_1 = {0}, pc_2 = {0}, pc_3 = {0};
        const long end = j + 128;
        for (; j < end; j += 16) {
            const long ahead = j + 64 < 300 ? j + 64 : j + gap + 64;
            pc_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
            pc_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + ahead);
            pc_1 += *(const f32x8 *)(x + xs + j) * *(const f32x8 *)(y + j);
            pc_1 += *(const f32x8 *)(x + xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + xs + ahead);
            pc_2 += *(const f32x8 *)(x + 2 * xs + j) * *(const f32x8 *)(y + j);
            pc_2 += *(const f32x8 *)(x + 2 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 2 * xs + ahead);
            pc_3 += *(const f32x8 *)(x + 3 * xs + j) * *(const f32x8 *)(y + j);
            pc_3 += *(const f32x8 *)(x + 3 * xs + j + 8) * *(const f32x8 *)(y + j + 8);
            __builtin_prefetch(x + 3 * xs + ahead);
        }
        p_0 += pc_0;
        p_1 += pc_1;
        p_2 += pc_2;
        p_3 += pc_3;
    }
    const long ahead = gap + 320;
    p_0 += *(const f32x8 *)(x + 256) * *(const f32x8 *)(y + 256);
    p_0 += *(const f32x8 *)(x + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + ahead);
    p_1 += *(const f32x8 *)(x + xs + 256) * *(const f32x8 *)(y + 256);
    p_1 += *(const f32x8 *)(x + xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + xs + ahead);
    p_2 += *(const f32x8 *)(x + 2 * xs + 256) * *(const f32x8 *)(y + 256);
    p_2 += *(const f32x8 *)(x + 2 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 2 * xs + ahead);
    p_3 += *(const f32x8 *)(x + 3 * xs + 256) * *(const f32x8 *)(y + 256);
    p_3 += *(const f32x8 *)(x + 3 * xs + 264) * *(const f32x8 *)(y + 264);
    __builtin_prefetch(x + 3 * xs + ahead);
    const long ahead2 = gap + 336;
    p_0 += *(const f32x8 *)(x + 272) * *(const f32x8 *)(y + 272);
    p_0 += *(const f32x8 *)(x + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + ahead2);
    p_1 += *(const f32x8 *)(x + xs + 272) * *(const f32x8 *)(y + 272);
    p_1 += *(const f32x8 *)(x + xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + xs + ahead2);
    p_2 += *(const f32x8 *)(x + 2 * xs + 272) * *(const f32x8 *)(y + 272);
    p_2 += *(const f32x8 *)(x + 2 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 2 * xs + ahead2);
    p_3 += *(const f32x8 *)(x + 3 * xs + 272) * *(const f32x8 *)(y + 272);
    p_3 += *(const f32x8 *)(x + 3 * xs + 280) * *(const f32x8 *)(y + 280);
    __builtin_prefetch(x + 3 * xs + ahead2);
    p_0 += *(const f32x8 *)(x + 288) * *(const f32x8 *)(y + 288);
    p_1 += *(const f32x8 *)(x + xs + 288) * *(const f32x8 *)(y + 288);
    p_2 += *(const f32x8 *)(x + 2 * xs + 288) * *(const f32x8 *)(y + 288);
    p_3 += *(const f32x8 *)(x + 3 * xs + 288) * *(const f32x8 *)(y + 288);
    f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5, 6, 7);
    p_4 += *(const f32x4 *)(x + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_2 = __builtin_shufflevector(p_4, p_4, 0, 1) + __builtin_shufflevector(p_4, p_4, 2, 3);
    float p_1_2 = p_2_2[0] + p_2_2[1];
    s[0] = p_1_2;
    f32x4 p_4_2 = __builtin_shufflevector(p_1, p_1, 0, 1, 2, 3) + __builtin_shufflevector(p_1, p_1, 4, 5,
            6, 7);
    p_4_2 += *(const f32x4 *)(x + xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_3 = __builtin_shufflevector(p_4_2, p_4_2, 0, 1) + __builtin_shufflevector(p_4_2, p_4_2, 2, 3);
    float p_1_3 = p_2_3[0] + p_2_3[1];
    s[1] = p_1_3;
    f32x4 p_4_3 = __builtin_shufflevector(p_2, p_2, 0, 1, 2, 3) + __builtin_shufflevector(p_2, p_2, 4, 5,
            6, 7);
    p_4_3 += *(const f32x4 *)(x + 2 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_4 = __builtin_shufflevector(p_4_3, p_4_3, 0, 1) + __builtin_shufflevector(p_4_3, p_4_3, 2, 3);
    float p_1_4 = p_2_4[0] + p_2_4[1];
    s[2] = p_1_4;
    f32x4 p_4_4 = __builtin_shufflevector(p_3, p_3, 0, 1, 2, 3) + __builtin_shufflevector(p_3, p_3, 4, 5,
            6, 7);
    p_4_4 += *(const f32x4 *)(x + 3 * xs + 296) * *(const f32x4 *)(y + 296);
    f32x2 p_2_5 = __builtin_shufflevector(p_4_4, p_4_4, 0, 1) + __builtin_shufflevector(p_4_4, p_4_4, 2, 3);
    float p_1_5 = p_2_5[0] + p_2_5[1];
    s[3] = p_1_5;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void matrix_vector_dot4_product_uu_f32_2(const float *x, const float *y, float *restrict s)
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

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void matrix_vector_row_sums_product_uu_f32(float *restrict out, const float *x, const float *y)
{
    float s[8];
    float tree[384];
    long i = 0;
    while (i <= 120) {
        const long part = ((-i + 128) / 8 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 300 : 2100 * part + 300;
            const long gap = next - 300;
            matrix_vector_dot8_shared_product_uu_f32(x + 300 * i, 300 * part, y, gap, s);
            for (long r = 0; r < 8; r++) {
                {
                    float *const o = out + i + r * part * 1;
                    o[0] = s[r];
                }
            }
        }
        i += 7 * part;
    }
    while (i <= 124) {
        const long part = ((-i + 128) / 4 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 300 : 900 * part + 300;
            const long gap = next - 300;
            matrix_vector_dot4_product_uu_f32(x + 300 * i, 300 * part, y, gap, s);
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
    for (; i + 4 <= 128; i += 4) {
        matrix_vector_dot4_product_uu_f32_2(x + 300 * i, y, s);
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
    for (; i < 128; i++) {
        f32x8 p_0 = {0};
        long j = 0;
        while (j <= 172) {
            f32x8 pc_0 = {0};
            const long end = j + 128;
            for (; j < end; j += 8) {
                #ifndef __clang__ /* gcc may round products before it adds them to one sum */
                __asm__("" : "+x"(pc_0));
                #endif
                pc_0 += *(const f32x8 *)(x + 300 * i + j) * *(const f32x8 *)(y + j);
            }
            p_0 += pc_0;
        }
        for (long j2 = 256; j2 < 296; j2 += 8) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(p_0));
            #endif
            p_0 += *(const f32x8 *)(x + 300 * i + j2) * *(const f32x8 *)(y + j2);
        }
        f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
                6, 7);
        #ifndef __clang__ /* gcc may round products before it adds them to one sum */
        __asm__("" : "+x"(p_4));
        #endif
        p_4 += *(const f32x4 *)(x + 300 * i + 296) * *(const f32x4 *)(y + 296);
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

/* out[i] (+)= the sum over j < columns of x[i, j] * y[i, j], for i < rows; where rs_out is 0, of all rows together. */
static void matrix_vector_row_sums_product_uu_f32_2(float *restrict out, const float *x, const float *y)
{
    float s[8];
    float tree[384];
    long i = 0;
    while (i <= 108) {
        const long part = ((-i + 116) / 8 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 300 : 2100 * part + 300;
            const long gap = next - 300;
            matrix_vector_dot8_shared_product_uu_f32(x + 300 * i, 300 * part, y, gap, s);
            for (long r = 0; r < 8; r++) {
                {
                    float *const o = out + i + r * part * 1;
                    o[0] = s[r];
                }
            }
        }
        i += 7 * part;
    }
    while (i <= 112) {
        const long part = ((-i + 116) / 4 - 1) | 1;
        for (const long end = i + part; i < end; i++) {
            const long next = i + 1 < end ? 300 : 900 * part + 300;
            const long gap = next - 300;
            matrix_vector_dot4_product_uu_f32(x + 300 * i, 300 * part, y, gap, s);
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
    for (; i + 4 <= 116; i += 4) {
        matrix_vector_dot4_product_uu_f32_2(x + 300 * i, y, s);
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
    for (; i < 116; i++) {
        f32x8 p_0 = {0};
        long j = 0;
        while (j <= 172) {
            f32x8 pc_0 = {0};
            const long end = j + 128;
            for (; j < end; j += 8) {
                #ifndef __clang__ /* gcc may round products before it adds them to one sum */
                __asm__("" : "+x"(pc_0));
                #endif
                pc_0 += *(const f32x8 *)(x + 300 * i + j) * *(const f32x8 *)(y + j);
            }
            p_0 += pc_0;
        }
        for (long j2 = 256; j2 < 296; j2 += 8) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(p_0));
            #endif
            p_0 += *(const f32x8 *)(x + 300 * i + j2) * *(const f32x8 *)(y + j2);
        }
        f32x4 p_4 = __builtin_shufflevector(p_0, p_0, 0, 1, 2, 3) + __builtin_shufflevector(p_0, p_0, 4, 5,
                6, 7);
        #ifndef __clang__ /* gcc may round products before it adds them to one sum */
        __asm__("" : "+x"(p_4));
        #endif
        p_4 += *(const f32x4 *)(x + 300 * i + 296) * *(const f32x4 *)(y + 296);
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

void matrix_vector(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel
    #endif
    {
        #ifdef _OPENMP
        #pragma omp for nowait
        #endif
        for (long i = 0; i < 384; i += 128)
            matrix_vector_row_sums_product_uu_f32(out + i, a + 300 * i, b);
        #ifdef _OPENMP
        #pragma omp single
        #endif
        {
            matrix_vector_row_sums_product_uu_f32_2(out + 384, a + 115200, b);
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
