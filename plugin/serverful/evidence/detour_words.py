"""What SLS_IP_4 says: of route tables whose traffic to S3 and DynamoDB passes a NAT gateway, and of rows of interface endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.estate import Estate
from serverful.estate.model import Endpoint, Thing
from serverful.estate.value import Known, Unknown
from serverful.evidence.aws_apis import AwsApi
from serverful.evidence.detours import GATEWAY_APIS, Detour, is_for
from serverful.evidence.endpoint_row import Row
from serverful.evidence.evidence import Evidence
from serverful.evidence.nat_account import named, table_ids
from serverful.evidence.staying import stays
from serverful.wording import counted, joined

_SHOWN = 4


def _addresses(things: Sequence[Thing]) -> str:
    return named([thing.address for thing in things])


def _apis(apis: Sequence[AwsApi]) -> str:
    return joined([api.name for api in apis])


def _expressions(unknown: Sequence[Unknown]) -> str:
    return named([part.expression for part in unknown])


# --- route tables -----------------------------------------------------------------------------------------------------------------------


def path(detour: Detour) -> tuple[Evidence, ...]:
    """What allows the calls, and the way that they take, of the first function and of the first table."""
    first = detour.uses[0]
    needing = (Evidence(f"{len(detour.tables)} tables need it: {_addresses(detour.tables)}", detour.tables[0].place),)
    return (*first.allows, *first.path, *(needing if len(detour.tables) > 1 else ()))


def through_nat(detour: Detour) -> str:
    apis, them = _apis(detour.apis), "its route table" if len(detour.tables) == 1 else "their route tables"
    return (
        f"Calls to {apis} from {_addresses(detour.functions)} pass a NAT gateway, which takes a price for every gigabyte; "
        f"{them} {'has' if len(detour.tables) == 1 else 'have'} no gateway endpoint for {apis}, which is free."
    )


def undecided_because(detour: Detour) -> str:
    return (
        f"Calls to {_apis(detour.apis)} from {_addresses(detour.functions)} seem to pass a NAT gateway. Whether an endpoint stands on "
        f"their way may be decided elsewhere: {_expressions(detour.unknown)}."
    )


def served(detour: Detour) -> str:
    return f"Calls to {_apis(_apis_of(detour.served))} go through {_addresses(detour.served)} and pass by the NAT gateway."


def served_by(detour: Detour) -> tuple[Evidence, ...]:
    return tuple(Evidence("endpoint on the way of the functions", endpoint.place) for endpoint in detour.served[:_SHOWN])


def _apis_of(endpoints: Sequence[Endpoint]) -> list[AwsApi]:
    return [api for api in GATEWAY_APIS if any(is_for(endpoint, api) for endpoint in endpoints)]


def missed(detour: Detour) -> tuple[str, ...]:
    return (f"endpoints: none for {_apis(detour.apis)} on {_addresses(detour.tables)} or in their VPC",)


def instead(detour: Detour, estate: Estate) -> str:
    """Leave, where nothing keeps the functions; else the endpoint to write."""
    services = joined([f'service_name = "com.amazonaws.REGION.{api.prefix}"' for api in detour.apis])
    write = f"add an aws_vpc_endpoint (Gateway, {services}, route_table_ids = {table_ids(detour.tables, estate)}); it has no hourly fee."
    if all(stays(function, estate) for function in detour.functions):
        return write[0].upper() + write[1:]
    return f"First ask whether the functions need the VPC at all: outside it they reach AWS APIs by themselves. If they do, {write}"


# --- rows of interface endpoints --------------------------------------------------------------------------------------------------------


def row_path(row: Row) -> tuple[Evidence, ...]:
    steps = [Evidence(f"interface endpoint for {_service(endpoint)}", endpoint.place) for endpoint in row.endpoints]
    return (*steps, *(Evidence("function in the same VPC", function.place) for function in row.functions[:_SHOWN]))


def _service(endpoint: Endpoint) -> str:
    return endpoint.service.value if isinstance(endpoint.service, Known) else endpoint.address


def row_for_nothing(row: Row) -> str:
    return (
        f"{counted(len(row.endpoints), 'interface endpoint')} ({_addresses(row.endpoints)}) are paid by the hour so that functions in "
        f"{row.vpc} reach AWS APIs, and nothing shows that one of these functions needs the VPC: {_addresses(row.functions)}."
    )


def row_undecided(row: Row) -> str:
    return (
        f"{counted(len(row.endpoints), 'interface endpoint')} ({_addresses(row.endpoints)}) are paid by the hour. Whether somebody in "
        f"{row.vpc} needs them there may be decided elsewhere: {_expressions(row.unknown)}."
    )


def row_serves(row: Row) -> str:
    if row.needed_by:
        function, verdict = row.needed_by[0]
        why = f"for a recorded reason: {verdict.reason.category}" if verdict.reason else f"and {verdict.path[0].says}"
        return f"{function.address} stands in {row.vpc}, {why}; the endpoints are its way to AWS APIs there."
    return f"Others than functions stand in {row.vpc} and may use the endpoints: {named(row.others)}."


def row_served_by(row: Row) -> tuple[Evidence, ...]:
    return tuple(seen for _, verdict in row.needed_by[:1] for seen in (verdict.path[:1] if verdict.reason is None else ()))


def row_instead(row: Row) -> str:
    """Out of the VPC first; what stays of the row needs nobody then."""
    gateway = [api.name for api in GATEWAY_APIS if any(is_for(endpoint, api) for endpoint in row.endpoints)]
    free = f" {joined(gateway)} can have a gateway endpoint, which has no hourly fee." if gateway else ""
    role = "the execution role says what each may do"
    return (
        f"Take {_addresses(row.functions)} out of the VPC (no vpc_config): there the same APIs answer without an endpoint, and {role}. "
        f"Then remove {_addresses(row.endpoints)}.{free}"
    )
