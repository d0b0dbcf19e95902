/* ij,jk->ik   bool   i=64 j=64 k=64
 *
 *   a    [64][64]             (0 or 1)  4 KiB
 *   b    [64][64]             (0 or 1)  4 KiB
 *   out  [64][64]             (0 or 1)  4 KiB
 *
 * out[i k] = sum over j of a[i j] * b[k j]
 *   i in 0..<64
 *     j in 0..<64
 *       k in 0..<64
 *
 * 524288 flop, 42.7 per byte; workspace 0 bytes.
 * cc -O3 -march=x86-64-v3 -c reachability.c
 */

#include <stdlib.h>

typedef unsigned char u8x32 __attribute__((vector_size(32), aligned(1), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* out[i, j] (+)= a[i, j] * b[i, j] for i < rows, j < columns. */
static void reachability_product_b8(unsigned char *restrict out, const unsigned char *restrict a,
        const unsigned char *restrict b)
{
    for (long r = 0; r < 64; r++)
        out[r] = 0;
    for (long j = 0; j < 64; j += 8) {
        for (long j2 = 0; j2 < 64; j2 += 32) {
            u8x32 s = *(u8x32 *)(out + j2);
            s |= *(const u8x32 *)(b + 64 * j + j2) & a[j];
            __builtin_prefetch(b + 64 * j + j2 + 512);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 64) & a[j + 1];
            __builtin_prefetch(b + 64 * j + j2 + 576);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 128) & a[j + 2];
            __builtin_prefetch(b + 64 * j + j2 + 640);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 192) & a[j + 3];
            __builtin_prefetch(b + 64 * j + j2 + 704);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 256) & a[j + 4];
            __builtin_prefetch(b + 64 * j + j2 + 768);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 320) & a[j + 5];
            __builtin_prefetch(b + 64 * j + j2 + 832);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 384) & a[j + 6];
            __builtin_prefetch(b + 64 * j + j2 + 896);
            s |= *(const u8x32 *)(b + 64 * j + j2 + 448) & a[j + 7];
            __builtin_prefetch(b + 64 * j + j2 + 960);
            *(u8x32 *)(out + j2) = s;
        }
    }
}

void reachability(const unsigned char *restrict a, const unsigned char *restrict b,
        unsigned char *restrict out)
{
    #ifdef _OPENMP
    #pragma omp parallel for
    #endif
    for (long i = 0; i < 64; i++)
        reachability_product_b8(out + 64 * i, a + 64 * i, b);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t reachability_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t reachability_workspace_size(void)
{
    return 0;
}
