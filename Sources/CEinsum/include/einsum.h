/* einsumc: einsum expressions, compiled to kernels.
 *
 *   einsum_tensor operands[2] = {
 *     {.type = EINSUM_FLOAT32, .rank = 2, .shape = (const int64_t[]){512, 1024}},
 *     {.type = EINSUM_FLOAT32, .rank = 2, .shape = (const int64_t[]){1024, 768}},
 *   };
 *   einsum_kernel *kernel;
 *   if (einsum_compile("ij,jk->ik", 2, operands, NULL, NULL, &kernel) != EINSUM_OK)
 *     return fputs(einsum_error_message(), stderr), 1;
 *   einsum_run(kernel, (const void *[]){a, b}, c, NULL);
 *   einsum_release(kernel);
 *
 * Every function may be called from any thread, and any number of threads may run one kernel at once.
 * Nothing here prints, exits or aborts, whatever is passed, but for pointers that do not point at what they
 * should. NULL for a kernel is refused like any wrong argument. A process may fork at any time; kernels work
 * in the child too.
 *
 * C99, C11 and C++11 or newer. Link with -leinsum; nothing else is needed. */
#ifndef EINSUM_H
#define EINSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------------------- */

/* The version of this interface. A library works with programs that were compiled against a header of the
 * same version; within it functions, flags and option fields are only added. */
#define EINSUM_ABI_VERSION 1

/* The library's EINSUM_ABI_VERSION, to be compared with the header's. */
int32_t einsum_abi_version(void);

/* ---- Errors -------------------------------------------------------------------------------------------- */

/* What a function returns that can fail. */
typedef int32_t einsum_status;
enum {
  EINSUM_OK = 0,
  /* An argument is not usable: NULL where something is needed, a type, flag or option that does not exist, a
   * stride or an address that is no multiple of the element size. */
  EINSUM_ERROR_ARGUMENT = 1,
  /* The equation is not well-formed. */
  EINSUM_ERROR_EQUATION = 2,
  /* Equation, operands and output do not fit together: count, rank, extents, types, an output layout. */
  EINSUM_ERROR_MISMATCH = 3,
  /* The output shares memory with an operand, and EINSUM_COPY_ON_OVERLAP is not set. */
  EINSUM_ERROR_OVERLAP = 4,
  /* There is no memory, or not within the memory limit of the options. */
  EINSUM_ERROR_MEMORY = 5,
  /* This system refuses to run generated code. */
  EINSUM_ERROR_SYSTEM = 6
};

/* The whole text of this thread's last error, for people: what is wrong, and where it helps the equation with
 * a caret under the place. Several lines, UTF-8, without a newline at the end; empty if there was no error.
 *
 *   error: index 'j' has extent 4 in operand 0 and 5 in operand 1 [extent-mismatch]
 *     ij,jk->ik
 *        ^
 *   note: extent 4 comes from here
 *     ij,jk->ik
 *      ^
 *
 * Valid until the thread's next call that fails. Calls that succeed leave it alone. */
const char *einsum_error_message(void);

/* The same error in one line, without code and place:
 * "index 'j' has extent 4 in operand 0 and 5 in operand 1". */
const char *einsum_error_summary(void);

/* The same error's stable name, for programs: "extent-mismatch". */
const char *einsum_error_code(void);

/* ---- Types and tensors --------------------------------------------------------------------------------- */

/* The type of a tensor's elements. Elements are in the machine's byte order. */
typedef int32_t einsum_type;
enum {
  /* In options and outputs: the type that follows from the operands. */
  EINSUM_DEFAULT = 0,
  /* One byte, 0 or 1. Sums are OR, products AND. */
  EINSUM_BOOL = 1,
  /* Integers wrap modulo 2^n. */
  EINSUM_INT8 = 2,
  EINSUM_INT16 = 3,
  EINSUM_INT32 = 4,
  EINSUM_INT64 = 5,
  EINSUM_UINT8 = 6,
  EINSUM_UINT16 = 7,
  EINSUM_UINT32 = 8,
  EINSUM_UINT64 = 9,
  /* IEEE binary16, and the upper half of a binary32; products and sums of both are formed in float32. */
  EINSUM_FLOAT16 = 10,
  EINSUM_BFLOAT16 = 11,
  EINSUM_FLOAT32 = 12,
  EINSUM_FLOAT64 = 13,
  /* Two float32 or two float64: real part, imaginary part. */
  EINSUM_COMPLEX64 = 14,
  EINSUM_COMPLEX128 = 15
};

/* The bytes of one element, 1 to 16; 0 if there is no such type. */
size_t einsum_type_size(einsum_type type);

/* numpy's name of a type, such as "float32"; NULL if there is no such type. */
const char *einsum_type_name(einsum_type type);

/* What a kernel has to know of an operand or an output: not where it is, but how its elements lie.
 *
 * Operands of different types are promoted as numpy's result_type does. The arrays are read during the call
 * that they are passed to, not later. */
typedef struct einsum_tensor {
  einsum_type type;
  /* The number of axes; 0 for a scalar. */
  int32_t rank;
  /* The extent of each axis. May be NULL if rank is 0. */
  const int64_t *shape;
  /* The step along each axis, in elements, or in bytes with EINSUM_BYTE_STRIDES; may be negative or, in an
   * operand, 0. NULL for C order: contiguous, the last axis runs fastest. */
  const int64_t *strides;
  /* A sum of the flags below. */
  uint32_t flags;
  /* Has to be 0. */
  uint32_t reserved;
} einsum_tensor;

/* Flags of a tensor. */
enum {
  /* The strides are in bytes. Each has to be a multiple of the element size, on axes longer than 1. */
  EINSUM_BYTE_STRIDES = 1,
  /* The operand's complex conjugate is meant. Changes nothing for types that are not complex. */
  EINSUM_CONJUGATE = 2
};

/* ---- Options ------------------------------------------------------------------------------------------- */

/* How a kernel is compiled. */
typedef int32_t einsum_tier;
enum {
  /* Starts at once with EINSUM_TIER_TCC, and goes over to a faster tier if there is one and it pays. No bit of
   * a result depends on it. */
  EINSUM_TIER_AUTO = 0,
  /* In memory, within a millisecond. */
  EINSUM_TIER_TCC = 1,
  /* With the system's C compiler. Refused where the library has no such tier. */
  EINSUM_TIER_CC = 2
};

/* What is rarely needed. Start from EINSUM_OPTIONS_INIT, which asks for the defaults:
 *
 *   einsum_options options = EINSUM_OPTIONS_INIT;
 *   options.threads = 1; */
typedef struct einsum_options {
  /* sizeof(einsum_options) as the program knows it. Fields behind it have their defaults. */
  size_t size;
  /* The most threads that a call may use, the caller's own included; 0 for one per CPU. Small work stays on one.
   * The result is the same with any number. */
  int32_t threads;
  einsum_tier tier;
  /* The type to compute in and to return, which holds all values of the operands' common type, or an integer
   * type. EINSUM_DEFAULT for that common type. */
  einsum_type accumulate;
  /* A sum of the flags below. */
  uint32_t flags;
  /* The most bytes of workspace that a kernel may need, else compiling fails with EINSUM_ERROR_MEMORY; 0 for no
   * limit. */
  uint64_t memory_limit;
} einsum_options;

#define EINSUM_OPTIONS_INIT {sizeof(einsum_options), 0, EINSUM_TIER_AUTO, EINSUM_DEFAULT, 0, 0}

/* Flags of the options. */
enum {
  /* An output that shares memory with an operand is computed through a temporary, and right. Without the flag
   * such a call is refused. */
  EINSUM_COPY_ON_OVERLAP = 1
};

/* ---- Kernels ------------------------------------------------------------------------------------------- */

/* A compiled einsum for operands of given types, shapes and strides. Counted references keep it alive. */
typedef struct einsum_kernel einsum_kernel;

/* Compiles an equation in numpy's notation, such as "ij,jk->ik", "...i,i" or "{batch}i,ij->{batch}j".
 *
 * An equation of numpy's interleaved form is written with numbers in braces: a, [0, 1], b, [1, 2], [0, 2] is
 * "{0}{1},{1}{2}->{0}{2}".
 *
 * Kernels are cached in the process: a call with the same arguments as an earlier one is a look-up of a
 * fraction of a microsecond, and calls that differ only in the names of indices share the compiled code.
 *
 *   operands   one for each term of the equation.
 *   output     how the result is to be laid out; NULL for C order. Its type has to be EINSUM_DEFAULT or the
 *              result's; its shape may be NULL for the result's, in which case rank has to be 0 or right.
 *   options    NULL for the defaults.
 *   kernel     gets a reference, which einsum_release gives back; NULL if the call fails. */
einsum_status einsum_compile(
  const char *equation, size_t operand_count, const einsum_tensor *operands, const einsum_tensor *output,
  const einsum_options *options, einsum_kernel **kernel);

/* Adds a reference, and returns the kernel. NULL gives NULL. */
einsum_kernel *einsum_retain(einsum_kernel *kernel);

/* Gives a reference back; with the last one the kernel goes, and all that was asked of it. It must not be
 * running. NULL is allowed. */
void einsum_release(einsum_kernel *kernel);

/* Forgets the kernels of earlier calls, which frees those that nobody has a reference to. Happens by itself when
 * the process ends. */
void einsum_clear_cache(void);

/* ---- Running ------------------------------------------------------------------------------------------- */

/* Workspaces of callers have to be aligned to this many bytes. */
#define EINSUM_WORKSPACE_ALIGNMENT 64

/* Computes. There is no look-up in it, and without EINSUM_COPY_ON_OVERLAP at work and with a workspace no
 * allocation.
 *
 *   operands   for each operand, the address of its element at index zero of every axis, aligned as C aligns
 *              the type (complex: as its parts). May be NULL where the operand has no elements.
 *   output     likewise, for a tensor of the kernel's output type, shape and strides. Its old elements are
 *              never read. If the call fails it is left as it was.
 *   workspace  einsum_workspace_size bytes that nothing else uses during the call, or NULL for memory of the
 *              library, which keeps some for the next call. */
einsum_status einsum_run(
  const einsum_kernel *kernel, const void *const *operands, void *output, void *workspace);

/* What a call needs beside operands and output, in bytes; often 0. */
size_t einsum_workspace_size(const einsum_kernel *kernel);

/* ---- What a kernel is ---------------------------------------------------------------------------------- */

/* Of a kernel that is NULL, numbers are 0 and texts and arrays NULL. Texts and arrays live as long as the
 * kernel. */

size_t einsum_operand_count(const einsum_kernel *kernel);

/* The result: its type, the number of its axes, their extents, and the steps along them in elements. */
einsum_type einsum_output_type(const einsum_kernel *kernel);
int32_t einsum_output_rank(const einsum_kernel *kernel);
const int64_t *einsum_output_shape(const einsum_kernel *kernel);
const int64_t *einsum_output_strides(const einsum_kernel *kernel);

/* Multiplications and additions of one call, in the order of contraction that was chosen. */
double einsum_flop_count(const einsum_kernel *kernel);

/* The bytes of operands and output, each counted once. */
double einsum_byte_count(const einsum_kernel *kernel);

/* The order of contraction, as numpy.einsum_path gives it: operands are numbered from 0, each step takes some
 * out of the list and appends its result to the list's end.
 *
 * Of each step come how many operands it takes and then their positions, ascending: 2 0 1 2 0 1 first takes
 * operands 0 and 1, then what was operand 2 and the result. Writes as many numbers as `capacity` has room for,
 * and returns how many there are; `path` may be NULL if capacity is 0. */
size_t einsum_path(const einsum_kernel *kernel, int32_t *path, size_t capacity);

/* The C text that the library compiled for this kernel; NULL if there is no memory for it. */
const char *einsum_c_source(const einsum_kernel *kernel);

/* What can be said of a kernel. */
typedef int32_t einsum_text;
enum {
  /* What the compiler decided, what that costs and why, with predictions for a machine of this kind: what the
   * command `einsumc explain` prints. */
  EINSUM_EXPLANATION = 0,
  /* What the compiler made of the equation, stage by stage. */
  EINSUM_STAGE_EQUATION = 1,
  EINSUM_STAGE_CONTRACTION = 2,
  EINSUM_STAGE_PLAN = 3,
  EINSUM_STAGE_LOOPS = 4,
  EINSUM_STAGE_C = 5,
  /* All stages, one after the other. */
  EINSUM_STAGE_ALL = 6,
  /* The explanation, drawings and the stages as a page for browsers, which needs nothing else. */
  EINSUM_HTML = 7
};

/* A text about a kernel, for people; NULL if there is no such text. */
const char *einsum_explain(const einsum_kernel *kernel, einsum_text text);

#ifdef __cplusplus
}
#endif

#endif
