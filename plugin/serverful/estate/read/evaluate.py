"""Evaluation: which blocks exist, in which instances, with which nested blocks and literals. By tfparse, in processes of its own.

In: root folders with their variable files. Out: per root, the blocks by tfparse's path, or a named failure; in the order asked for.
What tfparse shows as being there is there: instances, blocks made by `dynamic` ones, literals. What it does not show may be there all
the same, and a value may be lost or invented: `tests/estate/read/test_tfparse_facts.py` says when, fact by fact.

tfparse is Go inside a Python process: an input may make it panic, run for ever or fill the memory. So it runs in workers (`worker.py`),
which are bounded (`limits.py`), killed, and replaced; what happens to one root is a failure of that root, and the others are evaluated.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from serverful.errors import ReadingUnavailable
from serverful.estate.read import limits
from serverful.estate.read.worker import OUT_OF_MEMORY

WORKER = Path(__file__).with_name("worker.py")
LOG_BYTES = 4 * 2**20
QUOTED_CHARACTERS = 300
INTERRUPTIBLE_SECONDS = 0.25

Key = int | str | None
"""The key of one instance: `[0]`, `["a"]`, or None where a block has neither `count` nor `for_each`."""


@dataclass(frozen=True)
class Request:
    """One root to evaluate.

    `var_files` are relative to the folder, in Terraform's order: tfparse loads none by itself and joins absolute ones under the folder.
    `refused` is a reason known beforehand (a module cycle, an oversized file): then nothing is evaluated, and the reason is the failure.
    """

    folder: Path
    var_files: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(frozen=True)
class Failure:
    """Why a root has no evaluation. `says` may quote the root's own text: escape it where it is shown."""

    kind: Literal["died", "timed out", "refused", "raised"]
    says: str


@dataclass(frozen=True)
class Evaluation:
    """What tfparse says of one root.

    `blocks` holds resources, data sources (`data.aws_region.here`) and module calls (`module.net["a"]`) by tfparse's path; empty on
    failure. `partial` is the parser's message when a file could not be parsed: tfparse names one and silently drops every such file.
    `doubled` are paths that came twice; the first block is kept. `surplus` are paths that tfparse lists although their own final `count` or
    `for_each` says otherwise (it makes instances before it has evaluated what they hang on); they are not among the blocks.

    A block's JSON: its arguments, its nested blocks (a dict, or a list of dicts where there are several), `__tfmeta` with `path`,
    `filename`, `line_start`, `line_end`, and `id`, a random identifier that also stands wherever another block refers to `.id` or
    `.arn`; it hides an argument of the name `id`.
    """

    folder: Path
    blocks: Mapping[str, Mapping[str, object]]
    failure: Failure | None
    partial: str | None = None
    doubled: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()

    def block(self, path: str) -> Mapping[str, object] | None:
        """The JSON of one instance: `module.net["a"].aws_subnet.this[0]`."""
        return self.blocks.get(path)

    def instance(self, address: str, key: Key) -> Mapping[str, object] | None:
        """The same by address and key, for keys that Terraform and tfparse quote differently in a path (`$${` and `${`, line breaks)."""
        path = self._paths.get(address, {}).get(key)
        return None if path is None else self.blocks[path]

    def instances(self, address: str) -> list[Key] | None:
        """The keys of a block given without its own key; None when tfparse cannot tell. Keys of modules on the way are part of the address.

        `aws_lambda_function.a` -> [0, 1], ["a", "b"], or [None]. None: it lists no instance, or fewer than the `count` it gives itself.
        That may be because there is none (count is 0, for_each is empty), because for_each is not known, because its file could not be
        parsed, or because tfparse made the instances too early: absence is to be judged from the source. A count that is not known gives
        [0]: see `count_is_open`.
        """
        found = self._paths.get(address)
        if found is None:
            return None
        count = self.blocks[next(iter(found.values()))].get("count")
        return None if isinstance(count, int) and len(found) < count else list(found)

    def count_is_open(self, path: str) -> bool:
        """True when a block has a `count` whose number tfparse does not know (or knows to be null): its [0] is then an assumption."""
        block = self.blocks.get(path, {})
        return "count" in block and (block["count"] is None or is_attribute_marker(block["count"]))

    def nested(self, path: str, name: str) -> Sequence[Mapping[str, object]]:
        """The nested blocks of that name, in the order of the source; a `dynamic` block that is on appears as the blocks it makes.

        An argument of the same name (`ingress = [{…}]`) is not a block. What is here is on; what is missing may be on all the same: a
        `dynamic` block whose for_each is not known leaves nothing, and where a plain nested block stands below the `dynamic` ones in the
        source, tfparse loses the last block that they make.
        """
        value = self.blocks.get(path, {}).get(name)
        candidates = value if isinstance(value, list) else [value]
        blocks: list[dict[str, Any]] = [each for each in candidates if isinstance(each, dict) and "__tfmeta" in each]
        return sorted(blocks, key=lambda block: int(block["__tfmeta"]["line_start"]))  # tfparse puts those of dynamic blocks last

    @cached_property
    def _paths(self) -> dict[str, dict[Key, str]]:
        found: list[tuple[str, Key, str]] = [(*without_key(path), path) for path in self.blocks]
        found.sort(key=lambda one: (isinstance(one[1], str), one[1] if isinstance(one[1], int) else 0, str(one[1])))
        paths: dict[str, dict[Key, str]] = {}
        for address, key, path in found:
            paths.setdefault(address, {})[key] = path
        return paths


def is_attribute_marker(value: object) -> bool:
    """True for `{"__attribute__": "var.x", …}`: a reference whose value is not known, *or is known to be null*. Decide from the source."""
    return isinstance(value, dict) and "__attribute__" in value


_STEP = re.compile(r'(?P<name>[^.\[]+)(?:\[(?:(?P<number>\d+)|"(?P<text>(?:[^"\\]|\\.)*)")\])?(?:\.|\Z)')


def without_key(path: str) -> tuple[str, Key]:
    """`module.net["a"].aws_subnet.this[0]` -> (`module.net["a"].aws_subnet.this`, 0). A path we cannot read is its own address."""
    at, last = 0, None
    while at < len(path):
        last = _STEP.match(path, at)
        if last is None:
            return path, None
        at = last.end()
    if last is None or (last["number"] is None and last["text"] is None):
        return path, None
    return path[: last.end("name")], _unquoted(last["text"]) if last["number"] is None else int(last["number"])


def _unquoted(text: str) -> str:
    """A key as it was before it was quoted. Go's rare escapes (`\\a`, `\\x00`), which JSON has not, stay as they are."""
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def without_surplus(blocks: Mapping[str, Mapping[str, object]]) -> tuple[dict[str, Mapping[str, object]], tuple[str, ...]]:
    """The blocks without the instances that their own final `count` or `for_each` denies (and all inside them), and the paths left out.

    tfparse makes instances before it knows the blocks their number hangs on, and never again: `count = length(aws_subnet.each)` gives
    three (the attributes of a subnet) beside `count: 2`, and `length(module.net.ids) > 5 ? 1 : 0` gives one beside `count: 0`.
    """
    denied = {path for path, block in blocks.items() if _is_denied(without_key(path)[1], block)}
    if not denied:
        return dict(blocks), ()
    inside = tuple(f"{path}." for path in denied)
    left_out = {path for path in blocks if path in denied or path.startswith(inside)}
    return {path: block for path, block in blocks.items() if path not in left_out}, tuple(sorted(left_out))


def _is_denied(key: Key, block: Mapping[str, object]) -> bool:
    count, each = block.get("count"), block.get("for_each")
    if isinstance(key, int):
        return isinstance(count, int) and key >= count
    if isinstance(key, str) and not is_attribute_marker(each):
        if isinstance(each, dict):
            return key not in each
        return isinstance(each, list) and all(isinstance(item, str) for item in each) and key not in each
    return False


def evaluate(
    requests: Sequence[Request],
    *,
    workers: int = 2,
    seconds: float | None = None,
    memory_bytes: int = limits.MEMORY_BYTES,
) -> list[Evaluation]:
    """Evaluate every root, one answer per request, in order; each in at most `seconds` (`limits.SECONDS_PER_ROOT` unless told).

    Raises ReadingUnavailable when tfparse cannot be loaded at all. However it is left, no process stays behind.
    """
    answers: dict[int, Evaluation] = {}
    waiting: list[tuple[int, Request]] = []
    for number, request in enumerate(requests):
        if request.refused is None:
            waiting.append((number, request))
        else:
            answers[number] = Evaluation(request.folder, {}, Failure("refused", request.refused))
    waiting.reverse()  # the first one is popped first
    if waiting:
        with tempfile.TemporaryDirectory(prefix="serverful-", ignore_cleanup_errors=True) as scratch:
            each = limits.SECONDS_PER_ROOT if seconds is None else seconds
            lanes = [_Lane(Path(scratch), each, memory_bytes) for _ in range(max(1, min(workers, len(waiting))))]
            with ThreadPoolExecutor(len(lanes)) as pool:
                try:
                    running = {pool.submit(lane.run, waiting, answers) for lane in lanes}
                    while running:  # in short waits: where a long one cannot be interrupted, Ctrl-C would have to wait for the roots
                        done, running = wait(running, timeout=INTERRUPTIBLE_SECONDS, return_when=FIRST_COMPLETED)
                        for lane_done in done:
                            lane_done.result()
                finally:  # also on KeyboardInterrupt: a killed process ends the wait of the thread that feeds it
                    waiting.clear()
                    for lane in lanes:
                        lane.stop()
    return [answers[number] for number in range(len(requests))]


class _Worker:
    """One process, and what we know of it."""

    def __init__(self, scratch: Path, memory_bytes: int) -> None:
        self.answered = 0
        self.peak = 0
        self._is_spent = False
        self._memory_bytes = memory_bytes
        self._log = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 (closed by end())
        figures = (memory_bytes, memory_bytes + limits.RESERVED_BYTES, LOG_BYTES)
        try:
            self._process = subprocess.Popen(
                # -P: the folder of worker.py must not come first on its path, our source.py or modules.py are nobody's there
                [sys.executable, "-P", str(WORKER), *map(str, figures)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                cwd=scratch,
                env=limits.environment(os.environ, scratch, memory_bytes),
                start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we end the worker
            )
        except OSError:
            self._log.close()
            raise

    def receive(self, seconds: float, request: Mapping[str, object] | None = None) -> dict[str, Any] | Failure:
        """Send the request, if any, and wait for one reply; a Failure when there is none in time. Then the worker is of no more use."""
        assert self._process.stdin is not None and self._process.stdout is not None
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._process.kill()

        clock = threading.Timer(seconds, expire)
        clock.daemon = True
        clock.start()
        try:
            if request is not None:
                self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
                self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (BrokenPipeError, ConnectionResetError):
            line = b""
        finally:
            clock.cancel()
            clock.join()  # now it has either fired or never will
        self._is_spent = expired.is_set()
        if line.endswith(b"\n"):
            reply: dict[str, Any] = json.loads(line)
            self.peak = reply["peak"]
            self.answered += 1
            return reply
        if expired.is_set():
            return Failure("timed out", f"tfparse needed more than {seconds:g} seconds for this folder and was stopped")
        self._process.kill()
        return Failure("died", self._how_it_ended(self._process.wait()))

    @property
    def is_used_up(self) -> bool:
        """True when the next root should get a fresh process."""
        is_worn = self.answered > limits.ROOTS_PER_WORKER or self.peak > limits.REPLACE_ABOVE_BYTES
        return is_worn or self._is_spent or self._process.poll() is not None

    def kill(self) -> None:
        """End the process; safe from any thread, as often as wanted."""
        self._process.kill()

    def end(self) -> None:
        """End the process and give back all that it held; by the thread that feeds it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:  # an unsent rest of a request; nobody is left to read it
                    continue

    def _how_it_ended(self, status: int) -> str:
        memory = f"tfparse needed more than {self._memory_bytes / limits.GIB:.2g} GiB of memory for this folder and was stopped"
        if status == OUT_OF_MEMORY:
            return memory
        said = self._last_words()
        if re.search(r"out of memory|cannot allocate memory|MemoryError", said):
            return f"{memory} ({said})"
        how = f"by signal {_signal_name(-status)}" if status < 0 else f"with exit status {status}"
        return f"tfparse ended {how} while it evaluated this folder" + (f": {said}" if said else "")

    def _last_words(self) -> str:
        """The line of the log that says why: Go's panic or fatal error, else the last one."""
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read(LOG_BYTES).decode("utf-8", "replace").splitlines() if line.strip()]
        loud = [line for line in lines if line.startswith(("panic:", "fatal error:", "runtime:"))]
        return (loud or lines[-1:] or [""])[0][:QUOTED_CHARACTERS]


class _Lane:
    """A thread's work: one worker after another, one root after another, until nothing waits."""

    def __init__(self, scratch: Path, seconds: float, memory_bytes: int) -> None:
        self._scratch = scratch
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._guard = threading.Lock()  # between starting a worker here and stopping it from the main thread
        self._stopped = False
        self._worker: _Worker | None = None

    def run(self, waiting: list[tuple[int, Request]], answers: dict[int, Evaluation]) -> None:
        """Take from `waiting` (its pop is atomic), put into `answers`."""
        try:
            while not self._stopped:
                try:
                    number, request = waiting.pop()
                except IndexError:
                    return
                answers[number] = self._answer(request)
        finally:
            self._drop()

    def stop(self) -> None:
        """From the main thread: no further worker, and the present one ends at once."""
        with self._guard:
            self._stopped = True
            if self._worker is not None:
                self._worker.kill()

    def _answer(self, request: Request) -> Evaluation:
        try:
            reply = self._ask({"folder": str(request.folder.absolute()), "var_files": request.var_files})
        except OSError as error:  # no process, no file handle, no room for the log: the machine's trouble, said with this root
            reply = Failure("died", f"no process could be started to evaluate this folder: {error}")
        if isinstance(reply, Failure):
            self._drop()
            return Evaluation(request.folder, {}, reply)
        if "raised" in reply:
            return Evaluation(request.folder, {}, Failure("raised", reply["raised"]))
        blocks, surplus = without_surplus(reply["blocks"])
        return Evaluation(request.folder, blocks, None, reply["partial"], tuple(reply["doubled"]), surplus)

    def _ask(self, message: Mapping[str, object]) -> dict[str, Any] | Failure:
        """One reply, from the present worker or from a new one."""
        if self._worker is not None and self._worker.is_used_up:
            self._drop()
        if self._worker is None:
            with self._guard:
                if self._stopped:
                    return Failure("died", "the evaluation was interrupted")
                self._worker = _Worker(self._scratch, self._memory_bytes)
            hello = self._worker.receive(limits.SECONDS_TO_START)
            if isinstance(hello, Failure):
                return hello
            if "unavailable" in hello:
                raise ReadingUnavailable(
                    f"tfparse cannot be loaded by {sys.executable} ({hello['unavailable']}): without it nothing says which blocks exist\n"
                    "to mend it, install it beside this Python: pip install tfparse"
                )
        return self._worker.receive(self._seconds, message)

    def _drop(self) -> None:
        with self._guard:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
