"""The limits of this machine, measured in the same run as the cases by `einsumc doctor --limits`."""

from bench.environment import note


def better_limits(one: dict, other: dict) -> dict:
    """The higher figure of each test of two measurements; in the figures of tiles, too."""

    def better(value, again):
        return better_limits(value, again) if isinstance(value, dict) else max(value, again)

    return {key: better(value, other.get(key, value)) for key, value in one.items()}


def peak(limits: dict, dtype: str) -> float | None:
    """The arithmetic limit in GFLOP/s for a type; none is measured for integers and half types."""
    if dtype in ("float32", "complex64"):
        return limits["fma_f32_gflops"]
    if dtype in ("float64", "complex128"):
        return limits["fma_f64_gflops"]
    return None


def bandwidth(limits: dict) -> float:
    """The highest measured bandwidth in GB/s, of reads and copies: the slope of the roofline."""
    return max(value for key, value in limits.items() if key.startswith(("read", "copy", "triad")))


def memory_seconds(limits: dict, read: int, written: int) -> float:
    """The least time for bytes that must come from memory and go there, by the bandwidths of both."""
    write = max(value for key, value in limits.items() if key.startswith("write"))
    return (read / limits["read_gb_per_s"] + written / write) / 1e9


def describe_limits(limits: dict) -> str:
    """One line for people."""

    def best(kind: str) -> str:
        values = {key: value for key, value in limits.items() if key.startswith(kind)}
        key = max(values, key=values.get)
        return f"{kind} {values[key]:.1f}" + (" (stream)" if "stream" in key else "")

    rates = f"{limits['fma_f32_gflops']:.0f} GFLOP/s float32, {limits['fma_f64_gflops']:.0f} float64"
    return f"{rates}; GB/s: " + ", ".join(best(kind) for kind in ("read", "write", "copy", "triad"))


def report_limits(limits: dict) -> None:
    """Tells the user."""
    note(f"limits, {limits['threads']} thread{'s' * (limits['threads'] > 1)}: {describe_limits(limits)}")
