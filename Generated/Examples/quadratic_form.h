/* bi,ij,bj->b   float32   b=64 i=32 j=32
 *
 *   a    [64][32]              8 KiB
 *   b    [32][32]              4 KiB
 *   c    [64][32]              8 KiB
 *   out  [64]                  256 bytes
 */
#ifndef EINSUMC_QUADRATIC_FORM_H
#define EINSUMC_QUADRATIC_FORM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void quadratic_form(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        const float *EINSUMC_RESTRICT c, float *EINSUMC_RESTRICT out, void *EINSUMC_RESTRICT workspace);

/* The bytes of workspace that a call needs. */
size_t quadratic_form_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
