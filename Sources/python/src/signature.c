/* Signatures: what a kernel has to know of an array, as numbers to compare. */
#include "core.h"

void set_c_order(int rank, const int64_t *shape, int64_t step, int64_t *strides) {
  /* Extents may be anything here, so their product may wrap. */
  for (int i = rank; i-- > 0;) {
    strides[i] = step;
    step = (int64_t)((uint64_t)step * (uint64_t)shape[i]);
  }
}

int sign(einsum_type type, int rank, const int64_t *shape, const int64_t *strides, int64_t *words, int room) {
  if (rank > (room - 1) / 2) return 0;
  words[0] = type | (int64_t)rank << 8;
  for (int i = 0; i < rank; i++) {
    words[1 + i] = shape[i];
    words[1 + rank + i] = shape[i] > 1 ? strides[i] : 0;
  }
  return 1 + 2 * rank;
}

int sign_array(PyObject *object, bool writes, int64_t *words, int room, void **data) {
  _Static_assert(sizeof(Py_ssize_t) == sizeof(int64_t), "shapes of arrays are read as 64-bit numbers");
  if (is_numpy_array(object)) {
    const NumpyArray *array = (NumpyArray *)object;
    einsum_type type = numpy_element_type(array);
    if (type == EINSUM_DEFAULT || (writes && !(array->flags & NUMPY_WRITEABLE))) return 0;
    /* Complex numbers are aligned as their parts are, but kernels step by whole elements. */
    const Py_ssize_t partial = type == EINSUM_COMPLEX64 ? 4 : type == EINSUM_COMPLEX128 ? 8 : 0;
    for (int i = 0; partial != 0 && i < array->rank; i++)
      if (array->strides[i] & partial) return 0;
    *data = array->data;
    return sign(type, array->rank, (int64_t *)array->shape, (int64_t *)array->strides, words, room);
  }
  return is_tensor(object) ? sign_tensor(object, words, room, data) : 0;
}
