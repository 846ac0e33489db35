"""What the process that evaluates Terraform may use: time, memory, environment.

In: nothing but numbers and the caller's environment. Out: the numbers, and the environment a worker is started with.
All figures were measured with tfparse 0.6.22 on Linux (x86-64, Python 3.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GIB = 2**30

SECONDS_PER_ROOT = 30.0
"""A real root takes milliseconds to two seconds; what takes longer than this is a cycle or a trap."""

SECONDS_TO_START = 60.0
"""For a fresh worker to load tfparse: 0.1 s, but a cold disk or a virus scanner may take its time."""

MEMORY_BYTES = 3 * GIB
"""Resident memory of one worker. 202 real roots one after another stay under 0.25 GiB."""

RESERVED_BYTES = 2 * GIB
"""Address space that Go, its threads and the C library reserve without using it: 1.6 GiB with the environment below.
The address space is therefore bounded at MEMORY_BYTES above this, not at MEMORY_BYTES."""

ROOTS_PER_WORKER = 200
"""Then it is replaced, so that what earlier roots left behind cannot add up. Starting one takes 0.1 s."""

REPLACE_ABOVE_BYTES = GIB
"""A worker whose peak was above this is replaced before the next root, so that one large root is never held against another."""


def environment(inherited: Mapping[str, str], scratch: Path, memory_bytes: int = MEMORY_BYTES) -> dict[str, str]:
    """The environment of a worker, from the caller's.

    `TF_*` is left out: tfparse takes `TF_VAR_x` for a value of `var.x`, and a verdict may not depend on the shell it was asked in.
    The temporary folder is our own and empty: tfparse looks for downloaded modules in `.aqua/cache` under it, which may have been
    filled by another program, or by another user.
    """
    kept = {name: value for name, value in inherited.items() if not name.upper().startswith("TF_")}
    return kept | {
        "TMPDIR": str(scratch),
        "TMP": str(scratch),
        "TEMP": str(scratch),
        # The garbage collector works harder before the limit is met, instead of the process ending there.
        "GOMEMLIMIT": str(memory_bytes * 4 // 5),
        # Each further thread reserves address space (2.4 GiB with 16), and a third one made nothing faster.
        "GOMAXPROCS": "2",
        "MALLOC_ARENA_MAX": "2",
        # The first line of a panic is what we quote; the stacks of all goroutines would only fill the log.
        "GOTRACEBACK": "none",
        "PYTHONIOENCODING": "utf-8",
    }
