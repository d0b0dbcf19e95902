"""A few shapes of SVG, and logarithmic axes."""

from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

FONT = "font-family='Helvetica, Arial, sans-serif'"
TEXT, FAINT, GRID = "#222222", "#666666", "#dddddd"


@dataclass(frozen=True)
class LogAxis:
    """Maps values between two bounds to pixels between two positions."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The position of a value."""
        part = (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return self.start + part * (self.end - self.start)

    def ticks(self, steps: tuple[int, ...] = (1, 2, 5)) -> list[float]:
        """The products of the steps and powers of ten that lie within the bounds."""
        powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        values = [step * 10.0**power for power in powers for step in steps]
        return [
            value for value in values if self.low <= value * (1 + 1e-9) and value <= self.high * (1 + 1e-9)
        ]


@dataclass
class Drawing:
    """An SVG under construction, on a white background."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, color: str = GRID, width: float = 1, dash: str = ""
    ):
        """A line, dashed if there is a pattern."""
        dashed = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(
            f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{color}' "
            f"stroke-width='{width}'{dashed}/>"
        )

    def rectangle(self, x: float, y: float, width: float, height: float, color: str, hint: str = ""):
        """A filled rectangle; the hint is shown under the pointer."""
        self.parts.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{color}'>"
            f"<title>{escape(hint)}</title></rect>"
        )

    def circle(self, x: float, y: float, radius: float, color: str, filled: bool = True, hint: str = ""):
        """A circle around a point, filled with its colour or white."""
        fill = color if filled else "white"
        self.parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{fill}' stroke='{color}' "
            f"stroke-width='1.5'><title>{escape(hint)}</title></circle>"
        )

    def text(
        self, x: float, y: float, text: str, size: int = 12, color: str = TEXT, anchor: str = "start",
        bold: bool = False, mono: bool = False, turned: bool = False,
    ):  # fmt: skip
        """A line of text; `y` is its baseline."""
        font = "font-family='DejaVu Sans Mono, Menlo, monospace'" if mono else FONT
        weight = " font-weight='bold'" if bold else ""
        turn = f" transform='rotate(-90 {x:.1f} {y:.1f})'" if turned else ""
        self.parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{color}' text-anchor='{anchor}' "
            f"{font}{weight}{turn}>{escape(text)}</text>"
        )

    def source(self) -> str:
        """The whole file."""
        return "\n".join(
            [
                f"<svg xmlns='http://www.w3.org/2000/svg' width='{self.width:.0f}' "
                f"height='{self.height:.0f}' viewBox='0 0 {self.width:.0f} {self.height:.0f}'>",
                f"<rect width='{self.width:.0f}' height='{self.height:.0f}' fill='white'/>",
                *self.parts,
                "</svg>\n",
            ]
        )


@dataclass
class Labels:
    """Places labels beside points so that none covers another label or a point; some may find no place."""

    drawing: Drawing
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def reserve(self, x: float, y: float, radius: float) -> None:
        """Keeps labels off a point."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(self, x: float, y: float, text: str, color: str, size: int = 10) -> bool:
        """Draws a label near a point, if there is room; returns whether there was."""
        width, height = 0.56 * size * len(text), size
        for distance in (7, 12, 18, 26, 36, 48):
            for dx, dy, anchor in (
                (distance, 3.5, "start"), (-distance, 3.5, "end"), (0, -distance, "middle"),
                (0, distance + size * 0.7, "middle"), (distance, -distance * 0.6, "start"),
                (distance, distance, "start"), (-distance, -distance * 0.6, "end"),
                (-distance, distance, "end"),
            ):  # fmt: skip
                left = x + dx - {"start": 0, "middle": width / 2, "end": width}[anchor]
                box = (left, y + dy - height * 0.8, left + width, y + dy + height * 0.2)
                inside = box[0] > 0 and box[2] < self.drawing.width
                if inside and not any(self._overlap(box, other) for other in self.taken):
                    self.taken.append(box)
                    if distance > 12:
                        self.drawing.line(x, y, x + dx * 0.8, y + dy * 0.8, "#bbbbbb", 0.7)
                    self.drawing.text(x + dx, y + dy, text, size, color, anchor)
                    return True
        return False

    @staticmethod
    def _overlap(one: tuple, other: tuple) -> bool:
        return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
