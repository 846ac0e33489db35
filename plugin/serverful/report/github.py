"""The record as workflow commands: lines that GitHub Actions takes from a log and shows as annotations at the lines of a pull request.

- GitHub keeps ten errors, ten warnings and ten notices of a step and drops the rest without a word ("Workflow commands for GitHub Actions";
  `ExecutionContext.cs` of the runner, 2026). So we choose which, the worst first, and one last line counts what is left out.
- HIGH is an error, MEDIUM a warning, LOW and INFO are notices: how bad it is. Whether the gate is shut is said by the exit code.
- Trouble comes first, as errors; what was not read at all comes next, as one notice.
- A file is named relative to the top folder of the repository, which is where the workspace of a job is.

Escaped as `@actions/core` does (`packages/core/src/command.ts`). A runner splits its log at line breaks and takes a line for a command
where it begins with `::`; else it looks for one of the old kind, `##[…]`, anywhere in the line. Ours are all of the first kind. Whoever
could write a line break into one could write commands of his own; `harmless` has written them out before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from serverful.explain import RUN_ID
from serverful.record.v1 import FindingV1, RunV1, SeverityV1, TroubleV1
from serverful.report.details import how_to_answer, said_of, spot, where_to_read_on
from serverful.report.order import worst_first
from serverful.report.run_details import READ_ON, trouble_about, troubles_of
from serverful.report.text import harmless
from serverful.report.verdict_line import verdict_line
from serverful.wording import counted, cut

_Level = Literal["error", "warning", "notice"]

_LEVELS: dict[SeverityV1, _Level] = {"HIGH": "error", "MEDIUM": "warning", "LOW": "notice", "INFO": "notice"}
_KEPT = 10  # of each level, of each step
_SEEN = 3  # pieces of evidence in one annotation
_UNREAD = 10  # names of what was not read
_LONGEST_TITLE, _LONGEST_LINE = 250, 1_000  # characters; GitHub takes titles of 255, and 64 KB in all


@dataclass(frozen=True, slots=True)
class _Annotation:
    """`end_line` is 0 where it is the same, `line` where there is none. The texts are still to be escaped."""

    level: _Level
    title: str
    lines: tuple[str, ...]
    file: str = ""
    line: int = 0
    end_line: int = 0


def to_github(record: RunV1) -> Iterator[str]:
    """What came out, in plain words, and then the commands, a line each."""
    pages = {policy.id: policy.page for policy in record.policies}
    # The one line that is no command. It begins with a word of ours; one of the old kind could stand anywhere in a record from a file.
    yield harmless(verdict_line(record)).replace("##[", "## [")
    shown, left = _budgeted([*_troubles(record), *_unread(record), *(_failed(f, pages) for f in worst_first(record.findings))])
    for annotation in shown:
        yield "\n" + command(annotation.level, _properties(annotation), "\n".join(map(_line, annotation.lines)))
    if left:
        yield "\n" + command("notice", {"title": "serverful: not all is shown"}, _left_out(left))


def command(name: str, properties: Mapping[str, str], message: str) -> str:
    """One workflow command; a line break of the message is one in the annotation, and none in the log."""
    given = ",".join(f"{key}={_escaped_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_escaped(message)}" if given else f"::{name}::{_escaped(message)}"


def _budgeted(annotations: list[_Annotation]) -> tuple[list[_Annotation], list[_Annotation]]:
    """What GitHub keeps, and what not. Where something is left out, one notice must tell it."""
    numbers = Counter(annotation.level for annotation in annotations)
    budget = dict.fromkeys(("error", "warning", "notice"), _KEPT)
    if any(number > _KEPT for number in numbers.values()):
        budget["notice"] -= 1
    shown: list[_Annotation] = []
    left: list[_Annotation] = []
    for annotation in annotations:
        budget[annotation.level] -= 1
        (shown if budget[annotation.level] >= 0 else left).append(annotation)
    return shown, left


def _left_out(left: list[_Annotation]) -> str:
    numbers = Counter(annotation.title.partition(" ")[0] for annotation in left)
    # The title of trouble begins with its id, that of a finding with its severity.
    named = [counted(number, "trouble") if word == RUN_ID else f"{number} {word}" for word, number in numbers.items()]
    return (
        f"And {len(left)} more: {', '.join(named)}. GitHub shows {_KEPT} errors, {_KEPT} warnings and {_KEPT} notices of a step. "
        "All of them are in the other formats: --format markdown, sarif, junit or console."
    )


def _troubles(record: RunV1) -> Iterator[_Annotation]:
    yield from map(_trouble, troubles_of(record))


def _trouble(trouble: TroubleV1) -> _Annotation:
    what = ": ".join(part for part in (trouble.file or trouble.root, trouble_about(trouble), trouble.what) if part)
    lines = tuple(line for line in (what, trouble.means, trouble.mend, READ_ON) if line)
    return _Annotation("error", f"{RUN_ID} Not everything could be read and judged", lines, trouble.file or "", trouble.line)


def _unread(record: RunV1) -> Iterator[_Annotation]:
    """One notice for all of it, before any other: not to have seen something is not to know that it is well."""
    if record.unread:
        more = [f"and {len(record.unread) - _UNREAD} more"] if len(record.unread) > _UNREAD else []
        lines = [one.says for one in record.unread[:_UNREAD]] + more
        yield _Annotation("notice", "serverful: seen, not read, so not judged", tuple(lines))


def _failed(finding: FindingV1, pages: Mapping[str, str | None]) -> _Annotation:
    seen = [f"Seen: {evidence.says} ({evidence.place.address}, {spot(evidence.place)})" for evidence in finding.path[:_SEEN]]
    if len(finding.path) > _SEEN:
        seen.append(f"and {len(finding.path) - _SEEN} more")
    lines = (
        said_of(finding),
        *seen,
        f"Better: {finding.recommendation}",
        # The command to paste stands on a line of its own, and without the indent of a terminal.
        *(line.strip() for line in how_to_answer(finding)),
        where_to_read_on(finding, pages.get(finding.policy.id)),
    )
    place = finding.telling
    title = f"{finding.severity} {finding.policy.id} failed: {finding.policy.title}"
    return _Annotation(_LEVELS[finding.severity], title, lines, place.file, place.line, place.end_line)


def _properties(annotation: _Annotation) -> dict[str, str]:
    # A file without a line stands at its first one.
    return {
        "file": harmless(annotation.file),
        "line": str(annotation.line or ""),
        "endLine": str(annotation.end_line) if annotation.end_line > annotation.line else "",
        "title": cut(harmless(annotation.title), _LONGEST_TITLE),
    }


def _line(text: str) -> str:
    return cut(harmless(text), _LONGEST_LINE)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
