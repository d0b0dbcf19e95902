/* What CPython 3.9 and every later version export, but its headers show a limited API of 3.9 only later.
 *
 * The stable ABI took in METH_FASTCALL with 3.10, the buffer protocol with 3.11 and vectorcall with 3.12. The
 * functions, structures and numbers are those of 3.9, unchanged, so one binary with these declarations runs on
 * all of them; the tests do that. */
#ifndef PYTHON_ABI_H
#define PYTHON_ABI_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#if !defined(Py_LIMITED_API) || Py_LIMITED_API != 0x03090000
#error "compile with -DPy_LIMITED_API=0x03090000"
#endif

/* The buffer protocol. */
typedef struct {
  void *buf;
  PyObject *obj;
  Py_ssize_t len;
  Py_ssize_t itemsize;
  int readonly;
  int ndim;
  char *format;
  Py_ssize_t *shape;
  Py_ssize_t *strides;
  Py_ssize_t *suboffsets;
  void *internal;
} Py_buffer;

#define PyBUF_WRITABLE 0x0001
#define PyBUF_FORMAT 0x0004
#define PyBUF_ND 0x0008
#define PyBUF_STRIDES (0x0010 | PyBUF_ND)
#define PyBUF_INDIRECT (0x0100 | PyBUF_STRIDES)
#define PyBUF_FULL_RO (PyBUF_INDIRECT | PyBUF_FORMAT)

PyAPI_FUNC(int) PyObject_GetBuffer(PyObject *exporter, Py_buffer *view, int flags);
PyAPI_FUNC(void) PyBuffer_Release(Py_buffer *view);

#ifndef Py_bf_getbuffer
#define Py_bf_getbuffer 1
#endif

PyAPI_FUNC(void *) PyMem_Calloc(size_t count, size_t size);

/* Calls with arguments in an array. */
#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080
#endif
#ifndef Py_TPFLAGS_HAVE_VECTORCALL
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
#endif
#ifndef PY_VECTORCALL_ARGUMENTS_OFFSET
#define PY_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#endif

typedef PyObject *(*vectorcall_function)(
  PyObject *callable, PyObject *const *arguments, size_t count, PyObject *keywords);

PyAPI_FUNC(PyObject *) PyVectorcall_Call(PyObject *callable, PyObject *arguments, PyObject *keywords);

#endif
