/* Where einsum.h's functions leave a thread's last error. Not installed. */
#ifndef EINSUM_LAST_ERROR_H
#define EINSUM_LAST_ERROR_H

/* Remembers an error of the calling thread; texts are copied, and cut where they are longer than anyone reads. */
void es_set_last_error(const char *message, const char *summary, const char *code);

#endif
