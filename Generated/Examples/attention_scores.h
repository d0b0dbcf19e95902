/* bqhd,bkhd->bhqk   float32   b=2 q=128 h=8 d=64 k=128
 *
 *   a    [2][128][8][64]       512 KiB
 *   b    [2][128][8][64]       512 KiB
 *   out  [2][8][128][128]      1 MiB
 */
#ifndef EINSUMC_ATTENTION_SCORES_H
#define EINSUMC_ATTENTION_SCORES_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void attention_scores(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t attention_scores_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
