/* ijk,il->ijkl   float32   i=32 j=128 k=64 l=64
 *
 *   a    [32][128][64]         1 MiB
 *   b    [32][64]              8 KiB
 *   out  [32][128][64][64]     64 MiB
 *
 * out[i jk l] = a[i jk] * b[i l]
 *   i in 0..<32                   shared among threads
 *     jk in 0..<8192              j and k folded
 *       l in 0..<64               vectors
 *
 * 16777216 flop, 0.2 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v4 -c attention_outer.c
 */

#include <stdlib.h>

typedef float f32x16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float f32x2 __attribute__((vector_size(8), aligned(4), may_alias));
typedef long long es_line64 __attribute__((vector_size(64), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2")
#endif

/* Writes a vector to an aligned address, past the caches. */
static inline void attention_outer_stream(void *o, es_line64 x)
{
    #if defined(__clang__)
    __builtin_nontemporal_store(x, (es_line64 *)o);
    #elif defined(__x86_64__)
    __builtin_ia32_movntdq512((es_line64 *)o, x);
    #else
    *(es_line64 *)o = x;
    #endif
}

/* o[i, j] = x[j] * y[0] for i < rows, j < n, rows side by side, past the caches. */
static __attribute__((noinline)) void attention_outer_rows_adjacent_product_uz_f32(long rows,
        float *restrict o, const float *restrict x, const float *restrict y)
{
    float line[16] __attribute__((aligned(64)));
    /* The last line is written in part, and all stores behind it would wait for it. */
    __builtin_prefetch(o + 64 * rows, 1);
    for (long i = 0; i < rows; i++, o += 64, y++) {
        const long head = (-(long)o & 63) / 4;
        if (i == 0) {
            if (head > 32) {
                for (long j = 0; j < head - 16; j += 16)
                    *(f32x16 *)(o + j) = *(const f32x16 *)(x + j) * y[0];
                *(f32x16 *)(o + head - 16) = *(const f32x16 *)(x + head - 16) * y[0];
            } else if (head >= 16) {
                *(f32x16 *)o = *(const f32x16 *)x * y[0];
                *(f32x16 *)(o + head - 16) = *(const f32x16 *)(x + head - 16) * y[0];
            } else if (head >= 8) {
                *(f32x8 *)o = *(const f32x8 *)x * y[0];
                *(f32x8 *)(o + head - 8) = *(const f32x8 *)(x + head - 8) * y[0];
            } else if (head >= 4) {
                *(f32x4 *)o = *(const f32x4 *)x * y[0];
                *(f32x4 *)(o + head - 4) = *(const f32x4 *)(x + head - 4) * y[0];
            } else if (head >= 2) {
                *(f32x2 *)o = *(const f32x2 *)x * y[0];
                *(f32x2 *)(o + head - 2) = *(const f32x2 *)(x + head - 2) * y[0];
            } else if (head > 0)
                o[0] = x[0] * y[0];
        } else if (head > 0) {
            if (head > 32) {
                for (long j = 0; j < head - 16; j += 16)
                    *(f32x16 *)(line - head + j + 16) = *(const f32x16 *)(x + j) * y[0];
                *(f32x16 *)line = *(const f32x16 *)(x + head - 16) * y[0];
            } else if (head >= 16) {
                *(f32x16 *)(line - head + 16) = *(const f32x16 *)x * y[0];
                *(f32x16 *)line = *(const f32x16 *)(x + head - 16) * y[0];
            } else if (head >= 8) {
                *(f32x8 *)(line - head + 16) = *(const f32x8 *)x * y[0];
                *(f32x8 *)(line + 8) = *(const f32x8 *)(x + head - 8) * y[0];
            } else if (head >= 4) {
                *(f32x4 *)(line - head + 16) = *(const f32x4 *)x * y[0];
                *(f32x4 *)(line + 12) = *(const f32x4 *)(x + head - 4) * y[0];
            } else if (head >= 2) {
                *(f32x2 *)(line - head + 16) = *(const f32x2 *)x * y[0];
                *(f32x2 *)(line + 14) = *(const f32x2 *)(x + head - 2) * y[0];
            } else if (head > 0)
                line[-head + 16] = x[0] * y[0];
            float *const start = o + head - 16;
            attention_outer_stream(start, *(const es_line64 *)line);
        }
        const long end = head + ((-head + 64) & -16);
        for (long j = head; j < end; j += 16) {
            f32x16 v = *(const f32x16 *)(x + j) * y[0];
            attention_outer_stream(o + j, (es_line64)v);
        }
        float *const o2 = i + 1 < rows ? line : o + end;
        if (end < 32) {
            for (long j = 0; j < -end + 48; j += 16)
                *(f32x16 *)(o2 + j) = *(const f32x16 *)(x + end + j) * y[0];
            *(f32x16 *)(o2 - end + 48) = *(const f32x16 *)(x + 48) * y[0];
        } else if (end <= 48) {
            *(f32x16 *)o2 = *(const f32x16 *)(x + end) * y[0];
            *(f32x16 *)(o2 - end + 48) = *(const f32x16 *)(x + 48) * y[0];
        } else if (end <= 56) {
            *(f32x8 *)o2 = *(const f32x8 *)(x + end) * y[0];
            *(f32x8 *)(o2 - end + 56) = *(const f32x8 *)(x + 56) * y[0];
        } else if (end <= 60) {
            *(f32x4 *)o2 = *(const f32x4 *)(x + end) * y[0];
            *(f32x4 *)(o2 - end + 60) = *(const f32x4 *)(x + 60) * y[0];
        } else if (end <= 62) {
            *(f32x2 *)o2 = *(const f32x2 *)(x + end) * y[0];
            *(f32x2 *)(o2 - end + 62) = *(const f32x2 *)(x + 62) * y[0];
        } else if (end < 64)
            o2[0] = x[end] * y[0];
    }
}

/* Orders streamed stores before all later ones. */
static inline void attention_outer_stream_end(void)
{
    #if defined(__x86_64__)
    __builtin_ia32_sfence();
    #else
    __sync_synchronize();
    #endif
}

void attention_outer(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long i = 0; i < 32; i++) {
        for (long jk = 0; jk < 8192; jk += 512) {
            float *o = out + 524288 * i + 64 * jk;
            long rows = 512;
            const float *x = b + 64 * i;
            const float *y = a + 8192 * i + jk;
            if ((long)(out + 524288 * i + 64 * jk) % 64 == 0) {
                for (; rows > 0; rows--, o += 64, y++) {
                    for (long j = 0; j < 64; j += 16) {
                        f32x16 v = *(const f32x16 *)(x + j) * y[0];
                        attention_outer_stream(o + j, (es_line64)v);
                    }
                }
            } else
                attention_outer_rows_adjacent_product_uz_f32(rows, o, x, y);
            attention_outer_stream_end();
        }
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t attention_outer_workspace_size(void)
{
    return 0;
}
