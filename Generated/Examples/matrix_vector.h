/* ij,j->i   float32   i=500 j=300
 *
 *   a    [500][300]            585.9 KiB
 *   b    [300]                 1.2 KiB
 *   out  [500]                 2 KiB
 */
#ifndef EINSUMC_MATRIX_VECTOR_H
#define EINSUMC_MATRIX_VECTOR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void matrix_vector(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t matrix_vector_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
