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

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

void batch_outer(const float *restrict a, const float *restrict b, float *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long bij = 0; bij < 8192; bij++) {
        for (long j = 0; j < 64; j += 8)
            *(f32x8 *)(out + 64 * bij + j) = *(const f32x8 *)(b + j) * a[bij];
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
