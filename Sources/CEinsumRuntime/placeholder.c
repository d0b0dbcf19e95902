#include "einsum_runtime.h"
int es_placeholder(void){return 0;}
