/* bij,bjk->bik   float32   b=1000 i=4 j=4 k=4
 *
 *   a    [1000][4][4]          62.5 KiB
 *   b    [1000][4][4]          62.5 KiB
 *   out  [1000][4][4]          62.5 KiB
 */
#ifndef EINSUMC_BATCHED_PRODUCTS_H
#define EINSUMC_BATCHED_PRODUCTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void batched_products(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t batched_products_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
