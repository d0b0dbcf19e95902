/* bchw,c->bhw   float32   b=2 c=16 h=32 w=32
 *
 *   a    [2][16][32][32]       128 KiB
 *   b    [16]                  64 bytes
 *   out  [2][32][32]           8 KiB
 *
 * out[b hw] = sum over c of a[b hw c] * b[c]
 *   b in 0..<2
 *     hw in 0..<1024              h and w folded; vectors
 *       c in 0..<16
 *
 * 65536 flop, 0.5 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c weighted_channels.c
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
static void weighted_channels_columns_product_f32(float *restrict out, const float *restrict a,
        const float *restrict b)
{
    for (long r = 0; r < 1024; r++)
        out[r] = 0;
    for (long j = 0; j < 16; j += 8) {
        for (long j2 = 0; j2 < 1024; j2 += 8) {
            f32x8 s = *(f32x8 *)(out + j2);
            s += *(const f32x8 *)(a + 1024 * j + j2) * b[j];
            __builtin_prefetch(a + 1024 * j + j2 + 8192);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 1024) * b[j + 1];
            __builtin_prefetch(a + 1024 * j + j2 + 9216);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 2048) * b[j + 2];
            __builtin_prefetch(a + 1024 * j + j2 + 10240);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 3072) * b[j + 3];
            __builtin_prefetch(a + 1024 * j + j2 + 11264);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 4096) * b[j + 4];
            __builtin_prefetch(a + 1024 * j + j2 + 12288);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 5120) * b[j + 5];
            __builtin_prefetch(a + 1024 * j + j2 + 13312);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 6144) * b[j + 6];
            __builtin_prefetch(a + 1024 * j + j2 + 14336);
            s += *(const f32x8 *)(a + 1024 * j + j2 + 7168) * b[j + 7];
            __builtin_prefetch(a + 1024 * j + j2 + 15360);
            *(f32x8 *)(out + j2) = s;
        }
    }
}

void weighted_channels(const float *restrict a, const float *restrict b, float *restrict out)
{
    for (long b2 = 0; b2 < 2; b2++)
        weighted_channels_columns_product_f32(out + 1024 * b2, a + 16384 * b2, b);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t weighted_channels_workspace_size(void)
{
    return 0;
}
