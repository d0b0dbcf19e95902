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

/* o[j] += the terms x[j] * y[0] of 16 rows in turn, for j < n. */
static inline void weighted_channels_add16_product_uz_f32(float *restrict o, const float *restrict x,
        const float *restrict y)
{
    for (long j = 0; j < 1008; j += 16) {
        const long ahead = j + 64 < 1024 ? j + 64 : j + 15424;
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
        s0 += *(const f32x8 *)(x + j + 8192) * y[8];
        s1 += *(const f32x8 *)(x + j + 8200) * y[8];
        __builtin_prefetch(x + ahead + 8192);
        s0 += *(const f32x8 *)(x + j + 9216) * y[9];
        s1 += *(const f32x8 *)(x + j + 9224) * y[9];
        __builtin_prefetch(x + ahead + 9216);
        s0 += *(const f32x8 *)(x + j + 10240) * y[10];
        s1 += *(const f32x8 *)(x + j + 10248) * y[10];
        __builtin_prefetch(x + ahead + 10240);
        s0 += *(const f32x8 *)(x + j + 11264) * y[11];
        s1 += *(const f32x8 *)(x + j + 11272) * y[11];
        __builtin_prefetch(x + ahead + 11264);
        s0 += *(const f32x8 *)(x + j + 12288) * y[12];
        s1 += *(const f32x8 *)(x + j + 12296) * y[12];
        __builtin_prefetch(x + ahead + 12288);
        s0 += *(const f32x8 *)(x + j + 13312) * y[13];
        s1 += *(const f32x8 *)(x + j + 13320) * y[13];
        __builtin_prefetch(x + ahead + 13312);
        s0 += *(const f32x8 *)(x + j + 14336) * y[14];
        s1 += *(const f32x8 *)(x + j + 14344) * y[14];
        __builtin_prefetch(x + ahead + 14336);
        s0 += *(const f32x8 *)(x + j + 15360) * y[15];
        s1 += *(const f32x8 *)(x + j + 15368) * y[15];
        __builtin_prefetch(x + ahead + 15360);
        *(f32x8 *)(o + j) = s0;
        *(f32x8 *)(o + j + 8) = s1;
    }
    f32x8 s0 = *(f32x8 *)(o + 1008);
    f32x8 s1 = *(f32x8 *)(o + 1016);
    s0 += *(const f32x8 *)(x + 1008) * y[0];
    s1 += *(const f32x8 *)(x + 1016) * y[0];
    __builtin_prefetch(x + 16432);
    s0 += *(const f32x8 *)(x + 2032) * y[1];
    s1 += *(const f32x8 *)(x + 2040) * y[1];
    __builtin_prefetch(x + 17456);
    s0 += *(const f32x8 *)(x + 3056) * y[2];
    s1 += *(const f32x8 *)(x + 3064) * y[2];
    __builtin_prefetch(x + 18480);
    s0 += *(const f32x8 *)(x + 4080) * y[3];
    s1 += *(const f32x8 *)(x + 4088) * y[3];
    __builtin_prefetch(x + 19504);
    s0 += *(const f32x8 *)(x + 5104) * y[4];
    s1 += *(const f32x8 *)(x + 5112) * y[4];
    __builtin_prefetch(x + 20528);
    s0 += *(const f32x8 *)(x + 6128) * y[5];
    s1 += *(const f32x8 *)(x + 6136) * y[5];
    __builtin_prefetch(x + 21552);
    s0 += *(const f32x8 *)(x + 7152) * y[6];
    s1 += *(const f32x8 *)(x + 7160) * y[6];
    __builtin_prefetch(x + 22576);
    s0 += *(const f32x8 *)(x + 8176) * y[7];
    s1 += *(const f32x8 *)(x + 8184) * y[7];
    __builtin_prefetch(x + 23600);
    s0 += *(const f32x8 *)(x + 9200) * y[8];
    s1 += *(const f32x8 *)(x + 9208) * y[8];
    __builtin_prefetch(x + 24624);
    s0 += *(const f32x8 *)(x + 10224) * y[9];
    s1 += *(const f32x8 *)(x + 10232) * y[9];
    __builtin_prefetch(x + 25648);
    s0 += *(const f32x8 *)(x + 11248) * y[10];
    s1 += *(const f32x8 *)(x + 11256) * y[10];
    __builtin_prefetch(x + 26672);
    s0 += *(const f32x8 *)(x + 12272) * y[11];
    s1 += *(const f32x8 *)(x + 12280) * y[11];
    __builtin_prefetch(x + 27696);
    s0 += *(const f32x8 *)(x + 13296) * y[12];
    s1 += *(const f32x8 *)(x + 13304) * y[12];
    __builtin_prefetch(x + 28720);
    s0 += *(const f32x8 *)(x + 14320) * y[13];
    s1 += *(const f32x8 *)(x + 14328) * y[13];
    __builtin_prefetch(x + 29744);
    s0 += *(const f32x8 *)(x + 15344) * y[14];
    s1 += *(const f32x8 *)(x + 15352) * y[14];
    __builtin_prefetch(x + 30768);
    s0 += *(const f32x8 *)(x + 16368) * y[15];
    s1 += *(const f32x8 *)(x + 16376) * y[15];
    __builtin_prefetch(x + 31792);
    *(f32x8 *)(o + 1008) = s0;
    *(f32x8 *)(o + 1016) = s1;
}

void weighted_channels(const float *restrict a, const float *restrict b, float *restrict out)
{
    for (long b2 = 0; b2 < 2; b2++) {
        float *const sums = out + 1024 * b2;
        for (long r = 0; r < 1024; r++)
            sums[r] = 0;
        weighted_channels_add16_product_uz_f32(sums, a + 16384 * b2, b);
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
