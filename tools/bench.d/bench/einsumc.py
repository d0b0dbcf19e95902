"""How einsumc is measured: by its own `bench` command."""

import json
import os
import subprocess
from pathlib import Path

from bench.case import Case
from bench.environment import ROOT, note, processors, run, thread_environment

BUILT = ROOT / ".build" / "release" / "einsumc"


class Einsumc:
    """An einsumc binary."""

    def __init__(self, binary: Path | None, tier: str | None) -> None:
        """Takes the given binary, or the one of this package, which is built if it is not up to date."""
        self.binary = binary or BUILT
        self.tier = tier
        if binary is None:
            note("building einsumc, unless it is up to date")
            built = subprocess.run([ROOT / "tools" / "einsumc", "--version"], capture_output=True, text=True)
            if built.returncode != 0:
                raise RuntimeError(f"einsumc could not be built:\n{built.stderr.strip()}")

    def describe(self) -> dict:
        version = run(self.binary, "--version")
        if version.returncode != 0:
            raise RuntimeError(f"{self.binary} does not run: {version.stderr.strip()}")
        commit = run("git", "-C", ROOT, "describe", "--always", "--dirty")
        return {"version": version.stdout.strip(), "commit": commit.stdout.strip() or None}

    def measure(self, case: Case, threads: int, min_time: float, timeout: float) -> dict:
        """One run: `status` is ok, wrong or failed; with min_s, median_s, compile_ms and others if ok."""
        sizes = ",".join(f"{label}={size}" for label, size in case.sizes.items() if label in case.expr)
        command = [self.binary, "bench", case.expr, "--dtype", case.dtype, "--threads", threads, "--json"]
        command += ["--sizes", sizes] if sizes else ["--shapes", ",".join("scalar" for _ in case.operands)]
        command += ["--min-time", min_time]
        if self.tier:
            command += ["--tier", self.tier]
        cpus = processors(threads)
        try:
            done = subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                timeout=timeout,
                env=thread_environment(threads),
                preexec_fn=lambda: os.sched_setaffinity(0, cpus),
            )
        except subprocess.TimeoutExpired:
            return {"status": "failed", "reason": f"no result within {timeout:.0f} s"}
        if done.returncode != 0:
            # Its first line has the error; a process that was ended by a signal says nothing.
            lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            return {"status": "failed", "reason": lines[0]}
        try:
            answer = json.loads(done.stdout)
            answer["status"] = "ok" if answer["checked"] is True else "wrong"
            return answer if answer["min_s"] > 0 else {"status": "failed", "reason": "a time of zero"}
        except (ValueError, KeyError) as error:
            return {"status": "failed", "reason": f"unexpected output: {error!r}"}


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
