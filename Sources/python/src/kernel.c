/* Kernels: compiled einsums, called like functions. */
#include "core.h"

#include <stddef.h>
#include <string.h>

PyTypeObject *kernel_type;

/* ---- Compiling ---- */

/* The numbers of a tuple, in memory of their own; NULL with an error set. */
static int64_t *numbers_of(PyObject *tuple, Py_ssize_t count) {
  int64_t *numbers = PyMem_Malloc((size_t)(count + 1) * sizeof *numbers);
  if (numbers == NULL) return (int64_t *)PyErr_NoMemory();
  for (Py_ssize_t i = 0; i < count; i++) {
    numbers[i] = PyLong_AsLongLong(PyTuple_GetItem(tuple, i));
    if (numbers[i] == -1 && PyErr_Occurred()) return PyMem_Free(numbers), NULL;
  }
  return numbers;
}

/* Describes an Operand, or a pair of type name and shape for an array in C order. What the description points at
 * is in `owned`, unless the operand has it. */
static bool describe(PyObject *item, einsum_tensor *tensor, int64_t **owned) {
  if (Py_TYPE(item) == operand_type) {
    const Operand *operand = (Operand *)item;
    *tensor = (einsum_tensor){
      operand->type, operand->rank, operand->shape, operand->strides,
      EINSUM_BYTE_STRIDES | (operand->conjugate ? EINSUM_CONJUGATE : 0), 0};
    return true;
  }
  PyObject *name, *shape;
  if (!PyArg_ParseTuple(item, "OO!", &name, &PyTuple_Type, &shape)) return false;
  einsum_type type = type_named(name);
  if (type == EINSUM_DEFAULT) return false;
  Py_ssize_t rank = PyTuple_Size(shape);
  if ((*owned = numbers_of(shape, rank)) == NULL) return false;
  *tensor = (einsum_tensor){type, (int32_t)rank, *owned, NULL, 0, 0};
  return true;
}

/* The signature of an operand in the memory that it was described with; 0 if there is no room, or if arrays cannot have
 * it. */
static int sign_operand(const einsum_tensor *operand, int64_t *words, int room) {
  int64_t c_order[MOST_WORDS / 2];
  if (operand->rank > MOST_WORDS / 2 || operand->flags & EINSUM_CONJUGATE) return 0;
  if (operand->strides == NULL)
    set_c_order(operand->rank, operand->shape, (int64_t)einsum_type_size(operand->type), c_order);
  const int64_t *strides = operand->strides != NULL ? operand->strides : c_order;
  return sign(operand->type, operand->rank, operand->shape, strides, words, room);
}

/* Signs operands and output, if they are not too many. */
static void sign_kernel(Kernel *self, const einsum_tensor *operands) {
  if (self->operand_count > MOST_OPERANDS) return;
  int used = 0;
  for (int i = 0; i < self->operand_count; i++) {
    int count = sign_operand(&operands[i], self->words + used, MOST_WORDS - used);
    if (count == 0) return;
    used += count;
  }
  self->output_words = sign(self->type, self->rank, (int64_t *)self->shape, (int64_t *)self->strides,
    self->words + used, MOST_WORDS - used);
  if (self->output_words > 0) self->operand_words = used;
}

/* Fills in what calls need to know beside the library's kernel. */
static bool complete(Kernel *self, const einsum_tensor *operands) {
  self->type = einsum_output_type(self->kernel);
  self->rank = einsum_output_rank(self->kernel);
  int64_t size = (int64_t)einsum_type_size(self->type);
  self->shape = PyMem_Malloc((size_t)(2 * self->rank + 1) * sizeof *self->shape);
  if (self->shape == NULL) return PyErr_NoMemory(), false;
  self->strides = self->shape + self->rank;
  for (int i = 0; i < self->rank; i++) {
    self->shape[i] = einsum_output_shape(self->kernel)[i];
    self->strides[i] = einsum_output_strides(self->kernel)[i] * size;
  }
  self->operand_shapes = PyTuple_New(self->operand_count);
  for (int i = 0; self->operand_shapes != NULL && i < self->operand_count; i++) {
    PyObject *shape = tuple_of(operands[i].shape, operands[i].rank);
    if (shape == NULL || PyTuple_SetItem(self->operand_shapes, i, shape) < 0) return false;
  }
  if (self->operand_shapes == NULL) return false;
  sign_kernel(self, operands);
  /* A few microseconds; releasing and taking back the GIL costs a tenth of one. */
  self->is_long = einsum_flop_count(self->kernel) > 1e5 || einsum_byte_count(self->kernel) > 65536;
  return true;
}

static Kernel *make_kernel(PyObject *equation, int count, const einsum_tensor *operands,
  const einsum_tensor *output, const einsum_options *options) {
  PyObject *bytes = PyUnicode_AsUTF8String(equation);
  char *text;
  /* Refuses a null character in the text. */
  if (bytes == NULL || PyBytes_AsStringAndSize(bytes, &text, NULL) < 0) {
    Py_XDECREF(bytes);
    return NULL;
  }
  einsum_kernel *kernel;
  einsum_status status;
  Py_BEGIN_ALLOW_THREADS
  status = einsum_compile(text, (size_t)count, operands, output, options, &kernel);
  Py_END_ALLOW_THREADS
  Py_DECREF(bytes);
  if (status != EINSUM_OK) return raise_library_error(status), NULL;
  Kernel *self = (Kernel *)PyType_GenericAlloc(kernel_type, 0);
  if (self == NULL) return einsum_release(kernel), NULL;

  self->vectorcall = kernel_call;
  self->kernel = kernel;
  self->operand_count = count;
  self->accumulate = options->accumulate;
  self->threads = options->threads;
  Py_INCREF(equation);
  self->equation = equation;
  if (!complete(self, operands)) return Py_DECREF(self), NULL;
  return self;
}

/* compile(equation, operands, output=None, accumulate=None, threads=0) -> Kernel. Operands are Operands or pairs of
 * type name and shape; output is a pair of its shape and its strides in bytes, or None for C order. */
PyObject *core_compile(PyObject *module, PyObject *arguments, PyObject *keywords) {
  (void)module;
  static char *names[] = {"equation", "operands", "output", "accumulate", "threads", NULL};
  PyObject *equation, *items, *layout = Py_None, *accumulate = Py_None;
  int threads = 0;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "UO!|OOi:compile", names, &equation, &PyList_Type, &items,
        &layout, &accumulate, &threads))
    return NULL;
  einsum_options options = EINSUM_OPTIONS_INIT;
  options.threads = threads;
  options.flags = EINSUM_COPY_ON_OVERLAP;
  if (accumulate != Py_None && (options.accumulate = type_named(accumulate)) == EINSUM_DEFAULT) return NULL;
  int count = (int)PyList_Size(items);
  einsum_tensor *operands = PyMem_Calloc((size_t)count + 1, sizeof *operands);
  int64_t **owned = PyMem_Calloc((size_t)count + 2, sizeof *owned);
  einsum_tensor output = {EINSUM_DEFAULT, 0, NULL, NULL, EINSUM_BYTE_STRIDES, 0};
  Kernel *kernel = NULL;
  bool described = operands != NULL && owned != NULL;
  if (!described) PyErr_NoMemory();
  for (int i = 0; described && i < count; i++)
    described = describe(PyList_GetItem(items, i), &operands[i], &owned[i]);
  if (described && layout != Py_None) {
    PyObject *shape, *strides;
    described = PyArg_ParseTuple(layout, "O!O!", &PyTuple_Type, &shape, &PyTuple_Type, &strides);
    output.rank = described ? (int32_t)PyTuple_Size(shape) : 0;
    described = described && PyTuple_Size(strides) == output.rank &&
                (output.shape = owned[count] = numbers_of(shape, output.rank)) != NULL &&
                (output.strides = owned[count + 1] = numbers_of(strides, output.rank)) != NULL;
  }
  if (described)
    kernel = make_kernel(equation, count, operands, layout != Py_None ? &output : NULL, &options);
  for (int i = 0; owned != NULL && i <= count + 1; i++) PyMem_Free(owned[i]);
  PyMem_Free(owned);
  PyMem_Free(operands);
  return (PyObject *)kernel;
}

/* ---- Running ---- */

bool kernel_run(Kernel *self, const void *const *operands, void *output) {
  einsum_status status;
  if (self->is_long) {
    Py_BEGIN_ALLOW_THREADS
    status = einsum_run(self->kernel, operands, output, NULL);
    Py_END_ALLOW_THREADS
  } else {
    status = einsum_run(self->kernel, operands, output, NULL);
  }
  if (status != EINSUM_OK) raise_library_error(status);
  return status == EINSUM_OK;
}

PyObject *kernel_run_new(Kernel *self, const void *const *operands, bool tensor) {
  void *data;
  PyObject *result;
  if (tensor) {
    result = tensor_new(self->type, self->rank, self->shape, &data);
  } else {
    result = numpy_new(self->type, self->rank, self->shape, self->strides);
    if (result != NULL) data = ((NumpyArray *)result)->data;
  }
  if (result == NULL) return NULL;
  if (!kernel_run(self, operands, data)) {
    Py_DECREF(result);
    return NULL;
  }
  return tensor || self->rank > 0 ? result : numpy_scalar(result);
}

/* run(kernel, operands, output): on Operands, which have to be laid out as the kernel expects. */
PyObject *core_run(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *self, *items, *output;
  if (!PyArg_ParseTuple(arguments, "O!O!O!:run", kernel_type, &self, &PyList_Type, &items, operand_type, &output))
    return NULL;
  Kernel *kernel = (Kernel *)self;
  int count = (int)PyList_Size(items);
  if (count != kernel->operand_count)
    return PyErr_Format(PyExc_TypeError, "the kernel takes %d operands, not %d", kernel->operand_count, count);
  if (((Operand *)output)->readonly) {
    PyErr_SetString(PyExc_ValueError, "out is read-only");
    return NULL;
  }
  const void **pointers = PyMem_Malloc(((size_t)count + 1) * sizeof *pointers);
  if (pointers == NULL) return PyErr_NoMemory();
  bool usable = true;
  for (int i = 0; usable && i < count; i++) {
    PyObject *item = PyList_GetItem(items, i);
    usable = Py_TYPE(item) == operand_type;
    if (usable) pointers[i] = ((Operand *)item)->data;
  }
  if (!usable) PyErr_SetString(PyExc_TypeError, "run takes Operands");
  bool done = usable && kernel_run(kernel, pointers, ((Operand *)output)->data);
  PyMem_Free(pointers);
  if (!done) return NULL;
  Py_RETURN_NONE;
}
