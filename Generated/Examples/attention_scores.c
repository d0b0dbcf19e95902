/* bqhd,bkhd->bhqk   float32   b=2 q=128 h=8 d=64 k=128
 *
 *   a    [2][128][8][64]       512 KiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][8][128][128]      1 MiB
 *
 * out[b h q k] = sum over d of a[b h q d] * b[b h k d]
 *   b in 0..<2
 *     h in 0..<8
 *       q in 0..<128
 *         k in 0..<128
 *           d in 0..<64
 *
 * 33554432 flop, 16 per byte; workspace 32 KiB.
 * The caller gives attention_scores_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c attention_scores.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void attention_scores_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    for (long j = 0; j < 64; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 8);
        p0_1 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 512);
        __builtin_prefetch(x + j);
        p1_1 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 520);
        __builtin_prefetch(x + j + 8);
        p0_2 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 1024);
        __builtin_prefetch(x + j);
        p1_2 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 1032);
        __builtin_prefetch(x + j + 8);
        p0_3 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 1536);
        __builtin_prefetch(x + j);
        p1_3 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 1544);
        __builtin_prefetch(x + j + 8);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
    *(f32x4 *)s = t4;
}

void attention_scores(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    (void)workspace;
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long b2 = 0; b2 < 2; b2++) {
        for (long h = 0; h < 8; h++) {
            for (long q = 0; q < 128; q++) {
                float s[4];
                for (long i = 0; i < 124; i += 4) {
                    attention_scores_dot4_product_uu_f32(a + 65536 * b2 + 64 * h + 512 * q, b + 65536 * b2 + 64 * h + 512 * i, s);
                    for (long r = 0; r < 4; r++) {
                        float *const o = out + 131072 * b2 + 16384 * h + 128 * q + i + r;
                        o[0] = s[r];
                    }
                }
                attention_scores_dot4_product_uu_f32(a + 65536 * b2 + 64 * h + 512 * q, b + 65536 * b2 + 64 * h + 63488, s);
                for (long r = 0; r < 4; r++) {
                    float *const o = out + 131072 * b2 + 16384 * h + 128 * q + r + 124;
                    o[0] = s[r];
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

size_t attention_scores_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t attention_scores_workspace_size(void)
{
    return 32768;
}
