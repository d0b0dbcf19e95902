/* Many threads that compile and run at once, while the process forks again and again. POSIX.
 *
 * Each child compiles and runs, small and large, and has to be done within a minute. Ends with 1 if a result was
 * wrong or a child was not right. */
#define _POSIX_C_SOURCE 200809L
#include <einsum.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 6, FORKS = 40, LARGE = 192, PATIENCE_SECONDS = 60 };

static atomic_bool is_over, is_wrong;
static atomic_long calls;
static einsum_kernel *shared;

static float a[LARGE][LARGE], b[LARGE][LARGE];

static int is_product(float (*c)[LARGE]) {
  for (int i = 0; i < LARGE; i += 37) {
    for (int k = 0; k < LARGE; k += 41) {
      float sum = 0;
      for (int j = 0; j < LARGE; j++) sum += a[i][j] * b[j][k];
      if (c[i][k] != sum) return 0;
    }
  }
  return 1;
}

/* One call of the kernel that all threads share: large enough for several threads of its own. */
static int run_shared(float (*c)[LARGE]) {
  const void *const data[] = {a, b};
  return einsum_run(shared, data, c, NULL) == EINSUM_OK && is_product(c);
}

/* Compiles an outer product of some size and runs it. */
static int compile_and_run(int64_t size) {
  float x[64], y[64], z[64 * 64];
  for (int i = 0; i < 64; i++) x[i] = (float)i, y[i] = (float)(i % 7);
  const einsum_tensor operands[] = {
    {EINSUM_FLOAT32, 1, &size, NULL, 0, 0}, {EINSUM_FLOAT32, 1, &size, NULL, 0, 0}};
  einsum_kernel *kernel;
  if (einsum_compile("i,j->ji", 2, operands, NULL, NULL, &kernel) != EINSUM_OK) return 0;
  const void *const data[] = {x, y};
  int good = einsum_run(kernel, data, z, NULL) == EINSUM_OK;
  for (int64_t j = 0; j < size; j++) {
    for (int64_t i = 0; i < size; i++) good &= z[j * size + i] == x[i] * y[j];
  }
  good &= einsum_explain(kernel, EINSUM_STAGE_PLAN) != NULL;
  einsum_release(kernel);
  return good;
}

/* An error, whose text must be this thread's own. */
static int fail_and_read(int64_t extent) {
  const int64_t other = extent + 1;
  const einsum_tensor operands[] = {
    {EINSUM_FLOAT32, 1, &extent, NULL, 0, 0}, {EINSUM_FLOAT32, 1, &other, NULL, 0, 0}};
  einsum_kernel *kernel;
  char expected[128];
  snprintf(
    expected, sizeof expected, "index 'i' has extent %d in operand 0 and %d in operand 1", (int)extent,
    (int)other);
  if (einsum_compile("i,i", 2, operands, NULL, NULL, &kernel) != EINSUM_ERROR_MISMATCH) return 0;
  for (const char *e = expected, *g = einsum_error_summary(); *e || *g; e++, g++) {
    if (*e != *g) return 0;
  }
  return 1;
}

static void *work(void *argument) {
  const int number = (int)(intptr_t)argument;
  float (*c)[LARGE] = malloc(sizeof a);
  for (int round = 0; !is_over; round++) {
    const int good = run_shared(c) && compile_and_run(1 + (round * 7 + number) % 64) && fail_and_read(2 + number);
    if (!good) is_wrong = 1;
    if (round % 16 == number) einsum_clear_cache();
    calls++;
  }
  free(c);
  return NULL;
}

/* What a child does; `exit` runs the handlers that a normal end runs. */
static void live_as_child(void) {
  alarm(PATIENCE_SECONDS);
  float (*c)[LARGE] = malloc(sizeof a);
  const int good = run_shared(c) && compile_and_run(33) && compile_and_run(64) && fail_and_read(5);
  free(c);
  exit(good ? 0 : 1);
}

int main(void) {
  for (int i = 0; i < LARGE * LARGE; i++) (&a[0][0])[i] = (float)(i % 5 - 2), (&b[0][0])[i] = (float)(i % 7 - 3);
  const int64_t shape[] = {LARGE, LARGE};
  const einsum_tensor operands[] = {
    {EINSUM_FLOAT32, 2, shape, NULL, 0, 0}, {EINSUM_FLOAT32, 2, shape, NULL, 0, 0}};
  if (einsum_compile("ij,jk->ik", 2, operands, NULL, NULL, &shared) != EINSUM_OK) {
    return puts(einsum_error_message()), 1;
  }
  pthread_t threads[THREADS];
  for (intptr_t t = 0; t < THREADS; t++) pthread_create(&threads[t], NULL, work, (void *)t);
  int lost = 0;
  for (int f = 0; f < FORKS; f++) {
    const pid_t child = fork();
    if (child == 0) live_as_child();
    int status = -1;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      printf("child %d ended with %s %d\n", f, WIFSIGNALED(status) ? "signal" : "status",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
      lost++;
    }
  }
  is_over = 1;
  for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
  if (is_wrong) puts("a thread had a wrong result");
  if (calls < THREADS) puts("the threads did nothing");
  einsum_release(shared);
  return lost || is_wrong || calls < THREADS;
}
