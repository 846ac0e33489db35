"""Makes the public record of a Run. Judges nothing, chooses nothing: what is in the Run is in the record.

Only for the hashes of lines are files read: those that the places name, below the base of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from serverful.collecting import seldom_collecting
from serverful.estate.place import Place
from serverful.estate.value import Basis, Unknown
from serverful.evidence.costs.cost import Cost
from serverful.evidence.costs.prices import price_list
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Finding, Run, Trouble
from serverful.gate import Decision, decide
from serverful.policy import Policy, Severity
from serverful.record import v1
from serverful.record.counted import counts_of
from serverful.record.hashed_lines import HashedLines
from serverful.stack.cell import Cell, Layer, Stack, Standing
from serverful.verdict import Kind, Outcome, Verdict

_OUTCOMES: dict[Outcome, v1.OutcomeV1] = {
    Outcome.FAILED: "failed",
    Outcome.JUSTIFIED: "justified",
    Outcome.UNDECIDED: "undecided",
    Outcome.PASSED: "passed",
}
_SEVERITIES: dict[Severity, v1.SeverityV1] = {
    Severity.INFO: "INFO",
    Severity.LOW: "LOW",
    Severity.MEDIUM: "MEDIUM",
    Severity.HIGH: "HIGH",
}
_KINDS: dict[Kind | None, v1.KindV1 | None] = {None: None, Kind.UNEXPLAINED: "unexplained", Kind.CONTRADICTED: "contradicted"}
_BASES: dict[Basis, v1.BasisV1] = {Basis.STATED: "stated", Basis.DEFAULTED: "defaulted", Basis.DERIVED: "derived"}

_LAYERS: dict[Layer, v1.LayerV1] = {
    Layer.NETWORKING: "networking",
    Layer.FIXED_IP: "fixed IP",
    Layer.COMPUTE: "compute",
    Layer.ENVIRONMENT: "execution environment",
    Layer.RUNTIME: "runtime",
    Layer.STORAGE: "storage",
    Layer.IDENTITY: "identity",
}
_STANDINGS: dict[Standing, v1.StandingV1] = {
    Standing.AWS: "aws",
    Standing.EVIDENCE: "evidence",
    Standing.JUSTIFIED: "justified",
    Standing.UNEXPLAINED: "unexplained",
    Standing.UNDECIDED: "undecided",
}


@seldom_collecting()
def record_of(
    run: Run,
    *,
    fail_on: Severity | None,
    today: date,
    tool_version: str,
    door: Literal["scan", "checkov"] = "scan",
) -> v1.RunV1:
    """A Run in, its record out, with one part and with what the gate decides at that level."""
    making = _Making(HashedLines(run.base_folder))
    findings = [making.finding(finding) for finding in run.findings]
    part = v1.PartV1(
        door=door,
        kind=run.kind,
        scanned=list(run.scanned),
        today=today.isoformat(),
        settings=run.settings.file or None,
        baseline=run.baseline.file if run.baseline else None,
        roots=list(run.roots),
        serverful=tool_version,
        policies=[policy.id for policy in run.asked],
        base=run.base,
        paths=run.paths,
    )
    decision = decide(run, fail_on)
    troubles = [_trouble(trouble) for trouble in run.troubles]
    return v1.RunV1(
        version=v1.VERSION,
        serverful=tool_version,
        today=today.isoformat(),
        decision=decision_of(decision, fail_on),
        counts=counts_of(findings, policies=run.policies, functions=run.functions, roots=len(run.roots), troubles=len(troubles)),
        parts=[part],
        roots=list(run.roots),
        policies=[_policy(policy, run.settings.pages_url) for policy in run.asked],
        functions=[making.function(stack) for stack in run.stacks],
        findings=findings,
        troubles=troubles,
        unread=[v1.UnreadV1(said, 0) for said in run.unread],
        notes=[v1.NoteV1(note.file, note.line, note.says, 0) for note in run.notes],
    )


def finding_of(finding: Finding) -> v1.FindingV1:
    """One finding as the record has it."""
    return _Making(HashedLines(None)).finding(finding)


def decision_of(decision: Decision, fail_on: Severity | None) -> v1.DecisionV1:
    """What the gate decided, and at which level."""
    return v1.DecisionV1(decision.exit_code, decision.because, _SEVERITIES[fail_on] if fail_on is not None else "never")


def page_of(policy: Policy, pages_url: str) -> str:
    """Where the page of a policy is hosted. Pages keep the path that they have in `policies/`: group folder, one name."""
    folder = policy.file.replace("\\", "/").split("/")[-2]
    return f"{pages_url.rstrip('/')}/{folder}/{policy.slug}.md"


@dataclass
class _Making:
    """One record in the making: places, policies and evidence that many findings share are made once."""

    _lines: HashedLines
    _places: dict[Place, v1.PlaceV1] = field(default_factory=dict)
    _asked: dict[str, v1.AskedV1] = field(default_factory=dict)
    _cells: dict[Cell, v1.CellV1] = field(default_factory=dict)
    _evidence: dict[int, tuple[Evidence, v1.EvidenceV1]] = field(default_factory=dict)  # by identity: to compare them costs more

    def finding(self, finding: Finding) -> v1.FindingV1:
        policy, verdict, reason = finding.policy, finding.verdict, finding.verdict.reason
        telling = _telling(finding)
        is_tracked = verdict.outcome in (Outcome.FAILED, Outcome.JUSTIFIED)
        asked = self._asked.get(policy.id)
        if asked is None:
            asked = self._asked[policy.id] = v1.AskedV1(policy.id, policy.slug, policy.title, policy.principle.value)
        return v1.FindingV1(
            fingerprint=finding.fingerprint,
            policy=asked,
            outcome=_OUTCOMES[verdict.outcome],
            severity=_SEVERITIES[finding.severity],
            kind=_KINDS[verdict.kind],
            address=finding.address,
            place=self.place(finding.place),
            telling=self.place(telling),
            argument=verdict.argument,
            says=verdict.says,
            path=[self.evidence(evidence) for evidence in verdict.path],
            missed=list(verdict.missed),
            unknown=[self._unknown(unknown) for unknown in verdict.unknown],
            recommendation=verdict.instead or policy.recommendation,
            answered_by=_answered_by(policy, verdict),
            reason=self._reason(reason) if reason else None,
            skipped=finding.skipped,
            in_baseline=finding.in_baseline,
            calls=[self.place(place) for place in finding.calls],
            cost=_cost(finding.cost) if finding.cost else None,
            line_hash=self._lines.of(telling) if is_tracked else None,
        )

    def function(self, stack: Stack) -> v1.FunctionV1:
        return v1.FunctionV1(stack.address, self.place(stack.place), [self._cell(cell) for cell in stack.cells])

    def _cell(self, cell: Cell) -> v1.CellV1:
        made = self._cells.get(cell)
        if made is None:
            until = cell.until.isoformat() if cell.until else None
            made = self._cells[cell] = v1.CellV1(
                _LAYERS[cell.layer], _STANDINGS[cell.standing], cell.says, until, cell.owner or None, list(cell.policies), list(cell.beside)
            )
        return made

    def place(self, place: Place) -> v1.PlaceV1:
        made = self._places.get(place)
        if made is None:
            made = self._places[place] = v1.PlaceV1(place.root, place.address, place.file, place.line, place.end_line)
        return made

    def evidence(self, evidence: Evidence) -> v1.EvidenceV1:
        known = self._evidence.get(id(evidence))
        if known is not None:
            return known[1]
        grade, as_of = evidence.grade, evidence.as_of
        made = v1.EvidenceV1(
            evidence.says,
            self.place(evidence.place),
            _BASES[evidence.basis],
            grade.name if grade else None,
            as_of.isoformat() if as_of else None,
        )
        self._evidence[id(evidence)] = (evidence, made)  # kept, so that nobody else gets its identity
        return made

    def _reason(self, reason: RecordedReason) -> v1.ReasonV1:
        return v1.ReasonV1(
            key=reason.key,
            category=reason.category,
            until=reason.until.isoformat(),
            owner=reason.owner,
            text=reason.text,
            source=reason.source,
            place=self.place(reason.place),
        )

    def _unknown(self, unknown: Unknown) -> v1.UnknownV1:
        return v1.UnknownV1(unknown.expression, self.place(unknown.place))


def _telling(finding: Finding) -> Place:
    """The narrowest spot inside the subject's own block that its evidence cites (`vpc_config`, `runtime`); else the block.

    Of spots as narrow as each other, the first. A place in a plan has no line, so there it is the block's.
    """
    block = finding.place
    inside = [
        evidence.place
        for evidence in finding.verdict.path
        if evidence.place.file == block.file and block.line < evidence.place.line and evidence.place.end_line <= block.end_line
    ]
    return min(inside, key=lambda place: place.end_line - place.line, default=block) if block.has_line else block


def _answered_by(policy: Policy, verdict: Verdict) -> str | None:
    if verdict.outcome is not Outcome.FAILED:
        return None
    if verdict.kind is Kind.CONTRADICTED:
        return policy.id
    if policy.feature is None:
        # A question about recorded reasons themselves: where something is better, that has named the reason that answers it.
        return None if verdict.instead else policy.id
    return verdict.feature or policy.feature


def _policy(policy: Policy, pages_url: str | None) -> v1.PolicyV1:
    return v1.PolicyV1(
        id=policy.id,
        slug=policy.slug,
        title=policy.title,
        principle=policy.principle.value,
        severity=_SEVERITIES[policy.severity],
        feature=policy.feature,
        recommendation=policy.recommendation,
        why=policy.docstring,
        page=page_of(policy, pages_url) if pages_url else None,
    )


def _cost(cost: Cost) -> v1.CostV1:
    return v1.CostV1(
        says=str(cost),
        usd_a_month_at_least=str(cost.usd_a_month),
        region=price_list().region,
        as_of=cost.as_of.isoformat(),
        sharing=cost.sharing,
        charges=[
            v1.ChargeV1(c.address, c.item, c.arithmetic, str(c.usd), c.price.as_of.isoformat(), c.price.source.strip())
            for c in cost.charges
        ],
        by_use=[v1.ByUseV1(u.address, u.unit, str(u.price.usd), u.price.as_of.isoformat(), u.price.source.strip()) for u in cost.by_use],
    )


def _trouble(trouble: Trouble) -> v1.TroubleV1:
    return v1.TroubleV1(
        root=trouble.root,
        file=trouble.file or None,
        line=trouble.line,
        what=trouble.what,
        means=trouble.means,
        mend=trouble.mend,
        policy=trouble.policy or None,
        address=trouble.address or None,
        part=0,
    )
