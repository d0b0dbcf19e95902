/* Measures what bounds any kernel on this machine: arithmetic on registers alone, and memory bandwidth. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHAINS = 12, ROUNDS = 1000000 };

static volatile double sink; /* keeps results alive */

/* What one thread works on: parts of three arrays, of so many bytes. */
typedef struct share {
  float *x, *y, *z;
  long bytes;
} share;

typedef double (*loop)(share);

/* Keeps compilers from calling memcpy and memset in place of a loop. */
#if defined(__clang__)
#define PLAIN_LOOPS __attribute__((no_builtin("memcpy", "memmove", "memset")))
#else
#define PLAIN_LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

#if defined(__has_builtin)
#if __has_builtin(__builtin_nontemporal_store)
#define HAS_STREAMS 1
#endif
#endif
#ifndef HAS_STREAMS
#define HAS_STREAMS 0
#endif

#define VECTOR_BYTES 16
#define NAMED(name) name##_16
#include "limits_loops.h"
#undef VECTOR_BYTES
#undef NAMED

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"), min_vector_width(256))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define VECTOR_BYTES 32
#define NAMED(name) name##_32
#include "limits_loops.h"
#undef VECTOR_BYTES
#undef NAMED
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,fma"), min_vector_width(512))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,fma")
#endif
#define VECTOR_BYTES 64
#define NAMED(name) name##_64
#include "limits_loops.h"
#undef VECTOR_BYTES
#undef NAMED
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

static const loop *loops_for(int vector_bytes) {
#if defined(__x86_64__)
  if (vector_bytes == 64) return loops_64;
  if (vector_bytes == 32) return loops_32;
#endif
  return loops_16;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* What the threads have in common. `work` has an entry for each; `is_over` is written by the first between two
 * barriers. */
typedef struct team {
  const loop *loops;
  double seconds;
  int thread_count;
  bool is_over, is_cancelled;
  double *work;
  double *best;
  pthread_barrier_t barrier;
  pthread_mutex_t gate; /* held until all threads are there, or one could not be had */
} team;

typedef struct member {
  team *team;
  int index;
  share share;
} member;

static void *run(void *argument) {
  member *me = argument;
  team *team = me->team;
  pthread_mutex_lock(&team->gate);
  const bool is_cancelled = team->is_cancelled;
  pthread_mutex_unlock(&team->gate);
  if (is_cancelled) return NULL;
  for (int limit = 0; limit < ES_LIMIT_COUNT; limit++) {
    if (team->loops[limit] == NULL) continue;
    double spent = 0;
    do {
      pthread_barrier_wait(&team->barrier);
      const double start = now();
      team->work[me->index] = team->loops[limit](me->share);
      pthread_barrier_wait(&team->barrier);
      if (me->index == 0) {
        const double took = now() - start;
        double total = 0;
        for (int i = 0; i < team->thread_count; i++) total += team->work[i];
        if (total / took > team->best[limit]) team->best[limit] = total / took;
        spent += took;
        team->is_over = spent >= team->seconds;
      }
      pthread_barrier_wait(&team->barrier);
    } while (!team->is_over);
  }
  return NULL;
}

/* Runs the loops on members that are filled in; the caller is the first. */
static bool run_team(team *team, member *members, pthread_t *handles) {
  int started = 1;
  pthread_mutex_lock(&team->gate);
  while (started < team->thread_count &&
         pthread_create(&handles[started], NULL, run, &members[started]) == 0)
    started++;
  team->is_cancelled = started < team->thread_count;
  pthread_mutex_unlock(&team->gate);
  run(&members[0]);
  for (int i = 1; i < started; i++) pthread_join(handles[i], NULL);
  return !team->is_cancelled;
}

/* Memory with every page touched. */
static float *make_array(size_t bytes) {
  float *array = es_aligned_alloc(bytes, 64);
  if (array == NULL) return NULL;
  for (size_t i = 0; i < bytes / sizeof(float); i++) array[i] = 1;
  return array;
}

bool es_measure_limits(int vector_bytes, int thread_count, size_t array_bytes, double seconds,
                       double *best) {
  if (thread_count < 1 || thread_count > 4096) return false;
  memset(best, 0, ES_LIMIT_COUNT * sizeof *best);
  /* Each thread's part is whole vectors, eight times as many as streams are read. */
  const size_t part = array_bytes / (size_t)thread_count / 512 * 512;
  team team = {
    .loops = loops_for(vector_bytes), .seconds = seconds, .thread_count = thread_count, .best = best,
    .gate = PTHREAD_MUTEX_INITIALIZER,
  };
  float *arrays[3];
  for (int i = 0; i < 3; i++) arrays[i] = make_array(part * (size_t)thread_count);
  member *members = calloc((size_t)thread_count, sizeof *members);
  pthread_t *handles = calloc((size_t)thread_count, sizeof *handles);
  team.work = calloc((size_t)thread_count, sizeof *team.work);
  bool is_done = arrays[0] && arrays[1] && arrays[2] && members && handles && team.work &&
                 pthread_barrier_init(&team.barrier, NULL, (unsigned)thread_count) == 0;
  if (is_done) {
    for (int i = 0; i < thread_count; i++) {
      const size_t at = (size_t)i * part / sizeof(float);
      members[i] = (member){&team, i, {arrays[0] + at, arrays[1] + at, arrays[2] + at, (long)part}};
    }
    is_done = run_team(&team, members, handles);
    pthread_barrier_destroy(&team.barrier);
  }
  for (int i = 0; i < 3; i++) es_aligned_free(arrays[i]);
  free(members);
  free(handles);
  free(team.work);
  return is_done;
}
