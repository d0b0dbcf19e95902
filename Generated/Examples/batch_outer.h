/* bij,k->bijk   float32   b=8 i=32 j=32 k=64
 *
 *   a    [8][32][32]           32 KiB
 *   b    [64]                  256 bytes
 *   out  [8][32][32][64]       2 MiB
 */
#ifndef EINSUMC_BATCH_OUTER_H
#define EINSUMC_BATCH_OUTER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void batch_outer(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t batch_outer_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
