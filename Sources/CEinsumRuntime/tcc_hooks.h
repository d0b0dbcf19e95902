/* What ties the prepared libtcc to this library.
 *
 * The set-up tool renames, in its copy of the archive, each of libtcc's references to `exit`, `mprotect`,
 * `stdout`, `stderr`, `environ`, `sem_init`, `sem_wait` and `sem_post` to the same name with `es_tcc_` in
 * front, and puts all of libtcc's variables into one section, `es_tcc_state`. With the distribution's
 * archive nothing refers to the names here and the section does not exist. All of it is guarded by the lock
 * in tcc.c. */
#ifndef ES_TCC_HOOKS_H
#define ES_TCC_HOOKS_H

#include <setjmp.h>
#include <stdbool.h>

#define ES_HIDDEN __attribute__((visibility("hidden")))

/* Where `es_tcc_exit` jumps; NULL outside a compile. */
extern ES_HIDDEN jmp_buf *es_tcc_exit_target;

/* Called once, before libtcc is first used: remembers its variables as they are at load, and points the
 * renamed streams at the C library's. */
ES_HIDDEN void es_tcc_hooks_prepare(void);

/* Puts libtcc's variables back to what they were at load. After a failed compile they refer to memory that
 * is free again, and an innocent next compile would crash (seen: a label before an error). */
ES_HIDDEN void es_tcc_hooks_reset(void);

#endif
