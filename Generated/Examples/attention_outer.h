/* ijk,il->ijkl   float32   i=32 j=128 k=64 l=64
 *
 *   a    [32][128][64]         1 MiB
 *   b    [32][64]              8 KiB
 *   out  [32][128][64][64]     64 MiB
 */
#ifndef EINSUMC_ATTENTION_OUTER_H
#define EINSUMC_ATTENTION_OUTER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void attention_outer(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t attention_outer_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
