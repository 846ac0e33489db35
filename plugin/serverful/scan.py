"""The second door: folders and plans in, a Run out, without Checkov. Reads, chooses policies, judges; prints and decides nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from serverful.errors import UsageError
from serverful.explain import RUN_ID
from serverful.finding import ReadKind, Run
from serverful.policy import Policy, Severity
from serverful.progress import Watcher, nobody
from serverful.settings_file import Named

if TYPE_CHECKING:
    from serverful.baseline import Baseline

# Checkov's other words for a severity (checkov/common/bridgecrew/severities.py, 3.3.30), so that one list serves both doors.
_SEVERITIES = {severity.name: int(severity) for severity in Severity} | {
    "NONE": -999,
    "MODERATE": 3,
    "IMPORTANT": 4,
    "CRITICAL": 5,
    "OFF": 999,
}


def scan(
    paths: Sequence[Path],
    *,
    today: date,
    check: Sequence[str] = (),
    skip_check: Sequence[str] = (),
    skip_path: Sequence[str] = (),
    var_files: Sequence[str] = (),
    config: Named | None = None,
    source: Path | Named | None = None,
    piped: BinaryIO | None = None,
    watcher: Watcher = nobody,
    baseline: Baseline | None = None,
) -> Run:
    """Everything our policies say about the Terraform under `paths`; a file whose name ends in .json is read as a plan.

    `check` and `skip_check` hold ids, globs and severities; `skip_path` regular expressions; `var_files` paths of .tfvars files;
    `source` is the folder that the plans were made from: those among `paths`, and `piped`, a stream that holds one. Named by the
    environment, it counts where there is a plan.
    `watcher` is told how far it has come. `config` is the settings file that somebody named, else it is looked for (`settings_file.py`).
    `baseline` holds the findings that were there when somebody began: they are marked, and its file's name is told as that of other
    files.
    Raises UsageError for a choice that leaves nothing to ask, SettingsError for settings that cannot be used, CatalogueError when the
    policies are not complete, ReadingUnavailable when what reads Terraform is not installed. What goes wrong with one root or one policy
    is a Trouble in the Run.
    """
    # Imported here: `serverful --help` and `--version` need none of it.
    from serverful import catalogue
    from serverful.baseline import Looked, compare, notes_of_baseline
    from serverful.estate.read.root import relative
    from serverful.given import nothing_to_read, read_given
    from serverful.judge import judge
    from serverful.run_of import run_of, troubles_of
    from serverful.settings_file import shown

    known = catalogue.load()
    policies = choose(known, check, skip_check)
    skipped = [pattern for text in skip_path for pattern in skip_patterns(text)]
    given = read_given(paths, today=today, skip=skipped, var_files=var_files, config=config, source=source, piped=piped, watcher=watcher)
    reading, estates, base = given.reading, given.estates, given.reading.base
    findings, judging_troubles = judge(estates, policies, watcher)
    # A single file that is skipped is still read, because evidence for others may stand in it; nothing is said about it.
    untold = [finding for finding in findings if _is_skipped(finding.place.file, skipped)]
    findings = [finding for finding in findings if not _is_skipped(finding.place.file, skipped)]
    troubles = [trouble for trouble in (*troubles_of(reading), *judging_troubles) if not _is_skipped(trouble.file, skipped)]
    if not reading.roots and not troubles:
        troubles.append(nothing_to_read(paths, "Nothing was judged, and nothing judged is not green.", "; check --skip-path"))
    left, notes = None, []
    if baseline is not None:
        looked = Looked(
            policies=frozenset(policy.id for policy in policies),
            known=frozenset(policy.id for policy in known),
            roots=frozenset(estate.root for estate in estates if not estate.unreadable),
            folders=() if skipped else tuple(relative(folder.resolve(), base) for folder in given.folders if folder.is_dir()),
            not_here={estate.root: [call.address for call in estate.unread_modules] for estate in estates},
            untold=untold,
            has_trouble=bool(troubles),
        )
        compared = compare(findings, replace(baseline, file=shown(Path(baseline.file), base)), looked)
        findings, left, notes = compared.findings, compared.left, list(notes_of_baseline(compared, looked))
    run = run_of(
        reading,
        findings,
        troubles,
        policies,
        scanned=paths,
        kind=_kind(has_source=bool(given.folders), has_plan=given.has_plans),
        untold=untold,
        is_told=lambda file: not _is_skipped(file, skipped),
        plans=given.plans,
        has_source=given.has_source,
        is_piped=piped is not None,
        left_out=skip_path,
    )
    return replace(run, notes=[*run.notes, *notes], baseline=left)


def _kind(*, has_source: bool, has_plan: bool) -> ReadKind:
    return "source and plan" if has_source and has_plan else "plan" if has_plan else "source"


def choose(policies: Sequence[Policy], check: Sequence[str], skip_check: Sequence[str]) -> list[Policy]:
    """The policies to ask, by Checkov's rules: an id or glob of `check`, or at least its lowest severity; then less `skip_check`.

    A policy counts with the highest severity it may give, as in Checkov, which filters before it runs. Raises UsageError when a `check`
    matches nothing or nothing is left: a mistyped filter would otherwise be a gate left open. A `skip_check` that matches nothing is
    left alone: the same list may serve Checkov, with ids of its own checks.
    """
    patterns, floor = _split(check)
    skipped_patterns, ceiling = _split(skip_check)
    for pattern in patterns:
        if not any(fnmatchcase(policy.id, pattern) for policy in policies):
            raise UsageError(_no_such_policy(pattern, [policy.id for policy in policies]))
    chosen = []
    for policy in policies:
        wanted = not check or any(fnmatchcase(policy.id, p) for p in patterns) or (floor is not None and policy.severity >= min(floor))
        unwanted = any(fnmatchcase(policy.id, p) for p in skipped_patterns) or (ceiling is not None and policy.severity <= max(ceiling))
        if wanted and not unwanted:
            chosen.append(policy)
    if not chosen:
        raise UsageError("--check and --skip-check leave no policy to ask. `serverful policies` lists what there is.")
    return chosen


def skip_patterns(text: str) -> list[str]:
    """What Checkov searches paths for, given `--skip-path TEXT` (filter_ignored_paths in checkov/common/runners/base_runner.py, 3.3.30).

    The text itself always counts; it counts as a regular expression too, unless it is none or begins with a single dot (`./modules`,
    `.github`), which is taken for a path.
    """
    literal = re.escape(text)
    if re.match(r"\.[^.]", text):
        return [literal]
    try:
        re.compile(text)
    except re.error:
        return [literal]
    return [text, literal]


def _is_skipped(file: str, patterns: Sequence[str]) -> bool:
    return bool(file) and any(re.search(pattern, file) for pattern in patterns)


def _split(words: Sequence[str]) -> tuple[list[str], list[int] | None]:
    """Ids and globs on one side, levels of severities on the other (None when there are none)."""
    levels = [_SEVERITIES[word.upper()] for word in words if word.upper() in _SEVERITIES]
    return [word for word in words if word.upper() not in _SEVERITIES], levels or None


def _no_such_policy(pattern: str, ids: Sequence[str]) -> str:
    if pattern == RUN_ID:
        return f"{RUN_ID} is the record of trouble; it is always on and cannot be chosen. `serverful policies` lists what can be."
    near = difflib.get_close_matches(pattern, ids, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"--check {pattern}: no policy has such an id, and it is no severity.{hint} `serverful policies` lists what there is."
