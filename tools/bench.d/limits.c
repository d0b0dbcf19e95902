/* Measures what bounds any kernel on this machine: arithmetic on registers alone, and memory bandwidth.
 *
 *   cc -O3 -march=native -fno-tree-loop-distribute-patterns -pthread limits.c -o limits
 *   ./limits THREADS CACHE_BYTES SECONDS
 *
 * Prints one JSON object: GFLOP/s (a fused multiply-add counts two) and GB/s, the best of what fits into SECONDS
 * for each test. THREADS threads start together; all their work counts, until the last is done.
 *
 * Arrays have four times CACHE_BYTES, the size of the last-level cache, and every byte that a loop names counts
 * once: 1 array for read and write, 2 for copy, 3 for triad. "stream" stores bypass the caches; a plain store
 * first reads its cache line, which is not counted. The flag keeps gcc from calling memcpy and memset instead.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#if defined(__SSE2__)
#include <immintrin.h>
#endif

typedef float f32v __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef double f64v __attribute__((vector_size(VECTOR_BYTES), may_alias));

enum { FLOATS = VECTOR_BYTES / 4, DOUBLES = VECTOR_BYTES / 8, ROUNDS = 2000000 };

/* 12 chains hide the latency of two units with four or five cycles each, and fit into 16 registers. They start
 * from different values, else a compiler computes one for all. */
enum { CHAINS = 12 };

static volatile double sink; /* keeps results alive */

/* The share of the arrays that one thread works on. */
typedef struct {
    float *x, *y, *z;
    long vectors;
} Share;

static double multiply_add_f32(Share s)
{
    (void)s;
    f32v chain[CHAINS] = {0}, factor = {0}, term = {0};
    factor += 0.5f;
    term += 1.0f;
    for (int c = 0; c < CHAINS; c++)
        chain[c] += (float)(sink * 0 + c);
    for (long i = 0; i < ROUNDS; i++)
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++)
            chain[c] = chain[c] * factor + term;
    for (int c = 1; c < CHAINS; c++)
        chain[0] += chain[c];
    sink = chain[0][0];
    return 2.0 * FLOATS * CHAINS * ROUNDS;
}

static double multiply_add_f64(Share s)
{
    (void)s;
    f64v chain[CHAINS] = {0}, factor = {0}, term = {0};
    factor += 0.5;
    term += 1.0;
    for (int c = 0; c < CHAINS; c++)
        chain[c] += (double)(sink * 0 + c);
    for (long i = 0; i < ROUNDS; i++)
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++)
            chain[c] = chain[c] * factor + term;
    for (int c = 1; c < CHAINS; c++)
        chain[0] += chain[c];
    sink = chain[0][0];
    return 2.0 * DOUBLES * CHAINS * ROUNDS;
}

/* Eight streams at once: prefetchers then bring more than for one. */
static double read_array(Share s)
{
    const f32v *x = (const f32v *)s.x;
    long part = s.vectors / 8;
    f32v sum[8] = {0};
    for (long i = 0; i < part; i++)
#pragma GCC unroll 8
        for (int c = 0; c < 8; c++)
            sum[c] += x[c * part + i];
    for (int c = 1; c < 8; c++)
        sum[0] += sum[c];
    sink = sum[0][0];
    return 8.0 * VECTOR_BYTES * part;
}

static double write_plain(Share s)
{
    f32v *z = (f32v *)s.z, value = {0};
    value += (float)sink * 0 + 2.0f;
    for (long i = 0; i < s.vectors; i++)
        z[i] = value;
    return 1.0 * VECTOR_BYTES * s.vectors;
}

static double copy_plain(Share s)
{
    f32v *x = (f32v *)s.x, *z = (f32v *)s.z;
    for (long i = 0; i < s.vectors; i++)
        z[i] = x[i];
    return 2.0 * VECTOR_BYTES * s.vectors;
}

static double triad_plain(Share s)
{
    f32v *x = (f32v *)s.x, *y = (f32v *)s.y, *z = (f32v *)s.z;
    for (long i = 0; i < s.vectors; i++)
        z[i] = x[i] + 3.0f * y[i];
    return 3.0 * VECTOR_BYTES * s.vectors;
}

#if defined(__SSE2__)

static inline void stream(f32v *to, f32v value)
{
#if defined(__AVX512F__)
    _mm512_stream_ps((float *)to, (__m512)value);
#elif defined(__AVX__)
    _mm256_stream_ps((float *)to, (__m256)value);
#else
    _mm_stream_ps((float *)to, (__m128)value);
#endif
}

static double write_stream(Share s)
{
    f32v *z = (f32v *)s.z, value = {0};
    value += (float)sink * 0 + 2.0f;
    for (long i = 0; i < s.vectors; i++)
        stream(z + i, value);
    _mm_sfence();
    return 1.0 * VECTOR_BYTES * s.vectors;
}

static double copy_stream(Share s)
{
    f32v *x = (f32v *)s.x, *z = (f32v *)s.z;
    for (long i = 0; i < s.vectors; i++)
        stream(z + i, x[i]);
    _mm_sfence();
    return 2.0 * VECTOR_BYTES * s.vectors;
}

static double triad_stream(Share s)
{
    f32v *x = (f32v *)s.x, *y = (f32v *)s.y, *z = (f32v *)s.z;
    for (long i = 0; i < s.vectors; i++)
        stream(z + i, x[i] + 3.0f * y[i]);
    _mm_sfence();
    return 3.0 * VECTOR_BYTES * s.vectors;
}

#endif

static const struct {
    const char *name;
    double (*run)(Share); /* returns the flops or bytes that it did */
} tests[] = {
    {"fma_f32_gflops", multiply_add_f32},
    {"fma_f64_gflops", multiply_add_f64},
    {"read_gb_per_s", read_array},
    {"write_gb_per_s", write_plain},
    {"copy_gb_per_s", copy_plain},
    {"triad_gb_per_s", triad_plain},
#if defined(__SSE2__)
    {"write_stream_gb_per_s", write_stream},
    {"copy_stream_gb_per_s", copy_stream},
    {"triad_stream_gb_per_s", triad_stream},
#endif
};

enum { TESTS = sizeof tests / sizeof *tests };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* What the threads have in common. `over` is written by the first thread between two barriers. */
static pthread_barrier_t barrier;
static double seconds, work[256], best[TESTS];
static int threads, over;

typedef struct {
    int index;
    Share share;
} Thread;

static void *run_tests(void *argument)
{
    Thread *me = argument;
    for (int t = 0; t < TESTS; t++) {
        double spent = 0;
        do {
            pthread_barrier_wait(&barrier);
            double start = now();
            work[me->index] = tests[t].run(me->share);
            pthread_barrier_wait(&barrier);
            if (me->index == 0) {
                double took = now() - start, total = 0;
                for (int i = 0; i < threads; i++)
                    total += work[i];
                if (total / took > best[t])
                    best[t] = total / took;
                spent += took;
                over = spent >= seconds;
            }
            pthread_barrier_wait(&barrier);
        } while (!over);
    }
    return NULL;
}

/* Memory in huge pages where the system gives them, with every page touched. */
static float *make_array(size_t bytes)
{
    size_t page = (size_t)1 << 21;
    float *array = aligned_alloc(page, (bytes + page - 1) / page * page);
    if (array == NULL) {
        fprintf(stderr, "limits: no memory for an array of %zu bytes\n", bytes);
        exit(1);
    }
#if defined(MADV_HUGEPAGE)
    madvise(array, bytes, MADV_HUGEPAGE);
#endif
    for (size_t i = 0; i < bytes / sizeof(float); i++)
        array[i] = 1;
    return array;
}

int main(int count, char **arguments)
{
    threads = count == 4 ? atoi(arguments[1]) : 0;
    if (threads < 1 || threads > 256) {
        fprintf(stderr, "usage: limits THREADS CACHE_BYTES SECONDS\n");
        return 2;
    }
    long vectors = 4 * atol(arguments[2]) / VECTOR_BYTES / threads; /* of each thread */
    seconds = atof(arguments[3]);

    Share whole = {0};
    size_t bytes = (size_t)vectors * threads * VECTOR_BYTES;
    whole.x = make_array(bytes);
    whole.y = make_array(bytes);
    whole.z = make_array(bytes);

    pthread_barrier_init(&barrier, NULL, threads);
    static Thread team[256];
    static pthread_t handles[256];
    for (int i = 0; i < threads; i++) {
        long at = i * vectors * FLOATS;
        team[i] = (Thread){i, {whole.x + at, whole.y + at, whole.z + at, vectors}};
        if (pthread_create(&handles[i], NULL, run_tests, &team[i]) != 0) {
            fprintf(stderr, "limits: a thread could not be started\n");
            return 1;
        }
    }
    for (int i = 0; i < threads; i++)
        pthread_join(handles[i], NULL);

    printf("{\"threads\": %d, \"vector_bytes\": %d, \"array_bytes\": %zu", threads, VECTOR_BYTES, bytes);
    for (int t = 0; t < TESTS; t++)
        printf(", \"%s\": %.2f", tests[t].name, best[t] / 1e9);
    printf("}\n");
    return 0;
}
