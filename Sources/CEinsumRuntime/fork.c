/* What a fork waits for, in one place, since the order of locks matters. */
#define _GNU_SOURCE
#include "einsum_runtime.h"
#include "tcc_lock.h"

#include <pthread.h>

/* Held by threads at work that must not be cut in the middle, and alone by a fork. Forks go first, so that a
 * stream of work cannot put one off for ever. */
#define WORK_LOCK PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP
static pthread_rwlock_t work_lock = WORK_LOCK;

/* Work first: it takes libtcc's lock itself, and would wait for ever for one that the fork holds. */
static void before_fork(void) {
  pthread_rwlock_wrlock(&work_lock);
  es_tcc_lock();
}

static void after_fork_in_parent(void) {
  es_tcc_unlock();
  pthread_rwlock_unlock(&work_lock);
}

/* The lock names the thread that holds it, which has another number here: it is made anew. */
static void after_fork_in_child(void) {
  es_tcc_unlock();
  work_lock = (pthread_rwlock_t)WORK_LOCK;
}

static void register_handlers(void) {
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void es_fork_prepare(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_handlers);
}

void es_work_begin(void) {
  es_fork_prepare();
  pthread_rwlock_rdlock(&work_lock);
}

void es_work_end(void) {
  pthread_rwlock_unlock(&work_lock);
}
