/* ijk->kji   float32   i=64 j=48 k=40
 *
 *   a    [64][48][40]          480 KiB
 *   out  [40][48][64]          480 KiB
 */
#ifndef EINSUMC_TRANSPOSE_H
#define EINSUMC_TRANSPOSE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void transpose(const float *EINSUMC_RESTRICT a, float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t transpose_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
