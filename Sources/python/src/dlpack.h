/* DLPack's structures, by which torch, jax and others pass tensors without copies: https://dmlc.github.io/dlpack. */
#ifndef DLPACK_H
#define DLPACK_H

#include "core.h"

typedef struct {
  void *data;
  int32_t device_type;
  int32_t device_id;
  int32_t rank;
  uint8_t type_code;
  uint8_t bits;
  uint16_t lanes;
  int64_t *shape;
  /* In elements; NULL for C order. */
  int64_t *strides;
  uint64_t byte_offset;
} Tensor;

/* What a capsule named "dltensor" holds. */
typedef struct Unversioned {
  Tensor tensor;
  void *context;
  void (*deleter)(struct Unversioned *self);
} Unversioned;

/* What a capsule named "dltensor_versioned" holds, since DLPack 1.0. */
typedef struct Versioned {
  uint32_t major;
  uint32_t minor;
  void *context;
  void (*deleter)(struct Versioned *self);
  uint64_t flags;
  Tensor tensor;
} Versioned;

/* What a capsule named "dlpack_exchange_api" holds, since DLPack 1.2: the functions of a class of tensors. Each
 * returns 0, or -1 with a Python error set. */
typedef struct {
  uint32_t major;
  uint32_t minor;
  void *previous;
  int (*allocate)(
    Tensor *prototype, Versioned **out, void *context, void (*fail)(void *context, const char *, const char *));
  int (*export)(void *object, Versioned **out);
  int (*import)(Versioned *tensor, void **out);
  int (*peek)(void *object, Tensor *out);
  int (*stream)(int32_t device_type, int32_t device_id, void **out);
} Exchange;

enum { DLPACK_INT, DLPACK_UINT, DLPACK_FLOAT, DLPACK_HANDLE, DLPACK_BFLOAT, DLPACK_COMPLEX, DLPACK_BOOL };
enum { DLPACK_CPU = 1, DLPACK_CUDA_HOST = 3 };
enum { DLPACK_READ_ONLY = 1 };

/* EINSUM_DEFAULT if it is none of ours. */
einsum_type dlpack_type(const Tensor *tensor);

/* The strides in bytes, one for each axis. */
void dlpack_strides(const Tensor *tensor, einsum_type type, int64_t *strides);

#endif
