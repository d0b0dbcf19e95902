/* Every function of einsum.h, used rightly and wrongly. C99. Prints each failure, and ends with 1 if there was one. */
#include <einsum.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition) check(condition, #condition, __LINE__)
static void check(int holds, const char *condition, int line) {
  if (holds) return;
  printf("interface.c:%d: not so: %s\n  last error: %s\n", line, condition, einsum_error_message());
  failures++;
}

/* A shape or a list of strides. */
#define LIST(...) (const int64_t[]){__VA_ARGS__}

static einsum_tensor tensor(einsum_type type, int32_t rank, const int64_t *shape, const int64_t *strides) {
  return (einsum_tensor){.type = type, .rank = rank, .shape = shape, .strides = strides};
}

static einsum_tensor floats(int32_t rank, const int64_t *shape) {
  return tensor(EINSUM_FLOAT32, rank, shape, NULL);
}

/* Compiles what must compile. */
static einsum_kernel *compile(
  const char *equation, size_t count, const einsum_tensor *operands, const einsum_tensor *output,
  const einsum_options *options) {
  einsum_kernel *kernel = NULL;
  CHECK(einsum_compile(equation, count, operands, output, options, &kernel) == EINSUM_OK);
  if (!kernel) exit(1);
  return kernel;
}

/* Compiles what must not. */
static void refuse(
  einsum_status status, const char *code, const char *equation, size_t count, const einsum_tensor *operands,
  const einsum_tensor *output, const einsum_options *options) {
  einsum_kernel *kernel = (einsum_kernel *)&failures;
  CHECK(einsum_compile(equation, count, operands, output, options, &kernel) == status);
  CHECK(kernel == NULL);
  CHECK(strcmp(einsum_error_code(), code) == 0);
}

/* ---- What is right ------------------------------------------------------------------------------------- */

static void check_types(void) {
  static const struct { einsum_type type; const char *name; size_t size; } types[] = {
    {EINSUM_BOOL, "bool", 1}, {EINSUM_INT8, "int8", 1}, {EINSUM_INT16, "int16", 2}, {EINSUM_INT32, "int32", 4},
    {EINSUM_INT64, "int64", 8}, {EINSUM_UINT8, "uint8", 1}, {EINSUM_UINT16, "uint16", 2},
    {EINSUM_UINT32, "uint32", 4}, {EINSUM_UINT64, "uint64", 8}, {EINSUM_FLOAT16, "float16", 2},
    {EINSUM_BFLOAT16, "bfloat16", 2}, {EINSUM_FLOAT32, "float32", 4}, {EINSUM_FLOAT64, "float64", 8},
    {EINSUM_COMPLEX64, "complex64", 8}, {EINSUM_COMPLEX128, "complex128", 16},
  };
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    CHECK(einsum_type_size(types[i].type) == types[i].size);
    CHECK(strcmp(einsum_type_name(types[i].type), types[i].name) == 0);
    einsum_tensor operand = tensor(types[i].type, 1, LIST(2), NULL);
    einsum_kernel *kernel = compile("i->i", 1, &operand, NULL, NULL);
    CHECK(einsum_output_type(kernel) == types[i].type);
    einsum_release(kernel);
  }
  CHECK(einsum_type_size(0) == 0 && einsum_type_size(16) == 0 && einsum_type_size(-1) == 0);
  CHECK(einsum_type_name(0) == NULL && einsum_type_name(16) == NULL && einsum_type_name(INT32_MIN) == NULL);
}

static void check_product(void) {
  const float a[2][3] = {{1, 2, 3}, {4, 5, 6}}, b[3][2] = {{1, 0}, {0, 1}, {1, 1}};
  float c[2][2] = {{-1, -1}, {-1, -1}};
  const einsum_tensor operands[] = {floats(2, LIST(2, 3)), floats(2, LIST(3, 2))};
  einsum_kernel *kernel = compile("ij,jk->ik", 2, operands, NULL, NULL);
  CHECK(einsum_operand_count(kernel) == 2);
  CHECK(einsum_output_type(kernel) == EINSUM_FLOAT32 && einsum_output_rank(kernel) == 2);
  CHECK(einsum_output_shape(kernel)[0] == 2 && einsum_output_shape(kernel)[1] == 2);
  CHECK(einsum_output_strides(kernel)[0] == 2 && einsum_output_strides(kernel)[1] == 1);
  CHECK(einsum_flop_count(kernel) == 24 && einsum_byte_count(kernel) == 64);
  CHECK(einsum_run(kernel, (const void *[]){a, b}, c, NULL) == EINSUM_OK);
  CHECK(c[0][0] == 4 && c[0][1] == 5 && c[1][0] == 10 && c[1][1] == 11);

  /* The same arguments give the same kernel; its references are counted. */
  einsum_kernel *again = compile("ij,jk->ik", 2, operands, NULL, NULL);
  CHECK(again == kernel && einsum_retain(kernel) == kernel);
  einsum_release(again);
  einsum_clear_cache();
  einsum_release(kernel);
  CHECK(einsum_run(kernel, (const void *[]){b, a}, c, NULL) == EINSUM_OK && c[1][1] == 12);
  einsum_release(kernel);
}

static void check_strides(void) {
  /* a is stored backwards and by columns; its pointer is to element (0, 0), the last in memory. */
  const double a[6] = {6, 3, 5, 2, 4, 1}, b[1] = {2};
  double c[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
  const einsum_tensor in_elements[] = {
    tensor(EINSUM_FLOAT64, 2, LIST(2, 3), LIST(-1, -2)),
    tensor(EINSUM_FLOAT64, 1, LIST(3), LIST(0)),
  };
  const einsum_tensor out_elements = tensor(EINSUM_DEFAULT, 2, LIST(3, 2), LIST(1, 4));
  einsum_tensor in_bytes[] = {
    tensor(EINSUM_FLOAT64, 2, LIST(2, 3), LIST(-8, -16)),
    tensor(EINSUM_FLOAT64, 1, LIST(3), LIST(0)),
  };
  einsum_tensor out_bytes = tensor(EINSUM_FLOAT64, 2, LIST(3, 2), LIST(8, 32));
  in_bytes[0].flags = in_bytes[1].flags = out_bytes.flags = EINSUM_BYTE_STRIDES;
  for (int bytes = 0; bytes < 2; bytes++) {
    einsum_kernel *kernel =
      compile("ij,j->ji", 2, bytes ? in_bytes : in_elements, bytes ? &out_bytes : &out_elements, NULL);
    CHECK(einsum_output_strides(kernel)[0] == 1 && einsum_output_strides(kernel)[1] == 4);
    CHECK(einsum_run(kernel, (const void *[]){a + 5, b}, c, NULL) == EINSUM_OK);
    const double expected[8] = {2, 4, 6, -1, 8, 10, 12, -1};
    CHECK(memcmp(c, expected, sizeof c) == 0);
    einsum_release(kernel);
  }
}

static void check_numbers(void) {
  /* Mixed types, conjugates, and a type to accumulate in. */
  const int8_t small[2] = {100, 100};
  const float parts[4] = {1, 2, 3, -1};
  float sum[2];
  int8_t wrapped;
  int64_t wide;
  einsum_tensor operands[] = {tensor(EINSUM_INT8, 1, LIST(2), NULL), tensor(EINSUM_COMPLEX64, 1, LIST(2), NULL)};
  operands[1].flags = EINSUM_CONJUGATE;
  einsum_kernel *kernel = compile("i,i->", 2, operands, NULL, NULL);
  CHECK(einsum_output_type(kernel) == EINSUM_COMPLEX64 && einsum_output_rank(kernel) == 0);
  CHECK(einsum_output_shape(kernel) != NULL && einsum_output_strides(kernel) != NULL);
  CHECK(einsum_run(kernel, (const void *[]){small, parts}, sum, NULL) == EINSUM_OK);
  CHECK(sum[0] == 400 && sum[1] == -100);
  einsum_release(kernel);

  kernel = compile("i->", 1, operands, NULL, NULL);
  CHECK(einsum_run(kernel, (const void *[]){small}, &wrapped, NULL) == EINSUM_OK && wrapped == -56);
  einsum_release(kernel);

  einsum_options options = EINSUM_OPTIONS_INIT;
  options.accumulate = EINSUM_INT64;
  kernel = compile("i->", 1, operands, NULL, &options);
  CHECK(einsum_output_type(kernel) == EINSUM_INT64);
  CHECK(einsum_run(kernel, (const void *[]){small}, &wide, NULL) == EINSUM_OK && wide == 200);
  einsum_release(kernel);
}

static void check_without_elements(void) {
  float c[4] = {1, 1, 1, 1};
  const einsum_tensor operands[] = {floats(2, LIST(2, 0)), floats(2, LIST(0, 2))};
  einsum_kernel *kernel = compile("ij,jk->ik", 2, operands, NULL, NULL);
  CHECK(einsum_run(kernel, (const void *[]){NULL, NULL}, c, NULL) == EINSUM_OK);
  CHECK(c[0] == 0 && c[1] == 0 && c[2] == 0 && c[3] == 0);
  einsum_release(kernel);
  kernel = compile("ij->ij", 1, operands, NULL, NULL);
  CHECK(einsum_run(kernel, (const void *[]){NULL}, NULL, NULL) == EINSUM_OK);
  einsum_release(kernel);
}

static void check_workspace(void) {
  enum { SIZE = 96 };
  static float a[SIZE][SIZE], c[SIZE][SIZE], d[SIZE][SIZE];
  for (int i = 0; i < SIZE * SIZE; i++) (&a[0][0])[i] = (float)(i % 3);
  const einsum_tensor operands[] = {
    floats(2, LIST(SIZE, SIZE)), floats(2, LIST(SIZE, SIZE)), floats(2, LIST(SIZE, SIZE))};
  einsum_kernel *kernel = compile("ij,jk,kl->il", 3, operands, NULL, NULL);
  const void *data[] = {a, a, a};
  const size_t size = einsum_workspace_size(kernel);
  CHECK(size >= sizeof a);
  char *block = malloc(size + EINSUM_WORKSPACE_ALIGNMENT);
  char *workspace = block + EINSUM_WORKSPACE_ALIGNMENT - (uintptr_t)block % EINSUM_WORKSPACE_ALIGNMENT;
  CHECK(einsum_run(kernel, data, c, workspace) == EINSUM_OK);
  CHECK(einsum_run(kernel, data, d, NULL) == EINSUM_OK);
  CHECK(memcmp(c, d, sizeof c) == 0);
  CHECK(einsum_run(kernel, data, d, workspace + 4) == EINSUM_ERROR_ARGUMENT);
  free(block);

  int32_t path[8] = {9, 9, 9, 9, 9, 9, 9, 9};
  CHECK(einsum_path(kernel, NULL, 0) == 6);
  CHECK(einsum_path(kernel, path, 8) == 6);
  CHECK(path[0] == 2 && path[3] == 2 && path[4] == 0 && path[5] == 1 && path[6] == 9);
  path[2] = 9;
  CHECK(einsum_path(kernel, path, 2) == 6 && path[0] == 2 && path[2] == 9);
  CHECK(einsum_path(kernel, path, SIZE_MAX) == 6 && path[5] == 1);
  einsum_release(kernel);

  einsum_options options = EINSUM_OPTIONS_INIT;
  options.memory_limit = size - 1;
  refuse(EINSUM_ERROR_MEMORY, "memory-limit", "ij,jk,kl->il", 3, operands, NULL, &options);
  options.memory_limit = size;
  einsum_release(compile("ij,jk,kl->il", 3, operands, NULL, &options));
}

static void check_overlap(void) {
  /* out[i] = a[i] + 2 of a's row, in place: the output is every second element of a's memory. */
  float a[6] = {1, 10, 2, 20, 3, 30};
  const einsum_tensor operands[] = {tensor(EINSUM_FLOAT32, 1, LIST(6), NULL), floats(1, LIST(3))};
  const einsum_tensor output = tensor(EINSUM_DEFAULT, 1, LIST(3), LIST(2));
  const float ones[3] = {1, 2, 4};
  einsum_kernel *kernel = compile("i,j->j", 2, operands, &output, NULL);
  CHECK(einsum_run(kernel, (const void *[]){a, ones}, a, NULL) == EINSUM_ERROR_OVERLAP);
  CHECK(strcmp(einsum_error_summary(), "the output shares memory with operand 0") == 0);
  CHECK(a[0] == 1 && a[5] == 30);
  einsum_release(kernel);

  einsum_options options = EINSUM_OPTIONS_INIT;
  options.flags = EINSUM_COPY_ON_OVERLAP;
  kernel = compile("i,j->j", 2, operands, &output, &options);
  CHECK(einsum_run(kernel, (const void *[]){a, ones}, a, NULL) == EINSUM_OK);
  const float expected[6] = {66, 10, 132, 20, 264, 30};
  CHECK(memcmp(a, expected, sizeof a) == 0);
  einsum_release(kernel);
}

static void check_texts(void) {
  const einsum_tensor operands[] = {floats(2, LIST(2, 3)), floats(2, LIST(3, 4))};
  einsum_kernel *kernel = compile("ij,jk", 2, operands, NULL, NULL);
  const char *all = einsum_explain(kernel, EINSUM_STAGE_ALL), *source = einsum_c_source(kernel);
  const char *page = einsum_explain(kernel, EINSUM_HTML);
  CHECK(strstr(source, "void") != NULL && strcmp(source, einsum_explain(kernel, EINSUM_STAGE_C)) == 0);
  CHECK(strstr(einsum_explain(kernel, EINSUM_EXPLANATION), "48 flop") != NULL);
  CHECK(strncmp(page, "<!doctype html>", 15) == 0 && strstr(page, "</html>") != NULL);
  for (einsum_text stage = EINSUM_STAGE_EQUATION; stage <= EINSUM_STAGE_C; stage++) {
    const char *text = einsum_explain(kernel, stage);
    CHECK(text != NULL && *text && strstr(all, text) != NULL);
    CHECK(text == einsum_explain(kernel, stage));
  }
  CHECK(einsum_explain(kernel, 8) == NULL && einsum_explain(kernel, -1) == NULL);
  einsum_release(kernel);
}

/* ---- What is wrong ------------------------------------------------------------------------------------- */

static void check_nothing(void) {
  float a[4] = {0}, c[4];
  const void *data[] = {a, a};
  CHECK(einsum_run(NULL, data, c, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(einsum_compile("i", 1, NULL, NULL, NULL, NULL) == EINSUM_ERROR_ARGUMENT);
  einsum_release(NULL);
  CHECK(einsum_retain(NULL) == NULL && einsum_operand_count(NULL) == 0 && einsum_workspace_size(NULL) == 0);
  CHECK(einsum_output_type(NULL) == 0 && einsum_output_rank(NULL) == 0 && einsum_output_shape(NULL) == NULL);
  CHECK(einsum_output_strides(NULL) == NULL && einsum_flop_count(NULL) == 0 && einsum_byte_count(NULL) == 0);
  CHECK(einsum_path(NULL, NULL, 0) == 0 && einsum_c_source(NULL) == NULL && einsum_explain(NULL, 0) == NULL);
}

static void check_refusals(void) {
  const einsum_tensor good[] = {floats(2, LIST(2, 3)), floats(2, LIST(3, 4))};
  einsum_tensor bad[2];
  const einsum_status argument = EINSUM_ERROR_ARGUMENT, mismatch = EINSUM_ERROR_MISMATCH;

  const einsum_tensor clash[] = {floats(2, LIST(3, 4)), floats(2, LIST(5, 6))};
  refuse(mismatch, "extent-mismatch", "ij,jk->ik", 2, clash, NULL, NULL);
  CHECK(strcmp(einsum_error_summary(), "index 'j' has extent 4 in operand 0 and 5 in operand 1") == 0);
  CHECK(strcmp(
    einsum_error_message(),
    "error: index 'j' has extent 4 in operand 0 and 5 in operand 1 [extent-mismatch]\n"
    "  ij,jk->ik\n"
    "     ^\n"
    "note: extent 4 comes from here\n"
    "  ij,jk->ik\n"
    "   ^") == 0);

  /* Success leaves the last error alone. */
  einsum_release(compile("ij,jk->ik", 2, good, NULL, NULL));
  CHECK(strcmp(einsum_error_code(), "extent-mismatch") == 0);

  refuse(EINSUM_ERROR_EQUATION, "unknown-character", "ij,j%->ik", 2, good, NULL, NULL);
  refuse(EINSUM_ERROR_EQUATION, "output-label", "ij,jk->iz", 2, good, NULL, NULL);
  refuse(mismatch, "operand-count", "ij,jk->ik", 1, good, NULL, NULL);
  refuse(mismatch, "rank-mismatch", "ijk,jk->ik", 2, good, NULL, NULL);
  refuse(argument, "invalid-argument", NULL, 2, good, NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, NULL, NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", SIZE_MAX, good, NULL, NULL);
  refuse(argument, "invalid-argument", "i\xff,jk", 2, good, NULL, NULL);

#define BAD(change) (memcpy(bad, good, sizeof bad), change, bad)
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[1].type = 0), NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[1].type = 99), NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[0].rank = -2), NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[0].shape = NULL), NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[0].flags = 4), NULL, NULL);
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, BAD(bad[0].reserved = 1), NULL, NULL);
  refuse(argument, "negative-extent", "ij,jk->ik", 2, BAD(bad[0].shape = LIST(-2, 3)), NULL, NULL);
  refuse(
    argument, "too-many-elements", "ij,jk->ik", 2, BAD(bad[0].shape = LIST(INT64_MAX, 3)), NULL, NULL);
  refuse(
    argument, "too-many-elements", "ij,jk->ik", 2, BAD(bad[0].strides = LIST(INT64_MAX, INT64_MIN)), NULL,
    NULL);
  refuse(
    argument, "invalid-argument", "ij,jk->ik", 2,
    BAD((bad[0].flags = EINSUM_BYTE_STRIDES, bad[0].strides = LIST(10, 4))), NULL, NULL);
  CHECK(strstr(einsum_error_summary(), "10 bytes along axis 0") != NULL);
#undef BAD

  einsum_tensor output = floats(2, LIST(2, 5));
  refuse(mismatch, "output-shape", "ij,jk->ik", 2, good, &output, NULL);
  output = tensor(EINSUM_FLOAT64, 0, NULL, NULL);
  refuse(mismatch, "output-type", "ij,jk->ik", 2, good, &output, NULL);
  output = tensor(EINSUM_DEFAULT, 2, LIST(2, 4), LIST(1, 1));
  refuse(mismatch, "output-layout", "ij,jk->ik", 2, good, &output, NULL);
  output = tensor(EINSUM_DEFAULT, 2, NULL, LIST(4, 1));
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, good, &output, NULL);
  output = floats(2, LIST(2, 4));
  output.flags = EINSUM_CONJUGATE;
  refuse(argument, "invalid-argument", "ij,jk->ik", 2, good, &output, NULL);
  output = tensor(EINSUM_FLOAT32, 0, NULL, NULL);
  einsum_release(compile("ij,jk->ik", 2, good, &output, NULL));
}

static void check_options(void) {
  const einsum_tensor good = floats(1, LIST(2));
  const einsum_options defaults = EINSUM_OPTIONS_INIT;
  einsum_options options;
#define WITH(change) (options = defaults, change, &options)
  const einsum_status argument = EINSUM_ERROR_ARGUMENT;
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.size = 8));
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.size = SIZE_MAX));
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.threads = -1));
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.tier = 7));
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.accumulate = 77));
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, WITH(options.flags = 2));
  refuse(
    EINSUM_ERROR_MISMATCH, "accumulate-type", "i", 1, &good, NULL, WITH(options.accumulate = EINSUM_FLOAT16));
  einsum_release(compile("i", 1, &good, NULL, WITH(options.tier = EINSUM_TIER_TCC)));
  einsum_release(compile("i", 1, &good, NULL, WITH(options.threads = 3)));
#undef WITH

  /* A later header's options: fine as long as what this library does not know is not used. */
  struct { einsum_options known; uint64_t later; } extended = {EINSUM_OPTIONS_INIT, 0};
  extended.known.size = sizeof extended;
  einsum_release(compile("i", 1, &good, NULL, &extended.known));
  extended.later = 1;
  refuse(argument, "invalid-argument", "i", 1, &good, NULL, &extended.known);
}

static void check_addresses(void) {
  char memory[64];
  float *aligned = (float *)(memory + 8 - (uintptr_t)memory % 8);
  float c[2];
  memset(memory, 0, sizeof memory);
  const einsum_tensor operand = floats(1, LIST(2));
  einsum_kernel *kernel = compile("i->i", 1, &operand, NULL, NULL);
  CHECK(einsum_run(kernel, NULL, c, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(einsum_run(kernel, (const void *[]){NULL}, c, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(einsum_run(kernel, (const void *[]){aligned}, NULL, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(einsum_run(kernel, (const void *[]){(char *)aligned + 2}, c, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(strcmp(einsum_error_summary(), "operand 0: its address is no multiple of 4") == 0);
  CHECK(einsum_run(kernel, (const void *[]){c}, (char *)aligned + 1, NULL) == EINSUM_ERROR_ARGUMENT);
  CHECK(einsum_run(kernel, (const void *[]){aligned}, c, NULL) == EINSUM_OK);
  einsum_release(kernel);
}

int main(void) {
  CHECK(einsum_abi_version() == EINSUM_ABI_VERSION);
  CHECK(*einsum_error_message() == 0 && *einsum_error_summary() == 0 && *einsum_error_code() == 0);
  check_types();
  check_product();
  check_strides();
  check_numbers();
  check_without_elements();
  check_workspace();
  check_overlap();
  check_texts();
  check_nothing();
  check_refusals();
  check_options();
  check_addresses();
  return failures > 0;
}
