/* einsum() for calls that were made before: equation and arrays' types, shapes and strides are looked up in a table,
 * without a step of Python. Whatever is new, or is more than this, goes to the Python part. */
#include "core.h"

#include <string.h>

typedef struct {
  uint64_t hash;
  PyObject *equation;
  /* NULL if the result is a view of the only operand, which numpy makes. */
  Kernel *kernel;
  int word_count;
  int64_t *words;
} Entry;

/* Two entries for each hash; the newer is looked at first. */
enum { BUCKETS = 512 };
static Entry table[BUCKETS][2];

/* A call as the table knows it. */
typedef struct {
  PyObject *equation;
  uint64_t hash;
  int word_count;
  int64_t words[MOST_WORDS];
  void *pointers[MOST_OPERANDS + 1];
  bool tensors;
} Call;

static inline uint64_t mixed(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 32;
}

/* Whether a call is of the kind that the table holds. */
static bool sign_call(Call *call, PyObject *equation, PyObject *const *operands, Py_ssize_t count, PyObject *out) {
  if (!PyUnicode_CheckExact(equation) || count < 1 || count > MOST_OPERANDS) return false;
  int used = 1;
  Py_ssize_t arrays = out == NULL ? count : count + 1;
  int64_t tensors = 0;
  for (Py_ssize_t i = 0; i < arrays; i++) {
    PyObject *array = i < count ? operands[i] : out;
    int added = sign_array(array, i == count, call->words + used, MOST_WORDS - used, &call->pointers[i]);
    if (added == 0) return false;
    used += added;
    tensors |= (int64_t)is_tensor(array) << i;
  }
  call->words[0] = count << 1 | (out != NULL) | tensors << 32;
  call->tensors = tensors != 0;
  call->equation = equation;
  call->word_count = used;
  uint64_t hash = (uint64_t)PyObject_Hash(equation);
  for (int i = 0; i < used; i++) hash = mixed(hash, (uint64_t)call->words[i]);
  call->hash = hash;
  return true;
}

static inline bool is_entry_for(const Entry *entry, const Call *call) {
  if (entry->hash != call->hash || entry->word_count != call->word_count || entry->equation == NULL) return false;
  if (memcmp(entry->words, call->words, (size_t)call->word_count * sizeof *call->words) != 0) return false;
  return entry->equation == call->equation || PyUnicode_Compare(entry->equation, call->equation) == 0;
}

static inline const Entry *find(const Call *call) {
  Entry *bucket = table[call->hash % BUCKETS];
  if (is_entry_for(&bucket[0], call)) return &bucket[0];
  return is_entry_for(&bucket[1], call) ? &bucket[1] : NULL;
}

static PyObject *run(const Entry *entry, const Call *call, PyObject *out) {
  /* The entry may be replaced while the kernel runs without the GIL. */
  Kernel *kernel = entry->kernel;
  Py_INCREF(kernel);
  PyObject *result;
  if (out == NULL) {
    result = kernel_run_new(kernel, (const void *const *)call->pointers, call->tensors);
  } else {
    void *target = call->pointers[kernel->operand_count];
    result = kernel_run(kernel, (const void *const *)call->pointers, target) ? out : NULL;
    Py_XINCREF(result);
  }
  Py_DECREF(kernel);
  return result;
}

static bool is_word(PyObject *text, const char *word) {
  return PyUnicode_Check(text) && PyUnicode_CompareWithASCIIString(text, word) == 0;
}

/* Whether all keywords are of the kind that the table takes: out, and what of optimize changes nothing. */
static bool takes(PyObject *keywords, PyObject *const *values, PyObject **out) {
  for (Py_ssize_t i = 0; i < PyTuple_Size(keywords); i++) {
    PyObject *name = PyTuple_GetItem(keywords, i), *value = values[i];
    if (is_word(name, "out")) {
      *out = value == Py_None ? NULL : value;
    } else if (!is_word(name, "optimize") || (value != Py_True && value != Py_False &&
                 !is_word(value, "greedy") && !is_word(value, "optimal"))) {
      return false;
    }
  }
  return true;
}

/* einsum(subscripts, *operands, **keywords) */
PyObject *core_einsum(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
  (void)module;
  PyObject *out = NULL;
  Call call;
  if (count >= 2 && (keywords == NULL || takes(keywords, arguments + count, &out)) &&
      sign_call(&call, arguments[0], arguments + 1, count - 1, out)) {
    const Entry *entry = find(&call);
    if (entry != NULL && entry->kernel != NULL) return run(entry, &call, out);
    if (entry != NULL)
      return PyObject_CallFunctionObjArgs(functions.view, arguments[0], arguments[1], NULL);
  }
  return call_with(functions.einsum, arguments, count, keywords);
}

/* remember(equation, operands, out, kernel): takes a kernel into the table, or None for a view. Calls of another
 * kind than the table's are left out. */
PyObject *core_remember(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *equation, *operands, *out, *kernel;
  if (!PyArg_ParseTuple(arguments, "OO!OO:remember", &equation, &PyTuple_Type, &operands, &out, &kernel))
    return NULL;
  Call call;
  PyObject *array[MOST_OPERANDS];
  Py_ssize_t count = PyTuple_Size(operands);
  for (Py_ssize_t i = 0; i < count && i < MOST_OPERANDS; i++) array[i] = PyTuple_GetItem(operands, i);
  if (!sign_call(&call, equation, array, count, out == Py_None ? NULL : out) ||
      (kernel != Py_None && Py_TYPE(kernel) != kernel_type) || find(&call) != NULL)
    Py_RETURN_NONE;
  size_t size = (size_t)call.word_count * sizeof *call.words;
  int64_t *words = PyMem_Malloc(size);
  if (words == NULL) return PyErr_NoMemory();
  memcpy(words, call.words, size);
  Entry *bucket = table[call.hash % BUCKETS], old = bucket[1];
  bucket[1] = bucket[0];
  Py_INCREF(equation);
  if (kernel != Py_None) Py_INCREF(kernel);
  bucket[0] = (Entry){call.hash, equation, kernel == Py_None ? NULL : (Kernel *)kernel, call.word_count, words};
  PyMem_Free(old.words);
  Py_XDECREF(old.equation);
  Py_XDECREF(old.kernel);
  Py_RETURN_NONE;
}
