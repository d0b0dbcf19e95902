/* The Kernel class as Python sees it. */
#include "core.h"

#include <stddef.h>
#include <string.h>

/* kernel(*operands, out=None) */
PyObject *kernel_call(PyObject *self, PyObject *const *arguments, size_t flags, PyObject *keywords) {
  Kernel *kernel = (Kernel *)self;
  Py_ssize_t count = (Py_ssize_t)(flags & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
  PyObject *out = NULL;
  if (keywords != NULL) {
    for (Py_ssize_t i = 0; i < PyTuple_Size(keywords); i++) {
      PyObject *name = PyTuple_GetItem(keywords, i);
      if (PyUnicode_CompareWithASCIIString(name, "out") != 0)
        return PyErr_Format(PyExc_TypeError, "a kernel takes operands and out, not %R", name);
      out = arguments[count + i];
    }
    if (out == Py_None) out = NULL;
  }
  if (count != kernel->operand_count)
    return PyErr_Format(PyExc_TypeError, "the kernel for %R takes %d operands, not %zd", kernel->equation,
      kernel->operand_count, count);
  if (kernel->operand_words > 0) {
    int64_t words[MOST_WORDS];
    void *pointers[MOST_OPERANDS + 1];
    int used = 0, added = 1;
    bool tensors = false;
    for (Py_ssize_t i = 0; i < count && added > 0; i++) {
      added = sign_array(arguments[i], false, words + used, kernel->operand_words - used, &pointers[i]);
      used += added;
      tensors = tensors || is_tensor(arguments[i]);
    }
    bool fits = added > 0 && used == kernel->operand_words &&
                memcmp(words, kernel->words, (size_t)used * sizeof *words) == 0;
    if (fits && out == NULL && (tensors || numpy_array_type != NULL))
      return kernel_run_new(kernel, (const void *const *)pointers, tensors);
    if (fits && out != NULL &&
        sign_array(out, true, words, kernel->output_words, &pointers[count]) == kernel->output_words &&
        memcmp(words, kernel->words + used, (size_t)kernel->output_words * sizeof *words) == 0) {
      if (!kernel_run(kernel, (const void *const *)pointers, pointers[count])) return NULL;
      Py_INCREF(out);
      return out;
    }
  }
  PyObject *operands = PyTuple_New(count);
  if (operands == NULL) return NULL;
  for (Py_ssize_t i = 0; i < count; i++) {
    Py_INCREF(arguments[i]);
    PyTuple_SetItem(operands, i, arguments[i]);
  }
  PyObject *result =
    PyObject_CallFunctionObjArgs(functions.call, self, operands, out != NULL ? out : Py_None, NULL);
  Py_DECREF(operands);
  return result;
}

static void dealloc(PyObject *self) {
  Kernel *kernel = (Kernel *)self;
  PyTypeObject *class = Py_TYPE(self);
  einsum_release(kernel->kernel);
  Py_XDECREF(kernel->equation);
  Py_XDECREF(kernel->operand_shapes);
  PyMem_Free(kernel->shape);
  ((freefunc)PyType_GetSlot(class, Py_tp_free))(self);
  Py_DECREF(class);
}

static PyObject *repr(PyObject *self) {
  Kernel *kernel = (Kernel *)self;
  PyObject *shape = tuple_of((int64_t *)kernel->shape, kernel->rank);
  if (shape == NULL) return NULL;
  PyObject *text = PyUnicode_FromFormat(
    "<einsumc.Kernel %R -> %s%R>", kernel->equation, einsum_type_name(kernel->type), shape);
  Py_DECREF(shape);
  return text;
}

static PyObject *text_or_error(const char *text) {
  if (text == NULL) return PyErr_NoMemory();
  return PyUnicode_FromString(text);
}

static PyObject *get_equation(PyObject *self, void *unused) {
  (void)unused;
  PyObject *equation = ((Kernel *)self)->equation;
  Py_INCREF(equation);
  return equation;
}

static PyObject *get_operand_shapes(PyObject *self, void *unused) {
  (void)unused;
  PyObject *shapes = ((Kernel *)self)->operand_shapes;
  Py_INCREF(shapes);
  return shapes;
}

static PyObject *get_accumulate(PyObject *self, void *unused) {
  (void)unused;
  einsum_type type = ((Kernel *)self)->accumulate;
  if (type == EINSUM_DEFAULT) Py_RETURN_NONE;
  return PyUnicode_FromString(einsum_type_name(type));
}

static PyObject *get_threads(PyObject *self, void *unused) {
  (void)unused;
  return PyLong_FromLong(((Kernel *)self)->threads);
}

static PyObject *get_c_source(PyObject *self, void *unused) {
  (void)unused;
  return text_or_error(einsum_c_source(((Kernel *)self)->kernel));
}

/* Counts are integers, however large. */
static PyObject *get_flop(PyObject *self, void *unused) {
  (void)unused;
  return PyLong_FromDouble(einsum_flop_count(((Kernel *)self)->kernel));
}

static PyObject *get_bytes(PyObject *self, void *unused) {
  (void)unused;
  return PyLong_FromDouble(einsum_byte_count(((Kernel *)self)->kernel));
}

static PyObject *get_workspace(PyObject *self, void *unused) {
  (void)unused;
  return PyLong_FromSize_t(einsum_workspace_size(((Kernel *)self)->kernel));
}

static PyObject *get_type(PyObject *self, void *unused) {
  (void)unused;
  return PyUnicode_FromString(einsum_type_name(((Kernel *)self)->type));
}

static PyObject *get_shape(PyObject *self, void *unused) {
  (void)unused;
  return tuple_of((int64_t *)((Kernel *)self)->shape, ((Kernel *)self)->rank);
}

static PyObject *get_strides(PyObject *self, void *unused) {
  (void)unused;
  return tuple_of((int64_t *)((Kernel *)self)->strides, ((Kernel *)self)->rank);
}

/* [(positions, ...), ...] */
static PyObject *get_path(PyObject *self, void *unused) {
  (void)unused;
  const einsum_kernel *kernel = ((Kernel *)self)->kernel;
  size_t count = einsum_path(kernel, NULL, 0);
  int32_t *numbers = PyMem_Malloc((count + 1) * sizeof *numbers);
  if (numbers == NULL) return PyErr_NoMemory();
  einsum_path(kernel, numbers, count);
  PyObject *path = PyList_New(0);
  for (size_t i = 0; path != NULL && i < count; i += 1 + (size_t)numbers[i]) {
    PyObject *step = PyTuple_New(numbers[i]);
    for (int k = 0; step != NULL && k < numbers[i]; k++)
      PyTuple_SetItem(step, k, PyLong_FromLong(numbers[i + 1 + (size_t)k]));
    if (step == NULL || PyList_Append(path, step) < 0) Py_CLEAR(path);
    Py_XDECREF(step);
  }
  PyMem_Free(numbers);
  return path;
}

static PyObject *explain(PyObject *self, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"stage", NULL};
  static const char *const stages[] = {
    [EINSUM_STAGE_EQUATION] = "equation",
    [EINSUM_STAGE_CONTRACTION] = "contraction",
    [EINSUM_STAGE_PLAN] = "plan",
    [EINSUM_STAGE_LOOPS] = "loops",
    [EINSUM_STAGE_C] = "c",
    [EINSUM_STAGE_ALL] = "all",
    [EINSUM_HTML] = "html",
  };
  const char *stage = NULL;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|z:explain", names, &stage)) return NULL;
  if (stage == NULL) return text_or_error(einsum_explain(((Kernel *)self)->kernel, EINSUM_EXPLANATION));
  for (einsum_text text = EINSUM_STAGE_EQUATION; text <= EINSUM_HTML; text++)
    if (strcmp(stage, stages[text]) == 0) return text_or_error(einsum_explain(((Kernel *)self)->kernel, text));
  return PyErr_Format(PyExc_ValueError,
    "there is no stage '%s'; the stages are equation, contraction, plan, loops, c, and all and html", stage);
}

static PyObject *html(PyObject *self, PyObject *unused) {
  (void)unused;
  return PyObject_CallFunctionObjArgs(functions.html, self, NULL);
}

bool add_kernel_type(PyObject *module) {
  static PyGetSetDef properties[] = {
    {"equation", get_equation, NULL, "the equation", NULL},
    {"operand_shapes", get_operand_shapes, NULL, "the shapes of the operands", NULL},
    {"accumulate", get_accumulate, NULL, "the type that was asked for to compute in, or None", NULL},
    {"threads", get_threads, NULL, "the most threads that a call may use; 0 for one per CPU", NULL},
    {"c_source", get_c_source, NULL, "the C text that was compiled", NULL},
    {"flop", get_flop, NULL, "multiplications and additions of one call", NULL},
    {"bytes", get_bytes, NULL, "the bytes of operands and result, each counted once", NULL},
    {"workspace_size", get_workspace, NULL, "the bytes that a call needs beside them", NULL},
    {"type", get_type, NULL, "the name of the result's element type", NULL},
    {"shape", get_shape, NULL, "the result's shape", NULL},
    {"strides", get_strides, NULL, "the result's strides, in bytes", NULL},
    {"path", get_path, NULL, "the order of contraction, as einsum_path gives it", NULL},
    {0},
  };
  static PyMethodDef methods[] = {
    {"explain", (PyCFunction)(void (*)(void))explain, METH_VARARGS | METH_KEYWORDS,
      "explain($self, /, stage=None)\n--\n\nWhat the compiler decided, what that costs and why, as `einsumc explain` "
      "says it.\n\nOr its text of a stage: 'equation', 'contraction', 'plan', 'loops', 'c', or 'all' of them; or 'html', a "
      "page\nfor browsers with everything in it."},
    {"_repr_html_", html, METH_NOARGS, "The plan for a notebook."},
    {0},
  };
  static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Kernel, vectorcall), READONLY, NULL},
    {0},
  };
  static PyType_Slot slots[] = {
    {Py_tp_doc, "A compiled einsum: kernel(*operands, out=None).\n\n"
      "Made by compile() for operands of given shapes, and fastest on arrays of the types and strides that it was\n"
      "compiled for. Any number of threads may call it at once; the GIL is released in all but the shortest calls."},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_dealloc, dealloc},
    {Py_tp_repr, repr},
    {Py_tp_getset, properties},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {0, NULL},
  };
  static PyType_Spec spec = {
    "einsumc.Kernel", sizeof(Kernel), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL, slots};
  kernel_type = (PyTypeObject *)PyType_FromSpec(&spec);
  if (kernel_type == NULL) return false;
  Py_INCREF(kernel_type);
  return PyModule_AddObject(module, "Kernel", (PyObject *)kernel_type) == 0;
}
