"""Threads, forks, interrupts and memory."""

import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time

import einsumc
import numpy as np
import pytest
from support import random_problem


def test_many_threads_call_one_kernel():
    a, b = np.random.default_rng(1).integers(-3, 4, (2, 48, 48)) * 1.0
    expected, kernel, wrong = a @ b, einsumc.compile("ij,jk->ik", a, b), []

    def work():
        out = np.empty((48, 48))
        for _ in range(200):
            kernel(a, b, out=out)
            if not (out == expected).all() or not (einsumc.einsum("ij,jk->ik", a, b) == expected).all():
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_many_threads_compile():
    problems, wrong = [random_problem(seed) for seed in range(9000, 9040)], []

    def work():
        for equation, operands in problems:
            try:
                expected = np.einsum(equation, *operands)
            except ValueError:
                continue
            if not np.array_equal(einsumc.einsum(equation, *operands), expected):
                wrong.append(equation)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_other_threads_run_during_a_kernel():
    a = np.ones((2500, 2500))
    kernel, out, done = einsumc.compile("ij,jk->ik", a, a, threads=1), np.empty((2500, 2500)), []
    kernel(a, a, out=out)
    thread = threading.Thread(target=lambda: done.append(kernel(a, a, out=out)))
    turns = 0
    thread.start()
    while thread.is_alive():
        turns += not done
        time.sleep(0.001)
    # With the GIL held, this thread would have had no turn before the kernel was done.
    assert turns > 10


def _in_child(connection, kernel, a):
    fresh = einsumc.einsum("ijk,kl->ijl", np.ones((2, 3, 4)), np.ones((4, 70)))
    connection.send((kernel(a, a).sum(), fresh.sum(), einsumc.einsum("ij,jk->ik", a, a).sum()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork")
def test_kernels_work_after_fork():
    a = np.ones((300, 300))
    kernel = einsumc.compile("ij,jk->ik", a, a)
    expected = kernel(a, a).sum()
    einsumc.einsum("ij,jk->ik", a, a)
    context = multiprocessing.get_context("fork")
    for _ in range(5):
        receiver, sender = context.Pipe(False)
        child = context.Process(target=_in_child, args=(sender, kernel, a))
        child.start()
        assert receiver.poll(60), "the child hangs"
        assert receiver.recv() == (expected, 2 * 3 * 4 * 70, expected)
        child.join(60)
        assert child.exitcode == 0
    assert kernel(a, a).sum() == expected


@pytest.mark.filterwarnings("ignore:.*fork")
def test_fork_while_other_threads_work():
    a = np.ones((100, 100))
    stop = threading.Event()

    def work():
        size = 1
        while not stop.is_set():
            einsumc.einsum("ij,jk->ik", a, a)
            size = size % 60 + 1
            einsumc.compile(f"{'abcdefg'[size % 7]}i->i", (size, 3))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                ok = einsumc.einsum("ij,jk->ik", a, a)[0, 0] == 100 and einsumc.einsum("xyz->y", np.ones((3, 4, 5)))[0] == 15
                os._exit(0 if ok else 1)
            deadline = time.monotonic() + 60
            while True:
                finished, status = os.waitpid(child, os.WNOHANG)
                if finished:
                    break
                if time.monotonic() > deadline:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    pytest.fail("a forked child hangs")
                time.sleep(0.005)
            assert status == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


# A process that is started in the background of a shell may ignore SIGINT from the beginning.
INTERRUPTED = """
import signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import einsumc, numpy as np
a = np.ones((1500, 1500)); out = np.empty((1500, 1500))
kernel = einsumc.compile("ij,jk->ik", a, a)
kernel(a, a, out=out)
def work():
    while True:
        kernel(a, a, out=out)
try:
    if sys.argv[1] == "thread":
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        print("ready", flush=True)
        thread.join()
    else:
        print("ready", flush=True)
        work()
except KeyboardInterrupt:
    print("interrupted", (kernel(a, a) == 1500).all(), flush=True)
    import os
    os._exit(0)
"""


@pytest.mark.parametrize("where", ["main", "thread"])
def test_interrupts(where):
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, where], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().strip() == "ready"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=600)[0].strip() == "interrupted True"
    finally:
        process.kill()


LEFT = """
import sys, threading, time
import einsumc, numpy as np
a = np.ones((600, 600)); out = np.empty((600, 600))
kernel = einsumc.compile("ij,jk->ik", a, a)
def work():
    size = 0
    while True:
        kernel(a, a, out=out)
        size += 1
        einsumc.compile("ij,jk->ik", (2, 1 + size % 99), (1 + size % 99, 3))
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(float(sys.argv[1]))
print("left", flush=True)
"""


@pytest.mark.parametrize("seconds", [0, 0.05, 0.2])
def test_daemon_threads_at_the_end(seconds):
    done = subprocess.run([sys.executable, "-c", LEFT, str(seconds)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0 and done.stdout.strip() == "left", done.stderr


SECOND_INTERPRETER = """
import einsumc, numpy as np
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
other = interpreters.create()
interpreters.run_string(other, "try: import einsumc\\nexcept ImportError: print('refused', flush=True)")
interpreters.destroy(other)
print(einsumc.einsum("ij->", np.ones((3, 4))), einsumc.einsum("i->", np.ones(5)))
"""


def test_second_interpreters_are_refused():
    done = subprocess.run([sys.executable, "-c", SECOND_INTERPRETER], capture_output=True, text=True, timeout=600)
    assert done.stdout.split() == ["refused", "12.0", "5.0"], done.stderr


def _random_call(rng):
    """A call that may be right or wrong in any of its arguments."""
    equation, operands = random_problem(rng.randrange(1 << 30))
    text = list(equation)
    keywords = {}
    for _ in range(rng.choice([0, 0, 1, 2])):
        kind = rng.randrange(6)
        if kind == 0 and text:
            text[rng.randrange(len(text))] = rng.choice("ij,.->%{} é\0")
        elif kind == 1:
            strangers = [None, 3, "x", np.ones(2), [1.5], [[1], [2, 3]]]
            operands.insert(rng.randrange(len(operands) + 1), rng.choice(strangers))
        elif kind == 2 and operands:
            operands.pop(rng.randrange(len(operands)))
        elif kind == 3:
            outs = [np.empty(3), np.empty((2, 2), "f4"), "x", None, *operands[:1]]
            keywords["out"] = outs[rng.randrange(len(outs))]
        elif kind == 4:
            keywords[rng.choice(["dtype", "order", "casting", "optimize", "nonsense"])] = rng.choice(
                ["f4", "K", "unsafe", "greedy", None, 7, "same_kind", ["einsum_path", (0, 1)], ("greedy", 3)])
        elif kind == 5:
            name = rng.choice(["i1", "f2", "c8", ">f4", "?", "O", "g"])
            operands = [operand.astype(name) if isinstance(operand, np.ndarray) else operand for operand in operands]
    return "".join(text), operands, keywords


def _peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.filterwarnings("ignore")
def test_ten_thousand_random_calls():
    rng, results, errors = random.Random(7), 0, 0
    for number in range(10_000):
        equation, operands, keywords = _random_call(rng)
        try:
            einsumc.einsum(equation, *operands, **keywords)
            results += 1
        except (ValueError, TypeError, LookupError, RuntimeError):
            errors += 1
        if number == 5000:
            before = _peak_memory()
    assert results > 3000 and errors > 1500
    # Caches are bounded and full by now: what grows is lost.
    assert _peak_memory() - before < 40 << 10


def test_known_calls_do_not_grow():
    a, b, c = np.ones((64, 64)), np.ones((64, 64)), np.empty((64, 64))
    kernel = einsumc.compile("ij,jk->ik", a, b)

    def calls(count):
        for _ in range(count):
            kernel(a, b, out=c)
            kernel(a, b)
            kernel(a.T, b)
            einsumc.einsum("ij,jk->ik", a, b)
            einsumc.einsum("ij,jk->ik", a, b, out=c)
            einsumc.einsum("ij->ji", a)
            memoryview(a)

    calls(200)
    references, before = [sys.getrefcount(x) for x in (a, b, c, kernel)], _peak_memory()
    calls(3000)
    assert [sys.getrefcount(x) for x in (a, b, c, kernel)] == references
    assert _peak_memory() - before < 8 << 10
