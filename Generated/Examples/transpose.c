/* ijk->kji   float32   i=64 j=48 k=40
 *
 *   a    [64][48][40]          480 KiB
 *   out  [40][48][64]          480 KiB
 *
 * out[k j i] = a[i j k]
 *   j in 0..<48                   shared among threads
 *     i in 0..<64                 vectors
 *       k in 0..<40
 *
 * 0 flop, 0 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c transpose.c
 */

#include <stdlib.h>

typedef unsigned int es_bits32 __attribute__((may_alias));
typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void transpose_transpose_8_u32(const es_bits32 *restrict s, es_bits32 *restrict d)
{
    for (long p = 0; p < 40; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 1920);
        const u32x8 x2 = *(const u32x8 *)(s + p + 3840);
        const u32x8 x3 = *(const u32x8 *)(s + p + 5760);
        const u32x8 x4 = *(const u32x8 *)(s + p + 7680);
        const u32x8 x5 = *(const u32x8 *)(s + p + 9600);
        const u32x8 x6 = *(const u32x8 *)(s + p + 11520);
        const u32x8 x7 = *(const u32x8 *)(s + p + 13440);
        const u32x8 y0 = __builtin_shufflevector(x0, x2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y1 = __builtin_shufflevector(x0, x2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y2 = __builtin_shufflevector(x1, x3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y3 = __builtin_shufflevector(x1, x3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y4 = __builtin_shufflevector(x4, x6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y5 = __builtin_shufflevector(x4, x6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y6 = __builtin_shufflevector(x5, x7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y7 = __builtin_shufflevector(x5, x7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y8 = __builtin_shufflevector(y0, y2, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y9 = __builtin_shufflevector(y0, y2, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y10 = __builtin_shufflevector(y1, y3, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y11 = __builtin_shufflevector(y1, y3, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y12 = __builtin_shufflevector(y4, y6, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y13 = __builtin_shufflevector(y4, y6, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y14 = __builtin_shufflevector(y5, y7, 0, 8, 1, 9, 4, 12, 5, 13);
        const u32x8 y15 = __builtin_shufflevector(y5, y7, 2, 10, 3, 11, 6, 14, 7, 15);
        const u32x8 y16 = __builtin_shufflevector(y8, y12, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y17 = __builtin_shufflevector(y8, y12, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y18 = __builtin_shufflevector(y9, y13, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y19 = __builtin_shufflevector(y9, y13, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y20 = __builtin_shufflevector(y10, y14, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y21 = __builtin_shufflevector(y10, y14, 4, 5, 6, 7, 12, 13, 14, 15);
        const u32x8 y22 = __builtin_shufflevector(y11, y15, 0, 1, 2, 3, 8, 9, 10, 11);
        const u32x8 y23 = __builtin_shufflevector(y11, y15, 4, 5, 6, 7, 12, 13, 14, 15);
        *(u32x8 *)(d + 3072 * p) = y16;
        *(u32x8 *)(d + 3072 * p + 3072) = y18;
        *(u32x8 *)(d + 3072 * p + 6144) = y20;
        *(u32x8 *)(d + 3072 * p + 9216) = y22;
        *(u32x8 *)(d + 3072 * p + 12288) = y17;
        *(u32x8 *)(d + 3072 * p + 15360) = y19;
        *(u32x8 *)(d + 3072 * p + 18432) = y21;
        *(u32x8 *)(d + 3072 * p + 21504) = y23;
    }
}

void transpose(const float *restrict a, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long j = 0; j < 48; j++) {
        es_bits32 *const out2 = (es_bits32 *)(out + 64 * j);
        const es_bits32 *const a2 = (const es_bits32 *)(a + 40 * j);
        for (long j2 = 0; j2 < 64; j2 += 8)
            transpose_transpose_8_u32(a2 + 1920 * j2, out2 + j2);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t transpose_workspace_size(void)
{
    return 0;
}
