/* Operands: arrays of any library, read through the buffer protocol, DLPack, or numpy's own layout. */
#include "core.h"

#include <string.h>

PyTypeObject *operand_type;

bool operand_set_rank(Operand *operand, int rank) {
  operand->rank = rank;
  operand->shape = PyMem_Malloc((size_t)(2 * rank + 1) * sizeof(int64_t));
  if (operand->shape == NULL) return PyErr_NoMemory(), false;
  operand->strides = operand->shape + rank;
  return true;
}

static bool read_numpy(Operand *operand, PyObject *object, einsum_type type) {
  const NumpyArray *array = (NumpyArray *)object;
  operand->type = type;
  operand->data = array->data;
  operand->readonly = !(array->flags & NUMPY_WRITEABLE);
  if (!operand_set_rank(operand, array->rank)) return false;
  for (int i = 0; i < array->rank; i++) {
    operand->shape[i] = array->shape[i];
    operand->strides[i] = array->strides[i];
  }
  Py_INCREF(object);
  operand->owner = object;
  return true;
}

/* The element type of a format of the struct module, whose size is known; EINSUM_DEFAULT if it is none of ours. */
static einsum_type type_of_format(const char *format, Py_ssize_t size) {
  static const struct {
    const char *kinds;
    einsum_type first, last;
  } groups[] = {
    {"?", EINSUM_BOOL, EINSUM_BOOL},
    {"bhilqn", EINSUM_INT8, EINSUM_INT64},
    {"BHILQN", EINSUM_UINT8, EINSUM_UINT64},
    {"efd", EINSUM_FLOAT16, EINSUM_FLOAT64},
    {"FD", EINSUM_COMPLEX64, EINSUM_COMPLEX128},
  };
  if (format == NULL) return size == 1 ? EINSUM_UINT8 : EINSUM_DEFAULT;
  if (*format == '@' || *format == '=' || *format == '<') format++;
  char kind = *format;
  if (kind == 'Z' && (format[1] == 'f' || format[1] == 'd')) kind = *++format == 'f' ? 'F' : 'D';
  if (kind == 0 || format[1] != 0) return EINSUM_DEFAULT;
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
    if (strchr(groups[i].kinds, kind) == NULL) continue;
    for (einsum_type type = groups[i].first; type <= groups[i].last; type++)
      if (type != EINSUM_BFLOAT16 && (Py_ssize_t)einsum_type_size(type) == size) return type;
  }
  return EINSUM_DEFAULT;
}

static bool read_buffer(Operand *operand, PyObject *object, einsum_type type) {
  Py_buffer *buffer = PyMem_Calloc(1, sizeof *buffer);
  if (buffer == NULL) return PyErr_NoMemory(), false;
  if (PyObject_GetBuffer(object, buffer, PyBUF_FULL_RO) < 0) return PyMem_Free(buffer), false;
  operand->buffer = buffer;
  operand->type = type != EINSUM_DEFAULT ? type : type_of_format(buffer->format, buffer->itemsize);
  if (operand->type == EINSUM_DEFAULT) {
    PyErr_Format(PyExc_TypeError, "there is no element type for a buffer of format '%s'",
      buffer->format == NULL ? "B" : buffer->format);
    return false;
  }
  if ((Py_ssize_t)einsum_type_size(operand->type) != buffer->itemsize) {
    PyErr_Format(PyExc_TypeError, "%s has %zu bytes and the buffer's items have %zd",
      einsum_type_name(operand->type), einsum_type_size(operand->type), buffer->itemsize);
    return false;
  }
  if (buffer->suboffsets != NULL) {
    PyErr_SetString(PyExc_TypeError, "buffers with suboffsets are not supported");
    return false;
  }
  operand->data = buffer->buf;
  operand->readonly = buffer->readonly;
  if (!operand_set_rank(operand, buffer->ndim)) return false;
  for (int i = 0; i < buffer->ndim; i++) {
    operand->shape[i] = buffer->shape[i];
    if (buffer->strides != NULL) operand->strides[i] = buffer->strides[i];
  }
  if (buffer->strides == NULL) set_c_order(buffer->ndim, operand->shape, buffer->itemsize, operand->strides);
  return true;
}

static bool read_object(Operand *operand, PyObject *object, einsum_type type) {
  if (is_numpy_array(object)) {
    einsum_type own = numpy_element_type((NumpyArray *)object);
    if (own != EINSUM_DEFAULT) return read_numpy(operand, object, own);
  }
  if (PyObject_HasAttrString(object, "__dlpack__") && !is_numpy_array(object))
    return operand_read_dlpack(operand, object);
  return read_buffer(operand, object, type);
}

/* Operand(object, type=None, conjugate=False) */
static PyObject *operand_new(PyTypeObject *class, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"object", "type", "conjugate", NULL};
  PyObject *object, *name = Py_None;
  int conjugate = 0;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|Op:Operand", names, &object, &name, &conjugate))
    return NULL;
  einsum_type type = EINSUM_DEFAULT;
  if (name != Py_None && (type = type_named(name)) == EINSUM_DEFAULT) return NULL;
  Operand *operand = (Operand *)PyType_GenericAlloc(class, 0);
  if (operand == NULL) return NULL;
  operand->conjugate = conjugate;
  if (!read_object(operand, object, type)) {
    Py_DECREF(operand);
    return NULL;
  }
  return (PyObject *)operand;
}

static void operand_dealloc(PyObject *self) {
  Operand *operand = (Operand *)self;
  PyTypeObject *class = Py_TYPE(self);
  if (operand->buffer != NULL) {
    PyBuffer_Release(operand->buffer);
    PyMem_Free(operand->buffer);
  }
  dlpack_release(operand->dlpack);
  Py_XDECREF(operand->owner);
  PyMem_Free(operand->shape);
  ((freefunc)PyType_GetSlot(class, Py_tp_free))(self);
  Py_DECREF(class);
}

static PyObject *get_type(PyObject *self, void *unused) {
  (void)unused;
  return PyUnicode_FromString(einsum_type_name(((Operand *)self)->type));
}

static PyObject *get_shape(PyObject *self, void *unused) {
  (void)unused;
  return tuple_of(((Operand *)self)->shape, ((Operand *)self)->rank);
}

static PyObject *get_strides(PyObject *self, void *unused) {
  (void)unused;
  return tuple_of(((Operand *)self)->strides, ((Operand *)self)->rank);
}

static PyObject *get_readonly(PyObject *self, void *unused) {
  (void)unused;
  return PyBool_FromLong(((Operand *)self)->readonly);
}

static PyObject *get_conjugate(PyObject *self, void *unused) {
  (void)unused;
  return PyBool_FromLong(((Operand *)self)->conjugate);
}

static PyObject *get_address(PyObject *self, void *unused) {
  (void)unused;
  return PyLong_FromVoidPtr(((Operand *)self)->data);
}

bool add_operand_type(PyObject *module) {
  static PyGetSetDef properties[] = {
    {"type", get_type, NULL, "the name of the elements' type", NULL},
    {"shape", get_shape, NULL, "the extent of each axis", NULL},
    {"strides", get_strides, NULL, "the step along each axis, in bytes", NULL},
    {"readonly", get_readonly, NULL, "whether the memory must not be written", NULL},
    {"conjugate", get_conjugate, NULL, "whether the complex conjugate is meant", NULL},
    {"address", get_address, NULL, "where the element at index zero of every axis is", NULL},
    {0},
  };
  static PyType_Slot slots[] = {
    {Py_tp_doc, "Operand(object, type=None, conjugate=False)\n--\n\nThe memory of an array, without a copy."},
    {Py_tp_new, operand_new},
    {Py_tp_dealloc, operand_dealloc},
    {Py_tp_getset, properties},
    {0, NULL},
  };
  static PyType_Spec spec = {"einsumc._core.Operand", sizeof(Operand), 0, Py_TPFLAGS_DEFAULT, slots};
  operand_type = (PyTypeObject *)PyType_FromSpec(&spec);
  if (operand_type == NULL) return false;
  Py_INCREF(operand_type);
  return PyModule_AddObject(module, "Operand", (PyObject *)operand_type) == 0;
}
