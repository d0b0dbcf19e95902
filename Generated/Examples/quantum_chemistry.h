/* aebf,dfce->abcd   float64   a=12 e=10 b=12 f=10 d=12 c=12
 *
 *   a    [12][10][12][10]      112.5 KiB
 *   b    [12][10][12][10]      112.5 KiB
 *   out  [12][12][12][12]      162 KiB
 */
#ifndef EINSUMC_QUANTUM_CHEMISTRY_H
#define EINSUMC_QUANTUM_CHEMISTRY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void quantum_chemistry(const double *EINSUMC_RESTRICT a, const double *EINSUMC_RESTRICT b,
        double *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t quantum_chemistry_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
