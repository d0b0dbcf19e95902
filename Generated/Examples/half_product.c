/* ij,jk->ik   float16   i=32 j=48 k=40
 *
 *   a    [32][48]             (bits of float16)  3 KiB
 *   b    [48][40]             (bits of float16)  3.8 KiB
 *   out  [32][40]             (bits of float16)  2.5 KiB
 *
 * t2[ij] = a[ij], converted
 *   ij in 0..<1536
 * t3[k j] = b[k j], converted
 *   j in 0..<48
 *     k in 0..<40
 * t4[i k] = sum over j of t2[i j] * t3[k j]
 *   i in 0..<32
 *     k in 0..<40
 *       j in 0..<48
 * out[ik] = t4[ik], converted
 *   ik in 0..<1280
 *
 * 122880 flop, 13 per byte; workspace 33.5 KiB.
 * The caller gives half_product_workspace_size() bytes of workspace, aligned as malloc aligns.
 * cc -O3 -march=x86-64-v3 -c half_product.c
 */

#include <stdlib.h>

typedef float f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,bmi2")
#endif

/* The number that a float16's bits stand for. */
static inline float half_product_half_to_float(unsigned short bits)
{
    _Float16 x;
    __builtin_memcpy(&x, &bits, 2);
    return (float)x;
}

/* s[r] = the sum over j < n of x[r, j] * y[r, j], for r < 4. */
static inline void half_product_dot4_product_uu_f32(const float *x, const float *y, float *restrict s)
{
    f32x8 p0_0 = {0}, p1_0 = {0}, p0_1 = {0}, p1_1 = {0}, p0_2 = {0}, p1_2 = {0}, p0_3 = {0};
    f32x8 p1_3 = {0};
    for (long j = 0; j < 48; j += 16) {
        p0_0 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j);
        __builtin_prefetch(x + j);
        p1_0 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 8);
        __builtin_prefetch(x + j + 8);
        p0_1 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 48);
        __builtin_prefetch(x + j);
        p1_1 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 56);
        __builtin_prefetch(x + j + 8);
        p0_2 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 96);
        __builtin_prefetch(x + j);
        p1_2 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 104);
        __builtin_prefetch(x + j + 8);
        p0_3 += *(const f32x8 *)(x + j) * *(const f32x8 *)(y + j + 144);
        __builtin_prefetch(x + j);
        p1_3 += *(const f32x8 *)(x + j + 8) * *(const f32x8 *)(y + j + 152);
        __builtin_prefetch(x + j + 8);
    }
    p0_0 = p0_0 + p1_0;
    p0_1 = p0_1 + p1_1;
    p0_2 = p0_2 + p1_2;
    p0_3 = p0_3 + p1_3;
    const f32x8 t1 = __builtin_shufflevector(p0_0, p0_1, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_0, p0_1, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t2 = __builtin_shufflevector(p0_2, p0_3, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(p0_2, p0_3, 4, 5, 6, 7, 12, 13, 14, 15);
    const f32x8 t3 = __builtin_shufflevector(t1, t2, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(t1, t2, 2, 3, 6, 7, 10, 11, 14, 15);
    const f32x4 t4 = __builtin_shufflevector(t3, t3, 0, 2, 4, 6) + __builtin_shufflevector(t3, t3, 1, 3, 5, 7);
    *(f32x4 *)s = t4;
}

/* The bits of the float16 nearest to x. */
static inline unsigned short half_product_float_to_half(float x)
{
    const _Float16 half = (_Float16)x;
    unsigned short bits;
    __builtin_memcpy(&bits, &half, 2);
    return bits;
}

void half_product(const unsigned short *restrict a, const unsigned short *restrict b,
        unsigned short *restrict out, void *restrict workspace)
{
    /* t2[ij] = a[ij], converted */
    {
        float *const t2 = (float *)workspace;
        for (long j = 0; j < 1536; j++)
            t2[j] = half_product_half_to_float(a[j]);
    }
    /* t3[k j] = b[k j], converted */
    {
        float *const t3 = (float *)((char *)workspace + 6144);
        for (long i = 0; i < 40; i++) {
            for (long j = 0; j < 32; j++)
                t3[48 * i + j] = half_product_half_to_float(b[i + 40 * j]);
        }
        for (long i = 0; i < 40; i++) {
            for (long j = 0; j < 16; j++)
                t3[48 * i + j + 32] = half_product_half_to_float(b[i + 40 * j + 1280]);
        }
    }
    /* t4[i k] = sum over j of t2[i j] * t3[k j] */
    {
        float *const t2 = (float *)workspace;
        float *const t3 = (float *)((char *)workspace + 6144);
        float *const t4 = (float *)((char *)workspace + 13824);
        for (long i = 0; i < 32; i++) {
            float s[4];
            for (long i2 = 0; i2 < 36; i2 += 4) {
                half_product_dot4_product_uu_f32(t2 + 48 * i, t3 + 48 * i2, s);
                for (long r = 0; r < 4; r++)
                    t4[40 * i + i2 + r] = s[r];
            }
            half_product_dot4_product_uu_f32(t2 + 48 * i, t3 + 1728, s);
            for (long r = 0; r < 4; r++)
                t4[40 * i + r + 36] = s[r];
        }
    }
    /* out[ik] = t4[ik], converted */
    {
        float *const t4 = (float *)((char *)workspace + 13824);
        for (long j = 0; j < 1280; j++)
            out[j] = half_product_float_to_half(t4[j]);
    }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

size_t half_product_workspace_size(void);

/* The bytes of workspace that a call needs. */
size_t half_product_workspace_size(void)
{
    return 34304;
}
