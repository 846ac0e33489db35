"""Whom a permission lets call a function, and by what that is limited: the verdict of SLS_ID_2.

AWS Lambda Developer Guide, "Granting Lambda function access to AWS services" (2026): a service calls for whoever has set it up, so without
the ARN or the account of the source it may be set up by a stranger, in an account of his own.

Decisions:
- Every condition that a permission can state is read: `source_arn`, `source_account`, `principal_org_id`, `function_url_auth_type`,
  `event_source_token`. An ARN that is not known yet is one; what may be null is left open.
- Account and role are identities. `*` with an organisation, a source or AWS_IAM is limited: only AWS services state where a call comes
  from, so a source limits `*` to them.
- A source that names every resource of every account (`*`, `arn:aws:s3:::*`) is none.
- Whom a function URL lets in is the question of SLS_ID_1: the provider writes the permission of a URL that asks nobody by itself.
- An API's ARN with every stage and method (`/*/*`) is taken as it is: whoever writes a route of that API decides what it calls anyway.
- What is permitted twice, as registry modules do for a version and the function itself, is asked about once.
"""

from __future__ import annotations

import re

from serverful.estate.estate import Estate
from serverful.estate.identity import covers
from serverful.estate.invoking import INVOKE, INVOKE_URL
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, LayerPermission, Permission
from serverful.estate.place import Place
from serverful.estate.value import Known, Unknown, Value
from serverful.evidence.evidence import Evidence
from serverful.evidence.principals import service_of
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

_SERVICE = re.compile(r"\.(amazonaws\.com(\.cn)?|amazon\.com)$")
_EVERYTHING = re.compile(r"\*|arn:[^:]*:[^:]*:[^:]*:\*?:[*/:]*")  # nothing in it names an account or a resource
_SOURCES = {
    "API Gateway": "source_arn of the API with stage, method and path (${aws_api_gateway_rest_api.NAME.execution_arn}/*/GET/orders)",
    "Application Load Balancer": "source_arn of the target group (aws_lb_target_group.NAME.arn)",
    "S3": "source_arn of the bucket and source_account, since a bucket's ARN names no account",
    "SNS": "source_arn of the topic (aws_sns_topic.NAME.arn)",
    "EventBridge": "source_arn of the rule (aws_cloudwatch_event_rule.NAME.arn)",
    "EventBridge schedule": "source_arn of the schedule (aws_scheduler_schedule.NAME.arn)",
    "CloudWatch Logs": "source_arn of the log group (${aws_cloudwatch_log_group.NAME.arn}:*) and source_account",
    "CloudWatch alarm": "source_arn of the alarm and source_account",
    "Cognito": "source_arn of the user pool (aws_cognito_user_pool.NAME.arn)",
    "Secrets Manager": "source_arn of the secret, or source_account",
    "SES": "source_account, and source_arn of the receipt rule",
    "AWS Config": "source_account, since a rule is made after its permission",
    "Alexa": "event_source_token with the id of the skill",
    "CloudFront": "source_arn of the distribution",
}


def who_may_call(permission: Permission, estate: Estate) -> Verdict:
    """Failed (contradicted) where everybody may call, directly or by a service that anybody may set up; passed where it is limited."""
    action, principal = permission.action, permission.principal
    if isinstance(action, Known) and not (covers(action.value, INVOKE) or covers(action.value, INVOKE_URL)):
        return not_ours("it permits something else than calling the function")
    if isinstance(principal, Unknown):
        return undecided(f"Whom it lets call the function is decided elsewhere: {principal.expression}.", principal)
    who = Evidence(f'principal = "{principal.value}"', principal.place)
    if principal.value != "*" and not _SERVICE.search(principal.value):
        return passed(f"It names an identity ({principal.value}).", who)
    if principal.value == "*" and permission.is_by_url and not _is_iam(permission):
        return not_ours("whom the function URL lets in is asked at the URL")
    limits = _limits(permission)
    if limits:
        return passed(f"It is limited by {joined([name for name, _ in limits])}.", who, *(Evidence(name, place) for name, place in limits))
    unknown = _perhaps(permission)
    if unknown:
        names = joined([part.expression for part in unknown])
        return undecided(f"Whether it is limited to a source is decided elsewhere: {names}.", *unknown, path=(who,))
    first = _first(estate).get(_key(permission), permission.address)
    if first != permission.address:
        return not_ours(f"the same is permitted by {first}, and asked about there")
    return _failed(permission, principal.value, who, estate)


def _failed(permission: Permission, principal: str, who: Evidence, estate: Estate) -> Verdict:
    function = estate.find(permission.callee.function, Function)
    called = function.address if function is not None else permission.callee.expression
    whole = permission.source_arn.value if isinstance(permission.source_arn, Known) else None
    seen = [Evidence(f'source_arn = "{whole}" names every source', permission.source_arn.place)] if whole is not None else []
    if principal == "*":
        says = f"Everybody with an AWS account may call {called}, and no condition says who or from where."
        instead = "Name the account or the role as principal, or add principal_org_id; for a service its principal and source_arn."
    else:
        service = service_of(principal)
        name = service.name if service is not None else principal
        says = f"{name} may call {called} whoever has set it up, in whichever account: the permission names no source."
        instead = f"Add {_SOURCES.get(name, 'source_arn of what calls, or source_account where it has none')}."
    return failed(
        says,
        who,
        *seen,
        kind=Kind.CONTRADICTED,
        missed=("source_arn", "source_account", "principal_org_id", "event_source_token"),
        severity=Severity.HIGH if principal == "*" else Severity.MEDIUM,
        instead=instead,
        argument="source_arn",
        recorded_at=(function,) if function is not None else (),
    )


def who_may_take(permission: LayerPermission) -> Verdict:
    """Failed (contradicted) where everybody may take the layer."""
    principal, organization = permission.principal, permission.organization
    if isinstance(principal, Unknown):
        return undecided(f"Who may take the layer is decided elsewhere: {principal.expression}.", principal)
    who = Evidence(f'principal = "{principal.value}"', principal.place)
    if principal.value != "*":
        return passed(f"It names who may take the layer ({principal.value}).", who)
    if isinstance(organization, Unknown):
        return undecided(f"Whether one organisation is meant is decided elsewhere: {organization.expression}.", organization, path=(who,))
    if organization.value is not None:
        return passed("It is limited by organization_id.", who, Evidence("organization_id", organization.place))
    return failed(
        "Everybody with an AWS account may take the layer, and read what is in it.",
        who,
        kind=Kind.CONTRADICTED,
        missed=("organization_id",),
        severity=Severity.MEDIUM,
        instead="Name the accounts that use it as principals, one permission each, or add organization_id.",
        argument="principal",
    )


def _limits(permission: Permission) -> list[tuple[str, Place]]:
    found = [
        (name, value.place) for name, value in _stated(permission) if isinstance(value, Known) and value.value and not _is_all(name, value)
    ]
    if _is_iam(permission):
        found.append(("function_url_auth_type", permission.url_auth.place))
    return found


def _is_all(name: str, value: Known[str | None]) -> bool:
    return name == "source_arn" and _EVERYTHING.fullmatch(value.value or "") is not None


def _perhaps(permission: Permission) -> list[Unknown]:
    values = (*(value for _, value in _stated(permission)), permission.url_auth)
    return [value for value in values if isinstance(value, Unknown)]


def _stated(permission: Permission) -> tuple[tuple[str, Value[str | None]], ...]:
    return (
        ("source_arn", permission.source_arn),
        ("source_account", permission.source_account),
        ("principal_org_id", permission.organization),
        ("event_source_token", permission.token),
    )


def _is_iam(permission: Permission) -> bool:
    return isinstance(permission.url_auth, Known) and (permission.url_auth.value or "").upper() == "AWS_IAM"


_Key = tuple[str, str]


def _key(permission: Permission) -> _Key:
    principal = permission.principal
    whom = permission.callee.target or permission.callee.expression
    return whom, principal.value if isinstance(principal, Known) else principal.expression


@once_per_estate
def _first(estate: Estate) -> dict[_Key, str]:
    """Of the permissions without a limit that let the same principal call the same function, the one that is asked about."""
    found: dict[_Key, str] = {}
    for permission in estate.all(Permission):
        if not _limits(permission) and not _perhaps(permission):
            found.setdefault(_key(permission), permission.address)
    return found
