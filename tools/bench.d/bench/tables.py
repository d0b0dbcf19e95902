"""Markdown tables of results."""

import re
from pathlib import Path

from bench.growth import curves, dips
from bench.limits import describe_limits
from bench.measure import EMITTED
from bench.summary import describe_seconds, group_means, speed

BLOCK = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or a dash for a missing one."""
    return "-" if value is None else f"{value:.{digits}f}"


def speed_text(entry: dict, seconds: float) -> str:
    """The speed of a case that takes so long, with its unit."""
    value, unit = speed(entry, seconds)
    return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"


def our_speed(entry: dict, counts: dict) -> str:
    """einsumc's speed, or why there is none."""
    ours = counts["einsumc"]
    return speed_text(entry, ours["min_s"]) if ours["status"] == "ok" else f"**{ours['status']}**"


def best_peer(counts: dict) -> str:
    """The name of the peer with the lowest minimum time."""
    return counts["best_min"]["peer"] if counts["best_min"] else "-"


def row(*cells: object) -> str:
    """A row of a table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def header(*titles: str) -> list[str]:
    """The first two lines of a table."""
    return [row(*titles), "|" + "---|" * len(titles)]


def case_table(results: dict, threads: str) -> list[str]:
    """einsumc and the best peer of each case."""
    lines = header(
        "case",
        "expression",
        "type",
        "einsumc",
        "best peer",
        "its speed",
        "ratio",
        "ratio of medians",
        "of limit",
    )
    for entry in results["cases"]:
        counts = entry["threads"][threads]
        best, share = counts["best_min"], counts["limit_share"]
        lines.append(
            row(
                entry["name"],
                f"`{entry['expr']}`",
                entry["dtype"],
                our_speed(entry, counts),
                best_peer(counts),
                speed_text(entry, best["s"]) if best else "-",
                number(counts["ratio_min"]),
                number(counts["ratio_median"]),
                f"{share:.0%}" if share else "-",
            )
        )
    return lines


def means_table(results: dict, threads: str) -> list[str]:
    """Geometric means by group."""
    lines = header("group", "cases", "ratio (geometric mean)", "of medians", "lowest ratio")
    for group, means in group_means(results, threads).items():
        cases = f"{means['cases']}" + (
            f" (and {means['missing']} without a ratio)" if means["missing"] else ""
        )
        lines.append(
            row(group, cases, number(means["min"]), number(means["median"]), number(means["lowest"]))
        )
    return lines


def peer_table(results: dict, threads: str) -> list[str]:
    """The minimum time of each peer, with "new" where it allocated the result, and our own costs."""
    peers = [name for name, peer in results["peers"].items() if "version" in peer]
    lines = header("case", "einsumc", "compiled in", "workspace", *peers)
    for entry in results["cases"]:
        counts = entry["threads"][threads]
        ours = counts["einsumc"]
        cells = ["-", "-", "-"]
        if ours["status"] == "ok":
            cells = [
                describe_seconds(ours["min_s"]),
                describe_seconds(ours["compile_ms"] / 1e3),
                f"{ours['workspace_bytes'] / 1024:.0f} KiB",
            ]
        for peer in peers:
            run = counts["peers"].get(peer, {"status": "-"})
            if run["status"] == "ok":
                cells.append(describe_seconds(run["min_s"]) + (" new" if run["way"] == "new" else ""))
            else:
                cells.append("-" if run["status"] == "unsupported" else f"**{run['status']}**")
        lines.append(row(entry["name"], *cells))
    return lines


def dips_table(results: dict, threads: str) -> list[str]:
    """What each library gains or loses at powers of two, if products of growing size were measured."""
    changes = {name: dips(curve) for name, curve in curves(results, threads).items()}
    sizes = sorted({n for values in changes.values() for n in values})
    if not sizes:
        return []
    lines = header("speed at n over the mean of its neighbours'", *map(str, sizes))
    for name, values in changes.items():
        lines.append(row(name, *(f"{values[n]:+.0%}" if n in values else "-" for n in sizes)))
    return lines


def conditions(results: dict) -> list[str]:
    """What was measured where and how, so that nobody takes a figure for more than it is."""
    machine, settings, einsumc = results["machine"], results["settings"], results["einsumc"]
    virtual = ", a virtual machine" if machine["hypervisor"] else ""
    loads = [machine["load_at_start"][0]]
    loads += [counts["load"] for entry in results["cases"] for counts in entry["threads"].values()]
    if list(results["peers"]) == [EMITTED]:
        timed = f"Batches of calls of both timed in turn, in one process, for {settings['min_time']} s"
        timed += f", {settings['rounds']} times" if settings["rounds"] > 1 else ""
    else:
        timed = (
            f"Single calls timed for {settings['min_time']} s, in each of {settings['rounds'] + 1} runs of "
            f"einsumc, before and after the peers, and {settings['rounds']} of each way of each peer"
        )
    lines = [
        f"{machine['date']}; {machine['cpu']}, {machine['cores']} cores{virtual}, "
        f"last-level cache {machine['last_level_cache_bytes'] >> 20} MiB; {machine['system']}; "
        f"load average before the run {loads[0]:.1f}, up to {max(loads):.1f} during it, which is about the "
        "highest number of threads if nothing else runs.",
        "",
        f"einsumc {einsumc['version']}"
        + (f" ({einsumc['commit']})" if einsumc["commit"] else "")
        + "; "
        + "; ".join(f"{name}: {peer.get('version') or 'left out'}" for name, peer in results["peers"].items())
        + ".",
        "",
        "Ratio: the best peer's minimum time divided by einsumc's, so above 1 einsumc is faster. Each peer's "
        "time is the best of its result written into given memory, where it can, and of its result newly "
        "allocated; einsumc writes into given memory. Every result was checked against numpy in double "
        "precision; what was wrong or failed is shown so and not counted. Of limit: the time that this "
        "machine's measured arithmetic or memory bandwidth allows, divided by einsumc's; - where memory "
        "bounds a case whose tensors fit into the last-level cache.",
        "",
        timed + (", with freed memory kept." if settings["reuse_memory"] else "."),
        "",
    ]
    for threads, limits in results["limits"].items():
        lines.append(f"- Limits, threads: {threads}: {describe_limits(limits)}.")
    missing = {name: peer["missing"] for name, peer in results["peers"].items() if "missing" in peer}
    lines += [f"- {name} was left out: {reason}" for name, reason in missing.items()]
    return lines


def problems(results: dict) -> list[str]:
    """What was wrong or failed, and why."""
    lines = []
    for entry in results["cases"]:
        for threads, counts in entry["threads"].items():
            for name, run in [("einsumc", counts["einsumc"]), *counts["peers"].items()]:
                if run["status"] in ("wrong", "failed"):
                    reason = run["reason"].replace("|", "\\|")
                    lines.append(f"- {entry['name']}, threads: {threads}, {name}: {run['status']}: {reason}")
    return lines


def full_report(results: dict) -> str:
    """The whole results.md."""
    lines = ["# einsumc and its peers", "", *conditions(results)]
    for threads in results["limits"]:
        title = "1 thread" if threads == "1" else f"{threads} threads"
        lines += ["", f"## {title}", "", *case_table(results, threads)]
        lines += ["", *means_table(results, threads)]
        if changes := dips_table(results, threads):
            lines += ["", *changes]
        lines += ["", f"### Minimum times, {title}", "", *peer_table(results, threads)]
    if wrong := problems(results):
        lines += ["", "## Problems", "", *wrong]
    return "\n".join(lines) + "\n"


def short_table(results: dict) -> str:
    """The table for a README: our speed with the first number of threads, and the ratios with each."""
    threads = list(results["limits"])
    first = threads[0]
    ratios = ["ratio" if count == "1" else f"ratio, {count} threads" for count in threads]
    lines = header("case", "expression", "einsumc", "best peer", *ratios)
    for entry in results["cases"]:
        counts = entry["threads"][first]
        numbers = [number(entry["threads"][count]["ratio_min"]) for count in threads]
        lines.append(
            row(entry["name"], f"`{entry['expr']}`", our_speed(entry, counts), best_peer(counts), *numbers)
        )
    means = {count: group_means(results, count) for count in threads}
    for group in means[first]:
        numbers = [number(means[count][group]["min"]) for count in threads]
        lines.append(row(f"**{group}**", "geometric mean", "", "", *(f"**{value}**" for value in numbers)))
    machine = results["machine"]
    note = (
        f"{machine['cpu']}, {first} thread{'s' * (first != '1')} where not said otherwise, "
        f"{machine['date'][:10]}. Ratio: the best peer's minimum time divided by einsumc's. Peers: "
        + ", ".join(name for name, peer in results["peers"].items() if "version" in peer)
        + "."
    )
    return "\n".join([*lines, "", note]) + "\n"


def find_block(path: Path) -> str:
    """The content of a Markdown file that has the two markers; else an error."""
    content = path.read_text()
    if not BLOCK.search(content):
        raise RuntimeError(f"{path} has no block between <!-- bench --> and <!-- /bench -->")
    return content


def replace_block(path: Path, text: str) -> None:
    """Puts the text between the two markers."""
    content = find_block(path)
    path.write_text(BLOCK.sub(lambda match: match[1] + text + match[2], content, count=1))
