"""Runs a command and says what it needed: seconds on the clock, seconds of all processors, and the memory of all its processes."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

_SAMPLE_SECONDS = 0.02
_PROC = Path("/proc")


@dataclass(frozen=True)
class Cost:
    """`wall` and `cpu` in seconds; `cpu` is that of the process and all its children. `megabytes` is None where it was not asked for."""

    wall: float
    cpu: float
    megabytes: float | None = None
    output: str = ""


def run(
    command: Sequence[str], *, env: Mapping[str, str], expect: Sequence[int] = (0, 1), memory: bool = False, keep: bool = False
) -> Cost:
    """Run it once, its output thrown away unless `keep`. Raises RuntimeError when it ends with another exit code than expected.

    Seconds of the processor come from `wait4`, which counts a process with all its children. Memory is the largest sum of the resident
    memory (RSS) of the process and everything below it, looked at every 20 ms in /proc, so that pages which processes share are counted
    for each of them; never less than what the kernel has kept as the peak of the largest single one.
    """
    with TemporaryFile() as said, TemporaryFile() as complained:  # files and no pipes: nobody waits for a reader
        began = time.perf_counter()
        process = subprocess.Popen(command, env=dict(env), stdout=said if keep else subprocess.DEVNULL, stderr=complained)
        peak = 0
        while memory and _is_running(process.pid):
            peak = max(peak, _resident(process.pid))
            time.sleep(_SAMPLE_SECONDS)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complained.seek(0)
        output, complaint = said.read().decode("utf-8", "replace"), complained.read().decode("utf-8", "replace")
    if process.returncode not in expect:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{complaint[-2000:]}")
    largest = used.ru_maxrss if platform.system() == "Darwin" else used.ru_maxrss * 1024
    return Cost(wall, used.ru_utime + used.ru_stime, max(peak, largest) / 2**20 if memory else None, output)


def _is_running(pid: int) -> bool:
    """Whether a child has not ended yet; it is left for `wait4`, which says what it used."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _resident(pid: int) -> int:
    """Bytes of a process and everything below it; 0 where there is no /proc."""
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        try:
            total += int((_PROC / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for thread in (_PROC / str(process) / "task").iterdir():
                todo += map(int, (thread / "children").read_text().split())
        except (OSError, ValueError, IndexError):  # it has ended meanwhile, or this is no Linux
            continue
    return total


def alternating(commands: Mapping[str, Sequence[str]], repeats: int, *, env: Mapping[str, str]) -> dict[str, list[Cost]]:
    """Run all of them so many times, in turns whose order is reversed each time, so that a slow minute meets all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    names = list(commands)
    for number in range(repeats):
        for name in names if number % 2 == 0 else reversed(names):
            costs[name].append(run(commands[name], env=env))
    return costs


def fastest(costs: Sequence[Cost]) -> float:
    """The least seconds on the clock: what the machine can do when nobody disturbs it."""
    return min(cost.wall for cost in costs)


def typical(costs: Sequence[Cost]) -> float:
    """The median of the seconds on the clock."""
    return median(cost.wall for cost in costs)


def least_cpu(costs: Sequence[Cost]) -> float:
    """The least seconds of the processors."""
    return min(cost.cpu for cost in costs)


def machine() -> str:
    """What it was measured on, in one line."""
    cpu = ""
    try:
        lines = (_PROC / "cpuinfo").read_text().splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        cpu = platform.processor()
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    parts = [platform.system(), platform.machine(), cpu, f"{os.cpu_count()} processors", f"Python {platform.python_version()}", load]
    return ", ".join(part for part in parts if part)
