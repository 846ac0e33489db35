"""Who may call a function from the internet without anybody asking who it is: the verdict of SLS_ID_1.

Decisions (catalogue, rulings 13 and 14):
- One hop from an entry to the function. What a queue, a stream or a state machine stands between is another question.
- Public is what the internet reaches. A private API that asks nobody is SLS_VPC_9's, and an internal balancer is no public entry.
- Of several entries one that asks nobody fails, whatever the others ask. `OPTIONS` is free: browsers ask so before they sign in.
- Addresses, VPCs and endpoints are no identity. An API key is none either. Where a list of addresses is all that is asked, SLS_IP_3 asks
  about it, where the list stands.
- CloudFront in front of a function URL that asks nobody does not close the URL.
- A name that speaks of a login, a sender that signs or a file for everybody explains nothing, and leaves the question open.
- What calls the function by way of what is not read (a module, a permission for an API that stands elsewhere, an OpenAPI document that
  cannot be parsed) is undecided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.callers import callers_of, given_to
from serverful.estate.entries import perhaps_entries, ways_in, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.globs import is_match
from serverful.estate.model import WEBSOCKET, Entry, Function, ModuleCall
from serverful.estate.settings import OpenRoute
from serverful.estate.value import Known, Unknown
from serverful.evidence.address_list import address_lists_of
from serverful.evidence.entry_guard import Checked, who_is_checked
from serverful.evidence.entry_words import names_at
from serverful.evidence.evidence import Evidence
from serverful.evidence.warmth_words import MANY, listed
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

_API_KINDS = ("REST API", "HTTP API", WEBSOCKET)
# What people call the callers behind which entries stand, and the kinds of entry that show them.
_SHOWN_BY = {
    "API Gateway": _API_KINDS,
    "AppSync": ("AppSync",),
    "Application Load Balancer": ("Application Load Balancer",),
    "function URL": ("function URL",),
}
_MODULES = re.compile(r"api|gateway|alb|load-?balancer|appsync|graphql|cloudfront|cdn|http", re.IGNORECASE)
# Where people come who cannot say yet who they are, whose sender signs, or whom it is all the same.
_FOR_EVERYBODY = re.compile(
    r"(^|[^a-z0-9])(log-?in|sign-?in|sign-?up|sign-?on|register|registration|tokens?|oauth2?|oidc|saml|sso|callback|authorize|authori[sz]er"
    r"|auth|authentication|web-?hooks?|health-?z?|health-?check|ping|favicon|robots|static|assets|well-known|jwks|csp|docs|openapi"
    r"|swagger)([^a-z0-9]|$)",
    re.IGNORECASE,
)
_INSTEAD = {
    "function URL": 'Write authorization_type = "AWS_IAM" into {by}. Browsers come through CloudFront, which signs for them with an '
    'aws_cloudfront_origin_access_control (origin_access_control_origin_type = "lambda").',
    "HTTP API": 'Write authorization_type = "JWT" and the authorizer_id of an aws_apigatewayv2_authorizer into {by}, or "AWS_IAM".',
    WEBSOCKET: 'Write authorization_type = "AWS_IAM" or "CUSTOM" into the aws_apigatewayv2_route with the key $connect.',
    "REST API": 'Write authorization = "AWS_IAM" or "COGNITO_USER_POOLS" into the aws_api_gateway_method behind {by}, or name the '
    "callers in an aws_api_gateway_rest_api_policy.",
    "AppSync": 'Write authentication_type = "AMAZON_COGNITO_USER_POOLS" or "AWS_IAM" into the API of {by}.',
    "Application Load Balancer": 'Put an action of type "authenticate-oidc", "authenticate-cognito" or "jwt-validation" before the one '
    'that forwards to {by}, or mutual_authentication {{ mode = "verify" }} into its listener.',
}
_OPEN_ON_PURPOSE = "Where everybody may come, name the route in the settings (organisation, open_routes)."


def who_may_come(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where an entry from the internet asks nobody, passed where each asks; not ours where none leads here."""
    open_: list[Checked] = []
    asking: list[Evidence] = []
    unknown: list[Unknown] = list(_unread(function, estate))
    for entry in ways_in(function, estate):
        if _is_free(entry):
            continue
        checked, granted = who_is_checked(entry, estate), _granted(entry, estate)
        doubts = [*checked.unknown, *(part for part in (entry.is_public, why_not_certain(entry, function)) if isinstance(part, Unknown))]
        if checked.by:
            asking += checked.by
        elif address_lists_of(entry, estate):
            continue  # SLS_IP_3 asks, where the list stands
        elif granted is not None:
            asking.append(Evidence(f"the settings open {granted.route}: {granted.because}", granted.place))
        elif doubts:
            unknown += doubts
        elif _speaks_of_everybody(entry, function):
            unknown.append(Unknown(f"whether everybody may use {_named(entry)}", entry.asked_at))
        else:
            open_.append(checked)
    if open_:
        return _failed(function, open_)
    if unknown:
        names = listed(part.expression for part in unknown)
        says = f"Whether everybody on the internet may call the function is decided elsewhere: {names}."
        return undecided(says, *dict.fromkeys(unknown), path=tuple(asking[:MANY]))
    if asking:
        return passed("Each way from the internet to the function asks who comes.", *dict.fromkeys(asking))
    return not_ours("no way leads from the internet to the function")


def _failed(function: Function, open_: list[Checked]) -> Verdict:
    entries = [checked.entry for checked in open_]
    inside = list(_inside(function))
    says = f"Everybody on the internet may call the function by {listed(_named(entry) for entry in entries)}: nobody is asked who it is."
    policies = [checked.policy for checked in open_ if checked.policy is not None]
    if policies:
        asked = dict.fromkeys(condition.key for policy in policies for statement in policy.open_at for condition in statement.conditions)
        says += f" The resource policy of the API asks {f'for {joined(list(asked))} only' if asked else 'for nothing'}."
    if inside:
        says += f" The function {inside[0].says}, so whoever comes is one step from what stands there."
    kinds = dict.fromkeys(entry.kind for entry in entries)
    first = {kind: next(entry for entry in entries if entry.kind == kind) for kind in kinds}
    advice = " ".join(_INSTEAD[kind].format(by=entry.by) for kind, entry in first.items())
    return failed(
        says,
        *dict.fromkeys(Evidence(f"{_named(entry)} asks nobody", entry.asked_at) for entry in entries[:MANY]),
        *dict.fromkeys(Evidence("calls the function", entry.call.place) for entry in entries[:MANY]),
        *inside,
        kind=Kind.CONTRADICTED,
        severity=Severity.HIGH if inside else Severity.MEDIUM,
        instead=f"{advice} {_OPEN_ON_PURPOSE}",
        argument="authorization",
    )


def _inside(function: Function) -> Iterator[Evidence]:
    """What the function reaches that others do not."""
    attachment = function.attachment
    if isinstance(attachment, Known) and attachment.value is not None:
        yield Evidence("stands inside a VPC", attachment.place)
    mount = function.file_system
    if isinstance(mount, Known) and mount.value is not None:
        yield Evidence("mounts a file system", mount.value.place)


def _is_free(entry: Entry) -> bool:
    is_closed = isinstance(entry.is_public, Known) and not entry.is_public.value
    return is_closed or (isinstance(entry.method, Known) and entry.method.value == "OPTIONS")


def _named(entry: Entry) -> str:
    return f"the {entry.kind}" if entry.name == entry.kind else f"{entry.name} ({entry.kind})"


def _granted(entry: Entry, estate: Estate) -> OpenRoute | None:
    return next((route for route in estate.settings.open_routes if is_match(route.route, entry.name)), None)


def _speaks_of_everybody(entry: Entry, function: Function) -> bool:
    return any(_FOR_EVERYBODY.search(name) for name in names_at(entry, function))


def _unread(function: Function, estate: Estate) -> Iterator[Unknown]:
    """What may be further ways in: callers whose entries are not seen, and modules that are given the function and may make some."""
    perhaps = perhaps_entries(function, estate)
    yield from perhaps
    entries = ways_in(function, estate)
    seen, kinds = {entry.call.by for entry in entries}, {entry.kind for entry in entries}
    calls = callers_of(function, estate)
    is_told = bool(perhaps) or any(call.service.endswith("authorizer") for call in calls)
    for call in calls:
        if call.service not in _SHOWN_BY or call.by in seen:
            continue
        is_shown = not kinds.isdisjoint(_SHOWN_BY[call.service])
        if call.is_permission and not is_shown and not (is_told and call.service == "API Gateway"):
            yield Unknown(f"what comes in by the {call.service} that {call.by} permits", call.place)
        elif not call.is_permission:
            yield Unknown(f"what comes in by {call.by}", call.place)
    for given in given_to(function, estate):
        module = estate.thing(given.expression)
        if _MODULES.search(f"{given.expression} {module.source if isinstance(module, ModuleCall) else ''}"):
            yield given
