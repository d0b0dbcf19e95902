/* A pool of threads that run one compiled function together.
 *
 * One call has the pool at a time; a call that finds it taken runs on its own thread, so that concurrent callers
 * never start more threads than there are CPUs for. Threads are started when first asked for and then kept. They
 * wait for work by spinning for some microseconds, then asleep. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

enum {
  MOST_THREADS = 1024,
  /* Rounds of spinning, each some ten nanoseconds or more. */
  SPIN_ROUNDS = 2000,
  STACK_BYTES = 1 << 20,
  /* A job's word holds its number and, in the low bits, its threads. */
  THREAD_BITS = 16,
};

/* What the threads of a call share. */
struct team {
  atomic_long arrived;
  atomic_ulong phase;
  long threads;
  /* With more threads than CPUs, a thread that spins keeps a CPU from one that it waits for. */
  bool sleeps;
};

/* The call that has the pool. Only its threads read this, and it stays until all of them are done. */
struct job {
  es_entry entry;
  const void *const *operands;
  void *output, *workspace;
  fenv_t environment;
  struct team team;
};

static struct {
  /* Whoever holds it has the pool. */
  pthread_mutex_t taken;
  /* For sleeping: until there is a job, and at a barrier. */
  pthread_mutex_t lock;
  pthread_cond_t wake, passed;
  atomic_long sleepers;
  /* The word of the latest job. */
  atomic_ullong word;
  /* Threads of the job, other than the caller's, that are still at it. */
  atomic_long busy;
  /* Threads started so far; the caller is number 0 and not counted. */
  long started;
  /* The word before the first job of the threads started last. They read it during that job, so it holds still. */
  unsigned long long first_word;
  struct job job;
} pool = {
    .taken = PTHREAD_MUTEX_INITIALIZER,
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .wake = PTHREAD_COND_INITIALIZER,
    .passed = PTHREAD_COND_INITIALIZER,
};

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void sleep_at_barrier(struct team *team) {
  pthread_mutex_lock(&pool.lock);
  const unsigned long phase = team->phase;
  if (++team->arrived == team->threads) {
    team->arrived = 0;
    team->phase = phase + 1;
    pthread_cond_broadcast(&pool.passed);
  }
  while (team->phase == phase) pthread_cond_wait(&pool.passed, &pool.lock);
  pthread_mutex_unlock(&pool.lock);
}

void es_stream_end(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#else
  atomic_thread_fence(memory_order_seq_cst);
#endif
}

void es_barrier(void *opaque) {
  struct team *const team = opaque;
  if (!team) return;
  if (team->sleeps) {
    sleep_at_barrier(team);
    return;
  }
  const unsigned long phase = atomic_load_explicit(&team->phase, memory_order_acquire);
  if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == team->threads) {
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&team->phase, phase + 1, memory_order_release);
    return;
  }
  for (long round = 0; atomic_load_explicit(&team->phase, memory_order_acquire) == phase; round++) {
    /* Other work on the machine may have taken the CPU of the last to come. */
    if (round < SPIN_ROUNDS) relax();
    else sched_yield();
  }
}

/* The threads of the job with this word. */
static long threads_of(unsigned long long word) { return (long)(word & ((1ull << THREAD_BITS) - 1)); }

/* Waits until there is a job for the thread of this number, and another than the one with the word `seen`. */
static unsigned long long next_word(long number, unsigned long long seen) {
  for (long round = 0; round < SPIN_ROUNDS; round++) {
    const unsigned long long word = atomic_load_explicit(&pool.word, memory_order_acquire);
    if (word != seen && number < threads_of(word)) return word;
    relax();
  }
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add(&pool.sleepers, 1);
  unsigned long long word;
  while ((word = atomic_load(&pool.word)) == seen || number >= threads_of(word)) {
    pthread_cond_wait(&pool.wake, &pool.lock);
  }
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.lock);
  return word;
}

static void *work(void *argument) {
  const long number = (long)(intptr_t)argument;
  unsigned long long seen = pool.first_word;
  for (;;) {
    seen = next_word(number, seen);
    struct job *const job = &pool.job;
    fesetenv(&job->environment);
    job->entry(job->operands, job->output, job->workspace, number, threads_of(seen), &job->team);
    atomic_fetch_sub_explicit(&pool.busy, 1, memory_order_acq_rel);
  }
  return NULL;
}

/* In a child process only the thread that forked goes on: the pool is empty, and free. */
static void empty_pool(void) {
  pthread_mutex_init(&pool.taken, NULL);
  pthread_mutex_init(&pool.lock, NULL);
  pthread_cond_init(&pool.wake, NULL);
  pthread_cond_init(&pool.passed, NULL);
  atomic_store(&pool.sleepers, 0);
  atomic_store(&pool.busy, 0);
  pool.started = 0;
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, empty_pool); }

/* Starts threads up to this number, the caller counted; returns how many there are now. */
static long start_threads(long threads) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_forks);
  if (pool.started + 1 >= threads) return threads;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return pool.started + 1;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pool.first_word = atomic_load(&pool.word);
  /* Signals are for the threads of the program. */
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  while (pool.started + 1 < threads) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, work, (void *)(intptr_t)(pool.started + 1)) != 0) break;
    pool.started++;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pthread_attr_destroy(&attributes);
  return pool.started + 1;
}

void es_team_run(
    es_entry entry, const void *const *operands, void *output, void *workspace, long threads) {
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  if (threads < 2 || pthread_mutex_trylock(&pool.taken) != 0) {
    entry(operands, output, workspace, 0, 1, NULL);
    return;
  }
  threads = start_threads(threads);
  if (threads < 2) {
    pthread_mutex_unlock(&pool.taken);
    entry(operands, output, workspace, 0, 1, NULL);
    return;
  }
  struct job *const job = &pool.job;
  job->entry = entry;
  job->operands = operands;
  job->output = output;
  job->workspace = workspace;
  fegetenv(&job->environment);
  atomic_store_explicit(&job->team.arrived, 0, memory_order_relaxed);
  job->team.threads = threads;
  job->team.sleeps = threads > es_cpu().core_count;
  atomic_store_explicit(&pool.busy, threads - 1, memory_order_relaxed);
  const unsigned long long number = (atomic_load(&pool.word) >> THREAD_BITS) + 1;
  atomic_store(&pool.word, number << THREAD_BITS | (unsigned long long)threads);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.lock);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
  }
  entry(operands, output, workspace, 0, threads, &job->team);
  for (long round = 0; atomic_load_explicit(&pool.busy, memory_order_acquire) != 0; round++) {
    if (round < SPIN_ROUNDS) relax();
    else sched_yield();
  }
  pthread_mutex_unlock(&pool.taken);
}
