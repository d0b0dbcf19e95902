/* abc,aib,bjd->cijd   float64   a=16 b=16 c=16 i=2 j=2 d=16
 *
 *   a    [16][16][16]          32 KiB
 *   b    [16][2][16]           4 KiB
 *   c    [16][2][16]           4 KiB
 *   out  [16][2][2][16]        8 KiB
 */
#ifndef EINSUMC_TENSOR_NETWORK_H
#define EINSUMC_TENSOR_NETWORK_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void tensor_network(const double *EINSUMC_RESTRICT a, const double *EINSUMC_RESTRICT b,
        const double *EINSUMC_RESTRICT c, double *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t tensor_network_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
