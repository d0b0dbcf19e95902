/* dabfe,fc->edcba   float32   d=8 a=12 b=8 f=16 e=12 c=8
 *
 *   a    [8][12][8][16][12]    576 KiB
 *   b    [16][8]               512 bytes
 *   out  [12][8][8][8][12]     288 KiB
 *
 * out[e d c b a] = sum over f of a[d a b f e] * b[f c]
 *   d in 0..<8
 *     b in 0..<8
 *       e in 0..<12 by 12
 *         a in 0..<12
 *           f in 0..<16   a block of a is packed
 *             c in 0..<8   a block of b is packed
 *               tiles of 8 x 48 in registers
 *
 * 2359296 flop, 2.7 per byte; workspace 73.1 KiB.
 * The caller gives tensor_contraction_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v4 -c tensor_contraction.c
 */

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

/* The number of the thread in its team. */
static inline long tensor_contraction_thread(void)
{
    #ifdef _OPENMP
    return omp_get_thread_num();
    #else
    return 0;
    #endif
}

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2")
#endif

/* panel[q * step + p * width + i] = source[q + i * rs + p * ks] for q < count, i < rows, p < k, else 0, for i < width. */
static void tensor_contraction_packacross_f32(const float *restrict source, float *restrict panel)
{
    for (long p = 0; p < 16; p++, source += 12, panel += 48) {
        for (long i = 0, end = 0; end < 12; i = end) {
            if (i + 4 > 12)
                i = 8;
            for (long q = 0, end2 = 0; end2 < 12; q = end2) {
                if (q + 4 > 12)
                    q = 8;
                const f32x4 x0 = *(const f32x4 *)(source + 1536 * i + q);
                __builtin_prefetch(source + 1536 * i + q + 12);
                const f32x4 x1 = *(const f32x4 *)(source + 1536 * i + q + 1536);
                __builtin_prefetch(source + 1536 * i + q + 1548);
                const f32x4 x2 = *(const f32x4 *)(source + 1536 * i + q + 3072);
                __builtin_prefetch(source + 1536 * i + q + 3084);
                const f32x4 x3 = *(const f32x4 *)(source + 1536 * i + q + 4608);
                __builtin_prefetch(source + 1536 * i + q + 4620);
                const f32x4 y0 = __builtin_shufflevector(x0, x2, 0, 4, 1, 5);
                const f32x4 y1 = __builtin_shufflevector(x0, x2, 2, 6, 3, 7);
                const f32x4 y2 = __builtin_shufflevector(x1, x3, 0, 4, 1, 5);
                const f32x4 y3 = __builtin_shufflevector(x1, x3, 2, 6, 3, 7);
                const f32x4 y4 = __builtin_shufflevector(y0, y2, 0, 4, 1, 5);
                const f32x4 y5 = __builtin_shufflevector(y0, y2, 2, 6, 3, 7);
                const f32x4 y6 = __builtin_shufflevector(y1, y3, 0, 4, 1, 5);
                const f32x4 y7 = __builtin_shufflevector(y1, y3, 2, 6, 3, 7);
                *(f32x4 *)(panel + i + 768 * q) = y4;
                *(f32x4 *)(panel + i + 768 * q + 768) = y5;
                *(f32x4 *)(panel + i + 768 * q + 1536) = y6;
                *(f32x4 *)(panel + i + 768 * q + 2304) = y7;
                end2 = q + 4;
            }
            end = i + 4;
        }
        for (long q = 0; q < 12; q++) {
            for (long i = 12; i < 48; i++)
                panel[768 * q + i] = 0;
        }
    }
}

/* c[i, j] (+)= the sum over p < k of a[p, i] * b[p, j], for i < 8, j < 12. */
static void tensor_contraction_tile_f32_8x48(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x16 c0_0 = {0}, c1_0 = {0}, c2_0 = {0}, c3_0 = {0}, c4_0 = {0}, c5_0 = {0}, c6_0 = {0};
    f32x16 c7_0 = {0};
    __builtin_prefetch(c + 779, 1);
    __builtin_prefetch(c + 875, 1);
    __builtin_prefetch(c + 971, 1);
    __builtin_prefetch(c + 1067, 1);
    __builtin_prefetch(c + 1163, 1);
    __builtin_prefetch(c + 1259, 1);
    __builtin_prefetch(c + 1355, 1);
    __builtin_prefetch(c + 1451, 1);
    for (long p = 0; p < 16; p++, a += 8, b += 48) {
        const f32x16 bc0 = *(const f32x16 *)b;
        c0_0 += a[0] * bc0;
        c1_0 += a[1] * bc0;
        c2_0 += a[2] * bc0;
        c3_0 += a[3] * bc0;
        c4_0 += a[4] * bc0;
        c5_0 += a[5] * bc0;
        c6_0 += a[6] * bc0;
        c7_0 += a[7] * bc0;
    }
    float tile[128] __attribute__((aligned(64)));
    *(f32x16 *)tile = c0_0;
    *(f32x16 *)(tile + 16) = c1_0;
    *(f32x16 *)(tile + 32) = c2_0;
    *(f32x16 *)(tile + 48) = c3_0;
    *(f32x16 *)(tile + 64) = c4_0;
    *(f32x16 *)(tile + 80) = c5_0;
    *(f32x16 *)(tile + 96) = c6_0;
    *(f32x16 *)(tile + 112) = c7_0;
    for (long i = 0; i < 8; i++) {
        const float *const x = tile + 16 * i;
        float *const o = c + 96 * i;
        *(f32x8 *)o = *(const f32x8 *)x;
        *(f32x8 *)(o + 4) = *(const f32x8 *)(x + 4);
    }
}

void tensor_contraction(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    #ifdef _OPENMP
    #pragma omp parallel num_threads(omp_get_max_threads() < 2 ? omp_get_max_threads() : 2)
    #endif
    {
        const long thread = tensor_contraction_thread();
        float *const rows3 = (float *)((char *)workspace + 37376 * thread);
        float *const columns4 = (float *)((char *)workspace + 512 + 37376 * thread);
        float *panel = rows3;
        for (long p = 0; p < 16; p++, panel += 8) {
            const f32x8 s0 = *(const f32x8 *)(b + 8 * p);
            *(f32x8 *)panel = s0;
        }
        #ifdef _OPENMP
        #pragma omp for
        #endif
        for (long d = 0; d < 8; d++) {
            for (long b2 = 0; b2 < 8; b2++) {
                tensor_contraction_packacross_f32(a + 18432 * d + 192 * b2, columns4);
                for (long e = 0; e < 12; e++) {
                    tensor_contraction_tile_f32_8x48(rows3, columns4 + 768 * e,
                            out + 768 * d + 12 * b2 + 6144 * e);
                }
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
size_t tensor_contraction_workspace_size(void)
{
    return 74752 + 63;
}
