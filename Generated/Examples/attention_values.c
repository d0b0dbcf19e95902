/* bhqk,bkhd->bqhd   float32   b=2 h=8 q=128 k=128 d=64
 *
 *   a    [2][8][128][128]      1 MiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][128][8][64]       512 KiB
 *
 * out[b q h d] = sum over k of a[b h q k] * b[b k h d]
 *   h in 0..<8
 *     b in 0..<2
 *       d in 0..<64
 *         k in 0..<128   a block of b is packed
 *           q in 0..<128
 *             tiles of 6 x 16 in registers
 *
 * 33554432 flop, 16 per byte; workspace 64.1 KiB.
 * The caller gives attention_values_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c attention_values.c
 */

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

/* The number of the thread in its team. */
static inline long attention_values_thread(void)
{
    #ifdef _OPENMP
    return omp_get_thread_num();
    #else
    return 0;
    #endif
}

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_values_tilerows_f32_6x16(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long q = 0; q < 128; q += 16) {
        if (q < 32) {
            __builtin_prefetch(c + q / 16 * 3 * 512 + 15, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 1) * 512 + 15, 1);
            __builtin_prefetch(c + (q / 16 * 3 + 2) * 512 + 15, 1);
        }
        for (long p = 0; p < 16; p++, b += 16) {
            /* volatile: read once, and not by each multiply-add. */
            const f32x8 bc0 = *(const volatile f32x8 *)b;
            const f32x8 bc1 = *(const volatile f32x8 *)(b + 8);
            c0_0 += a[q + p] * bc0;
            c0_1 += a[q + p] * bc1;
            c1_0 += a[q + p + 128] * bc0;
            c1_1 += a[q + p + 128] * bc1;
            c2_0 += a[q + p + 256] * bc0;
            c2_1 += a[q + p + 256] * bc1;
            c3_0 += a[q + p + 384] * bc0;
            c3_1 += a[q + p + 384] * bc1;
            c4_0 += a[q + p + 512] * bc0;
            c4_1 += a[q + p + 512] * bc1;
            c5_0 += a[q + p + 640] * bc0;
            c5_1 += a[q + p + 640] * bc1;
        }
    }
    *(f32x8 *)c = c0_0;
    *(f32x8 *)(c + 8) = c0_1;
    *(f32x8 *)(c + 512) = c1_0;
    *(f32x8 *)(c + 520) = c1_1;
    *(f32x8 *)(c + 1024) = c2_0;
    *(f32x8 *)(c + 1032) = c2_1;
    *(f32x8 *)(c + 1536) = c3_0;
    *(f32x8 *)(c + 1544) = c3_1;
    *(f32x8 *)(c + 2048) = c4_0;
    *(f32x8 *)(c + 2056) = c4_1;
    *(f32x8 *)(c + 2560) = c5_0;
    *(f32x8 *)(c + 2568) = c5_1;
}

/* c[i, j] (+)= the sum over p < k of a[i, p] * b[p, j], for i < m <= 6, j < n <= 16. */
static void attention_values_tilerows_f32_6x16_2(const float *restrict a, const float *restrict b,
        float *restrict c)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    for (long p = 0; p < 128; p++, b += 16) {
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 bc0 = *(const volatile f32x8 *)b;
        const f32x8 bc1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[p] * bc0;
        c0_1 += a[p] * bc1;
        c1_0 += a[p + 128] * bc0;
        c1_1 += a[p + 128] * bc1;
        c2_0 += a[p] * bc0;
        c2_1 += a[p] * bc1;
        c3_0 += a[p] * bc0;
        c3_1 += a[p] * bc1;
        c4_0 += a[p] * bc0;
        c4_1 += a[p] * bc1;
        c5_0 += a[p] * bc0;
        c5_1 += a[p] * bc1;
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
        const float *const x = tile + 16 * i;
        float *const o = c + 512 * i;
        *(f32x8 *)o = *(const f32x8 *)x;
        *(f32x8 *)(o + 8) = *(const f32x8 *)(x + 8);
    }
}

void attention_values(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    #ifdef _OPENMP
    #pragma omp parallel num_threads(omp_get_max_threads() < 2 ? omp_get_max_threads() : 2)
    #endif
    {
        const long thread = attention_values_thread();
        float *const columns4 = (float *)((char *)workspace + 32768 * thread);
        #ifdef _OPENMP
        #pragma omp for
        #endif
        for (long h = 0; h < 8; h++) {
            for (long b2 = 0; b2 < 2; b2++) {
                for (long p = 0; p < 128; p++) {
                    const float *s = b + 64 * h + 65536 * b2 + 512 * p;
                    float *d = columns4 + 16 * p;
                    for (long i = 0; i < 64; i += 16, s += 16, d += 2048) {
                        const f32x8 s0 = *(const f32x8 *)s;
                        const f32x8 s8 = *(const f32x8 *)(s + 8);
                        *(f32x8 *)d = s0;
                        *(f32x8 *)(d + 8) = s8;
                    }
                }
                for (long d = 0; d < 64; d += 16) {
                    for (long q = 0; q < 126; q += 6) {
                        attention_values_tilerows_f32_6x16(a + 16384 * h + 131072 * b2 + 128 * q,
                                columns4 + 128 * d, out + 64 * h + 65536 * b2 + 512 * q + d);
                    }
                    attention_values_tilerows_f32_6x16_2(a + 16384 * h + 131072 * b2 + 16128,
                            columns4 + 128 * d, out + 64 * h + 65536 * b2 + d + 64512);
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
size_t attention_values_workspace_size(void)
{
    return 65536 + 63;
}
