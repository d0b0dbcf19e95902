#!/usr/bin/env python3
"""The C library as a user has it: installed into a clean folder by tools/install, and used from C99 and C++17 programs.

Shows that the library exports its interface only and needs no other but the C and C++ ones; that programs find it by
pkg-config and by CMake, also in a folder that was moved; and runs the programs of the folder `c`, also under the
address sanitizer and under valgrind.

    python3 c_library.py [CALLS UNDER VALGRIND]
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).resolve().parent / "c"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow"]
SYSTEM_LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2",
                    "ld-linux-aarch64.so.1"}  # fmt: skip
RANDOM_CALLS = 10_000
VALGRIND_CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 600
SECONDS = 900

failures: list[str] = []


def run(*command: object, cwd: Path | None = None, **variables: str) -> str:
    """Runs a command that has to succeed; returns what it printed."""
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def compile_program(source: Path, target: Path, prefix: Path, compiler: list[str]) -> Path:
    flags = run("pkg-config", "--cflags", "--libs", "einsum", PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig").split()
    run(*compiler, *WARNINGS, source, *flags, f"-Wl,-rpath,{prefix}/lib", "-pthread", "-o", target)
    return target


def check_library(prefix: Path, _: Path) -> None:
    installed = sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir())
    expected = [
        "include/einsum.h", "lib/cmake/einsum/einsum-config-version.cmake", "lib/cmake/einsum/einsum-config.cmake",
        "lib/libeinsum.so", "lib/libeinsum.so.1", "lib/pkgconfig/einsum.pc", "share/einsum/einsum.supp",
        "share/einsum/example.c",
    ]  # fmt: skip
    assert installed == expected, installed

    library = prefix / "lib/libeinsum.so"
    symbols = {line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()}
    declared = set(re.findall(r"^\w[^;/#(]*?\b(einsum_\w+)\(", (prefix / "include/einsum.h").read_text(), re.MULTILINE))
    assert len(declared) > 20, declared
    assert symbols == declared, f"exported {sorted(symbols - declared)}, missing {sorted(declared - symbols)}"

    needed = set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", library)))
    assert needed <= SYSTEM_LIBRARIES, needed - SYSTEM_LIBRARIES
    assert not re.search(r"RUNPATH|RPATH|TEXTREL", run("readelf", "-d", library))
    text = "".join((prefix / name).read_text() for name in expected if not name.startswith("lib/libeinsum"))
    assert str(prefix) not in text, "a file knows where it was installed"


def check_example(prefix: Path, work: Path) -> None:
    example = prefix / "share/einsum/example.c"
    program = compile_program(example, work / "example", prefix, ["gcc", "-std=c99"])
    assert "expected" in run(program, cwd=work)


def check_readme(prefix: Path, work: Path) -> None:
    blocks = re.findall(r"^```c\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    programs = [block for block in blocks if "#include <einsum.h>" in block]
    assert programs
    for number, text in enumerate(programs):
        source = work / f"{number}.c"
        source.write_text(text)
        printed = run(compile_program(source, work / f"program{number}", prefix, ["gcc", "-std=c99"]))
        expected = re.search(r"printf.*/\* (.*) \*/", text)
        assert expected and printed.strip() == expected[1], printed


def check_interface(prefix: Path, work: Path) -> None:
    run(compile_program(PROGRAMS / "interface.c", work / "interface", prefix, ["gcc", "-std=c99", "-g"]))
    run(compile_program(PROGRAMS / "interface.cpp", work / "interface++", prefix, ["g++", "-std=c++17"]))
    for standard in ("c++11", "c++20"):
        header = prefix / "include/einsum.h"
        run("g++", "-x", "c++", f"-std={standard}", *WARNINGS, "-fsyntax-only", header)


def check_explanations(prefix: Path, work: Path) -> None:
    """The library says what the command says."""
    source = work / "explain.c"
    source.write_text(
        "#include <einsum.h>\n"
        "#include <stdio.h>\n"
        "int main(void) {\n"
        "  const einsum_tensor operands[] = {\n"
        "    {EINSUM_FLOAT32, 2, (const int64_t[]){90, 80}, NULL, 0, 0},\n"
        "    {EINSUM_FLOAT32, 2, (const int64_t[]){80, 70}, NULL, 0, 0}};\n"
        "  einsum_kernel *kernel;\n"
        '  if (einsum_compile("ij,jk->ik", 2, operands, NULL, NULL, &kernel) != EINSUM_OK) return 1;\n'
        "  puts(einsum_explain(kernel, EINSUM_EXPLANATION));\n"
        "  puts(einsum_explain(kernel, EINSUM_STAGE_ALL));\n"
        "  einsum_release(kernel);\n"
        "}\n"
    )
    said = run(compile_program(source, work / "explain", prefix, ["gcc", "-std=c99"]))
    command = [os.environ.get("EINSUMC", ROOT / ".build/release/einsumc"), "explain", "ij,jk->ik", "--shapes", "90x80,80x70"]
    expected = run(*command) + run(*command, "--stage", "all")
    assert said == expected, f"{said}\n--- but the command says\n{expected}"


def check_cmake(prefix: Path, work: Path) -> None:
    project = work / "project"
    project.mkdir()
    shutil.copy(prefix / "share/einsum/example.c", project)
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\n"
        "project(example C)\n"
        "find_package(einsum 1 REQUIRED)\n"
        "add_executable(example example.c)\n"
        "target_link_libraries(example einsum::einsum)\n"
    )
    run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", project / "build")
    run(project / "build/example")
    wrong = (project / "CMakeLists.txt").read_text().replace("einsum 1", "einsum 2")
    (project / "CMakeLists.txt").write_text(wrong)
    try:
        run("cmake", "-S", project, "-B", project / "other", f"-DCMAKE_PREFIX_PATH={prefix}")
    except AssertionError as error:
        assert 'compatible with requested version "2"' in " ".join(str(error).split()), error
    else:
        raise AssertionError("version 1 was taken for version 2")


def check_threads_and_forks(prefix: Path, work: Path) -> None:
    source = PROGRAMS / "threads_and_forks.c"
    run(compile_program(source, work / "threads_and_forks", prefix, ["gcc", "-std=c11", "-O1"]))


def check_random_calls(prefix: Path, work: Path) -> None:
    source = PROGRAMS / "random_calls.c"
    sanitizers = "-fsanitize=address,undefined"
    program = compile_program(source, work / "sanitized", prefix, ["gcc", "-std=c99", "-g", sanitizers])
    seed = str(time.time_ns())
    print(f"  seed {seed}", flush=True)
    run(program, seed, RANDOM_CALLS)
    sanitized = compile_program(PROGRAMS / "interface.c", work / "checked", prefix, ["gcc", "-std=c99", sanitizers])
    run(sanitized)


def check_under_valgrind(prefix: Path, work: Path) -> None:
    valgrind = [
        "valgrind", "--quiet", "--error-exitcode=9", "--leak-check=full",
        f"--suppressions={prefix}/share/einsum/einsum.supp",
    ]  # fmt: skip
    program = compile_program(PROGRAMS / "random_calls.c", work / "random", prefix, ["gcc", "-std=c99", "-g"])
    run(*valgrind, program, time.time_ns(), VALGRIND_CALLS)
    program = compile_program(PROGRAMS / "interface.c", work / "interface", prefix, ["gcc", "-std=c99", "-g"])
    run(*valgrind, program)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        run(ROOT / "tools/install", "--prefix", work / "first place")
        prefix = work / "place"
        (work / "first place").rename(prefix)
        checks = [check_library, check_example, check_readme, check_interface, check_explanations, check_cmake,
                  check_threads_and_forks, check_random_calls, check_under_valgrind]  # fmt: skip
        for check in checks:
            begin = time.monotonic()
            own = work / check.__name__
            own.mkdir()
            try:
                check(prefix, own)
                print(f"{check.__name__}: good, {time.monotonic() - begin:.1f} s", flush=True)
            except (AssertionError, subprocess.TimeoutExpired) as error:
                failures.append(check.__name__)
                print(f"{check.__name__}: FAILED\n{error}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
