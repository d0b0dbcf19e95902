/* The last error of each thread, as texts that live as long as the thread or until its next error. */
#include "einsum_last_error.h"

#include "einsum.h"

#include <string.h>

static _Thread_local struct {
  char message[8192];
  char summary[4096];
  char code[64];
} last;

/* Copies a text, cut before a character of UTF-8 that would not fit whole. */
static void copy(char *target, size_t capacity, const char *text) {
  size_t length = strlen(text);
  if (length >= capacity) {
    length = capacity - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
  }
  memcpy(target, text, length);
  target[length] = 0;
}

void es_set_last_error(const char *message, const char *summary, const char *code) {
  copy(last.message, sizeof last.message, message);
  copy(last.summary, sizeof last.summary, summary);
  copy(last.code, sizeof last.code, code);
}

const char *einsum_error_message(void) {
  return last.message;
}

const char *einsum_error_summary(void) {
  return last.summary;
}

const char *einsum_error_code(void) {
  return last.code;
}
