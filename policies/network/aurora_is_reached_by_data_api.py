"""SLS_VPC_4: a function that reaches nothing private but Aurora uses the Data API."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence import data_api_words as words
from serverful.evidence.attachment import explained
from serverful.evidence.closure import openings
from serverful.evidence.data_api import offer_of, proxy_of, reached_by
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Outcome, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_VPC_4",
    title="A function that reaches nothing private but Aurora uses the Data API",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation=(
        "enable_http_endpoint on the aws_rds_cluster, rds-data:ExecuteStatement and the cluster's secret in the role, and no vpc_config."
    ),
    feature="vpc",
)
def aurora_is_reached_by_data_api(function: Function, estate: Estate) -> Verdict:
    """SQL over HTTPS, checked by IAM: where Aurora offers its Data API, a database alone is no reason for a VPC.

    The function sends its statements to an AWS API under its own role, the login stays in Secrets Manager, and nobody counts connections.
    What it gives back is the VPC: subnets, security groups, and the way to everything else that the function calls. It is not for everyone.
    A result has a limit of 1 MiB, a driver or an object-relational mapper wants a connection, and some loads come in bulk. Whoever has such
    a reason records it; then it is answered. Where the endpoint is already on, this is a finding (MEDIUM); where the engine only offers it,
    a question (INFO).
    """
    verdict = explained(function, estate)
    found = reached_by(function, estate)
    if verdict.outcome is not Outcome.PASSED or not found.clusters:
        return not_ours("no Aurora cluster of this root explains an attachment of the function to a VPC")
    offers = [(cluster, offer_of(cluster)) for cluster in found.clusters]
    for cluster, offer in offers:
        proxy = proxy_of(cluster, estate)
        if offer.why_not or proxy:
            return passed(words.has_none(cluster, offer, proxy), *found.path)
    if found.others:
        return passed(words.more_than_aurora(found), *found.others[:3], *found.path[:1])
    unknown = (*openings(function, estate), *words.named(found.doubts), *(part for _, offer in offers for part in offer.unknown))
    if unknown:
        return undecided(words.undecided_because(found, unknown), *unknown, path=found.path, answerable=True)
    is_on = all(offer.is_on for _, offer in offers)
    return failed(
        words.reached_by_network(offers),
        *found.path,
        *words.offered(offers),
        severity=Severity.MEDIUM if is_on else Severity.INFO,
        instead=words.instead(function, offers, estate),
        argument="vpc_config",
    )


check = on_checkov(aurora_is_reached_by_data_api)
