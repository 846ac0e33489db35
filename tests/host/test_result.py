"""What Checkov leaves where SERVERFUL_RESULT names a file: a whole record, joined between graphs and processes, or a trouble."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_session import BASE, OneGraph

from estates_by_hand import estate, function
from runs_by_hand import as_json, asks_for_destinations, asks_for_private_things, finding, unexplained, whole_run
from serverful.errors import ReadingUnavailable, UsageError
from serverful.estate.estate import Estate
from serverful.estate.read.reader import Reading, RootReading
from serverful.finding import Finding, Run, Trouble
from serverful.host import trouble
from serverful.host.locked import locked
from serverful.host.result import leave, result_file
from serverful.host.session import Session
from serverful.policy import Policy
from serverful.record.read import read_record
from serverful.verdict import Outcome

TODAY = date(2026, 1, 15)
VPC, IP = asks_for_private_things, asks_for_destinations


def one(name: str) -> Run:
    return Run([finding("a", unexplained(), root=name)], roots=[name], functions=1, policies=1, asked=[VPC], scanned=[name], paths=name)


def leave_one(name: str, file: Path) -> None:
    leave(one(name), TODAY, file)


def left(file: Path) -> Any:
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == [], "no lock, nothing half"
    return json.loads(file.read_text())


# --- the file ----------------------------------------------------------------------------------------------------------------------


def test_where_it_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert result_file({}) is None
    assert result_file({"SERVERFUL_RESULT": ""}) is None
    assert result_file({"SERVERFUL_RESULT": "out/run.json"}) == tmp_path / "out" / "run.json"


def test_what_is_there_is_joined(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    for name in ("shop", "stock", "shop"):
        leave(one(name), TODAY, file)
    assert left(file)["roots"] == ["shop", "stock"]
    assert (left(file)["parts"][0]["door"], left(file)["decision"]["fail_on"]) == ("checkov", "MEDIUM")


def test_an_empty_file_is_begun(tmp_path: Path) -> None:
    """As `mktemp` makes it."""
    file = tmp_path / "run.json"
    file.touch(mode=0o600)
    leave(one("shop"), TODAY, file)
    assert left(file)["roots"] == ["shop"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_root_whose_name_is_no_utf8_is_one_root(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    leave(one("caf\udce9"), TODAY, file)
    leave(replace(one("caf\udce9"), paths="other", scanned=["other"]), TODAY, file)
    assert left(file)["roots"] == ["caf\\udce9"]
    assert [part["scanned"] for part in left(file)["parts"]] == [["other"]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("my notes", "no whole JSON"),
        ('{"version": 2}', "version 2"),
        ('{"results": {}}', "no record of a serverful run"),
        (as_json(whole_run())[:-40], "cut off"),
    ],
)
def test_what_is_no_record_of_ours_is_never_overwritten(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=says):
        leave(one("shop"), TODAY, file)
    assert file.read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(("name", "says"), [(".", "is a folder"), ("none/run.json", "No such file"), ("file/run.json", "Not a directory")])
def test_where_nothing_can_be_left(name: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=says):
        leave(one("shop"), TODAY, tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_ordinary_file_is_left_alone(tmp_path: Path) -> None:
    """To read a pipe would be to wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="no ordinary file"):
        leave(one("shop"), TODAY, tmp_path / "pipe")


def test_a_link_leads_to_the_record(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(Path("there", "run.json"))
    for name in ("shop", "stock"):
        leave(one(name), TODAY, tmp_path / "link")
    assert left(tmp_path / "there" / "run.json")["roots"] == ["shop", "stock"]


# --- several at once ---------------------------------------------------------------------------------------------------------------


def test_many_processes_lose_nothing(tmp_path: Path) -> None:
    file, names = tmp_path / "run.json", [f"root_{number:02d}" for number in range(24)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(8) as pool:
        pool.starmap(leave_one, [(name, file) for name in names])
    assert left(file)["roots"] == names
    assert left(file)["counts"]["failed"] == len(names)


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    """Checkov runs its frameworks in threads on macOS and Windows."""
    file, names = tmp_path / "run.json", [f"root_{number:02d}" for number in range(24)]
    threads = [threading.Thread(target=leave_one, args=(name, file)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left(file)["roots"] == names


def test_a_lock_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    with locked(file), pytest.raises(UsageError, match="is being written by another process"), locked(file, patience=0):
        pass
    with locked(file, patience=0):
        assert (tmp_path / ".run.json.lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_process_that_died_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / ".run.json.lock").touch()
    leave(one("shop"), TODAY, tmp_path / "run.json")
    assert left(tmp_path / "run.json")["roots"] == ["shop"]


# --- what Checkov asks -------------------------------------------------------------------------------------------------------------


def read(*roots: str) -> Any:
    def reading(*_: object) -> Reading:
        made = [(name, estate(function("aws_lambda_function.a", root=name, file=f"{name}/main.tf"), root=name)) for name in roots]
        return Reading(tuple(RootReading(name, one, ()) for name, one in made), (), (), BASE)

    return reading


def judge(estates: Iterable[Estate], policies: Sequence[Policy]) -> tuple[list[Finding], list[Trouble]]:
    roots = [estate.root for estate in estates]
    crash = Trouble("shop", "crashed.", "means", "mend", "shop/main.tf", 1, IP.id, "aws_lambda_function.a")
    return [finding("a", unexplained(), root=root, asked=policy) for root in roots for policy in policies], [crash]


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No policy of the folder is missed, one day, and the file that is asked for."""
    monkeypatch.setattr("serverful.host.session.policy_files", lambda _: ())
    monkeypatch.setattr("serverful.host.session.at_end", lambda _: None)
    monkeypatch.setenv("SERVERFUL_TODAY", "2026-01-15")
    monkeypatch.setenv("SERVERFUL_RESULT", str(tmp_path / "run.json"))
    return tmp_path / "run.json"


def session(*roots: str) -> Session:
    made = Session(read(*roots), judge)
    for policy in (VPC, IP):
        made.add(policy, ["aws_lambda_function", "module"])
    made.add(replace(VPC, id="SLS_FS_1"), ["aws_efs_file_system"])
    return made


SHOP = ("shop/main.tf", "aws_lambda_function", "a")


def asked(made: Session, graph: OneGraph, *ids: str, run: bool = True) -> None:
    for (file, _), conf in graph.conf.items():
        if run:
            made.run_answer(graph, conf, f"/{file}")
        for policy in ids:
            made.answer(policy, graph, conf, f"/{file}")


def policies_left(file: Path) -> tuple[list[str], set[str], list[str | None]]:
    record = left(file)
    listed = [policy["id"] for policy in record["policies"]]
    return listed, {finding["policy"]["id"] for finding in record["findings"]}, [trouble["policy"] for trouble in record["troubles"]]


def test_a_graph_is_left_when_it_is_first_asked_about(fixed: Path) -> None:
    graph = OneGraph(SHOP)
    session("shop").run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    assert policies_left(fixed) == (["SLS_FS_1", "SLS_IP_1", "SLS_VPC_1"], {"SLS_FS_1", "SLS_IP_1", "SLS_VPC_1"}, ["SLS_IP_1"])
    assert read_record(fixed).counts.functions == 1


def test_several_graphs_are_one_record(fixed: Path) -> None:
    made = session("shop")
    asked(made, OneGraph(SHOP), VPC.id, IP.id)
    made._read = read("stock")
    made._read_plans = lambda *_: Reading((RootReading("plan.json", estate(root="plan.json"), ()),), (), (), BASE)
    asked(made, OneGraph(("stock/main.tf", "aws_lambda_function", "a")), VPC.id, IP.id)
    asked(made, OneGraph(("plan.json", "aws_lambda_function", "a")), VPC.id, IP.id)
    record = left(fixed)
    assert sorted(record["roots"]) == ["plan.json", "stock"], "the same folder was read again, and has another root now"
    assert {part["kind"] for part in record["parts"]} == {"source", "plan"}


def test_two_halves_of_one_folder_are_one_record(fixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pre-commit hands long lists of files to several processes, and each leaves out what it was not given."""
    for half, other in (("shop", "stock"), ("stock", "shop")):
        monkeypatch.setattr("serverful.host.session.left_out", lambda *_, other=other: [BASE / other])
        asked(session(half), OneGraph((f"{half}/main.tf", "aws_lambda_function", "a")), VPC.id)
    assert left(fixed)["roots"] == ["shop", "stock"]


def test_what_checkov_was_told_to_leave_out_is_taken_out(fixed: Path) -> None:
    made = session("shop")
    asked(made, OneGraph(SHOP), VPC.id)
    made.finish()
    # Of a file system there is none here to ask about, so nobody knows whether that was wanted.
    assert policies_left(fixed) == (["SLS_FS_1", "SLS_VPC_1"], {"SLS_FS_1", "SLS_VPC_1"}, [])


def test_so_it_is_where_trouble_was_left_out_too(fixed: Path) -> None:
    made = session("shop")
    asked(made, OneGraph(SHOP, ("shop/efs.tf", "aws_efs_file_system", "f")), IP.id, run=False)
    made.finish()
    assert policies_left(fixed) == (["SLS_IP_1"], {"SLS_IP_1"}, ["SLS_IP_1"])


def test_of_a_run_that_was_stopped_everything_stays(fixed: Path) -> None:
    made, graph = session("shop"), OneGraph(SHOP, ("shop/main.tf", "aws_lambda_function", "b"))
    made.run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    made.answer(VPC.id, graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    made.finish()
    assert policies_left(fixed)[0] == ["SLS_FS_1", "SLS_IP_1", "SLS_VPC_1"]


def test_another_process_takes_nothing_out(fixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = session("shop")
    asked(made, OneGraph(SHOP), VPC.id)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    made.finish()
    assert policies_left(fixed)[0] == ["SLS_FS_1", "SLS_IP_1", "SLS_VPC_1"]


def test_a_record_that_cannot_be_left_is_trouble_of_the_first_root(fixed: Path, caplog: pytest.LogCaptureFixture) -> None:
    fixed.write_text("my notes")
    made, graph = session("shop"), OneGraph(SHOP)
    answer = made.run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    assert answer.outcome is Outcome.FAILED
    assert any(f"could not be left in {fixed} (SERVERFUL_RESULT): {fixed} is no whole JSON" in line for line in answer.details)
    assert made.answer(VPC.id, graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf").outcome is Outcome.FAILED, "judged all the same"
    assert fixed.read_text() == "my notes"
    assert [record.levelname for record in caplog.records if "no whole JSON" in record.getMessage()] == ["ERROR"]


def test_a_fault_of_ours_in_leaving_it_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("serverful.host.session.leave", broken)
    made, graph = session("shop"), OneGraph(SHOP)
    conf = graph.conf["shop/main.tf", "a"]
    assert any("a bug" in line for line in made.run_answer(graph, conf, "/shop/main.tf").details)
    assert made.answer(VPC.id, graph, conf, "/shop/main.tf").details[0] != "could not judge this resource:"


@pytest.mark.parametrize("error", [ReadingUnavailable("pip install this"), RuntimeError("a bug")])
def test_what_could_not_be_read_is_the_record(error: Exception, fixed: Path) -> None:
    def fail(*_: object) -> Reading:
        raise error

    made, graph = Session(fail, judge), OneGraph(SHOP)
    made.add(VPC, ["aws_lambda_function"])
    made.run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    record = left(fixed)
    assert (record["findings"], record["roots"], record["decision"]["exit_code"]) == ([], [], 2)
    assert str(error) in record["troubles"][0]["what"] + record["troubles"][0]["mend"]


def test_a_day_that_is_none_is_told_in_the_record_too(fixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERFUL_TODAY", "tomorrow")
    graph = OneGraph(SHOP)
    session("shop").run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
    assert "SERVERFUL_TODAY='tomorrow' is no day" in left(fixed)["troubles"][0]["mend"]


def test_nothing_is_left_where_nobody_asks(fixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVERFUL_RESULT")
    made = session("shop")
    asked(made, OneGraph(SHOP), VPC.id)
    made.finish()
    assert not fixed.exists()
    assert trouble.ID not in made.policies
