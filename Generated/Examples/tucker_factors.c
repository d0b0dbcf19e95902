/* ijk,ia,jb,kc->abc   float32   i=24 j=24 k=24 a=8 b=8 c=8
 *
 *   a    [24][24][24]          54 KiB
 *   b    [24][8]               768 bytes
 *   c    [24][8]               768 bytes
 *   d    [24][8]               768 bytes
 *   out  [8][8][8]             2 KiB
 *
 * t4[jk a] = sum over i of a[jk i] * b[a i]
 *   jk in 0..<576
 *     i in 0..<24
 *       a in 0..<8
 * t5[ka b] = sum over j of t4[ka j] * c[b j]
 *   ka in 0..<192
 *     j in 0..<24
 *       b in 0..<8
 * out[ab c] = sum over k of t5[ab k] * d[c k]
 *   ab in 0..<64
 *     k in 0..<24
 *       c in 0..<8
 *
 * 319488 flop, 5.4 per byte; workspace 24 KiB.
 * The caller gives tucker_factors_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c tucker_factors.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

void tucker_factors(const float *restrict a, const float *restrict b, const float *restrict c,
        const float *restrict d, float *restrict out, void *restrict workspace)
{
    /* t4[jk a] = sum over i of a[jk i] * b[a i] */
    {
        float *const t4 = (float *)workspace;
        #ifdef _OPENMP
        #pragma omp parallel for
        #endif
        for (long jk = 0; jk < 576; jk++) {
            const float *const t = a + jk;
            float *const sums = t4 + 8 * jk;
            for (long r = 0; r < 8; r++)
                sums[r] = 0;
            for (long j = 0; j < 24; j += 8) {
                f32x8 s = *(f32x8 *)sums;
                s += *(const f32x8 *)(b + 8 * j) * t[576 * j];
                __builtin_prefetch(b + 8 * j + 64);
                s += *(const f32x8 *)(b + 8 * j + 8) * t[576 * j + 576];
                __builtin_prefetch(b + 8 * j + 72);
                s += *(const f32x8 *)(b + 8 * j + 16) * t[576 * j + 1152];
                __builtin_prefetch(b + 8 * j + 80);
                s += *(const f32x8 *)(b + 8 * j + 24) * t[576 * j + 1728];
                __builtin_prefetch(b + 8 * j + 88);
                s += *(const f32x8 *)(b + 8 * j + 32) * t[576 * j + 2304];
                __builtin_prefetch(b + 8 * j + 96);
                s += *(const f32x8 *)(b + 8 * j + 40) * t[576 * j + 2880];
                __builtin_prefetch(b + 8 * j + 104);
                s += *(const f32x8 *)(b + 8 * j + 48) * t[576 * j + 3456];
                __builtin_prefetch(b + 8 * j + 112);
                s += *(const f32x8 *)(b + 8 * j + 56) * t[576 * j + 4032];
                __builtin_prefetch(b + 8 * j + 120);
                *(f32x8 *)sums = s;
            }
        }
    }
    /* t5[ka b] = sum over j of t4[ka j] * c[b j] */
    {
        float *const t4 = (float *)workspace;
        float *const t5 = (float *)((char *)workspace + 18432);
        for (long ka = 0; ka < 192; ka++) {
            const float *const t = t4 + ka;
            float *const sums = t5 + 8 * ka;
            for (long r = 0; r < 8; r++)
                sums[r] = 0;
            for (long j = 0; j < 24; j += 8) {
                f32x8 s = *(f32x8 *)sums;
                s += *(const f32x8 *)(c + 8 * j) * t[192 * j];
                __builtin_prefetch(c + 8 * j + 64);
                s += *(const f32x8 *)(c + 8 * j + 8) * t[192 * j + 192];
                __builtin_prefetch(c + 8 * j + 72);
                s += *(const f32x8 *)(c + 8 * j + 16) * t[192 * j + 384];
                __builtin_prefetch(c + 8 * j + 80);
                s += *(const f32x8 *)(c + 8 * j + 24) * t[192 * j + 576];
                __builtin_prefetch(c + 8 * j + 88);
                s += *(const f32x8 *)(c + 8 * j + 32) * t[192 * j + 768];
                __builtin_prefetch(c + 8 * j + 96);
                s += *(const f32x8 *)(c + 8 * j + 40) * t[192 * j + 960];
                __builtin_prefetch(c + 8 * j + 104);
                s += *(const f32x8 *)(c + 8 * j + 48) * t[192 * j + 1152];
                __builtin_prefetch(c + 8 * j + 112);
                s += *(const f32x8 *)(c + 8 * j + 56) * t[192 * j + 1344];
                __builtin_prefetch(c + 8 * j + 120);
                *(f32x8 *)sums = s;
            }
        }
    }
    /* out[ab c] = sum over k of t5[ab k] * d[c k] */
    {
        float *const t5 = (float *)((char *)workspace + 18432);
        for (long ab = 0; ab < 64; ab++) {
            const float *const t = t5 + ab;
            float *const sums = out + 8 * ab;
            for (long r = 0; r < 8; r++)
                sums[r] = 0;
            for (long j = 0; j < 24; j += 8) {
                f32x8 s = *(f32x8 *)sums;
                s += *(const f32x8 *)(d + 8 * j) * t[64 * j];
                __builtin_prefetch(d + 8 * j + 64);
                s += *(const f32x8 *)(d + 8 * j + 8) * t[64 * j + 64];
                __builtin_prefetch(d + 8 * j + 72);
                s += *(const f32x8 *)(d + 8 * j + 16) * t[64 * j + 128];
                __builtin_prefetch(d + 8 * j + 80);
                s += *(const f32x8 *)(d + 8 * j + 24) * t[64 * j + 192];
                __builtin_prefetch(d + 8 * j + 88);
                s += *(const f32x8 *)(d + 8 * j + 32) * t[64 * j + 256];
                __builtin_prefetch(d + 8 * j + 96);
                s += *(const f32x8 *)(d + 8 * j + 40) * t[64 * j + 320];
                __builtin_prefetch(d + 8 * j + 104);
                s += *(const f32x8 *)(d + 8 * j + 48) * t[64 * j + 384];
                __builtin_prefetch(d + 8 * j + 112);
                s += *(const f32x8 *)(d + 8 * j + 56) * t[64 * j + 448];
                __builtin_prefetch(d + 8 * j + 120);
                *(f32x8 *)sums = s;
            }
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t tucker_factors_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t tucker_factors_workspace_size(void)
{
    return 24576;
}
