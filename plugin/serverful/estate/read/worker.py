"""The process in which tfparse runs, so that its death is not ours.

Started by `evaluate.py` as `[sys.executable, "-P", worker.py, memory, address space, log size]`, in bytes; it imports the standard
library and tfparse, nothing of serverful. One JSON object per line both ways: first it says `{"ready": …}` or `{"unavailable": "why"}`;
then for each request `{"folder": …, "var_files": […]}` one reply, `{"blocks": {path: block}, "doubled": [path], "partial": text or
null, "peak": bytes}` or `{"raised": text, "peak": bytes}`. It ends when the requests end, when its parent is gone, or when it has used
its memory.

tfparse is Go inside this process: it may write to stdout and stderr, panic, or fill the memory. So the pipes are moved out of its reach,
and a thread watches (cffi lets other threads run during a call).
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

try:
    import resource
except ImportError:  # Windows: only the time is bounded there
    resource = None  # type: ignore[assignment]

OUT_OF_MEMORY = 86
"""The exit status that says: stopped by its own watch, for memory."""

WATCH_SECONDS = 0.05


def own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Requests and replies on descriptors of their own; standard input and output lead nowhere from now on.

    Go code that prints cannot break the protocol, and `file("/dev/stdin")` in somebody's Terraform cannot eat the next request.
    """
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, replies


def bound(address_space: int, log: int) -> None:
    """Limits that the system enforces, where it has them: address space, size of the log, no core dump."""
    if resource is None:
        return
    for what, wanted in ((resource.RLIMIT_AS, address_space), (resource.RLIMIT_FSIZE, log), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        if hard == resource.RLIM_INFINITY or wanted < hard:
            try:
                resource.setrlimit(what, (wanted, wanted))
            except (ValueError, OSError):  # macOS refuses some of them; the watch below is what holds there
                continue


def peak_bytes() -> int:
    """The most memory this process has had resident; 0 where the system does not say.

    On Linux from the process's own memory: what `getrusage` says there begins with the memory of the process that started this one (tried
    on 6.x: a parent of 600 MB, a child that has just begun, 600 MB), so that under a large scan every worker would look spent.
    """
    try:
        lines = Path("/proc/self/status").read_bytes().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"VmHWM:"))
    except (OSError, StopIteration, ValueError, IndexError):
        pass
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def watch(memory: int, parent: int) -> None:
    """End this process when it has used its memory, or when nobody is left to read the reply."""
    while True:
        time.sleep(WATCH_SECONDS)
        if peak_bytes() > memory:
            os._exit(OUT_OF_MEMORY)
        if os.getppid() != parent:
            os._exit(0)


def blocks_of(parsed: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Resources, data sources and module calls by their path, and the paths that came twice (the first one is kept)."""
    blocks: dict[str, dict[str, Any]] = {}
    doubled: list[str] = []
    for category, items in parsed.items():
        for item in items:
            meta = item["__tfmeta"]
            if meta.get("type") not in ("resource", "data") and category != "module":
                continue
            if meta["path"] in blocks:
                doubled.append(meta["path"])
            else:
                blocks[meta["path"]] = item
    return blocks, doubled


def evaluated(tfparse: Any, folder: str, var_files: Iterable[str]) -> dict[str, Any]:
    """Strictly first; where that fails, leniently and with `partial` set. Never downloads."""
    partial = None
    common = {"allow_downloads": False, "vars_paths": list(var_files), "workspace_name": "default"}
    try:
        try:
            parsed = tfparse.load_from_path(folder, stop_on_hcl_error=True, **common)
        except tfparse.ParseError as error:
            partial = str(error)
            parsed = tfparse.load_from_path(folder, stop_on_hcl_error=False, **common)
        blocks, doubled = blocks_of(parsed)
    except tfparse.ParseError as error:
        return {"raised": str(error)}
    except (ValueError, RecursionError, MemoryError) as error:  # a path that is not UTF-8, JSON too deep or too large for Python
        return {"raised": f"{type(error).__name__}: {error}"}
    except (KeyError, TypeError, AttributeError) as error:
        return {"raised": f"tfparse answered in a shape we do not know ({type(error).__name__}: {error})"}
    return {"blocks": blocks, "doubled": doubled, "partial": partial}


def line_of(reply: dict[str, Any]) -> bytes:
    """One line; a block too deep for Python's JSON is a failure of that root only."""
    try:
        return json.dumps(reply).encode("ascii") + b"\n"
    except (RecursionError, MemoryError) as error:
        return json.dumps({"raised": f"{type(error).__name__} in the reply", "peak": reply["peak"]}).encode("ascii") + b"\n"


def main() -> None:
    """Answer until the requests end."""
    requests, replies = own_pipes()
    memory, address_space, log = (int(argument) for argument in sys.argv[1:4])
    bound(address_space, log)
    threading.Thread(target=watch, args=(memory, os.getppid()), daemon=True).start()

    def reply(message: dict[str, Any]) -> None:
        replies.write(line_of({**message, "peak": peak_bytes()}))
        replies.flush()

    try:
        import tfparse  # type: ignore[import-untyped]  # here, so that its absence can be said in the protocol
    except (ImportError, OSError) as error:  # OSError: the wheel is there, its library does not load
        reply({"unavailable": f"{type(error).__name__}: {error}"})
        return
    reply({"ready": True})
    for line in requests:
        request = json.loads(line)
        reply(evaluated(tfparse, request["folder"], request["var_files"]))


if __name__ == "__main__":
    main()
