"""A Run with every outcome in it, made by hand, for tests of what is done with a Run: reports and the gate. And the answers of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from estates_by_hand import place, unknown
from serverful.estate.estate import Estate
from serverful.estate.model import Function
from serverful.estate.settings import Settings
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import RecordedReason
from serverful.finding import Finding, Note, Run, Trouble
from serverful.policy import Principle, Severity, policy
from serverful.record.made import finding_of, record_of
from serverful.record.v1 import RunV1
from serverful.report.console import to_console
from serverful.report.details import details
from serverful.report.formats import Look
from serverful.report.json_v1 import to_json
from serverful.stack.cell import Cell, Layer, Stack, Standing
from serverful.verdict import Kind, Outcome, Verdict, failed, passed, undecided

TODAY = date(2026, 1, 15)


def recorded(run: Run, fail_on: Severity | None = Severity.MEDIUM) -> RunV1:
    """What reports are made of."""
    return record_of(run, fail_on=fail_on, today=TODAY, tool_version="0.1.0")


def as_console(run: Run, fail_on: Severity | None = Severity.MEDIUM, **look: object) -> str:
    return "".join(to_console(recorded(run, fail_on), Look(**look)))  # type: ignore[arg-type]


def as_json(run: Run, fail_on: Severity | None = Severity.MEDIUM) -> str:
    return to_json(recorded(run, fail_on))


def told(finding: Finding, page: str | None = None) -> list[str]:
    """The lines of a finding, as Checkov's details and our console show them."""
    return details(finding_of(finding), page)


def outcomes(run: Run) -> dict[tuple[str, str], Outcome]:
    """The answers of a run, by policy and address."""
    return {(f.policy.id, f.address): f.verdict.outcome for f in run.findings}


def untroubled(run: Run) -> dict[tuple[str, str], Outcome]:
    """The same, of a run in which nothing went wrong."""
    assert run.troubles == []
    return outcomes(run)


@policy(
    id="SLS_VPC_1",
    title="A function in a VPC reaches something private there",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation="leave the VPC.",
    feature="vpc",
)
def asks_for_private_things(function: Function, estate: Estate) -> Verdict:
    """Never called here."""
    raise NotImplementedError


@policy(
    id="SLS_IP_1",
    title="A NAT gateway serves an internet destination",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,
    recommendation="Split the function.",
)
def asks_for_destinations(function: Function, estate: Estate) -> Verdict:
    """Never called here."""
    raise NotImplementedError


@policy(
    id="SLS_ID_3",
    title="A function owns its role",
    principle=Principle.WITH_AGILITY,
    severity=Severity.HIGH,
    recommendation="Give it a role of its own.",
)
def asks_for_identity(function: Function, estate: Estate) -> Verdict:
    """Never called here."""
    raise NotImplementedError


def finding(
    name: str, verdict: Verdict, *, root: str = "shop", line: int = 1, asked: object = asks_for_private_things, skipped: str | None = None
) -> Finding:
    address = f"aws_lambda_function.{name}"
    return Finding(asked, address, place(address, f"{root}/main.tf", line, root=root), verdict, skipped)  # type: ignore[arg-type]


def unexplained(severity: Severity | None = None) -> Verdict:
    seen = Evidence("is attached to a VPC", place("aws_lambda_function.a", "shop/main.tf", 3, root="shop"))
    return failed("nothing here says why it is in a VPC", seen, missed=("a rule to a database",), severity=severity, argument="vpc_config")


def contradicted() -> Verdict:
    address = "aws_nat_gateway.out"
    return failed("it goes out by NAT", Evidence("NAT gateway", place(address, "shop/net.tf", 9, root="shop")), kind=Kind.CONTRADICTED)


def justified() -> Verdict:
    at = place("aws_lambda_function.ledger", "shop/main.tf", 44, root="shop")
    reason = RecordedReason("vpc", "relational-database", date(2027, 3, 31), "payments", "orders ledger is in Aurora", at, "tag")
    return unexplained().justified_by(reason)


def open_question() -> Verdict:
    at = place("aws_lambda_function.b", "shop/main.tf", 21, root="shop")
    return undecided("its environment comes from outside", unknown("var.environment", at), unknown("var.environment", at))


def well() -> Verdict:
    return passed(
        "it reaches a database", Evidence("a rule to the database", place("aws_db_instance.orders", "shop/db.tf", 2, root="shop"))
    )


def trouble() -> Trouble:
    return Trouble("stock", "The file cannot be parsed.", "Its functions were not judged.", "Mend line 7.", "stock/main.tf", 7)


def stack(name: str, *, root: str = "shop", **standing: Standing) -> Stack:
    """A row of the picture: AWS's, and identity in order, but for the layers named (`networking=Standing.UNEXPLAINED`).

    A network that is undecided is a policy's question; of other layers nobody asks.
    """
    address = f"aws_lambda_function.{name}"

    def cell(layer: Layer) -> Cell:
        stands = standing.get(layer.name.lower(), Standing.EVIDENCE if layer is Layer.IDENTITY else Standing.AWS)
        is_justified = stands is Standing.JUSTIFIED
        says = f"says why {layer.value} is {stands.value}"
        asked = ("SLS_VPC_1",) if layer is Layer.NETWORKING and stands is Standing.UNDECIDED else ()
        return Cell(layer, stands, says, asked, until=date(2027, 3, 31) if is_justified else None, owner="payments" if is_justified else "")

    return Stack(root, address, place(address, f"{root}/main.tf", 1, root=root), tuple(cell(layer) for layer in Layer))


def whole_run() -> Run:
    """One of everything, and not in the order in which it ought to be told."""
    return Run(
        findings=[
            finding("low", unexplained(Severity.LOW), line=70),
            finding("second", unexplained(), line=50),
            finding("first", unexplained(), line=3),
            finding("out", contradicted(), line=90, asked=asks_for_destinations),
            finding("ledger", justified(), line=40),
            finding("open", open_question(), line=20),
            replace(finding("known", unexplained(), line=80), in_baseline=True),
            finding("skipped", unexplained(), line=60, skipped="for now\x1b[2J"),
            finding("well", well(), root="calm"),
        ],
        troubles=[trouble()],
        roots=["calm", "shop", "stock"],
        functions=8,
        policies=3,
        unread=["legacy (terragrunt.hcl): Terragrunt is not read"],
        notes=[Note("the reason for `*` matches nothing.", ".serverful.yaml", 7)],
        settings=Settings(file=".serverful.yaml"),
        asked=[asks_for_identity, asks_for_destinations, asks_for_private_things],
        scanned=["."],
        stacks=(
            stack("well", root="calm", networking=Standing.EVIDENCE),
            stack("first", networking=Standing.UNEXPLAINED, fixed_ip=Standing.UNDECIDED),
            stack("ledger", networking=Standing.JUSTIFIED),
            stack("open", networking=Standing.UNDECIDED),
            stack("out", networking=Standing.EVIDENCE, fixed_ip=Standing.UNEXPLAINED, identity=Standing.UNEXPLAINED),
            stack("plain"),
        ),
    )
