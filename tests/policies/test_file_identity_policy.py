"""SLS_FS_3: what a file system's policy says, statement by statement, and what may say more. Its fixtures hold the same as Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    access_point,
    document,
    estate,
    file_system,
    function,
    known,
    link,
    listing,
    module_call,
    place,
    statement,
    unknown,
)
from policies_by_hand import policy_of
from serverful.estate.model import Condition, FilePolicy, Principal, Statement, Thing
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_FS_3")
FILES = "aws_efs_file_system.files"
MOUNTING = function("aws_lambda_function.f", file_system=link("aws_efs_access_point.files.arn"), role=link("aws_iam_role.f.arn"))
POINT = access_point("aws_efs_access_point.files", FILES)
MOUNT = "elasticfilesystem:ClientMount"
ANYBODY = Principal("AWS", link("*"))
ROLE = Principal("AWS", link("aws_iam_role.f.arn"))


def says(*principals: Principal, actions: Any = (MOUNT,), keys: tuple[str, ...] = (), **given: Any) -> Statement:
    conditions = tuple(Condition("StringEquals", key, listing("x")) for key in keys)
    return statement(*actions, principals=listing(*principals), conditions=conditions, **given)


def guarded(*statements: Statement, exists: Any = True, unread: Any = ()) -> FilePolicy:
    address = "aws_efs_file_system_policy.files"
    at = place(address, line=40)
    return FilePolicy(address, at, document(*statements, unknown=unread), exists if not isinstance(exists, bool) else known(exists, at))


def asked(*policies: FilePolicy, things: tuple[Thing, ...] = (MOUNTING, POINT), maybe: Any = (), **given: Any) -> Verdict:
    subject = file_system(FILES, policies=policies, unknown=maybe)
    return POLICY(subject, estate(subject, *things, **given))


class TestWithoutAPolicy:
    def test_the_network_is_the_only_permission(self) -> None:
        verdict = asked()
        assert (verdict.outcome, verdict.kind) == (Outcome.FAILED, Kind.CONTRADICTED)
        assert verdict.instead is not None and "to aws_iam_role.f, under the conditions" in verdict.instead
        assert [seen.says for seen in verdict.path] == ["EFS file system", "mounted by aws_lambda_function.f"]

    @pytest.mark.parametrize(
        "given",
        [
            {"is_child": True},
            {"evaluated": False},
            {"unreadable": ("policy.tf",)},
            {"maybe": (unknown("var.file_system_id"),)},
            {"things": (MOUNTING, POINT, module_call("module.guard", "./guard", links=(link(f"{FILES}.id"),)))},
        ],
        ids=["child", "not evaluated", "unreadable", "maybe", "module"],
    )
    def test_one_may_stand_where_we_do_not_see_it(self, given: dict[str, Any]) -> None:
        assert asked(**given).outcome is Outcome.UNDECIDED

    @pytest.mark.parametrize(
        "source", ["terraform-aws-modules/ecs/aws", "git::https://github.com/terraform-aws-modules/terraform-aws-ecs.git?ref=v5.0.0"]
    )
    def test_a_module_that_writes_none(self, source: str) -> None:
        backup = module_call("module.x", source, links=(link(f"{FILES}.id"),))
        assert asked(things=(MOUNTING, POINT, backup)).outcome is Outcome.FAILED

    def test_one_that_exists_only_perhaps(self) -> None:
        assert asked(guarded(says(ROLE), exists=unknown("var.is_guarded"))).outcome is Outcome.UNDECIDED

    def test_mounted_by_no_function(self) -> None:
        assert asked(things=()).outcome is Outcome.NOT_OURS

    def test_a_mount_that_cannot_be_followed_may_lead_here(self) -> None:
        outside = function("aws_lambda_function.g", file_system=link("var.arn", origin="unknown", target=None))
        assert asked(things=(outside,)).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([says(ANYBODY)], Outcome.FAILED),
        ([says(Principal("*", link("*")))], Outcome.FAILED),
        ([says(ROLE, ANYBODY)], Outcome.FAILED),
        ([says(ANYBODY, actions=("elasticfilesystem:Client*",))], Outcome.FAILED),
        ([says(ANYBODY, keys=("aws:SecureTransport",))], Outcome.FAILED),
        ([says(ANYBODY, keys=("aws:SourceIp", "aws:SourceVpc"))], Outcome.FAILED),
        ([says(ROLE), says(ANYBODY)], Outcome.FAILED),
        ([says(ANYBODY, keys=("aws:SecureTransport", "aws:PrincipalOrgID"))], Outcome.PASSED),
        ([says(ANYBODY, keys=("elasticfilesystem:AccessedViaMountTarget",))], Outcome.PASSED),
        ([says(ANYBODY, actions=("elasticfilesystem:DescribeTags",))], Outcome.PASSED),
        ([says(ANYBODY), says(ANYBODY, effect="Deny", keys=("aws:PrincipalArn",))], Outcome.PASSED),
        ([says(ANYBODY), says(ANYBODY, effect="Deny", keys=("aws:SecureTransport",))], Outcome.FAILED),
        ([says(ANYBODY), says(ROLE, effect="Deny", keys=("aws:PrincipalArn",))], Outcome.FAILED),
        ([says(ROLE)], Outcome.PASSED),
        ([says(Principal("AWS", link("123456789012")))], Outcome.PASSED),
        ([says(ANYBODY, effect="Deny", keys=("aws:SecureTransport",))], Outcome.PASSED),
        ([says(ANYBODY, effect=unknown("var.effect"))], Outcome.UNDECIDED),
        ([says(ANYBODY, conditions_unknown=(unknown("var.conditions"),))], Outcome.UNDECIDED),
        ([says(ANYBODY, actions=(), actions_unknown=(unknown("var.actions"),))], Outcome.UNDECIDED),
        ([statement(MOUNT, principals=listing(unknown=[unknown("var.readers")]))], Outcome.UNDECIDED),
    ],
)
def test_statements(statements: list[Statement], expected: Outcome) -> None:
    assert asked(guarded(*statements)).outcome is expected


def test_what_is_not_read_may_say_anything() -> None:
    assert asked(guarded(says(ROLE), unread=[unknown("var.more")])).outcome is Outcome.UNDECIDED


def test_it_notes_what_the_policy_could_ask_for_as_well() -> None:
    assert asked(guarded(says(ROLE))).says == (
        "The EFS file system's policy names who may mount it (aws_iam_role.f); "
        "it does not ask for TLS (aws:SecureTransport) or an access point (elasticfilesystem:AccessPointArn)."
    )
    all_asked = says(ROLE, keys=("aws:SecureTransport", "elasticfilesystem:AccessPointArn"))
    assert asked(guarded(all_asked)).says == "The EFS file system's policy names who may mount it (aws_iam_role.f)."


def test_a_file_system_of_another_root_is_decided_there() -> None:
    outside = function("aws_lambda_function.g", file_system=link("var.access_point_arn"))
    verdict = POLICY(outside, estate(outside))
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)
    perhaps = function("aws_lambda_function.g", file_system=unknown("var.mounts"))
    assert POLICY(perhaps, estate(perhaps)).outcome is Outcome.UNDECIDED
    for mounts in (None, link("aws_s3files_access_point.a.arn")):
        subject = function("aws_lambda_function.g", file_system=mounts)
        assert POLICY(subject, estate(subject)).outcome is Outcome.NOT_OURS
    here = estate(MOUNTING, POINT, file_system(FILES))
    assert POLICY(MOUNTING, here).outcome is Outcome.NOT_OURS
