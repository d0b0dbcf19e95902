/* A batch of matrix products, c[b] = a[b] * b[b], with the C interface of einsumc.
 *
 *   cc example.c $(pkg-config --cflags --libs einsum) -o example */
#include <einsum.h>

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 8, ROWS = 64, INNER = 32, COLUMNS = 48 };

static float a[BATCH][ROWS][INNER], b[BATCH][INNER][COLUMNS], c[BATCH][ROWS][COLUMNS];

static void check(einsum_status status) {
  if (status == EINSUM_OK) return;
  fprintf(stderr, "%s\n", einsum_error_message());
  exit(1);
}

int main(void) {
  for (size_t i = 0; i < sizeof a / sizeof a[0][0][0]; i++) (&a[0][0][0])[i] = (float)(i % 5);
  for (size_t i = 0; i < sizeof b / sizeof b[0][0][0]; i++) (&b[0][0][0])[i] = (float)(i % 7);

  /* What the operands are like: types, shapes, and NULL for strides in C order. */
  const int64_t shape_a[] = {BATCH, ROWS, INNER}, shape_b[] = {BATCH, INNER, COLUMNS};
  const einsum_tensor operands[] = {
    {EINSUM_FLOAT32, 3, shape_a, NULL, 0, 0},
    {EINSUM_FLOAT32, 3, shape_b, NULL, 0, 0},
  };
  einsum_kernel *kernel;
  check(einsum_compile("bij,bjk->bik", 2, operands, NULL, NULL, &kernel));

  /* Compile once, run often, from any thread. */
  const void *const data[] = {a, b};
  check(einsum_run(kernel, data, c, NULL));

  float expected = 0;
  for (int j = 0; j < INNER; j++) expected += a[3][5][j] * b[3][j][7];
  printf("c[3][5][7] = %g, expected %g; %g flop\n", c[3][5][7], expected, einsum_flop_count(kernel));
  einsum_release(kernel);
  return c[3][5][7] == expected ? 0 : 1;
}
