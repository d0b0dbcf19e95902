"""The two plots of results: the ratio to the best peer of each case, and the roofline."""

from bench.limits import bandwidth
from bench.summary import group_means
from bench.svg import FAINT, GRID, TEXT, Drawing, Labels, LogAxis

FASTER, SLOWER = "#8fc3a1", "#eeb0a0"
SERIES = ["#1b5e8c", "#b5540b", "#6a3d9a", "#3f7f3f"]
GROUPS = ["#1b5e8c", "#b5540b", "#3f7f3f", "#6a3d9a", "#a6226b", "#6b6b00", "#444444"]
ROW = 19


def plural(threads: str) -> str:
    """A number of threads in words."""
    return f"{threads} thread" + ("" if threads == "1" else "s")


def subtitle(results: dict) -> str:
    """Where and when, for both plots."""
    machine = results["machine"]
    return f"{machine['cpu']}, {machine['date'][:10]}, einsumc {results['einsumc']['version']}"


def ratio_plot(results: dict) -> str:
    """One row for each case: a bar for the first number of threads, points for all."""
    threads = list(results["limits"])
    groups: dict[str, list[dict]] = {}
    for entry in results["cases"]:
        groups.setdefault(entry["group"], []).append(entry)
    rows = sum(len(entries) for entries in groups.values()) + len(groups)
    left, right, top = 330.0, 110 + 52 * len(threads), 84.0
    bottom = top + rows * ROW
    drawing = Drawing(left + 470 + right, bottom + 46)

    ratios = [
        counts["ratio_min"]
        for entry in results["cases"]
        for counts in entry["threads"].values()
        if counts["ratio_min"]
    ]
    axis = LogAxis(min([0.5, *ratios]) / 1.1, max([2, *ratios]) * 1.1, left, left + 470)
    drawing.text(12, 24, "einsumc and the best of its peers, case by case", 16, bold=True)
    drawing.text(12, 42, subtitle(results), 11, FAINT)
    for index, count in enumerate(threads):
        drawing.circle(18 + 100 * index, 59, 4, SERIES[index % 4], filled=index == 0)
        drawing.text(28 + 100 * index, 63, plural(count), 11)
    drawing.text(
        left + 235,
        63,
        "best peer's time / einsumc's time (right of 1: einsumc is faster)",
        11,
        FAINT,
        "middle",
    )
    for tick in axis.ticks():
        drawing.line(axis(tick), top, axis(tick), bottom)
        drawing.text(axis(tick), bottom + 16, f"{tick:g}", 11, FAINT, "middle")

    columns = [left + 470 + 46 + 52 * index for index in range(len(threads))]
    for count, x in zip(threads, columns, strict=True):
        drawing.text(x, top - 6, plural(count), 10, FAINT, "end")
    drawing.text(columns[-1] + 10, top - 6, "best peer", 10, FAINT)

    y = top
    for group, entries in groups.items():
        y += ROW
        drawing.line(12, y - ROW + 2, drawing.width - 12, y - ROW + 2, "#bbbbbb")
        drawing.text(12, y - 5, group, 12, bold=True)
        for count, x in zip(threads, columns, strict=True):
            mean = group_means(results, count)[group]["min"]
            drawing.text(x, y - 5, f"{mean:.2f}" if mean else "-", 11, anchor="end", bold=True)
        drawing.text(columns[-1] + 10, y - 5, "(mean)", 10, FAINT)
        for entry in entries:
            y += ROW
            draw_row(drawing, entry, threads, y - 5, axis, columns)
    drawing.line(axis(1), top, axis(1), bottom, TEXT, 1.5)
    return drawing.source()


def draw_row(
    drawing: Drawing, entry: dict, threads: list[str], y: float, axis: LogAxis, columns: list[float]
) -> None:
    """One case: name, expression, bar, points and figures."""
    drawing.text(20, y, entry["name"], 11)
    expr = entry["expr"] if len(entry["expr"]) <= 26 else entry["expr"][:25] + "\u2026"
    drawing.text(axis.start - 12, y, expr, 10, FAINT, "end", mono=True)
    first = entry["threads"][threads[0]]
    if first["ratio_min"]:
        at, one = axis(first["ratio_min"]), axis(1)
        color = FASTER if first["ratio_min"] >= 1 else SLOWER
        drawing.rectangle(min(at, one), y - 10, abs(at - one), 12, color)
    for index, (count, x) in reversed(list(enumerate(zip(threads, columns, strict=True)))):
        ratio = entry["threads"][count]["ratio_min"]
        if ratio:
            hint = f"{entry['name']}, {plural(count)}: {ratio:.2f}"
            drawing.circle(axis(ratio), y - 4, 4, SERIES[index % 4], filled=index == 0, hint=hint)
        drawing.text(x, y, f"{ratio:.2f}" if ratio else "failed", 11, anchor="end")
    if first["best_min"]:
        drawing.text(columns[-1] + 10, y, first["best_min"]["peer"], 10, FAINT)


def roofline_plot(results: dict) -> str:
    """Speed against flop per byte, with the first number of threads: ours filled, the best peer's hollow.

    Cases without arithmetic, such as permutations, have no place in it.
    """
    threads = next(iter(results["limits"]))
    limits = results["limits"][threads]
    slope = bandwidth(limits)
    points = []
    for entry in results["cases"]:
        counts = entry["threads"][threads]
        ours, best = counts["einsumc"], counts["best_min"]
        if entry["flop"] and ours["status"] == "ok":
            intensity = entry["flop"] / (entry["bytes_read"] + entry["bytes_written"])
            theirs = entry["flop"] / best["s"] / 1e9 if best else None
            points.append((entry, intensity, entry["flop"] / ours["min_s"] / 1e9, theirs))

    drawing = Drawing(980, 780)
    intensities = [point[1] for point in points] or [1.0]
    speeds = [speed for point in points for speed in point[2:] if speed] or [1.0]
    top_speed = max(limits["fma_f32_gflops"], *speeds)
    x = LogAxis(min(0.1, *intensities) / 1.3, max(200.0, *intensities) * 5, 70, 955)
    y = LogAxis(min(1.0, *speeds) / 1.5, top_speed * 1.6, 720, 76)

    drawing.text(12, 24, f"Roofline, {plural(threads)}", 16, bold=True)
    drawing.text(12, 42, subtitle(results), 11, FAINT)
    for tick in x.ticks():
        drawing.line(x(tick), y.start, x(tick), y.end, GRID if tick not in (0.1, 1, 10, 100) else "#bbbbbb")
        drawing.text(x(tick), y.start + 16, f"{tick:g}", 11, FAINT, "middle")
    for tick in y.ticks():
        drawing.line(x.start, y(tick), x.end, y(tick))
        drawing.text(x.start - 8, y(tick) + 4, f"{tick:g}", 11, FAINT, "end")
    drawing.text((x.start + x.end) / 2, 760, "flop per byte of operands and result", 12, anchor="middle")
    drawing.text(22, (y.start + y.end) / 2, "GFLOP/s", 12, anchor="middle", turned=True)

    labels = Labels(drawing)
    draw_roof(drawing, labels, limits, slope, x, y)
    draw_points(drawing, labels, points, x, y)
    return drawing.source()


def draw_roof(drawing: Drawing, labels: Labels, limits: dict, slope: float, x: LogAxis, y: LogAxis) -> None:
    """The measured limits: arithmetic of both types, and the highest bandwidth of memory."""
    for key, name, dash in (("fma_f32_gflops", "float32", ""), ("fma_f64_gflops", "float64", "6 4")):
        peak = limits[key]
        draw_limit(drawing, labels, (x(max(peak / slope, x.low)), y(peak)), (x.end, y(peak)), dash)
        drawing.text(x.end - 2, y(peak) - 5, f"{name}: {peak:.0f} GFLOP/s", 11, anchor="end")
    peak = limits["fma_f32_gflops"]
    begin = max(x.low, y.low / slope)
    draw_limit(drawing, labels, (x(begin), y(begin * slope)), (x(peak / slope), y(peak)))
    text = f"slope: {slope:.1f} GB/s, the memory's; tensors in the cache may be above it"
    drawing.text(x(begin) + 8, y.end + 18, text, 11)


def draw_limit(
    drawing: Drawing, labels: Labels, start: tuple[float, float], end: tuple[float, float], dash: str = ""
) -> None:
    """A line that labels keep off."""
    drawing.line(*start, *end, TEXT, 1.8, dash)
    for step in range(101):
        part = step / 100
        labels.reserve(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]), 2)


def draw_points(drawing: Drawing, labels: Labels, points: list, x: LogAxis, y: LogAxis) -> None:
    """The cases, labelled where there is room, and the legend of their groups."""
    colors = dict(zip(dict.fromkeys(point[0]["group"] for point in points), GROUPS, strict=False))
    for _, intensity, ours, theirs in points:
        for speed in (ours, theirs):
            if speed:
                labels.reserve(x(intensity), y(speed), 4.5)
    for entry, intensity, ours, theirs in points:
        color = colors.get(entry["group"], FAINT)
        if theirs:
            drawing.line(x(intensity), y(ours), x(intensity), y(theirs), color, 0.8)
            drawing.circle(
                x(intensity), y(theirs), 3.5, color, False, f"{entry['name']}, best peer: {theirs:.1f}"
            )
        drawing.circle(x(intensity), y(ours), 4, color, True, f"{entry['name']}, einsumc: {ours:.1f} GFLOP/s")
    for entry, intensity, ours, _ in points:
        labels.place(x(intensity), y(ours), entry["name"], colors.get(entry["group"], FAINT))

    at = 70.0
    for group, color in colors.items():
        drawing.circle(at + 5, 60, 4, color)
        drawing.text(at + 14, 64, group, 11)
        at += 34 + 6.5 * len(group)
    drawing.text(
        at + 6,
        64,
        "filled: einsumc, hollow: the best peer; lines: limits measured in the same run",
        11,
        FAINT,
    )
