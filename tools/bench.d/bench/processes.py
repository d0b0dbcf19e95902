"""The parent's side of a worker: a process that answers one JSON line with another."""

import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from typing import IO

from bench.environment import PYTHON, bind_to_processors, thread_environment


class WorkerFailure(RuntimeError):
    """A worker that died or did not answer in time. It is gone then; the next request starts another."""


class Worker:
    """A long-lived process that serves one peer, or the reference, with a number of threads."""

    def __init__(self, name: str, threads: int, folder: str, reuse_memory: bool = False) -> None:
        self.name, self.threads, self.folder = name, threads, folder
        self.reuse_memory = reuse_memory
        self.process: subprocess.Popen | None = None
        self.errors: IO[bytes] | None = None
        self.buffer = b""
        self.greeting: dict = {}

    def start(self, timeout: float = 180) -> dict:
        """Starts the process, unless it runs, and returns what it says of itself."""
        if self.process is None:
            self.errors = tempfile.TemporaryFile()
            self.process = subprocess.Popen(
                [PYTHON, "-m", "bench.worker", self.name, str(self.threads), self.folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=thread_environment(self.threads, self.reuse_memory),
                preexec_fn=bind_to_processors(self.threads),
                start_new_session=True,
            )
            self.buffer = b""
            self.greeting = self._receive(timeout)
        return self.greeting

    def ask(self, request: dict, timeout: float) -> dict:
        """The answer to a request."""
        self.start()
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._failure("died") from None
        return self._receive(timeout)

    def stop(self) -> None:
        """Ends the process and whatever it started; by its end of input, if it listens."""
        if self.process is None:
            return
        assert self.process.stdin is not None and self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # a session of its own, so nothing else is hit
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def _receive(self, timeout: float) -> dict:
        assert self.process is not None and self.process.stdout is not None
        output = self.process.stdout.fileno()
        end = time.monotonic() + timeout
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([output], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise self._failure(f"no answer within {timeout:.0f} s")
            received = os.read(output, 1 << 16)
            if not received:
                raise self._failure("died")
            self.buffer += received
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def _failure(self, what: str) -> WorkerFailure:
        """An error with the last words of the process, which is removed."""
        process, errors = self.process, self.errors
        assert process is not None and errors is not None
        self.stop()
        errors.seek(0)
        words = errors.read().decode(errors="replace").strip().splitlines()
        if what != "died":
            return WorkerFailure(f"worker: {what}")
        if process.returncode < 0:
            return WorkerFailure(f"worker died by signal {-process.returncode}")
        return WorkerFailure(": ".join([f"worker died with exit status {process.returncode}", *words[-1:]]))
