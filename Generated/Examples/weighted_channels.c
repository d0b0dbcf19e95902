/* bchw,c->bhw   float32   b=2 c=16 h=32 w=32
 *
 *   a    [2][16][32][32]       128 KiB
 *   b    [16]                  64 bytes
 *   out  [2][32][32]           8 KiB
 *
 * out[b hw] = sum over c of a[b c hw] * b[c]
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

/* o[j] += the terms x[j] * y[0] of 8 rows in turn, for j < n. */
static inline void weighted_channels_add8_product_uz_f32(float *restrict o, const float *restrict x,
        const float *restrict y, long gap)
{
    for (long j = 0; j < 1024; j += 16) {
        const long ahead = j + 64 < 1024 ? j + 64 : j + gap + 64;
        f32x8 s0 = *(f32x8 *)(o + j);
        f32x8 s1 = *(f32x8 *)(o + j + 8);
        s0 += *(const f32x8 *)(x + j) * y[0];
        s1 += *(const f32x8 *)(x + j + 8) * y[0];
        __builtin_prefetch(x + ahead);
        s0 += *(const f32x8 *)(x + j + 1024) * y[1];
        s1 += *(const f32x8 *)(x + j + 1032) * y[1];
        __builtin_prefetch(x + ahead + 1024);
        s0 += *(const f32x8 *)(x + j + 2048) * y[2];
        s1 += *(const f32x8 *)(x + j + 2056) * y[2];
        __builtin_prefetch(x + ahead + 2048);
        s0 += *(const f32x8 *)(x + j + 3072) * y[3];
        s1 += *(const f32x8 *)(x + j + 3080) * y[3];
        __builtin_prefetch(x + ahead + 3072);
        s0 += *(const f32x8 *)(x + j + 4096) * y[4];
        s1 += *(const f32x8 *)(x + j + 4104) * y[4];
        __builtin_prefetch(x + ahead + 4096);
        s0 += *(const f32x8 *)(x + j + 5120) * y[5];
        s1 += *(const f32x8 *)(x + j + 5128) * y[5];
        __builtin_prefetch(x + ahead + 5120);
        s0 += *(const f32x8 *)(x + j + 6144) * y[6];
        s1 += *(const f32x8 *)(x + j + 6152) * y[6];
        __builtin_prefetch(x + ahead + 6144);
        s0 += *(const f32x8 *)(x + j + 7168) * y[7];
        s1 += *(const f32x8 *)(x + j + 7176) * y[7];
        __builtin_prefetch(x + ahead + 7168);
        *(f32x8 *)(o + j) = s0;
        *(f32x8 *)(o + j + 8) = s1;
    }
}

void weighted_channels(const float *restrict a, const float *restrict b, float *restrict out)
{
    for (long b2 = 0; b2 < 2; b2++) {
        float *const sums = out + 1024 * b2;
        for (long r = 0; r < 1024; r++)
            sums[r] = 0;
        for (long j = 0; j <= 8; ) {
            for (const long end = j + 1; j < end; j++) {
                const long next = j + 1 < end ? 1 : 8;
                weighted_channels_add8_product_uz_f32(sums, a + 16384 * b2 + 1024 * j, b + j,
                        1024 * next - 1024);
            }
            j += 7;
        }
    }
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
