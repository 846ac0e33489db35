"""The record as JUnit XML, for the test reports of Jenkins, GitLab, AWS CodeBuild and Azure DevOps: one case for each policy and subject.

Nobody owns that format; what stands here is what those four read.

- It is valid by the schema of Jenkins' xUnit plugin (junit-10.xsd), which refuses a file over one attribute that it does not know. So no
  case has `file` or `line`; GitLab alone would read the first ("Unit test reports", 2026). The text of a failure begins with the spot.
- GitLab shows the text of `failure`, `error` and `skipped`, Azure DevOps and Jenkins show `message` first, and for what is skipped nothing
  else: so what is skipped says the same in both.
- GitLab passes over a second case of one suite, class and name, so there is none. Jenkins takes what stands before the last dot of a class
  for its package: the root is the package, the policy the class. Azure DevOps shows the name alone, so that says what is asked of whom.
- What is justified, undecided, skipped by a comment or in the baseline is skipped, with the reason: it is neither green nor red.
- Every failed finding is a failure, also one below the level at which the gate closes; the exit code is the gate's.
- Trouble is an error, never a failure: in a suite of its own, which holds one passed case where there is none, because Jenkins takes a
  report without cases for a broken one.
- No times and no day: the same record gives the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from serverful.explain import RUN_ID
from serverful.record.v1 import FindingV1, RunV1, TroubleV1
from serverful.report.details import details, justification, sentence, spot, why_skipped, would_decide
from serverful.report.order import by_root, root_name, titles
from serverful.report.run_details import READ_ON, files_that_counted, note_line, trouble_about, trouble_spot, troubles_of
from serverful.report.verdict_line import count_line, verdict_line
from serverful.report.xml_text import xml_text

_ASKED = "Everything could be read and judged"


@dataclass(frozen=True, slots=True)
class _Case:
    """`result` is None for what passed. `text` has one line for each item; all of them are still to be escaped."""

    classname: str
    name: str
    result: Literal["failure", "error", "skipped"] | None = None
    type: str = ""
    message: str = ""
    text: tuple[str, ...] = ()


def to_junit(record: RunV1) -> Iterator[str]:
    """The report, in pieces."""
    pages = {policy.id: policy.page for policy in record.policies}
    suites = [(RUN_ID, list(_of_the_run(record)))]
    called = titles(record)
    for root, findings in by_root(record, record.findings).items():
        if findings:
            name = called.get(root, root_name(root[1]))
            suites.append((name, [_asked(finding, name, pages) for finding in findings]))
    cases = [case for _, of_suite in suites for case in of_suite]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="serverful" {_counted(cases, with_skipped=False)}>\n'
    for number, (name, of_suite) in enumerate(suites):
        yield f'  <testsuite name="{xml_text(name)}" {_counted(of_suite, with_skipped=True)}>\n'
        seen: Counter[tuple[str, str]] = Counter()
        for case in of_suite:
            seen[case.classname, case.name] += 1
            yield _written(case, seen[case.classname, case.name])
        if not number:
            yield f"    <system-out>{_lines(_said(record))}</system-out>\n"
        yield "  </testsuite>\n"
    yield "</testsuites>"


def _of_the_run(record: RunV1) -> Iterator[_Case]:
    troubles = troubles_of(record)
    yield from map(_trouble, troubles)
    if not troubles:
        yield _Case(f"serverful.{RUN_ID}", _ASKED)


def _trouble(trouble: TroubleV1) -> _Case:
    at, about = trouble_spot(trouble), trouble_about(trouble)
    name = ": ".join(part for part in (at, about, _ASKED) if part)
    what = ": ".join(part for part in (at, about, trouble.what) if part)
    labelled = (("What it means", trouble.means), ("How to mend it", trouble.mend))
    text = [what, *(f"{label}: {said}" for label, said in labelled if said), READ_ON]
    return _Case(f"{root_name(trouble.root)}.{RUN_ID}", name, "error", "trouble", what, tuple(text))


def _asked(finding: FindingV1, root: str, pages: Mapping[str, str | None]) -> _Case:
    policy = finding.policy
    # A title is a statement that may hold or not, as the name of a test is.
    classname, name = f"{root}.{policy.id}", f"{finding.address}: {policy.title}"
    if finding.is_failed:
        head = (f"{finding.severity} {policy.id} failed: {policy.title}", f"{finding.address} · {spot(finding.telling)}")
        told = (*head, *details(finding, pages.get(policy.id)))
        return _Case(classname, name, "failure", finding.severity, f"{finding.severity}: {sentence(finding.says)}", told)
    if finding.skipped is not None:
        why = f"Skipped by a comment, without owner or end date: {why_skipped(finding)}"
        return _skipped(classname, name, "skipped", why)
    if finding.in_baseline:
        return _skipped(classname, name, "baseline", f"In the baseline: {sentence(finding.says)}")
    if finding.outcome == "justified":
        return _skipped(classname, name, "justified", f"Justified: {justification(finding)}")
    if finding.outcome == "undecided":
        named = would_decide(finding)
        decides = f" Would decide it: {', '.join(named)}" if named else ""
        return _skipped(classname, name, "undecided", f"Undecided: {sentence(finding.says)}{decides}")
    return _Case(classname, name)


def _skipped(classname: str, name: str, type_: str, why: str) -> _Case:
    return _Case(classname, name, "skipped", type_, why, (why,))


def _said(record: RunV1) -> Iterator[str]:
    """What belongs to no case."""
    yield verdict_line(record)
    for one in record.unread:
        yield f"Seen, not read: {one.says}"
    for note in record.notes:
        yield f"Note: {note_line(note)}"
    for what, file in files_that_counted(record):
        yield f"{what}: {file}"
    yield count_line(record.counts)


def _counted(cases: list[_Case], *, with_skipped: bool) -> str:
    """The counts as attributes. The schema knows `skipped` on a suite, and not on all of them together."""
    of = Counter(case.result for case in cases)
    skipped = f' skipped="{of["skipped"]}"' if with_skipped else ""
    return f'tests="{len(cases)}" failures="{of["failure"]}" errors="{of["error"]}"{skipped}'


def _written(case: _Case, occurrence: int) -> str:
    name = case.name if occurrence == 1 else f"{case.name} ({occurrence})"
    head = f'    <testcase classname="{xml_text(case.classname)}" name="{xml_text(name)}"'
    if case.result is None:
        return f"{head}/>\n"
    opens = f'<{case.result} type="{xml_text(case.type)}" message="{xml_text(case.message)}">'
    return f"{head}>\n      {opens}{_lines(case.text)}</{case.result}>\n    </testcase>\n"


def _lines(lines: Iterable[str]) -> str:
    """Each line escaped for itself: a line break that came from elsewhere is written out, and so makes none."""
    return "\n".join(xml_text(line) for line in lines)
