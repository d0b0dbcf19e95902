/* bvw,bwf->bvf   float32   b=4 v=60 w=60 f=32
 *
 *   a    [4][60][60]           56.3 KiB
 *   b    [4][60][32]           30 KiB
 *   out  [4][60][32]           30 KiB
 */
#ifndef EINSUMC_GRAPH_AGGREGATION_H
#define EINSUMC_GRAPH_AGGREGATION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void graph_aggregation(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t graph_aggregation_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
