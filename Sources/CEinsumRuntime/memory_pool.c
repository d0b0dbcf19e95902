/* Big blocks that were given back and wait to be used again: their pages are there already. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

/* Sizes are rounded so that blocks fit again, and blocks on huge pages have whole ones. */
enum { SMALL_UNIT = 64 << 10, HUGE_UNIT = 2 << 20, MOST_BLOCKS = 64 };

struct spare {
  void *block;
  size_t bytes;
};

/* The spare blocks, the one given back longest ago first. Guarded by the lock. */
static struct spare spares[MOST_BLOCKS];
static int spare_count;
static size_t spare_bytes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A fork keeps the spare blocks in both processes; nobody may be changing the list meanwhile. */
static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }
static void prepare(void) { (void)pthread_atfork(before_fork, after_fork, after_fork); }

/* The most bytes that wait: an eighth of the machine's memory, at most 1 GiB. */
static size_t limit(void) {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  const size_t most = (size_t)1 << 30;
  if (pages <= 0 || page <= 0) return most / 4;
  const size_t share = (size_t)pages / 8 * (size_t)page;
  return share < most ? share : most;
}

static struct spare take(int index) {
  const struct spare taken = spares[index];
  spare_count--;
  spare_bytes -= taken.bytes;
  for (int i = index; i < spare_count; i++) spares[i] = spares[i + 1];
  return taken;
}

void *es_pool_take(size_t bytes, size_t *capacity) {
  *capacity = bytes;
  if (bytes < ES_POOL_BLOCK_BYTES) return es_aligned_alloc(bytes, 64);
  const size_t unit = bytes >= ES_HUGE_BLOCK_BYTES ? HUGE_UNIT : SMALL_UNIT;
  if (bytes > SIZE_MAX / 2 - unit) return NULL;
  const size_t whole = (bytes + unit - 1) / unit * unit;
  (void)pthread_once(&once, prepare);

  pthread_mutex_lock(&lock);
  int best = -1;
  for (int i = 0; i < spare_count; i++) {
    const size_t size = spares[i].bytes;
    const bool fits = size >= whole && size - whole <= whole / 4;
    /* Among equals the last, whose pages may still be in a cache. */
    if (fits && (best < 0 || size <= spares[best].bytes)) best = i;
  }
  const struct spare found = best >= 0 ? take(best) : (struct spare){NULL, 0};
  pthread_mutex_unlock(&lock);
  if (found.block) {
    *capacity = found.bytes;
    return found.block;
  }

  *capacity = whole;
  void *block = es_aligned_alloc(whole, 64);
  if (block) return block;
  es_pool_trim(0);
  return es_aligned_alloc(whole, 64);
}

void es_pool_give(void *block, size_t capacity) {
  if (!block) return;
  /* The limit is asked for where it matters only: that is a system call. */
  const size_t most = capacity < ES_POOL_BLOCK_BYTES ? 0 : limit();
  if (capacity > most) {
    es_aligned_free(block);
    return;
  }
  (void)pthread_once(&once, prepare);
  void *gone[MOST_BLOCKS];
  int gone_count = 0;
  pthread_mutex_lock(&lock);
  while (spare_count == MOST_BLOCKS || spare_bytes > most - capacity) gone[gone_count++] = take(0).block;
  spares[spare_count++] = (struct spare){block, capacity};
  spare_bytes += capacity;
  pthread_mutex_unlock(&lock);
  while (gone_count > 0) es_aligned_free(gone[--gone_count]);
}

void es_pool_trim(size_t keep) {
  void *gone[MOST_BLOCKS];
  int gone_count = 0;
  pthread_mutex_lock(&lock);
  while (spare_count > 0 && spare_bytes > keep) gone[gone_count++] = take(0).block;
  pthread_mutex_unlock(&lock);
  while (gone_count > 0) es_aligned_free(gone[--gone_count]);
}

size_t es_pool_bytes(void) {
  pthread_mutex_lock(&lock);
  const size_t bytes = spare_bytes;
  pthread_mutex_unlock(&lock);
  return bytes;
}
