/* Operands through DLPack. */
#include "dlpack.h"

struct dlpack_tensor {
  Unversioned *unversioned;
  Versioned *versioned;
};

void dlpack_release(struct dlpack_tensor *tensor) {
  if (tensor == NULL) return;
  /* A deleter may be Python, which must not run with an error set. */
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (tensor->unversioned != NULL && tensor->unversioned->deleter != NULL)
    tensor->unversioned->deleter(tensor->unversioned);
  if (tensor->versioned != NULL && tensor->versioned->deleter != NULL)
    tensor->versioned->deleter(tensor->versioned);
  PyMem_Free(tensor);
  PyErr_Restore(type, value, traceback);
}

einsum_type dlpack_type(const Tensor *tensor) {
  if (tensor->lanes != 1) return EINSUM_DEFAULT;
  einsum_type first, last;
  switch (tensor->type_code) {
  case DLPACK_INT: first = EINSUM_INT8, last = EINSUM_INT64; break;
  case DLPACK_UINT: first = EINSUM_UINT8, last = EINSUM_UINT64; break;
  case DLPACK_FLOAT: first = EINSUM_FLOAT16, last = EINSUM_FLOAT64; break;
  case DLPACK_BFLOAT: return tensor->bits == 16 ? EINSUM_BFLOAT16 : EINSUM_DEFAULT;
  case DLPACK_COMPLEX: first = EINSUM_COMPLEX64, last = EINSUM_COMPLEX128; break;
  case DLPACK_BOOL: return tensor->bits == 8 ? EINSUM_BOOL : EINSUM_DEFAULT;
  default: return EINSUM_DEFAULT;
  }
  for (einsum_type type = first; type <= last; type++)
    if (type != EINSUM_BFLOAT16 && einsum_type_size(type) * 8 == tensor->bits) return type;
  return EINSUM_DEFAULT;
}

void dlpack_strides(const Tensor *tensor, einsum_type type, int64_t *strides) {
  uint64_t size = einsum_type_size(type);
  if (tensor->strides == NULL) return set_c_order(tensor->rank, tensor->shape, (int64_t)size, strides);
  for (int i = 0; i < tensor->rank; i++) strides[i] = (int64_t)((uint64_t)tensor->strides[i] * size);
}

static bool read_tensor(Operand *operand, const Tensor *tensor) {
  if (tensor->device_type != DLPACK_CPU && tensor->device_type != DLPACK_CUDA_HOST) {
    PyErr_Format(PyExc_TypeError, "the array is on a device of type %d, and einsumc computes on the CPU",
      tensor->device_type);
    return false;
  }
  operand->type = dlpack_type(tensor);
  if (operand->type == EINSUM_DEFAULT) {
    PyErr_Format(PyExc_TypeError, "there is no element type for DLPack's type %d of %d bits and %d lanes",
      tensor->type_code, tensor->bits, tensor->lanes);
    return false;
  }
  if (tensor->rank < 0 || (tensor->rank > 0 && tensor->shape == NULL)) {
    PyErr_SetString(PyExc_BufferError, "the array's DLPack tensor has no shape");
    return false;
  }
  if (!operand_set_rank(operand, tensor->rank)) return false;
  for (int i = 0; i < tensor->rank; i++) operand->shape[i] = tensor->shape[i];
  dlpack_strides(tensor, operand->type, operand->strides);
  operand->data = (char *)tensor->data + tensor->byte_offset;
  return true;
}

/* The capsule of object.__dlpack__, of version 1 if the object knows it. */
static PyObject *request(PyObject *object) {
  PyObject *method = PyObject_GetAttrString(object, "__dlpack__");
  if (method == NULL) return NULL;
  PyObject *none = PyTuple_New(0), *keywords = Py_BuildValue("{s(ii)}", "max_version", 1, 0);
  PyObject *capsule = none != NULL && keywords != NULL ? PyObject_Call(method, none, keywords) : NULL;
  if (capsule == NULL && PyErr_ExceptionMatches(PyExc_TypeError) && none != NULL && keywords != NULL) {
    PyErr_Clear();
    capsule = PyObject_Call(method, none, NULL);
  }
  Py_XDECREF(none);
  Py_XDECREF(keywords);
  Py_DECREF(method);
  return capsule;
}

bool operand_read_dlpack(Operand *operand, PyObject *object) {
  PyObject *capsule = request(object);
  if (capsule == NULL) return false;
  struct dlpack_tensor *tensor = operand->dlpack = PyMem_Calloc(1, sizeof *tensor);
  const Tensor *content = NULL;
  /* Renaming a capsule takes over what it holds. */
  if (tensor == NULL) {
    PyErr_NoMemory();
  } else if (PyCapsule_IsValid(capsule, "dltensor_versioned")) {
    Versioned *versioned = PyCapsule_GetPointer(capsule, "dltensor_versioned");
    if (versioned->major != 1) {
      PyErr_Format(PyExc_BufferError, "the array speaks DLPack %u, and einsumc version 1", versioned->major);
    } else if (PyCapsule_SetName(capsule, "used_dltensor_versioned") == 0) {
      tensor->versioned = versioned;
      operand->readonly = versioned->flags & DLPACK_READ_ONLY;
      content = &versioned->tensor;
    }
  } else {
    Unversioned *unversioned = PyCapsule_GetPointer(capsule, "dltensor");
    if (unversioned != NULL && PyCapsule_SetName(capsule, "used_dltensor") == 0) {
      tensor->unversioned = unversioned;
      content = &unversioned->tensor;
    }
  }
  bool done = content != NULL && read_tensor(operand, content);
  Py_DECREF(capsule);
  return done;
}
