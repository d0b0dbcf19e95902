"""How einsumc is measured: by its own `bench` command."""

import json
import os
import subprocess
from pathlib import Path

from bench.case import Case
from bench.environment import ROOT, note, run

BUILT = ROOT / ".build" / "release" / "einsumc"


class Einsumc:
    """An einsumc binary."""

    def __init__(self, binary: Path | None, tier: str | None) -> None:
        """Takes the given binary, or the one of this package, which is built if it is not up to date."""
        self.binary = binary or BUILT
        # For workers that have it emit C.
        os.environ["EINSUMC"] = str(self.binary)
        self.tier = tier
        if binary is None:
            note("building einsumc, unless it is up to date")
            built = run(ROOT / "tools" / "einsumc", "--version")
            if built.returncode != 0:
                raise RuntimeError(f"einsumc could not be built:\n{built.stderr.strip()}")

    def build_library(self) -> None:
        """Builds the C library of this package, unless it is up to date, for workers that call it."""
        note("building einsumc's C library, unless it is up to date")
        built = run(ROOT / "tools" / "build-library")
        if built.returncode != 0:
            raise RuntimeError(f"the C library could not be built:\n{built.stderr.strip()}")
        os.environ["EINSUM_LIBRARY"] = built.stdout.strip()

    def describe(self) -> dict:
        """The version, and the commit of this package that it may come from."""
        version = run(self.binary, "--version")
        if version.returncode != 0:
            raise RuntimeError(f"{self.binary} does not run: {version.stderr.strip()}")
        commit = run("git", "-C", ROOT, "describe", "--always", "--dirty")
        return {"version": version.stdout.strip(), "commit": commit.stdout.strip() or None}

    def limits(self, threads: int, seconds: float = 0.3) -> dict:
        """GFLOP/s and GB/s of this machine for so many threads, by test; see `einsumc doctor --help`."""
        command = [self.binary, "doctor", "--limits", "--json", "--threads", threads, "--min-time", seconds]
        done = run(*command, threads=threads)
        if done.returncode != 0:
            raise RuntimeError(f"limits could not be measured: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def measure(self, case: Case, threads: int, min_time: float, timeout: float) -> dict:
        """One run: `status` is ok, wrong or failed; with min_s, median_s, compile_ms and others if ok."""
        sizes = ",".join(f"{label}={size}" for label, size in case.sizes.items() if label in case.expr)
        command = [self.binary, "bench", case.expr, "--dtype", case.dtype, "--threads", threads, "--json"]
        command += ["--sizes", sizes] if sizes else ["--shapes", ",".join("scalar" for _ in case.operands)]
        output, problem = self._run([*command, "--min-time", min_time], threads, timeout)
        if problem:
            return {"status": "failed", "reason": problem}
        try:
            answer = json.loads(output)
            if answer["checked"] is not True:
                return {"status": "wrong", "reason": "its own check disagrees"}
            if not 0 < answer["min_s"] <= answer["median_s"]:
                return {"status": "failed", "reason": f"times {answer['min_s']} and {answer['median_s']}"}
            return answer | {"status": "ok"}
        except (ValueError, KeyError, TypeError) as error:
            return {"status": "failed", "reason": f"unexpected output: {error!r}"}

    def compute(
        self, case: Case, threads: int, operands: list[Path], result: Path, timeout: float
    ) -> str | None:
        """Runs a case on operands in files, so that its result can be checked; returns what went wrong."""
        command = [self.binary, "run", case.expr, *operands, "-o", result, "--threads", threads]
        return self._run(command, threads, timeout)[1]

    def _run(self, command: list, threads: int, timeout: float) -> tuple[str, str | None]:
        """What a command prints, and why it failed."""
        if self.tier:
            command = [*command, "--tier", self.tier]
        try:
            done = run(*command, threads=threads, timeout=timeout)
        except subprocess.TimeoutExpired:
            return "", f"no result within {timeout:.0f} s"
        if done.returncode == 0:
            return done.stdout, None
        # Its first line has the error; a process that was ended by a signal says nothing.
        return "", (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[0]


def better_run(runs: list[dict]) -> dict:
    """Several runs of one case as one: the lower minimum, the lower median; not ok unless all are."""
    for run_ in runs:
        if run_["status"] != "ok":
            return run_
    best = min(runs, key=lambda run_: run_["min_s"])
    return best | {
        "median_s": min(run_["median_s"] for run_ in runs),
        "compile_ms": min(run_["compile_ms"] for run_ in runs),
        "first_call_ms": min(run_["first_call_ms"] for run_ in runs),
        "calls": sum(run_["calls"] for run_ in runs),
    }
