/* Memory for results where numpy is not there: an object with a buffer, for memoryview(). */
#include "core.h"

#include <stdlib.h>

typedef struct {
  PyObject_HEAD
  void *data;
  einsum_type type;
  int rank;
  Py_ssize_t *shape; /* shape, then strides */
  Py_ssize_t size;
} Memory;

static const char *format_of(einsum_type type) {
  switch (type) {
  case EINSUM_BOOL: return "?";
  case EINSUM_INT8: return "b";
  case EINSUM_INT16: return "h";
  case EINSUM_INT32: return "i";
  case EINSUM_INT64: return "q";
  case EINSUM_UINT8: return "B";
  case EINSUM_UINT16: return "H";
  case EINSUM_UINT32: return "I";
  case EINSUM_UINT64: return "Q";
  case EINSUM_FLOAT16: return "e";
  case EINSUM_FLOAT32: return "f";
  case EINSUM_FLOAT64: return "d";
  case EINSUM_COMPLEX64: return "Zf";
  case EINSUM_COMPLEX128: return "Zd";
  default: return NULL;
  }
}

/* Memory(type, shape), in C order and uninitialized. */
static PyObject *memory_new(PyTypeObject *class, PyObject *arguments, PyObject *keywords) {
  (void)keywords;
  PyObject *name, *shape;
  if (!PyArg_ParseTuple(arguments, "OO!:Memory", &name, &PyTuple_Type, &shape)) return NULL;
  einsum_type type = type_named(name);
  if (type == EINSUM_DEFAULT) return NULL;
  if (format_of(type) == NULL)
    return PyErr_Format(PyExc_TypeError, "buffers have no format for %s results", einsum_type_name(type));
  Memory *self = (Memory *)PyType_GenericAlloc(class, 0);
  if (self == NULL) return NULL;
  self->type = type;
  self->rank = (int)PyTuple_Size(shape);
  self->shape = PyMem_Malloc((size_t)(2 * self->rank + 1) * sizeof *self->shape);
  Py_ssize_t size = (Py_ssize_t)einsum_type_size(type);
  bool fits = self->shape != NULL;
  for (int i = self->rank; fits && i-- > 0;) {
    self->shape[i] = PyLong_AsSsize_t(PyTuple_GetItem(shape, i));
    self->shape[self->rank + i] = size;
    fits = self->shape[i] >= 0 && !__builtin_mul_overflow(size, self->shape[i], &size);
  }
  self->size = size;
  if (!fits || posix_memalign(&self->data, 64, (size_t)size + 1) != 0) {
    self->data = NULL;
    Py_DECREF(self);
    return PyErr_Occurred() ? NULL : PyErr_NoMemory();
  }
  return (PyObject *)self;
}

static void memory_dealloc(PyObject *object) {
  Memory *self = (Memory *)object;
  PyTypeObject *class = Py_TYPE(object);
  free(self->data);
  PyMem_Free(self->shape);
  ((freefunc)PyType_GetSlot(class, Py_tp_free))(object);
  Py_DECREF(class);
}

static int get_buffer(PyObject *object, Py_buffer *view, int flags) {
  Memory *self = (Memory *)object;
  *view = (Py_buffer){
    .buf = self->data,
    .obj = object,
    .len = self->size,
    .itemsize = (Py_ssize_t)einsum_type_size(self->type),
    .ndim = self->rank,
    .format = flags & PyBUF_FORMAT ? (char *)format_of(self->type) : NULL,
    .shape = flags & PyBUF_ND ? self->shape : NULL,
    .strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? self->shape + self->rank : NULL,
  };
  Py_INCREF(object);
  return 0;
}

bool add_memory_type(PyObject *module) {
  static PyType_Slot slots[] = {
    {Py_tp_doc, "Memory(type, shape)\n--\n\nAn array of its own, for memoryview()."},
    {Py_tp_new, memory_new},
    {Py_tp_dealloc, memory_dealloc},
    {Py_bf_getbuffer, get_buffer},
    {0, NULL},
  };
  static PyType_Spec spec = {"einsumc._core.Memory", sizeof(Memory), 0, Py_TPFLAGS_DEFAULT, slots};
  PyObject *type = PyType_FromSpec(&spec);
  return type != NULL && PyModule_AddObject(module, "Memory", type) == 0;
}
