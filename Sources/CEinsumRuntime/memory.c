/* Aligned memory, on huge pages where blocks are big enough to gain from them. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 2 << 20 };

void *es_aligned_alloc(size_t bytes, size_t alignment) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) return NULL;
  if (alignment < sizeof(void *)) alignment = sizeof(void *);
  const bool huge = bytes >= ES_HUGE_BLOCK_BYTES;
  if (huge && alignment < HUGE_PAGE_BYTES) alignment = HUGE_PAGE_BYTES;
  /* Whole huge pages, so that the last one is ours too and the kernel may back it. */
  const size_t unit = huge ? HUGE_PAGE_BYTES : 1;
  if (bytes > SIZE_MAX / 2 - unit) return NULL;
  const size_t whole = (bytes + unit - 1) / unit * unit;

  void *block = NULL;
  if (posix_memalign(&block, alignment, whole ? whole : 1) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  /* Advice: where it is refused the block still works, on small pages. */
  if (huge) (void)madvise(block, whole, MADV_HUGEPAGE);
#endif
  return block;
}

void es_aligned_free(void *block) {
  free(block);
}
