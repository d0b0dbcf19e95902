/* bchw,c->bhw   float32   b=2 c=16 h=32 w=32
 *
 *   a    [2][16][32][32]       128 KiB
 *   b    [16]                  64 bytes
 *   out  [2][32][32]           8 KiB
 */
#ifndef EINSUMC_WEIGHTED_CHANNELS_H
#define EINSUMC_WEIGHTED_CHANNELS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define EINSUMC_RESTRICT
#else
#define EINSUMC_RESTRICT restrict
#endif

void weighted_channels(const float *EINSUMC_RESTRICT a, const float *EINSUMC_RESTRICT b,
        float *EINSUMC_RESTRICT out);

/* The bytes of workspace that a call needs. */
size_t weighted_channels_workspace_size(void);

#undef EINSUMC_RESTRICT
#ifdef __cplusplus
}
#endif

#endif
