"""Reasons and rules of the settings: what they answer, when they are idle, and what a rule about a tag is evidence for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from estates_by_hand import TODAY, attachment, estate, function, place, tags, unknown
from estates_by_hand import nat_gateway as nat
from serverful import catalogue
from serverful.estate.estate import Estate
from serverful.estate.model import Thing
from serverful.estate.settings import Settings, StatedReason, VpcDemand
from serverful.evidence.attachment import why_attached
from serverful.evidence.evidence import Grade
from serverful.evidence.reasons import Problem, reasons_of
from serverful.evidence.stated import acquainted, matching_nothing
from serverful.finding import Finding
from serverful.judge import judge
from serverful.policy import Severity
from serverful.verdict import Outcome

A, B = "aws_lambda_function.a", "aws_lambda_function.b"
IN_VPC: dict[str, Any] = {"attachment": attachment()}
SPOT = replace(place("reasons[0]", ".serverful.yaml", 12), end_line=12)
RULE = VpcDemand("data-class", "confidential", "the ISMS says so", replace(SPOT, address="organisation.vpc_required[0]"))
POLICIES = [policy for policy in catalogue.load() if policy.id in {"SLS_VPC_1", "SLS_RAD_3"}]


def stated(address: str = "*", **given: Any) -> StatedReason:
    fields = {
        "root": "*",
        "key": "vpc",
        "category": "cache",
        "until": date(2026, 6, 30),
        "owner": "shop",
        "text": "sessions",
        "place": SPOT,
    }
    return StatedReason(address=address, **{**fields, **given})


def settled(*things: Thing, reasons: Sequence[StatedReason] = (), rules: Sequence[VpcDemand] = (), root: str = ".") -> Estate:
    settings = Settings(reasons=tuple(reasons), vpc_required=tuple(rules), file=".serverful.yaml")
    return replace(estate(*things, root=root), settings=settings)


def found(*estates: Estate) -> list[Finding]:
    findings, troubles = judge(estates, POLICIES)
    assert not troubles
    return findings


def of(findings: list[Finding], policy: str) -> dict[tuple[str, str], Finding]:
    return {(finding.place.root, finding.address): finding for finding in findings if finding.policy.id == policy}


class TestReasons:
    def test_it_answers_what_it_matches(self) -> None:
        a, b = function(A, **IN_VPC), function(B, **IN_VPC)
        house = settled(a, b, reasons=[stated("*.a")])
        (reason,) = reasons_of(a, house).valid
        assert (reason.key, reason.category, reason.owner, reason.text, reason.source) == ("vpc", "cache", "shop", "sessions", "settings")
        assert reason.place == SPOT
        assert not reasons_of(b, house).valid
        answers = {key[1]: finding.verdict.outcome for key, finding in of(found(house), "SLS_VPC_1").items()}
        assert answers == {A: Outcome.JUSTIFIED, B: Outcome.UNDECIDED}

    @pytest.mark.parametrize(
        ("root", "is_meant"), [("*", True), ("shop", True), ("sh?p", True), ("stock", False), ("Shop", False), (".", False)]
    )
    def test_it_speaks_of_its_roots(self, root: str, is_meant: bool) -> None:
        a = function(A, **IN_VPC)
        assert bool(reasons_of(a, settled(a, reasons=[stated(root=root)], root="shop")).valid) is is_meant

    def test_what_stands_nearer_comes_first(self) -> None:
        a = function(A, **IN_VPC, tags={"serverful:vpc": "regulation until=2026-06-30 owner=law"})
        assert [reason.source for reason in reasons_of(a, settled(a, reasons=[stated(), stated(A)])).valid] == [
            "tag",
            "settings",
            "settings",
        ]

    def test_it_renews_a_tag_that_has_ended(self) -> None:
        a = function(A, **IN_VPC, tags={"serverful:vpc": "cache until=2025-06-30 owner=shop"})
        assert reasons_of(a, settled(a)).faulty and not reasons_of(a, settled(a, reasons=[stated()])).faulty

    def test_the_last_day_holds(self) -> None:
        a = function(A, **IN_VPC)
        assert reasons_of(a, settled(a, reasons=[stated(until=TODAY)])).valid

    def test_one_that_has_ended_is_held_against_those_that_need_it(self) -> None:
        house = settled(function(A, **IN_VPC), function(B), reasons=[stated(until=date(2025, 6, 30))])
        heard = of(found(house), "SLS_RAD_3")
        assert list(heard) == [(".", A)]
        (fault,) = reasons_of(house.things[A], house).faulty
        assert (fault.problem, fault.says, fault.place) == (
            Problem.EXPIRED,
            "it ended on 2025-06-30; shop knows whether it still holds",
            SPOT,
        )
        assert heard[".", A].severity is Severity.MEDIUM and ".serverful.yaml:12" in str(heard[".", A].verdict.path[0])

    def test_a_policy_is_named_by_its_id(self) -> None:
        a = function(A, **IN_VPC)
        house = settled(a, reasons=[stated(key="SLS_VPC_1")])
        assert of(found(house), "SLS_VPC_1")[".", A].verdict.outcome is Outcome.JUSTIFIED

    def test_it_is_named_among_what_was_looked_at(self) -> None:
        heard = of(found(settled(function(A, **IN_VPC))), "SLS_RAD_3")[".", A]
        assert "a tag or a comment serverful:vpc, and an entry in .serverful.yaml" in heard.verdict.missed


class TestIdle:
    def idle(self, *estates: Estate) -> list[tuple[str, str]]:
        heard = of(found(*estates), "SLS_RAD_3")
        stale = {key: finding for key, finding in heard.items() if "stale" in finding.verdict.says}
        assert all(finding.severity is Severity.LOW for finding in stale.values())
        return list(stale)

    def test_it_is_told_once_on_the_first_function(self) -> None:
        house = settled(function(B), function(A), reasons=[stated()])
        assert self.idle(house) == [(".", A)]
        says = of(found(house), "SLS_RAD_3")[".", A].verdict.says
        assert says == "The recorded reason serverful:vpc is stale: it is for *, and no function there has what it explains."

    def test_one_function_that_needs_it_is_enough(self) -> None:
        assert self.idle(settled(function(A), function(B, **IN_VPC), reasons=[stated()])) == []
        assert self.idle(settled(function(A), function(B, attachment=unknown("var.vpc")), reasons=[stated()])) == []

    def test_in_whatever_root(self) -> None:
        reasons = [stated(A)]
        without = [settled(function(A, root=root), reasons=reasons, root=root) for root in ("one", "two")]
        assert self.idle(*without) == [("one", A)]
        assert self.idle(*without, settled(function(A, root="three", **IN_VPC), reasons=reasons, root="three")) == []

    def test_what_was_not_read_may_need_it(self) -> None:
        def partly(reason: StatedReason) -> Estate:
            house = settled(function(A), reasons=[reason])
            return replace(house, settings=replace(house.settings, is_partial=True))

        assert self.idle(partly(stated())) == []
        assert self.idle(partly(stated(root="."))) == [(".", A)], "its only root was read"
        house = settled(function(A), reasons=[stated()])
        assert self.idle(replace(house, unreadable=("broken.tf",))) == []
        assert self.idle(replace(house, evaluated=False)) == []
        elsewhere = replace(settled(reasons=[stated(root=".")], root="two"), unreadable=("two/broken.tf",))
        assert self.idle(settled(function(A), reasons=[stated(root=".")]), elsewhere) == [(".", A)]

    def test_one_that_has_ended_too_is_told_as_idle(self) -> None:
        assert self.idle(settled(function(A), reasons=[stated(until=date(2025, 6, 30))])) == [(".", A)]

    def test_a_policy_speaks_of_what_its_group_speaks_of(self) -> None:
        assert self.idle(settled(function(A), reasons=[stated(key="SLS_VPC_7")])) == [(".", A)]
        assert self.idle(settled(function(A), reasons=[stated(key="SLS_FLOW_1", category="regulation")])) == []

    def test_what_is_no_function_may_need_it(self) -> None:
        fixed = [stated(key="fixed-ip", category="fixed-ip")]
        assert self.idle(settled(function(A), reasons=fixed)) == [(".", A)]
        assert self.idle(settled(function(A), nat("aws_nat_gateway.a"), reasons=fixed)) == []

    def test_tags_and_comments_are_as_before(self) -> None:
        assert self.idle(settled(function(A, tags={"serverful:vpc": "cache until=2026-06-30 owner=shop"}))) == [(".", A)]

    def test_estates_without_stated_reasons_are_left_as_they_are(self) -> None:
        house = settled(function(A))
        assert acquainted([house])[0] is house and acquainted([]) == []


def test_what_matches_nothing_is_known() -> None:
    nowhere, here = stated("aws_lambda_function.c"), stated(B)
    one, two = settled(function(A), reasons=[nowhere, here]), settled(function(B), reasons=[nowhere, here], root="two")
    assert matching_nothing([one, two]) == [nowhere]
    assert matching_nothing([]) == []


class TestRules:
    def verdict(self, rule: VpcDemand = RULE, **given: Any) -> Any:
        inside = attachment(subnets=None, security_groups=None)
        return why_attached(function(A, attachment=inside, **given), settled(function(A, attachment=inside, **given), rules=[rule]))

    def test_a_function_with_the_tag_has_to_be_in_a_vpc(self) -> None:
        verdict = self.verdict(tags={"data-class": "confidential"})
        assert verdict.outcome is Outcome.PASSED
        assert [(seen.grade, seen.place, seen.says) for seen in verdict.path] == [
            (Grade.E4, RULE.place, "the organisation demands a VPC of functions with the tag data-class = confidential: the ISMS says so")
        ]

    def test_whatever_the_value_where_none_is_named(self) -> None:
        anything = replace(RULE, value=None)
        assert self.verdict(anything, tags={"data-class": "public"}).outcome is Outcome.PASSED
        assert self.verdict(anything, tags={"data-class": unknown("var.class")}).outcome is Outcome.PASSED

    @pytest.mark.parametrize("given", [{}, {"data-class": "public"}, {"Data-Class": "confidential"}, {"data-class": "Confidential"}])
    def test_others_are_asked_as_before(self, given: dict[str, str]) -> None:
        verdict = self.verdict(tags=given)
        assert verdict.outcome is not Outcome.PASSED and "the tag" not in verdict.says

    def test_tags_from_outside_leave_it_open(self) -> None:
        for given, name in ((tags(unknown=[unknown("var.tags")]), "var.tags"), (tags({"data-class": unknown("var.class")}), "var.class")):
            verdict = self.verdict(tags=given)
            assert verdict.outcome is Outcome.UNDECIDED and name in {one.expression for one in verdict.unknown}
            assert "whether it has the tag data-class = confidential, of which the organisation demands a VPC" in verdict.says

    def test_and_decide_nothing_where_there_is_no_rule(self) -> None:
        verdict = why_attached(function(A, **IN_VPC, tags=tags(unknown=[unknown("var.tags")])), settled(function(A)))
        assert "var.tags" not in {one.expression for one in verdict.unknown}


def test_a_reason_about_a_schedule_is_no_reason_about_a_file_system() -> None:
    """SLS_FS_4 asks functions that mount nothing, so a reason that names it is not idle on them; one for SLS_FS_1 is."""
    for key, is_idle in (("SLS_FS_4", False), ("SLS_FS_1", True)):
        (known,) = acquainted([settled(function(A), reasons=[stated(A, key=key, category="other", text="a clock is meant")])])
        assert (known.settings.reasons[0].idle_at is not None) is is_idle
