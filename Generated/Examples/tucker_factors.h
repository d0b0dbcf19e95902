/* ijk,ia,jb,kc->abc   float32   i=24 j=24 k=24 a=8 b=8 c=8
 *
 *   a    [24][24][24]          54 KiB
 *   b    [24][8]               768 bytes
 *   c    [24][8]               768 bytes
 *   d    [24][8]               768 bytes
 *   out  [8][8][8]             2 KiB
 */
#ifndef EINSUMC_TUCKER_FACTORS_H
#define EINSUMC_TUCKER_FACTORS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void tucker_factors(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        const float *EINSUMC_RESTRICT c, const float *EINSUMC_RESTRICT d, float *EINSUMC_RESTRICT out,
        void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t tucker_factors_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
