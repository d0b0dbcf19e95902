/* ij,jk->ik   float16   i=32 j=48 k=40
 *
 *   a    [32][48]             (bits of float16)  3 KiB
 *   b    [48][40]             (bits of float16)  3.8 KiB
 *   out  [32][40]             (bits of float16)  2.5 KiB
 */
#ifndef EINSUMC_HALF_PRODUCT_H
#define EINSUMC_HALF_PRODUCT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void half_product(const unsigned short *EINSUMC_RESTRICT a, const unsigned short *EINSUMC_RESTRICT b,
        unsigned short *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t half_product_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
