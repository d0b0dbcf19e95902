"""The command line of tools/bench."""

import argparse
import json
import re
import signal
import sys
from pathlib import Path

from bench import growth, plots, tables
from bench.case import Case, CaseError, load_cases
from bench.environment import FOLDER, ROOT, note
from bench.measure import DEFAULT_PEERS, EMITTED, PEER_MODULES, Run, Settings

DESCRIPTION = """\
Measures einsumc against other libraries that compute einsums.

Every case runs on einsumc and on each peer in turn, each peer in a process of its own that lives for the
whole run, with its number of threads set before it is imported. einsumc runs before and after the peers, and
the better minimum and median of its runs count. Every result is checked against numpy in double precision.
The limits of the machine, arithmetic and memory bandwidth, are measured in the same run. The peers come from
PyPI at the first use, in a virtual environment under .build; one that cannot be installed is reported and
left out.

The peer 'emitted' is einsumc's own standalone C, compiled by gcc. It has no other peers beside it: its process
has the C library too, and times batches of calls of both in turn.

Writes results.json, results.md, ratio.svg and roofline.svg to the output folder, and growth.svg if matrix
products of growing size were measured, with --growth. A case file is a JSON list:
  [{"name": "mm", "group": "gemm", "expr": "ij,jk->ik", "sizes": {"i": 9, "j": 8, "k": 7}, "dtype": "f32"}]
"""
EXAMPLES = """\
examples:
  tools/bench
  tools/bench --only '^mm-' --threads 1 --min-time 0.1
  tools/bench --threads 1 --peers emitted --output .build/bench-emitted
  tools/bench --growth 64:4096:64 --peers numpy,torch,jax --min-time 0.05 --output .build/bench-growth
  tools/bench other-cases.json --peers numpy,torch --output /tmp/other
  tools/bench --from .build/bench/results.json --table README.md
"""


def positive_integers(text: str) -> list[int]:
    """Distinct numbers joined by commas."""
    values = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    if min(values) < 1 or len(set(values)) < len(values):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of distinct numbers from 1")
    return values


def peer_names(text: str) -> list[str]:
    """Names of peers joined by commas, in the order of `PEER_MODULES`."""
    names = text.split(",")
    for name in names:
        if name not in PEER_MODULES:
            raise argparse.ArgumentTypeError(f"unknown peer '{name}'; there are {', '.join(PEER_MODULES)}")
    if EMITTED in names and names != [EMITTED]:
        raise argparse.ArgumentTypeError(f"'{EMITTED}' cannot be measured beside other peers")
    return [name for name in PEER_MODULES if name in names]


def positive_seconds(text: str) -> float:
    """A time of less than an hour."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is no time in seconds, less than an hour")
    return value


def growth_range(text: str) -> list[Case]:
    """The cases of FIRST:LAST:STEP."""
    match = re.fullmatch(r"(\d{1,5}):(\d{1,5}):(\d{1,5})", text)
    first, last, step = map(int, match.groups()) if match else (0, 0, 0)
    if min(first, step) < 1 or last < first:
        raise argparse.ArgumentTypeError(f"'{text}' is no range of sizes, as 64:4096:64")
    return growth.growth_cases(first, last, step)


def parse_arguments() -> argparse.Namespace:
    """The arguments, or the end of the process if they are wrong or ask for help."""
    parser = argparse.ArgumentParser(
        prog="tools/bench",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "cases",
        nargs="?",
        type=Path,
        metavar="CASES.json",
        help="the cases (default: those of tools/bench.d/cases.json)",
    )
    add(
        "--growth",
        type=growth_range,
        metavar="FIRST:LAST:STEP",
        help="instead of a case file: products of n by n matrices for these n",
    )
    add("--only", metavar="REGEX", help="only cases whose name matches")
    add("--group", metavar="G", help="only cases of this group, or of these, joined by commas")
    add(
        "--threads",
        type=positive_integers,
        default=[1, 2],
        metavar="1,2",
        help="numbers of threads (default: 1,2)",
    )
    add(
        "--peers",
        type=peer_names,
        default=DEFAULT_PEERS,
        metavar="A,B",
        help=f"the peers (default: {','.join(DEFAULT_PEERS)})",
    )
    add(
        "--min-time",
        type=positive_seconds,
        default=0.3,
        metavar="S",
        help="time calls for S seconds, for each run of einsumc and each way of a peer (default: 0.3)",
    )
    add(
        "--rounds",
        type=int,
        choices=range(1, 10),
        default=1,
        metavar="N",
        help="measure each peer N times in turn, and einsumc N + 1 times (default: 1)",
    )
    add(
        "--timeout",
        type=positive_seconds,
        default=300.0,
        metavar="S",
        help="give up on a case in a library after S seconds (default: 300)",
    )
    add(
        "--reuse-memory",
        action="store_true",
        help="have the C library keep freed memory in the peers' processes, so that results which they "
        "allocate anew at each call cost no page faults",
    )
    add("--tier", metavar="T", help="einsumc's tier (default: its own choice)")
    add(
        "--einsumc",
        type=Path,
        metavar="FILE",
        help="the binary to measure (default: this package's, which is built if it is not up to date)",
    )
    add(
        "--output",
        type=Path,
        metavar="DIR",
        help="the folder for the results (default: .build/bench; with --from, that of the earlier results)",
    )
    add(
        "--from",
        type=Path,
        dest="source",
        metavar="RESULTS.json",
        help="measure nothing, write tables and plots of earlier results",
    )
    add(
        "--table",
        type=Path,
        metavar="FILE.md",
        help="also put a short table between <!-- bench --> and <!-- /bench --> of this file",
    )
    arguments = parser.parse_args()
    if arguments.growth and (arguments.cases or arguments.only or arguments.group):
        parser.error("--growth makes the cases, so it goes with no case file, --only or --group")
    if arguments.output is None:
        arguments.output = arguments.source.parent if arguments.source else ROOT / ".build" / "bench"
    return arguments


def write_report(results: dict, output: Path) -> list[str]:
    """The table and the plots; returns the names of their files."""
    files = {
        "results.md": tables.full_report(results),
        "ratio.svg": plots.ratio_plot(results),
        "roofline.svg": plots.roofline_plot(results),
    }
    if growth.entries_of_growth(results):
        files["growth.svg"] = growth.growth_plot(results)
    for name, text in files.items():
        (output / name).write_text(text)
    return list(files)


def measure(arguments: argparse.Namespace) -> dict:
    """Measures what the arguments ask for; results.json is written after each case."""
    cases = arguments.growth or load_cases(
        arguments.cases or FOLDER / "cases.json", arguments.only, arguments.group
    )
    settings = Settings(
        peers=arguments.peers,
        threads=arguments.threads,
        rounds=arguments.rounds,
        min_time=arguments.min_time,
        timeout=arguments.timeout,
        einsumc=arguments.einsumc,
        tier=arguments.tier,
        reuse_memory=arguments.reuse_memory,
    )

    def save(results: dict) -> None:
        (arguments.output / "results.json").write_text(json.dumps(results, indent=1) + "\n")

    with Run(settings, cases) as run:
        return run.measure(save)


def main() -> int:
    """Measures, or reads earlier results, and reports; returns the exit status."""
    arguments = parse_arguments()
    # A run that is told to end takes the peers' processes with it, as one that is interrupted does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if arguments.table:
            tables.find_block(arguments.table)
        arguments.output.mkdir(parents=True, exist_ok=True)
        results = json.loads(arguments.source.read_text()) if arguments.source else measure(arguments)
        files = write_report(results, arguments.output)
        if arguments.table:
            tables.replace_block(arguments.table, tables.short_table(results))
    except (CaseError, RuntimeError, OSError, ValueError) as error:
        note(f"error: {error}")
        return 2 if isinstance(error, CaseError) else 1
    except KeyboardInterrupt:
        note("interrupted; results.json has the cases so far, which --from can report")
        return 130
    for threads in results["limits"]:
        print("\n".join([f"threads: {threads}", *tables.case_table(results, threads), ""]))
        print("\n".join([*tables.means_table(results, threads), ""]))
    note(f"wrote results.json, {', '.join(files)} to {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
