/* What einsumc needs from the machine and Swift cannot reach: the CPU's features, aligned memory that the
 * kernel backs with huge pages, threads, and a libtcc that is safe inside a process.
 *
 * Nothing here aborts, exits or prints. Every function may be called from any thread. */
#ifndef EINSUM_RUNTIME_H
#define EINSUM_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define ES_NULLABLE _Nullable
#define ES_NONNULL _Nonnull
#else
#define ES_NULLABLE
#define ES_NONNULL
#endif

/* ---- CPU ----------------------------------------------------------------------------------------------- */

/* The CPU that this process runs on. The texts live as long as the process. */
typedef struct es_cpu_info {
  /* AVX2, FMA, F16C and BMI2, and an operating system that saves 32-byte registers. */
  bool has_avx2;
  /* `has_avx2` with AVX-512 F, BW, DQ and VL, and an operating system that saves 64-byte registers. */
  bool has_avx512;
  /* AMD's Zen 4, whose units take 64-byte vectors in two halves. */
  bool is_zen4;
  /* AVX512-VNNI, where there is the above. */
  bool has_avx512_vnni;
  /* AVX512-BF16, where there is AVX-512. */
  bool has_avx512_bf16;
  /* AMX's tiles and its products of bfloat16, where there is the above, and an operating system that lets this process
   * use the tiles. */
  bool has_amx_bf16;
  /* Logical CPUs this process may use, at least 1. */
  int core_count;
  /* Data cache sizes in bytes. The first two are never 0: where nothing tells, a small common size is
   * given. `l3_bytes` is the whole shared cache, 0 where there is none. */
  size_t l1d_bytes, l2_bytes, l3_bytes;
  /* The maker's name of the model, or the architecture's where there is none. */
  const char *model;
  /* Names of the vector features found, separated by one space, for people to read. */
  const char *features;
} es_cpu_info;

/* Describes the CPU. Detected at the first call; later calls copy the answer. */
es_cpu_info es_cpu(void);

/* ---- Memory -------------------------------------------------------------------------------------------- */

/* Blocks of at least this many bytes start on a huge-page boundary and ask for huge pages. */
enum { ES_HUGE_BLOCK_BYTES = 4 << 20 };

/* Uninitialised memory of at least `bytes` bytes, aligned to `alignment`, a power of two.
 *
 * Touching fresh 4 KiB pages runs several times slower than fresh 2 MiB pages, so big blocks ask for those.
 * NULL when there is no memory, the size overflows or the alignment is no power of two. A size of 0 gives a
 * block that may only be freed. */
void *ES_NULLABLE es_aligned_alloc(size_t bytes, size_t alignment);

/* Gives back what `es_aligned_alloc` returned. NULL is allowed. */
void es_aligned_free(void *ES_NULLABLE block);

/* Blocks of at least this many bytes are kept when they are given back, to be used again. */
enum { ES_POOL_BLOCK_BYTES = 1 << 20 };

/* Memory as of `es_aligned_alloc`, aligned to 64 bytes, of which big blocks are reused: touching fresh pages
 * costs more than most kernels do. At most an eighth of the machine's memory waits, 1 GiB if that is less, and
 * what waited longest goes first. `capacity` is how large the block is, which `es_pool_give` has to be told. A
 * child process after a fork has the waiting blocks too. */
void *ES_NULLABLE es_pool_take(size_t bytes, size_t *capacity);

/* Gives back what `es_pool_take` returned. NULL is allowed. */
void es_pool_give(void *ES_NULLABLE block, size_t capacity);

/* Frees waiting blocks until at most `keep` bytes are left. */
void es_pool_trim(size_t keep);

/* The bytes that wait. */
size_t es_pool_bytes(void);

/* ---- Threads ------------------------------------------------------------------------------------------- */

/* A compiled function. Every thread of a team calls it with the same pointers and its own number. */
typedef void (*es_entry)(
    const void *ES_NULLABLE const *ES_NONNULL operands, void *ES_NULLABLE output, void *ES_NULLABLE workspace,
    long thread, long threads, void *ES_NULLABLE team);

/* Calls a function on up to so many threads at once, the caller's among them, and returns when all are done.
 *
 * Threads are started when first needed and kept. They take over the caller's floating-point modes. There may
 * be fewer than asked for: another call may have the threads at the moment, or the system may refuse more. */
void es_team_run(
    es_entry entry, const void *ES_NULLABLE const *ES_NONNULL operands, void *ES_NULLABLE output,
    void *ES_NULLABLE workspace, long threads);

/* Returns when every thread of the team has called it. Nothing for a NULL team, which is a thread by itself. */
void es_barrier(void *ES_NULLABLE team);

/* Orders the stores past the caches of the calling thread before all its later ones. */
void es_stream_end(void);

/* ---- Limits -------------------------------------------------------------------------------------------- */

/* What can be measured of a machine: fused multiply-adds on registers alone, and memory bandwidth. "Stream"
 * stores bypass the caches; a plain store first reads its cache line, which is not counted. */
enum {
  ES_LIMIT_FMA_F32,
  ES_LIMIT_FMA_F64,
  ES_LIMIT_READ,
  ES_LIMIT_WRITE,
  ES_LIMIT_COPY,
  ES_LIMIT_TRIAD,
  ES_LIMIT_WRITE_STREAM,
  ES_LIMIT_COPY_STREAM,
  ES_LIMIT_TRIAD_STREAM,
  ES_LIMIT_COUNT
};

/* Measures all limits with vectors of 16, 32 (AVX2 and FMA) or 64 (AVX-512) bytes, which the CPU must have; false
 * where there is no memory for three arrays or a thread cannot be started.
 *
 * `best` gets operations (a multiply-add counts two) or bytes in a second, the best of what fits into `seconds`
 * for each limit, and 0 for one that this build cannot measure. `thread_count` threads start together and all
 * their work counts, until the last is done. Arrays should have several times the size of the last cache. */
bool es_measure_limits(int vector_bytes, int thread_count, size_t array_bytes, double seconds,
                       double *best);

/* ---- Forks --------------------------------------------------------------------------------------------- */

/* Marks the begin and end of work during which this process must not fork, because it takes locks that the
 * child could never get: the thread that holds them does not exist there. A fork in another thread waits for
 * the end, and new work for the fork. Not to be nested. */
void es_work_begin(void);
void es_work_end(void);

/* ---- C text to machine code ---------------------------------------------------------------------------- */

/* A name that compiled text may use, and where it is. */
typedef struct es_symbol {
  const char *name;
  const void *address;
} es_symbol;

/* What to compile. */
typedef struct es_tcc_request {
  /* C text without preprocessor directives; '#' is refused anywhere in it. */
  const char *source;
  /* The function in it whose address is wanted. */
  const char *entry;
  /* Everything outside itself that the text may call; memcpy, memmove and memset need not be listed,
   * because libtcc calls them on its own account. */
  const es_symbol *ES_NULLABLE symbols;
  size_t symbol_count;
  /* Replaces libtcc's options. NULL, except in tests. */
  const char *ES_NULLABLE options;
} es_tcc_request;

/* Machine code in memory that can be executed and not written. */
typedef struct es_code {
  /* The requested function. */
  void *ES_NULLABLE entry;
  /* The mapping, whole pages. */
  void *ES_NULLABLE base;
  size_t mapped_bytes;
  /* How much of the mapping the code and its constants fill. */
  size_t code_bytes;
} es_code;

/* Compiles C text with libtcc; true if `code` was filled, which `es_code_free` must then release.
 *
 * Otherwise `message` holds why, cut to `capacity` bytes with the terminating zero, at least 1; any warning
 * counts as an error, since libtcc warns where it generates wrong code. Compiling is serial: one
 * process-wide lock is held for the life of a libtcc state, also across a fork in another thread, so that a
 * child can compile at once. Where the text could nest deeper than the caller's stack allows, a thread with
 * a bigger one does the work. */
bool es_tcc_compile(const es_tcc_request *request, es_code *code, char *message, size_t capacity);

/* Unmaps the code. Nobody may be running it or call it afterwards. */
void es_code_free(es_code *code);

/* Whether the linked libtcc is the archive that the set-up tool prepared, in which `exit` and `mprotect`
 * lead back to this library. With the distribution's archive compiling works too, but libtcc ends the
 * process when it runs out of memory, makes the code writable and executable for a moment, and may be unfit
 * for use after text it rejected. */
bool es_tcc_is_contained(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
