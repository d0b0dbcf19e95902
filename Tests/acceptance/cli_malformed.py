#!/usr/bin/env python3
"""Feeds einsumc malformed expressions, shapes, sizes, flags and files.

Each must end with exit code 2, exactly one diagnostic on standard error and nothing on standard output, in bounded
memory and time, and leave no file behind. The program is the one that the environment variable EINSUMC names.
"""

import os
import resource
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

# Far more than einsumc needs, and far less than the lying headers below ask for.
MEMORY_LIMIT = 4 << 30
TIME_LIMIT = 600

# Each with the number of 2x2 operands that it is given.
EXPRESSIONS = [
    ("i%,ij", 2), ("i1,ij", 2), ("i_j", 1), ("i\tj", 1), ("i\nj", 1), ("i;j", 1), ("i|j", 1), ("i+j", 1),
    ("i*j,jk", 2), ("(ij)", 1), ("[ij]", 1), ("'ij'", 1), ('"ij"', 1), ("ij\\", 1), ("i\x1bj", 1), ("i\x07j", 1),
    ("ij/jk", 1), ("i=j", 1), ("i?j", 1), ("i!j", 1), ("i@j", 1), ("i#j", 1), ("$ij", 1), ("i^j", 1), ("i~j", 1),
    ("i`j", 1), ("ij:jk", 1), ("i²j", 1), ("i😀", 1), ("i\u200bj", 1), ("i\u0301j", 1), ("٣j", 1), ("i→j", 1),
    ("ij–>ji", 1), ("ij．ji", 1), ("i\u00a0j", 1), ("i\u202ej", 1),
    ("ij-", 1), ("i-j", 1), ("ij>", 1), ("ij>ji", 1), ("ij- >ji", 1), ("ij-->ji", 1), ("ij->>ji", 1), ("ij=>ji", 1),
    ("ij<-ji", 1), ("ij->ji->ij", 1), ("->->", 1), ("ij->->", 1), ("ij->ji-", 1), ("ij->ji>", 1),
    ("ij.", 1), (".ij", 1), ("..ij", 1), ("i..j", 1), ("....ij", 1), (". . .ij", 1), ("... ...", 1), ("......", 1),
    ("...i...", 1), ("ij->...ij...", 1), ("i.j", 1), ("..", 1), (".", 1), ("…ij", 1),
    ("ij->ik", 1), ("ij->x", 1), ("->i", 1), ("ij,jk->il", 2), ("ij->ij,ij", 1), ("ij,jk->,", 2), ("ij->i,", 1),
    ("{ij", 1), ("ij}", 1), ("{}j", 1), ("{{i}}j", 1), ("{i}}", 1), ("{i j}k", 1), ("{i,j}k", 1), ("{i-}k", 1),
    ("{i.}k", 1), ("{" + "n" * 257 + "}j", 1), ("{a}{b->{a}", 1), ("ij->{k}", 1), ("{i}{", 1),
    ("ij", 2), ("ij,jk", 1), ("ij,jk", 3), ("ij,jk,kl", 2), ("", 2), (",", 1), (",,", 2), ("ij,", 1), ("->", 0),
    ("i", 1), ("ijk", 1), ("i,ij", 2), ("ij,ijk", 2), ("ijk...", 1), ("", 1), ("->", 1), ("i->", 1), (",", 2),
    ("ij" * 600_000, 1), ("i," * 70_000 + "i", 1), ("a" * 100_000, 1),
]  # fmt: skip

# Expression and what follows it; for `explain`, and the first ones for `bench`, too.
PROBLEMS = [
    ("ij,jk", []), ("ij,jk", ["--shapes", "2x3,3x4", "--sizes", "i=2,j=3,k=4"]), ("ij,jk", ["--shapes"]),
    ("ij,jk", ["--sizes"]), ("ij,jk", ["--shapes", ""]), ("ij,jk", ["--shapes", ","]),
    ("ij,jk", ["--shapes", "2x3"]), ("ij,jk", ["--shapes", "2x3,3x4,4x5"]), ("ij,jk", ["--shapes", "2x3,4x5"]),
    ("ij,jk", ["--shapes", "2x3,3"]), ("ij,jk", ["--shapes", "2x3x4,3x4"]), ("ij,jk", ["--shapes", "2x3,3x4,"]),
    ("ij,jk", ["--shapes", ",2x3,3x4"]), ("ij,jk", ["--shapes", "2x3;3x4"]), ("ij,jk", ["--shapes", "2x,3x4"]),
    ("ij,jk", ["--shapes", "x3,3x4"]), ("ij,jk", ["--shapes", "2xx3,3x4"]), ("ij,jk", ["--shapes", "2X3,3x4"]),
    ("ij,jk", ["--shapes", "2*3,3x4"]), ("ij,jk", ["--shapes", "-2x3,3x4"]), ("ij,jk", ["--shapes", "2x-3,-3x4"]),
    ("ij,jk", ["--shapes=-2x3,3x4"]), ("ij,jk", ["--shapes", "+2x3,3x4"]), ("ij,jk", ["--shapes", "2.0x3,3x4"]),
    ("ij,jk", ["--shapes", "2e3x3,3x4"]), ("ij,jk", ["--shapes", "axb,bxc"]), ("ij,jk", ["--shapes", "2x3,scalar"]),
    ("ij,jk", ["--shapes", "scalar,scalar"]), ("ij,jk", ["--shapes", "2x3,Scalar"]), ("i", ["--shapes", "(2)"]),
    ("i", ["--shapes", "9223372036854775808"]), ("i", ["--shapes", "-9223372036854775809"]), ("i", ["--shapes", "-"]),
    ("i", ["--shapes", "99999999999999999999999999999999999999"]), ("i", ["--shapes", "9" * 5000]),
    ("i", ["--shapes", "٣"]), ("i", ["--shapes", "2 3"]), ("i", ["--shapes", "\x1b[31m"]), ("i", ["--shapes", "--"]),
    ("ij", ["--shapes", "9223372036854775807x2"]), ("ij", ["--shapes", "4294967296x4294967296"]),
    ("i,j->ij", ["--shapes", "4294967296,4294967296"]), ("i->ii", ["--shapes", "4294967296"]),
    ("...,...", ["--shapes", "2x3,4"]), ("...i,...i", ["--shapes", "2x3,4x3"]), ("ii", ["--shapes", "2x3"]),
    ("ii", ["--shapes", "1x3"]), ("iii", ["--shapes", "2x2x3"]), ("i,i", ["--shapes", "2,3"]),
    ("...i", ["--shapes", "scalar"]), ("", ["--shapes", "1"]), ("->", ["--shapes", "0"]), ("i", ["--shapes", "--json"]),
    ("ij,jk", ["--sizes", "i=2,j=3"]), ("ij,jk", ["--sizes", ""]), ("ij,jk", ["--sizes", "i=2,j=3,k=4,l=5"]),
    ("ij,jk", ["--sizes", "i=2,j=3,k=4,i=3"]), ("ij,jk", ["--sizes", "i=2,j=3,k=4,{i}=3"]),
    ("ij,jk", ["--sizes", "i=2,j=3,k"]), ("ij,jk", ["--sizes", "i=2,j=3,k="]), ("ij,jk", ["--sizes", "i=2,j=3,=4"]),
    ("ij,jk", ["--sizes", "i=2,j=3,k=-4"]), ("ij,jk", ["--sizes", "i=2,j=3,k=4.5"]),
    ("ij,jk", ["--sizes", "i=2,j=3,k=4,"]), ("ij,jk", ["--sizes", ",i=2,j=3,k=4"]), ("ij,jk", ["--sizes", "2x3,3x4"]),
    ("ij,jk", ["--sizes", "i:2,j:3,k:4"]), ("ij,jk", ["--sizes", "i=2 j=3 k=4"]), ("ij,jk", ["--sizes", "ij=2,k=3"]),
    ("ij,jk", ["--sizes", "i=2,j=3,k=9223372036854775808"]), ("ij,jk", ["--sizes", "i=2,j=3,K=4"]),
    ("ij,jk", ["--sizes", "i=2,j=3,{}=4"]), ("ij,jk", ["--sizes", "i==2,j=3,k=4"]), ("ij,jk", ["--sizes", "="]),
    ("ij,jk", ["--sizes", "i=two,j=3,k=4"]), ("{batch}i", ["--sizes", "{batch=2,i=3"]),
    ("{batch}i", ["--sizes", "Batch=2,i=3"]), ("...i", ["--sizes", "i=3"]), ("i...", ["--sizes", "i=3,...=4"]),
    ("ij", ["--sizes", "i=4294967296,j=4294967296"]), ("i,j->ij", ["--sizes", "i=4294967296,j=4294967296"]),
    ("", ["--sizes", "i=3"]), ("->", ["--sizes", "i=3"]),
    ("i%", ["--shapes", "2x2"]), ("ij->k", ["--shapes", "2x2"]), ("ij->ji->", ["--sizes", "i=2,j=2"]),
]  # fmt: skip

FLAGS = [
    [], ["nonsense"], ["Run"], ["--nonsense"], ["-x"], ["---"], ["-"], [""], ["help", "nonsense"],
    ["run"], ["explain"], ["bench"], ["run", "--nonsense"], ["run", "ij", "a.npy", "--nonsense"],
    ["run", "ij", "a.npy", "-x"], ["run", "ij", "a.npy", "-o"], ["run", "ij", "a.npy", "--output"],
    ["run", "ij", "a.npy", "--threads"], ["run", "ij", "a.npy", "--threads", "0"],
    ["run", "ij", "a.npy", "--threads", "-1"], ["run", "ij", "a.npy", "--threads=-1"],
    ["run", "ij", "a.npy", "--threads", "two"], ["run", "ij", "a.npy", "--threads", "1.5"],
    ["run", "ij", "a.npy", "--threads", "9223372036854775808"], ["run", "ij", "a.npy", "--tier"],
    ["run", "ij", "a.npy", "--tier", "cc"], ["run", "ij", "a.npy", "--tier", "gcc"], ["run", "ij", "a.npy", "--tier", ""],
    ["run", "ij", "a.npy", "--stats=yes"], ["run", "ij", "a.npy", "--accumulate", "float"],
    ["run", "ij", "a.npy", "--accumulate", ""], ["run", "ij", "a.npy", "--accumulate", "f128"],
    ["run", "ij", "a.npy", "--accumulate", "f32,f64"], ["run", "ij", "c.npy", "--accumulate", "f64"],
    ["run", "ij", "a.npy", "--conj", "1"], ["run", "ij", "a.npy", "--conj", "-1"], ["run", "ij", "a.npy", "--conj", "x"],
    ["run", "ij", "a.npy", "--conj", ""], ["run", "ij", "a.npy", "--conj", "0,"], ["run", "ij", "a.npy", "--conj"],
    ["run", "ij", "a.npy", "--conj", "99999999999999999999"], ["run", "ij", "a.npy", "--json"],
    ["run", "ij", "a.npy", "--shapes", "2x2"], ["run", "--", "--stats", "a.npy"], ["run", "-ij", "a.npy"],
    ["explain", "ij", "--shapes", "2x2", "--stage", "nonsense"], ["explain", "ij", "--shapes", "2x2", "--stage"],
    ["explain", "ij", "--shapes", "2x2", "--stage", "Plan"], ["explain", "ij", "--shapes", "2x2", "extra"],
    ["explain", "ij", "--shapes", "2x2", "--dtype", "float"], ["explain", "ij", "--shapes", "2x2", "--dtype", ""],
    ["explain", "ij", "--shapes", "2x2", "--dtype", "f32,f32"], ["explain", "ij", "--shapes", "2x2", "--dtype", ","],
    ["explain", "ij,jk", "--shapes", "2x2,2x2", "--dtype", "f32,"],
    ["explain", "ij,jk", "--shapes", "2x2,2x2", "--dtype", "f32,x"], ["explain", "ij", "--shapes", "2x2", "--dtype"],
    ["explain", "ij", "--shapes", "2x2", "--dtype", "F32"], ["explain", "ij", "--shapes", "2x2", "--threads", "0"],
    ["explain", "ij", "--shapes", "2x2", "--html", "none/x.html"],
    ["explain", "ij", "--shapes", "2x2", "--html", "x.html", "--json"], ["explain", "ij", "--shapes", "2x2", "--html"],
    ["explain", "ij", "--shapes", "2x2", "--html", "x.html", "--stage", "c"], ["doctor", "--json"], ["doctor", "--threads", "1"],
    ["doctor", "--limits", "--threads", "0"], ["doctor", "--limits", "--min-time", "-1"], ["doctor", "--limits", "--min-time", "61"],
    ["bench", "ij", "--shapes", "2x2", "--min-time", "-1"], ["bench", "ij", "--shapes", "2x2", "--min-time", "nan"],
    ["bench", "ij", "--shapes", "2x2", "--min-time", "inf"], ["bench", "ij", "--shapes", "2x2", "--min-time", "soon"],
    ["bench", "ij", "--shapes", "2x2", "--min-time", "1e9"], ["bench", "ij", "--shapes", "2x2", "--min-time"],
    ["bench", "ij", "--shapes", "2x2", "--threads", "0"], ["bench", "ij", "--shapes", "2x2", "--tier", "cc"],
    ["bench", "ij", "--shapes", "2x2", "--tier", "fast"], ["bench", "ij", "--shapes", "2x2", "--stage", "c"],
    ["doctor", "extra"], ["doctor", "--json=1"], ["doctor", "--nonsense"],
]  # fmt: skip


def header(text: str, version=(1, 0), pad=True) -> bytes:
    """The start of a .npy file whose dictionary is this text."""
    data = text.encode("latin1")
    size = 2 if version == (1, 0) else 4
    if pad:
        data += b" " * (-(len(data) + 7 + size + 2) % 64) + b"\n"
    return b"\x93NUMPY" + bytes(version) + len(data).to_bytes(size, "little") + data


def described(descr="'<f4'", order="False", shape="(2, 2)") -> bytes:
    return header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}")


DATA = np.zeros((2, 2), np.float32).tobytes()

# What malformed files hold.
FILES = {
    "empty": b"", "text": b"1 2\n3 4\n", "zeros": b"\0" * 1000, "zip": b"PK\x03\x04" + b"\0" * 100,
    "magic-part": b"\x93NUM", "magic-only": b"\x93NUMPY", "magic-version": b"\x93NUMPY\x01\x00",
    "magic-wrong": b"\x92NUMPY" + described()[6:] + DATA, "magic-case": b"\x93numpy" + described()[6:] + DATA,
    "version-0": b"\x93NUMPY\x00\x00" + described()[8:] + DATA, "version-4": b"\x93NUMPY\x04\x00" + described()[8:] + DATA,
    "version-1.1": b"\x93NUMPY\x01\x01" + described()[8:] + DATA, "version-2-short": b"\x93NUMPY\x02\x00\x10",
    "length-none": b"\x93NUMPY\x01\x00\x00\x00" + DATA, "length-past-end": b"\x93NUMPY\x01\x00\xff\x26{}",
    "length-huge": b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", "length-10001": header(" " * 10001, pad=False) + DATA,
    "cut-in-header": described()[:40], "data-none": described(), "data-short": described() + DATA[:-1],
    "data-long": described() + DATA + b"\0", "data-half": described() + DATA[:8],
    "shape-lies": described(shape="(1099511627776, 4)") + DATA, "shape-lies-more": described(shape="(4611686018427387904,)") + DATA,
    "shape-overflows": described(shape="(9223372036854775807, 9223372036854775807)") + DATA,
    "shape-overflows-to-0": described(shape="(4294967296, 4294967296)") + DATA,
    "shape-wraps": described(shape="(4611686018427387904, 4)"), "shape-past-int64": described(shape="(9223372036854775808,)") + DATA,
    "shape-zero-and-huge": described(shape="(0, 9223372036854775807, 9223372036854775807)") + DATA,
    "shape-negative": described(shape="(-2, -2)") + DATA, "shape-minus-1": described(shape="(-1,)") + DATA,
    "shape-list": described(shape="[2, 2]") + DATA, "shape-number": described(shape="4") + DATA,
    "shape-parenthesised": described(shape="(4)") + DATA, "shape-float": described(shape="(2.0, 2)") + DATA,
    "shape-text": described(shape="('2', '2')") + DATA, "shape-none": described(shape="None") + DATA,
    "shape-expression": described(shape="(1+1, 2)") + DATA, "shape-nested": described(shape="((2, 2),)") + DATA,
    "shape-unclosed": described(shape="(2, 2") + DATA, "shape-hex": described(shape="(0x2, 2)") + DATA,
    "shape-no-comma": described(shape="(2 2)") + DATA, "shape-commas": described(shape="(2,, 2)") + DATA,
    "shape-65-axes": described(shape="(" + "1, " * 65 + ")") + DATA[:4],
    "shape-1000-axes": described(shape="(" + "1, " * 1000 + ")") + DATA[:4],
    "order-number": described(order="0") + DATA, "order-text": described(order="'C'") + DATA, "order-none": described(order="None") + DATA,
    "type-object": described(descr="'|O'") + DATA, "type-string": described(descr="'<U4'") + DATA, "type-bytes": described(descr="'|S4'") + DATA,
    "type-big-endian": described(descr="'>f4'") + DATA, "type-native": described(descr="'=f4'") + DATA,
    "type-date": described(descr="'<M8[s]'") + DATA + DATA, "type-void": described(descr="'|V4'") + DATA,
    "type-long-double": described(descr="'<f16'") + DATA * 4, "type-f3": described(descr="'<f3'") + DATA,
    "type-empty": described(descr="''") + DATA, "type-number": described(descr="4") + DATA, "type-struct": described(descr="[('x', '<f4')]") + DATA,
    "type-comma": described(descr="'<f4,<f4'") + DATA, "type-escape": described(descr=r"'\x3cf4'") + DATA, "type-control": described(descr="'\x1b[31m'") + DATA,
    "keys-none": header("{}") + DATA, "keys-no-shape": header("{'descr': '<f4', 'fortran_order': False}") + DATA,
    "keys-no-order": header("{'descr': '<f4', 'shape': (2, 2)}") + DATA, "keys-no-descr": header("{'fortran_order': False, 'shape': (2, 2)}") + DATA,
    "keys-twice": header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'shape': (2, 2)}") + DATA,
    "keys-more": header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': 1}") + DATA,
    "dictionary-code": header("__import__('os').system('touch einsumc-was-here')") + DATA, "dictionary-open": header("{'descr': '<f4', ") + DATA,
    "dictionary-list": header("['descr', '<f4']") + DATA, "dictionary-deep": header("{" * 5000, pad=False) + DATA,
    "dictionary-rest": header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} 1") + DATA,
    "dictionary-nul": header("{'descr': '<f4', 'fortran_order': False, \0'shape': (2, 2)}") + DATA,
    "pickle": b"\x80\x04\x95" + b"\0" * 50, "hdf5": b"\x89HDF\r\n\x1a\n" + b"\0" * 50,
}  # fmt: skip


def special_files(folder: Path) -> list[str]:
    """Makes what is no regular file, and names of what is not there."""
    (folder / "folder").mkdir()
    os.mkfifo(folder / "fifo")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
    return [
        "folder", "fifo", "dangling", "loop", "socket", "missing.npy", "", "missing/a.npy", "a.npy/b", "/dev/null",
        "/dev/zero", "n" * 300, "n/" * 3000, "missing\n.npy", "\x1b[31mred.npy", "/proc/self/mem",
    ]  # fmt: skip


class Checks:
    """Runs cases and counts."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder = program, folder
        self.passed, self.failed = 0, 0

    def refused(self, arguments: list[str], **variables: str) -> None:
        """Expects these arguments to be refused."""
        before = self.state()
        try:
            result = subprocess.run(
                [self.program, *arguments], cwd=self.folder, env={**os.environ, **variables}, timeout=TIME_LIMIT,
                stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=limit_memory,
            )  # fmt: skip
            problems = self.problems(result)
        except subprocess.TimeoutExpired:
            problems = [f"still running after {TIME_LIMIT} s"]
        if self.state() != before:
            problems.append("files were made, changed or removed")
        if not problems:
            self.passed += 1
            return
        self.failed += 1
        shown = " ".join(repr(word if len(word) < 80 else word[:80] + "...") for word in arguments)
        print(f"FAILED: einsumc {shown} {variables or ''}")
        for problem in problems:
            print(f"    {problem}")

    @staticmethod
    def problems(result: subprocess.CompletedProcess) -> list[str]:
        problems = []
        text = result.stderr.decode("utf-8", "replace")
        if result.returncode != 2:
            problems.append(f"exit code {result.returncode}")
        diagnostics = [line for line in text.splitlines() if line.startswith("error: ")]
        if len(diagnostics) != 1:
            problems.append(f"{len(diagnostics)} diagnostics")
        elif not diagnostics[0].endswith("]"):
            problems.append("the diagnostic has no code")
        if not text.startswith("error: "):
            problems.append("standard error does not begin with the diagnostic")
        if any(mark in text for mark in ("Fatal error", "Backtrace", "runtime failure", "Thread 0", "internal:")):
            problems.append("a crash")
        if any(ord(c) < 32 and c != "\n" for c in text):
            problems.append("control characters on standard error")
        if len(text) > 10_000:
            problems.append(f"{len(text)} characters on standard error")
        if result.stdout:
            problems.append("something on standard output")
        if problems:
            problems.append(f"standard error: {text[:300]!r}")
        return problems

    def state(self) -> dict:
        """What is in the folder."""
        return {
            str(path): (path.lstat().st_size, path.lstat().st_mtime_ns, path.lstat().st_ino)
            for path in self.folder.rglob("*")
        }


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_files(checks: Checks, folder: Path) -> None:
    for name, content in FILES.items():
        (folder / f"{name}.npy").write_bytes(content)
        checks.refused(["run", "...->", f"{name}.npy", "-o", "out.npy"])
    for name in special_files(folder):
        checks.refused(["run", "...->", name, "-o", "out.npy"])
    checks.refused(["run", "ij,jk", "a.npy", "data-short.npy"])
    checks.refused(["run", "ij,jk", "a.npy", "b.npy", "-o", "out.npy"])
    checks.refused(["run", "ij,jk", "a.npy", "b.npy", "-o", "a.npy"])
    for output in ["folder", "folder/", "missing/out.npy", "a.npy/out.npy", "", "out.npy/", "n" * 300, ".", "/", "loop"]:
        checks.refused(["run", "ij", "a.npy", "-o", output])
    if os.getuid() != 0:
        (folder / "closed.npy").write_bytes(described() + DATA)
        (folder / "closed.npy").chmod(0)
        checks.refused(["run", "ij", "closed.npy"])
        checks.refused(["run", "ij", "a.npy", "-o", "closed.npy"])


def main() -> int:
    program = os.environ.get("EINSUMC")
    if not program:
        print("error: the environment variable EINSUMC does not name the program", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "a.npy", np.ones((2, 2), np.float32))
        np.save(folder / "b.npy", np.ones((3, 4), np.float32))
        np.save(folder / "c.npy", np.ones((2, 2), np.complex64))
        checks = Checks(os.path.abspath(program), folder)
        for expression, count in EXPRESSIONS:
            # The system passes no argument above 128 KiB.
            if len(expression.encode()) < 1 << 17:
                checks.refused(["run", expression, *["a.npy"] * count, "-o", "out.npy"])
        for expression, arguments in PROBLEMS:
            checks.refused(["explain", expression, *arguments])
        for expression, arguments in PROBLEMS[:12]:
            checks.refused(["bench", expression, *arguments, "--json"])
        for arguments in FLAGS:
            checks.refused(arguments)
        for isa in ["nonsense", "AVX2", "avx512,avx2", "\x1b[31m", " "]:
            checks.refused(["run", "ij", "a.npy"], EINSUM_ISA=isa)
            checks.refused(["explain", "ij", "--shapes", "2x2"], EINSUM_ISA=isa)
            checks.refused(["bench", "ij", "--shapes", "2x2"], EINSUM_ISA=isa)
            checks.refused(["doctor"], EINSUM_ISA=isa)
        check_files(checks, folder)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
