#include "einsum_kernels.h"
void *es_kernel_lookup(const char *name) { return 0; }
