"""What follows from the times of a case: the best peer, the ratios, and the share of the machine's limit."""

from math import exp, log

from bench.case import Case
from bench.limits import memory_seconds, peak


def summarize(case: Case, entry: dict, counts: dict, limits: dict) -> dict:
    """The derived figures for one number of threads; fields are null where something failed.

    `ratio` is the best peer's time divided by ours, of the minimum and of the median. `bound` says which
    limit is lower, arithmetic or memory. `limit_s` is the least time that it allows; for memory only if the
    tensors are beyond the last-level cache, since bandwidth is measured there.
    """
    known_peak = peak(limits, case.dtype)
    arithmetic = entry["flop"] / (known_peak or limits["fma_f32_gflops"]) / 1e9
    memory = memory_seconds(limits, entry["bytes_read"], entry["bytes_written"])
    bound = "arithmetic" if arithmetic > memory else "memory"
    beyond_cache = limits["array_bytes"] / 4 < entry["bytes_read"] + entry["bytes_written"]
    limit = arithmetic if bound == "arithmetic" and known_peak else memory if beyond_cache else None

    ours = counts["einsumc"] if counts["einsumc"]["status"] == "ok" else None
    result: dict = {"bound": bound, "limit_s": limit, "limit_share": None}
    if ours and limit:
        result["limit_share"] = limit / ours["min_s"]
    for kind in ("min", "median"):
        times = {name: run[f"{kind}_s"] for name, run in counts["peers"].items() if run["status"] == "ok"}
        best = min(times, key=lambda name: times[name]) if times else None
        result[f"best_{kind}"] = {"peer": best, "s": times[best]} if best else None
        result[f"ratio_{kind}"] = times[best] / ours[f"{kind}_s"] if best and ours else None
    return result


def speed(entry: dict, seconds: float) -> tuple[float, str]:
    """A time as a speed: arithmetic where there is at least one operation for each byte, else bytes."""
    moved = entry["bytes_read"] + entry["bytes_written"]
    if entry["flop"] >= moved:
        return entry["flop"] / seconds / 1e9, "GFLOP/s"
    return moved / seconds / 1e9, "GB/s"


def geometric_mean(values: list[float]) -> float | None:
    """The geometric mean, or nothing of nothing."""
    return exp(sum(map(log, values)) / len(values)) if values else None


def group_means(results: dict, threads: str) -> dict[str, dict]:
    """By group: how many ratios there are, their geometric means, the lowest, and how many are missing."""
    means = {}
    for group in dict.fromkeys(entry["group"] for entry in results["cases"]):
        counts = [
            entry["threads"][threads]
            for entry in results["cases"]
            if entry["group"] == group and threads in entry["threads"]
        ]
        minima = [count["ratio_min"] for count in counts if count["ratio_min"]]
        means[group] = {
            "cases": len(minima),
            "missing": len(counts) - len(minima),
            "min": geometric_mean(minima),
            "median": geometric_mean([count["ratio_median"] for count in counts if count["ratio_median"]]),
            "lowest": min(minima, default=None),
        }
    return means


def describe_seconds(seconds: float) -> str:
    """A time with three digits and its unit."""
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "us")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def describe_case(counts: dict, threads: int) -> str:
    """One line for people, with what went wrong on further ones."""
    ours, best = counts["einsumc"], counts["best_min"]
    figures = (
        describe_seconds(ours["min_s"]) if ours["status"] == "ok" else f"{ours['status']}: {ours['reason']}"
    )
    line = f"    {threads} thread{'s' * (threads > 1)}: einsumc {figures}"
    if best:
        line += f", {best['peer']} {describe_seconds(best['s'])}"
    if counts["ratio_min"]:
        line += f", ratio {counts['ratio_min']:.2f} (medians {counts['ratio_median']:.2f})"
    problems = [
        f"      {name} {run['status']}: {run['reason']}"
        for name, run in counts["peers"].items()
        if run["status"] in ("wrong", "failed")
    ]
    return "\n".join([line, *problems])
