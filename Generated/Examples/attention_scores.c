/* bqhd,bkhd->bhqk   float32   b=2 q=128 h=8 d=64 k=128
 *
 *   a    [2][128][8][64]       512 KiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][8][128][128]      1 MiB
 *
 * out[b h q k] = sum over d of a[b q h d] * b[b k h d]
 *   b in 0..<2
 *     h in 0..<8                  shared among threads
 *       q in 0..<128
 *         k in 0..<128            vectors
 *           d in 0..<64           b by way of the workspace
 *
 * 33554432 flop, 16 per byte; workspace 64.1 KiB.
 * The caller gives attention_scores_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c attention_scores.c
 */

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

typedef unsigned int es_bits32 __attribute__((may_alias));
typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

/* The number of the thread in its team. */
static inline long attention_scores_thread(void)
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

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void attention_scores_transpose_8_u32(const es_bits32 *restrict s, es_bits32 *restrict d)
{
    for (long p = 0; p < 64; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 512);
        const u32x8 x2 = *(const u32x8 *)(s + p + 1024);
        const u32x8 x3 = *(const u32x8 *)(s + p + 1536);
        const u32x8 x4 = *(const u32x8 *)(s + p + 2048);
        const u32x8 x5 = *(const u32x8 *)(s + p + 2560);
        const u32x8 x6 = *(const u32x8 *)(s + p + 3072);
        const u32x8 x7 = *(const u32x8 *)(s + p + 3584);
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
        *(u32x8 *)(d + 128 * p) = y16;
        *(u32x8 *)(d + 128 * p + 128) = y18;
        *(u32x8 *)(d + 128 * p + 256) = y20;
        *(u32x8 *)(d + 128 * p + 384) = y22;
        *(u32x8 *)(d + 128 * p + 512) = y17;
        *(u32x8 *)(d + 128 * p + 640) = y19;
        *(u32x8 *)(d + 128 * p + 768) = y21;
        *(u32x8 *)(d + 128 * p + 896) = y23;
    }
}

/* Blocks of 6 rows of 2 x 8 components. */
static void attention_scores_columns_6x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0}, c5_0 = {0}, c5_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 64; p++, a++, b += 128) {
        __builtin_prefetch(b + 8192);
        __builtin_prefetch(b + 8200);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[512] * b0;
        c1_1 += a[512] * b1;
        c2_0 += a[1024] * b0;
        c2_1 += a[1024] * b1;
        c3_0 += a[1536] * b0;
        c3_1 += a[1536] * b1;
        c4_0 += a[2048] * b0;
        c4_1 += a[2048] * b1;
        c5_0 += a[2560] * b0;
        c5_1 += a[2560] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 128) = c1_0;
    *(f32x8 *)(o + 136) = c1_1;
    *(f32x8 *)(o + 256) = c2_0;
    *(f32x8 *)(o + 264) = c2_1;
    *(f32x8 *)(o + 384) = c3_0;
    *(f32x8 *)(o + 392) = c3_1;
    *(f32x8 *)(o + 512) = c4_0;
    *(f32x8 *)(o + 520) = c4_1;
    *(f32x8 *)(o + 640) = c5_0;
    *(f32x8 *)(o + 648) = c5_1;
}

/* Blocks of 5 rows of 2 x 8 components. */
static void attention_scores_columns_5x2x8_f32(float *o, const float *x, const float *y)
{
    f32x8 c0_0 = {0}, c0_1 = {0}, c1_0 = {0}, c1_1 = {0}, c2_0 = {0}, c2_1 = {0}, c3_0 = {0};
    f32x8 c3_1 = {0}, c4_0 = {0}, c4_1 = {0};
    const float *a = x;
    const float *b = y;
    for (long p = 0; p < 64; p++, a++, b += 128) {
        __builtin_prefetch(b + 8192);
        __builtin_prefetch(b + 8200);
        /* volatile: read once, and not by each multiply-add. */
        const f32x8 b0 = *(const volatile f32x8 *)b;
        const f32x8 b1 = *(const volatile f32x8 *)(b + 8);
        c0_0 += a[0] * b0;
        c0_1 += a[0] * b1;
        c1_0 += a[512] * b0;
        c1_1 += a[512] * b1;
        c2_0 += a[1024] * b0;
        c2_1 += a[1024] * b1;
        c3_0 += a[1536] * b0;
        c3_1 += a[1536] * b1;
        c4_0 += a[2048] * b0;
        c4_1 += a[2048] * b1;
    }
    *(f32x8 *)o = c0_0;
    *(f32x8 *)(o + 8) = c0_1;
    *(f32x8 *)(o + 128) = c1_0;
    *(f32x8 *)(o + 136) = c1_1;
    *(f32x8 *)(o + 256) = c2_0;
    *(f32x8 *)(o + 264) = c2_1;
    *(f32x8 *)(o + 384) = c3_0;
    *(f32x8 *)(o + 392) = c3_1;
    *(f32x8 *)(o + 512) = c4_0;
    *(f32x8 *)(o + 520) = c4_1;
}

void attention_scores(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    #ifdef _OPENMP
    #pragma omp parallel num_threads(omp_get_max_threads() < 2 ? omp_get_max_threads() : 2)
    #endif
    {
        const long thread = attention_scores_thread();
        float *const block3 = (float *)((char *)workspace + 32768 * thread);
        for (long b2 = 0; b2 < 2; b2++) {
            #ifdef _OPENMP
            #pragma omp for
            #endif
            for (long h = 0; h < 8; h++) {
                es_bits32 *const out2 = (es_bits32 *)block3;
                const es_bits32 *const a2 = (const es_bits32 *)(b + 65536 * b2 + 64 * h);
                for (long j = 0; j < 128; j += 8)
                    attention_scores_transpose_8_u32(a2 + 512 * j, out2 + j);
                float *o = out + 131072 * b2 + 16384 * h;
                const float *x = a + 65536 * b2 + 64 * h;
                for (long v = 0; v < 16; v += 2) {
                    for (long i = 0; i < 18; i++) {
                        const long r = 6 * i;
                        attention_scores_columns_6x2x8_f32(o + 8 * v + 128 * r, x + 512 * r, block3 + 8 * v);
                    }
                    for (long i = 18; i < 22; i++) {
                        const long r = 5 * i + 18;
                        attention_scores_columns_5x2x8_f32(o + 8 * v + 128 * r, x + 512 * r, block3 + 8 * v);
                    }
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
size_t attention_scores_workspace_size(void)
{
    return 65536 + 63;
}
