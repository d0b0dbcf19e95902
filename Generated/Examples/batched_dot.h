/* bi,bi->b   float32   b=1000 i=16
 *
 *   a    [1000][16]            62.5 KiB
 *   b    [1000][16]            62.5 KiB
 *   out  [1000]                3.9 KiB
 */
#ifndef EINSUMC_BATCHED_DOT_H
#define EINSUMC_BATCHED_DOT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void batched_dot(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t batched_dot_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
