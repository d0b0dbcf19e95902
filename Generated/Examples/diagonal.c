/* ii->i   int32   i=100
 *
 *   a    [100][100]            39.1 KiB
 *   out  [100]                 400 bytes
 *
 * out[i] = a[i]
 *   i in 0..<100                  vectors
 *
 * 0 flop, 0 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c diagonal.c
 */

#include <stdlib.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

void diagonal(const int *restrict a, int *restrict out)
{
    unsigned int *const out2 = (unsigned int *)out;
    const unsigned int *const a2 = (const unsigned int *)a;
    for (long j = 0; j < 100; j++)
        out2[j] = a2[101 * j];
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/* The bytes of workspace that a call needs. */
size_t diagonal_workspace_size(void)
{
    return 0;
}
