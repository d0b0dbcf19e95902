"""Holds Generated/Examples against what einsumc emits now, compiles all of it, and runs it.

    EINSUMC=path/to/einsumc python3 emit_examples.py

Each kernel of examples.txt must be as committed, compile without a warning with gcc and clang, and give what numpy gives; its
header must compile as C and C++. Then each is emitted for aarch64 as a self-checking program, cross-compiled, and run in qemu.
"""
import ctypes
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Generated" / "Examples"
EINSUMC = os.environ["EINSUMC"]
TYPES = {
    "f16": np.float16, "f32": np.float32, "f64": np.float64, "c64": np.complex64, "c128": np.complex128, "i32": np.int32,
    "b8": np.bool_,
}
STRICT = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
failures = []


def run(*command):
    result = subprocess.run(command, capture_output=True)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{(result.stdout + result.stderr).decode()[:2000]}")


def examples():
    for line in (FOLDER / "examples.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()


def shapes(expression, sizes):
    extents = dict(item.split("=") for item in sizes.split(","))
    return [tuple(int(extents[label]) for label in term) for term in expression.split("->")[0].split(",")]


def emit(example, folder, target, *options, threads=2):
    name, expression, sizes, kind, _ = example
    run(EINSUMC, "emit", expression, "--sizes", sizes, "--dtype", kind, "--target", target, "--name", name,
        "--threads", str(threads), "--output", folder, *options)


def can_run(target):
    if platform.machine() != "x86_64":
        return False
    flags = pathlib.Path("/proc/cpuinfo").read_text().split("flags", 1)[-1].split("\n", 1)[0].split()
    return "avx2" in flags and "fma" in flags and (target == "x86-64-v3" or "avx512bw" in flags)


def check_fresh(example, folder):
    emit(example, folder, example[4], "--header")
    for ending in ("c", "h"):
        file = f"{example[0]}.{ending}"
        if pathlib.Path(folder, file).read_bytes() != (FOLDER / file).read_bytes():
            raise AssertionError(f"Generated/Examples/{file} is stale: run tools/regenerate")


def operand(generator, shape, kind):
    values = generator.integers(-4, 5, shape)
    if kind == "c64":
        values = values + 1j * generator.integers(-4, 5, shape)
    return np.ascontiguousarray((values > 2) if kind == "b8" else values.astype(TYPES[kind]))


def check_result(example, library):
    """Small integers, so that every order of the sums gives the same."""
    name, expression, sizes, kind, _ = example
    generator = np.random.default_rng(1)
    operands = [operand(generator, shape, kind) for shape in shapes(expression, sizes)]
    wide = np.complex128 if kind == "c64" else np.int64 if kind == "b8" else np.float64
    expected = np.einsum(expression, *[array.astype(wide) for array in operands], optimize=True).astype(TYPES[kind])
    result = np.zeros(expected.shape, TYPES[kind])
    code = ctypes.CDLL(library)
    size = getattr(code, f"{name}_workspace_size")
    size.restype = ctypes.c_size_t
    arguments = [ctypes.c_void_p(array.ctypes.data) for array in [*operands, result]]
    workspace = ctypes.create_string_buffer(size() + 1)
    if size():
        arguments.append(ctypes.cast(workspace, ctypes.c_void_p))
    getattr(code, name)(*arguments)
    if not np.array_equal(result, expected):
        raise AssertionError(f"{name}: {result.ravel()[:6]} where numpy has {expected.ravel()[:6]}")


def check_native(example, folder):
    name, target = example[0], example[4]
    check_fresh(example, folder)
    for compiler in ("gcc", "clang"):
        if not shutil.which(compiler):
            continue
        library = f"{folder}/{name}.{compiler}.so"
        run(compiler, *STRICT, "-O3", f"-march={target}", "-shared", "-fPIC", FOLDER / f"{name}.c", "-o", library)
        run(compiler, *STRICT, "-O2", "-shared", "-fPIC", "-fopenmp", FOLDER / f"{name}.c", "-o", f"{library}.omp") \
            if compiler == "gcc" else None
        if can_run(target):
            check_result(example, library)
            if compiler == "gcc":
                check_result(example, f"{library}.omp")
    run("gcc", *STRICT, "-x", "c", "-pedantic", "-fsyntax-only", FOLDER / f"{name}.h")
    if shutil.which("g++"):
        run("g++", "-x", "c++", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", FOLDER / f"{name}.h")


def check_arm(example, folder):
    name = example[0]
    emit(example, folder, "aarch64", "--main")
    run("aarch64-linux-gnu-gcc", *STRICT, "-O3", "-static", f"{folder}/{name}.c", "-o", f"{folder}/{name}.arm")
    run("qemu-aarch64", f"{folder}/{name}.arm")


def check_threads(example, folder):
    name = example[0]
    for threads in (3, 7):
        emit(example, folder, "native", "--main", threads=threads)
        run("gcc", *STRICT, "-O3", "-march=native", "-fopenmp", f"{folder}/{name}.c", "-o", f"{folder}/{name}.omp")
        for team in (2, 7):
            run("env", f"OMP_NUM_THREADS={team}", f"{folder}/{name}.omp")


def attempt(what, check, example):
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(example, folder)
            return 1
        except AssertionError as error:
            failures.append(what)
            print(f"FAILED {example[0]} ({what})\n{error}")
            return 0


all_examples = list(examples())
count = sum(attempt("native", check_native, example) for example in all_examples)
print(f"{count} of {len(all_examples)} showcase kernels are fresh, compile cleanly and agree with numpy")
count = sum(attempt("OpenMP", check_threads, example) for example in all_examples)
print(f"{count} of {len(all_examples)} showcase kernels run right on teams of 2 and 7 threads, planned for 3 and 7")
if shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64"):
    count = sum(attempt("aarch64", check_arm, example) for example in all_examples)
    print(f"{count} of {len(all_examples)} showcase kernels run right on aarch64")
else:
    print("skipped: no aarch64-linux-gnu-gcc or no qemu-aarch64")
sys.exit(bool(failures))
