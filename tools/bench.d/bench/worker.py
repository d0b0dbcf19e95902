"""A worker: `python -m bench.worker NAME THREADS FOLDER` serves a peer, or "reference", to its parent.

It says what it is as a JSON line, then answers one line for each that it reads. FOLDER has the operands and
the reference of the current case, as the reference worker has written them.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.case import Case


def serve_reference(folder: Path) -> tuple[dict, object]:
    """Writes a case's operands and reference, or checks the result that a file has."""
    from bench.reference import check_result, np, write_case

    def serve(request: dict) -> dict:
        case = Case(**request["case"])
        if result := request.get("result"):
            return {"reason": check_result(case, np.load(result), folder)}
        return write_case(case, folder)

    return {"version": f"numpy {np.__version__}"}, serve


def make_peer(name: str, threads: int):
    """The peer with a name of `PEER_MODULES`."""
    from bench import emitted, peers, tensor_peers

    kinds = {
        "numpy": peers.NumPy,
        "opt_einsum": peers.OptEinsum,
        "tblis": peers.Tblis,
        "torch": tensor_peers.Torch,
        "opt_einsum-torch": tensor_peers.OptEinsumTorch,
        "torch-compile": tensor_peers.TorchCompile,
        "jax": tensor_peers.Jax,
        "etops": tensor_peers.Etops,
        "emitted": emitted.Emitted,
    }
    return kinds[name](threads)


def serve_peer(name: str, threads: int, folder: Path) -> tuple[dict, object]:
    """Starts a peer and measures the cases that it is asked for."""
    start = time.perf_counter()
    peer = make_peer(name, threads)
    peer.warm_up()
    greeting = {"version": peer.version(), "start_s": time.perf_counter() - start}
    return greeting, lambda request: measure_peer(peer, request, folder)


def measure_way(peer, make_call, case: Case, operands: list, request: dict, folder: Path) -> dict:
    """Times one way to compute a case, with its result checked before and after."""
    from bench.reference import check_operands, check_result

    start = time.perf_counter()
    call = make_call()
    result = call()
    first = time.perf_counter() - start
    reason = check_result(case, peer.as_numpy(result), folder)
    del result
    if reason is None and (library_call := peer.library_call(call)):
        if wrong := check_result(case, library_call(), folder):
            reason = f"the library beside it: {wrong}"
    if reason is None:
        times = peer.time(call, request["min_time"], request["max_time"])
        reason = check_result(case, peer.as_numpy(call()), folder) or check_operands(operands, folder)
    if reason is not None:
        return {"status": "wrong", "reason": reason}
    return {"status": "ok", "first_call_ms": first * 1e3} | times


def measure_peer(peer, request: dict, folder: Path) -> dict:
    """Times every way in which a peer can compute a case; the best that is right is the peer's."""
    from bench.peers import Unsupported
    from bench.reference import load_operands

    case = Case(**request["case"])
    operands = load_operands(case, folder)
    ways = {}
    for name, make_call in peer.ways(case, operands).items():
        try:
            ways[name] = measure_way(peer, make_call, case, operands, request, folder)
        except (Unsupported, NotImplementedError) as reason:
            ways[name] = {"status": "unsupported", "reason": str(reason)}
        except Exception as error:
            ways[name] = {"status": "failed", "reason": describe(error)}
    right = {name: way for name, way in ways.items() if way["status"] == "ok"}
    if not right:
        return next(iter(ways.values())) | {"ways": ways}
    best = min(right, key=lambda name: right[name]["min_s"])
    return right[best] | {
        "way": best,
        "median_s": min(way["median_s"] for way in right.values()),
        "ways": ways,
    }


def describe(error: Exception) -> str:
    """An error's type and the first line of its text."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:300]}"


def main() -> None:
    """Serves requests until the end of input."""
    name, threads, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    # Libraries may print: standard output is the parent's, so theirs goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value: dict) -> None:
        answers.write(json.dumps(value) + "\n")
        answers.flush()

    greeting, serve = serve_reference(folder) if name == "reference" else serve_peer(name, threads, folder)
    answer(greeting)
    from bench.peers import Unsupported

    for line in sys.stdin:
        try:
            answer(serve(json.loads(line)))
        except Unsupported as reason:
            answer({"status": "unsupported", "reason": str(reason)})
        except Exception as error:
            answer({"status": "failed", "reason": describe(error)})


if __name__ == "__main__":
    main()
