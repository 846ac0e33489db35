"""SLS_VPC_8: which answer each situation gets. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    capacity_provider,
    endpoint,
    estate,
    function,
    group_query,
    inside,
    known,
    link,
    listing,
    module_call,
    other,
    outside,
    place,
    rule,
    security_group,
    store,
    unknown,
)
from policies_by_hand import judged, policy_of
from serverful.estate.model import LatticeAssociation, OutsideRule, Thing
from serverful.estate.value import Known, Listing
from serverful.finding import Finding
from serverful.policy import Policy, Severity
from serverful.verdict import Kind, Outcome

OUT = rule("egress", ports=(443, 443), cidrs=listing("0.0.0.0/0"), address="aws_security_group.g")
ANYTHING = rule("egress", protocol="-1", ports=(None, None), cidrs=listing("0.0.0.0/0"), address="aws_security_group.g")
IN = rule("ingress", cidrs=listing("10.0.0.0/16"), address="aws_security_group.g")
GROUP = security_group("aws_security_group.g", OUT)
OWN = inside("aws_security_group.g.id")
LATTICE = LatticeAssociation(
    place=place("aws_vpclattice_service_network_vpc_association.v"),
    address="aws_vpclattice_service_network_vpc_association.v",
    type="aws_vpclattice_service_network_vpc_association",
    exists=known(True),
    vpc=None,
    security_groups=OWN,
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of("SLS_VPC_8")


def attached(name: str = "f", groups: Any = OWN, *, role: str | None = "aws_iam_role.f.arn", **given: Any) -> Thing:
    return function(
        f"aws_lambda_function.{name}",
        attachment=attachment(subnets=inside("aws_subnet.a.id"), security_groups=groups),
        role=link(role) if role else None,
        **given,
    )


def answer(policy: Policy, *things: Thing) -> Finding:
    """What is said of `aws_lambda_function.f`, or of the only one there is."""
    findings = judged(estate(*things), policy)
    return next((found for found in findings if found.address == "aws_lambda_function.f"), findings[0])


def outcome(policy: Policy, *things: Thing) -> Outcome:
    return answer(policy, *things).verdict.outcome


def test_a_group_of_its_own_without_ingress_passes(policy: Policy) -> None:
    assert outcome(policy, attached(), GROUP) is Outcome.PASSED
    assert outcome(policy, attached(), security_group("aws_security_group.g")) is Outcome.PASSED  # no egress rule, no egress


@pytest.mark.parametrize(
    "faulty", [IN, ANYTHING, rule("ingress", is_self=True, address="aws_security_group.g")], ids=["in", "out", "itself"]
)
def test_rules(policy: Policy, faulty: Any) -> None:
    found = answer(policy, attached(), security_group("aws_security_group.g", OUT, faulty))
    assert (found.verdict.outcome, found.severity, found.verdict.kind) == (Outcome.FAILED, Severity.LOW, Kind.CONTRADICTED)


@pytest.mark.parametrize(
    "beside",
    [
        store("aws_db_instance.d", security_groups=OWN),
        store("aws_lb.public", "load balancer", security_groups=OWN, is_in_vpc=False),
        endpoint("aws_vpc_endpoint.e", kind="Interface", security_groups=OWN),
        other("aws_codebuild_project.b", security_groups=OWN),
        LATTICE,
        capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(security_groups=OWN)),
        attached("g", role="aws_iam_role.g.arn"),
    ],
    ids=lambda thing: str(thing.address),
)
def test_others_in_the_group(policy: Policy, beside: Thing) -> None:
    found = answer(policy, attached(), GROUP, beside)
    assert found.verdict.outcome is Outcome.FAILED
    assert beside.address in found.verdict.says


@pytest.mark.parametrize(
    "beside",
    [store("aws_db_instance.d", security_groups=OWN), LATTICE],
    ids=lambda thing: str(thing.address),
)
def test_what_is_let_in_for_others_is_not_called_useless(policy: Policy, beside: Thing) -> None:
    """Who did as told would cut the database off from everybody."""
    verdict = answer(policy, attached(), security_group("aws_security_group.g", OUT, IN), beside).verdict
    assert beside.address in verdict.says
    assert "ingress" not in verdict.says
    assert not any("lets in" in seen.says for seen in verdict.path)


def test_a_store_that_stands_there_by_many_parts_is_named_once(policy: Policy) -> None:
    whole = store("aws_efs_file_system.f", "file system")
    parts = [store(f"aws_efs_mount_target.{n}", "file system", security_groups=OWN, parent=link("aws_efs_file_system.f.id")) for n in "ab"]
    says = answer(policy, attached(), security_group("aws_security_group.g", OUT), whole, *parts).verdict.says
    assert says.count("aws_efs_file_system.f") == 1 and "mount_target" not in says
    alone = answer(policy, attached(), security_group("aws_security_group.g", OUT), whole, parts[0]).verdict.says
    assert "(through aws_efs_mount_target.a)" in alone


def test_what_is_let_in_may_be_for_others(policy: Policy) -> None:
    group = security_group("aws_security_group.g", OUT, IN)
    perhaps = store("aws_efs_mount_target.m[0]", "file system", security_groups=OWN, exists=unknown("length(module.vpc.private_subnets)"))
    module = module_call("module.search", "terraform-aws-modules/ec2-instance/aws", links=(link("aws_security_group.g.id"),))
    assert outcome(policy, attached(), group, perhaps) is Outcome.UNDECIDED
    assert outcome(policy, attached(), group, module) is Outcome.UNDECIDED
    assert outcome(policy, attached(), group, attached("g")) is Outcome.FAILED  # nothing connects to a function


def test_functions_of_one_role_are_no_others(policy: Policy) -> None:
    assert outcome(policy, attached(), GROUP, attached("g"), attached("h")) is Outcome.PASSED


def test_many_functions_of_other_roles_are_counted(policy: Policy) -> None:
    others = [attached(f"g{number}", role=f"aws_iam_role.g{number}.arn") for number in range(9)]
    says = answer(policy, attached(), GROUP, *others).verdict.says
    assert "aws_lambda_function.g0, aws_lambda_function.g1, aws_lambda_function.g2 and 6 more" in says


@pytest.mark.parametrize(
    "beside",
    [
        attached("g", role="data.aws_iam_role.x.arn"),
        attached("g", role=None),
        attached("g", role="aws_iam_role.g.arn", exists=unknown("var.more")),
        store("aws_db_instance.d", security_groups=OWN, exists=unknown("var.database")),
        module_call("module.rules", "terraform-aws-modules/security-group/aws", links=(link("aws_security_group.g.id"),)),
    ],
    ids=["role of a data source", "role unknown", "function that may not exist", "store that may not exist", "module"],
)
def test_who_may_be_in_the_group_leaves_it_open(policy: Policy, beside: Thing) -> None:
    found = answer(policy, attached(), GROUP, beside)
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert found.verdict.unknown


@pytest.mark.parametrize(
    ("groups", "name"),
    [
        (outside("var.groups"), "var.groups"),
        (inside("sg-0a1b2c3d"), "sg-0a1b2c3d"),
        (inside("data.aws_security_group.q.id"), "data.aws_security_group.q.id"),
        (Listing(), "the security groups of aws_lambda_function.f"),
    ],
    ids=["variable", "literal", "data source", "none"],
)
def test_groups_from_outside_leave_it_open(policy: Policy, groups: Any, name: str) -> None:
    found = answer(policy, attached(groups=groups), group_query("data.aws_security_group.q", name="functions"))
    assert found.verdict.outcome is Outcome.UNDECIDED
    assert [part.expression for part in found.verdict.unknown] == [name]


def test_rules_that_let_in_to_a_group_from_outside_are_for_others(policy: Policy) -> None:
    """They are not called useless: who stands there besides cannot be seen, and may need them."""
    there = link("data.aws_security_group.q.id")
    at = place("aws_vpc_security_group_ingress_rule.r")
    added = OutsideRule(
        address=at.address, type="aws_vpc_security_group_ingress_rule", place=at, exists=Known(True, at), group=there, rule=IN
    )
    query = group_query("data.aws_security_group.q", name="database")
    verdict = answer(policy, attached(groups=inside("data.aws_security_group.q.id")), query, added).verdict
    assert (verdict.outcome, "for others, who are not in this root" in verdict.says) == (Outcome.FAILED, True)
    assert "for nothing" not in verdict.says and "Take the ingress rules away" not in str(verdict.instead)
    own = answer(policy, attached(), security_group("aws_security_group.g", OUT, IN)).verdict
    assert "Ingress rules are for nothing" in own.says and "Take the ingress rules away" in str(own.instead)


def test_a_group_from_outside_is_shared_all_the_same(policy: Policy) -> None:
    groups = inside("data.aws_security_group.q.id")
    beside = attached("g", groups, role="aws_iam_role.g.arn")
    assert outcome(policy, attached(groups=groups), beside, group_query("data.aws_security_group.q", name="functions")) is Outcome.FAILED
    assert outcome(policy, attached(groups=outside("var.g")), attached("g", outside("var.g"), role="aws_iam_role.g.arn")) is Outcome.FAILED


@pytest.mark.parametrize(
    ("groups", "things"),
    [
        ("aws_default_security_group.d.id", (security_group("aws_default_security_group.d", is_default=True),)),
        ("data.aws_security_group.q.id", (group_query("data.aws_security_group.q", name="default"),)),
    ],
    ids=["adopted and stripped", "data source"],
)
def test_a_default_group_weighs_more(policy: Policy, groups: str, things: tuple[Thing, ...]) -> None:
    found = answer(policy, attached(groups=inside(groups)), *things)
    assert (found.verdict.outcome, found.severity) == (Outcome.FAILED, Severity.MEDIUM)
    assert "is the default group of its VPC" in found.verdict.says
    assert "lets everything out" not in found.verdict.says


def test_the_default_group_of_a_known_module_is_one(policy: Policy) -> None:
    groups = listing(link("module.vpc.default_security_group_id", origin="module"))
    found = answer(policy, attached(groups=groups), module_call("module.vpc", "terraform-aws-modules/vpc/aws"))
    assert found.severity is Severity.MEDIUM
    found = answer(policy, attached(groups=groups), module_call("module.vpc", "git::https://example.com/vpc.git"))
    assert found.verdict.outcome is Outcome.UNDECIDED


def test_a_rule_that_may_not_exist_leaves_it_open(policy: Policy) -> None:
    block = other("aws_vpc_security_group_ingress_rule.r", exists=unknown("var.debug"))
    added = rule("ingress", address=block.address)
    group = security_group("aws_security_group.g", OUT, added, unseen=(unknown("var.debug"),))
    assert outcome(policy, attached(), group, block) is Outcome.UNDECIDED
    assert (
        outcome(policy, attached(), security_group("aws_security_group.g", IN, added, unseen=(unknown("var.debug"),)), block)
        is Outcome.FAILED
    )


def test_the_group_of_a_store_is_the_stores(policy: Policy) -> None:
    cluster = store("aws_eks_cluster.c", "container service")
    groups = listing(link("aws_eks_cluster.c.vpc_config[0].cluster_security_group_id", target="aws_eks_cluster.c"))
    found = answer(policy, attached(groups=groups), cluster)
    assert "is the own group of the container service aws_eks_cluster.c" in found.verdict.says


def test_a_capacity_provider_is_asked_as_well(policy: Policy) -> None:
    asked = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(security_groups=OWN))
    found = answer(policy, asked, security_group("aws_security_group.g", ANYTHING, IN))
    assert found.verdict.outcome is Outcome.FAILED
    assert found.verdict.says.startswith("The capacity provider does not own a closed security group")
    assert outcome(policy, asked, GROUP) is Outcome.PASSED


def test_the_rules_of_a_group_are_left_to_whoever_else_may_stand_in_it(policy: Policy) -> None:
    group = security_group("aws_security_group.g", IN)
    assert answer(policy, attached(), group).verdict.instead == "Take the ingress rules away."
    perhaps = store("aws_efs_mount_target.m", "file system", security_groups=OWN, exists=unknown("var.subnets"))
    handed = module_call("module.batch", "./batch", "group", links=(link("aws_security_group.g.id"),))
    assert [outcome(policy, attached(), group, other) for other in (perhaps, handed)] == [Outcome.UNDECIDED] * 2


def test_a_shared_group_beside_one_of_its_own_is_left(policy: Policy) -> None:
    shared = security_group("aws_security_group.shared", rule("egress", ports=(443, 443), cidrs=listing("0.0.0.0/0")))
    bastion = store("aws_instance.b", "instance", security_groups=inside("aws_security_group.shared.id"))
    both = inside("aws_security_group.g.id", "aws_security_group.shared.id")
    said = answer(policy, attached(groups=both), GROUP, shared, bastion).verdict.instead
    assert said and said.startswith("Take aws_security_group.shared out of security_group_ids: aws_security_group.g is its own.")
    wide = security_group("aws_security_group.g", ANYTHING)
    more = answer(policy, attached(groups=both), wide, shared, bastion).verdict.instead
    assert more and more.endswith("a prefix_list_id.")


def test_what_makes_the_function_exist_makes_its_rules_exist(policy: Policy) -> None:
    made = unknown("var.enabled ? 1 : 0")
    apart = other("aws_security_group_rule.out", exists=made)
    out = rule("egress", ports=(443, 443), cidrs=listing("0.0.0.0/0"), address="aws_security_group_rule.out")
    group = security_group("aws_security_group.g", out, unseen=(made,))
    assert outcome(policy, attached(exists=made), group, apart) is Outcome.PASSED
    assert outcome(policy, attached(), group, apart) is Outcome.UNDECIDED
