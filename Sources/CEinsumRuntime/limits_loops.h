/* The loops of limits.c for one size of vector; included once for each, with
 *
 *   VECTOR_BYTES   the size
 *   NAMED(name)    a name of its own
 *
 * Every loop returns the operations or bytes that it did. */

typedef float NAMED(f32v) __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef double NAMED(f64v) __attribute__((vector_size(VECTOR_BYTES), may_alias));

/* 12 chains hide the latency of two units with four or five cycles each, and fit into 16 registers. They start
 * from different values, else a compiler computes one for all. */
static double NAMED(multiply_add_f32)(share s) {
  (void)s;
  NAMED(f32v) chain[CHAINS] = {0}, factor = {0}, term = {0};
  factor += 0.5f;
  term += 1.0f;
  for (int c = 0; c < CHAINS; c++) chain[c] += (float)(sink * 0 + c);
  for (long i = 0; i < ROUNDS; i++)
    for (int c = 0; c < CHAINS; c++) chain[c] = chain[c] * factor + term;
  for (int c = 1; c < CHAINS; c++) chain[0] += chain[c];
  sink = chain[0][0];
  return 2.0 * CHAINS * ROUNDS * (VECTOR_BYTES / sizeof(float));
}

static double NAMED(multiply_add_f64)(share s) {
  (void)s;
  NAMED(f64v) chain[CHAINS] = {0}, factor = {0}, term = {0};
  factor += 0.5;
  term += 1.0;
  for (int c = 0; c < CHAINS; c++) chain[c] += sink * 0 + c;
  for (long i = 0; i < ROUNDS; i++)
    for (int c = 0; c < CHAINS; c++) chain[c] = chain[c] * factor + term;
  for (int c = 1; c < CHAINS; c++) chain[0] += chain[c];
  sink = chain[0][0];
  return 2.0 * CHAINS * ROUNDS * (VECTOR_BYTES / sizeof(double));
}

/* Eight streams at once: prefetchers then bring more than for one. */
static double NAMED(read_array)(share s) {
  const NAMED(f32v) *x = (const NAMED(f32v) *)s.x;
  const long part = s.bytes / VECTOR_BYTES / 8;
  NAMED(f32v) sum[8] = {0};
  for (long i = 0; i < part; i++)
    for (int c = 0; c < 8; c++) sum[c] += x[c * part + i];
  for (int c = 1; c < 8; c++) sum[0] += sum[c];
  sink = sum[0][0];
  return 8.0 * VECTOR_BYTES * part;
}

PLAIN_LOOPS static double NAMED(write_plain)(share s) {
  NAMED(f32v) *z = (NAMED(f32v) *)s.z, value = {0};
  value += (float)sink * 0 + 2.0f;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++) z[i] = value;
  return (double)s.bytes;
}

PLAIN_LOOPS static double NAMED(copy_plain)(share s) {
  NAMED(f32v) *x = (NAMED(f32v) *)s.x, *z = (NAMED(f32v) *)s.z;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++) z[i] = x[i];
  return 2.0 * s.bytes;
}

static double NAMED(triad_plain)(share s) {
  NAMED(f32v) *x = (NAMED(f32v) *)s.x, *y = (NAMED(f32v) *)s.y, *z = (NAMED(f32v) *)s.z;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++) z[i] = x[i] + 3.0f * y[i];
  return 3.0 * s.bytes;
}

#if HAS_STREAMS

static double NAMED(write_stream)(share s) {
  NAMED(f32v) *z = (NAMED(f32v) *)s.z, value = {0};
  value += (float)sink * 0 + 2.0f;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++) __builtin_nontemporal_store(value, z + i);
  __sync_synchronize();
  return (double)s.bytes;
}

static double NAMED(copy_stream)(share s) {
  NAMED(f32v) *x = (NAMED(f32v) *)s.x, *z = (NAMED(f32v) *)s.z;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++) __builtin_nontemporal_store(x[i], z + i);
  __sync_synchronize();
  return 2.0 * s.bytes;
}

static double NAMED(triad_stream)(share s) {
  NAMED(f32v) *x = (NAMED(f32v) *)s.x, *y = (NAMED(f32v) *)s.y, *z = (NAMED(f32v) *)s.z;
  for (long i = 0; i < s.bytes / VECTOR_BYTES; i++)
    __builtin_nontemporal_store(x[i] + 3.0f * y[i], z + i);
  __sync_synchronize();
  return 3.0 * s.bytes;
}

#endif

static const loop NAMED(loops)[ES_LIMIT_COUNT] = {
  [ES_LIMIT_FMA_F32] = NAMED(multiply_add_f32),
  [ES_LIMIT_FMA_F64] = NAMED(multiply_add_f64),
  [ES_LIMIT_READ] = NAMED(read_array),
  [ES_LIMIT_WRITE] = NAMED(write_plain),
  [ES_LIMIT_COPY] = NAMED(copy_plain),
  [ES_LIMIT_TRIAD] = NAMED(triad_plain),
#if HAS_STREAMS
  [ES_LIMIT_WRITE_STREAM] = NAMED(write_stream),
  [ES_LIMIT_COPY_STREAM] = NAMED(copy_stream),
  [ES_LIMIT_TRIAD_STREAM] = NAMED(triad_stream),
#endif
};
