"""A graph is judged once, every check is answered from the result, and trouble has one place per root."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from estates_by_hand import estate, function
from runs_by_hand import asks_for_private_things, finding, trouble, unexplained
from serverful.errors import PolicyDefinitionError, ReadingUnavailable
from serverful.estate.estate import Estate
from serverful.estate.read.reader import Reading, RootReading
from serverful.finding import Finding, Trouble
from serverful.host.session import Session, left_out
from serverful.policy import Policy
from serverful.verdict import Outcome

BASE = Path("/base")
ID = asks_for_private_things.id


class OneGraph:
    """A graph of these resources, in networkx's shape: (file, type, name)."""

    def __init__(self, *blocks: tuple[str, str, str]) -> None:
        self.conf: dict[tuple[str, str], dict[str, Any]] = {}
        self._nodes: list[tuple[int, dict[str, Any]]] = []
        for number, (file, kind, name) in enumerate(blocks):
            conf = self.conf[file, name] = {"__address__": name if kind == "module" else f"{kind}.{name}", "__start_line__": number + 1}
            config = {name: conf} if kind == "module" else {kind: {name: conf}}
            block_type = "module" if kind == "module" else "resource"
            self._nodes.append((number, {"block_type_": block_type, "config_": config, "file_path_": str(BASE / file)}))

    def nodes(self, data: bool) -> list[tuple[int, dict[str, Any]]]:
        assert data
        return self._nodes


class Counted:
    """A reading of these roots and a judge with these findings, which count how often they are asked."""

    def __init__(self, findings: Sequence[Finding] = (), roots: Iterable[RootReading] = (), general: tuple[Trouble, ...] = ()) -> None:
        self.reads: list[tuple[Path, date, Sequence[Path]]] = []
        self.judged: list[Sequence[Policy]] = []
        self._findings, self._roots, self._general = list(findings), tuple(roots), general

    def read(self, scanned: Path, day: date, skip: Sequence[Path]) -> Reading:
        self.reads.append((scanned, day, skip))
        return Reading(self._roots, self._general, (), BASE)

    def judge(self, estates: Iterable[Estate], policies: Sequence[Policy]) -> tuple[list[Finding], list[Trouble]]:
        self.judged.append(policies)
        return self._findings, []

    def session(self) -> Session:
        session = Session(self.read, self.judge)
        session.add(asks_for_private_things)
        return session


def root(name: str, *troubles: Trouble, is_read: bool = True) -> RootReading:
    thing = function("aws_lambda_function.a", root=name, file=f"{name}/main.tf")
    return RootReading(name, estate(thing, root=name) if is_read else None, troubles)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERFUL_TODAY", "2026-01-15")


@pytest.fixture(autouse=True)
def only_these_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policies here stand in no folder of policies, so nothing on disk can be missed."""
    monkeypatch.setattr("serverful.host.session.policy_files", lambda _: ())


def test_a_graph_is_judged_once_and_another_anew() -> None:
    counted = Counted([finding("a", unexplained())], [root("shop")])
    session = counted.session()
    first, second = OneGraph(("shop/main.tf", "aws_lambda_function", "a")), OneGraph(("shop/main.tf", "aws_lambda_function", "a"))
    for graph in (first, first, second, second):
        answer = session.answer(ID, graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf")
        assert answer.outcome is Outcome.FAILED
    assert counted.reads == [(BASE, date(2026, 1, 15), [])] * 2
    assert counted.judged == [[asks_for_private_things]] * 2


def test_a_block_that_is_in_no_graph_is_not_passed_over() -> None:
    session = Counted(roots=[root("shop")]).session()
    with pytest.raises(LookupError):
        session.answer(ID, OneGraph(("shop/main.tf", "aws_lambda_function", "a")), {}, "/shop/main.tf")


def test_one_id_in_two_files_is_refused() -> None:
    session = Counted().session()
    assert session.add(asks_for_private_things) is False
    with pytest.raises(PolicyDefinitionError, match="stands in two files"):
        session.add(replace(asks_for_private_things, file="elsewhere.py"))


@pytest.mark.parametrize(
    ("blocks", "carrier"),
    [
        ([("module", "m"), ("aws_vpc", "v"), ("aws_lambda_function", "b"), ("aws_lambda_function", "a")], "b"),
        ([("aws_vpc", "v"), ("module", "n"), ("module", "m")], "n"),
        ([("aws_vpc", "v"), ("aws_subnet", "s")], "v"),
    ],
)
def test_trouble_stands_on_one_block_of_its_root(blocks: list[tuple[str, str]], carrier: str) -> None:
    graph = OneGraph(*(("stock/main.tf", kind, name) for kind, name in blocks), ("shop/main.tf", "aws_lambda_function", "a"))
    session = Counted(roots=[root("shop"), root("stock", trouble())]).session()
    said = {where: session.run_answer(graph, conf, f"/{where[0]}") for where, conf in graph.conf.items()}
    assert [where for where, answer in said.items() if answer.outcome is Outcome.FAILED] == [("stock/main.tf", carrier)]
    assert said["stock/main.tf", carrier].details == (
        "stock/main.tf:7: The file cannot be parsed.",
        "  What it means: Its functions were not judged.",
        "  How to mend it: Mend line 7.",
        "Read on: serverful explain SLS_RUN_1",
    )


def test_trouble_of_no_root_stands_on_the_first_root_with_a_function() -> None:
    graph = OneGraph(("a/main.tf", "aws_vpc", "v"), ("b/main.tf", "aws_lambda_function", "f"), ("c/main.tf", "aws_lambda_function", "f"))
    session = Counted(roots=[root("a"), root("b"), root("c")], general=(trouble(),)).session()
    failed = [where for where, conf in graph.conf.items() if session.run_answer(graph, conf, f"/{where[0]}").outcome is Outcome.FAILED]
    assert failed == [("b/main.tf", "f")]


def test_a_function_that_we_did_not_read_is_trouble() -> None:
    graph = OneGraph(("shop/main.tf", "aws_lambda_function", "a"), ("lost/main.tf", "aws_lambda_function", "a"))
    session = Counted(roots=[root("shop")]).session()
    answer = session.run_answer(graph, graph.conf["lost/main.tf", "a"], "/lost/main.tf")
    assert answer.details[0] == "main.tf:2: Checkov read aws_lambda_function.a here, and serverful did not."
    assert session.run_answer(graph, graph.conf["shop/main.tf", "a"], "/shop/main.tf").outcome is Outcome.NOT_OURS


@pytest.mark.parametrize("error", [ReadingUnavailable("pip install this"), RuntimeError("a bug")])
def test_when_nothing_can_be_read_each_root_says_so_once(error: Exception) -> None:
    reads = []

    def read(scanned: Path, day: date, skip: Sequence[Path]) -> Reading:
        reads.append((scanned, day, skip))
        raise error

    session = Session(read, Counted().judge)
    graph = OneGraph(*((f"{name}/main.tf", "aws_lambda_function", each) for name in ("one", "two") for each in ("a", "b")))
    failed = [where for where, conf in graph.conf.items() if session.run_answer(graph, conf, f"/{where[0]}").outcome is Outcome.FAILED]
    assert failed == [("one/main.tf", "a"), ("two/main.tf", "a")]
    assert len(reads) == 1, "what failed is not tried again for each check"
    conf = graph.conf["one/main.tf", "a"]
    session.run_answer(graph, conf, "/one/main.tf")
    assert session.answer(ID, graph, conf, "/one/main.tf").outcome is Outcome.NOT_OURS, "said by SLS_RUN_1 already"
    other = graph.conf["one/main.tf", "b"]
    assert session.answer(ID, graph, other, "/one/main.tf").details[0] == "could not judge this resource:", "SLS_RUN_1 was not asked"
    assert session.answer(ID, graph, other, "/one/main.tf").outcome is Outcome.NOT_OURS, "once is enough"


def test_without_a_graph_it_is_said_once() -> None:
    session = Counted(roots=[root("shop")]).session()
    said = [session.run_answer(None, {}, "/shop/main.tf"), session.answer(ID, None, {}, "/shop/main.tf")]
    assert [answer.outcome for answer in said] == [Outcome.FAILED, Outcome.NOT_OURS]
    assert "  How to mend it: Unset TF_SPLIT_GRAPH if it is set, or use serverful scan." in said[0].details


def test_folders_that_checkov_was_told_to_leave_out(tmp_path: Path) -> None:
    for name in ("a/main.tf", "b/c/main.tf", "d/readme.md", ".terraform/x/main.tf", "node_modules/y/main.tf"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert left_out(tmp_path, {(tmp_path / "a").resolve()}) == [tmp_path / "b" / "c"]
