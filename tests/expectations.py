"""What the fixtures expect, read from the lines it is about, and what a run disagrees with.

    resource "aws_lambda_function" "orders" { # expect: bad
    # expect: good (module.orders), bad LOW (module.thumbnails)      a line of its own speaks of the next line of Terraform
    # expect SLS_VPC_1: bad, SLS_IP_1: none                          in whole designs the policy is named

The words are those of `WORDS`, and `none` for no finding at all. A severity may follow the word. Parentheses narrow an expectation to
the instances of a block behind an address (`module.orders`, `aws_lambda_function.shop["login"]`) or in a root (the folder's name).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from serverful.finding import Finding
from serverful.policy import Severity
from serverful.verdict import Outcome

REPOSITORY = Path(__file__).resolve().parents[1]
FIXTURES = REPOSITORY / "fixtures"
ESTATES = FIXTURES / "estates"

# Folders of fixtures that hold no cases of a policy: whole designs, and what the reader's own tests read.
NOT_OF_A_POLICY = {"estates", "plans", "run_is_complete", "tfparse"}

WORDS = {Outcome.FAILED: "bad", Outcome.PASSED: "good", Outcome.UNDECIDED: "unsure", Outcome.JUSTIFIED: "justified"}
NONE = "none"

_COMMENT = re.compile(r"(?P<before>.*?)#\s*expect\b(?P<said>.*)")
_ENTRY = re.compile(
    rf"\s*(?:(?P<policy>SLS_[A-Z]+_\d+):\s*)?(?P<word>{'|'.join([*WORDS.values(), NONE])})"
    rf"(?:\s+(?P<severity>{'|'.join(s.name for s in Severity)}))?(?:\s*\((?P<where>[^)]+)\))?\s*(?:,|$)"
)


@dataclass(frozen=True)
class Expectation:
    """One word about one line. `policy` is None where the folder says which policy is meant, `where` empty for every instance."""

    file: Path
    line: int
    word: str
    policy: str | None = None
    severity: Severity | None = None
    where: str = ""

    def is_about(self, finding: Finding) -> bool:
        """Whether that finding, at the same line, is meant."""
        address, root = finding.address, PurePosixPath(finding.place.root).name
        return not self.where or self.where in (address, root) or address.startswith((f"{self.where}.", f"{self.where}["))

    def is_met_by(self, finding: Finding) -> bool:
        return word_of(finding) == self.word and self.severity in (None, finding.severity)

    def __str__(self) -> str:
        severity, where = f" {self.severity.name}" if self.severity else "", f" ({self.where})" if self.where else ""
        return f"{self.word}{severity}{where}"


def word_of(finding: Finding) -> str:
    """How fixtures call what a finding says."""
    return "skipped" if finding.skipped is not None else WORDS[finding.verdict.outcome]


def expectations_in(folder: Path) -> list[Expectation]:
    """Every expectation of the Terraform below a folder. Raises ValueError for one that cannot be read: a mistyped word expects nothing."""
    return [expectation for file in sorted(folder.rglob("*.tf")) for expectation in _expectations_of(file)]


def _expectations_of(file: Path) -> Iterator[Expectation]:
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.match(line)
        if not found:
            continue
        about = number if found["before"].strip() else _next_line_of_terraform(lines, number)
        said, start = found["said"].strip().removeprefix(":"), 0
        while start < len(said):
            entry = _ENTRY.match(said, start)
            if entry is None:
                raise ValueError(f"{file}:{number}: {said[start:].strip()!r} is no expectation")
            yield Expectation(
                file=file,
                line=about,
                word=entry["word"],
                policy=entry["policy"],
                severity=Severity[entry["severity"]] if entry["severity"] else None,
                where=(entry["where"] or "").strip(),
            )
            start = entry.end()


def _next_line_of_terraform(lines: list[str], number: int) -> int:
    """The number of the first line after that one that is neither empty nor a comment."""
    return next((n for n, line in enumerate(lines[number:], start=number + 1) if line.strip() and not line.strip().startswith("#")), number)


def base_of(scanned: Path) -> Path:
    """What paths in findings are relative to: the git top level above the scanned path, else the scanned path itself."""
    return next((folder for folder in (scanned, *scanned.parents) if (folder / ".git").exists()), scanned)


def disagreements(expected: Iterable[Expectation], findings: Iterable[Finding], base: Path) -> list[str]:
    """What was expected and not said, and what was said and not expected; empty when both agree, line by line and instance by instance."""
    expected, findings = list(expected), list(findings)
    answered: set[int] = set()
    disagreed = []
    for expectation in expected:
        about = f"{expectation.policy or ''} {expectation.file.relative_to(FIXTURES)}:{expectation.line}: expects {expectation}".strip()
        met = [
            (index, finding)
            for index, finding in enumerate(findings)
            if (base / finding.place.file, finding.place.line) == (expectation.file, expectation.line)
            and expectation.policy in (None, finding.policy.id)
            and expectation.is_about(finding)
        ]
        answered.update(index for index, _ in met)
        if not met and expectation.word != NONE:
            disagreed.append(f"{about}, nothing was said")
        disagreed += [f"{about}, {_said(finding)}" for _, finding in met if not expectation.is_met_by(finding)]
    disagreed += [
        f"{finding.policy.id} {finding.place.spot}: nothing is expected, {_said(finding)}"
        for index, finding in enumerate(findings)
        if index not in answered
    ]
    return sorted(disagreed)


def _said(finding: Finding) -> str:
    return f"{finding.address} is {word_of(finding)} {finding.severity.name}: {finding.verdict.says}"
