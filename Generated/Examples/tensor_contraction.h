/* dabfe,fc->edcba   float32   d=8 a=12 b=8 f=16 e=12 c=8
 *
 *   a    [8][12][8][16][12]    576 KiB
 *   b    [16][8]               512 bytes
 *   out  [12][8][8][8][12]     288 KiB
 */
#ifndef EINSUMC_TENSOR_CONTRACTION_H
#define EINSUMC_TENSOR_CONTRACTION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void tensor_contraction(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t tensor_contraction_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
