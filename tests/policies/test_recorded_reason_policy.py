"""SLS_RAD_3 by cases: what it asks, how seriously, and when it is silent. What VPC_1 answered is given; its own tests are elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import attachment, comment, estate, function, known, link, listing, place, provisioned, tags, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.model import Thing
from serverful.evidence import account as account_module
from serverful.evidence.categories import FEATURES
from serverful.evidence.evidence import Evidence, Grade
from serverful.policy import Severity
from serverful.verdict import Outcome, Verdict, failed, passed, undecided

POLICY = policy_of("SLS_RAD_3")

A = "aws_lambda_function.a"
VPC: dict[str, Any] = {"attachment": attachment(at=place(A, line=5))}
IMAGE: dict[str, Any] = {"package_type": known("Image", place(A, line=3)), "runtime": None, "handler": None}
NATIVE: dict[str, Any] = {"runtime": "provided.al2023", "handler": "bootstrap"}
GOOD = "relational-database until=2026-06-30 owner=shop ledger"

SEEN = Evidence("aws_security_group.db admits it", place("aws_security_group.db"), grade=Grade.E1)
VPC_1 = {
    "passed": passed("it reaches a database", SEEN),
    "failed": failed("nothing private is reached", SEEN),
    "undecided": undecided("DB_HOST comes from outside", unknown("var.db_host"), missed=("a rule between security groups",)),
}


@pytest.fixture(autouse=True)
def _vpc_1(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = VPC_1[getattr(request, "param", "undecided")]
    monkeypatch.setattr(account_module, "why_attached", lambda *_: answer)
    # Nor is it about what SLS_RT_2 and SLS_EXT_1 answer: here that is always left open, so that these stand for any other feature.
    monkeypatch.setattr(account_module, "why_image", lambda *_: undecided("who knows"))
    monkeypatch.setattr(account_module, "why_extension", lambda *_: undecided("who knows"))


def asked(*things: Thing, **given: Any) -> Verdict:
    return POLICY(function(A, **given), estate(function(A, **given), *things))


class TestMissing:
    def test_it_is_a_question(self) -> None:
        verdict = asked(**VPC)
        assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, Severity.INFO)
        assert verdict.says == "Nothing here says why the function is attached to a VPC."
        assert [evidence.place.line for evidence in verdict.path] == [5]
        assert verdict.missed == ("a tag or a comment serverful:vpc", "a rule between security groups")
        assert verdict.instead is not None and f"`serverful reason {A} --feature vpc --category … --until … --owner …`" in verdict.instead

    def test_hints_are_told_and_prove_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hint = Evidence("a security group is data.aws_security_group.redis.id", place(A, line=7), grade=Grade.E6)
        hinted = undecided("a group comes from outside", unknown("data.aws_security_group.redis.id"), path=(SEEN, hint))
        monkeypatch.setattr(account_module, "why_attached", lambda *_: hinted)
        verdict = asked(**VPC, **IMAGE)
        assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, Severity.INFO)
        assert verdict.says.endswith("There are hints at the reason, but no proof: a security group is data.aws_security_group.redis.id.")
        assert hint in verdict.path and SEEN not in verdict.path
        assert asked(**VPC, tags={"serverful:vpc": GOOD}).outcome is Outcome.PASSED

    def test_one_finding_names_all_features(self) -> None:
        layers = listing(link("arn:aws:lambda:eu-central-1:634166935893:layer:vault-lambda-extension:20"))
        mounted = {"file_system": known(link("aws_efs_access_point.a.arn")), "ephemeral_storage_mb": unknown("var.scratch_mb")}
        verdict = asked(**VPC, layers=layers, **mounted)
        assert (
            "is attached to a VPC and carries an extension: HashiCorp Vault Lambda extension (as of 2026-11-23) and mounts" in verdict.says
        )
        assert len(verdict.path) == 3

    def test_only_what_is_not_explained(self) -> None:
        verdict = asked(**VPC, **IMAGE, tags={"serverful:vpc": GOOD})
        assert verdict.says == "Nothing here says why the function is a container image."

    def test_provisioned_concurrency(self) -> None:
        mine = provisioned("aws_lambda_provisioned_concurrency_config.a", function=link(f"{A}.function_name"))
        assert asked(mine).severity is Severity.INFO
        assert "no API, function URL" in asked(mine).missed[1]
        assert asked(mine, tags={"serverful:SLS_PC_1": "burst-scale until=2026-06-30 owner=shop"}).outcome is Outcome.PASSED


class TestExplained:
    @pytest.mark.parametrize("key", ["vpc", "SLS_VPC_1", "SLS_VPC_2"])
    def test_by_a_reason(self, key: str) -> None:
        verdict = asked(**VPC, tags={f"serverful:{key}": GOOD})
        assert verdict.outcome is Outcome.PASSED
        assert verdict.path[0].grade is Grade.E5
        assert "relational-database: ledger (owner shop, until 2026-06-30)" in verdict.path[0].says

    def test_not_by_a_reason_for_another_question(self) -> None:
        assert asked(**VPC, tags={"serverful:SLS_VPC_8": GOOD}).outcome is Outcome.FAILED

    @pytest.mark.parametrize("_vpc_1", ["passed"], indirect=True)
    def test_by_evidence(self) -> None:
        assert asked(**VPC) == passed("Each serverful feature of the function is explained.", SEEN)

    def test_by_a_compiled_program(self) -> None:
        assert asked(**NATIVE).outcome is Outcome.PASSED


class TestSilent:
    def test_nothing_serverful(self) -> None:
        assert asked().outcome is Outcome.NOT_OURS

    @pytest.mark.parametrize("_vpc_1", ["failed"], indirect=True)
    def test_where_the_features_own_policy_has_asked(self) -> None:
        assert asked(**VPC).outcome is Outcome.NOT_OURS
        assert asked(**VPC, **IMAGE).says == "Nothing here says why the function is a container image."

    def test_where_sls_fs_1_has_asked_about_the_file_system(self) -> None:
        mounted = {"file_system": known(link("aws_efs_access_point.a.arn"))}
        assert asked(**mounted).outcome is Outcome.NOT_OURS
        assert asked(**mounted, ephemeral_storage_mb=10240).outcome is Outcome.PASSED
        assert asked(**mounted, tags={"serverful:SLS_FS_1": "file-api until=2026-06-30 owner=shop"}).outcome is Outcome.PASSED

    def test_an_unknown_layer(self) -> None:
        assert asked(layers=listing(unknown=[unknown("var.layers")])).outcome is Outcome.NOT_OURS

    def test_a_skip_is_no_reason(self) -> None:
        assert asked(**VPC, comments=["checkov:skip=SLS_VPC_1:legacy"]).outcome is Outcome.FAILED


class TestUndecided:
    TAGS = tags(unknown=[unknown("var.tags")])

    def test_tags_from_outside_may_hold_the_reason(self) -> None:
        verdict = asked(**VPC, tags=self.TAGS)
        assert (verdict.outcome, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, ["var.tags"])
        assert "a reason may be among its tags" in verdict.says

    def test_but_not_matter_where_nothing_is_missing(self) -> None:
        assert asked(**VPC, tags=tags({"serverful:vpc": GOOD}, unknown=[unknown("var.tags")])).outcome is Outcome.PASSED
        assert asked(tags=self.TAGS).outcome is Outcome.NOT_OURS

    def test_a_feature_decided_outside(self) -> None:
        verdict = asked(attachment=unknown("var.in_vpc"))
        assert (verdict.outcome, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, ["var.in_vpc"])

    def test_a_question_comes_before_it(self) -> None:
        assert asked(**IMAGE, attachment=unknown("var.in_vpc")).outcome is Outcome.FAILED


class TestFaultyReasons:
    @pytest.mark.parametrize(
        ("value", "severity", "says"),
        [
            ("cache until=2026-01-14 owner=shop", Severity.MEDIUM, "serverful:vpc is expired: it ended on 2026-01-14"),
            ("cache until=2026-06-30", Severity.MEDIUM, "serverful:vpc is malformed: it has no owner="),
        ],
    )
    def test_they_answer_nothing_and_are_said(self, value: str, severity: Severity, says: str) -> None:
        verdict = asked(**VPC, tags={"serverful:vpc": value})
        assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, severity)
        assert says in verdict.says
        assert "Nothing here" not in verdict.says, "one question, one sentence"
        assert verdict.instead is not None and f"`serverful reason {A} --feature vpc " in verdict.instead

    @pytest.mark.parametrize("_vpc_1", ["passed", "failed"], indirect=True)
    def test_also_where_nothing_else_is_asked(self) -> None:
        verdict = asked(**VPC, tags={"serverful:vpc": "cache until=2026-01-14 owner=shop"})
        assert verdict.severity is Severity.MEDIUM and "Nothing here" not in verdict.says

    def test_also_where_tags_come_from_outside(self) -> None:
        verdict = asked(**VPC, tags=tags({"serverful:vpc": "soon"}, unknown=[unknown("var.tags")]))
        assert verdict.severity is Severity.MEDIUM and "Nothing here" not in verdict.says

    def test_an_unknown_key_is_malformed(self) -> None:
        verdict = asked(**VPC, tags={"serverful:vcp": GOOD})
        assert "serverful:vcp is malformed" in verdict.says and "why the function is attached to a VPC" in verdict.says
        assert verdict.severity is Severity.MEDIUM

    def test_stale(self) -> None:
        verdict = asked(tags={"serverful:vpc": GOOD})
        assert (verdict.outcome, verdict.severity) == (Outcome.FAILED, Severity.LOW)
        assert verdict.says == "The recorded reason serverful:vpc is stale: the function is not attached to a VPC."
        assert verdict.instead == "Remove the reason that explains nothing any more."

    def test_every_feature_can_be_stale(self) -> None:
        for feature in FEATURES:
            verdict = asked(tags={f"serverful:{feature}": "regulation until=2026-06-30 owner=shop"})
            assert f"serverful:{feature} is stale: " in verdict.says

    def test_a_stale_one_beside_a_missing_one(self) -> None:
        verdict = asked(**VPC, tags={"serverful:image": "package-size until=2026-06-30 owner=ml"})
        assert verdict.severity is Severity.LOW
        assert "serverful:image is stale" in verdict.says and "why the function is attached to a VPC" in verdict.says

    def test_a_comment_in_a_call_is_shared_by_all_the_module_makes(self) -> None:
        remark = comment(f"serverful:vpc {GOOD}", place("module.orders", "calls.tf", line=2))
        inside = function("module.orders.aws_lambda_function.write", **VPC, comments=[remark])
        outside = function("module.orders.aws_lambda_function.read", comments=[remark])
        assert POLICY(outside, estate(inside, outside)).outcome is Outcome.NOT_OURS
        assert "stale" in POLICY(outside, estate(outside)).says


class TestThroughTheJudge:
    def judged(self, **given: Any) -> Verdict:
        (finding,) = judged(estate(function(A, **given)), POLICY)
        return finding.verdict

    def test_a_reason_for_a_feature_does_not_silence_a_fault(self) -> None:
        faulty = {"serverful:vpc": GOOD, "serverful:image": "package-size"}
        assert self.judged(**VPC, **IMAGE, tags=faulty).outcome is Outcome.FAILED

    def test_only_a_reason_that_names_the_policy_does(self) -> None:
        named = {"serverful:SLS_RAD_3": "other until=2026-06-30 owner=shop moves next quarter anyway"}
        assert self.judged(**VPC, tags=named).outcome is Outcome.JUSTIFIED
