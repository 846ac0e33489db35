"""What SLS_VPC_4 says of functions that reach Aurora through a VPC."""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.model import Database, Function, Store
from serverful.estate.value import Known, Unknown
from serverful.evidence.data_api import Offer, Reached, data_api
from serverful.evidence.evidence import Evidence
from serverful.evidence.leaving import leaving
from serverful.wording import joined

Offers = Sequence[tuple[Database, Offer]]
_SHOWN = 3


def _clusters(clusters: Sequence[Database]) -> str:
    return joined([cluster.address for cluster in clusters])


def more_than_aurora(found: Reached) -> str:
    return f"The function reaches more in its VPC than {_clusters(found.clusters)}: {found.others[0].says}."


def has_none(cluster: Database, offer: Offer, proxy: Store | None) -> str:
    if proxy is not None:
        return f"{proxy.address} stands before {cluster.address}, for connections that the Data API does not have."
    return f"The function reaches {cluster.address}, and {offer.why_not} (as of {data_api().as_of})."


def named(hints: Sequence[Evidence]) -> tuple[Unknown, ...]:
    """Hints as what is not known: a name speaks of something that is not seen."""
    return tuple(hint.if_exists or Unknown(hint.says, hint.place) for hint in hints)


def undecided_because(found: Reached, unknown: Sequence[Unknown]) -> str:
    what = joined(list(dict.fromkeys(part.expression for part in unknown))[:_SHOWN])
    return f"The function reaches {_clusters(found.clusters)}. Whether the Data API could take the place of its VPC hangs on {what}."


def reached_by_network(offers: Offers) -> str:
    clusters = _clusters([cluster for cluster, _ in offers])
    one = len(offers) == 1
    state = "is on already" if all(offer.is_on for _, offer in offers) else f"is offered by {'its engine' if one else 'their engines'}"
    return (
        f"The function is attached to a VPC for {clusters} alone, whose Data API {state} (as of {data_api().as_of}). It needs no VPC, "
        "only the function's role."
    )


def offered(offers: Offers) -> tuple[Evidence, ...]:
    return tuple(_offered(cluster, offer) for cluster, offer in offers)


def _offered(cluster: Database, offer: Offer) -> Evidence:
    if offer.is_on:
        return Evidence("enable_http_endpoint = true", cluster.has_http_endpoint.place)
    engine = cluster.engine.value if isinstance(cluster.engine, Known) else "its engine"
    version = f" {cluster.version.value}" if isinstance(cluster.version, Known) and cluster.version.value else ""
    return Evidence(f"{engine}{version} offers the Data API", cluster.engine.place, as_of=data_api().as_of)


def instead(function: Function, offers: Offers, estate: Estate) -> str:
    off = [cluster.address for cluster, offer in offers if not offer.is_on]
    on = f"Set enable_http_endpoint = true on {joined(off)}. " if off else ""
    attachment = attachment_of(function)
    leave = leaving(function, attachment, estate) if attachment else "Remove vpc_config"
    return (
        f"{on}Let the role call rds-data:ExecuteStatement on {_clusters([c for c, _ in offers])} and read its secret "
        f"(secretsmanager:GetSecretValue). {leave}. Keep the SQL in one such function behind a queue where others need the data as well. "
        "For new work Aurora DSQL needs neither a VPC nor a password. If a driver, a mapper or bulk loads need a connection, record that."
    )
