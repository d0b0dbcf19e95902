"""How the speed of square matrix products grows with their size, and whether sizes that caches dislike dip."""

from bench.case import Case
from bench.plots import SERIES, plural, subtitle
from bench.summary import speed
from bench.svg import FAINT, TEXT, Drawing, LogAxis

GROUP = "growth"
COLORS = [*SERIES, "#a6226b", "#6b6b00", "#444444", "#0f8b8d", "#888888"]
LEFT, WIDTH, TOP, PANEL, GAP = 60, 860, 92, 330, 64


def growth_cases(first: int, last: int, step: int) -> list[Case]:
    """The products of n by n matrices of float32, for n from `first` to `last`."""
    return [
        Case(f"mm-{n}", GROUP, "ij,jk->ik", dict.fromkeys("ijk", n), "float32")
        for n in range(first, last + 1, step)
    ]


def entries_of_growth(results: dict) -> list[dict]:
    """The results of `growth_cases`, if they were among the cases."""
    return [entry for entry in results["cases"] if entry["group"] == GROUP]


def curves(results: dict, threads: str) -> dict[str, dict[int, float]]:
    """By library, einsumc first: GFLOP/s by n, at minimum times."""
    found: dict[str, dict[int, float]] = {}
    for entry in entries_of_growth(results):
        counts = entry["threads"][threads]
        for name, run in [("einsumc", counts["einsumc"]), *counts["peers"].items()]:
            if run["status"] == "ok":
                found.setdefault(name, {})[entry["sizes"]["i"]] = speed(entry, run["min_s"])[0]
    return found


def dips(curve: dict[int, float]) -> dict[int, float]:
    """By n, for powers of two whose two neighbours were measured: speed over the mean of theirs, less 1."""
    sizes = sorted(curve)
    return {
        n: 2 * curve[n] / (curve[before] + curve[after]) - 1
        for before, n, after in zip(sizes, sizes[1:], sizes[2:], strict=False)
        if n & (n - 1) == 0
    }


def growth_plot(results: dict) -> str:
    """GFLOP/s against n, a panel for each number of threads, a curve for each library."""
    counts = list(results["limits"])
    drawing = Drawing(LEFT + WIDTH + 30, TOP + len(counts) * (PANEL + GAP))
    drawing.text(12, 24, "Products of n by n matrices, float32", 16, bold=True)
    drawing.text(12, 42, subtitle(results), 11, FAINT)
    at = LEFT
    for color, name in zip(COLORS, curves(results, counts[0]), strict=False):
        drawing.line(at, 60, at + 22, 60, color, 2.5 if name == "einsumc" else 1.2)
        drawing.text(at + 28, 64, name, 11)
        at += 48 + 6.5 * len(name)
    for number, threads in enumerate(counts):
        draw_panel(drawing, results, threads, TOP + number * (PANEL + GAP))
    return drawing.source()


def draw_panel(drawing: Drawing, results: dict, threads: str, top: float) -> None:
    """The curves with one number of threads, below the measured limit of arithmetic."""
    sizes = [entry["sizes"]["i"] for entry in entries_of_growth(results)]
    limit = results["limits"][threads]["fma_f32_gflops"]
    x = LogAxis(min(sizes) / 1.05, max(sizes) * 1.05, LEFT, LEFT + WIDTH)

    def y(value: float) -> float:
        return top + PANEL * (1 - value / (limit * 1.1))

    drawing.text(LEFT, top - 8, plural(threads) + ", GFLOP/s", 12, bold=True)
    for part in range(6):
        drawing.line(LEFT, y(limit * part / 5), LEFT + WIDTH, y(limit * part / 5))
        drawing.text(LEFT - 8, y(limit * part / 5) + 4, f"{limit * part / 5:.0f}", 11, FAINT, "end")
    drawing.line(LEFT, y(limit), LEFT + WIDTH, y(limit), TEXT, 1.5, "6 4")
    drawing.text(LEFT + WIDTH, y(limit) - 5, "limit, measured in the same run", 11, FAINT, "end")
    for n in [n for n in sizes if n & (n - 1) == 0]:
        drawing.line(x(n), top, x(n), top + PANEL)
        drawing.text(x(n), top + PANEL + 16, str(n), 11, FAINT, "middle")
    for color, (name, curve) in reversed(
        list(zip(COLORS, curves(results, threads).items(), strict=False))
    ):
        points = sorted(curve.items())
        for (before, low), (after, high) in zip(points, points[1:], strict=False):
            drawing.line(x(before), y(low), x(after), y(high), color, 2.5 if name == "einsumc" else 1.2)
        for n, value in points:
            if name == "einsumc":
                drawing.circle(x(n), y(value), 2.5, color, True, f"n = {n}: {value:.1f} GFLOP/s")
