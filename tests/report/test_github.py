"""Workflow commands as a runner of GitHub Actions reads them from a log: so many, the worst first, and none that we did not write."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given

from hostile_texts import HOSTILE, texts, with_text
from runs_by_hand import asks_for_private_things, finding, recorded, unexplained, well, whole_run
from serverful.finding import Run, Trouble
from serverful.policy import Severity
from serverful.record.v1 import RunV1
from serverful.report.github import command, to_github
from serverful.report.text import harmless
from snapshots import agrees_with_snapshot

KNOWN = {"error", "warning", "notice", "debug", "add-mask", "set-env", "set-output", "stop-commands", "group", "add-path", "echo"}


@dataclass(frozen=True)
class Read:
    name: str
    properties: dict[str, str]
    message: str


def read(log: str) -> tuple[list[Read], list[str]]:
    """The commands in a log and its other lines, by the rules of the runner (`ActionCommand.cs`, 2026): a line that begins with `::` after
    blanks and has a second `::` is a command of the new kind; in any other line, a `##[name…]` anywhere is one of the old kind.
    """
    commands, others = [], []
    for line in log.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stripped = line.lstrip()
        head, double, message = stripped[2:].partition("::") if stripped.startswith("::") else ("", "", "")
        name, _, given_properties = head.partition(" ")
        if double and name.lower() in KNOWN:
            pairs = [pair.partition("=") for pair in given_properties.strip().split(",") if pair]
            properties = {key: unescaped(value, {":": "%3A", ",": "%2C"}) for key, _, value in pairs}
            commands.append(Read(name, properties, unescaped(message, {})))
        elif "##[" in line and line.partition("##[")[2].partition("]")[0].partition(" ")[0].lower() in KNOWN:
            commands.append(Read("old", {}, line))
        else:
            others.append(line)
    return commands, others


def unescaped(text: str, more: dict[str, str]) -> str:
    for token, written in {"\r": "%0D", "\n": "%0A", **more, "%": "%25"}.items():
        text = text.replace(written, token)
    return text


def said(record: RunV1) -> list[Read]:
    commands, others = read("".join(to_github(record)))
    assert len(others) == 1, others  # what came out, in plain words
    return commands


def many(**numbers: int) -> Run:
    gravest = replace(asks_for_private_things, severity=Severity.HIGH)
    findings = [
        finding(f"{name}{number}", unexplained(Severity[name]), line=number + 1, asked=gravest)
        for name, of in numbers.items()
        for number in range(of)
    ]
    return Run(findings, roots=["shop"], policies=1, functions=len(findings))


def test_the_whole_run() -> None:
    agrees_with_snapshot("".join(to_github(recorded(whole_run()))), "whole_run.github.txt")


def test_an_annotation_stands_at_the_telling_line_and_says_how_to_go_on() -> None:
    first = next(read for read in said(recorded(whole_run())) if "function.first" in read.message)
    assert first.name == "warning"
    assert first.properties == {
        "file": "shop/main.tf",
        "line": "3",
        "endLine": "12",
        "title": "MEDIUM SLS_VPC_1 failed: A function in a VPC reaches something private there",
    }
    assert first.message.splitlines() == [
        "aws_lambda_function.first: Nothing here says why it is in a VPC.",
        "Seen: is attached to a VPC (aws_lambda_function.a, shop/main.tf:3)",
        "Better: leave the VPC.",
        "If there is a reason: record it with an owner and an end date. The lines to paste come from",
        "serverful reason aws_lambda_function.first --feature vpc --category … --until … --owner …",
        "Read on: serverful explain SLS_VPC_1",
    ]


def test_trouble_first_then_the_worst_and_nothing_that_needs_no_answer() -> None:
    assert [(read.name, read.properties["title"].partition(" ")[0]) for read in said(recorded(whole_run()))] == [
        ("error", "SLS_RUN_1"),
        ("notice", "serverful:"),
        ("error", "HIGH"),
        ("warning", "MEDIUM"),
        ("warning", "MEDIUM"),
        ("notice", "LOW"),
    ]


def test_github_keeps_ten_of_each_so_there_are_no_more() -> None:
    read = said(recorded(many(HIGH=10, MEDIUM=10, LOW=10)))
    assert [sum(one.name == name for one in read) for name in ("error", "warning", "notice")] == [10, 10, 10]
    assert "more" not in read[-1].properties["title"] and read[-1].properties["file"]


def test_what_is_beyond_the_budget_is_counted_in_a_last_notice() -> None:
    read = said(recorded(many(HIGH=12, MEDIUM=31, LOW=9, INFO=2)))
    assert [sum(one.name == name for one in read) for name in ("error", "warning", "notice")] == [10, 10, 10]
    assert read[-1] == Read(
        "notice",
        {"title": "serverful: not all is shown"},
        "And 25 more: 2 HIGH, 21 MEDIUM, 2 INFO. GitHub shows 10 errors, 10 warnings and 10 notices of a step. "
        "All of them are in the other formats: --format markdown, sarif, junit or console.",
    )


def test_many_troubles_leave_no_room_for_findings_and_all_are_counted() -> None:
    run = many(HIGH=2)
    run.troubles = [Trouble("shop", f"Broken {number}.", "It means.", "Mend it.") for number in range(13)]
    read = said(recorded(run))
    assert all(one.properties["title"].startswith("SLS_RUN_1") for one in read[:-1])
    assert read[-1].message.startswith("And 5 more: 3 troubles, 2 HIGH.")


def test_broken_is_never_silent() -> None:
    for run in (Run(policies=4), Run(roots=["shop"]), Run(troubles=[Trouble(".", "It broke.", "It means.", "Mend it.")], roots=["."])):
        assert [one.name for one in said(recorded(run))] == ["error"]


def test_a_clean_run_is_one_line_in_the_log() -> None:
    text = "".join(to_github(recorded(Run([finding("a", well())], roots=["shop"], policies=1, functions=1))))
    assert text == "Clean: no findings in 1 function."


def test_what_was_not_read_is_named_in_one_notice() -> None:
    (one,) = said(recorded(Run(unread=[f"module.{number} is not here" for number in range(12)], roots=["shop"], policies=1)))
    assert (one.name, one.properties) == ("notice", {"title": "serverful: seen, not read, so not judged"})
    assert one.message.splitlines() == [*(f"module.{number} is not here" for number in range(10)), "and 2 more"]


def test_what_stands_in_a_plan_has_a_file_and_no_line() -> None:
    record = recorded(Run([finding("a", unexplained())], roots=["shop"], policies=1))
    only = record.findings[0]
    planned = replace(only, telling=replace(only.telling, file="plan.json", line=0, end_line=0))
    (one,) = said(replace(record, findings=[planned]))
    assert (one.properties["file"], "line" in one.properties, "endLine" in one.properties) == ("plan.json", False, False)


@pytest.mark.parametrize(
    ("message", "title", "written"),
    [
        ("100% of\r\nit", "a:b,c", "::error title=a%3Ab%2Cc::100%25 of%0D%0Ait"),
        ("%0A", "%3A", "::error title=%253A::%250A"),
        ("::warning::x", "::", "::error title=%3A%3A::::warning::x"),
    ],
)
def test_escaped_as_the_toolkit_does(message: str, title: str, written: str) -> None:
    assert command("error", {"title": title, "file": ""}, message) == written


@given(texts, texts)
def test_a_command_is_read_as_it_was_meant(message: str, title: str) -> None:
    ((one,), others) = read(command("error", {"title": title, "file": "main.tf"}, message))
    assert (one, others) == (Read("error", {"file": "main.tf"} | ({"title": title} if title else {}), message), [])


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gives_no_command(text: str) -> None:
    record = recorded(whole_run())
    assert [one.name for one in said(with_text(record, text))] == [one.name for one in said(with_text(record, "harmless"))]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_the_gate_says_in_a_record_from_a_file_is_no_command(text: str) -> None:
    assert [one.name for one in said(with_text(recorded(Run(roots=["shop"])), text))] == ["error"]
    assert [one.name for one in said(with_text(recorded(Run([finding("a", unexplained())], roots=["shop"], policies=1)), text))] == [
        "warning"
    ]


@given(texts)
def test_any_text_gives_the_commands_that_we_wrote(text: str) -> None:
    read = said(with_text(recorded(whole_run()), text))
    assert [one.name for one in read] == ["error", "notice", "error", "warning", "warning", "notice"]
    assert harmless(text)[:900] in read[0].message
