/* ii->i   int32   i=100
 *
 *   a    [100][100]            39.1 KiB
 *   out  [100]                 400 bytes
 */
#ifndef EINSUMC_DIAGONAL_H
#define EINSUMC_DIAGONAL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void diagonal(const int *EINSUMC_RESTRICT a, int *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t diagonal_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
