#!/usr/bin/env python3
"""What einsumc's commands print and return: run, explain, bench, doctor, help.

The program is the one that the environment variable EINSUMC names.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

STAGES = ["equation", "contraction", "plan", "loops", "c"]
BENCH_KEYS = {
    "expr", "dtype", "threads", "tier", "compile_ms", "first_call_ms", "min_s", "median_s", "calls", "gflops",
    "gb_per_s", "flop", "bytes", "workspace_bytes", "checked",
}  # fmt: skip
RUN_LIMIT_MS = 50

program = ""
passed = 0
failed = 0


def expect(holds: bool, what: str, detail: object = "") -> None:
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}" + (f"\n    {detail}" if detail != "" else ""))


def einsumc(*arguments: str, status: int = 0, text: bool = True, **variables: str) -> subprocess.CompletedProcess:
    """Runs the program; any other exit code than the given one is a failed check."""
    environment = {**os.environ, **variables}
    result = subprocess.run([program, *arguments], capture_output=True, text=text, env=environment, timeout=600)
    expect(result.returncode == status, f"exit code of {arguments}", f"{result.returncode}: {result.stderr}")
    return result


def check_help() -> None:
    for command in ["run", "emit", "explain", "bench", "doctor"]:
        result = einsumc(command, "--help")
        expect("Example" in result.stdout and f"einsumc {command}" in result.stdout, f"{command} --help has an example")
        expect(result.stderr == "", f"{command} --help says nothing on standard error", result.stderr)
        expect(einsumc("help", command).stdout == result.stdout, f"help {command}")
    whole = einsumc("--help").stdout
    expect(all(name in whole for name in ["run", "emit", "explain", "bench", "doctor"]), "--help lists the commands")
    version = einsumc("--version").stdout
    expect(version.count(".") == 2 and version.count("\n") == 1, "--version", version)


def check_printing() -> None:
    """`run` without -o prints as numpy does."""
    random = np.random.default_rng(3)
    arrays = [
        random.standard_normal((3, 4)).astype(np.float32), random.standard_normal((2, 3, 4)),
        random.integers(-9, 9, (40, 50)), np.array(2.5), np.zeros((0, 3)), random.standard_normal(7).astype(np.float16),
        np.array([True, False]), random.standard_normal((2, 2)) + 1j, np.array([np.nan, np.inf, -0.0]),
        np.arange(2000, dtype=np.uint8), np.asfortranarray(random.standard_normal((5, 3))),
    ]  # fmt: skip
    for array in arrays:
        np.save("x.npy", array)
        lines = einsumc("run", "...->...", "x.npy").stdout
        expect(lines == f"shape {array.shape}, type {array.dtype}\n{array}\n", f"printing {array.dtype} {array.shape}", lines)


def check_run() -> None:
    random = np.random.default_rng(4)
    a = random.integers(-9, 9, (3, 4)).astype(np.float32)
    b = np.asfortranarray(random.integers(-9, 9, (4, 5)).astype(np.float64))
    z = random.integers(-9, 9, (3, 4)) + 1j * random.integers(-9, 9, (3, 4))
    for name, array in {"a": a, "b": b, "z": z, "s": np.array(7.0), "u": np.full((3, 100), 200, np.uint8)}.items():
        np.save(f"{name}.npy", array)

    def result(*arguments: str) -> np.ndarray:
        Path("out.npy").unlink(missing_ok=True)
        run = einsumc("run", *arguments, "-o", "out.npy")
        expect(run.stdout == "", f"{arguments} prints nothing with -o", run.stdout)
        return np.load("out.npy")

    def equal(what: str, given: np.ndarray, expected: np.ndarray) -> None:
        same = given.dtype == expected.dtype and given.shape == expected.shape and np.array_equal(given, expected)
        expect(same, what, f"{given.dtype} {given}, not {expected.dtype} {expected}")

    equal("mixed types and orders", result("ij,jk->ik", "a.npy", "b.npy"), a @ b)
    equal("options between operands", result("ij,jk", "a.npy", "--threads", "2", "b.npy", "--tier=tcc"), a @ b)
    equal("integers wrap", result("ij->i", "u.npy"), np.full(3, 200 * 100 % 256, np.uint8))
    equal("--accumulate", result("ij->i", "u.npy", "--accumulate", "int64"), np.full(3, 20000))
    equal("--accumulate f32 of integers", result("ij->i", "u.npy", "--accumulate=f32"), np.full(3, 20000, np.float32))
    equal("--conj", result("ij,ij->i", "z.npy", "z.npy", "--conj", "0"), (z.conj() * z).sum(1))
    equal("--conj of both", result("ij,ij->i", "z.npy", "z.npy", "--conj", "1,0"), (z.conj() ** 2).sum(1))
    for arguments in (["->", "s.npy"], ["--", "->", "s.npy"], ["", "s.npy"], ["--tier", "auto", "->", "s.npy"]):
        expect(einsumc("run", *arguments).stdout == "shape (), type float64\n7.0\n", f"run {arguments}")
    expect(einsumc("run", ",", "s.npy", "s.npy").stdout.endswith("\n49.0\n"), "product of two scalars")
    expect(einsumc("run", ",->", "s.npy", "s.npy").stdout.endswith("\n49.0\n"), "product of two scalars, with an arrow")

    Path("same.npy").write_bytes(Path("a.npy").read_bytes())
    einsumc("run", "ij->ji", "same.npy", "-o", "same.npy")
    equal("the output replaces an operand", np.load("same.npy"), np.ascontiguousarray(a.T))
    piped = einsumc("run", "ij->ji", "a.npy", "-o", "/dev/stdout", text=False).stdout
    expect(piped == Path("same.npy").read_bytes(), "-o /dev/stdout")

    stats = einsumc("run", "ij,jk", "a.npy", "b.npy", "--stats")
    expect(stats.stdout.startswith("shape (3, 5), type float64\n"), "--stats leaves standard output alone")
    for name in ["compile", "run", "flop", "bytes", "workspace"]:
        expect(any(line.startswith(name + " ") for line in stats.stderr.splitlines()), f"--stats tells {name}", stats.stderr)
    expect("flop       120" in stats.stderr, "--stats counts flop", stats.stderr)
    expect(einsumc("run", "ij", "a.npy").stderr == "", "run says nothing on standard error")


def check_streams() -> None:
    """What happens when nobody reads, or nothing more can be written."""
    with open("/dev/full", "w") as full:
        result = subprocess.run([program, "doctor"], stdout=full, stderr=subprocess.PIPE, text=True)
    expect(result.returncode == 1 and result.stderr.startswith("error: "), "a full disk behind standard output", result.stderr)
    result = einsumc("run", "ij", "a.npy", "-o", "/dev/full", status=1)
    expect("[cannot-write]" in result.stderr, "a full disk behind -o", result.stderr)
    for command in [["explain", "ij,jk", "--shapes", "9x9,9x9"], ["run", "ij", "a.npy"], ["--help"]]:
        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run([program, *command], stdout=writer, stderr=subprocess.PIPE, text=True)
        os.close(writer)
        expect(result.returncode == 1 and result.stderr == "", f"a reader of {command} that is gone", result)
    result = einsumc("bench", "i,j->ij", "--sizes", "i=16777216,j=16777216", status=1)
    expect("[out-of-memory]" in result.stderr, "a result that fits no memory", result.stderr)


def statement_lines(statements: list) -> list[tuple[int, str]]:
    """The lines of the C that statements of an explanation name, each with a text that must stand there."""
    lines = []
    for statement in statements:
        for kind, value in statement.items():
            text = {"loop": "for (", "kernel": value.get("symbol", "") + "(", "table": "_end", "barrier": "es_barrier("}[kind]
            lines += [(value["line"], text), *statement_lines(value.get("body", []))]
    return lines


def check_explain() -> None:
    shapes = ["explain", "ij,jk->ik", "--shapes", "32x64,64x48"]
    sizes = ["explain", "ij,jk->ik", "--sizes", "k=48,j=64,{i}=32"]
    story = einsumc(*shapes).stdout
    for head in ["equation", "machine", "indices", "tensors", "cost", "predicted", "step 1", "loops", "why"]:
        expect(any(line.startswith(head + " ") for line in story.splitlines()), f"explain has a line '{head}'", story)
    expect(story == einsumc(*sizes).stdout, "sizes and shapes say the same")
    expect(story == einsumc(*shapes, "--dtype", "float32").stdout, "numpy's names of types")
    everything = einsumc(*shapes, "--stage", "all").stdout
    texts = {stage: einsumc(*shapes, "--stage", stage).stdout.rstrip("\n") for stage in STAGES}
    expect(everything.rstrip("\n") == "\n\n".join(text for text in texts.values()), "all is every stage in order")
    for stage in STAGES[:4]:
        expect(texts[stage].startswith(stage), f"stage {stage} begins with its name", texts[stage])
    expect("void es_driver(" in texts["c"], "stage c holds the driver")
    expect("196608 flop" in texts["plan"], "stage plan counts flop")

    report = json.loads(einsumc(*shapes, "--json").stdout)
    own = {"schema_version", "expr", "dtype", "machine", "limits", "indices", "operands", "output", "flop", "bytes", "intensity",
           "workspace_bytes", "single_nest_flop", "prediction", "steps", "notes"}  # fmt: skip
    expect(set(report) == {*own, "stages", *STAGES}, "keys", report.keys())
    expect(report["schema_version"] == 1, "the schema's version")
    expect([step["kind"] for step in report["steps"]] == ["matrix product"], "the step's kind", report["steps"])
    code = report["c"].split("\n")
    for line, text in statement_lines(report["steps"][0]["loops"]):
        expect(text in code[line - 1], "a statement's line in the C", f"{line}: {text} is not in {code[line - 1]}")
    expect(report["stages"] == STAGES, "the order of stages")
    expect(report["expr"] == "ij,jk->ik" and report["dtype"] == "f32", "expr and dtype")
    expect(report["flop"] == 196608 and report["bytes"] == 4 * (32 * 64 + 64 * 48 + 32 * 48), "costs")
    expect(all(report[stage].rstrip("\n") == texts[stage] for stage in STAGES), "JSON has the same texts")
    report = json.loads(einsumc(*shapes, "--json", "--stage", "c").stdout)
    expect(report["stages"] == ["c"] and "plan" not in report, "JSON of one stage")
    report = json.loads(einsumc("explain", "...i,i", "--shapes", "2x3x4,4", "--dtype", "f32,i8", "--json").stdout)
    expect(report["dtype"] == "f32,i8", "a type for each operand")

    for arguments in (["->", "--sizes", ""], ["->", "--shapes", "scalar"], ["", "--shapes", "scalar"],
                      [",", "--shapes", "scalar,scalar"], ["ij->", "--shapes", "0x5"], ["ij,jk", "--sizes", "i=2,j=0,k=3"],
                      ["{batch}i,{batch}j", "--sizes", "batch=2,i=3,j=4"], ["i->ii", "--shapes", "3"],
                      ["αβ,βγ->αγ", "--sizes", "α=2,β=3,γ=4"], ["ij", "--sizes", "i=2,i=2,j=3"]):  # fmt: skip
        expect(einsumc("explain", *arguments).stdout.startswith("equation"), f"explain {arguments}")
    for name in ["b8", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16", "bf16", "f32", "f64", "c64", "c128"]:
        report = json.loads(einsumc("explain", "ij,jk->ik", "--shapes", "20x30,30x40", "--dtype", name, "--json").stdout)
        expect(report["dtype"] == name, f"explain --dtype {name}")
    for isa, vector in {"baseline": "baseline", "avx2": "avx2", "avx512": "avx512"}.items():
        if isa in einsumc("doctor").stdout.partition("available:")[2].splitlines()[0]:
            expect(f"_{vector}(" in einsumc(*shapes, "--stage", "c", EINSUM_ISA=isa).stdout, f"EINSUM_ISA={isa}")

    check_inspection(shapes)


def check_inspection(shapes: list[str]) -> None:
    """Pages, machine code, measurements and numbers of threads."""
    result = einsumc(*shapes, "--html", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    expect(result.stdout == "" and result.stderr == "", "--html prints nothing")
    expect(page.startswith("<!doctype html>") and page.rstrip().endswith("</html>"), "--html writes a whole page")
    data = page.partition('id="explanation">')[2].partition("</script>")[0]
    expect(json.loads(data)["expr"] == "ij,jk->ik", "the page holds the explanation as JSON")
    einsumc(*shapes, "--html", "none/page.html", status=2)

    shapes = ["explain", "ij,jk->ik", "--shapes", "400x300,300x500"]
    kernel = "es_tile_f32" if "es_tile_f32" in einsumc(*shapes, "--stage", "c").stdout else "es_"
    text = einsumc(*shapes, "--asm", "--stage", "plan").stdout
    expect("es_driver, inner loop" in text and kernel in text, "--asm shows driver and kernels", text)
    report = json.loads(einsumc(*shapes, "--asm", "--json").stdout)
    loops = {function["symbol"]: function["inner_loop"] for function in report["asm"]}
    expect(loops.get("es_driver") and len(loops) > 1, "--asm in JSON", loops.keys())
    tiles = [lines for symbol, lines in loops.items() if "_tile" in symbol]
    expect(all(any("mul" in line or "fma" in line for line in lines) for lines in tiles), "tiles multiply", tiles)
    environment = {"PATH": "/nonexistent"}
    expect("objdump" in einsumc(*shapes, "--asm", status=1, **environment).stderr, "--asm without objdump")

    report = json.loads(einsumc(*shapes, "--measure", "--json", "--threads", "1").stdout)
    measured = report["measurement"]
    expect(0 < measured["min_seconds"] <= measured["median_seconds"], "--measure times calls", measured)
    expect(report["limits"]["is_measured"] and report["machine"]["threads"] == 1, "--measure measures limits")


def check_limits() -> None:
    arguments = ["doctor", "--limits", "--min-time", "0.01"]
    expect("multiply-add f32" in einsumc(*arguments).stdout, "doctor --limits for people")
    for isa in ["baseline", None]:
        variables = {"EINSUM_ISA": isa} if isa else {}
        # A busy machine may disturb one measurement and not the other, hence the room and the further attempts.
        for _ in range(8):
            limits = json.loads(einsumc(*arguments, "--json", "--threads", "1", **variables).stdout)
            peak = limits["fma_f32_gflops"]
            tiles = [rate for name, rate in limits["tile_gflops"].items() if "_f32_" in name]
            if peak > limits["fma_f64_gflops"] and tiles and 0.3 * peak < max(tiles) < 2 * peak:
                break
        rates = [limits[key] for key in ["fma_f32_gflops", "fma_f64_gflops", "read_gb_per_s", "write_gb_per_s", "copy_gb_per_s"]]
        expect(all(0.1 < rate < 1e5 for rate in rates), "limits are plausible", limits)
        expect(peak > limits["fma_f64_gflops"], "float32 is quicker than float64", limits)
        expect(tiles and 0.3 * peak < max(tiles) < 2 * peak, "tiles", limits)


def check_bench() -> None:
    quick = ["--min-time", "0.01", "--json"]
    cases = [
        ("ij,jk->ik", ["--sizes", "i=64,j=64,k=64"], 2 * 64**3, 4 * 3 * 64**2),
        ("ij,jk->ik", ["--shapes", "20x30,30x40", "--dtype", "f64"], 2 * 20 * 30 * 40, 8 * (600 + 1200 + 800)),
        ("bij,bjk->bik", ["--shapes", "9x8x7,9x7x6", "--dtype", "c64"], 2 * 9 * 8 * 7 * 6, 8 * (504 + 378 + 432)),
        ("ij->ji", ["--shapes", "300x200", "--dtype", "u8"], 0, 2 * 60000),
        ("ij->i", ["--shapes", "30x50", "--dtype", "f16"], 1500, 2 * (1500 + 30)),
        ("i->ii", ["--shapes", "30"], 0, None), ("ii->i", ["--shapes", "30x30", "--dtype", "i16"], 0, None),
        ("ij,jk,kl->il", ["--shapes", "8x9,9x10,10x11", "--dtype", "i32"], None, None),
        ("ij,jk", ["--shapes", "30x40,40x50", "--dtype", "b8"], None, None),
        ("ij,jk", ["--shapes", "30x40,40x50", "--dtype", "bf16,f32"], None, None),
        ("ij,jk->ik", ["--shapes", "30x41,41x50", "--dtype", "i8,u8", "--accumulate", "i32"], 2 * 30 * 41 * 50, 30 * 41 + 41 * 50 + 4 * 1500),
        ("ij,jk->ik", ["--shapes", "30x41,41x50", "--dtype", "f16", "--accumulate", "i32"], 2 * 30 * 41 * 50, None),
        ("ij,jk", ["--shapes", "3x0,0x5"], 0, None), ("->", ["--shapes", "scalar"], 0, 8),
        ("i,j->ij", ["--sizes", "i=3000,j=3000"], 9000000, None), ("ij,jk->ik", ["--sizes", "i=400,j=400,k=400"], 2 * 400**3, None),
        ("i,i->", ["--shapes", "3000000,3000000"], 6000000, None),
        ("ab,bc,cd,de,ef,fg,gh->ah", ["--sizes", ",".join(f"{c}=40" for c in "abcdefgh")], None, None),
    ]  # fmt: skip
    for expression, arguments, flop, size in cases:
        report = json.loads(einsumc("bench", expression, *arguments, *quick, "--threads", "1").stdout)
        what = f"bench {expression} {arguments}"
        expect(set(report) == BENCH_KEYS, f"{what}: keys", report.keys())
        expect(report["checked"] is True, f"{what}: checked")
        expect(report["expr"] == expression and report["threads"] == 1 and report["tier"] == "tcc", f"{what}: names", report)
        expect(flop is None or report["flop"] == flop, f"{what}: flop", report["flop"])
        expect(size is None or report["bytes"] == size, f"{what}: bytes", report["bytes"])
        expect(report["calls"] >= 5 and 0 < report["min_s"] <= report["median_s"], f"{what}: times", report)
        expect(report["compile_ms"] > 0 and report["first_call_ms"] > 0, f"{what}: first times", report)
        rate = report["flop"] / report["median_s"] * 1e-9
        expect(abs(report["gflops"] - rate) <= 1e-6 * rate, f"{what}: gflops is that of the median", report)
        rate = report["bytes"] / report["median_s"] * 1e-9
        expect(abs(report["gb_per_s"] - rate) <= 1e-6 * rate, f"{what}: gb_per_s is that of the median", report)
    table = einsumc("bench", "ij,jk->ik", "--shapes", "9x9,9x9", "--min-time", "0").stdout
    expect("GFLOP/s" in table and "checked" in table, "bench prints a table", table)


def check_doctor() -> None:
    text = einsumc("doctor").stdout
    for name in ["cpu", "features", "isa", "caches", "tcc tier", "cc tier", "compiler", "cache folder", "self-check"]:
        expect(any(line.startswith(name + " ") for line in text.splitlines()), f"doctor tells {name}", text)
    expect("agree with plain loops" in text, "doctor checks itself", text)
    forced = einsumc("doctor", EINSUM_ISA="baseline").stdout
    expect("baseline, chosen by EINSUM_ISA" in forced and "agree" in forced, "doctor under EINSUM_ISA", forced)
    expect("/some/where" in einsumc("doctor", EINSUM_CACHE_DIR="/some/where").stdout, "EINSUM_CACHE_DIR")
    expect("none found" in einsumc("doctor", PATH="/nowhere").stdout, "doctor without a compiler")


def check_speed() -> None:
    """A small einsum takes at most 50 ms, from start to end of the process; a busy machine gets more attempts."""
    times = []
    while len(times) < 20 or (min(times) > RUN_LIMIT_MS and len(times) < 200):
        start = time.perf_counter()
        subprocess.run([program, "run", "ij,jk", "a.npy", "b.npy"], stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1000)
    print(f"einsumc run on small files: fastest {min(times):.1f} ms, median {sorted(times)[len(times) // 2]:.1f} ms")
    expect(min(times) <= RUN_LIMIT_MS, f"run takes at most {RUN_LIMIT_MS} ms", f"{min(times):.1f} ms")


def main() -> int:
    global program
    name = os.environ.get("EINSUMC")
    if not name:
        print("error: the environment variable EINSUMC does not name the program", file=sys.stderr)
        return 1
    program = os.path.abspath(name)
    for variable in ["EINSUM_ISA", "EINSUM_CACHE_DIR", "PYTHONWARNINGS"]:
        os.environ.pop(variable, None)
    home = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for check in [check_help, check_printing, check_run, check_streams, check_explain, check_bench, check_doctor, check_limits]:
            check()
        check_speed()
        os.chdir(home)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
