"""GitLab's Code Quality report: every entry whole, each fingerprint once, trouble the worst of all."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from estates_by_hand import place
from hostile_texts import HOSTILE, texts, with_text
from runs_by_hand import finding, recorded, unexplained, well, whole_run
from serverful.evidence.evidence import Evidence
from serverful.finding import Run, Trouble
from serverful.record.v1 import RunV1
from serverful.report.gitlab import to_gitlab
from serverful.report.text import harmless
from serverful.verdict import failed
from snapshots import agrees_with_snapshot

SCHEMA = Path(__file__).parent / "schemas" / "gitlab-code-quality.json"


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def said(record: RunV1) -> list[dict[str, Any]]:
    text = "".join(to_gitlab(record))
    assert text.isascii()
    entries: list[dict[str, Any]] = json.loads(text)
    validator().validate(entries)
    fingerprints = [entry["fingerprint"] for entry in entries]
    assert sorted(set(fingerprints)) == sorted(fingerprints)
    return entries


def test_the_whole_run() -> None:
    agrees_with_snapshot("".join(to_gitlab(recorded(whole_run()))), "whole_run.gitlab.json")


def test_only_what_is_to_be_answered_is_there_the_worst_first() -> None:
    entries = said(recorded(whole_run()))
    assert [(e["severity"], e["check_name"], e["location"]["path"], e["location"]["lines"]["begin"]) for e in entries] == [
        ("blocker", "SLS_RUN_1", "stock/main.tf", 7),
        ("critical", "SLS_IP_1", "shop/main.tf", 90),
        ("major", "SLS_VPC_1", "shop/main.tf", 3),
        ("major", "SLS_VPC_1", "shop/main.tf", 50),
        ("minor", "SLS_VPC_1", "shop/main.tf", 70),
    ]


def test_a_description_says_what_is_what_is_better_and_what_was_seen_in_one_line() -> None:
    entries = said(recorded(whole_run()))
    assert entries[2]["description"] == (
        "SLS_VPC_1 aws_lambda_function.first: Nothing here says why it is in a VPC. Better: leave the VPC. "
        "Seen: is attached to a VPC (shop/main.tf:3)."
    )
    assert entries[0]["description"] == ("SLS_RUN_1 stock/main.tf: The file cannot be parsed. Its functions were not judged. Mend line 7.")


def test_of_much_evidence_a_part_is_told_and_the_rest_counted() -> None:
    seen = [Evidence(f"seen {number}", place("aws_subnet.a", "shop/net.tf", number)) for number in range(1, 6)]
    (entry,) = said(recorded(Run([finding("a", failed("no", *seen))], roots=["shop"], policies=1)))
    assert entry["description"].endswith("Seen: seen 1 (shop/net.tf:1); seen 2 (shop/net.tf:2) and 3 more.")


def test_the_fingerprint_is_that_of_the_finding_and_moves_with_no_line() -> None:
    def entry(line: int) -> dict[str, Any]:
        record = recorded(Run([finding("a", unexplained(), line=line)], roots=["shop"], policies=1))
        (only,) = said(record)
        assert only["fingerprint"] == record.findings[0].fingerprint
        return only

    assert entry(3)["fingerprint"] == entry(300)["fingerprint"]


def test_two_findings_with_one_fingerprint_are_two_entries() -> None:
    twice = recorded(
        Run([finding("a", unexplained()), finding("a", unexplained()), finding("a", unexplained())], roots=["shop"], policies=1)
    )
    assert len({f.fingerprint for f in twice.findings}) == 1
    assert len(said(twice)) == 3
    assert said(twice) == said(twice)


def test_what_stands_in_a_plan_begins_at_the_first_line() -> None:
    record = recorded(Run([finding("a", unexplained())], roots=["shop"], policies=1))
    only = record.findings[0]
    planned = replace(only, telling=replace(only.telling, file="./plan.json", line=0, end_line=0))
    (entry,) = said(replace(record, findings=[planned]))
    assert entry["location"] == {"path": "plan.json", "lines": {"begin": 1}}


def test_broken_is_never_empty() -> None:
    for run in (Run(policies=4), Run(roots=["shop"]), Run(troubles=[Trouble(".", "It broke.", "It means.", "Mend it.")], roots=["."])):
        assert [entry["severity"] for entry in said(recorded(run))] == ["blocker"]


def test_a_clean_run_is_an_empty_list() -> None:
    assert "".join(to_gitlab(recorded(Run([finding("a", well())], roots=["shop"], policies=1)))) == "[]"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_one_line_of_its_entry(text: str) -> None:
    # A path and an id are never empty in a record of ours.
    entries = said(with_text(recorded(whole_run()), text or "-"))
    assert len(entries) == 5
    assert all(len(entry["description"]) <= 1_000 and harmless(entry["description"]) == entry["description"] for entry in entries)


@given(texts)
def test_any_text_is_shown_in_printable_characters(text: str) -> None:
    for entry in said(with_text(recorded(whole_run()), text or "-")):
        assert harmless(entry["description"]) == entry["description"]
