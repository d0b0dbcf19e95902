/* bhqk,bkhd->bqhd   float32   b=2 h=8 q=128 k=128 d=64
 *
 *   a    [2][8][128][128]      1 MiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][128][8][64]       512 KiB
 *
 * out[b q h d] = sum over k of a[b q h k] * b[b h d k]
 *   b in 0..<2
 *     q in 0..<128
 *       h in 0..<8
 *         k in 0..<128
 *           d in 0..<64
 *
 * 33554432 flop, 16 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c attention_values.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* out[i] (+)= the sum over j < columns of a[i, j] * b[i, j], for i < rows; a contiguous in i, b also, or constant. */
static void attention_values_columns_product_f32(float *restrict out, const float *restrict a,
        const float *restrict b)
{
    for (long r = 0; r < 64; r++)
        out[r] = 0;
    for (long j = 0; j < 128; j += 8) {
        for (long j2 = 0; j2 < 64; j2 += 8) {
            f32x8 s = *(f32x8 *)(out + j2);
            s += *(const f32x8 *)(a + 512 * j + j2) * b[j];
            __builtin_prefetch(a + 512 * j + j2 + 4096);
            s += *(const f32x8 *)(a + 512 * j + j2 + 512) * b[j + 1];
            __builtin_prefetch(a + 512 * j + j2 + 4608);
            s += *(const f32x8 *)(a + 512 * j + j2 + 1024) * b[j + 2];
            __builtin_prefetch(a + 512 * j + j2 + 5120);
            s += *(const f32x8 *)(a + 512 * j + j2 + 1536) * b[j + 3];
            __builtin_prefetch(a + 512 * j + j2 + 5632);
            s += *(const f32x8 *)(a + 512 * j + j2 + 2048) * b[j + 4];
            __builtin_prefetch(a + 512 * j + j2 + 6144);
            s += *(const f32x8 *)(a + 512 * j + j2 + 2560) * b[j + 5];
            __builtin_prefetch(a + 512 * j + j2 + 6656);
            s += *(const f32x8 *)(a + 512 * j + j2 + 3072) * b[j + 6];
            __builtin_prefetch(a + 512 * j + j2 + 7168);
            s += *(const f32x8 *)(a + 512 * j + j2 + 3584) * b[j + 7];
            __builtin_prefetch(a + 512 * j + j2 + 7680);
            *(f32x8 *)(out + j2) = s;
        }
    }
}

void attention_values(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long b2 = 0; b2 < 2; b2++) {
        for (long q = 0; q < 128; q++) {
            for (long h = 0; h < 8; h++)
                attention_values_columns_product_f32(out + 65536 * b2 + 512 * q + 64 * h, b + 65536 * b2 + 64 * h, a + 131072 * b2 + 128 * q + 16384 * h);
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t attention_values_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t attention_values_workspace_size(void)
{
    return 0;
}
