/* Running a function where the stack is big enough. */
#ifndef ES_STACK_H
#define ES_STACK_H

#include <stdbool.h>
#include <stddef.h>

/* Calls `function(context)` with at least `bytes` bytes of stack: on this thread if it has them, else on a
 * new thread, which is waited for. False, without a call, if that thread cannot be started. */
bool es_call_with_stack(size_t bytes, void (*function)(void *), void *context);

#endif
