"""SLS_PC_1 by cases: who waits where executions are kept ready, who does not, and what cannot be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from estates_by_hand import (
    alias,
    comment,
    estate,
    function,
    invocation,
    link,
    module_call,
    on,
    output,
    place,
    provisioned,
    secret,
    tags,
    unknown,
)
from policies_by_hand import judged
from serverful import catalogue
from serverful.estate.estate import Estate
from serverful.estate.model import Callee, Invocation, Means, Qualified, Style, Thing
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICIES = {policy.id: policy for policy in catalogue.load()}
POLICY = POLICIES["SLS_PC_1"]

A = "aws_lambda_function.a"
LIVE = alias("aws_lambda_alias.live", A)
CONFIG = "aws_lambda_provisioned_concurrency_config.a"
ON_LIVE = on(f"{A}.arn", "live", alias="aws_lambda_alias.live")
LATEST = on(f"{A}.arn")
PUBLISHED = on(f"{A}.qualified_arn", "")


def to(qualified: Qualified, qualifier: str = "") -> Callee:
    return on(f"{A}.arn", qualifier, qualified=qualified)


SOMEWHERE = to(Qualified.UNKNOWN)


def api(callee: Callee = ON_LIVE, **given: Any) -> Invocation:
    return invocation(given.pop("by", "aws_apigatewayv2_integration.a"), callee, service="API Gateway", **given)


def queue(callee: Callee = ON_LIVE, **given: Any) -> Invocation:
    return invocation("aws_lambda_event_source_mapping.a", callee, Style.POLLED, service="SQS", **given)


def bucket(callee: Callee = ON_LIVE, **given: Any) -> Invocation:
    return invocation("aws_s3_bucket_notification.a", callee, Style.ASYNCHRONOUS, service="S3", **given)


def pipe(callee: Callee = ON_LIVE) -> Invocation:
    return invocation("aws_pipes_pipe.a", callee, Style.EITHER, service="EventBridge Pipes")


def permission(callee: Callee = ON_LIVE, service: str = "API Gateway", style: Style = Style.SYNCHRONOUS) -> Invocation:
    return invocation("aws_lambda_permission.a", callee, style, service=service, is_permission=True)


def house(
    *calls: Invocation, kept: Callee = ON_LIVE, things: tuple[Thing, ...] = (), fn: dict[str, Any] | None = None, **given: Any
) -> Estate:
    config = provisioned(CONFIG, callee=kept, executions=5)
    return estate(function(A, **(fn or {})), LIVE, config, *things, invocations=calls, **given)


def asked(*calls: Invocation, **given: Any) -> Verdict:
    whole = house(*calls, **given)
    return POLICY(whole.things[A], whole)


class TestNotOurs:
    def test_nothing_is_kept_ready(self) -> None:
        whole = estate(function(A), LIVE, invocations=(queue(),))
        assert POLICY(whole.things[A], whole).outcome is Outcome.NOT_OURS

    def test_another_functions(self) -> None:
        other = provisioned("x.b", "aws_lambda_function.b.arn")
        whole = estate(function(A), function("aws_lambda_function.b"), other)
        assert POLICY(whole.things[A], whole).outcome is Outcome.NOT_OURS


class TestSomebodyWaits:
    def test_it_cites_caller_and_capacity(self) -> None:
        verdict = asked(api(), queue())
        assert verdict.outcome is Outcome.PASSED
        assert [evidence.says for evidence in verdict.path] == [
            "API Gateway calls alias live and waits for the answer",
            "keeps 5 executions ready on alias live",
        ]

    @pytest.mark.parametrize(
        ("kept", "called"),
        [
            (ON_LIVE, to(Qualified.ALIAS, "live")),  # by its name alone
            (PUBLISHED, ON_LIVE),  # the alias points to that version
            (ON_LIVE, PUBLISHED),
            (to(Qualified.ALIAS, "green"), to(Qualified.ALIAS, "green")),  # an alias that is not in this root
            (to(Qualified.VERSION, "7"), to(Qualified.VERSION, "7")),
        ],
    )
    def test_under_whatever_name(self, kept: Callee, called: Callee) -> None:
        assert asked(api(called), kept=kept).outcome is Outcome.PASSED

    def test_by_permission_alone(self) -> None:
        assert asked(permission()).outcome is Outcome.PASSED

    def test_by_permission_beside_another_service_that_goes_past(self) -> None:
        assert asked(permission(service="Cognito"), api(LATEST)).outcome is Outcome.PASSED

    def test_whatever_the_qualifier_is(self) -> None:
        assert asked(api(), api(LATEST, by="x.b"), kept=SOMEWHERE).outcome is Outcome.PASSED

    def test_where_caller_and_function_exist_together(self) -> None:
        both = unknown("var.create", place(A))
        assert asked(api(exists=both), fn={"exists": both}).outcome is Outcome.PASSED


class TestNobodyWaits:
    @pytest.mark.parametrize(
        ("calls", "says"),
        [
            ([queue()], "an event source mapping reads SQS for alias live"),
            ([bucket()], "S3 hands events to alias live"),
            ([queue(), bucket()], "an event source mapping reads SQS for alias live and S3 hands events to alias live"),
            ([permission(service="SNS", style=Style.ASYNCHRONOUS)], "SNS is permitted to call alias live"),
            ([queue(), bucket(exists=unknown("var.b"))], "reads SQS"),  # which would not wait either
        ],
    )
    def test_asynchronous_and_polled(self, calls: list[Invocation], says: str) -> None:
        verdict = asked(*calls)
        assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.CONTRADICTED, None)
        assert POLICY.severity is Severity.HIGH
        assert says in verdict.says
        assert verdict.path[-1].says == "keeps 5 executions ready on alias live"
        assert verdict.instead is not None and f"Remove {CONFIG}" in verdict.instead

    def test_who_waits_goes_past_it(self) -> None:
        verdict = asked(queue(), api(LATEST))
        assert verdict.outcome is Outcome.FAILED
        assert "What waits calls the function without a qualifier, where nothing is kept ready: API Gateway." in verdict.says
        assert [evidence.place.address for evidence in verdict.path] == [
            "aws_lambda_event_source_mapping.a",
            "aws_apigatewayv2_integration.a",
            CONFIG,
        ]
        assert verdict.instead is not None and "aws_lambda_alias.live.invoke_arn" in verdict.instead

    def test_everybody_goes_past_it(self) -> None:
        verdict = asked(api(LATEST), permission(LATEST))
        assert (verdict.outcome, verdict.kind) == (Outcome.FAILED, Kind.CONTRADICTED)
        assert "serves nobody" in verdict.says and verdict.instead is not None
        assert verdict.instead.startswith("In aws_apigatewayv2_integration.a, name aws_lambda_alias.live.invoke_arn instead")
        assert len(verdict.path) == 2, "a permission says nothing that its service's own call does not"

    def test_everybody_from_several_places(self) -> None:
        verdict = asked(api(LATEST), api(LATEST, by="aws_apigatewayv2_integration.b"), api(LATEST, by="aws_apigatewayv2_integration.c"))
        assert verdict.instead is not None and verdict.instead.startswith("In aws_apigatewayv2_integration.a (and in 2 more places), name")

    def test_by_an_output_where_a_module_makes_it(self) -> None:
        verdict = asked(api(LATEST), kept=PUBLISHED, fn={"calls": (place("module.prices"),)})
        assert verdict.instead is not None and "(by an output of module.prices)" in verdict.instead

    def test_past_a_version(self) -> None:
        verdict = asked(api(LATEST), kept=PUBLISHED)
        assert verdict.instead is not None and f"{A}.qualified_invoke_arn" in verdict.instead

    def test_a_function_url_has_a_qualifier_of_its_own(self) -> None:
        url = invocation("aws_lambda_function_url.a", LATEST, service="function URL")
        verdict = asked(url)
        assert verdict.instead is not None and "set qualifier = aws_lambda_alias.live.name" in verdict.instead
        verdict = asked(url, kept=PUBLISHED)
        assert verdict.instead is not None and "a function URL takes no version" in verdict.instead

    def test_past_it_and_without_waiting(self) -> None:
        verdict = asked(queue(LATEST))
        assert verdict.outcome is Outcome.FAILED
        assert verdict.instead is not None and verdict.instead.startswith(f"Remove {CONFIG}")

    def test_whatever_the_qualifier_is(self) -> None:
        assert asked(queue(), kept=SOMEWHERE).outcome is Outcome.FAILED
        assert asked(api(LATEST), kept=SOMEWHERE).outcome is Outcome.FAILED
        assert asked(queue(SOMEWHERE)).outcome is Outcome.FAILED

    def test_the_worst_of_several(self) -> None:
        live, canary = to(Qualified.VERSION, "3"), to(Qualified.VERSION, "4")
        verdict = asked(api(live), queue(canary), kept=live, things=(provisioned("x.b", callee=canary, executions=2),))
        assert verdict.outcome is Outcome.FAILED and "version 4" in verdict.says

    def test_a_module_is_told_what_not_to_be_given(self) -> None:
        call = place("module.orders", "main.tf", 40)
        config = provisioned("module.orders.x.a[0]", callee=ON_LIVE, calls=(call,))
        whole = estate(function(A), LIVE, config, invocations=(queue(),))
        verdict = POLICY(whole.things[A], whole)
        assert verdict.instead is not None and "that module.orders (main.tf:40) is given" in verdict.instead


class TestUndecided:
    @pytest.mark.parametrize(
        ("calls", "name"),
        [
            ([queue(), pipe()], "whether EventBridge Pipes waits"),
            ([queue(), api(SOMEWHERE)], f"{A}.arn"),
            ([queue(), api(exists=unknown("var.api"))], "var.api"),
            ([queue(), api(replace(ON_LIVE, unknown=unknown("var.which")))], "var.which"),
            ([queue(exists=unknown("var.queue"))], "var.queue"),
            ([queue(), permission(), api(LATEST)], "whether API Gateway calls alias live"),
            ([queue(), api(to(Qualified.ALIAS, "green"))], "the version behind alias green and alias live"),
            ([queue(), api(to(Qualified.VERSION, "7"))], "the number of the version behind version 7 and alias live"),
        ],
    )
    def test_it_is_named(self, calls: list[Invocation], name: str) -> None:
        verdict = asked(*calls)
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert [why.expression for why in verdict.unknown] == [name]

    @pytest.mark.parametrize(
        "calls", [[], [permission(LATEST)], [api(to(Qualified.ALIAS, "green"))], [api(LATEST, exists=unknown("var.x"))]]
    )
    def test_nobody_to_be_seen(self, calls: list[Invocation]) -> None:
        green = alias("aws_lambda_alias.green", A, version="4")
        kept = on(f"{A}.arn", "blue", alias="aws_lambda_alias.blue")
        blue = alias("aws_lambda_alias.blue", A, version="3")
        verdict = asked(*calls, kept=kept, things=(green, blue))
        assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
        assert verdict.missed

    def test_a_caller_of_an_unknown_function(self) -> None:
        stranger = Callee(None, "var.function", unknown=unknown("var.function"))
        assert asked(queue(), api(stranger)).outcome is Outcome.UNDECIDED
        assert asked(queue(), replace(queue(stranger), by="x")).outcome is Outcome.FAILED, "it would not wait"

    def test_a_module_that_is_given_it(self) -> None:
        given = module_call("module.api", "acme/api", "handler", links=(link(f"{A}.invoke_arn"),))
        assert [why.expression for why in asked(queue(), things=(given,)).unknown] == ["module.api"]

    @pytest.mark.parametrize(
        ("kept", "told"),
        [
            (ON_LIVE, "aws_lambda_alias.live.arn"),
            (ON_LIVE, "aws_lambda_alias.live.invoke_arn"),
            (PUBLISHED, f"{A}.qualified_arn"),
            (PUBLISHED, f"{A}.version"),
        ],
    )
    def test_others_are_told_where_to_call_it(self, kept: Callee, told: str) -> None:
        for given in ({"outputs": [output("orders", told)]}, {"things": (secret("aws_ssm_parameter.orders", told),)}):
            for call in (queue(kept), api(LATEST)):
                verdict = asked(call, kept=kept, **given)
                assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)
                assert "tells others of" in verdict.says
            assert asked(api(kept), kept=kept, **given).outcome is Outcome.PASSED

    @pytest.mark.parametrize("told", [f"{A}.arn", f"{A}.qualified_arn", "aws_lambda_alias.green.arn"])
    def test_or_are_told_of_something_else(self, told: str) -> None:
        green = alias("aws_lambda_alias.green", A, version="4")
        assert asked(api(LATEST), outputs=[output("orders", told)], things=(green,)).outcome is Outcome.FAILED

    def test_what_aws_refuses(self) -> None:
        verdict = asked(api(LATEST), kept=LATEST)
        assert verdict.outcome is Outcome.UNDECIDED
        assert verdict.says.startswith("Executions are kept ready on $LATEST (which AWS refuses")
        assert asked(queue(LATEST), kept=LATEST).outcome is Outcome.FAILED, "nobody waits, whichever version it will be"

    def test_a_permission_for_events_on_who_knows_what(self) -> None:
        events = permission(LATEST, service="EventBridge", style=Style.ASYNCHRONOUS)
        assert asked(events, kept=LATEST).outcome is Outcome.UNDECIDED
        assert asked(permission(SOMEWHERE, service="SNS", style=Style.ASYNCHRONOUS)).outcome is Outcome.UNDECIDED

    def test_what_was_not_read(self) -> None:
        assert asked(queue(), unreadable=("api.tf",)).outcome is Outcome.UNDECIDED
        assert asked(queue(), evaluated=False).outcome is Outcome.UNDECIDED
        assert asked(queue(), is_child=True).outcome is Outcome.UNDECIDED
        assert asked(api(), is_child=True).outcome is Outcome.PASSED

    def test_the_capacity_itself(self) -> None:
        size = unknown("var.min")
        for given in ({"exists": size}, {"means": Means.TARGET, "executions": size}):
            whole = estate(function(A), LIVE, provisioned(CONFIG, callee=ON_LIVE, **given), invocations=(queue(),))
            verdict = POLICY(whole.things[A], whole)
            assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, False)
            assert verdict.unknown == (size,)
        whole = estate(function(A), LIVE, provisioned(CONFIG, callee=ON_LIVE, executions=size), invocations=(queue(),))
        assert POLICY(whole.things[A], whole).outcome is Outcome.FAILED, "how many does not matter"


class TestReasons:
    FEATURE = "serverful:provisioned-concurrency"
    WHY = "cold-start-ux until=2026-06-30 owner=shop the till calls it by SDK"

    def judged(self, id: str, *calls: Invocation, note: str = "", **given: Any) -> Outcome:
        comments = [comment(note, place(CONFIG))] if note else []
        whole = estate(function(A, **given), LIVE, provisioned(CONFIG, callee=ON_LIVE, comments=comments), invocations=calls)
        findings = judged(whole, POLICIES[id])
        return findings[0].verdict.outcome if findings else Outcome.NOT_OURS

    def test_one_for_the_feature_answers_what_cannot_be_seen(self) -> None:
        assert self.judged("SLS_PC_1", tags=tags({self.FEATURE: self.WHY})) is Outcome.JUSTIFIED
        assert self.judged("SLS_PC_1", note=f"{self.FEATURE} {self.WHY}") is Outcome.JUSTIFIED

    def test_but_not_what_is_seen(self) -> None:
        assert self.judged("SLS_PC_1", queue(), tags=tags({self.FEATURE: self.WHY})) is Outcome.FAILED
        assert self.judged("SLS_PC_1", queue(), tags=tags({"serverful:SLS_PC_1": self.WHY})) is Outcome.JUSTIFIED
        assert self.judged("SLS_PC_1", queue(), note=f"serverful:SLS_PC_1 {self.WHY}") is Outcome.JUSTIFIED

    def test_what_is_asked_besides(self) -> None:
        assert self.judged("SLS_RAD_3") is Outcome.FAILED
        assert self.judged("SLS_RAD_3", queue()) is Outcome.NOT_OURS, "SLS_PC_1 has asked"
        assert self.judged("SLS_RAD_3", api()) is Outcome.PASSED
        assert self.judged("SLS_RAD_3", note=f"{self.FEATURE} {self.WHY}") is Outcome.PASSED
        assert self.judged("SLS_RAD_3", note=f"{self.FEATURE} cold-start-ux") is Outcome.FAILED, "it is malformed, and somebody hears of it"
        assert self.judged("SLS_RAD_3", tags=tags(unknown=[unknown("var.tags")])) is Outcome.UNDECIDED

    def test_in_the_capacitys_block_nothing_else_is_heard(self) -> None:
        assert self.judged("SLS_RAD_3", api(), note="serverful:vpc cache until=2026-06-30 owner=shop") is Outcome.PASSED
