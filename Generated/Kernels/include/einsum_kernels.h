void *es_kernel_lookup(const char *name);
