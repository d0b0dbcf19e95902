#define _GNU_SOURCE
#include "tcc_hooks.h"

#include "einsum_runtime.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

jmp_buf *es_tcc_exit_target;

/* Data that code compiled without -fPIC refers to must be in the same library; hence also these. */
ES_HIDDEN FILE *es_tcc_stdout;
ES_HIDDEN FILE *es_tcc_stderr;
static char *no_environment[] = {NULL};
ES_HIDDEN char **es_tcc_environ = no_environment;

/* The bounds of the section, made by the linker; absent unless the archive was prepared. */
extern ES_HIDDEN char __start_es_tcc_state[] __attribute__((weak));
extern ES_HIDDEN char __stop_es_tcc_state[] __attribute__((weak));

static void *state_at_load;

bool es_tcc_is_contained(void) {
  return __start_es_tcc_state != NULL;
}

static size_t state_bytes(void) {
  return es_tcc_is_contained() ? (size_t)(__stop_es_tcc_state - __start_es_tcc_state) : 0;
}

void es_tcc_hooks_prepare(void) {
  es_tcc_stdout = stdout;
  es_tcc_stderr = stderr;
  if (state_bytes() > 0) state_at_load = malloc(state_bytes());
  if (state_at_load) memcpy(state_at_load, __start_es_tcc_state, state_bytes());
}

void es_tcc_hooks_reset(void) {
  if (state_at_load) memcpy(__start_es_tcc_state, state_at_load, state_bytes());
}

/* libtcc gives up (no memory, a bad option): return to the compile that is running, whose state is then
 * lost. */
ES_HIDDEN _Noreturn void es_tcc_exit(int status) {
  if (es_tcc_exit_target) longjmp(*es_tcc_exit_target, 1);
  exit(status);
}

/* libtcc would make the code writable and executable at once; code_memory.c does it properly. */
ES_HIDDEN int es_tcc_mprotect(void *address, size_t bytes, int protection) {
  (void)address, (void)bytes, (void)protection;
  return 0;
}

/* libtcc's own semaphore would stay taken for ever after a contained exit; the lock in tcc.c covers more
 * anyway. */
ES_HIDDEN int es_tcc_sem_init(sem_t *semaphore, int shared, unsigned value) {
  (void)semaphore, (void)shared, (void)value;
  return 0;
}

ES_HIDDEN int es_tcc_sem_wait(sem_t *semaphore) {
  (void)semaphore;
  return 0;
}

ES_HIDDEN int es_tcc_sem_post(sem_t *semaphore) {
  (void)semaphore;
  return 0;
}
