/* ijk,ja,ka->ia   float32   i=40 j=30 k=20 a=16
 *
 *   a    [40][30][20]          93.8 KiB
 *   b    [30][16]              1.9 KiB
 *   c    [20][16]              1.3 KiB
 *   out  [40][16]              2.5 KiB
 */
#ifndef EINSUMC_RECOMMENDER_FACTORS_H
#define EINSUMC_RECOMMENDER_FACTORS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void recommender_factors(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        const float *EINSUMC_RESTRICT c, float *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t recommender_factors_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
