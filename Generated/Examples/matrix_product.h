/* ij,jk->ik   float64   i=256 j=256 k=256
 *
 *   a    [256][256]            512 KiB
 *   b    [256][256]            512 KiB
 *   out  [256][256]            512 KiB
 */
#ifndef EINSUMC_MATRIX_PRODUCT_H
#define EINSUMC_MATRIX_PRODUCT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void matrix_product(const double *EINSUMC_RESTRICT a, const double *EINSUMC_RESTRICT b,
        double *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t matrix_product_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
