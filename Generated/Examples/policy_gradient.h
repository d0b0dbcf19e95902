/* bta,bta,bt->b   float64   b=16 t=50 a=6
 *
 *   a    [16][50][6]           37.5 KiB
 *   b    [16][50][6]           37.5 KiB
 *   c    [16][50]              6.3 KiB
 *   out  [16]                  128 bytes
 */
#ifndef EINSUMC_POLICY_GRADIENT_H
#define EINSUMC_POLICY_GRADIENT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void policy_gradient(const double *EINSUMC_RESTRICT a, const double *EINSUMC_RESTRICT b,
        const double *EINSUMC_RESTRICT c, double *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t policy_gradient_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
