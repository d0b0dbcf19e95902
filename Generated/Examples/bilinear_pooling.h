/* bn,anm,bm->ba   float32   b=32 n=48 a=24 m=40
 *
 *   a    [32][48]              6 KiB
 *   b    [24][48][40]          180 KiB
 *   c    [32][40]              5 KiB
 *   out  [32][24]              3 KiB
 */
#ifndef EINSUMC_BILINEAR_POOLING_H
#define EINSUMC_BILINEAR_POOLING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void bilinear_pooling(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        const float *EINSUMC_RESTRICT c, float *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t bilinear_pooling_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
