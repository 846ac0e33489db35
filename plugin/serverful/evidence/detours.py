"""Traffic to AWS APIs that takes a way which is paid for: what SLS_IP_4 asks of route tables.

S3 and DynamoDB have gateway endpoints, which are a route in a table and cost nothing, while a NAT gateway is paid by the hour and by the
gigabyte (AWS PrivateLink Guide, "Gateway endpoints"; Amazon VPC pricing; both 2026-08).

Decisions:
- A table is asked, and not the functions behind it: one endpoint there serves them all. Of several tables of one VPC that lack an endpoint,
  the first by address speaks for all, because one `route_table_ids` lists them.
- Where SLS_IP_1 fails on a function, its finding names the API and the endpoint already, so the function is not counted here.
- Only what a statement certainly allows counts, and a managed policy only where it is no upkeep.
- Whoever is told the table's id may add an endpoint elsewhere: an output of the root, a module that is not loaded, whoever made the VPC.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.attached import everything_attached, functions_on
from serverful.estate.endpoints import endpoints_on
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.identity import allow_statements, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, Endpoint, Function, Role, RouteTable, Vpc
from serverful.estate.unread_modules import may_add_routes
from serverful.estate.unseen import unseen
from serverful.estate.value import Known, Unknown
from serverful.evidence.aws_apis import AwsApi, is_called
from serverful.evidence.closure import opened_by
from serverful.evidence.destinations import destinations
from serverful.evidence.egress import egress_of
from serverful.evidence.evidence import Evidence
from serverful.evidence.identity_services import identity_services
from serverful.evidence.reasons import for_fixed_address, reasons_of
from serverful.evidence.services import managed_policies
from serverful.natural import natural

GATEWAY_APIS = (AwsApi("dynamodb"), AwsApi("s3"))


@dataclass(frozen=True, slots=True)
class Use:
    """A function whose calls to some of `apis` (S3, DynamoDB) pass a NAT gateway. `path` leads there, `allows` says where its role does."""

    function: Function
    apis: tuple[AwsApi, ...]
    path: tuple[Evidence, ...]
    allows: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Detour:
    """What passes a NAT gateway from one route table, or from several of one VPC.

    `uses` are calls to an API without a gateway endpoint, `served` the endpoints that stand on the table for calls of others. `unknown`
    names what may put an endpoint there. `tables` are those that need it.
    """

    tables: tuple[RouteTable, ...]
    uses: tuple[Use, ...] = ()
    served: tuple[Endpoint, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def apis(self) -> tuple[AwsApi, ...]:
        return tuple(api for api in GATEWAY_APIS if any(api in use.apis for use in self.uses))

    @property
    def functions(self) -> tuple[Function, ...]:
        return tuple({use.function.address: use.function for use in self.uses}.values())


def detour_of(table: RouteTable, estate: Estate) -> Detour | None:
    """What passes a NAT gateway from this table; None where nothing of ours does, or another table speaks for it."""
    return _detours(estate).get(table.address)


@once_per_estate
def _detours(estate: Estate) -> dict[str, Detour]:
    found = {address: _completed(detour, estate) for address, detour in _by_table(estate).items()}
    spoken: dict[str, Detour] = {address: detour for address, detour in found.items() if not detour.uses}
    together: dict[tuple[str, bool], list[Detour]] = {}
    for detour in sorted((d for d in found.values() if d.uses), key=lambda d: natural(d.tables[0].address)):
        vpc = detour.tables[0].vpc
        together.setdefault((vpc.target or vpc.expression if vpc else "", bool(detour.unknown)), []).append(detour)
    for group in together.values():
        spoken[group[0].tables[0].address] = Detour(
            tables=tuple(detour.tables[0] for detour in group),
            uses=tuple(use for detour in group for use in detour.uses),
            unknown=tuple(dict.fromkeys(part for detour in group for part in detour.unknown)),
        )
    return spoken


def _by_table(estate: Estate) -> dict[str, Detour]:
    """By table: the uses that find no endpoint there, the endpoints that others find, and what may hold one unseen."""
    found: dict[str, Detour] = {}
    for subject in everything_attached(estate):
        egress = egress_of(subject, estate)
        if egress is None or not egress.nats or _asked_by_nat_policy(subject, estate):
            continue
        calling = [use for function in functions_on(subject, estate) if (use := _use(function, estate)) is not None]
        if not calling:
            continue
        for way, passage in egress.through_nat:
            table = way.table
            if table is None:
                continue
            endpoints = endpoints_on(way, estate)
            before = found.get(table.address, Detour((table,)))
            uses, unknown = list(before.uses), list(before.unknown)
            for use in calling:
                missing = tuple(api for api in use.apis if endpoints.services.isdisjoint(api.endpoint_services))
                if not missing:
                    continue
                uses.append(Use(use.function, missing, passage.path, use.allows))
                why = doubt(use.function.exists, table.exists)
                unknown += [*endpoints.unknown, *((why,) if why else ())]
            served = {one.address: one for one in before.served}
            served.update({one.address: one for one in endpoints.standing if any(is_for(one, api) for use in calling for api in use.apis)})
            found[table.address] = Detour((table,), tuple(uses), tuple(served.values()), tuple(dict.fromkeys(unknown)))
    return found


def is_for(endpoint: Endpoint, api: AwsApi) -> bool:
    """Whether an endpoint leads to an API."""
    return isinstance(endpoint.service, Known) and endpoint.service.value in api.endpoint_services


def _completed(detour: Detour, estate: Estate) -> Detour:
    """With what may put an endpoint on the table elsewhere. Who finds one needs to ask nobody."""
    if not detour.uses:
        return detour
    table = detour.tables[0]
    told = (output for output in estate.outputs if any(link.target == table.address for link in output.links))
    hidden = [
        *detour.unknown,
        *(Unknown(f"who reads the output {output.name}", output.place) for output in told),
        *may_add_routes(table.address, estate),
        *unseen(estate, table.place, "who calls this module"),
    ]
    if estate.find(table.vpc, Vpc) is None:
        hidden.append(Unknown(table.vpc.expression if table.vpc else f"the VPC of {table.address}", table.place))
    return Detour(detour.tables, detour.uses, detour.served, tuple(dict.fromkeys(hidden)))


# --- who calls S3 and DynamoDB ------------------------------------------------------------------------------------------------------


def _use(function: Function, estate: Estate) -> Use | None:
    """The gateway APIs that its role certainly allows it to call; None for none."""
    role = role_of(function, estate)
    allows = _calls(estate, role.address) if role is not None else {}
    return Use(function, tuple(allows), (), tuple(allows.values())) if allows else None


def _asked_by_nat_policy(subject: Attached, estate: Estate) -> bool:
    """Whether SLS_IP_1 fails on one who has a NAT gateway on its way: no host on the internet, nothing that may name one, no reason."""
    if destinations(subject, estate) or opened_by(subject, estate):
        return False
    return for_fixed_address(reasons_of(subject, estate)) is None


@once_per_estate
def _calls(estate: Estate, address: str) -> dict[AwsApi, Evidence]:
    """Where the role with that address allows calls to S3 or DynamoDB."""
    role = estate.thing(address)
    found: dict[AwsApi, Evidence] = {}
    if not isinstance(role, Role):
        return found
    shaky = {id(statement) for document in role.documents if document.exists for statement in document.statements}
    for statement in allow_statements(role):
        if id(statement) in shaky or isinstance(statement.effect, Unknown):
            continue
        for action in statement.actions:
            api = AwsApi(action.strip().partition(":")[0].lower())
            if api in GATEWAY_APIS and is_called(api.prefix, action.strip()):
                found.setdefault(api, Evidence(f"{role.address} allows {action.strip()}", statement.place))
    known, of_aws = identity_services(), managed_policies()
    for policy in role.managed:
        if policy.exists or policy.name in known.upkeep_policies:
            continue
        prefixes = {*of_aws.prefixes.get(policy.name, ())} - known.in_passing.get(policy.name, frozenset())
        for api in GATEWAY_APIS:
            # A policy that is about something else holds S3 or DynamoDB for a console's sake, or for a side of it that nobody uses.
            if api.prefix in prefixes and api.name.lower() in policy.name.lower():
                found.setdefault(api, Evidence(f"{role.address} carries {policy.name}", policy.place, as_of=of_aws.as_of))
    return found
