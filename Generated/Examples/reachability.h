/* ij,jk->ik   bool   i=64 j=64 k=64
 *
 *   a    [64][64]             (0 or 1)  4 KiB
 *   b    [64][64]             (0 or 1)  4 KiB
 *   out  [64][64]             (0 or 1)  4 KiB
 */
#ifndef EINSUMC_REACHABILITY_H
#define EINSUMC_REACHABILITY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void reachability(const unsigned char *EINSUMC_RESTRICT a, const unsigned char *EINSUMC_RESTRICT b,
        unsigned char *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t reachability_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
