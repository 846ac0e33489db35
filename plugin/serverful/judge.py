"""Policies x estates -> findings. A policy that raises becomes named trouble, and everything else is judged.

Decisions:
- What is not ours leaves no finding, also where a `checkov:skip` names the policy: there was nothing to skip.
- A recorded reason turns *failed* into *justified*, and *undecided* where the feature is certainly there (`Verdict.answerable`). It is
  not asked where the Terraform itself has already answered. It may stand at the subject, or where the verdict says that it counts as well.
- A thing of which only somebody outside knows whether it exists (`count = var.create`) is judged as if it did, and a failure says so. In a
  reusable child, and where the evaluation of the root failed, that failure is undecided: the full reading may find that it does not exist.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from serverful.collecting import seldom_collecting
from serverful.estate.estate import Estate
from serverful.estate.model import Thing
from serverful.estate.value import Unknown
from serverful.evidence.reasons import answering, reasons_of
from serverful.evidence.skips import skip_of
from serverful.evidence.stated import acquainted
from serverful.finding import Finding, Trouble
from serverful.natural import NaturalKey, natural
from serverful.policy import Policy
from serverful.progress import Watcher, nobody, watched
from serverful.verdict import Kind, Outcome, Verdict, undecided

log = logging.getLogger(__name__)


@seldom_collecting()
def judge(estates: Iterable[Estate], policies: Sequence[Policy], watcher: Watcher = nobody) -> tuple[list[Finding], list[Trouble]]:
    """Every policy's answer about every thing it asks about, ordered by root, address and policy id; and what could not be judged."""
    findings: list[Finding] = []
    troubles: list[tuple[tuple[NaturalKey, ...], Trouble]] = []
    questions = [(estate, policy) for estate in acquainted(list(estates)) for policy in policies]
    for estate, policy in watched(questions, "Judging", watcher):
        subjects: Iterator[Thing] = chain.from_iterable(estate.all(kind) for kind in policy.subjects)
        for subject in subjects:
            try:
                finding = _finding(policy, subject, estate)
            except Exception as error:
                # Broad on purpose, as at the other doors of the house (ARCHITECTURE.md, "Broken is never green"): a policy is
                # anybody's code, and what it raises must neither stop the others nor be lost.
                log.exception("%s could not judge %s", policy.id, subject.place)
                troubles.append((_order(subject, policy), _trouble(policy, subject, error)))
                continue
            if finding is not None:
                findings.append(finding)
    key = cache(natural)  # few roots, few policies, and every address once for each policy
    findings.sort(key=lambda finding: (key(finding.place.root), key(finding.address), key(finding.policy.id)))
    troubles.sort(key=lambda entry: entry[0])
    return findings, [trouble for _, trouble in troubles]


def _finding(policy: Policy, subject: Thing, estate: Estate) -> Finding | None:
    verdict = policy(subject, estate)
    if not isinstance(verdict, Verdict):
        raise TypeError(f"a policy returns a Verdict, not {verdict!r}")
    if verdict.outcome is Outcome.NOT_OURS:
        return None
    verdict = _if_all_was_read(policy, subject, estate, verdict)
    verdict = _answered_by_a_person(policy, subject, estate, verdict)
    verdict = _if_all_was_heard(subject, estate, verdict)
    verdict = _if_it_exists(subject, estate, verdict)
    # What is right is not asked what it costs.
    is_asked = verdict.outcome in (Outcome.FAILED, Outcome.JUSTIFIED)
    cost = policy.cost(subject, estate) if policy.cost is not None and is_asked else None
    return Finding(policy, subject.address, subject.place, verdict, skip_of(subject, policy.id), subject.calls, cost)


def _if_all_was_read(policy: Policy, subject: Thing, estate: Estate, verdict: Verdict) -> Verdict:
    """Nothing is *unexplained* where a file could not be read: the reason may stand in it. What the rest contradicts stays so."""
    if not estate.unreadable or policy.feature is None or verdict.outcome is not Outcome.FAILED or verdict.kind is not Kind.UNEXPLAINED:
        return verdict
    files = [Unknown(f"what {file} holds", subject.place) for file in estate.unreadable]
    says = f"{verdict.says} But the reason may stand in what could not be read: {', '.join(estate.unreadable)}."
    return undecided(
        says,
        *files,
        path=verdict.path,
        missed=verdict.missed,
        answerable=True,
        recorded_at=verdict.recorded_at,
        feature=verdict.feature,
    )


def _if_all_was_heard(subject: Thing, estate: Estate, verdict: Verdict) -> Verdict:
    """Nothing fails beside a source of which a file could not be read: a comment in it may answer even what is contradicted.

    From source alone that cannot be, for a thing whose file cannot be read is not seen either. A plan knows it all the same.
    """
    if not estate.unheard or verdict.outcome is not Outcome.FAILED:
        return verdict
    says = f"{verdict.says} But a comment that answers it may stand in what could not be read: {', '.join(estate.unheard)}."
    files = [Unknown(f"what {file} says", subject.place) for file in estate.unheard]
    return undecided(says, *files, path=verdict.path, missed=verdict.missed)


def _answered_by_a_person(policy: Policy, subject: Thing, estate: Estate, verdict: Verdict) -> Verdict:
    is_open = verdict.outcome is Outcome.FAILED or (verdict.outcome is Outcome.UNDECIDED and verdict.answerable)
    things = (subject, *verdict.recorded_at) if is_open else ()
    told = (answering(reasons_of(thing, estate), policy, verdict.kind, verdict.feature or None) for thing in things)
    reason = next((reason for reason in told if reason is not None), None)
    return verdict.justified_by(reason) if reason else verdict


def _if_it_exists(subject: Thing, estate: Estate, verdict: Verdict) -> Verdict:
    exists = subject.exists
    if verdict.outcome is not Outcome.FAILED or not isinstance(exists, Unknown):
        return verdict
    says = f"{verdict.says.rstrip('.')} (if it exists: {exists.expression} decides that)."
    if estate.is_child or not estate.evaluated:
        return undecided(says, exists, path=verdict.path, missed=verdict.missed)
    return replace(verdict, says=says)


def _order(subject: Thing, policy: Policy) -> tuple[NaturalKey, ...]:
    return natural(subject.place.root), natural(subject.address), natural(policy.id)


def _trouble(policy: Policy, subject: Thing, error: Exception) -> Trouble:
    return Trouble(
        root=subject.place.root,
        what=f"{policy.id} could not judge {subject.address}: {type(error).__name__}: {error}.",
        means="Whether it holds there is not known; every other policy was asked.",
        mend=f"This is a bug in {policy.slug}: please report it with this block. Until then `--skip-check {policy.id}` leaves it out.",
        file=subject.place.file,
        line=subject.place.line,
        policy=policy.id,
        address=subject.place.address,
    )
