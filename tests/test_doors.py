"""Two doors, one verdict: every fixture through the real Checkov and through our own command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from both_doors import Doors
from real_checkov import Record, Scan
from runs_by_hand import told
from serverful.finding import Finding, Run
from serverful.host.graph import may_be_same
from serverful.verdict import Outcome

# From worst to best, written down a second time on purpose: what a record of Checkov says of many instances is a promise.
WORST_FIRST = (Outcome.FAILED, Outcome.UNDECIDED, Outcome.JUSTIFIED, Outcome.PASSED)

SHOWN_AS = {Outcome.FAILED: "FAILED", Outcome.JUSTIFIED: "SKIPPED", Outcome.PASSED: "PASSED", Outcome.UNDECIDED: None}

# What Checkov does not list, so that our findings on it appear through our own door only.
NOT_LISTED = {
    ".tf.json": "Checkov asks about Terraform in JSON without saying which root it belongs to",
    ".tofu": "Checkov does not read OpenTofu's files",
}


@pytest.fixture(scope="module")
def through_checkov(doors: Doors) -> Scan:
    return doors.checkov


@pytest.fixture(scope="module")
def by_ourselves(doors: Doors) -> Run:
    return doors.ourselves


def judged(scan: Scan) -> Iterator[Record]:
    return (record for record in scan.records if record.id != "SLS_RUN_1")


def behind(record: Record, run: Run) -> list[Finding]:
    """Our findings that a record of Checkov stands for, in whatever root."""
    # A folder that Checkov takes for a root as well, although somebody calls it, has the address without the calls.
    local = ".".join(record.resource.split(".")[-2:]) if "[" not in record.resource else record.resource
    same = [f for f in run.findings if f.policy.id == record.id and f.place.file == record.file]
    made = [f for f in same if f.address.startswith(f"{f.place.address}.") and may_be_same(called(f.place.address), record.resource)]
    if made:
        return made
    return [f for f in same if may_be_same(f.address, record.resource)] or [f for f in same if f.address.endswith(f".{local}")]


def called(address: str) -> str:
    """A `module` block as Checkov lists it: `b` for `module.b`, `module.a.b` for `module.a.module.b`."""
    above, _, name = address.rpartition("module.")
    return f"{above}{name}"


def test_each_record_says_the_worst_of_what_we_say(through_checkov: Scan, by_ourselves: Run) -> None:
    disagreements = []
    records = list(judged(through_checkov))
    assert records, "nothing came through Checkov"
    for record in records:
        findings = behind(record, by_ourselves)
        outcomes = [Outcome.JUSTIFIED if f.skipped is not None else f.verdict.outcome for f in findings]
        worst = min(outcomes, key=WORST_FIRST.index, default=None)
        if worst is None or SHOWN_AS[worst] != record.outcome:
            disagreements.append((record.id, record.file, record.resource, record.outcome, worst))
        elif worst is Outcome.FAILED:
            severity = max(f.severity for f in findings if f.is_failed).name
            if severity != record.severity:
                disagreements.append((record.id, record.file, record.resource, record.severity, severity))
    assert disagreements == []


def test_each_finding_has_its_record(through_checkov: Scan, by_ourselves: Run) -> None:
    shown = {(f.policy.id, f.place.root, f.address) for record in judged(through_checkov) for f in behind(record, by_ourselves)}
    missing = [
        (finding.policy.id, finding.place.file, finding.address, finding.verdict.outcome)
        for finding in by_ourselves.findings
        if finding.verdict.outcome is not Outcome.UNDECIDED
        and (finding.policy.id, finding.place.root, finding.address) not in shown
        and not finding.place.file.endswith(tuple(NOT_LISTED))
    ]
    assert missing == []


def test_what_checkov_says_of_an_undecided_one_is_nothing(through_checkov: Scan, by_ourselves: Run) -> None:
    undecided = {(f.policy.id, f.place.file, f.address) for f in by_ourselves.of(Outcome.UNDECIDED)}
    assert undecided, "no fixture is undecided"
    alone = undecided - {
        (f.policy.id, f.place.file, f.address) for f in by_ourselves.findings if f.verdict.outcome is not Outcome.UNDECIDED
    }
    assert not {(r.id, r.file, r.resource) for r in judged(through_checkov)} & alone


def test_each_root_with_trouble_has_one_record_of_it(through_checkov: Scan, by_ourselves: Run) -> None:
    troubled = {trouble.root for trouble in by_ourselves.troubles if trouble.root in by_ourselves.roots}
    shown = [Path(record.file).parent.as_posix() for record in through_checkov.records if record.id == "SLS_RUN_1"]
    assert len(shown) == len(set(shown))
    assert set(shown) <= troubled | {min(shown, default="")}, "a trouble of no root stands on the first root"
    assert shown, "no fixture brings trouble"


def test_details_are_the_same_words(through_checkov: Scan, by_ourselves: Run) -> None:
    compared = 0
    for record in judged(through_checkov):
        findings = behind(record, by_ourselves)
        if len(findings) == 1:
            assert list(record.details) == told(findings[0])
            compared += 1
    assert compared
