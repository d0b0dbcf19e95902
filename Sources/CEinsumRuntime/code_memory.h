/* Memory for generated code: written first, executable afterwards, never both at once. */
#ifndef ES_CODE_MEMORY_H
#define ES_CODE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Whole pages of their own, so that freeing one kernel gives back all it used. */
typedef struct es_code_memory {
  void *base;
  size_t bytes;
} es_code_memory;

/* Maps at least `bytes` writable bytes; false if there is no memory. */
bool es_code_memory_map(es_code_memory *memory, size_t bytes);

/* Makes the memory readable and executable, at the same address and with the same contents.
 *
 * Where the system forbids written pages to become executable (PR_SET_MDWE, SELinux), a sealed memory file
 * with the same bytes takes their place, since that mapping never was writable. False where even that is
 * refused. */
bool es_code_memory_seal(const es_code_memory *memory);

void es_code_memory_unmap(const es_code_memory *memory);

/* Whether this process may make a page writable and executable at once, which libtcc's own code does unless
 * the archive was prepared. */
bool es_code_memory_may_be_writable_code(void);

#endif
