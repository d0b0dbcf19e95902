/* Reading and making numpy arrays without a call into Python: no numpy is needed to build this, and none to run
 * what does not use it. The layout of arrays and the places in numpy's function table are those that every
 * extension module compiled against numpy has built in; other versions of its ABI are left alone, and arrays then
 * take the slower way through the buffer protocol. */
#include "core.h"

PyObject *numpy_array_type;

/* Places in numpy's function table, the same since numpy 1.7. */
enum { GET_ABI_VERSION = 0, ARRAY_RETURN = 76, ARRAY_NEW = 93 };

static unsigned (*get_abi_version)(void);
static PyObject *(*array_return)(PyObject *array);
static PyObject *(*array_new)(
  PyTypeObject *type, int rank, const Py_ssize_t *shape, int number, const Py_ssize_t *strides, void *data,
  int item_size, int flags, PyObject *base);

typedef struct {
  PyObject *dtype;
  einsum_type type;
} KnownType;

/* The dtype objects that arrays have nearly always: numpy keeps one object for each type. */
static KnownType known[32];
static int known_count;
/* numpy's number of each of our types; -1 without. */
static int numbers[EINSUM_COMPLEX128 + 1];

einsum_type numpy_element_type(const NumpyArray *array) {
  if (!(array->flags & NUMPY_ALIGNED)) return EINSUM_DEFAULT;
  for (int i = 0; i < known_count; i++)
    if (known[i].dtype == array->dtype) return known[i].type;
  return EINSUM_DEFAULT;
}

PyObject *numpy_new(einsum_type type, int rank, const Py_ssize_t *shape, const Py_ssize_t *strides) {
  if (numbers[type] < 0) {
    PyErr_Format(PyExc_TypeError, "numpy has no type for %s results", einsum_type_name(type));
    return NULL;
  }
  return array_new((PyTypeObject *)numpy_array_type, rank, shape, numbers[type], strides, NULL, 0, 0, NULL);
}

PyObject *numpy_scalar(PyObject *array) { return array_return(array); }

static bool add_known(PyObject *name, PyObject *dtype) {
  einsum_type type = type_named(name);
  if (type == EINSUM_DEFAULT) return false;
  PyObject *number = PyObject_GetAttrString(dtype, "num");
  if (number == NULL) return false;
  long value = PyLong_AsLong(number);
  Py_DECREF(number);
  if (value == -1 && PyErr_Occurred()) return false;
  for (int i = 0; i < known_count; i++)
    if (known[i].dtype == dtype) return true;
  if (known_count == (int)(sizeof known / sizeof known[0])) return true;
  Py_INCREF(dtype);
  known[known_count++] = (KnownType){dtype, type};
  if (numbers[type] < 0) numbers[type] = (int)value;
  return true;
}

/* numpy_set_up(ndarray, function table, [(name, dtype), ...]) -> bool: whether this numpy's ABI is known. May be
 * called again for more types. */
PyObject *numpy_set_up(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *array_type, *capsule, *types;
  if (!PyArg_ParseTuple(arguments, "OOO!:numpy_set_up", &array_type, &capsule, &PyList_Type, &types))
    return NULL;
  void **table = PyCapsule_GetPointer(capsule, NULL);
  if (table == NULL) return NULL;
  get_abi_version = table[GET_ABI_VERSION];
  unsigned version = get_abi_version();
  if (version != 0x01000009 && version != 0x02000000) Py_RETURN_FALSE;
  array_return = table[ARRAY_RETURN];
  array_new = table[ARRAY_NEW];
  if (numpy_array_type == NULL) {
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) numbers[i] = -1;
    Py_INCREF(array_type);
    numpy_array_type = array_type;
  }
  for (Py_ssize_t i = 0; i < PyList_Size(types); i++) {
    PyObject *name, *dtype;
    if (!PyArg_ParseTuple(PyList_GetItem(types, i), "OO", &name, &dtype) || !add_known(name, dtype))
      return NULL;
  }
  Py_RETURN_TRUE;
}
