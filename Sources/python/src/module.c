/* The extension module einsumc._core: what of the package has to be C. */
#include "core.h"

#include <string.h>

Functions functions;

void raise_library_error(einsum_status status) {
  switch (status) {
  case EINSUM_ERROR_MEMORY: PyErr_SetString(PyExc_MemoryError, einsum_error_summary()); return;
  case EINSUM_ERROR_SYSTEM: PyErr_SetString(PyExc_RuntimeError, einsum_error_summary()); return;
  default: break;
  }
  /* EinsumError(text, code) */
  const char *text = einsum_error_message();
  if (strncmp(text, "error: ", 7) == 0) text += 7;
  PyObject *error = PyObject_CallFunction(functions.error, "ss", text, einsum_error_code());
  if (error == NULL) return;
  PyErr_SetObject((PyObject *)Py_TYPE(error), error);
  Py_DECREF(error);
}

einsum_type type_named(PyObject *name) {
  if (PyUnicode_Check(name)) {
    for (einsum_type type = EINSUM_BOOL; type <= EINSUM_COMPLEX128; type++)
      if (PyUnicode_CompareWithASCIIString(name, einsum_type_name(type)) == 0) return type;
  }
  PyErr_Format(PyExc_TypeError, "there is no element type %R", name);
  return EINSUM_DEFAULT;
}

PyObject *tuple_of(const int64_t *numbers, Py_ssize_t count) {
  PyObject *tuple = PyTuple_New(count);
  for (Py_ssize_t i = 0; tuple != NULL && i < count; i++) {
    PyObject *number = PyLong_FromLongLong(numbers[i]);
    if (number == NULL || PyTuple_SetItem(tuple, i, number) < 0) Py_CLEAR(tuple);
  }
  return tuple;
}

PyObject *call_with(PyObject *function, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
  PyObject *positional = PyTuple_New(count), *named = NULL, *result = NULL;
  if (positional == NULL) return NULL;
  for (Py_ssize_t i = 0; i < count; i++) {
    Py_INCREF(arguments[i]);
    PyTuple_SetItem(positional, i, arguments[i]);
  }
  bool ready = keywords == NULL || (named = PyDict_New()) != NULL;
  for (Py_ssize_t i = 0; ready && keywords != NULL && i < PyTuple_Size(keywords); i++)
    ready = PyDict_SetItem(named, PyTuple_GetItem(keywords, i), arguments[count + i]) == 0;
  if (ready) result = PyObject_Call(function, positional, named);
  Py_DECREF(positional);
  Py_XDECREF(named);
  return result;
}

/* set_functions(einsum, call, html, view, error): what Python does for the C part. Called by the package's import. */
static PyObject *set_functions(PyObject *module, PyObject *arguments) {
  (void)module;
  /* Objects of one interpreter must not get into another, and what is known here is the process's. */
  static PyInterpreterState *owner;
  if (owner == NULL) owner = PyInterpreterState_Get();
  if (owner != PyInterpreterState_Get()) {
    PyErr_SetString(PyExc_ImportError, "einsumc works in one interpreter of a process, and another has imported it");
    return NULL;
  }
  Functions set;
  if (!PyArg_ParseTuple(
        arguments, "OOOOO:set_functions", &set.einsum, &set.call, &set.html, &set.view, &set.error))
    return NULL;
  Py_INCREF(set.einsum);
  Py_INCREF(set.call);
  Py_INCREF(set.html);
  Py_INCREF(set.view);
  Py_INCREF(set.error);
  functions = set;
  Py_RETURN_NONE;
}

PyMODINIT_FUNC PyInit__core(void) {
  static PyMethodDef methods[] = {
    {"einsum", (PyCFunction)(void (*)(void))core_einsum, METH_FASTCALL | METH_KEYWORDS,
#include "einsum_doc.h"
    },
    {"compile", (PyCFunction)(void (*)(void))core_compile, METH_VARARGS | METH_KEYWORDS, NULL},
    {"run", core_run, METH_VARARGS, NULL},
    {"remember", core_remember, METH_VARARGS, NULL},
    {"set_up_numpy", numpy_set_up, METH_VARARGS, NULL},
    {"set_up_torch", torch_set_up, METH_VARARGS, NULL},
    {"set_functions", set_functions, METH_VARARGS, NULL},
    {0},
  };
  static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "einsumc._core", NULL, -1, methods, NULL, NULL, NULL, NULL};
  if (einsum_abi_version() != EINSUM_ABI_VERSION)
    return PyErr_Format(PyExc_ImportError, "einsumc was built for version %d of libeinsum's interface, and this is %d",
      EINSUM_ABI_VERSION, einsum_abi_version());
  PyObject *module = PyModule_Create(&definition);
  if (module != NULL && (!add_operand_type(module) || !add_kernel_type(module) || !add_memory_type(module)))
    Py_CLEAR(module);
  return module;
}
