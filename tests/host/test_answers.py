"""Our verdicts, asked for by what Checkov knows of a block."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from estates_by_hand import estate, function, place
from runs_by_hand import TODAY, asks_for_private_things, justified, open_question, unexplained, well
from serverful.estate.read.reader import Reading, RootReading
from serverful.finding import Finding, Trouble
from serverful.host.answers import NOTHING, answers, worst
from serverful.host.graph import Node
from serverful.policy import Severity
from serverful.verdict import Outcome, Verdict

BASE = Path("/base")
ID = asks_for_private_things.id


def found(verdict: Verdict, address: str, *, root: str, file: str | None = None, skipped: str | None = None) -> Finding:
    return Finding(asks_for_private_things, address, place(address, file or f"{root}/main.tf", root=root), verdict, skipped)


def node(address: str, root: str, file: str | None = None) -> Node:
    path = BASE / (file or f"{root}/main.tf")
    return Node(BASE / root, address, path, "aws_lambda_function", 1, (str(path), address))


def reading(*roots: str) -> Reading:
    def of(root: str) -> RootReading:
        thing = function("aws_lambda_function.a", root=root, file=f"{root}/main.tf")
        return RootReading(root, estate(thing, today=TODAY, root=root), ())

    return Reading(tuple(of(root) for root in roots), (), (), BASE)


def test_a_module_block_shows_all_that_the_module_makes() -> None:
    """Two addresses of one network module: neither hides the other."""
    call = place("module.net", "one/main.tf", root="one")
    found_at = [found(verdict, f"module.net.aws_eip.nat[{at}]", root="one") for at, verdict in enumerate([unexplained(), well()])]
    made_by_it = [replace(finding, place=call) for finding in found_at]
    assert answers(reading("one"), made_by_it).of(ID, node("module.net", "one")) == made_by_it


def test_two_roots_with_equal_addresses_keep_their_own_verdicts() -> None:
    bad, good = found(unexplained(), "aws_lambda_function.a", root="one"), found(well(), "aws_lambda_function.a", root="two")
    made = answers(reading("one", "two"), [bad, good])
    assert made.of(ID, node("aws_lambda_function.a", "one")) == [bad]
    assert made.of(ID, node("aws_lambda_function.a", "two")) == [good]
    assert made.of("SLS_IP_1", node("aws_lambda_function.a", "one")) == []


def test_instances_that_checkov_cannot_tell_are_all_behind_its_one() -> None:
    first = found(unexplained(), 'aws_lambda_function.a["x"]', root="one")
    second = found(well(), 'aws_lambda_function.a["y"]', root="one")
    other = found(well(), "aws_lambda_function.ab", root="one")
    made = answers(reading("one"), [first, second, other])
    assert made.of(ID, node("aws_lambda_function.a", "one")) == [first, second]
    assert made.of(ID, node('aws_lambda_function.a["y"]', "one")) == [second]
    assert made.of(ID, node('aws_lambda_function.a["z"]', "one")) == []


def test_an_instance_that_we_cannot_tell_answers_for_each_of_checkovs() -> None:
    finding = found(unexplained(), "module.m.aws_lambda_function.a", root="one", file="modules/m/main.tf")
    made = answers(reading("one"), [finding])
    assert made.of(ID, node("module.m[1].aws_lambda_function.a", "one", "modules/m/main.tf")) == [finding]


def test_what_checkov_takes_for_a_root_is_answered_by_its_callers() -> None:
    finding = found(unexplained(), "module.m.aws_lambda_function.a[0]", root="one", file="modules/m/main.tf")
    made = answers(reading("one"), [finding])
    assert made.of(ID, node("aws_lambda_function.a", "modules/m")) == [finding]
    assert made.of(ID, node("aws_lambda_function.b", "modules/m")) == []


def test_what_a_module_that_is_not_here_makes_is_found_on_its_call() -> None:
    def made_by(call: str) -> Finding:
        address = f"{call}.aws_lambda_function.this[0]"
        return Finding(asks_for_private_things, address, place(call, "one/main.tf", root="one"), unexplained())

    def asked(address: str, root: str = "one") -> Node:
        path = BASE / "one/main.tf"
        return Node(BASE / root, address, path, "module", 1, (str(path), address))

    first, second = made_by('module.fn["x"]'), made_by("module.other")
    loaded = found(unexplained(), "module.loaded.aws_lambda_function.this[0]", root="one", file="modules/m/main.tf")
    made = answers(reading("one"), [first, second, loaded])
    assert made.of(ID, asked('module.fn["x"]')) == made.of(ID, asked("module.fn")) == [first]
    assert made.of(ID, asked("module.other")) == made.of(ID, asked("module.other", "elsewhere")) == [second]
    assert made.of(ID, asked("module.loaded")) == []


def test_a_root_is_known_by_its_folder_or_its_files() -> None:
    made = answers(reading("one"), [])
    assert made.knows(node("aws_lambda_function.zzz", "one"))
    assert made.knows(node("aws_lambda_function.a", "elsewhere", "one/main.tf"))
    assert not made.knows(node("aws_lambda_function.a", "elsewhere"))


def test_troubles_of_no_root_are_general() -> None:
    ours, nobodys = (Trouble(root, "broken.", "not read.", "mend it.") for root in ("one", "a circle"))
    made = answers(reading("one"), [], [ours, nobodys])
    assert made.troubles == {"one": [ours]}
    assert made.general == [nobodys]


def test_nothing_found_is_not_ours() -> None:
    assert worst([]) is NOTHING


def test_the_worst_answers_for_all_and_every_root_is_named() -> None:
    verdicts = {"good": well(), "bad": unexplained(), "open": open_question(), "said": justified()}
    findings = [found(verdict, "module.m.aws_lambda_function.a", root=root, file="m/main.tf") for root, verdict in verdicts.items()]
    answer = worst(findings)
    assert answer.outcome is Outcome.FAILED
    assert answer.severity is Severity.MEDIUM
    assert answer.details[0] == "This record stands for 4 verdicts, in 4 roots: bad, open, said, good."
    assert "  module.m.aws_lambda_function.a in good passed: it reaches a database" in answer.details
    assert "What follows is true of module.m.aws_lambda_function.a in bad:" in answer.details
    for missing, outcome in (("bad", Outcome.UNDECIDED), ("open", Outcome.JUSTIFIED), ("said", Outcome.PASSED)):
        findings = [finding for finding in findings if finding.place.root != missing]
        assert worst(findings).outcome is outcome


def test_the_gravest_of_equal_failures_answers() -> None:
    low = found(unexplained(Severity.LOW), "aws_lambda_function.a", root="one")
    high = found(unexplained(), "aws_lambda_function.a", root="two")
    assert worst([low, high]).severity is Severity.MEDIUM
    assert worst([low]).severity is Severity.LOW


def test_a_justification_says_reason_owner_end_and_place() -> None:
    answer = worst([found(justified(), "aws_lambda_function.ledger", root="shop")])
    assert answer.outcome is Outcome.JUSTIFIED
    assert answer.comment == "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31, tag at shop/main.tf:44)"
    assert answer.severity is None


def test_a_skip_comment_skips_unless_something_worse_is_behind_the_record() -> None:
    skipped = found(unexplained(), "aws_lambda_function.a", root="one", skipped="agreed\x1b[31m")
    answer = worst([skipped])
    assert (answer.is_skipped, answer.comment) == (True, r"agreed\x1b[31m")
    other = found(unexplained(), "aws_lambda_function.a", root="two")
    assert not worst([skipped, other]).is_skipped
    assert worst([skipped, other]).outcome is Outcome.FAILED
