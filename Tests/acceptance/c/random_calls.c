/* Random calls of einsum.h, right and wrong ones: random_calls SEED COUNT. C99.
 *
 * A right call is compared with plain loops, bit for bit, as all numbers are small integers; a wrong one has to
 * be refused, and to leave the output alone. Meant for valgrind and sanitizers. Ends with 1 at the first surprise. */
#include <einsum.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPERANDS = 3, MOST_RANK = 4, LABELS = 5, MOST_EXTENT = 3, MARGIN = 64, GARBAGE = 0xA5 };

static uint64_t state;

/* Sebastiano Vigna's SplitMix64. */
static uint64_t bits(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static int below(int bound) { return (int)(bits() >> 33) % bound; }
static int one_in(int chances) { return below(chances) == 0; }

/* ---- A tensor ------------------------------------------------------------------------------------------ */

typedef struct tensor {
  einsum_tensor type;
  int64_t shape[MOST_RANK], strides[MOST_RANK]; /* in elements */
  int64_t byte_strides[MOST_RANK];
  int labels[MOST_RANK];
  char *memory, *data; /* the block, and the element at index zero */
  size_t bytes;
} tensor;

/* Memory for random strides: axes in any order, gaps, backwards; sometimes C order without strides. */
static void lay_out(tensor *t) {
  const int rank = t->type.rank;
  const int64_t size = (int64_t)einsum_type_size(t->type.type);
  const int in_order = one_in(2);
  int order[MOST_RANK];
  int64_t step = 1, first = 0, elements = 1;
  for (int a = 0; a < rank; a++) order[a] = rank - 1 - a;
  for (int a = rank - 1; a > 0 && !in_order; a--) {
    const int other = below(a + 1), kept = order[a];
    order[a] = order[other];
    order[other] = kept;
  }
  for (int a = 0; a < rank; a++) {
    const int axis = order[a];
    const int64_t extent = t->shape[axis];
    t->strides[axis] = step;
    step *= extent ? extent : 1;
    elements *= extent;
    if (in_order) continue;
    if (one_in(3)) step += below(3);
    if (one_in(4)) {
      t->strides[axis] = -t->strides[axis];
      if (extent) first -= (extent - 1) * t->strides[axis];
    }
  }
  t->type.shape = t->shape;
  t->type.strides = in_order ? NULL : t->strides;
  if (!in_order && one_in(2)) {
    for (int a = 0; a < rank; a++) t->byte_strides[a] = t->strides[a] * size;
    t->type.strides = t->byte_strides;
    t->type.flags |= EINSUM_BYTE_STRIDES;
  }
  /* Not a byte more than the elements span, so that a checker sees any read beyond. */
  t->bytes = elements ? (size_t)(step * size) : 0;
  t->memory = malloc(t->bytes ? t->bytes : 1);
  memset(t->memory, GARBAGE, t->bytes);
  t->data = t->memory + first * size;
}

/* ---- Elements as complex numbers ----------------------------------------------------------------------- */

typedef struct number { double re, im; } number;

static float half_value(uint16_t h) {
  /* Normal numbers and zero only. */
  const int exponent = (h >> 10) & 31;
  float value = exponent ? (float)((h & 1023) | 1024) / 1024 : 0;
  for (int e = 15; e < exponent; e++) value *= 2;
  for (int e = exponent; e < 15 && exponent; e++) value /= 2;
  return h >> 15 ? -value : value;
}

static uint16_t half_of(int value) {
  int magnitude = value < 0 ? -value : value, exponent = 15;
  if (!magnitude) return 0;
  while (magnitude >> (exponent - 15) > 1) exponent++;
  return (uint16_t)((value < 0) << 15 | exponent << 10 | ((magnitude << (25 - exponent)) & 1023));
}

static number get(einsum_type type, const char *at) {
  number n = {0, 0};
#define READ(T) { T v; memcpy(&v, at, sizeof v); n.re = (double)v; }
  switch (type) {
    case EINSUM_BOOL: case EINSUM_UINT8: READ(uint8_t) break;
    case EINSUM_INT8: READ(int8_t) break;
    case EINSUM_INT16: READ(int16_t) break;
    case EINSUM_INT32: READ(int32_t) break;
    case EINSUM_INT64: READ(int64_t) break;
    case EINSUM_UINT16: READ(uint16_t) break;
    case EINSUM_UINT32: READ(uint32_t) break;
    case EINSUM_UINT64: READ(uint64_t) break;
    case EINSUM_FLOAT16: { uint16_t h; memcpy(&h, at, 2); n.re = half_value(h); } break;
    case EINSUM_BFLOAT16: {
      uint16_t h; memcpy(&h, at, 2);
      const uint32_t w = (uint32_t)h << 16; float f; memcpy(&f, &w, 4); n.re = f;
    } break;
    case EINSUM_FLOAT32: READ(float) break;
    case EINSUM_FLOAT64: READ(double) break;
    case EINSUM_COMPLEX64: { float v[2]; memcpy(v, at, 8); n.re = v[0], n.im = v[1]; } break;
    case EINSUM_COMPLEX128: { double v[2]; memcpy(v, at, 16); n.re = v[0], n.im = v[1]; } break;
  }
#undef READ
  return n;
}

/* Writes a small integer: 0 or 1 for types of few bits. */
static void put_random(einsum_type type, char *at) {
  const int small = below(2), value = below(5) - 2, other = below(3) - 1;
#define WRITE(T, V) { const T v = (T)(V); memcpy(at, &v, sizeof v); }
  switch (type) {
    case EINSUM_BOOL: WRITE(uint8_t, small) break;
    case EINSUM_INT8: case EINSUM_UINT8: WRITE(int8_t, small) break;
    case EINSUM_INT16: case EINSUM_UINT16: WRITE(int16_t, below(3)) break;
    case EINSUM_INT32: WRITE(int32_t, value) break;
    case EINSUM_INT64: WRITE(int64_t, value) break;
    case EINSUM_UINT32: WRITE(uint32_t, below(3)) break;
    case EINSUM_UINT64: WRITE(uint64_t, below(3)) break;
    case EINSUM_FLOAT16: WRITE(uint16_t, half_of(value)) break;
    case EINSUM_BFLOAT16: WRITE(uint16_t, small ? 0x3F80 : 0) break;
    case EINSUM_FLOAT32: WRITE(float, value) break;
    case EINSUM_FLOAT64: WRITE(double, value) break;
    case EINSUM_COMPLEX64: { const float v[2] = {(float)value, (float)other}; memcpy(at, v, 8); } break;
    case EINSUM_COMPLEX128: { const double v[2] = {value, other}; memcpy(at, v, 16); } break;
  }
#undef WRITE
}

/* ---- A problem and its meaning ------------------------------------------------------------------------- */

typedef struct problem {
  char equation[64];
  int64_t extents[LABELS];
  int used[LABELS]; /* labels that some operand has */
  int count;
  tensor operands[MOST_OPERANDS];
  tensor output;
  int is_conjugated[MOST_OPERANDS];
} problem;

static char *place(const tensor *t, const int64_t *values) {
  int64_t element = 0;
  for (int a = 0; a < t->type.rank; a++) element += values[t->labels[a]] * t->strides[a];
  return t->data + element * (int64_t)einsum_type_size(t->type.type);
}

/* Steps to the next combination of values of the labels in `moving`; 0 after the last. */
static int advance(const problem *p, const int *moving, int64_t *values) {
  for (int l = LABELS - 1; l >= 0; l--) {
    if (!moving[l]) continue;
    if (++values[l] < p->extents[l]) return 1;
    values[l] = 0;
  }
  return 0;
}

/* The element of the result where the output's labels have these values. */
static number meaning(const problem *p, const int *summed, int64_t *values, einsum_type type) {
  number sum = {0, 0};
  for (int l = 0; l < LABELS; l++) {
    if (summed[l] && p->extents[l] == 0) return sum;
    if (summed[l]) values[l] = 0;
  }
  do {
    number product = {1, 0};
    for (int o = 0; o < p->count; o++) {
      number x = get(p->operands[o].type.type, place(&p->operands[o], values));
      if (p->is_conjugated[o]) x.im = -x.im;
      product = (number){product.re * x.re - product.im * x.im, product.re * x.im + product.im * x.re};
    }
    sum.re += product.re, sum.im += product.im;
  } while (advance(p, summed, values));
  if (type == EINSUM_BOOL) sum.re = sum.re != 0;
  return sum;
}

/* Labels, shapes, types and layouts at random; the output's labels are some of the operands'. */
static void make_problem(problem *p) {
  char *text = p->equation;
  memset(p, 0, sizeof *p);
  p->count = 1 + below(MOST_OPERANDS);
  for (int l = 0; l < LABELS; l++) p->extents[l] = one_in(12) ? 0 : 1 + below(MOST_EXTENT);
  const einsum_type common = 1 + below(15);
  for (int o = 0; o < p->count; o++) {
    tensor *t = &p->operands[o];
    if (o) *text++ = ',';
    t->type.type = one_in(8) ? 1 + below(15) : common;
    t->type.rank = below(MOST_RANK);
    if (one_in(4)) t->type.flags |= EINSUM_CONJUGATE, p->is_conjugated[o] = 1;
    for (int a = 0; a < t->type.rank; a++) {
      const int label = below(LABELS);
      t->labels[a] = label;
      t->shape[a] = p->extents[label];
      p->used[label] = 1;
      *text++ = (char)('a' + label);
    }
    lay_out(t);
    if (t->bytes) {
      int64_t values[LABELS] = {0};
      int own[LABELS] = {0};
      for (int a = 0; a < t->type.rank; a++) own[t->labels[a]] = 1;
      /* Whole memory: diagonals leave elements out that must not matter. */
      const size_t size = einsum_type_size(t->type.type);
      for (size_t b = 0; b + size <= t->bytes; b += size) put_random(t->type.type, t->memory + b);
      do put_random(t->type.type, place(t, values)); while (advance(p, own, values));
    }
  }
  *text++ = '-', *text++ = '>';
  for (int l = LABELS - 1; l >= 0 && p->output.type.rank < MOST_RANK; l--) {
    if (!p->used[l] || one_in(2)) continue;
    p->output.labels[p->output.type.rank] = l;
    p->output.shape[p->output.type.rank++] = p->extents[l];
    *text++ = (char)('a' + l);
  }
}

static void free_problem(problem *p) {
  for (int o = 0; o < p->count; o++) free(p->operands[o].memory);
  free(p->output.memory);
}

static int fail(const problem *p, const char *what) {
  printf("%s: %s (%s)\n", p->equation, what, einsum_error_message());
  return 0;
}

/* ---- Right calls --------------------------------------------------------------------------------------- */

static int check_result(const problem *p, einsum_type type) {
  int64_t values[LABELS] = {0};
  int written[LABELS] = {0}, summed[LABELS] = {0};
  const tensor *out = &p->output;
  const size_t size = einsum_type_size(type);
  for (int a = 0; a < out->type.rank; a++) written[out->labels[a]] = 1;
  for (int l = 0; l < LABELS; l++) summed[l] = p->used[l] && !written[l];
  unsigned char *touched = calloc(out->bytes ? out->bytes : 1, 1);
  int good = 1;
  if (out->bytes) {
    do {
      char *at = place(out, values);
      const number expected = meaning(p, summed, values, type), given = get(type, at);
      memset(touched + (at - out->memory), 1, size);
      if (given.re != expected.re || given.im != expected.im) good = 0;
    } while (advance(p, written, values));
  }
  for (size_t b = 0; b < out->bytes; b++) {
    if (!touched[b] && (unsigned char)out->memory[b] != GARBAGE) good = 0;
  }
  free(touched);
  return good;
}

static void gather(const problem *p, einsum_tensor *types, const void **data) {
  for (int o = 0; o < p->count; o++) types[o] = p->operands[o].type, data[o] = p->operands[o].data;
}

static int right_call(problem *p) {
  einsum_tensor types[MOST_OPERANDS];
  const void *data[MOST_OPERANDS];
  einsum_kernel *kernel, *placed;
  einsum_options options = EINSUM_OPTIONS_INIT;
  gather(p, types, data);
  options.threads = below(4);
  if (einsum_compile(p->equation, (size_t)p->count, types, NULL, &options, &kernel) != EINSUM_OK)
    return fail(p, "refused");
  const einsum_type type = p->output.type.type = einsum_output_type(kernel);
  if (einsum_output_rank(kernel) != p->output.type.rank) return fail(p, "wrong rank");
  lay_out(&p->output);
  const einsum_status status =
    einsum_compile(p->equation, (size_t)p->count, types, &p->output.type, &options, &placed);
  einsum_release(kernel);
  if (status != EINSUM_OK) return fail(p, "refused with an output layout");

  const size_t size = einsum_workspace_size(placed), alignment = EINSUM_WORKSPACE_ALIGNMENT;
  char *block = one_in(2) ? malloc(size + alignment) : NULL;
  char *workspace = block ? block + alignment - (uintptr_t)block % alignment : NULL;
  int good = 1;
  if (einsum_run(placed, data, p->output.data, workspace) != EINSUM_OK) good = fail(p, "not run");
  if (good && !check_result(p, type)) good = fail(p, "wrong result");
  if (one_in(20) && (!einsum_c_source(placed) || !einsum_explain(placed, below(8)))) good = fail(p, "no text");
  int32_t path[2 * MOST_OPERANDS + 4];
  if (einsum_path(placed, path, sizeof path / sizeof *path) < 2) good = fail(p, "no path");
  free(block);
  einsum_release(placed);
  return good;
}

/* ---- Wrong calls --------------------------------------------------------------------------------------- */

/* Spoils one thing; returns what, or NULL if there was nothing to spoil. Each is an error for sure. */
static const char *spoil(
  problem *p, einsum_tensor *types, einsum_tensor *output, einsum_options *options, size_t *count) {
  static int64_t wild[MOST_RANK];
  const int o = below(p->count);
  einsum_tensor *t = &types[o];
  for (int a = 0; a < MOST_RANK; a++) wild[a] = t->rank > a ? t->shape[a] : 1;
  const int axis = t->rank ? below(t->rank) : 0;
  switch (below(16)) {
    case 0: t->type = one_in(2) ? 0 : (einsum_type)bits(); return t->type < 1 || t->type > 15 ? "type" : NULL;
    case 1: t->rank = -1 - below(1000); return "negative rank";
    case 2: t->rank += 1; t->shape = wild; t->strides = NULL; return "rank";
    case 3: if (!t->rank) return NULL; t->shape = NULL; return "no shape";
    case 4: t->flags |= 4u << below(29); return "flags";
    case 5: t->reserved = 1 + (uint32_t)below(9); return "reserved";
    case 6: if (!t->rank) return NULL; wild[axis] = -1 - below(9); t->shape = wild; return "negative extent";
    case 7: *count = bits() | 64; return "count";
    case 8: *count += 1; return "one operand more";
    case 9: options->size = bits() | 1; return "size of options";
    case 10: options->threads = -1 - below(9); return "threads";
    case 11: options->tier = 3 + below(9); return "tier";
    case 12: options->accumulate = 16 + below(99); return "accumulate";
    case 13: options->flags = 2u << below(31); return "flags of options";
    case 14: output->type = 16 + below(9); return "output type";
    default: output->rank = MOST_RANK; output->shape = wild; wild[0] = 99; return "output shape";
  }
}

static int wrong_call(problem *p) {
  einsum_tensor types[MOST_OPERANDS + 1], output = {0};
  const void *data[MOST_OPERANDS + 1];
  einsum_options options = EINSUM_OPTIONS_INIT;
  einsum_kernel *kernel = NULL;
  size_t count = (size_t)p->count;
  gather(p, types, data);
  types[p->count] = types[0];
  const char *what = spoil(p, types, &output, &options, &count);
  if (!what) return 1;
  const einsum_status status = einsum_compile(p->equation, count, types, &output, &options, &kernel);
  if (status == EINSUM_OK || kernel || !*einsum_error_message()) return fail(p, what);
  return 1;
}

/* Text that may be anything: whatever comes of it, nothing may break. */
static int odd_text(problem *p) {
  static const char alphabet[] = "abcAZ,,->.. {}{0}%_\t\n\xCE\xB1\xFF" "0-";
  einsum_tensor types[MOST_OPERANDS];
  const void *data[MOST_OPERANDS];
  einsum_kernel *kernel = NULL;
  char text[64];
  gather(p, types, data);
  strcpy(text, p->equation);
  size_t length = strlen(text);
  for (int change = below(4); change >= 0; change--) {
    const size_t at = (size_t)below((int)length + 1);
    const char mark = one_in(6) ? (char)bits() : alphabet[below((int)sizeof alphabet - 1)];
    if (one_in(2) && length < sizeof text - 1) {
      memmove(text + at + 1, text + at, length - at + 1);
      length++;
    }
    if (at < length) text[at] = mark ? mark : 'a';
  }
  const einsum_status status = einsum_compile(text, (size_t)p->count, types, NULL, NULL, &kernel);
  if ((status == EINSUM_OK) != (kernel != NULL)) return fail(p, "a kernel with an error, or neither");
  einsum_release(kernel);
  return 1;
}

/* Extents and strides from the ends of their range: refused or compiled, but never run. */
static int odd_numbers(problem *p) {
  static const int64_t edges[] = {0, 1, 2, 3, -1, -2, 7, 1 << 20, INT64_C(1) << 31, INT64_C(1) << 47, INT64_C(1) << 62,
                                  INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX / 16};
  const int count = (int)(sizeof edges / sizeof *edges);
  einsum_tensor types[MOST_OPERANDS], output = {0};
  const void *data[MOST_OPERANDS];
  int64_t numbers[2 * MOST_OPERANDS + 2][MOST_RANK];
  einsum_options options = EINSUM_OPTIONS_INIT;
  einsum_kernel *kernel = NULL;
  gather(p, types, data);
  /* The same extent for the same label, or most would be refused at once. */
  for (int l = 0; l < LABELS; l++) {
    if (one_in(3)) p->extents[l] = edges[below(count)];
  }
  for (int t = 0; t <= p->count; t++) {
    const tensor *const labelled = t < p->count ? &p->operands[t] : &p->output;
    einsum_tensor *const type = t < p->count ? &types[t] : &output;
    for (int a = 0; a < MOST_RANK; a++) {
      const int64_t extent = a < labelled->type.rank ? p->extents[labelled->labels[a]] : 1;
      numbers[2 * t][a] = one_in(20) ? edges[below(count)] : extent;
      numbers[2 * t + 1][a] = edges[below(count)];
    }
    type->rank = labelled->type.rank;
    type->shape = numbers[2 * t];
    type->strides = one_in(2) ? numbers[2 * t + 1] : NULL;
  }
  options.memory_limit = bits() >> below(64);
  options.threads = (int32_t)(bits() >> 33);
  const einsum_tensor *const placed = one_in(2) ? &output : NULL;
  const einsum_status status =
    einsum_compile(p->equation, (size_t)p->count, types, placed, &options, &kernel);
  if ((status == EINSUM_OK) != (kernel != NULL)) return fail(p, "a kernel with an error, or neither");
  if (kernel && (!einsum_output_shape(kernel) || einsum_path(kernel, NULL, SIZE_MAX) < 2)) return fail(p, "no facts");
  einsum_release(kernel);
  return 1;
}

/* A kernel that is right, and addresses that are not. */
static int wrong_addresses(problem *p) {
  einsum_tensor types[MOST_OPERANDS];
  const void *data[MOST_OPERANDS];
  einsum_kernel *kernel = NULL;
  gather(p, types, data);
  if (einsum_compile(p->equation, (size_t)p->count, types, NULL, NULL, &kernel) != EINSUM_OK)
    return fail(p, "refused");
  p->output.type.type = einsum_output_type(kernel);
  p->output.type.rank = einsum_output_rank(kernel);
  lay_out(&p->output);
  const size_t size = einsum_type_size(p->output.type.type);
  const int o = below(p->count), has_output = p->output.bytes > 0, has_operand = p->operands[o].bytes > 0;
  char *output = p->output.data;
  einsum_status expected = EINSUM_ERROR_ARGUMENT;
  int spoilt = 1;
  switch (below(4)) {
    case 0: spoilt = has_operand, data[o] = NULL; break;
    case 1: spoilt = has_output, output = NULL; break;
    case 2: spoilt = has_output && size > 1, output += 1; break;
    default:
      /* The output begins inside an operand. */
      spoilt = has_operand && has_output && size == 1 && einsum_type_size(types[o].type) == 1;
      output = p->operands[o].memory;
      expected = EINSUM_ERROR_OVERLAP;
  }
  /* The output in C order starts at its pointer; nothing of it is written by a call that is refused. */
  const einsum_status status = spoilt ? einsum_run(kernel, data, output, NULL) : expected;
  einsum_release(kernel);
  return status == expected ? 1 : fail(p, "not refused");
}

int main(int count, char **arguments) {
  if (count != 3) return fputs("usage: random_calls SEED COUNT\n", stderr), 2;
  state = strtoull(arguments[1], NULL, 10);
  const long calls = strtol(arguments[2], NULL, 10);
  for (long call = 0; call < calls; call++) {
    problem p;
    int good;
    make_problem(&p);
    switch (below(7)) {
      case 0: case 1: case 2: good = right_call(&p); break;
      case 3: good = wrong_call(&p); break;
      case 4: good = odd_text(&p); break;
      case 5: good = odd_numbers(&p); break;
      default: good = wrong_addresses(&p);
    }
    free_problem(&p);
    if (!good) return printf("call %ld of seed %s\n", call, arguments[1]), 1;
  }
  return 0;
}
