"""What triggers a function from a network of its own, what that explains, and when two networks are the same."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    document,
    endpoint,
    environment,
    estate,
    function,
    inside,
    invocation,
    known,
    link,
    listing,
    outside,
    place,
    role,
    rule,
    secret,
    security_group,
    statement,
    store,
    subnet,
    unknown,
    vpc,
)
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Invocation, LatticeAssociation, Link, Style, Thing
from serverful.estate.value import Listing, Unknown
from serverful.evidence.event_sources import called_by, event_sources, is_polled_in_vpc, is_same
from serverful.evidence.evidence import Grade
from serverful.evidence.leaving import leaving
from serverful.evidence.private import Reach, reach

FN = "aws_lambda_function.orders"
OWN, BROKERS = "aws_security_group.orders", "aws_security_group.brokers"
CLUSTER = "aws_msk_cluster.orders"
ROLE = "aws_iam_role.orders"
SUBNETS = inside("aws_subnet.a.id", "aws_subnet.b.id")


def polls(source: str | None = f"{CLUSTER}.arn", service: str = "MSK", **given: Any) -> Invocation:
    named = link(source) if source else None
    return invocation("aws_lambda_event_source_mapping.orders", f"{FN}.arn", Style.POLLED, service=service, source=named, **given)


def orders(groups: Listing[Link] | None = None, **given: Any) -> Function:
    stands = attachment(subnets=SUBNETS, security_groups=groups or inside(f"{OWN}.id"), at=place(FN, "fn.tf", 7))
    return function(FN, **{"attachment": stands, "role": link(f"{ROLE}.arn"), **given})


def cluster(address: str = CLUSTER, kind: str = "broker", **given: Any) -> Thing:
    return store(address, kind, **{"security_groups": inside(f"{BROKERS}.id"), "subnets": SUBNETS, "ports": (9098,), **given})


class TestSources:
    @pytest.mark.parametrize(
        ("call", "what"),
        [
            (polls(), ["the broker aws_msk_cluster.orders"]),
            (polls("data.aws_msk_cluster.main.arn"), ["MSK (data.aws_msk_cluster.main.arn)"]),
            (polls("var.cluster_arn", "Amazon MQ"), ["Amazon MQ (var.cluster_arn)"]),
            (polls(None, "self-managed Kafka", subnets=SUBNETS), ["the self-managed Kafka of aws_lambda_event_source_mapping.orders"]),
            (polls(None, "self-managed Kafka"), []),
            (polls("aws_sqs_queue.orders.arn", "SQS"), []),
            (polls("aws_lb.shop.arn", "Application Load Balancer"), ["the load balancer aws_lb.shop"]),
            (polls("aws_lb.shop.arn", "Application Load Balancer", is_permission=True), []),
        ],
        ids=["MSK", "elsewhere", "by variable", "own Kafka", "on the internet", "queue", "load balancer", "permission"],
    )
    def test_who_has_a_network(self, call: Invocation, what: list[str]) -> None:
        house = estate(orders(), cluster(), cluster("aws_lb.shop", "load balancer"), invocations=[call])
        assert [source.what for source in event_sources(orders(), house)] == what

    def test_lattice_is_known_by_its_associations(self) -> None:
        address = "aws_vpclattice_service_network_vpc_association.shop"
        association = LatticeAssociation(
            address=address, type="", place=place(address), exists=known(True), vpc=None, security_groups=inside(f"{BROKERS}.id")
        )
        house = estate(orders(), association, invocations=[polls("aws_vpclattice_target_group.orders.arn", "VPC Lattice")])
        (source,) = event_sources(orders(), house)
        assert (source.thing, source.is_mapping) == (association, False)

    def test_a_source_outside_is_named(self) -> None:
        house = estate(orders(), invocations=[polls("var.cluster_arn", exists=unknown("var.is_live"))])
        (source,) = event_sources(orders(), house)
        assert [part.expression for part in source.unknown] == ["var.is_live", "var.cluster_arn"]

    def test_what_it_is_called_in_evidence(self) -> None:
        mapped = polls(None, "self-managed Kafka", subnets=SUBNETS, security_groups=inside("aws_security_group.consumers.id"))
        assert called_by(orders(), estate(orders(), cluster(), invocations=[polls()])) == {CLUSTER: None, "MSK": None}
        assert set(called_by(orders(), estate(orders(), invocations=[mapped]))) == {"self-managed Kafka", "aws_security_group.consumers"}

    def test_one_certain_caller_is_enough(self) -> None:
        perhaps = polls(exists=unknown("var.is_live"))
        house = estate(orders(), cluster(), invocations=[polls(), perhaps])
        assert called_by(orders(), house)[CLUSTER] is None
        assert called_by(orders(), estate(orders(), cluster(), invocations=[perhaps, polls()]))[CLUSTER] is None
        assert isinstance(called_by(orders(), estate(orders(), cluster(), invocations=[perhaps]))[CLUSTER], Unknown)


class TestSame:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (SUBNETS, inside("aws_subnet.b.id", "aws_subnet.a.id")),
            (outside("var.subnets"), outside("var.subnets")),
            (
                listing(link("aws_subnet.a.id"), unknown=[unknown("var.more")]),
                listing(link("aws_subnet.a.id"), unknown=[unknown("var.more")]),
            ),
            (inside("data.aws_subnets.a.ids"), inside("data.aws_subnets.a.ids")),
            (listing(link("subnet-1")), listing(link("subnet-1"))),
        ],
        ids=["order", "variable", "mixed", "data", "literal"],
    )
    def test_same(self, one: Listing[Link], other: Listing[Link]) -> None:
        assert is_same(one, other) is True

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (SUBNETS, inside("aws_subnet.a.id")),
            (SUBNETS, inside("aws_subnet.a.id", "aws_subnet.b.id", "aws_subnet.c.id")),
            (SUBNETS, Listing()),
            (Listing(), Listing()),
            (Listing(), outside("var.subnets")),
            (listing(link("subnet-1")), listing(link("subnet-2"))),
            (SUBNETS, listing(link("aws_subnet.c.id"), unknown=[unknown("var.more")])),
        ],
        ids=["fewer", "more", "none", "both none", "none and unknown", "literals", "one that is not ours"],
    )
    def test_other(self, one: Listing[Link], other: Listing[Link]) -> None:
        assert is_same(one, other) is False
        assert is_same(other, one) is False

    @pytest.mark.parametrize(
        ("one", "other", "name"),
        [
            (SUBNETS, outside("var.subnets"), "var.subnets"),
            (outside("var.a"), outside("var.b"), "var.a"),
            (inside("data.aws_subnets.a.ids"), SUBNETS, "data.aws_subnets.a.ids"),
            (outside("var.x ? var.a : var.b"), outside("var.x ? var.a : var.b"), "var.x ? var.a : var.b"),
            (SUBNETS, listing(link("aws_subnet.a.id"), unknown=[unknown("var.more")]), "var.more"),
        ],
        ids=["variable", "two variables", "data", "no plain expression", "the rest"],
    )
    def test_not_told(self, one: Listing[Link], other: Listing[Link], name: str) -> None:
        answer = is_same(one, other)
        assert isinstance(answer, Unknown)
        assert answer.expression == name


# --- what an event source explains --------------------------------------------------------------------------------------------------


def reached(subject: Function, *things: Thing, calls: tuple[Invocation, ...] = (), **given: Any) -> Reach:
    return reach(subject, house(subject, *things, calls=calls, **given))


def house(subject: Function, *things: Thing, calls: tuple[Invocation, ...] = (), **given: Any) -> Estate:
    return estate(subject, *things, vpc("aws_vpc.main"), subnet("aws_subnet.a"), subnet("aws_subnet.b"), invocations=calls, **given)


def kafka(*actions: str, resource: str = "*") -> Thing:
    return role(ROLE, document(statement(*(f"kafka-cluster:{action}" for action in actions), resources=[resource])))


ITSELF = rule("ingress", ports=(9098, 9098), is_self=True)
READS = ("Connect", "DescribeGroup", "AlterGroup", "DescribeTopic", "ReadData", "DescribeClusterDynamicConfiguration")


class TestExplained:
    """With the event source it is none; without it, the same is evidence, or a hint."""

    @pytest.mark.parametrize(
        ("subject", "things", "grade"),
        [
            (orders(inside(f"{BROKERS}.id")), (cluster(), security_group(BROKERS, ITSELF)), Grade.E1),
            (orders(inside(f"{BROKERS}.id")), (cluster(), security_group("aws_security_group.x")), Grade.E1),
            (orders(inside(f"{CLUSTER}.security_groups")), (cluster(),), Grade.E1),
            (orders(), (cluster(), security_group(BROKERS, rule("ingress", ports=(9098, 9098), cidrs=listing("10.0.0.0/16")))), Grade.E3),
            (orders(), (cluster(), kafka(*READS)), Grade.E2),
            (orders(), (cluster(), kafka("Connect", "ReadData", resource=f"{CLUSTER}.arn")), Grade.E2),
            (orders(), (cluster(), kafka("Connect", "Describe*", "Read*")), Grade.E2),
        ],
        ids=["shared group", "group of its name", "group taken from it", "its own range", "reading", "on the cluster", "patterns"],
    )
    def test_what_the_mapping_needs(self, subject: Function, things: tuple[Thing, ...], grade: Grade) -> None:
        assert grade in {seen.grade for seen in reached(subject, *things).evidence}
        mapped = reached(subject, *things, calls=(polls(),))
        assert mapped.evidence == ()
        assert any(phrase.startswith("event source: ") for phrase in mapped.looked_at)

    def test_a_shared_group_without_a_rule_is_not_even_a_hint(self) -> None:
        things = (cluster(security_groups=inside("aws_security_group.shop.id")), security_group("aws_security_group.shop"))
        subject = orders(inside("aws_security_group.shop.id"))
        assert [seen.grade for seen in reached(subject, *things).hints] == [Grade.E6]
        assert reached(subject, *things, calls=(polls(),)).hints == ()

    def test_the_login_that_the_mapping_reads(self) -> None:
        login = secret("aws_secretsmanager_secret.broker", "aws_mq_broker.orders.password")
        reads = role(ROLE, document(statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.broker.arn"])))
        things = (cluster("aws_mq_broker.orders"), login, reads)
        mapping = polls("aws_mq_broker.orders.arn", "Amazon MQ")
        assert [seen.grade for seen in reached(orders(), *things).evidence] == [Grade.E2]
        assert reached(orders(), *things, calls=(mapping,)).evidence == ()
        named = orders(environment=environment(LOGIN=link("aws_secretsmanager_secret.broker.arn")))
        assert [seen.grade for seen in reached(named, *things, calls=(mapping,)).evidence] == [Grade.E2]

    def test_a_group_that_the_mapping_brings(self) -> None:
        admits = rule("ingress", ports=(9092, 9092), peers=inside(f"{OWN}.id"))
        things = (
            store("aws_instance.kafka", "instance", security_groups=inside(f"{BROKERS}.id"), ports=()),
            security_group(BROKERS, admits),
        )
        mapping = polls(None, "self-managed Kafka", subnets=SUBNETS, security_groups=inside(f"{OWN}.id"))
        assert [seen.grade for seen in reached(orders(), *things).evidence] == [Grade.E1]
        assert reached(orders(), *things, calls=(mapping,)).evidence == ()
        database = store("aws_db_instance.ledger", security_groups=inside("aws_security_group.db.id"))
        to_it = security_group("aws_security_group.db", rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id")))
        assert [seen.grade for seen in reached(orders(), *things, database, to_it, calls=(mapping,)).evidence] == [Grade.E1]

    def test_a_mapping_that_may_not_exist_makes_hints(self) -> None:
        found = reached(orders(), cluster(), kafka(*READS), calls=(polls(exists=unknown("var.is_live")),))
        assert found.evidence == ()
        assert [seen.grade for seen in found.hints] == [Grade.E6]
        assert "var.is_live decides that" in found.hints[0].says

    def test_a_load_balancer_that_shares_its_group(self) -> None:
        things = (cluster("aws_lb.shop", "load balancer"), security_group(BROKERS, rule("ingress", is_self=True)))
        subject = orders(inside(f"{BROKERS}.id"))
        in_front = polls("aws_lb.shop.arn", "Application Load Balancer")
        assert [seen.grade for seen in reached(subject, *things).evidence] == [Grade.E1]
        assert reached(subject, *things, calls=(in_front,)).evidence == ()


class TestNotExplained:
    """What stays evidence, whatever triggers the function."""

    @pytest.mark.parametrize(
        ("subject", "things"),
        [
            (orders(), (cluster(), kafka(*READS, "WriteData"))),
            (orders(), (cluster(), kafka(*READS, "CreateTopic"))),
            (orders(), (cluster(), kafka("*"))),
            (orders(environment=environment(SERVERS=link(f"{CLUSTER}.bootstrap_brokers_sasl_iam"))), (cluster(), kafka(*READS))),
            (orders(), (cluster(), security_group(BROKERS, rule("ingress", ports=(9098, 9098), peers=inside(f"{OWN}.id"))))),
            (orders(), (cluster("aws_msk_cluster.other"), kafka("Connect", resource="aws_msk_cluster.other.arn"))),
            (
                orders(inside("aws_security_group.d.id")),
                (cluster("aws_msk_cluster.other", security_groups=inside("aws_security_group.d.id")),),
            ),
        ],
        ids=["writes", "makes topics", "everything", "environment", "its own group", "another cluster", "another cluster's group"],
    )
    def test_a_connection_of_its_own(self, subject: Function, things: tuple[Thing, ...]) -> None:
        shared = security_group("aws_security_group.d", ITSELF)
        assert reached(subject, cluster(), *things, shared, calls=(polls(),)).evidence

    def test_a_range_of_the_functions_own_subnets(self) -> None:
        elsewhere = cluster(subnets=inside("aws_subnet.c.id"))
        admits = security_group(BROKERS, rule("ingress", ports=(9098, 9098), cidrs=listing("10.0.1.0/24")))
        far = subnet("aws_subnet.c", cidr="10.0.9.0/24")
        assert [seen.grade for seen in reached(orders(), elsewhere, admits, far, calls=(polls(),)).evidence] == [Grade.E3]

    def test_somebody_elses_mapping_explains_nothing(self) -> None:
        other = invocation("aws_lambda_event_source_mapping.o", "aws_lambda_function.o.arn", service="MSK", source=link(f"{CLUSTER}.arn"))
        assert reached(orders(), cluster(), kafka(*READS), function("aws_lambda_function.o"), calls=(other,)).evidence


class TestLeaving:
    """The mapping makes its interfaces by the function's role."""

    PERMITS = statement("ec2:CreateNetworkInterface", at=place(ROLE, "iam.tf", 5))

    def said(self, *calls: Invocation, others: tuple[Thing, ...] = ()) -> str:
        subject = orders()
        stands = subject.attachment.value if not isinstance(subject.attachment, Unknown) else None
        assert stands is not None
        return leaving(subject, stands, house(subject, cluster(), role(ROLE, document(self.PERMITS)), *others, calls=calls))

    def test_the_role_keeps_what_a_mapping_needs(self) -> None:
        assert "network interfaces (iam.tf:5)" in self.said()
        assert self.said(polls()) == "Remove vpc_config (fn.tf:7)"
        assert "network interfaces (iam.tf:5)" in self.said(polls("aws_sqs_queue.orders.arn", "SQS"))

    def test_also_the_mapping_of_another_function(self) -> None:
        other = function("aws_lambda_function.other", role=link(f"{ROLE}.arn"))
        call = invocation(
            "aws_lambda_event_source_mapping.o", "aws_lambda_function.other.arn", service="MSK", source=link(f"{CLUSTER}.arn")
        )
        assert "network interfaces" in self.said(others=(other,))
        assert "network interfaces" not in self.said(call, others=(other,))
        assert is_polled_in_vpc(other, estate(other, cluster(), invocations=[call]))


def test_an_endpoint_is_no_event_source() -> None:
    assert event_sources(orders(), estate(orders(), endpoint("aws_vpc_endpoint.s3"))) == ()
