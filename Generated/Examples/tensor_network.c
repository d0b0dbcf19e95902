/* abc,aib,bjd->cijd   float64   a=16 b=16 c=16 i=2 j=2 d=16
 *
 *   a    [16][16][16]          32 KiB
 *   b    [16][2][16]           4 KiB
 *   c    [16][2][16]           4 KiB
 *   out  [16][2][2][16]        8 KiB
 *
 * t3[b c i] = sum over a of a[b c a] * b[b i a]
 *   b in 0..<16
 *     i in 0..<2
 *       c in 0..<16
 *         a in 0..<16
 * out[ci jd] = sum over b of t3[ci b] * c[jd b]
 *   ci in 0..<32
 *     b in 0..<16
 *       jd in 0..<32
 *
 * 49152 flop, 1 per byte; workspace 20 KiB.
 * The caller gives tensor_network_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c tensor_network.c
 */

#include <stdlib.h>

typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* out[i] (+)= the sum over j < columns of a[i, j] * b[i, j], for i < rows; a contiguous in i, b also, or constant. */
static void tensor_network_columns_product_f64(double *restrict out, const double *restrict a,
        const double *restrict b)
{
    double buffer[2048];
    for (long r = 0; r < 16; r++)
        buffer[r] = 0;
    for (long j = 0; j < 16; j += 8) {
        for (long j2 = 0; j2 < 16; j2 += 4) {
            f64x4 s = *(f64x4 *)(buffer + j2);
            s += *(const f64x4 *)(a + 256 * j + j2) * b[32 * j];
            __builtin_prefetch(a + 256 * j + j2 + 2048);
            s += *(const f64x4 *)(a + 256 * j + j2 + 256) * b[32 * j + 32];
            __builtin_prefetch(a + 256 * j + j2 + 2304);
            s += *(const f64x4 *)(a + 256 * j + j2 + 512) * b[32 * j + 64];
            __builtin_prefetch(a + 256 * j + j2 + 2560);
            s += *(const f64x4 *)(a + 256 * j + j2 + 768) * b[32 * j + 96];
            __builtin_prefetch(a + 256 * j + j2 + 2816);
            s += *(const f64x4 *)(a + 256 * j + j2 + 1024) * b[32 * j + 128];
            __builtin_prefetch(a + 256 * j + j2 + 3072);
            s += *(const f64x4 *)(a + 256 * j + j2 + 1280) * b[32 * j + 160];
            __builtin_prefetch(a + 256 * j + j2 + 3328);
            s += *(const f64x4 *)(a + 256 * j + j2 + 1536) * b[32 * j + 192];
            __builtin_prefetch(a + 256 * j + j2 + 3584);
            s += *(const f64x4 *)(a + 256 * j + j2 + 1792) * b[32 * j + 224];
            __builtin_prefetch(a + 256 * j + j2 + 3840);
            *(f64x4 *)(buffer + j2) = s;
        }
    }
    for (long r = 0; r < 16; r++)
        out[2 * r] = buffer[r];
}

/* out[i, j] (+)= a[i, j] * b[i, j] for i < rows, j < columns. */
static void tensor_network_product_f64(double *restrict out, const double *restrict a,
        const double *restrict b)
{
    for (long r = 0; r < 32; r++)
        out[r] = 0;
    for (long j = 0; j < 16; j += 8) {
        for (long j2 = 0; j2 < 32; j2 += 4) {
            f64x4 s = *(f64x4 *)(out + j2);
            s += *(const f64x4 *)(b + 32 * j + j2) * a[32 * j];
            __builtin_prefetch(b + 32 * j + j2 + 256);
            s += *(const f64x4 *)(b + 32 * j + j2 + 32) * a[32 * j + 32];
            __builtin_prefetch(b + 32 * j + j2 + 288);
            s += *(const f64x4 *)(b + 32 * j + j2 + 64) * a[32 * j + 64];
            __builtin_prefetch(b + 32 * j + j2 + 320);
            s += *(const f64x4 *)(b + 32 * j + j2 + 96) * a[32 * j + 96];
            __builtin_prefetch(b + 32 * j + j2 + 352);
            s += *(const f64x4 *)(b + 32 * j + j2 + 128) * a[32 * j + 128];
            __builtin_prefetch(b + 32 * j + j2 + 384);
            s += *(const f64x4 *)(b + 32 * j + j2 + 160) * a[32 * j + 160];
            __builtin_prefetch(b + 32 * j + j2 + 416);
            s += *(const f64x4 *)(b + 32 * j + j2 + 192) * a[32 * j + 192];
            __builtin_prefetch(b + 32 * j + j2 + 448);
            s += *(const f64x4 *)(b + 32 * j + j2 + 224) * a[32 * j + 224];
            __builtin_prefetch(b + 32 * j + j2 + 480);
            *(f64x4 *)(out + j2) = s;
        }
    }
}

void tensor_network(const double *restrict a, const double *restrict b, const double *restrict c,
        double *restrict out, void *restrict workspace)
{
    /* t3[b c i] = sum over a of a[b c a] * b[b i a] */
    {
        double *const t3 = (double *)workspace;
        for (long b2 = 0; b2 < 16; b2++) {
            for (long i = 0; i < 2; i++)
                tensor_network_columns_product_f64(t3 + 32 * b2 + i, a + 16 * b2, b + b2 + 16 * i);
        }
    }
    /* out[ci jd] = sum over b of t3[ci b] * c[jd b] */
    {
        double *const t3 = (double *)workspace;
        for (long ci = 0; ci < 32; ci++)
            tensor_network_product_f64(out + 32 * ci, t3 + ci, c);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t tensor_network_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t tensor_network_workspace_size(void)
{
    return 20480;
}
