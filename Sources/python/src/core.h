/* What the files of the extension module share. All state is the process's: the module loads once. */
#ifndef CORE_H
#define CORE_H

#include "python_abi.h"

#include <einsum.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- Operands (operand.c, dlpack.c) ---- */

struct dlpack_tensor;

/* Memory of somebody's array, and how elements lie in it. Strides are in bytes. */
typedef struct {
  PyObject_HEAD
  char *data;
  einsum_type type;
  int rank;
  bool readonly;
  bool conjugate;
  /* 2 * rank numbers: shape, then strides. */
  int64_t *shape;
  int64_t *strides;
  /* What keeps the memory: the array itself, a buffer of it, or a DLPack tensor. */
  PyObject *owner;
  Py_buffer *buffer;
  struct dlpack_tensor *dlpack;
} Operand;

extern PyTypeObject *operand_type;
bool add_operand_type(PyObject *module);

/* Sets rank and makes room for shape and strides. */
bool operand_set_rank(Operand *operand, int rank);

/* Reads an object with a __dlpack__ method. */
bool operand_read_dlpack(Operand *operand, PyObject *object);
void dlpack_release(struct dlpack_tensor *tensor);

/* ---- numpy arrays without calls (numpy.c) ---- */

/* The first fields of numpy's arrays, as its headers define them for inline access; the same in numpy 1 and 2. */
typedef struct {
  PyObject_HEAD
  char *data;
  int rank;
  Py_ssize_t *shape;
  Py_ssize_t *strides;
  PyObject *base;
  PyObject *dtype;
  int flags;
} NumpyArray;

#define NUMPY_ALIGNED 0x0100
#define NUMPY_WRITEABLE 0x0400

/* numpy.ndarray, once numpy is known and its layout is one that this file knows. */
extern PyObject *numpy_array_type;

static inline bool is_numpy_array(PyObject *object) {
  return (PyObject *)Py_TYPE(object) == numpy_array_type;
}

/* The type of an aligned array's elements in native byte order; EINSUM_DEFAULT if it is none of ours. */
einsum_type numpy_element_type(const NumpyArray *array);

/* A new array of a kernel's result, uninitialized; NULL with an error set. */
PyObject *numpy_new(einsum_type type, int rank, const Py_ssize_t *shape, const Py_ssize_t *strides);

/* A 0-dimensional array as a scalar; takes the reference. */
PyObject *numpy_scalar(PyObject *array);

PyObject *numpy_set_up(PyObject *module, PyObject *arguments);

/* ---- torch tensors, nearly without calls (torch.c) ---- */

/* torch.Tensor, once torch is known and offers what this needs. */
extern PyObject *tensor_type;

static inline bool is_tensor(PyObject *object) { return (PyObject *)Py_TYPE(object) == tensor_type; }

/* A signature as below of a tensor that kernels can read as it is; 0 for others. */
int sign_tensor(PyObject *tensor, int64_t *words, int room, void **data);

/* A new tensor in C order, uninitialized, and its memory; NULL with an error set. */
PyObject *tensor_new(einsum_type type, int rank, const Py_ssize_t *shape, void **data);

PyObject *torch_set_up(PyObject *module, PyObject *arguments);

/* ---- Signatures: type, shape and strides as numbers to compare (signature.c) ---- */

/* The strides of C order, in units of which an element has `step`. */
void set_c_order(int rank, const int64_t *shape, int64_t step, int64_t *strides);

/* 1 + 2 * rank numbers; strides are in bytes, and 0 for axes no longer than 1. Returns how many there are, or 0 if
 * there is no room. */
int sign(einsum_type type, int rank, const int64_t *shape, const int64_t *strides, int64_t *words, int room);

/* A numpy array or a tensor, and its memory. 0 if it is neither, or not one that kernels read, or write, as it is. */
int sign_array(PyObject *array, bool writes, int64_t *words, int room, void **data);

/* ---- Kernels (kernel.c) ---- */

#define MOST_OPERANDS 16
#define MOST_WORDS 96

typedef struct {
  PyObject_HEAD
  vectorcall_function vectorcall;
  einsum_kernel *kernel;
  PyObject *equation;
  int operand_count;
  /* A tuple of tuples. */
  PyObject *operand_shapes;
  /* What the kernel was compiled with. */
  einsum_type accumulate;
  int threads;
  /* The result; strides in bytes. */
  einsum_type type;
  int rank;
  Py_ssize_t *shape;
  Py_ssize_t *strides;
  /* The signatures of operands and output, one after the other; no words if they are too many. */
  int operand_words;
  int output_words;
  int64_t words[MOST_WORDS];
  /* Whether a call takes long enough for the GIL to be worth releasing. */
  bool is_long;
} Kernel;

extern PyTypeObject *kernel_type;
bool add_kernel_type(PyObject *module);

/* kernel(*operands, out=None): the vectorcall function of kernels. */
PyObject *kernel_call(PyObject *self, PyObject *const *arguments, size_t flags, PyObject *keywords);

/* Runs on memory; false with an error set. */
bool kernel_run(Kernel *kernel, const void *const *operands, void *output);

/* Runs on memory into a new tensor, or a new numpy array; a scalar if that has no axes. */
PyObject *kernel_run_new(Kernel *kernel, const void *const *operands, bool tensor);

PyObject *core_compile(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_run(PyObject *module, PyObject *arguments);

/* ---- The cache in front of einsum (cache.c) ---- */

PyObject *core_einsum(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *core_remember(PyObject *module, PyObject *arguments);

/* ---- Memory for results without numpy (memory.c) ---- */

bool add_memory_type(PyObject *module);

/* ---- The module (module.c) ---- */

/* Functions of the Python part, by name, and what they are called for. */
typedef struct {
  PyObject *einsum; /* (*operands, **keywords): all that the cache does not know */
  PyObject *call;   /* (kernel, operands, out): operands that a kernel was not compiled for */
  PyObject *html;   /* (kernel) -> str */
  PyObject *view;   /* numpy's einsum, which makes views of its arrays */
  PyObject *error;  /* EinsumError */
} Functions;

extern Functions functions;

/* Raises this thread's error of the library. */
void raise_library_error(einsum_status status);

/* A name such as "float32" as a type; EINSUM_DEFAULT with a TypeError set if there is none. */
einsum_type type_named(PyObject *name);

/* A tuple of ints. */
PyObject *tuple_of(const int64_t *numbers, Py_ssize_t count);

/* Calls a Python function with an argument array. */
PyObject *call_with(PyObject *function, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);

#endif
