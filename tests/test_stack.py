"""The shared responsibility picture: a row for each function, a cell for each layer, and what they have to do with findings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from expectations import ESTATES, FIXTURES
from fixtures_judged import TODAY, judged
from serverful import catalogue
from serverful.finding import Finding, Run
from serverful.policy import Severity
from serverful.scan import scan
from serverful.stack import Cell, Layer, Stack, Standing
from serverful.verdict import Outcome

AWS, EVIDENCE, JUSTIFIED, UNEXPLAINED, UNDECIDED = Standing
PLANS = sorted(ESTATES.rglob("*plan.json"))

# How the tables write a cell: a justified one by the day on which its reason ends.
WORDS = {AWS: "-", EVIDENCE: "evidence", UNEXPLAINED: "why?", UNDECIDED: "open"}

COLUMNS = ("networking", "fixed-ip", "compute", "environment", "runtime", "storage", "identity")

DESIGNS = {
    "cqrs_stream": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        list_orders                       -           -           -           -           -           -           evidence
        write_order                       evidence    -           -           -           -           -           evidence
    """,
    "cqrs_table": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        enter                             evidence    -           -           -           -           -           evidence
        front["accept"]                   -           -           -           -           -           -           evidence
        front["search"]                   -           -           -           -           -           -           evidence
    """,
    "file_exchange": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        fetch_estimates                   -           -           -           -           -           -           evidence
        read_document                     -           -           why?        -           -           -           why?
        module.function["book"].this      evidence    -           -           -           -           why?        evidence
        module.function["import"].this    evidence    -           -           -           -           why?        evidence
        module.function["quote"].this     evidence    -           -           -           -           2027-06-30  evidence
        module.function["rate"].this      evidence    -           -           -           -           2027-06-30  evidence
    """,
    "legacy_vpc": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        customer_mail                     -           -           -           -           -           -           why?
        make_thumbnail                    why?        why?        -           -           -           -           why?
        nightly_report                    why?        -           -           -           -           -           why?
        order_history                     evidence    why?        -           -           -           -           why?
        place_order                       evidence    why?        -           -           -           -           why?
        read_cart                         why?        why?        -           -           -           -           why?
        ship_order                        why?        evidence    -           -           -           -           why?
        write_cart                        why?        why?        -           -           -           -           why?
    """,
    "many_roots": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        checkout module.handler.this      evidence    -           -           -           -           -           why?
        loyalty module.handler.this       2027-02-28  -           -           -           -           -           evidence
        webhook authorizer                -           -           -           -           -           -           open
        webhook this                      open        open        -           -           -           -           open
        returns module.handler.this       why?        -           -           -           -           -           evidence
        search search                     evidence    -           -           -           -           -           evidence
    """,
    "partner_firewall": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        bank module.reports.this          why?        why?        -           -           -           -           evidence
        bank module.transfer.this         why?        why?        -           -           -           -           evidence
        customs module.declare.this       2027-03-31  2027-03-31  -           -           -           -           evidence
        customs module.intake.this        -           -           -           -           -           -           evidence
    """,
    "shared_everything": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        export                            evidence    why?        -           -           -           -           why?
        quote                             evidence    -           -           -           -           -           why?
        score                             why?        why?        why?        -           -           -           why?
        shared["assess"]                  evidence    why?        -           -           -           -           why?
        shared["register"]                evidence    why?        -           -           -           -           why?
        shared["scan"]                    evidence    why?        -           -           -           -           why?
    """,
    "three_modules": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        module.function["book"].this      evidence    why?        -           -           -           -           why?
        module.function["list"].this      -           -           -           -           -           -           evidence
        module.function["print"].this     2027-04-30  2027-04-30  -           -           -           -           evidence
        module.function["reconcile"].this open        open        -           -           -           -           evidence
        module.function["ticket"].this    why?        why?        -           -           -           -           evidence
    """,
    "warm_api": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        describe                          -           -           -           -           -           -           evidence
        discount                          -           -           evidence    -           -           -           evidence
        price                             -           -           evidence    -           -           -           evidence
        stock                             -           -           evidence    -           -           -           evidence
    """,
    "warm_queue": """
        function                          networking  fixed-ip    compute     environment runtime     storage     identity
        book_order                        -           -           why?        -           -           -           evidence
        book_return                       -           -           2027-01-31  -           -           -           evidence
        index_document                    -           -           why?        -           -           -           evidence
        tell_ledger                       -           -           -           -           -           -           evidence
    """,
}


def written(cell: Cell) -> str:
    return f"{cell.until}" if cell.standing is JUSTIFIED else WORDS[cell.standing]


def name_of(row: Stack, roots: int) -> str:
    """`shop aws_lambda_function.a` as the tables write it: the root only where there are several."""
    root = f"{row.root.rpartition('/')[2]} " if roots > 1 else ""
    return f"{root}{row.address.replace('aws_lambda_function.', '')}"


def table(run: Run) -> str:
    head = [
        "function".ljust(34),
        *(column.ljust(12) for column in COLUMNS),
    ]
    rows = [[name_of(row, len(run.roots)).ljust(34), *(written(cell).ljust(12) for cell in row.cells)] for row in run.stacks]
    return "\n".join("".join(parts).rstrip() for parts in (head, *rows))


def expected(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


# --- whole designs ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", sorted(folder.name for folder in ESTATES.iterdir() if folder.is_dir()))
def test_the_picture_of_a_design(design: str) -> None:
    assert table(judged(ESTATES / design)) == expected(DESIGNS[design])


def cells_of(run: Run) -> dict[tuple[str, Layer], Cell]:
    return {(row.address, cell.layer): cell for row in run.stacks for cell in row.cells}


def standings(run: Run) -> dict[tuple[str, Layer], str]:
    return {key: written(cell) for key, cell in cells_of(run).items()}


def answers(run: Run) -> dict[tuple[str, str], Outcome]:
    return {(finding.policy.id, finding.address): finding.verdict.outcome for finding in run.findings}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.relative_to(ESTATES).as_posix())
def test_a_plan_shows_the_picture_of_its_source_but_where_its_findings_differ(plan: Path) -> None:
    source, planned = judged(plan.parent), scan([plan], today=TODAY)
    before, after = standings(source), standings(planned)
    if "partial" not in plan.name:
        assert before.keys() == after.keys()
    told, heard = answers(source), answers(planned)
    for key in sorted(before.keys() & after.keys(), key=str):
        if before[key] == after[key]:
            continue
        # Surer, or more open; or a comment that no plan holds.
        assert "open" in (before[key], after[key]) or (before[key].startswith("2027-") and after[key] == "why?"), (key, before[key])
        policies = {*cells_of(source)[key].policies, *cells_of(planned)[key].policies} or {"SLS_ID_2", "SLS_ID_3", "SLS_ID_4"}
        asked = {address for policy, address in told.keys() | heard.keys() if policy in policies}
        assert any(told.get((policy, address)) != heard.get((policy, address)) for policy in policies for address in asked), key


RECONCILE = 'module.function["reconcile"].aws_lambda_function.this'


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.relative_to(ESTATES).as_posix())
def test_a_plan_beside_its_source_shows_the_same_picture(plan: Path) -> None:
    before, after = standings(judged(plan.parent)), standings(scan([plan], today=TODAY, source=plan.parent))
    differing = {key: (before[key], after.get(key)) for key in before if before[key] != after.get(key)}
    known = {  # `var.statements_host` has no value in the source, and one in each plan
        (RECONCILE, Layer.NETWORKING): ("open", "why?"),
        (RECONCILE, Layer.FIXED_IP): ("open", "evidence"),
    }
    assert differing == (known if plan.parent.name == "three_modules" else {})


# --- cells and findings, in everything that we have -----------------------------------------------------------------------------------

# By the layers that they speak of: asked of the function itself, and a failure makes the layer unexplained.
CARRYING = {
    "SLS_VPC_1": Layer.NETWORKING,
    "SLS_VPC_2": Layer.NETWORKING,
    "SLS_VPC_4": Layer.NETWORKING,
    "SLS_IP_1": Layer.FIXED_IP,
    "SLS_PC_1": Layer.COMPUTE,
    "SLS_PC_3": Layer.COMPUTE,
    "SLS_EXT_1": Layer.ENVIRONMENT,
    "SLS_RT_1": Layer.RUNTIME,
    "SLS_RT_2": Layer.RUNTIME,
    "SLS_FS_1": Layer.STORAGE,
    "SLS_ID_1": Layer.IDENTITY,
    "SLS_ID_4": Layer.IDENTITY,
}
ASIDE = {"SLS_VPC_4", "SLS_PC_3"}  # whether there is a better way: where that is open, the answer beside it counts
# Asked of what several share. The functions of which they speak stand in `recorded_at`.
SHARED = {"SLS_ID_2": Layer.IDENTITY, "SLS_ID_3": Layer.IDENTITY, "SLS_ID_4": Layer.IDENTITY, "SLS_RT_3": Layer.RUNTIME}
HOW = {
    "SLS_VPC_6": Layer.NETWORKING,
    "SLS_VPC_7": Layer.NETWORKING,
    "SLS_VPC_8": Layer.NETWORKING,
    "SLS_VPC_10": Layer.NETWORKING,
    "SLS_PC_2": Layer.COMPUTE,
    "SLS_PC_4": Layer.COMPUTE,
}
FOLDERS = sorted(
    folder for folder in (*FIXTURES.iterdir(), *ESTATES.iterdir()) if folder.is_dir() and folder.name not in ("estates", "plans")
)


def about_functions(run: Run) -> Iterator[tuple[Finding, Stack]]:
    """Each finding with the row of the function that it is about, itself or by what it shares with others."""
    rows = {(row.root, row.address): row for row in run.stacks}
    for finding in run.findings:
        at = [finding.address, *(thing.address for thing in finding.verdict.recorded_at)]
        for address in at:
            if (finding.place.root, address) in rows:
                yield finding, rows[finding.place.root, address]


def disagreeing(run: Run) -> list[str]:
    """Where cells and findings say different things, by the rules of `serverful.stack`."""
    told: list[str] = []
    for finding, row in about_functions(run):
        policy, outcome = finding.policy.id, finding.verdict.outcome
        layer = CARRYING.get(policy) if finding.address == row.address else SHARED.get(policy)
        where = f"{policy} {outcome.value} {finding.address} in {row.root}, of {row.address}"
        if layer is not None:
            cell = row.at(layer)
            if outcome is Outcome.FAILED and finding.severity is Severity.INFO and (policy in ASIDE or layer is Layer.IDENTITY):
                if policy not in cell.beside:
                    told.append(f"{where}: the question is not beside {cell}")
            elif outcome is Outcome.FAILED and (cell.standing is not UNEXPLAINED or policy not in cell.policies):
                told.append(f"{where}: {cell}")
            elif outcome is Outcome.UNDECIDED and policy not in ASIDE and cell.standing in (AWS, EVIDENCE, JUSTIFIED):
                if not (policy == "SLS_VPC_2" and cell.policies == ("SLS_VPC_1",)):  # it asks beside an answer
                    told.append(f"{where}: {cell}")
            elif outcome is Outcome.JUSTIFIED and cell.standing in (AWS, EVIDENCE):
                if not (policy in ASIDE and (finding.verdict.kind is None or finding.severity is Severity.INFO)):
                    told.append(f"{where}: {cell}")
            elif outcome is Outcome.PASSED and cell.standing is AWS and policy != "SLS_RT_1":
                told.append(f"{where}: {cell}")
        how = HOW.get(policy) if finding.address == row.address else None
        if how is not None and outcome is Outcome.FAILED and row.at(how).standing is not AWS and policy not in row.at(how).beside:
            told.append(f"{where}: it is not beside {row.at(how)}")
    for stack in run.stacks:
        told += [f"{stack.root} {stack.address}: {fault} {cell}" for cell in stack.cells for fault in faults(cell, stack, run)]
    return told


def faults(cell: Cell, row: Stack, run: Run) -> Iterator[str]:
    """What no cell may be, whatever was found."""
    found = [finding for finding in run.findings if finding.place.root == row.root and finding.policy.id in cell.policies]
    outcomes = {finding.verdict.outcome for finding in found}
    if not cell.says:
        yield "says nothing"
    if set(cell.policies) - {finding.policy.id for finding in found}:
        yield "rests on what was not found"
    if (cell.until is not None) != (cell.standing is JUSTIFIED) or bool(cell.owner) != (cell.standing is JUSTIFIED):
        yield "has no reason, or one too many"
    if cell.standing is AWS and (cell.policies or cell.beside or cell.layer is Layer.IDENTITY):
        yield "is AWS's, and rests on findings"
    if cell.standing is UNEXPLAINED and Outcome.FAILED not in outcomes:
        yield "is unexplained, and nothing failed"
    if cell.standing is EVIDENCE and cell.layer is not Layer.IDENTITY and not cell.policies:
        yield "claims evidence by silence"
    if cell.standing is JUSTIFIED and cell.until is not None and cell.until < TODAY:
        yield "is justified by a reason that has ended"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_cells_agree_with_findings(folder: Path) -> None:
    run = judged(folder)
    assert disagreeing(run) == []
    assert len(run.stacks) == run.functions
    assert all(tuple(cell.layer for cell in row.cells) == tuple(Layer) for row in run.stacks)


def test_the_fixtures_show_every_standing_of_every_layer() -> None:
    """The property above proves something about each of them."""
    seen = {(cell.layer, cell.standing) for folder in FOLDERS for row in judged(folder).stacks for cell in row.cells}
    assert set(itertools.product(Layer, Standing)) - seen == {(Layer.IDENTITY, AWS)}


def test_every_policy_that_a_reason_for_a_feature_answers_speaks_in_the_picture() -> None:
    """All but SLS_VPC_9 are asked about a layer; that one asks APIs, and stands in the cells of identity."""
    asking = {policy.id for policy in catalogue.load() if policy.feature is not None}
    assert asking == {*(policy for policy, layer in CARRYING.items() if layer is not Layer.IDENTITY), *_ELSEWHERE} - {"SLS_VPC_2"}


_ELSEWHERE = {"SLS_IP_2", "SLS_PC_5", "SLS_RT_3", "SLS_VPC_9"}


# --- what the fixtures do not show --------------------------------------------------------------------------------------------------

HEAD = """
provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "orders" {
  vpc_id = aws_vpc.this.id

  egress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
"""
VPC = """
  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.orders.id]
  }
"""
NAT = """
resource "aws_eip" "out" {
  domain = "vpc"
}

resource "aws_nat_gateway" "out" {
  allocation_id = aws_eip.out.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.a.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.out.id
}
"""
PROVIDER = """
resource "aws_lambda_capacity_provider" "fleet" {
  name = "fleet"

  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.orders.id]
  }

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.orders.arn
  }
}
"""
ON_FLEET = """
  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.fleet.arn
    }
  }
"""


def function(name: str, inside: str = "", *, runtime: str = '"python3.13"', role: str = "aws_iam_role.orders.arn") -> str:
    return f"""
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = {role}
  runtime       = {runtime}
  handler       = "app.handler"
  filename      = "orders.zip"
  {inside}
}}
"""


def scanned(folder: Path, *parts: str, check: tuple[str, ...] = (), skip_path: tuple[str, ...] = ()) -> Run:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text("".join((HEAD, *parts)), "utf-8")
    run = scan([folder], today=TODAY, check=check, skip_path=skip_path)
    assert run.troubles == []
    return run


def cell(run: Run, name: str, layer: Layer) -> Cell:
    (row,) = (row for row in run.stacks if row.address == f"aws_lambda_function.{name}")
    return row.at(layer)


def tag(key: str, reason: str) -> str:
    return f"""
  tags = {{
    "serverful:{key}" = "{reason}"
  }}
"""


def test_a_plain_function_takes_nothing(tmp_path: Path) -> None:
    run = scanned(tmp_path, function("orders"))
    (row,) = run.stacks
    assert [one.standing for one in row.cells] == [AWS] * 6 + [EVIDENCE]
    assert row.taken == ()
    assert row.at(Layer.IDENTITY).says == "Its role is aws_iam_role.orders, and nothing was found at it or at the ways in."


def test_a_layer_is_as_its_worst_feature(tmp_path: Path) -> None:
    warm = """
resource "aws_lambda_provisioned_concurrency_config" "orders" {
  function_name                     = aws_lambda_function.orders.function_name
  qualifier                         = aws_lambda_function.orders.version
  provisioned_concurrent_executions = 1
}
"""
    polled = """
resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.orders.arn

  provisioned_poller_config {
    minimum_pollers = 20
  }
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}
"""
    reasons = """
  tags = {
    "serverful:SLS_PC_1" = "cold-start-ux until=2027-03-31 owner=shop people wait at the till"
    "serverful:poller"   = "burst-scale until=2027-01-31 owner=stock orders come in bursts at noon"
  }
"""
    open_ = cell(scanned(tmp_path / "open", function("orders"), warm, polled), "orders", Layer.COMPUTE)
    assert (open_.standing, open_.policies) == (UNEXPLAINED, ("SLS_PC_1", "SLS_PC_5"))
    told = cell(scanned(tmp_path / "told", function("orders", reasons), warm, polled), "orders", Layer.COMPUTE)
    assert (told.standing, told.policies) == (JUSTIFIED, ("SLS_PC_1", "SLS_PC_5"))
    assert (told.until, told.owner) == (date(2027, 1, 31), "stock")
    assert told.says.startswith("burst-scale: orders come in bursts at noon")
    half = cell(scanned(tmp_path / "half", function("orders", reasons.replace("serverful:p", "p")), warm, polled), "orders", Layer.COMPUTE)
    assert (half.standing, half.policies, half.until) == (UNEXPLAINED, ("SLS_PC_5",), None)


def test_a_skipped_finding_explains_nothing(tmp_path: Path) -> None:
    found = cell(scanned(tmp_path, function("orders", f"# checkov:skip=SLS_VPC_1:later{VPC}")), "orders", Layer.NETWORKING)
    assert (found.standing, found.policies) == (UNEXPLAINED, ("SLS_VPC_1",))
    assert found.says.endswith("A comment skips SLS_VPC_1, which says neither who answers for that nor until when.")


def test_a_skipped_finding_that_passed_is_evidence_all_the_same(tmp_path: Path) -> None:
    mounted = """
  # checkov:skip=SLS_FS_1:of course
  file_system_config {
    arn              = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0123456789abcdef0"
    local_mount_path = "/mnt/files"
  }

  ephemeral_storage {
    size = 10240
  }
"""
    found = cell(scanned(tmp_path, function("orders", VPC + mounted)), "orders", Layer.STORAGE)
    assert (found.standing, found.policies) == (EVIDENCE, ("SLS_FS_1",))
    assert "skip" not in found.says


def test_a_reason_that_has_ended_is_told_of(tmp_path: Path) -> None:
    ended = tag("vpc", "cache until=2026-10-31 owner=shop sessions")
    found = cell(scanned(tmp_path, function("orders", VPC + ended)), "orders", Layer.NETWORKING)
    assert found.standing is UNEXPLAINED
    assert found.says.endswith("The recorded reason serverful:vpc is expired.")


def test_a_reason_by_the_id_of_the_policy_justifies(tmp_path: Path) -> None:
    reason = tag("SLS_VPC_1", "cache until=2027-10-31 owner=shop sessions are elsewhere")
    found = cell(scanned(tmp_path, function("orders", VPC + reason)), "orders", Layer.NETWORKING)
    assert (found.standing, found.until, found.owner) == (JUSTIFIED, date(2027, 10, 31), "shop")


@pytest.mark.parametrize(
    ("check", "standing", "says"),
    [
        ((), UNEXPLAINED, ""),
        (("SLS_VPC_1",), UNEXPLAINED, ""),
        (("SLS_VPC_2",), UNDECIDED, "It is attached to a VPC, and SLS_VPC_1 was not asked why."),
        (("SLS_VPC_6",), UNDECIDED, "It is attached to a VPC, and SLS_VPC_1 and SLS_VPC_2 were not asked why."),
    ],
)
def test_what_was_not_asked_is_undecided(tmp_path: Path, check: tuple[str, ...], standing: Standing, says: str) -> None:
    run = scanned(tmp_path, function("orders", VPC), check=check)
    found = cell(run, "orders", Layer.NETWORKING)
    assert (found.standing, bool(found.policies)) == (standing, standing is UNEXPLAINED)
    assert not says or found.says == says
    assert cell(run, "orders", Layer.STORAGE).standing is AWS  # that needs no policy


def test_nobody_says_of_a_role_that_it_is_well_without_asking(tmp_path: Path) -> None:
    found = cell(scanned(tmp_path, function("orders"), check=("SLS_VPC_1",)), "orders", Layer.IDENTITY)
    assert found.standing is UNDECIDED
    assert found.says == "Its role is aws_iam_role.orders, and SLS_ID_1, SLS_ID_2, SLS_ID_3 and SLS_ID_4 were not asked about it."


def test_functions_behind_one_address_stand_each_for_itself(tmp_path: Path) -> None:
    host = 'environment {\n variables = { BANK_HOST = "api.bank.example" }\n }\n'
    hidden = "environment {\n variables = { BANK_HOST = var.host }\n }\n"
    reason = tag("fixed-ip", "fixed-ip until=2027-03-31 owner=shop the bank admits one address")
    functions = [function("pays", VPC + host), function("told", VPC + reason), function("rides", VPC), function("open", VPC + hidden)]
    run = scanned(tmp_path, NAT, *functions, 'variable "host" {}')
    assert answers(run)["SLS_IP_2", "aws_eip.out"] is Outcome.FAILED
    found = {name: cell(run, name, Layer.FIXED_IP) for name in ("pays", "told", "rides", "open")}
    assert {name: written(one) for name, one in found.items()} == {
        "pays": "evidence",
        "told": "2027-03-31",
        "rides": "why?",
        "open": "open",
    }
    assert found["rides"].policies == ("SLS_IP_1", "SLS_IP_2")
    # The question about the address is still there for those who look at the others.
    assert [found[name].beside for name in ("pays", "open")] == [("SLS_IP_2",)] * 2
    alone = scanned(tmp_path, NAT, *functions, 'variable "host" {}', check=("SLS_IP_2",))
    assert {name: written(cell(alone, name, Layer.FIXED_IP)) for name in found} == {name: written(one) for name, one in found.items()}
    silent = scanned(tmp_path, NAT, *functions, 'variable "host" {}', check=("SLS_VPC_1",))
    assert {cell(silent, name, Layer.FIXED_IP).standing for name in found} == {UNDECIDED}
    assert (
        cell(silent, "rides", Layer.FIXED_IP).says == "It leaves through aws_nat_gateway.out, and SLS_IP_1 and SLS_IP_2 were not asked why."
    )


def test_an_address_on_a_nat_instance_is_fixed(tmp_path: Path) -> None:
    machine = """
resource "aws_eip" "out" {
  domain   = "vpc"
  instance = aws_instance.nat.id
}

resource "aws_instance" "nat" {
  ami               = "ami-0123456789abcdef0"
  instance_type     = "t4g.nano"
  subnet_id         = aws_subnet.public.id
  source_dest_check = false
}

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.a.id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_instance.nat.primary_network_interface_id
}
"""
    found = cell(scanned(tmp_path, machine, function("orders", VPC)), "orders", Layer.FIXED_IP)
    assert (found.standing, found.policies) == (UNEXPLAINED, ("SLS_IP_2",))
    assert found.says == "It leaves from the fixed address of aws_eip.out, and nothing says who asks for that."


def test_a_function_explains_itself_on_a_provider_that_it_shares(tmp_path: Path) -> None:
    reason = tag("capacity-provider", "steady-throughput until=2027-05-31 owner=shop even load all day")
    run = scanned(tmp_path, PROVIDER, function("told", ON_FLEET + reason), function("quiet", ON_FLEET))
    assert answers(run)["SLS_PC_5", "aws_lambda_capacity_provider.fleet"] is Outcome.FAILED
    for layer in (Layer.NETWORKING, Layer.COMPUTE):
        assert written(cell(run, "told", layer)) == "2027-05-31"
        assert (cell(run, "quiet", layer).standing, cell(run, "quiet", layer).policies) == (UNEXPLAINED, ("SLS_PC_5",))
    assert "SLS_VPC_6" in cell(run, "told", Layer.NETWORKING).beside  # the provider stands in one zone
    unasked = scanned(tmp_path, PROVIDER, function("quiet", ON_FLEET), check=("SLS_VPC_6",))
    assert cell(unasked, "quiet", Layer.COMPUTE).says == "It runs on a capacity provider's instances, and SLS_PC_5 was not asked why."


def test_the_reason_for_a_provider_of_another_root_may_stand_there(tmp_path: Path) -> None:
    elsewhere = ON_FLEET.replace(
        "aws_lambda_capacity_provider.fleet.arn", '"arn:aws:lambda:eu-west-1:111122223333:capacity-provider:fleet"'
    )
    reason = tag("capacity-provider", "steady-throughput until=2027-05-31 owner=shop even load all day")
    run = scanned(tmp_path, function("told", elsewhere + reason), function("quiet", elsewhere))
    assert written(cell(run, "told", Layer.COMPUTE)) == "2027-05-31"
    assert {cell(run, "quiet", layer).standing for layer in (Layer.NETWORKING, Layer.COMPUTE, Layer.FIXED_IP)} == {UNDECIDED}


def test_a_held_runtime_is_the_customers(tmp_path: Path) -> None:
    held = """
resource "aws_lambda_runtime_management_config" "orders" {
  function_name       = aws_lambda_function.orders.function_name
  update_runtime_on   = "Manual"
  runtime_version_arn = "arn:aws:lambda:eu-west-1::runtime:0123"
}
"""
    run = scanned(tmp_path, function("orders"), held)
    assert (cell(run, "orders", Layer.RUNTIME).standing, cell(run, "orders", Layer.RUNTIME).policies) == (UNEXPLAINED, ("SLS_RT_3",))
    auto = held.replace("Manual", "FunctionUpdate")
    assert cell(scanned(tmp_path, function("orders"), auto), "orders", Layer.RUNTIME).standing is AWS
    unasked = cell(scanned(tmp_path, function("orders"), held, check=("SLS_RT_1",)), "orders", Layer.RUNTIME)
    assert (unasked.standing, unasked.says) == (UNDECIDED, "It holds its runtime at one version, and SLS_RT_3 was not asked why.")


def test_a_compiled_program_leaves_the_runtime_to_aws(tmp_path: Path) -> None:
    program = function("orders", runtime='"provided.al2023"').replace("app.handler", "bootstrap")
    found = cell(scanned(tmp_path, program), "orders", Layer.RUNTIME)
    assert found.standing is AWS
    assert found.says.startswith("A compiled program runs on provided.al2023")
    ended = scanned(tmp_path, program.replace("al2023", "al2"))
    assert cell(ended, "orders", Layer.RUNTIME).standing is UNEXPLAINED  # nobody patches what it runs on


def test_what_somebody_else_names_is_undecided(tmp_path: Path) -> None:
    somebody = function("orders", "layers = var.layers", runtime="var.runtime", role="var.role_arn")
    run = scanned(tmp_path, somebody, 'variable "runtime" {}\nvariable "layers" {}\nvariable "role_arn" {}\n')
    assert cell(run, "orders", Layer.RUNTIME).says == "On which runtime it runs is decided outside this root: var.runtime."
    for check in ((), ("SLS_VPC_1",)):  # whoever is asked: that it is open needs no policy either
        run = scanned(tmp_path, somebody, 'variable "runtime" {}\nvariable "layers" {}\nvariable "role_arn" {}\n', check=check)
        open_ = {one.layer for one in run.stacks[0].cells if one.standing is UNDECIDED}
        assert open_ == {Layer.RUNTIME, Layer.ENVIRONMENT, Layer.IDENTITY}
    assert cell(run, "orders", Layer.IDENTITY).says == "Its role stands outside this root: var.role_arn."


def test_an_aurora_whose_data_api_is_on_explains_no_vpc(tmp_path: Path) -> None:
    """That its engine offers one is a question, and the database goes on explaining the VPC."""
    database = """
resource "aws_rds_cluster" "orders" {
  cluster_identifier          = "orders"
  engine                      = "aurora-postgresql"
  engine_version              = "16.6"
  manage_master_user_password = true
  vpc_security_group_ids      = [aws_security_group.database.id]
}

resource "aws_security_group" "database" {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.orders.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
"""
    asked = cell(scanned(tmp_path / "asked", database, function("orders", VPC)), "orders", Layer.NETWORKING)
    assert (asked.standing, asked.policies) == (EVIDENCE, ("SLS_VPC_1",))
    assert "SLS_VPC_4" in asked.beside
    on = database.replace("engine_version", "enable_http_endpoint = true\n  engine_version")
    better = cell(scanned(tmp_path / "on", on, function("orders", VPC)), "orders", Layer.NETWORKING)
    assert (better.standing, better.policies) == (UNEXPLAINED, ("SLS_VPC_4",))
    reason = tag("vpc", "relational-database until=2027-03-31 owner=shop bulk loads")
    told = cell(scanned(tmp_path / "told", on, function("orders", VPC + reason)), "orders", Layer.NETWORKING)
    assert (written(told), told.policies) == ("2027-03-31", ("SLS_VPC_4",))


def test_rows_follow_root_and_address_and_leave_out_what_is_skipped(tmp_path: Path) -> None:
    for root in ("b", "a"):
        scanned(tmp_path / root, *(function(f"f{number}") for number in (10, 2)))
    (tmp_path / "a" / "more.tf").write_text(function("f3"), "utf-8")
    run = scan([tmp_path], today=TODAY)
    names = [(row.root.rpartition("/")[2], row.address.partition(".")[2]) for row in run.stacks]
    assert names == [("a", "f2"), ("a", "f3"), ("a", "f10"), ("b", "f2"), ("b", "f10")]
    run = scan([tmp_path], today=TODAY, skip_path=["more"])
    assert "f3" not in {row.address.partition(".")[2] for row in run.stacks}


def test_a_module_that_is_not_here_has_no_row(tmp_path: Path) -> None:
    run = scanned(tmp_path, 'module "orders" {\n  source = "example/orders/aws"\n}\n', function("orders"))
    assert [row.address for row in run.stacks] == ["aws_lambda_function.orders"]
    assert len(run.unread) == 1
    known = """
module "stock" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "stock"
  runtime       = "python3.13"
}
"""
    run = scanned(tmp_path, known)
    assert [row.address for row in run.stacks] == ["module.stock.aws_lambda_function.this[0]"]


def test_reasons_of_the_settings_justify_too(tmp_path: Path) -> None:
    """The estates that were judged have heard of them, and are the ones that are asked."""
    entry = """
reasons:
  - address: aws_lambda_function.orders
    key: vpc
    category: cache
    until: 2027-06-30
    owner: shop
    text: sessions are kept elsewhere
"""
    (tmp_path / ".serverful.yaml").write_text(entry, "utf-8")
    found = cell(scanned(tmp_path, function("orders", VPC)), "orders", Layer.NETWORKING)
    assert (written(found), found.owner) == ("2027-06-30", "shop")


# --- identity: whom a finding at something shared speaks of ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name", "standing", "policies"),
    [
        # SLS_RAD_2 asks about the wide role in place of SLS_ID_4
        ("serverful_layers_do_not_stack/bad_open_door", "aws_lambda_function.render", UNEXPLAINED, ("SLS_RAD_2",)),
        ("serverful_layers_do_not_stack/bad", "aws_lambda_function.render", EVIDENCE, ("SLS_ID_4",)),  # three layers, and a narrow role
        ("serverful_layers_do_not_stack/none_wide_behind_a_queue", "aws_lambda_function.render", UNEXPLAINED, ("SLS_ID_4",)),
        # a list of addresses before one entry is none before another
        ("address_list_is_not_the_only_authorization/bad_firewall", "aws_lambda_function.offers", UNEXPLAINED, ("SLS_IP_3",)),
        ("address_list_is_not_the_only_authorization/bad_firewall", "aws_lambda_function.signed", UNEXPLAINED, ("SLS_ID_1",)),
        ("address_list_is_not_the_only_authorization/bad_stores", "aws_lambda_function.orders", EVIDENCE, ()),  # the list of a store
        # a private API that asks before one function and not before another
        (
            "private_api_checks_identity/bad_three_modules",
            'module.function["orders"].aws_lambda_function.this',
            UNEXPLAINED,
            ("SLS_VPC_9",),
        ),
        ("private_api_checks_identity/bad_three_modules", 'module.function["returns"].aws_lambda_function.this', EVIDENCE, ("SLS_VPC_9",)),
        ("private_api_checks_identity/bad_vpc_link", "aws_lambda_function.orders", UNEXPLAINED, ("SLS_VPC_9",)),
        ("private_api_checks_identity/justified", "aws_lambda_function.orders", JUSTIFIED, ("SLS_VPC_9",)),
        # a permission that is left over is one too many; INFO is a question
        ("role_drops_unused_network_permission/bad", "aws_lambda_function.write_cart", UNEXPLAINED, ("SLS_ID_5",)),
        ("role_drops_unused_network_permission/bad_told_to_others", "aws_lambda_function.write_cart", EVIDENCE, ()),
        ("invoke_permission_names_its_source/bad", "aws_lambda_function.orders", UNEXPLAINED, ("SLS_ID_2",)),
    ],
)
def test_identity_is_what_speaks_of_this_function(case: str, name: str, standing: Standing, policies: tuple[str, ...]) -> None:
    run = judged(FIXTURES / case)
    (row,) = (row for row in run.stacks if row.address == name)
    found = row.at(Layer.IDENTITY)
    assert (found.standing, found.policies) == (standing, policies)


def test_of_two_that_log_in_the_one_with_the_permission_is_well(tmp_path: Path) -> None:
    one = (FIXTURES / "data_store_login_uses_identity/bad_role_does_not_connect/main.tf").read_text("utf-8")
    other = (
        one[one.index('resource "aws_iam_role" "orders"') :]
        .replace("orders", "billing")
        .replace("aws_security_group.billing", "aws_security_group.orders")
    )
    connects = """
resource "aws_iam_role_policy" "connect" {
  role   = aws_iam_role.billing.id
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "rds-db:connect"
      Resource = "arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-ABC/billing"
    }]
  })
}
"""
    (tmp_path / "main.tf").write_text(one + other + connects, "utf-8")
    run = scan([tmp_path], today=TODAY)
    assert answers(run)["SLS_ID_6", "aws_db_instance.ledger"] is Outcome.FAILED
    assert cell(run, "orders", Layer.IDENTITY).policies == ("SLS_ID_6",)
    well = cell(run, "billing", Layer.IDENTITY)
    assert (well.standing, "SLS_ID_6" in well.policies) == (EVIDENCE, False)


def test_a_role_with_a_question_has_it_beside() -> None:
    (row,) = judged(FIXTURES / "role_drops_unused_network_permission/bad_told_to_others").stacks
    assert row.at(Layer.IDENTITY).beside == ("SLS_ID_5",)


def test_a_private_api_that_asks_before_one_function_asks_nobody_before_another(tmp_path: Path) -> None:
    one = (FIXTURES / "private_api_checks_identity/bad/main.tf").read_text("utf-8")
    start, end = one.index('resource "aws_lambda_function"'), one.index('resource "aws_api_gateway_rest_api" "shop"')
    entry = one[one.index('resource "aws_api_gateway_resource"') : one.index('resource "aws_api_gateway_rest_api_policy"')]
    asking = (one[start:end] + entry).replace("orders", "bills").replace('"NONE"', '"AWS_IAM"')
    (tmp_path / "main.tf").write_text(one + asking, "utf-8")
    run = scan([tmp_path], today=TODAY)
    assert answers(run)["SLS_VPC_9", "aws_api_gateway_rest_api.shop"] is Outcome.FAILED
    assert cell(run, "orders", Layer.IDENTITY).policies == ("SLS_VPC_9",)
    assert (cell(run, "bills", Layer.IDENTITY).standing, cell(run, "bills", Layer.IDENTITY).policies) == (EVIDENCE, ())
