"""A run: every case on einsumc and all peers in turn, so that a machine's drift hits all alike."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.case import Case
from bench.einsumc import Einsumc, better_run
from bench.environment import describe_machine, note, prepare_environment
from bench.limits import better_limits, report_limits
from bench.processes import Worker, WorkerFailure
from bench.summary import describe_case, summarize

# einsumc's own standalone C. Its worker measures the library too, so no other peer can run beside it.
EMITTED = "emitted"
# The peers, and the module that each needs.
PEER_MODULES = {
    "numpy": "numpy",
    "opt_einsum": "opt_einsum",
    "torch": "torch",
    "opt_einsum-torch": "torch",
    "torch-compile": "torch",
    "jax": "jax",
    "tblis": "pytblis",
    "etops": "etops",
    EMITTED: "numpy",
}
DEFAULT_PEERS = [peer for peer in PEER_MODULES if peer != EMITTED]


@dataclass(frozen=True)
class Settings:
    """What the arguments ask for. Times are in seconds."""

    peers: list[str]
    threads: list[int]
    rounds: int = 1
    min_time: float = 0.3
    max_time: float = 5.0
    timeout: float = 300.0
    einsumc: Path | None = None
    tier: str | None = None
    reuse_memory: bool = False


class Run:
    """The processes of one run; a context that ends them."""

    def __init__(self, settings: Settings, cases: list[Case]) -> None:
        self.settings, self.cases = settings, cases
        failures = prepare_environment(sorted({PEER_MODULES[peer] for peer in settings.peers}))
        self.einsumc = Einsumc(settings.einsumc, settings.tier)
        self.in_worker = settings.peers == [EMITTED]
        if self.in_worker:
            self.einsumc.build_library()
        self.folder = tempfile.mkdtemp(prefix="einsumc-bench-")
        self.reference = Worker("reference", os.cpu_count() or 1, self.folder)
        self.workers: dict[tuple[str, int], Worker] = {}
        self.peers: dict[str, dict] = {}
        for peer in settings.peers:
            if reason := failures.get(PEER_MODULES[peer]):
                self.peers[peer] = {"missing": reason}
                continue
            self.workers |= {
                (peer, threads): Worker(peer, threads, self.folder, settings.reuse_memory)
                for threads in settings.threads
            }

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [self.reference, *self.workers.values()]:
            worker.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> dict:
        """Starts every worker, leaves out peers that do not start, and returns the head of the results."""
        machine, einsumc = describe_machine(), self.einsumc.describe()
        try:
            self.reference.start()
        except WorkerFailure as failure:
            raise RuntimeError(f"numpy does not start: {failure}") from failure
        for peer in self.settings.peers:
            workers = {key: worker for key, worker in self.workers.items() if key[0] == peer}
            try:
                for worker in workers.values():
                    self.peers[peer] = {"version": worker.start()["version"]}
            except WorkerFailure as failure:
                self.peers[peer] = {"missing": str(failure)}
                for key, worker in workers.items():
                    worker.stop()
                    del self.workers[key]
        for peer in self.settings.peers:
            note(
                f"{peer}: " + (self.peers[peer].get("version") or f"left out: {self.peers[peer]['missing']}")
            )
        settings = {
            key: str(value) if isinstance(value, Path) else value
            for key, value in vars(self.settings).items()
        }
        return {
            "machine": machine,
            "settings": settings,
            "einsumc": einsumc,
            "peers": self.peers,
            "limits": {str(threads): self.einsumc.limits(threads) for threads in self.settings.threads},
            "cases": [],
        }

    def measure(self, save: Callable[[dict], None]) -> dict:
        """All results; `save` gets what there is after each case."""
        results = self.start()
        for limits in results["limits"].values():
            report_limits(limits)
        for number, case in enumerate(self.cases):
            note(f"[{number + 1}/{len(self.cases)}] {case.name}  {case.expr}  {case.dtype}")
            results["cases"].append(self.measure_case(case, results["limits"]))
            save(results)
        # Once more, since the machine may have been busy at the start.
        for threads in self.settings.threads:
            again = better_limits(results["limits"][str(threads)], self.einsumc.limits(threads))
            results["limits"][str(threads)] = again
            report_limits(again)
        for case, entry in zip(self.cases, results["cases"], strict=True):
            for key, counts in entry["threads"].items():
                counts |= summarize(case, entry, counts, results["limits"][key])
        results["machine"]["load_at_end"] = list(os.getloadavg())
        save(results)
        return results

    def measure_case(self, case: Case, limits: dict) -> dict:
        """The results of one case with every number of threads."""
        try:
            flop = self.reference.ask({"case": case.as_json()}, self.settings.timeout)
            if "flop" not in flop:
                raise RuntimeError(f"{case.name}: no reference: {flop['reason']}")
        except WorkerFailure as failure:
            raise RuntimeError(f"{case.name}: no reference: {failure}") from failure
        entry = case.as_json() | {
            "flop": flop["flop"],
            "bytes_read": case.bytes_read,
            "bytes_written": case.bytes_written,
            "threads": {},
        }
        for threads in self.settings.threads:
            counts: dict = {"load": os.getloadavg()[0]}
            counts |= self.in_turn(case, threads)
            counts |= summarize(case, entry, counts, limits[str(threads)])
            entry["threads"][str(threads)] = counts
            note(describe_case(counts, threads))
        return entry

    # Threads of a library may go on spinning after its last call, and must not take time from the next.
    pause = 0.05

    def in_turn(self, case: Case, threads: int) -> dict:
        """einsumc, then each peer, as often as there are rounds, then einsumc again.

        Where einsumc is measured in a peer's process, it has as many runs as that.
        """
        settings = self.settings
        ours: list[dict] = []
        theirs: dict[str, list[dict]] = {}
        request = {"case": case.as_json(), "min_time": settings.min_time, "max_time": settings.max_time}

        def measure_einsumc() -> None:
            time.sleep(self.pause)
            ours.append(self.einsumc.measure(case, threads, settings.min_time, settings.timeout))

        if problem := self.verify(case, threads):
            ours.append(problem)
        for _ in range(settings.rounds):
            if not self.in_worker:
                measure_einsumc()
            for (peer, count), worker in self.workers.items():
                if count != threads:
                    continue
                time.sleep(self.pause)
                try:
                    answer = worker.ask(request, settings.timeout)
                except WorkerFailure as failure:
                    answer = {"status": "failed", "reason": str(failure)}
                if beside := answer.pop("einsumc", None):
                    ours.append(beside)
                theirs.setdefault(peer, []).append(answer)
        if not self.in_worker or not ours:
            measure_einsumc()
        return {
            "einsumc": better_run(ours),
            "einsumc_runs": ours,
            "peers": {peer: better_peer_run(runs) for peer, runs in theirs.items()},
        }

    def verify(self, case: Case, threads: int) -> dict | None:
        """Checks einsumc's result for the operands that the peers get; returns the failure, if there is one.

        This comes on top of einsumc's own check, and cannot be done for bfloat16, which .npy files lack.
        """
        if case.dtype == "bfloat16":
            return None
        folder, timeout = Path(self.folder), self.settings.timeout
        operands = [folder / f"operand-{number}.npy" for number in range(len(case.operands))]
        result = folder / "einsumc.npy"
        if reason := self.einsumc.compute(case, threads, operands, result, timeout):
            return {"status": "failed", "reason": reason}
        checked = self.reference.ask({"case": case.as_json(), "result": str(result)}, timeout)
        return {"status": "wrong", "reason": checked["reason"]} if checked["reason"] else None


def better_peer_run(runs: list[dict]) -> dict:
    """Several runs of one peer as one: the lower minimum, the lower median, of those that went well."""
    good = [run for run in runs if run["status"] == "ok"]
    if not good:
        return runs[0]
    return min(good, key=lambda run: run["min_s"]) | {"median_s": min(run["median_s"] for run in good)}
