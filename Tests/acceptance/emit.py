"""Emits random einsums as standalone C and holds them against the JIT and against plain loops.

Usage: emit.py [COUNT [SEED]], with EINSUMC naming the tool. Needs gcc; uses clang, g++ and tcc where they are.

Each case is emitted in the vector and in the portable dialect. Every file must compile without a warning in every
compiler, with OpenMP too, its self-check must pass under the address and undefined-behaviour sanitizers and must fail
where the result is spoilt, the vector file's result must be the JIT's bit for bit (unless that forms its sums in parts),
and its header must compile as C++. Some cases have labels beyond ASCII or in braces, an ellipsis, diagonals as results,
extents of 0, many operands, conjugates, or operands with any strides; some allocate their workspace, some sum narrow
integers in 32 bits, and some are emitted once more with extents as arguments, for which the function is called with
several sizes, 0 and 1 among them.
"""

import ctypes
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

EINSUMC = os.environ["EINSUMC"]
TYPES = {
    "b8": numpy.bool_, "i8": numpy.int8, "i16": numpy.int16, "i32": numpy.int32, "i64": numpy.int64,
    "u8": numpy.uint8, "u16": numpy.uint16, "u32": numpy.uint32, "u64": numpy.uint64, "f16": numpy.float16,
    "bf16": None, "f32": numpy.float32, "f64": numpy.float64, "c64": numpy.complex64, "c128": numpy.complex128,
}
VECTOR = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
PORTABLE = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
LEVELS = ["-O0", "-O1", "-O2", "-O3", "-Os"]
SANITIZERS = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]


def run(*command, **options):
    """What a command prints; a failure is an `AssertionError` with its messages."""
    result = subprocess.run(command, capture_output=True, **options)
    if result.returncode != 0:
        text = (result.stdout + result.stderr).decode(errors="replace")
        raise AssertionError(f"{' '.join(map(str, command))}\n{text[:3000]}")
    return result.stdout


LETTERS = list("abcdefijklmn")
OTHER_LABELS = ["A", "Z", "é", "α", "β", "{batch}", "{x1}", "{long_name_of_an_index}", "{int}", "{out}"]
EXTENTS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 70]


def random_terms(source):
    """The labels of each operand and of the output, and the labels' extents."""
    few, many = source.random() < 0.1, source.random() < 0.08
    pool = source.choice([LETTERS] * 4 + [LETTERS + OTHER_LABELS])
    labels = source.sample(pool, source.randint(1, 6))
    extents = [0, 1, 2, 3] if few else [1, 2, 3] if many else EXTENTS
    count = source.randint(5, 12) if many else source.choice([1, 1, 2, 2, 2, 2, 3, 4])
    sizes = {label: (source.choice(extents),) for label in labels}
    terms = [source.choices(labels, k=source.randint(0, min(4, len(labels)))) for _ in range(count)]
    if source.random() < 0.8:
        terms = [list(dict.fromkeys(term)) for term in terms]
    used = sorted({label for term in terms for label in term})
    output = source.sample(used, source.randint(0, min(4, len(used))))
    if output and source.random() < 0.08:
        output.append(source.choice(output))
    if source.random() < 0.1:
        sizes["..."] = tuple(source.choice(extents) for _ in range(source.randint(0, 2)))
        for term in [*terms, output]:
            term.insert(source.randint(0, len(term)), "...")
    return terms, output, sizes


def random_case(source):
    """An expression with shapes and types, small enough to check in full."""
    work = 1_000_000
    while work > 300_000:
        terms, output, sizes = random_terms(source)
        shapes = [sum((sizes[label] for label in term), ()) for term in terms]
        work = numpy.prod([max(1, extent) for label in {label for term in terms for label in term} for extent in sizes[label]])
        work *= max(1, numpy.prod(sum((sizes[label] for label in output), ())) // 10_000)
    text = ",".join("".join(term) for term in terms) + "->" + "".join(output)
    names = list(TYPES)
    kind = source.choice(["f32"] * 6 + ["f64"] * 3 + names)
    kinds = [kind] * len(terms)
    if source.random() < 0.1:
        kinds = [source.choice(["i8", "i32", "f16", "f32", "f64", "u8"]) for _ in terms]
    if source.random() < 0.1:
        kinds = [source.choice(["i8", "i8", "u8", "i16"]) for _ in terms]
    words = ["x".join(map(str, shape)) or "scalar" for shape in shapes]
    return text, ",".join(words), ",".join(kinds), shapes


def random_array(source, kind, shape):
    return numpy.ascontiguousarray(random_values(source, kind, shape)).reshape(shape)


def random_values(source, kind, shape):
    values = numpy.array([source.randint(-8, 8) for _ in range(int(numpy.prod(shape)))]).reshape(shape)
    if kind == "b8":
        return values > 4
    if kind[0] == "u":
        return (values + 8).astype(TYPES[kind])
    if kind[0] == "i":
        return values.astype(TYPES[kind])
    values = values / 7
    if kind[0] == "c":
        values = values + 1j * numpy.flip(values)
    return values.astype(TYPES[kind])


def jit_result(folder, text, arrays, options):
    files = []
    for number, array in enumerate(arrays):
        files.append(f"{folder}/operand{number}.npy")
        numpy.save(files[-1], array)
    run(EINSUMC, "run", text, *files, "-o", f"{folder}/result.npy", *options)
    return numpy.load(f"{folder}/result.npy")


def emitted_result(folder, name, library, arrays, like):
    code = ctypes.CDLL(library)
    size = getattr(code, f"{name}_workspace_size")
    size.restype = ctypes.c_size_t
    workspace = ctypes.create_string_buffer(size() + 64)
    result = numpy.full(like.shape, 77).astype(like.dtype)
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in [*arrays, result]]
    if size():
        pointers.append(ctypes.cast(workspace, ctypes.c_void_p))
    function = getattr(code, name)
    function.restype = None
    function(*pointers)
    return result


def random_strides(source, shapes):
    """An option with a layout for each operand: axes in any order, padded, reversed, repeated, or C or Fortran order."""
    layouts = []
    for shape in shapes:
        strides, step = [0] * len(shape), 1
        for axis in source.sample(range(len(shape)), len(shape)):
            strides[axis] = source.choice([1, 1, 1, -1, 0 if step == 1 or shape[axis] < 9 else 1]) * step
            step = max(step, abs(strides[axis]) * shape[axis]) + source.choice([0, 0, 0, 1, 5])
        word = "x".join(map(str, strides)) or "scalar"
        layouts.append(source.choice([word, word, word, "c", "f"]) if shape else "scalar")
    return ["--strides", ",".join(layouts)]


def check_dynamic(source, folder, text, sizes, kind):
    """One kernel for all sizes of some indices, against numpy on numbers that are exact."""
    terms, output = text.split("->")
    terms = terms.split(",")
    if not text.isascii() or set(text) & set("{.") or any(len(set(term)) < len(term) for term in [*terms, output]):
        return
    labels = sorted(set("".join(terms)))
    if not labels:
        return
    dynamic = source.sample(labels, source.randint(1, min(3, len(labels))))
    shapes = ",".join("x".join(map(str, shape)) or "scalar" for shape in sizes)
    known = {label: extent for term, shape in zip(terms, sizes) for label, extent in zip(term, shape)}
    for name, flags, options in (("vector", VECTOR, ["--target", source.choice(["native", "multi"])]), ("portable", PORTABLE, ["--target", "portable"])):
        options = [*options, "--dynamic", ",".join(dynamic), *(["--allocate"] if source.random() < 0.3 else [])]
        program = emit(text, shapes, kind, folder, f"{name}_dynamic_main", "--main", *options)
        run(source.choice(COMPILERS), *flags, *SANITIZERS, program, "-o", f"{folder}/{name}.dynamic")
        run(f"{folder}/{name}.dynamic")
        path = emit(text, shapes, kind, folder, f"{name}_dynamic", "--header", *options)
        if shutil.which("g++"):
            run("g++", "-x", "c++", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", path[:-1] + "h")
        for compiler in COMPILERS:
            run(compiler, *flags, "-O2", "-shared", "-fPIC", path, "-o", f"{path}.{compiler}.so")
        library = ctypes.CDLL(f"{path}.{source.choice(COMPILERS)}.so")
        for _ in range(6):
            extents = {label: source.choice([0, 1, 1, 2, 3, 7, 8, 16, 17, 33, 40]) for label in dynamic}
            call_dynamic(source, library, path, text, terms, output, known | extents, dynamic, kind)


def call_dynamic(source, library, path, text, terms, output, extents, dynamic, kind):
    name = os.path.basename(path)[:-2]
    work = 1
    for extent in extents.values():
        work *= extent
    if work > 3_000_000:
        return
    arrays = [random_array(source, kind, tuple(extents[label] for label in term)) for term in terms]
    if kind[0] in "fc":
        arrays = [numpy.asarray(numpy.round(array * 2)).astype(array.dtype) for array in arrays]
    expected = numpy.einsum(text, *arrays, dtype=arrays[0].dtype, optimize=True)
    result = numpy.full([extents[label] for label in output], 77).astype(arrays[0].dtype)
    numbers = [ctypes.c_long(extents[label]) for label in dynamic]
    size = getattr(library, f"{name}_workspace_size")
    size.restype = ctypes.c_size_t
    workspace = numpy.zeros(size(*numbers) + 64, numpy.uint8)
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in [*arrays, result]]
    if "workspace);" in Path(path[:-1] + "h").read_text():
        pointers.append(ctypes.c_void_p(workspace.ctypes.data + source.randint(0, 63)))
    function = getattr(library, name)
    function.restype = None
    function(*numbers, *pointers)
    if not numpy.array_equal(result, expected):
        raise AssertionError(f"{name} {extents} of {dynamic}: {result.ravel()[:8]} is not {expected.ravel()[:8]}")


def check_spoilt(source, program, place, text):
    """The self-check must see that a bit of the result is another than the kernel's."""
    code = Path(program).read_text()
    count = re.search(r"memset\(result, 0xff, (\d+) \* sizeof", code).group(1)
    checked = re.search(r"sample < (\d+);.*?%ld of (\d+) elements", code, re.DOTALL)
    if count == "0" or checked.group(1) != checked.group(2):
        return
    # Sums of real numbers have a bound, which a bit less may be within: they become huge, or no number.
    change = "= 0x7f" if "const double re = " in code else "^= 0x01" if "static void fill_b8" in code else "^= 0x41"
    spoil = f"((unsigned char *)(result + {source.randrange(int(count))}))[sizeof *result - 1] {change};"
    Path(f"{place}.c").write_text(code.replace("    const long wrong", f"    {spoil}\n    const long wrong"))
    run("gcc", f"{place}.c", "-o", place)
    if subprocess.run([place], capture_output=True).returncode == 0:
        raise AssertionError(f"{text}: the program did not see '{spoil}'")


def emit(text, shapes, kinds, folder, name, *options):
    run(EINSUMC, "emit", text, "--shapes", shapes, "--dtype", kinds, "--name", name, "--output", folder, *options)
    return f"{folder}/{name}.c"


def check(number, seed):
    source = random.Random(f"{seed}/{number}")
    text, shapes, kinds, sizes = random_case(source)
    case = f"case {number}: {text} {shapes} {kinds}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            check_case(source, folder, text, shapes, kinds, sizes)
        except AssertionError as error:
            print(f"FAILED {case}\n{error}")
            return False
    return True


def check_case(source, folder, text, shapes, kinds, sizes):
    extra = ["--allocate"] if source.random() < 0.2 else []
    arithmetic = ["--accumulate", "i32"] if set(kinds.split(",")) <= {"i8", "u8", "i16"} and source.random() < 0.7 else []
    if kinds[0] == "c" and source.random() < 0.5:
        arithmetic += ["--conj", str(source.randrange(len(sizes)))]
    extra += arithmetic
    if source.random() < 0.3:
        extra += random_strides(source, sizes)
    target = source.choice(["native", "native", "x86-64-v3", "multi"])
    for name, flags, options in (("vector", VECTOR, ["--target", target]), ("portable", PORTABLE, ["--target", "portable"])):
        program = emit(text, shapes, kinds, folder, f"{name}_main", "--main", *options, *extra)
        for compiler in COMPILERS:
            run(compiler, *flags, source.choice(LEVELS), program, "-o", f"{folder}/{name}.{compiler}")
        run("gcc", *flags, "-fopenmp", "-O1", program, "-o", f"{folder}/{name}.openmp")
        run(f"{folder}/{name}.openmp")
        run(f"{folder}/{name}.{source.choice(COMPILERS)}")
        run(source.choice(COMPILERS), *flags, *SANITIZERS, program, "-o", f"{folder}/{name}.sanitized")
        run(f"{folder}/{name}.sanitized")
        # The bound on rounded sums of half types may be more than a bit.
        if "f16" not in kinds:
            check_spoilt(source, program, f"{folder}/spoilt", text)
        if name == "portable" and shutil.which("tcc"):
            run("tcc", "-Wall", "-Werror", program, "-o", f"{folder}/{name}.tcc")
            run(f"{folder}/{name}.tcc")
        emit(text, shapes, kinds, folder, "header", "--header", *options, *extra)
        if shutil.which("g++"):
            run("g++", "-x", "c++", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", f"{folder}/header.h")
    if kinds.split(",")[0] in ("f32", "f64", "i32", "u16", "c64") and len(set(kinds.split(","))) == 1 and source.random() < 0.5:
        check_dynamic(source, folder, text, sizes, kinds.split(",")[0])
    emit(text, shapes, kinds, folder, "kernel", "--target", "native", *arithmetic)
    if "bf16" in kinds:
        return
    arrays = [random_array(source, kind, shape) for kind, shape in zip(kinds.split(","), sizes)]
    expected = jit_result(folder, text, arrays, arithmetic)
    shapes_and_types = ["--shapes", shapes, "--dtype", kinds, *arithmetic]
    in_parts = " parts " in run(EINSUMC, "explain", text, *shapes_and_types, "--stage", "plan").decode()
    tolerance = 1e-12 if expected.dtype.itemsize >= 8 and expected.dtype.kind == "f" else 1e-4
    for compiler in COMPILERS:
        library = f"{folder}/kernel_{compiler}.so"
        run(compiler, *VECTOR, "-O3", "-march=native", "-shared", "-fPIC", f"{folder}/kernel.c", "-o", library)
        result = emitted_result(folder, "kernel", library, arrays, expected)
        if in_parts and numpy.allclose(result, expected, rtol=tolerance, atol=tolerance):
            continue
        if result.tobytes() != expected.tobytes():
            raise AssertionError(f"{compiler}: {result.ravel()[:8]} is not the JIT's {expected.ravel()[:8]}")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = sys.argv[2] if len(sys.argv) > 2 else "emit"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = sum(not passed for passed in pool.map(lambda number: check(number, seed), range(count)))
    print(f"{count - failures} of {count} random einsums passed, with {', '.join(COMPILERS)}")
    sys.exit(failures > 0)


main()
