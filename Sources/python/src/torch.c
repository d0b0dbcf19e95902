/* torch tensors through DLPack's exchange functions, which cost no Python call: torch has them since 2.10. Tensors of
 * an older one take the slower way through __dlpack__. */
#include "dlpack.h"

PyObject *tensor_type;

static const Exchange *exchange;
/* Methods of tensors, and the name of an attribute. */
static PyObject *is_neg, *is_conj, *requires_grad;

/* Whether an attribute or a method's result is false. */
static bool is_false(PyObject *value) {
  bool result = value == Py_False;
  if (value == NULL) PyErr_Clear();
  Py_XDECREF(value);
  return result;
}

int sign_tensor(PyObject *object, int64_t *words, int room, void **data) {
  Tensor tensor;
  /* Sparse tensors and the like have no plain memory. */
  if (exchange->peek(object, &tensor) != 0) return PyErr_Clear(), 0;
  einsum_type type = dlpack_type(&tensor);
  if (type == EINSUM_DEFAULT || tensor.device_type != DLPACK_CPU || 1 + 2 * tensor.rank > room) return 0;
  /* Lazily negated or conjugated elements are not what is in memory. */
  if (!is_false(PyObject_GetAttr(object, requires_grad))) return 0;
  if (!is_false(PyObject_CallFunctionObjArgs(is_neg, object, NULL))) return 0;
  if (type >= EINSUM_COMPLEX64 && !is_false(PyObject_CallFunctionObjArgs(is_conj, object, NULL))) return 0;
  *data = (char *)tensor.data + tensor.byte_offset;
  int64_t strides[MOST_WORDS / 2];
  dlpack_strides(&tensor, type, strides);
  return sign(type, tensor.rank, tensor.shape, strides, words, room);
}

static void set_error(void *context, const char *kind, const char *message) {
  (void)context;
  PyErr_Format(PyExc_RuntimeError, "%s: %s", kind, message);
}

PyObject *tensor_new(einsum_type type, int rank, const Py_ssize_t *shape, void **data) {
  static const uint8_t codes[EINSUM_COMPLEX128 + 1] = {
    [EINSUM_BOOL] = DLPACK_BOOL,
    [EINSUM_UINT8] = DLPACK_UINT,
    [EINSUM_UINT16] = DLPACK_UINT,
    [EINSUM_UINT32] = DLPACK_UINT,
    [EINSUM_UINT64] = DLPACK_UINT,
    [EINSUM_FLOAT16] = DLPACK_FLOAT,
    [EINSUM_BFLOAT16] = DLPACK_BFLOAT,
    [EINSUM_FLOAT32] = DLPACK_FLOAT,
    [EINSUM_FLOAT64] = DLPACK_FLOAT,
    [EINSUM_COMPLEX64] = DLPACK_COMPLEX,
    [EINSUM_COMPLEX128] = DLPACK_COMPLEX,
  }; /* the signed integers have DLPACK_INT, which is 0 */
  Tensor prototype = {
    .device_type = DLPACK_CPU,
    .rank = rank,
    .type_code = codes[type],
    .bits = (uint8_t)(8 * einsum_type_size(type)),
    .lanes = 1,
    .shape = (int64_t *)shape,
  };
  Versioned *tensor = NULL;
  void *object = NULL;
  if (exchange->allocate(&prototype, &tensor, NULL, set_error) != 0) {
    if (!PyErr_Occurred()) PyErr_NoMemory();
    return NULL;
  }
  *data = (char *)tensor->tensor.data + tensor->tensor.byte_offset;
  if (exchange->import(tensor, &object) != 0) return NULL;
  return object;
}

/* set_up_torch(Tensor, exchange capsule, Tensor.is_neg, Tensor.is_conj) */
PyObject *torch_set_up(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *type, *capsule, *neg, *conj;
  if (!PyArg_ParseTuple(arguments, "OOOO:set_up_torch", &type, &capsule, &neg, &conj)) return NULL;
  const Exchange *functions = PyCapsule_GetPointer(capsule, "dlpack_exchange_api");
  if (functions == NULL) return NULL;
  if (tensor_type != NULL || functions->major != 1) Py_RETURN_NONE;
  requires_grad = PyUnicode_InternFromString("requires_grad");
  if (requires_grad == NULL) return NULL;
  Py_INCREF(type);
  Py_INCREF(neg);
  Py_INCREF(conj);
  exchange = functions;
  is_neg = neg;
  is_conj = conj;
  tensor_type = type;
  Py_RETURN_NONE;
}
