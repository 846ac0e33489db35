"""SLS_IP_4: traffic from functions to AWS APIs takes no paid detour."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Endpoint, Estate, RouteTable
from serverful.evidence import detour_words as words
from serverful.evidence.costs.endpoints import cost_of_detour
from serverful.evidence.detours import detour_of
from serverful.evidence.endpoint_row import row_of
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_IP_4",
    title="Traffic from functions to AWS APIs takes no paid detour",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.LOW,
    recommendation=(
        "Functions that leave the VPC where they need none of it; else an aws_vpc_endpoint (Gateway) for S3 and DynamoDB on their table."
    ),
    cost=cost_of_detour,
)
def aws_traffic_avoids_nat(subject: RouteTable | Endpoint, estate: Estate) -> Verdict:
    """AWS APIs ask who is calling, wherever the call comes from. A way to them that is paid by the hour adds nothing to that.

    A NAT gateway takes its price for every gigabyte that a function reads from a bucket or a table, though S3 and DynamoDB have gateway
    endpoints, which are a route in a table and cost nothing. Other services have interface endpoints, paid by the hour in each zone; a row
    of them for functions that need nothing private in the VPC buys what these functions would have outside it for free.

    Asked is the route table, or the first endpoint of the row, once for all functions behind it. Where SLS_IP_1 has already failed on a
    function, its finding says which API lacks an endpoint, and it is not counted here again.
    """
    if isinstance(subject, Endpoint):
        return _row(subject, estate)
    detour = detour_of(subject, estate)
    if detour is None:
        return not_ours("no call to S3 or DynamoDB is known to pass a NAT gateway from here, or another finding speaks of it")
    if not detour.uses:
        return passed(words.served(detour), *words.served_by(detour))
    path = words.path(detour)
    if detour.unknown:
        return undecided(words.undecided_because(detour), *detour.unknown, path=path)
    return failed(
        words.through_nat(detour),
        *path,
        kind=Kind.CONTRADICTED,
        missed=words.missed(detour),
        instead=words.instead(detour, estate),
        argument="route_table_ids",
        recorded_at=detour.tables[1:],
    )


def _row(endpoint: Endpoint, estate: Estate) -> Verdict:
    row = row_of(endpoint, estate)
    if row is None:
        return not_ours("it is not the first of a row of interface endpoints for functions")
    path = words.row_path(row)
    if row.needed_by or row.others:
        return passed(words.row_serves(row), *words.row_served_by(row), *path)
    if row.unknown:
        return undecided(words.row_undecided(row), *row.unknown, path=path)
    return failed(
        words.row_for_nothing(row),
        *path,
        kind=Kind.CONTRADICTED,
        instead=words.row_instead(row),
        argument="vpc_endpoint_type",
        recorded_at=row.endpoints[1:],
    )


check = on_checkov(aws_traffic_avoids_nat)
