/* dabfe,fc->edcba   float32   d=8 a=12 b=8 f=16 e=12 c=8
 *
 *   a    [8][12][8][16][12]    576 KiB
 *   b    [16][8]               512 bytes
 *   out  [12][8][8][8][12]     288 KiB
 *
 * out[e d c b a] = sum over f of a[d a b f e] * b[f c]
 *   c in 0..<8                    shared among threads
 *     d in 0..<8
 *       b in 0..<8
 *         e in 0..<12
 *           a in 0..<12           vectors
 *             f in 0..<16
 *
 * 2359296 flop, 2.7 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v4 -c tensor_contraction.c
 */

#include <stdlib.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2")
#endif

void tensor_contraction(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long c = 0; c < 8; c++) {
        for (long d = 0; d < 8; d++) {
            for (long b2 = 0; b2 < 8; b2++) {
                for (long f = 0; f < 16; f++) {
                    long accumulate = f != 0;
                    for (long i = 0; i < 12; i++) {
                        float *const o = out + 96 * c + 768 * d + 12 * b2 + 6144 * i;
                        const float *const x = a + 18432 * d + 192 * b2 + 12 * f + i;
                        const float *const y = b + c + 8 * f;
                        if (accumulate) {
                            for (long j = 0; j < 12; j++)
                                o[j] = __builtin_fmaf(x[1536 * j], y[0], o[j]);
                        } else {
                            for (long j = 0; j < 12; j++)
                                o[j] = x[1536 * j] * y[0];
                        }
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
size_t tensor_contraction_workspace_size(void)
{
    return 0;
}
