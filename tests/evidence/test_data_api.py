"""Which databases offer the Data API, by engine, version, mode and class (`evidence/reference/data_api.yaml`)."""

from __future__ import annotations

import pytest

from serverful.estate.model import Database, Login
from serverful.estate.place import Place
from serverful.estate.value import Known, Listing, Unknown, Value
from serverful.evidence.data_api import Offer, offer_of

PLACE = Place(root=".", address="aws_rds_cluster.a", file="main.tf", line=1, end_line=2)
NO: Known[bool] = Known(False, PLACE)


def database(engine: str, version: str | None, *, on: bool = False, size: str = "db.r7g.large", type_: str = "aws_rds_cluster") -> Database:
    return Database(
        address=f"{type_}.a",
        type=type_,
        place=PLACE,
        exists=Known(True, PLACE),
        kind="relational database",
        security_groups=Listing(),
        subnets=Listing(),
        vpc=None,
        ports=(),
        is_in_vpc=Known(True, PLACE),
        engine=Known(engine, PLACE),
        version=Known(version, PLACE),
        mode=Known("provisioned", PLACE),
        has_http_endpoint=Known(on, PLACE),
        classes=(Known(size, PLACE),),
        login=Login("rds-db", Known(engine, PLACE), Known(version, PLACE), NO, NO, NO),
    )


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", None),
        ("aurora-postgresql", "16"),
        ("aurora-postgresql", "13.11"),
        ("aurora-postgresql", "17.4"),
        ("aurora-mysql", "8.0"),
        ("aurora-mysql", "8.0.mysql_aurora.3.07.0"),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.1"),
    ],
)
def test_what_offers_it(engine: str, version: str | None) -> None:
    assert offer_of(database(engine, version)) == Offer(is_offered=True)


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "12.9"),
        ("aurora-postgresql", "13.10"),
        ("aurora-postgresql", "17.2"),
        ("aurora-mysql", "5.7"),
        ("aurora-mysql", "5.7.mysql_aurora.2.11.2"),
        ("aurora-mysql", "8.0.mysql_aurora.3.06.1"),
        ("postgres", "16.4"),
        ("aurora", None),
    ],
)
def test_what_does_not(engine: str, version: str | None) -> None:
    assert offer_of(database(engine, version)).why_not


def test_burstable_classes_have_none_and_single_instances_have_none() -> None:
    assert offer_of(database("aurora-postgresql", "16.4", on=True, size="db.t4g.medium")).why_not == "db.t4g.medium has no Data API"
    assert offer_of(database("postgres", "16.4", type_="aws_db_instance")).why_not == "it is no Aurora cluster"


@pytest.mark.parametrize("version", ["19.1", "16.4-limitless"])
def test_what_is_newer_or_written_otherwise_is_not_known(version: str) -> None:
    unknown: tuple[Value[str], ...] = (Unknown(f"what version {version} offers", PLACE),)
    assert offer_of(database("aurora-postgresql", version)) == Offer(unknown=unknown)


def test_where_the_endpoint_is_on_the_version_does_not_matter() -> None:
    assert offer_of(database("aurora-postgresql", "19.1", on=True)) == Offer(is_on=True)
