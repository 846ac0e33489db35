"""What findings answer when the picture asks them why a layer is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from serverful.estate.model import Thing
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Finding
from serverful.policy import Severity
from serverful.stack.cell import Cell, Layer, Standing
from serverful.verdict import Outcome, Verdict
from serverful.wording import joined, shortened

_STANDINGS = {
    Outcome.PASSED: Standing.EVIDENCE,
    Outcome.JUSTIFIED: Standing.JUSTIFIED,
    Outcome.UNDECIDED: Standing.UNDECIDED,
    Outcome.FAILED: Standing.UNEXPLAINED,
}
_SHOWN = 3
_NOTHING: Mapping[str, Finding] = {}
_WORST_FIRST = (Standing.UNEXPLAINED, Standing.UNDECIDED, Standing.JUSTIFIED, Standing.EVIDENCE, Standing.AWS)


@dataclass(frozen=True, slots=True)
class Answer:
    """Why one feature of a function is there, or that nothing tells. `policies` answered; `reason` is the recorded one."""

    standing: Standing
    says: str
    policies: tuple[str, ...] = ()
    reason: RecordedReason | None = None


class Answers:
    """The findings of a run, by policy and subject, and which policies were asked.

    One per run: the findings of its roots are told apart by the place of their subject.
    """

    def __init__(self, findings: Iterable[Finding], asked: Collection[str]) -> None:
        self._asked = frozenset(asked)
        self._findings: dict[tuple[str, str], dict[str, Finding]] = {}
        for finding in findings:
            self._findings.setdefault((finding.place.root, finding.address), {})[finding.policy.id] = finding

    def was_asked(self, policy: str) -> bool:
        return policy in self._asked

    def about(self, thing: Thing) -> Mapping[str, Finding]:
        """Everything that was found at a thing, by policy."""
        return self._findings.get((thing.place.root, thing.address), _NOTHING)

    def of(self, policy: str, thing: Thing) -> Finding | None:
        """What a policy has found at a thing; None where it is not ours, was not asked or could not be judged."""
        return self.about(thing).get(policy)

    def why(self, thing: Thing, carrying: Sequence[str], besides: Sequence[str] = ()) -> tuple[Answer, ...]:
        """The answers about one feature at the thing that is asked about it; empty where no policy has anything to say.

        `carrying` are the policies that carry the question: the first that has answered counts, whatever it says. The others of them and
        those `besides` count where they make it worse: they failed, above INFO, or only a recorded reason has answered their failure.
        """
        about = self.about(thing)
        if not about:
            return ()
        found = [about[policy] for policy in carrying if policy in about]
        more = [about[policy] for policy in besides if policy in about]
        return tuple(answer_of(finding) for finding in (*found[:1], *(one for one in (*found[1:], *more) if _makes_worse(one))))

    def questions(self, things: Iterable[Thing], policies: Sequence[str]) -> tuple[str, ...]:
        """Those of the policies that failed at one of the things, in their order."""
        about = [self.about(thing) for thing in things]
        return tuple(policy for policy in policies if any(policy in found and has_failed(found[policy]) for found in about))

    def silence(self, says: str, policies: Sequence[str]) -> Answer:
        """The answer where a layer is certainly taken (`says` by what) and no finding tells why."""
        left_out = [policy for policy in policies if policy not in self._asked]
        if left_out:
            return Answer(Standing.UNDECIDED, f"It {says}, and {joined(left_out)} {'was' if len(left_out) == 1 else 'were'} not asked why.")
        return Answer(Standing.UNDECIDED, f"It {says}, and {joined(list(policies))} could not tell why.")


def answer_of(finding: Finding) -> Answer:
    """A finding as an answer. A comment that skips it has no owner and no end, so it explains nothing: the verdict below it counts."""
    verdict = finding.verdict
    standing = _STANDINGS[verdict.outcome]
    says = _what_decides(verdict) if standing is Standing.UNDECIDED else _first_sentence(verdict.says)
    if verdict.reason is not None:
        says = f"{verdict.reason}"
    elif finding.skipped is not None and standing is not Standing.EVIDENCE:
        says = f"{says} A comment skips {finding.policy.id}, which says neither who answers for that nor until when."
    return Answer(standing, says, (finding.policy.id,), verdict.reason)


def _first_sentence(text: str) -> str:
    """What a verdict says before it goes into detail; the whole of it is in the finding."""
    sentence, end, _ = text.partition(". ")
    return f"{sentence}." if end else text


def _what_decides(verdict: Verdict) -> str:
    """All that it says, since what would decide it is often said last, and the names of that where it says none."""
    names = list(dict.fromkeys(part.expression for part in verdict.unknown))
    if not names or any(name in verdict.says for name in names):
        return verdict.says
    return f"{verdict.says.rstrip('.')}: {shortened(names, _SHOWN)}."


def has_failed(finding: Finding) -> bool:
    """Whether it failed, also where a comment skips it."""
    return finding.verdict.outcome is Outcome.FAILED


def _makes_worse(finding: Finding) -> bool:
    """A question (INFO) makes nothing worse, and neither does what is open beside an answer; a reason does that answers a failure."""
    is_failure = has_failed(finding) or (finding.verdict.outcome is Outcome.JUSTIFIED and finding.verdict.kind is not None)
    return is_failure and finding.severity > Severity.INFO


def cell_of(layer: Layer, answers: Sequence[Answer], without: str, beside: Sequence[str] = ()) -> Cell:
    """A layer stands as the worst of its answers, and the first of those says why; of reasons it is the one that ends first.

    Without any answer the layer is AWS's, and `without` says what is not there.
    """
    if not answers:
        return Cell(layer, Standing.AWS, without)
    standing = min((answer.standing for answer in answers), key=_WORST_FIRST.index)
    deciding = [answer for answer in answers if answer.standing is standing]
    first = min((answer.reason for answer in deciding if answer.reason is not None), key=lambda reason: reason.until, default=None)
    says = next(answer.says for answer in deciding if answer.reason is first)
    policies = tuple(dict.fromkeys(policy for answer in deciding for policy in answer.policies))
    return Cell(
        layer=layer,
        standing=standing,
        says=says,
        policies=policies,
        beside=tuple(policy for policy in dict.fromkeys(beside) if policy not in policies),
        until=first.until if first is not None else None,
        owner=first.owner if first is not None else "",
    )
