"""A baseline: the findings that were there when somebody began. What it covers, what of it is gone, what is left of it. Pure.

An estate that has grown for years cannot begin with a gate that is shut. Its findings of today go into a file; from then on the gate asks
about what is new. `baseline_file.py` reads and writes that file. Decisions:
- An entry is known by its finding's fingerprint, so moved lines change nothing. A renamed function is another one: its findings are new.
- Only what failed goes in. What is justified, skipped or undecided closes no gate; a trouble is never waited for.
- What is graded higher now than in its entry is not covered: somebody agreed to live with LOW, not with HIGH. What is graded lower is
  covered, and its entry is lowered when the file is written again.
- What is covered does not fail, and is told as what it is.
- An entry is gone only where the run looked at what it speaks of. What lies in another root, is asked by another policy, may be made by a
  module that is not here, is undecided today or was not planned (`-target`) may come back. Nothing is gone where there is trouble, nor
  where it speaks of no root that was looked at: it was written from elsewhere, and writing what is left of it would leave nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from serverful.finding import Finding, Note, Run, fingerprint_of
from serverful.natural import natural
from serverful.policy import Severity
from serverful.verdict import Outcome
from serverful.wording import counted, shortened

_NAMED = 5  # entries in one sentence before "and 18 more"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as it was: `severity` is its grade then, `line` where the entry stands in the file (0 where it stands in none)."""

    policy: str
    root: str
    address: str
    argument: str
    severity: Severity
    line: int = field(default=0, compare=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.policy, self.root, self.address, self.argument)

    def __str__(self) -> str:
        return f"{self.policy} at {self.address}" + ("" if self.root == "." else f" in {self.root}")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of one file, which reports call `file`."""

    entries: tuple[Entry, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run looked at, so that what it does not see can be told from what is not there.

    `policies` are the ids that were asked, among those that are `known`. `roots` were read to their end; `folders` were scanned with all
    below them. `not_here` are, by root, the addresses of modules that are not here. `untold` are findings that --skip-path leaves out.
    """

    policies: frozenset[str]
    known: frozenset[str]
    roots: frozenset[str]
    folders: tuple[str, ...]
    not_here: Mapping[str, Sequence[str]]
    untold: Sequence[Finding]
    has_trouble: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A run's findings beside a baseline: each marked where it is covered; the entries that are `gone`; and those that are `left`.

    `worse` are the findings that outgrew their entry.
    """

    findings: list[Finding]
    left: Baseline
    gone: tuple[Entry, ...]
    worse: tuple[tuple[Entry, Finding], ...]
    strange: bool  # no root was looked at of which it speaks


def entries_of(findings: Sequence[Finding]) -> tuple[Entry, ...]:
    """What a baseline of these findings holds, in the order in which it is written."""
    failed = (finding for finding in findings if finding.is_failed)
    return ordered([Entry(f.policy.id, f.place.root, f.address, f.verdict.argument, f.severity) for f in failed])


def ordered(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """By root, address and policy, as a run tells them: what belongs together stands together, and a diff is short."""
    key = cache(natural)  # few roots, few policies
    return tuple(sorted(entries, key=lambda entry: (key(entry.root), natural(entry.address), key(entry.policy), entry.argument)))


def begun(run: Run) -> Run:
    """The run as it is told once all that fails in it stands in a baseline."""
    return replace(run, findings=[replace(finding, in_baseline=True) if finding.is_failed else finding for finding in run.findings])


def compare(findings: Sequence[Finding], baseline: Baseline, looked: Looked) -> Compared:
    """What the baseline covers of these findings, and what is left of it."""
    known = {entry.fingerprint: entry for entry in baseline.entries}
    marked: list[Finding] = []
    worse: list[tuple[Entry, Finding]] = []
    for finding in findings:
        entry = known.get(finding.fingerprint) if finding.is_failed else None
        if entry is not None and finding.severity > entry.severity:
            worse.append((entry, finding))
        elif entry is not None:
            finding = replace(finding, in_baseline=True)
        marked.append(finding)
    everything = (*findings, *looked.untold)
    failing = {finding.fingerprint: finding.severity for finding in everything if finding.is_failed}
    is_open = {(f.policy.id, f.place.root, f.address) for f in everything if f.verdict.outcome is Outcome.UNDECIDED}
    # A baseline that was written elsewhere, where roots have other names, is not gone as a whole.
    strange = bool(known) and not looked.has_trouble and not any(entry.root in looked.roots for entry in known.values())
    left, gone = [], []
    for fingerprint, entry in known.items():
        if fingerprint in failing:
            left.append(replace(entry, severity=min(entry.severity, failing[fingerprint])))
        elif not strange and (entry.policy, entry.root, entry.address) not in is_open and _was_looked_at(entry, looked):
            gone.append(entry)
        else:
            left.append(entry)
    return Compared(marked, Baseline(ordered(left), baseline.file), tuple(gone), tuple(worse), strange)


def _was_looked_at(entry: Entry, looked: Looked) -> bool:
    """Whether the finding of an entry would have been seen, were it still there."""
    if looked.has_trouble:
        return False
    if entry.policy not in looked.policies:
        return entry.policy not in looked.known  # nobody asks that any more
    if entry.root in looked.roots:
        return not any(entry.address.startswith((f"{call}.", f"{call}[")) for call in looked.not_here.get(entry.root, ()))
    # A root that is not there any more. A plan is a root only where it is given, and a piped one has no path.
    is_plan = entry.root.endswith(".json") or entry.root.startswith("<")
    return not is_plan and any(folder == "." or entry.root == folder or entry.root.startswith(f"{folder}/") for folder in looked.folders)


def notes_of_baseline(compared: Compared, looked: Looked) -> Iterator[Note]:
    """What is worth knowing about a baseline: entries that are gone, findings that outgrew theirs, one that is about something else."""
    file = compared.left.file
    if compared.gone:
        number = len(compared.gone)
        says = f"{counted(number, 'entry matches', 'entries match')} no finding any more: {shortened(_names(compared.gone), _NAMED)}."
        yield Note(f"{says} --write-baseline beside --baseline takes {'it' if number == 1 else 'them'} out.", file, compared.gone[0].line)
    if compared.worse:
        number = len(compared.worse)
        grades = [f"{entry} ({entry.severity.name} then, {finding.severity.name} now)" for entry, finding in compared.worse]
        lead = counted(
            number, "finding is graded higher than its entry, which does", "findings are graded higher than their entries, which do"
        )
        yield Note(f"{lead} not cover {'it' if number == 1 else 'them'}: {shortened(grades, _NAMED)}.", file, compared.worse[0][0].line)
    if compared.strange:
        spoken = list(dict.fromkeys(entry.root for entry in compared.left.entries))
        seen = shortened(sorted(looked.roots, key=natural), _NAMED)
        says = f"speaks of no root that was looked at: it has entries for {shortened(spoken, _NAMED)}, and looked at was {seen}."
        yield Note(
            f"{says} Roots are named from the git top level, outside of git from the scanned path: scan as when it was written.", file
        )


def _names(entries: Sequence[Entry]) -> list[str]:
    return [str(entry) for entry in entries]
