"""Where measurements run: the virtual environment with the peers, the machine, and thread settings."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tools" / "bench.d"
VENV = ROOT / ".build" / "bench-venv"
PYTHON = VENV / "bin" / "python"

# Modules that are imported, and what pip calls them.
BASE = {"numpy": "numpy", "opt_einsum": "opt_einsum"}
OPTIONAL = {"torch": "torch", "jax": "jax", "pytblis": "pytblis", "etops": "etops"}

# What the libraries read their number of threads from.
THREAD_VARIABLES = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "TBLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "NPROC", "PJRT_NPROC",
]  # fmt: skip
# What would change how a peer runs, if the user's shell happened to set it.
CLEARED_VARIABLES = [
    "LD_PRELOAD",
    "BLIS_ARCH_TYPE",
    "XLA_FLAGS",
    "OMP_WAIT_POLICY",
    "OMP_PLACES",
    "GOMP_CPU_AFFINITY",
]


def note(text: str) -> None:
    """Tells the user what happens; results go to files."""
    print(text, file=sys.stderr, flush=True)


def thread_environment(threads: int, reuse_memory: bool = False) -> dict[str, str]:
    """The environment of a process whose library may use so many threads; it must be set before any import.

    `reuse_memory` has the C library keep freed blocks of any size, so that results that a peer allocates anew
    for each call do not cost page faults.
    """
    environment = {key: value for key, value in os.environ.items() if key not in CLEARED_VARIABLES}
    environment |= {variable: str(threads) for variable in THREAD_VARIABLES}
    environment |= {
        "OMP_DYNAMIC": "FALSE",
        "MKL_DYNAMIC": "FALSE",
        "JAX_PLATFORMS": "cpu",
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
        "TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": str(FOLDER),
    }
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if reuse_memory:
        environment |= {"MALLOC_MMAP_THRESHOLD_": str(1 << 34), "MALLOC_TRIM_THRESHOLD_": str(1 << 36)}
    return environment


def processors(threads: int) -> list[int]:
    """The CPUs that measurements with so many threads run on, the last ones: the first often has interrupts.

    Every process is bound to them, einsumc's and the peers' alike, since some libraries know no other limit.
    """
    return sorted(os.sched_getaffinity(0), reverse=True)[:threads]


def bind_to_processors(threads: int) -> Callable[[], None]:
    """What a process calls before it starts, so that it stays on these CPUs."""
    cpus = processors(threads)
    return lambda: os.sched_setaffinity(0, cpus)


def run(
    *command: object, threads: int | None = None, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command and keeps what it prints.

    With a number of threads, it runs as measurements do.
    """
    conditions = {}
    if threads:
        conditions = {"env": thread_environment(threads), "preexec_fn": bind_to_processors(threads)}
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=timeout, **conditions)


def cache_bytes(level: int) -> int | None:
    """The size of the data cache of this level, if the system tells."""
    for index in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        if (index / "level").read_text().strip() == str(level) and "Instr" not in (
            index / "type"
        ).read_text():
            size = (index / "size").read_text().strip()
            return int(size[:-1]) * {"K": 1 << 10, "M": 1 << 20}[size[-1]]
    return None


def last_level_cache() -> int:
    """The size of the largest cache; 32 MiB if the system does not tell."""
    return next((size for level in (4, 3, 2) if (size := cache_bytes(level))), 32 << 20)


def torch_requirement() -> str:
    """The newest CPU-only build of torch that pip sees, else the plain one.

    A plain `torch` brings its CUDA libraries along on x86-64 Linux, and does not even import without them
    (torch 2.15: 2.9 GB to download, 5.5 GB on disk). CPU-only builds have a version that ends in "+cpu". They
    are in no public index, but pip finds them where its configuration says, for instance by PIP_FIND_LINKS or
    PIP_EXTRA_INDEX_URL.
    """
    listing = run(PYTHON, "-m", "pip", "index", "versions", "torch").stdout
    for version in re.findall(r"\d+\.\d+\.\d+\+cpu\b", listing):
        return f"torch=={version}"  # newest first
    if platform.machine() == "x86_64" and sys.platform == "linux":
        note(
            "torch: pip sees no CPU-only build, so this is the one with CUDA, about 3 GB to download and 6 "
            "GB on disk; PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL can name a place with a '+cpu' build, or "
            "leave torch out with --peers"
        )
    return "torch"


def missing_modules(modules: list[str]) -> list[str]:
    """Those of the modules that the virtual environment does not have."""
    code = "import importlib.util, sys; print(*[m for m in sys.argv[1:] if not importlib.util.find_spec(m)])"
    return run(PYTHON, "-c", code, *modules).stdout.split()


def prepare_environment(modules: list[str]) -> dict[str, str]:
    """Installs what is missing of the optional modules; returns those that could not be, with the reason.

    Without numpy and opt_einsum there is nothing to check results with, so that is an error.
    """
    if not PYTHON.exists() or run(PYTHON, "-m", "pip", "--version").returncode != 0:
        note(f"making a virtual environment in {VENV.relative_to(ROOT)}")
        made = run(sys.executable, "-m", "venv", "--clear", VENV)
        if made.returncode != 0:
            raise RuntimeError(f"python3 -m venv failed: {(made.stdout + made.stderr).strip()}")
    failures = {}
    wanted = BASE | {module: OPTIONAL[module] for module in modules if module in OPTIONAL}
    for module in missing_modules(list(wanted)):
        note(f"installing {wanted[module]}")
        requirement = torch_requirement() if module == "torch" else wanted[module]
        # Newest versions on their own may not agree about numpy, so numpy's stays as it is.
        done = run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement)
        if done.returncode != 0:
            failures[module] = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
            note(f"{module} could not be installed: {failures[module]}")
    for module in BASE:
        if module in failures:
            raise RuntimeError(f"{module} is needed, and could not be installed: {failures[module]}")
    return failures


def describe_machine() -> dict:
    """What the figures depend on, as far as the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    hugepages = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return {
        "date": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "cpu": model.group(1) if model else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "hypervisor": "hypervisor" in text,
        "last_level_cache_bytes": last_level_cache(),
        "system": f"{platform.system()} {platform.release()}",
        "transparent_huge_pages": hugepages.read_text().strip() if hugepages.exists() else None,
        "load_at_start": list(os.getloadavg()),
    }
