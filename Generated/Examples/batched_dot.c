/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 *
 * out[b] = sum over i of a[b i] * b[b i]
 *   b in 0..<1000                 vectors
 *     i in 0..<16                 a, b by way of the workspace
 *
 * 32000 flop, 0.2 per byte; workspace 17.4 KiB.
 * The caller gives batched_dot_workspace_size() bytes of workspace, with any alignment.
 * cc -O3 -march=x86-64-v3 -c batched_dot.c
 */

#include <stdlib.h>

typedef unsigned int es_bits32 __attribute__((may_alias));
typedef unsigned int u32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* d[p * ld + r] = s[r, p] for r < 8, p < n. */
static void batched_dot_transpose_8_u32(const es_bits32 *restrict s, es_bits32 *restrict d)
{
    for (long p = 0; p < 16; p += 8) {
        const u32x8 x0 = *(const u32x8 *)(s + p);
        const u32x8 x1 = *(const u32x8 *)(s + p + 16);
        const u32x8 x2 = *(const u32x8 *)(s + p + 32);
        const u32x8 x3 = *(const u32x8 *)(s + p + 48);
        const u32x8 x4 = *(const u32x8 *)(s + p + 64);
        const u32x8 x5 = *(const u32x8 *)(s + p + 80);
        const u32x8 x6 = *(const u32x8 *)(s + p + 96);
        const u32x8 x7 = *(const u32x8 *)(s + p + 112);
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

void batched_dot(const float *restrict a, const float *restrict b, float *restrict out,
        void *restrict workspace)
{
    workspace = (char *)workspace + (-(size_t)workspace & 63);
    float *const block3 = (float *)workspace;
    float *const block4 = (float *)((char *)workspace + 9536);
    for (long b2 = 0; b2 < 896; b2 += 128) {
        es_bits32 *const out2 = (es_bits32 *)block3;
        const es_bits32 *const a2 = (const es_bits32 *)(a + 16 * b2);
        for (long j = 0; j < 128; j += 8)
            batched_dot_transpose_8_u32(a2 + 16 * j, out2 + j);
        es_bits32 *const out3 = (es_bits32 *)block4;
        const es_bits32 *const a3 = (const es_bits32 *)(b + 16 * b2);
        for (long j = 0; j < 128; j += 8)
            batched_dot_transpose_8_u32(a3 + 16 * j, out3 + j);
        for (long j = 0; j < 128; j += 8) {
            f32x8 c0_0 = {0};
            const float *x = block3 + j;
            const float *y = block4 + j;
            for (long p = 0; p < 16; p++, x += 128, y += 128) {
                #ifndef __clang__ /* gcc may round products before it adds them to one sum */
                __asm__("" : "+x"(c0_0));
                #endif
                const f32x8 b0 = *(const f32x8 *)y;
                const f32x8 a0 = *(const f32x8 *)x;
                c0_0 += a0 * b0;
            }
            *(f32x8 *)(out + b2 + j) = c0_0;
        }
    }
    es_bits32 *const out2 = (es_bits32 *)block3;
    const es_bits32 *const a2 = (const es_bits32 *)(a + 14336);
    for (long j = 0; j < 104; j += 8)
        batched_dot_transpose_8_u32(a2 + 16 * j, out2 + j);
    es_bits32 *const out3 = (es_bits32 *)block4;
    const es_bits32 *const a3 = (const es_bits32 *)(b + 14336);
    for (long j = 0; j < 104; j += 8)
        batched_dot_transpose_8_u32(a3 + 16 * j, out3 + j);
    for (long j = 0; j < 104; j += 8) {
        f32x8 c0_0 = {0};
        const float *x = block3 + j;
        const float *y = block4 + j;
        for (long p = 0; p < 16; p++, x += 128, y += 128) {
            #ifndef __clang__ /* gcc may round products before it adds them to one sum */
            __asm__("" : "+x"(c0_0));
            #endif
            const f32x8 b0 = *(const f32x8 *)y;
            const f32x8 a0 = *(const f32x8 *)x;
            c0_0 += a0 * b0;
        }
        *(f32x8 *)(out + j + 896) = c0_0;
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void)
{
    return 17728 + 63;
}
