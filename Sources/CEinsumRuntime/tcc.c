/* libtcc made safe inside a process: serial, bounded, contained, and with no trace left but the code. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include "code_memory.h"
#include "stack.h"
#include "tcc_hooks.h"
#include "tcc_lock.h"

#include <libtcc.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

/* No headers, no libraries, no libtcc1.a: nothing outside the text and the symbol list is ever looked at. */
static const char *const standard_options = "-nostdlib -nostdinc -Wunsupported -Werror";

/* Longer text is refused; far more than the code generator ever prints. */
enum { MOST_SOURCE_BYTES = 8 << 20 };

/* An upper bound of the stack that libtcc's parser needs for a text.
 *
 * It recurses at each level of nesting. A level takes a word, of which `sizeof` and `do` are the costliest
 * with about 50 bytes of stack per byte of text, or one of the marks below, at most 624 bytes for `(`
 * (measured). Since the text cannot define macros, it holds each of its levels in writing. */
static size_t stack_bytes_for(const char *source, size_t length) {
  size_t marks = 0;
  for (const char *s = source; (s = strpbrk(s, "([{-+!~*&?")) != NULL; s++) marks++;
  return (128 << 10) + 96 * length + 1024 * marks;
}

/* ---- Lock ---------------------------------------------------------------------------------------------- */

/* libtcc keeps global state between its calls, so only one state may exist at a time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void es_tcc_lock(void) { pthread_mutex_lock(&lock); }
void es_tcc_unlock(void) { pthread_mutex_unlock(&lock); }

/* A fork waits for a compile in another thread to end: the child has no such thread, and could never
 * compile. */
static void prepare_once(void) {
  es_fork_prepare();
  es_tcc_hooks_prepare();
}

/* ---- Messages ------------------------------------------------------------------------------------------ */

/* Where messages go: one a line, what does not fit is dropped. */
typedef struct messages {
  char *text;
  size_t capacity, used;
  int count;
} messages;

/* libtcc's callback: it may not call libtcc, and libtcc long-jumps away after it. */
static void add_message(void *context, const char *text) {
  messages *m = context;
  if (m->count++ > 0 && m->used + 1 < m->capacity) m->text[m->used++] = '\n';
  const size_t length = strlen(text), room = m->capacity - m->used - 1;
  const size_t copied = length < room ? length : room;
  memcpy(m->text + m->used, text, copied);
  m->used += copied;
  m->text[m->used] = 0;
}

/* ---- One compile --------------------------------------------------------------------------------------- */

typedef struct job {
  const es_tcc_request *request;
  es_code *code;
  messages messages;
  bool done;
  /* What has to be given back, also when libtcc tried to end the process. */
  TCCState *state;
  es_code_memory memory;
  bool mapped;
} job;

/* What libtcc's own code generation calls, whatever the text says. */
static const es_symbol implicit_symbols[] = {
  {"memcpy", (const void *)memcpy},
  {"memmove", (const void *)memmove},
  {"memset", (const void *)memset},
};

static bool add_symbols(TCCState *state, const es_symbol *symbols, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (tcc_add_symbol(state, symbols[i].name, symbols[i].address) != 0) return false;
  }
  return true;
}

static bool compile_and_relocate(job *j) {
  const es_tcc_request *request = j->request;
  TCCState *state = j->state = tcc_new();
  if (!state) {
    add_message(&j->messages, "no memory for the C compiler");
    return false;
  }
  tcc_set_error_func(state, &j->messages, add_message);
  tcc_set_options(state, request->options ? request->options : standard_options);
  if (tcc_set_output_type(state, TCC_OUTPUT_MEMORY) != 0) return false;
  if (!add_symbols(state, implicit_symbols, sizeof implicit_symbols / sizeof *implicit_symbols)) return false;
  if (!add_symbols(state, request->symbols, request->symbol_count)) return false;
  if (tcc_compile_string(state, request->source) != 0 || j->messages.count > 0) return false;

  const int bytes = tcc_relocate(state, NULL);
  if (bytes <= 0 || j->messages.count > 0) return false;
  if (!es_code_memory_map(&j->memory, (size_t)bytes)) {
    add_message(&j->messages, "no memory for the compiled code");
    return false;
  }
  j->mapped = true;
  if (tcc_relocate(state, j->memory.base) != 0 || j->messages.count > 0) return false;

  void *entry = tcc_get_symbol(state, request->entry);
  const char *base = j->memory.base;
  if (!entry || (char *)entry < base || (char *)entry >= base + bytes) {
    add_message(&j->messages, "the compiled text does not define the entry function");
    return false;
  }
  if (!es_code_memory_seal(&j->memory)) {
    add_message(&j->messages, "this system refuses to make memory executable");
    return false;
  }
  *j->code = (es_code){entry, j->memory.base, j->memory.bytes, (size_t)bytes};
  return true;
}

/* The whole life of a libtcc state, under the lock. */
static void run_job(void *context) {
  job *j = context;
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare_once);

  es_tcc_lock();
  jmp_buf exit_target;
  if (_setjmp(exit_target) == 0) {
    es_tcc_exit_target = &exit_target;
    j->done = compile_and_relocate(j);
    if (j->state) tcc_delete(j->state);
  } else {
    /* The state may be half built, and deleting it could fail again: it is leaked. */
    j->done = false;
    add_message(&j->messages, "the C compiler gave up");
  }
  es_tcc_exit_target = NULL;
  if (!j->done) {
    if (j->mapped) es_code_memory_unmap(&j->memory);
    *j->code = (es_code){0};
    es_tcc_hooks_reset();
  }
  es_tcc_unlock();
}

bool es_tcc_compile(const es_tcc_request *request, es_code *code, char *message, size_t capacity) {
  job j = {.request = request, .code = code, .messages = {message, capacity, 0, 0}};
  *code = (es_code){0};
  message[0] = 0;

  const size_t length = strlen(request->source);
  if (length > MOST_SOURCE_BYTES) {
    add_message(&j.messages, "the C text is too long");
  } else if (memchr(request->source, '#', length)) {
    add_message(&j.messages, "the C text holds '#', and preprocessor directives are not allowed");
  } else if (!es_tcc_is_contained() && !es_code_memory_may_be_writable_code()) {
    add_message(&j.messages, "this system forbids writable code, which the distribution's libtcc needs");
  } else if (!es_call_with_stack(stack_bytes_for(request->source, length), run_job, &j)) {
    add_message(&j.messages, "no memory for a thread to compile on");
  } else if (!j.done && j.messages.count == 0) {
    add_message(&j.messages, "the C compiler failed without a message");
  }
  return j.done;
}

void es_code_free(es_code *code) {
  if (code->base) es_code_memory_unmap(&(es_code_memory){code->base, code->mapped_bytes});
  *code = (es_code){0};
}
