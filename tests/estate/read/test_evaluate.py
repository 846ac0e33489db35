"""The worker and its limits, against the real tfparse: what happens to one root stays with that root, and nothing is left running."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from serverful.errors import ReadingUnavailable
from serverful.estate.read import evaluate as evaluation_module
from serverful.estate.read import limits
from serverful.estate.read.evaluate import Evaluation, Request, evaluate, without_key, without_surplus

FACTS = Path(__file__).parents[3] / "fixtures" / "tfparse"
GOOD = Request(FACTS / "known_value_loses_its_link")
CYCLE = Request(FACTS / "module_cycle")
PANIC = Request(FACTS / "string_beside_set")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Every worker started during the test; afterwards none of them may be there, not even as a zombie."""
    processes: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def remembered(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = real(*args, **kwargs)  # type: ignore[call-overload]
        processes.append(process)
        return process

    monkeypatch.setattr(evaluation_module.subprocess, "Popen", remembered)
    yield processes
    assert processes, "no worker was started"
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


def soon(condition: object, message: str) -> None:
    """Wait until `condition()` holds."""
    end = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, message
        time.sleep(0.01)


def names(evaluations: list[Evaluation]) -> list[str]:
    return [evaluation.failure.kind if evaluation.failure else evaluation.folder.name for evaluation in evaluations]


def test_nothing_asked_starts_nothing() -> None:
    assert evaluate([]) == []


def test_answers_come_in_the_order_asked_for(started: list[subprocess.Popen[bytes]]) -> None:
    folders = [FACTS / name for name in ("quoted_keys", "count_not_known", "null_in_map", "template_looks_known", "invented_region")] * 3
    assert [answer.folder for answer in evaluate([Request(folder) for folder in folders])] == folders
    assert len(started) == 2


def test_panic_is_the_failure_of_its_root_only(started: list[subprocess.Popen[bytes]]) -> None:
    answers = evaluate([GOOD, PANIC, GOOD, PANIC, GOOD], workers=1)
    assert names(answers) == [GOOD.folder.name, "died", GOOD.folder.name, "died", GOOD.folder.name]
    assert len(started) == 3, "one worker more after each death"
    assert answers[1].blocks == {}


@pytest.mark.usefixtures("started")
def test_time_is_bounded() -> None:
    answers = evaluate([CYCLE, GOOD], workers=1, seconds=1.0)
    assert names(answers) == ["timed out", GOOD.folder.name]
    failure = answers[0].failure
    assert failure is not None and "1 seconds" in failure.says


@pytest.mark.usefixtures("started")
def test_memory_is_bounded() -> None:
    # With time to spare: on a busy machine the time of one root may be over before its memory is full.
    answers = evaluate([CYCLE, GOOD], workers=1, memory_bytes=limits.GIB // 8, seconds=4 * limits.SECONDS_PER_ROOT)
    assert names(answers) == ["died", GOOD.folder.name]
    failure = answers[0].failure
    assert failure is not None and "memory" in failure.says


@pytest.mark.usefixtures("started")
def test_memory_of_whoever_asks_is_not_counted() -> None:
    """A scan of thousands of functions is larger than a worker may be; its workers are not."""
    ballast = bytearray(limits.GIB // 4)
    ballast[::4096] = b"x" * len(ballast[::4096])  # only pages that are written to are there
    assert names(evaluate([GOOD], workers=1, memory_bytes=limits.GIB // 8)) == [GOOD.folder.name]


@pytest.mark.usefixtures("started")
def test_address_space_is_bounded(tmp_path: Path) -> None:
    lines = ['  a0 = "{}"'.format("x" * 1000)]
    lines += ['  a{} = "{}"'.format(power, f"${{local.a{power - 1}}}" * 10) for power in range(1, 8)]
    (tmp_path / "main.tf").write_text("locals {{\n{}\n}}\n".format("\n".join(lines)), encoding="utf-8")
    assert names(evaluate([Request(tmp_path)], memory_bytes=limits.GIB)) == ["died"]


def test_refused_root_is_not_evaluated() -> None:
    (answer,) = evaluate([Request(CYCLE.folder, refused="module.again calls itself")])
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.says) == ("refused", "module.again calls itself")


def test_missing_folder_is_said(tmp_path: Path) -> None:
    (answer,) = evaluate([Request(tmp_path / "nowhere")])
    assert answer.failure is not None and answer.failure.kind == "raised"
    assert "nowhere" in answer.failure.says


def test_folder_whose_name_is_no_text_is_said(tmp_path: Path) -> None:
    odd, good = evaluate([Request(tmp_path / "\udcff"), GOOD], workers=1)
    assert odd.failure is not None and odd.failure.kind == "raised"
    assert good.failure is None


def test_folder_may_be_relative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FACTS)
    (answer,) = evaluate([Request(Path("known_value_loses_its_link"))])
    assert "aws_lambda_function.a" in answer.blocks


def test_worker_killed_from_outside_is_named(started: list[subprocess.Popen[bytes]]) -> None:
    def kill() -> None:
        soon(lambda: started, "no worker was started")
        time.sleep(0.5)  # well within the cycle, which would go on
        started[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    answers = evaluate([CYCLE, GOOD], workers=1)
    killer.join()
    assert names(answers) == ["died", GOOD.folder.name]
    failure = answers[0].failure
    assert failure is not None and "SIGKILL" in failure.says


def test_interruption_leaves_nothing_behind(started: list[subprocess.Popen[bytes]]) -> None:
    def interrupt() -> None:
        soon(lambda: len(started) == 2, "two workers were not started")
        time.sleep(0.3)  # well within the cycles, which would go on
        _thread.interrupt_main()

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        evaluate([CYCLE, CYCLE, CYCLE])
    interrupter.join()
    assert len(started) == 2, "no further worker after the interruption"


def test_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from serverful.estate.read import evaluate as module\n"
        "real = module.subprocess.Popen\n"
        "def told(*args, **kwargs):\n"
        "    process = real(*args, **kwargs)\n"
        "    Path(sys.argv[2]).write_text(str(process.pid))\n"
        "    return process\n"
        "module.subprocess.Popen = told\n"
        "module.evaluate([module.Request(Path(sys.argv[1]))])\n"
    )
    told = tmp_path / "pid"
    plugin = str(Path(evaluation_module.__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": plugin, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", script, str(CYCLE.folder), str(told)], env=environment)
    soon(lambda: told.exists() and told.read_text(), "the worker was not started")
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    soon(lambda: not is_running(int(told.read_text())), "the worker goes on without its parent")


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie (an orphan's new parent may take its time)."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_worker_is_replaced_after_its_share_of_roots(monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]) -> None:
    monkeypatch.setattr(limits, "ROOTS_PER_WORKER", 2)
    assert names(evaluate([GOOD] * 5, workers=1)) == [GOOD.folder.name] * 5
    assert len(started) == 3


def test_worker_is_replaced_after_a_large_root(monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]) -> None:
    monkeypatch.setattr(limits, "REPLACE_ABOVE_BYTES", 1)
    assert names(evaluate([GOOD] * 2, workers=1)) == [GOOD.folder.name] * 2
    assert len(started) == 2


def test_missing_tfparse_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tfparse.py").write_text("raise ImportError('no tfparse here')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ReadingUnavailable, match=r"no tfparse here(.|\n)*pip install tfparse"):
        evaluate([GOOD, GOOD])


def test_output_of_the_library_cannot_break_the_protocol(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tfparse.py").write_text(
        "import os\n"
        "class ParseError(Exception): pass\n"
        "def load_from_path(folder, **options):\n"
        "    os.write(1, b'{\"blocks\": {}}\\n'); os.write(2, b'noise\\n')\n"
        "    assert os.read(0, 1) == b''\n"
        "    meta = {'type': 'resource', 'path': 'aws_sqs_queue.a'}\n"
        "    return {'aws_sqs_queue': [{'__tfmeta': meta, 'options': sorted(options.items())}]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answers = evaluate([GOOD, GOOD], workers=1)
    assert [list(answer.blocks) for answer in answers] == [["aws_sqs_queue.a"]] * 2
    assert ["allow_downloads", False] in answers[0].blocks["aws_sqs_queue.a"]["options"]  # type: ignore[operator]


def test_modules_beside_the_worker_are_not_on_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tfparse.py").write_text(
        "import sys\n"
        "class ParseError(Exception): pass\n"
        "def load_from_path(folder, **options):\n"
        "    loaded = [name for name in sys.modules if name.startswith('serverful')]\n"
        "    return {'x': [{'__tfmeta': {'type': 'resource', 'path': 'x.y'}, 'path': sys.path, 'loaded': loaded}]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (answer,) = evaluate([GOOD])
    assert str(Path(evaluation_module.__file__).parent) not in answer.blocks["x.y"]["path"]  # type: ignore[operator]
    assert answer.blocks["x.y"]["loaded"] == []


def test_modules_another_program_downloaded_are_not_seen(tmp_path: Path) -> None:
    environment = limits.environment({"TMPDIR": "/elsewhere", "TF_VAR_stage": "x", "tf_workspace": "x", "HOME": "/home"}, tmp_path)
    assert environment["TMPDIR"] == str(tmp_path)
    assert environment["HOME"] == "/home"
    assert [name for name in environment if name.upper().startswith("TF_")] == []


@pytest.mark.parametrize(
    ("path", "address", "key"),
    [
        ("aws_sqs_queue.a", "aws_sqs_queue.a", None),
        ("aws_sqs_queue.a[0]", "aws_sqs_queue.a", 0),
        ("aws_sqs_queue.a[12]", "aws_sqs_queue.a", 12),
        ('data.aws_subnets.a["x"]', "data.aws_subnets.a", "x"),
        ('module.m["a.b"].aws_sqs_queue.a["c"]', 'module.m["a.b"].aws_sqs_queue.a', "c"),
        ('module.m["a"].aws_sqs_queue.a', 'module.m["a"].aws_sqs_queue.a', None),
        (r'module.m["a\"].b[\"c"].aws_sqs_queue.a[1]', r'module.m["a\"].b[\"c"].aws_sqs_queue.a', 1),
        (r'aws_sqs_queue.a["quo\"te\\"]', "aws_sqs_queue.a", 'quo"te\\'),
        (r'aws_sqs_queue.a["\x00"]', "aws_sqs_queue.a", r"\x00"),
        ('aws_sqs_queue.a["unfinished', 'aws_sqs_queue.a["unfinished', None),
        ("", "", None),
    ],
)
def test_key_is_taken_off_a_path(path: str, address: str, key: object) -> None:
    assert without_key(path) == (address, key)


@pytest.mark.parametrize(
    ("key", "block", "stays"),
    [
        ("[0]", {"count": 1}, True),
        ("[1]", {"count": 1}, False),
        ("[0]", {"count": 0}, False),
        ("[0]", {"count": None}, True),
        ("[0]", {"count": {"__attribute__": "var.x"}}, True),
        ('["a"]', {"for_each": {"a": None}}, True),
        ('["b"]', {"for_each": {"a": None}}, False),
        ('["b"]', {"for_each": ["a"]}, False),
        ('["b"]', {"for_each": ["a", None]}, True),
        ('["b"]', {"for_each": None}, True),
        ('["b"]', {"for_each": {"__attribute__": "var.x"}}, True),
    ],
)
def test_instances_that_their_own_number_denies_are_left_out(key: str, block: dict[str, object], stays: bool) -> None:
    blocks = {f"module.m{key}": block, f"module.m{key}.aws_sqs_queue.a": {}, "module.more": {}}
    kept, left_out = without_surplus(blocks)
    assert (f"module.m{key}" in kept) is stays
    assert (f"module.m{key}.aws_sqs_queue.a" in kept) is stays
    assert set(kept) | set(left_out) == set(blocks)
    assert "module.more" in kept
