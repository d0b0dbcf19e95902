"""Timing of single calls in a worker."""

import time
from collections.abc import Callable

MAX_CALLS = 100_000


def time_calls(call: Callable[[], object], min_time: float, max_time: float) -> dict:
    """Times single calls for `min_time` seconds.

    It makes at least 5 of them, or 3 if they take longer than `max_time`. Two calls before are warm-ups,
    since some libraries take another path the second time.
    """
    clock = time.perf_counter
    start = clock()
    call()
    if clock() - start < max_time / 4:
        call()
    times: list[float] = []
    total = 0.0
    while len(times) < MAX_CALLS and (total < min_time or len(times) < 5):
        start = clock()
        result = call()
        took = clock() - start
        del result  # freed between two calls, as in a loop that uses it
        times.append(took)
        total += took
        if total > max_time and len(times) >= 3:
            break
    times.sort()
    return {"min_s": times[0], "median_s": times[len(times) // 2], "calls": len(times)}
