#define _GNU_SOURCE
#include "stack.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>

/* The lowest address of this thread's stack, and the next above it; asking costs a read of /proc/self/maps
 * on the main thread, so each thread asks once. */
static _Thread_local uintptr_t stack_low, stack_high;

/* The bytes left below the caller's frame; 0 if it is not known, as on a stack that is not the thread's
 * own. */
static size_t remaining_stack(void) {
  if (stack_high == 0) {
    pthread_attr_t attributes;
    void *low;
    size_t bytes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
    if (pthread_attr_getstack(&attributes, &low, &bytes) == 0) {
      stack_low = (uintptr_t)low;
      stack_high = stack_low + bytes;
    }
    pthread_attr_destroy(&attributes);
  }
  const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return here > stack_low && here < stack_high ? here - stack_low : 0;
}

typedef struct call {
  void (*function)(void *);
  void *context;
} call;

static void *run(void *argument) {
  const call *c = argument;
  c->function(c->context);
  return NULL;
}

bool es_call_with_stack(size_t bytes, void (*function)(void *), void *context) {
  if (remaining_stack() >= bytes) {
    function(context);
    return true;
  }
  pthread_attr_t attributes;
  pthread_t thread;
  call c = {function, context};
  if (pthread_attr_init(&attributes) != 0) return false;
  const size_t unit = 64 << 10;
  const size_t stack = (bytes + PTHREAD_STACK_MIN + unit - 1) / unit * unit;
  const bool started = pthread_attr_setstacksize(&attributes, stack) == 0
                       && pthread_create(&thread, &attributes, run, &c) == 0;
  pthread_attr_destroy(&attributes);
  if (started) pthread_join(thread, NULL);
  return started;
}
