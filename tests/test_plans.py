"""How plans are read: what of them counts, where findings stand, and what is said of files that are no plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations import ESTATES
from runs_by_hand import outcomes
from serverful.errors import UsageError
from serverful.estate.model import Function, Role
from serverful.estate.read.plan.references import written
from serverful.estate.read.plans import read_plans
from serverful.finding import Run
from serverful.scan import scan
from serverful.verdict import Outcome

TODAY = date(2026, 11, 23)
LEGACY = ESTATES / "legacy_vpc" / "plan.json"


def test_findings_of_a_plan_stand_where_its_source_is_written() -> None:
    beside = scan([LEGACY], today=TODAY, source=LEGACY.parent)
    alone = scan([LEGACY.parent], today=TODAY)
    spots = {(f.policy.id, f.address): f.place.spot for f in alone.findings}
    assert {(f.policy.id, f.address): f.place.spot for f in beside.findings} == spots


def test_what_is_too_much_to_follow_beside_a_plan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serverful.estate.read.plan.tree.MAX_WORK", 10)
    plan = ESTATES / "shared_everything" / "plan.json"
    run = scan([plan], today=TODAY, source=plan.parent)
    assert ["computes more than serverful follows" in trouble.what for trouble in run.troubles] == [True]
    assert run.functions == 6


def test_a_reason_for_another_root_is_left_alone_where_a_plan_is_judged(tmp_path: Path) -> None:
    plan = changed(tmp_path)
    reason = "{address: '*', root: elsewhere, key: vpc, category: cache, until: 2027-01-31, owner: shop, text: sessions}"
    (tmp_path / ".serverful.yaml").write_text(f"reasons:\n  - {reason}\n", "utf-8")
    assert [note.says for note in scan([plan], today=TODAY).notes if "reason for" in note.says] == []


def test_a_plan_and_a_folder_outside_of_git_have_one_base(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text((LEGACY.parent / "main.tf").read_text("utf-8"), "utf-8")
    run = scan([changed(tmp_path, resource_changes=[]), tmp_path / "app"], today=TODAY)
    assert [(note.file, note.says) for note in run.notes] == [("../plan.json", "plans no Lambda function, so no function was asked about.")]


def test_a_source_without_a_plan_is_refused() -> None:
    with pytest.raises(UsageError, match="--source"):
        scan([LEGACY.parent], today=TODAY, source=LEGACY.parent)


def changed(tmp_path: Path, **changes: Any) -> Path:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({**json.loads(LEGACY.read_text("utf-8")), **changes}), "utf-8")
    return plan


SECOND = LEGACY.with_name("second_plan.json")
QUEUE = ESTATES / "warm_queue" / "second_plan.json"


def changes_of(plan: Path) -> list[dict[str, Any]]:
    changes = json.loads(plan.read_text("utf-8"))["resource_changes"]
    assert isinstance(changes, list)
    return changes


def second(tmp_path: Path, changes: list[dict[str, Any]]) -> Run:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({**json.loads(SECOND.read_text("utf-8")), "resource_changes": changes}), "utf-8")
    run = scan([plan], today=TODAY)
    assert run.troubles == []
    return run


def with_nat_route(route: str, tmp_path: Path) -> set[Outcome]:
    """What is said of the ways out when the private route table shows the route to the NAT gateway, as the provider reads it back."""
    changes = changes_of(SECOND)
    by_address = {change["address"]: change["change"] for change in changes}
    nat = by_address["aws_nat_gateway.shop"]["after"]["id"]
    table = by_address["aws_route_table.private"]["after"]
    table["route"] = [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat}]
    own = by_address["aws_route.private_internet"]
    if route == "deleted":
        own.update(actions=["delete"], before=own["after"], after=None)
    elif route == "never written":
        changes = [change for change in changes if change["address"] != "aws_route.private_internet"]
    return {finding.verdict.outcome for finding in second(tmp_path, changes).findings if finding.policy.id == "SLS_IP_1"}


def test_a_route_that_is_deleted_is_gone_although_its_table_still_shows_it(tmp_path: Path) -> None:
    assert Outcome.FAILED in with_nat_route("kept", tmp_path)
    assert with_nat_route("deleted", tmp_path) == set()


def test_a_route_that_a_table_alone_shows_is_one(tmp_path: Path) -> None:
    """It may come from a `dynamic` block, which leaves no expression."""
    assert Outcome.FAILED in with_nat_route("never written", tmp_path)


def test_what_the_source_does_not_write_nobody_wrote(tmp_path: Path) -> None:
    """With the source, a rule that the provider reads back is told from one that a `dynamic` block makes."""
    stream = ESTATES / "cqrs_stream" / "second_plan.json"
    changes = changes_of(stream)
    for change in changes:
        if change["type"] == "aws_security_group":
            change["change"]["after"]["ingress"] = [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}]
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({**json.loads(stream.read_text("utf-8")), "resource_changes": changes}), "utf-8")
    group = ("SLS_VPC_8", "aws_lambda_function.write_order")
    assert outcomes(scan([plan], today=TODAY))[group] is Outcome.FAILED
    assert outcomes(scan([plan], today=TODAY, source=stream.parent))[group] is Outcome.PASSED


def test_what_hangs_on_a_function_is_not_taken_for_it(tmp_path: Path) -> None:
    """Its event configuration has the function's ARN for its id, and stands before it where the function is in a module."""
    plan = json.loads(QUEUE.read_text("utf-8"))
    arns = [c["change"]["after"]["arn"] for c in plan["resource_changes"] if c["type"] == "aws_lambda_alias"]
    kind = "aws_lambda_function_event_invoke_config"
    beside = [
        {
            "address": f"{kind}.x[{number}]",
            "mode": "managed",
            "type": kind,
            "name": "x",
            "index": number,
            "change": {"actions": ["no-op"], "after": {"id": arn}, "after_unknown": {}},
        }
        for number, arn in enumerate(arns)
    ]
    changed_plan = tmp_path / "plan.json"
    changed_plan.write_text(json.dumps({**plan, "resource_changes": [*beside, *plan["resource_changes"]]}), "utf-8")
    assert outcomes(scan([changed_plan], today=TODAY)) == outcomes(scan([QUEUE], today=TODAY))


IGNORING = "  lifecycle {\n    ignore_changes = [provisioned_concurrent_executions]\n  }\n"


@pytest.mark.parametrize(
    ("lifecycle", "outcome", "unknown"),
    [
        (None, Outcome.UNDECIDED, "the lifecycle of aws_lambda_provisioned_concurrency_config.book_order, which a plan does not hold"),
        ("", Outcome.FAILED, ""),
        (
            IGNORING,
            Outcome.UNDECIDED,
            "who changes the numbers of aws_lambda_provisioned_concurrency_config.book_order, which Terraform ignores",
        ),
    ],
    ids=["no source", "ignores nothing", "ignores them"],
)
def test_what_terraform_ignores_is_told_by_the_source_alone(lifecycle: str | None, outcome: Outcome, unknown: str, tmp_path: Path) -> None:
    text = (QUEUE.parent / "functions.tf").read_text("utf-8")
    opening = 'resource "aws_lambda_provisioned_concurrency_config" "book_order" {\n'
    assert opening in text
    (tmp_path / "functions.tf").write_text(text.replace(opening, opening + (lifecycle or "")), "utf-8")
    run = scan([QUEUE], today=TODAY, source=tmp_path if lifecycle is not None else None)
    (found,) = (f for f in run.findings if (f.policy.id, f.address) == ("SLS_PC_4", "aws_lambda_function.book_order"))
    assert found.verdict.outcome is outcome
    assert [each.expression for each in found.verdict.unknown] == ([unknown] if unknown else [])


@pytest.mark.parametrize(
    ("source", "outcome", "unknown"),
    [(False, Outcome.UNDECIDED, "the provisioner of null_resource.build, which a plan does not hold"), (True, Outcome.PASSED, "")],
)
def test_what_a_provisioner_runs_is_told_by_the_source_alone(source: bool, outcome: Outcome, unknown: str, tmp_path: Path) -> None:
    function = {"function_name": "prices", "runtime": "provided.al2023", "handler": "prices.run", "filename": "prices.zip"}
    planned = [("aws_lambda_function", "prices", function), ("null_resource", "build", {})]
    plan = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [
                    {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name, "values": values}
                    for type_, name, values in planned
                ]
            }
        },
        "resource_changes": [
            {
                "address": f"{type_}.{name}",
                "mode": "managed",
                "type": type_,
                "name": name,
                "change": {"actions": ["create"], "after": values},
            }
            for type_, name, values in planned
        ],
        "configuration": {"root_module": {"resources": []}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    (tmp_path / "main.tf").write_text(
        'resource "null_resource" "build" {\n  provisioner "local-exec" {\n    command = "go build -o prices ./cmd"\n  }\n}\n', "utf-8"
    )
    run = scan([tmp_path / "plan.json"], today=TODAY, source=tmp_path if source else None, check=["SLS_RT_1"])
    (found,) = run.findings
    assert (found.verdict.outcome, [each.expression for each in found.verdict.unknown]) == (outcome, [unknown] if unknown else [])


BROKEN: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "no JSON": (b"resource {}", "not valid JSON"),
    "a list": (b"[]", "not a Terraform plan"),
    "another JSON": (b'{"name": "x"}', "not a Terraform plan"),
    "a state file": (b'{"version": 4, "terraform_version": "1.9.0", "resources": []}', "state file"),
    "a state as JSON": (b'{"format_version": "1.0", "values": {}}', "state in JSON"),
    "no text": (b"\xff\xfe\x00", "not text"),
    "nested": (b'{"format_version": ' + b"[" * 500_000, "nested too deeply"),
    "other version": (b'{"format_version": "2.0", "resource_changes": []}', "format_version '2.0'"),
    "no configuration": (b'{"format_version": "1.2", "resource_changes": []}', "without its configuration"),
    "null for a list": (b'{"format_version": "1.2", "resource_changes": 3, "configuration": {"a": 1}}', "not a list"),
}


@pytest.mark.parametrize("raw, says", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_plan_is_named_and_the_others_are_judged(raw: bytes, says: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(raw)
    run = scan([broken, LEGACY], today=TODAY)
    assert [says in trouble.what for trouble in run.troubles] == [True]
    assert run.functions == 8


def test_a_truncated_plan_is_named(tmp_path: Path) -> None:
    cut = tmp_path / "plan.json"
    cut.write_bytes(LEGACY.read_bytes()[:50_000])
    run = scan([cut], today=TODAY)
    assert ["cut off" in trouble.what for trouble in run.troubles] == [True]


def test_an_errored_plan_is_refused(tmp_path: Path) -> None:
    assert ["errored" in trouble.what for trouble in scan([changed(tmp_path, errored=True)], today=TODAY).troubles] == [True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_plans_written_by_powershell_are_read(encoding: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(LEGACY.read_text("utf-8"), encoding)
    run = scan([plan], today=TODAY)
    assert (run.troubles, outcomes(run)) == ([], outcomes(scan([LEGACY], today=TODAY)))


def test_what_is_deleted_is_not_judged_and_what_is_replaced_is(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    functions = [change for change in changes if change["type"] == "aws_lambda_function"]
    functions[0]["change"].update(actions=["delete"], after=None)
    functions[1]["change"].update(actions=["delete", "create"])
    run = scan([changed(tmp_path, resource_changes=changes)], today=TODAY)
    judged = {finding.address for finding in run.findings}
    assert (run.functions, functions[0]["address"] in judged, functions[1]["address"] in judged) == (7, False, True)


def test_addresses_that_come_twice_are_judged_once(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    run = scan([changed(tmp_path, resource_changes=[*changes, *changes])], today=TODAY)
    assert (run.functions, outcomes(run)) == (8, outcomes(scan([LEGACY], today=TODAY)))


def test_nothing_sensitive_reaches_a_finding(tmp_path: Path) -> None:
    changes = json.loads(LEGACY.read_text("utf-8"))["resource_changes"]
    for change in changes:
        if change["type"] == "aws_lambda_function":
            variables = change["change"]["after"]["environment"][0]["variables"]
            variables["DATABASE_URL"] = "https://user:hunter2@orders.example.com"
            change["change"]["after_sensitive"] = {"environment": [{"variables": {"DATABASE_URL": True}}]}
    run = scan([changed(tmp_path, resource_changes=changes)], today=TODAY)
    assert run.troubles == []
    assert "hunter2" not in repr(run.findings)


def test_references_are_told_from_what_they_begin_with() -> None:
    listed = [
        "aws_subnet.a[0].id",
        "aws_subnet.a[0]",
        "aws_subnet.a",
        "aws_subnet.a",
        'module.net["x.y"].ids',
        'module.net["x.y"]',
        "module.net",
    ]
    assert [(each.text, each.steps) for each in written(listed)] == [
        ("aws_subnet.a[0].id", ("aws_subnet", "a", 0, "id")),
        ("aws_subnet.a", ("aws_subnet", "a")),
        ('module.net["x.y"].ids', ("module", "net", "x.y", "ids")),
    ]


def without_network(tmp_path: Path, *, stands: bool) -> Run:
    """What is said of a plan with `-target`: it holds what changes and what that refers to, and the rest only where that stands."""
    plan = json.loads(SECOND.read_text("utf-8"))
    left_out = [change for change in plan["resource_changes"] if change["type"].startswith(("aws_route", "aws_nat", "aws_eip"))]
    kept = [change for change in plan["resource_changes"] if change not in left_out]
    if not stands:
        state = plan["prior_state"]["values"]["root_module"]
        addresses = {change["address"] for change in left_out}
        state["resources"] = [resource for resource in state["resources"] if resource["address"] not in addresses]
    target = tmp_path / "plan.json"
    target.write_text(json.dumps({**plan, "resource_changes": kept, "complete": False}), "utf-8")
    return scan([target], today=TODAY)


def test_what_a_targeted_plan_leaves_as_it_stands_counts(tmp_path: Path) -> None:
    assert outcomes(without_network(tmp_path, stands=True)) == outcomes(scan([SECOND], today=TODAY))


def test_what_a_targeted_plan_leaves_out_may_hold_the_reason(tmp_path: Path) -> None:
    run = without_network(tmp_path, stands=False)
    assert run.functions == 8
    unexplained = [f for f in run.findings if f.policy.id == "SLS_VPC_1" and f.verdict.outcome is Outcome.FAILED]
    assert unexplained == []
    (first, *_) = (f for f in run.findings if f.policy.id == "SLS_VPC_1" and f.verdict.outcome is Outcome.UNDECIDED)
    assert "the rest of " in first.verdict.says and "(complete: false)" in first.verdict.says


def test_what_was_moved_stands_once(tmp_path: Path) -> None:
    changes = changes_of(SECOND)
    for change in changes:
        if change["address"] == "aws_nat_gateway.shop":
            change.update(address="aws_nat_gateway.main", name="main", previous_address="aws_nat_gateway.shop")
    second(tmp_path, changes)
    (root,) = read_plans([tmp_path / "plan.json"], today=TODAY).roots
    assert root.estate is not None
    assert [address for address in root.estate.things if address.startswith("aws_nat_gateway.")] == ["aws_nat_gateway.main"]


def test_templates_beside_the_source_are_read(tmp_path: Path) -> None:
    """What a plan does not know of a policy, because one of the template's values is not known, stands in the template."""
    stream = ESTATES / "cqrs_stream"
    for file in stream.glob("*.tf"):
        text = file.read_text("utf-8")
        written_there = "  policy = data.aws_iam_policy_document.write_order.json"
        template = 'templatefile("${path.module}/policy.json.tpl", { store = aws_dynamodb_table.orders_by_customer.arn })'
        (tmp_path / file.name).write_text(text.replace(written_there, f"  policy = {template}"), "utf-8")
    statement = '{"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "${store}"}'
    (tmp_path / "policy.json.tpl").write_text(f'{{"Version": "2012-10-17", "Statement": [{statement}]}}', "utf-8")
    (root,) = read_plans([stream / "plan.json"], today=TODAY, source=tmp_path, base=tmp_path).roots
    assert root.estate is not None
    role = root.estate.things["aws_iam_role.write_order"]
    assert isinstance(role, Role)
    statements = [statement for document in role.documents for statement in document.statements]
    assert [(list(each.actions), [link.target for link in each.resources]) for each in statements] == [
        (["dynamodb:PutItem"], ["aws_dynamodb_table.orders_by_customer"])
    ]


def test_an_identifier_that_two_things_hold_links_by_what_is_written_alone(tmp_path: Path) -> None:
    """As where one account is planned twice over, by two regions or two providers."""
    plan = json.loads(QUEUE.read_text("utf-8"))
    arns = {change["address"]: change["change"]["after"]["arn"] for change in plan["resource_changes"] if change["type"] == "aws_iam_role"}
    first, second_role, *_ = arns
    text = json.dumps(plan).replace(json.dumps(arns[second_role]), json.dumps(arns[first]))
    (tmp_path / "plan.json").write_text(text, "utf-8")
    (root,) = read_plans([tmp_path / "plan.json"], today=TODAY).roots
    assert root.estate is not None
    roles = {function.role.target for function in root.estate.all(Function) if function.role is not None}
    assert {first, second_role} <= roles
