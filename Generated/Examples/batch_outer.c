/* bij,k->bijk   float32   b=8 i=32 j=32 k=64
 *
 *   a    [8][32][32]           32 KiB
 *   b    [64]                  256 bytes
 *   out  [8][32][32][64]       2 MiB
 *
 * out[bij k] = a[bij] * b[k]
 *   bij in 0..<8192               b and i and j folded; shared among threads
 *     k in 0..<64                 vectors
 *
 * 524288 flop, 0.2 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c batch_outer.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));
typedef long long es_line32 __attribute__((vector_size(32), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* Writes a vector to an aligned address, past the caches. */
static inline void batch_outer_stream(void *o, es_line32 x)
{
    #if defined(__clang__)
    __builtin_nontemporal_store(x, (es_line32 *)o);
    #elif defined(__x86_64__)
    __builtin_ia32_movntdq256((es_line32 *)o, x);
    #else
    *(es_line32 *)o = x;
    #endif
}

/* o[j] = x[j] * y[0] for j < n, past the caches. */
static inline void batch_outer_row_stream_product_uz_f32(float *restrict o, const float *restrict x,
        const float *restrict y)
{
    long j = (-(long)o & 63) / 4;
    if (j > 64)
        j = 64;
    long j2 = 0;
    for (; j2 + 8 <= j; j2 += 8)
        *(f32x8 *)(o + j2) = *(const f32x8 *)(x + j2) * y[0];
    if (j2 + 4 <= j) {
        *(f32x4 *)(o + j2) = *(const f32x4 *)(x + j2) * y[0];
        j2 += 4;
    }
    if (j2 + 2 <= j) {
        *(f32x2 *)(o + j2) = *(const f32x2 *)(x + j2) * y[0];
        j2 += 2;
    }
    if (j2 < j)
        o[j2] = x[j2] * y[0];
    for (; j + 8 <= 64; j += 8) {
        f32x8 v = *(const f32x8 *)(x + j) * y[0];
        batch_outer_stream(o + j, (es_line32)v);
    }
    long j3 = 0;
    for (; j3 + 8 <= -j + 64; j3 += 8)
        *(f32x8 *)(o + j + j3) = *(const f32x8 *)(x + j + j3) * y[0];
    if (j3 + 4 <= -j + 64) {
        *(f32x4 *)(o + j + j3) = *(const f32x4 *)(x + j + j3) * y[0];
        j3 += 4;
    }
    if (j3 + 2 <= -j + 64) {
        *(f32x2 *)(o + j + j3) = *(const f32x2 *)(x + j + j3) * y[0];
        j3 += 2;
    }
    if (j3 < -j + 64)
        o[j + j3] = x[j + j3] * y[0];
}

/* Orders streamed stores before all later ones. */
static inline void batch_outer_stream_end(void)
{
    #if defined(__x86_64__)
    __builtin_ia32_sfence();
    #else
    __sync_synchronize();
    #endif
}

void batch_outer(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long bij = 0; bij < 8192; bij += 512) {
        float *o = out + 64 * bij;
        long rows = 512;
        const float *x = b;
        const float *y = a + bij;
        if ((long)(out + 64 * bij) % 64 == 0) {
            for (; rows > 0; rows--, o += 64, y++) {
                for (long j = 0; j < 64; j += 8) {
                    f32x8 v = *(const f32x8 *)(x + j) * y[0];
                    batch_outer_stream(o + j, (es_line32)v);
                }
            }
        } else {
            for (; rows > 0; rows--, o += 64, y++)
                batch_outer_row_stream_product_uz_f32(o, x, y);
        }
        batch_outer_stream_end();
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t batch_outer_workspace_size(void)
{
    return 0;
}
