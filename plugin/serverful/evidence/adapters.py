"""Is a function behind an API nothing but an adapter of one AWS API? The account behind SLS_FLOW_5.

Sources: API Gateway developer guide, "Integration subtype reference" (an HTTP API calls SQS, EventBridge, Kinesis and Step Functions
itself) and "Set up API integration with other AWS services" (a REST API signs a request to any of them, DynamoDB and SNS included).

Decisions:
- All that the role allows must be seen, and all of it but logs, traces, network interfaces and keys must be one sending or one item of one
  target. Then the function can do nothing else with its identity.
- A function in a VPC, with a file system, with a secret or with an address in its environment may do something else, and is not asked.
- A function that something else than an API calls as well, or that is an authorizer, is more than an adapter.
"""

from __future__ import annotations

from serverful.estate.callers import callers_of
from serverful.estate.entries import entries_of, perhaps_entries, why_not_certain
from serverful.estate.estate import Estate
from serverful.estate.identity import Allowed, allowed, role_of
from serverful.estate.model import Entry, Function, Role, Style
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.identity_services import identity_services
from serverful.evidence.warmth_words import MANY, listed
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided

_APIS = ("REST API", "HTTP API", "AppSync")
# What an API can do by itself, and what the thing is called that it is done to.
_DIRECT = {
    "sqs:sendmessage": "SQS",
    "events:putevents": "EventBridge",
    "kinesis:putrecord": "Kinesis",
    "kinesis:putrecords": "Kinesis",
    "sns:publish": "SNS",
    "states:startexecution": "Step Functions",
    "dynamodb:putitem": "DynamoDB",
    "dynamodb:getitem": "DynamoDB",
}
# Asked along with a sending, and no work of its own.
_BESIDE = frozenset({"sqs:getqueueurl", "sqs:getqueueattributes", "kinesis:describestream"})


def what_it_does(function: Function, estate: Estate) -> Verdict:
    """Failed (contradicted) where one sending is all that the function may do; passed where it may do more."""
    entries = [entry for entry in entries_of(function, estate) if entry.kind in _APIS and entry.call.style is Style.SYNCHRONOUS]
    if not entries:
        perhaps = perhaps_entries(function, estate)
        why = "Whether an API calls the function is decided outside this root."
        return undecided(why, *perhaps) if perhaps else not_ours("no API is seen to call the function")
    role = role_of(function, estate)
    if role is None:
        link = function.role
        why_role = Unknown(link.expression if link else "its role", link.place if link else function.place)
        return undecided("What the function may do is decided outside this root.", why_role, path=_path(entries))
    work = [item for item in allowed(role) if not _is_beside(item)]
    other = next((item for item in work if item.action.lower() not in _DIRECT), None)
    if other is not None:
        here = Evidence(f"{role.address} allows it", other.statement.place)
        return passed(f"The function may do more than hand on: {other.action}.", here)
    if not work:
        hidden = [*role.unknown, *(part for document in role.documents for part in document.unknown)]
        why = "What the function may do is decided outside this root."
        return undecided(why, *hidden, path=_path(entries)) if hidden else not_ours("its role allows nothing that an API could do instead")
    actions = {item.action.lower().removesuffix("s") for item in work}  # PutRecord and PutRecords are one
    if len(_targets(work)) > 1 or len(actions) > 1:
        says = f"The function does more than one thing: {listed(item.action for item in work)}."
        return passed(says, *(Evidence(f"{role.address} allows {item.action}", item.statement.place) for item in work[:MANY]))
    unknown = _unknown(function, role, entries, estate)
    if unknown:
        says = f"Whether sending is all that the function does is decided elsewhere: {listed(why.expression for why in unknown)}."
        return undecided(says, *unknown, path=_path(entries))
    more = _more(function, estate)
    if more:
        return not_ours(more)
    return _fails(function, entries, work[0], _DIRECT[work[0].action.lower()])


def _fails(function: Function, entries: list[Entry], item: Allowed, service: str) -> Verdict:
    kind = entries[0].kind
    return failed(
        f"All that the function may do is {item.action}, behind {listed(entry.called for entry in entries)}: the API can do that itself.",
        *_path(entries),
        Evidence(f"the role allows {item.action}, and nothing else", item.statement.place),
        kind=Kind.CONTRADICTED,
        instead=(
            f"Integrate {entries[0].called} with {service} directly ({_how(kind, service)}), and let the API check what comes in by a "
            f"schema or an authorizer. Then nothing has to run, and {function.address} can go."
        ),
        argument="role",
    )


def _how(kind: str, service: str) -> str:
    if kind == "AppSync":
        return "an aws_appsync_datasource of its own, without Lambda"
    subtypes = {"SQS": "SQS-SendMessage", "EventBridge": "EventBridge-PutEvents", "Kinesis": "Kinesis-PutRecord"}
    subtypes["Step Functions"] = "StepFunctions-StartExecution"
    if kind == "HTTP API" and service in subtypes:
        return f'integration_subtype = "{subtypes[service]}"'
    return 'an aws_api_gateway_integration with type = "AWS" and a mapping template'


def _is_beside(item: Allowed) -> bool:
    return identity_services().is_upkeep(item.action) or item.service == "kms" or item.action.lower() in _BESIDE


def _targets(work: list[Allowed]) -> set[str]:
    return {link.target or link.expression for item in work for link in item.statement.resources}


def _unknown(function: Function, role: Role, entries: list[Entry], estate: Estate) -> list[Unknown]:
    """What may allow more, or keep an entry from being one."""
    found = [*role.unknown, *(part for document in role.documents for part in document.unknown), *function.environment.unknown]
    found += [part for document in role.documents for statement in document.statements for part in statement.actions.unknown]
    found += [variable.text for variable in function.environment.variables if isinstance(variable.text, Unknown) and not variable.links]
    found += [Unknown(f"what {policy.name} is for", policy.place) for policy in role.managed if not _is_upkeep(policy.name)]
    found += [why for entry in entries if (why := why_not_certain(entry, function)) is not None]
    found += [Unknown(f"what {file} holds", function.place) for file in estate.unreadable]
    if estate.is_child:
        found.append(Unknown("what the callers of this module add", function.place))
    return found


def _is_upkeep(policy: str) -> bool:
    return policy in identity_services().upkeep_policies or policy in ("AWSXRayDaemonWriteAccess", "AWSLambdaVPCAccessExecutionRole")


def _more(function: Function, estate: Estate) -> str:
    """Why the function may do more than its role tells; empty where nothing speaks for it."""
    if not (isinstance(function.attachment, Known) and function.attachment.value is None):
        return "the function is attached to a VPC, or may be"
    if not (isinstance(function.file_system, Known) and function.file_system.value is None):
        return "the function mounts a file system, or may"
    for variable in function.environment.variables:
        if isinstance(variable.text, Known) and "://" in variable.text.value and "amazonaws.com" not in variable.text.value:
            return f"the function may call {variable.name}"
    others = [call for call in callers_of(function, estate) if not call.is_permission and call.service not in ("API Gateway", "AppSync")]
    return f"{others[0].service} calls the function as well" if others else ""


def _path(entries: list[Entry]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(Evidence(f"{entry.full_name} calls the function", entry.place) for entry in entries))[:MANY]
