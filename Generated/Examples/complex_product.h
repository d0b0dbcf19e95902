/* ij,jk->ik   complex64   i=33 j=40 k=29
 *
 *   a    [33][40]              10.3 KiB
 *   b    [40][29]              9.1 KiB
 *   out  [33][29]              7.5 KiB
 */
#ifndef EINSUMC_COMPLEX_PRODUCT_H
#define EINSUMC_COMPLEX_PRODUCT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

#ifndef ES_C64_DEFINED
#define ES_C64_DEFINED
typedef struct { float re, im; } es_c64;
#endif

void complex_product(const es_c64 *EINSUMC_RESTRICT a, const es_c64 *EINSUMC_RESTRICT b,
        es_c64 *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t complex_product_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
