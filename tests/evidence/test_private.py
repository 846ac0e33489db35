"""What counts as a private thing that a function reaches: each grade with what is evidence, and with its look-alike that is none."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import association as associate
from estates_by_hand import (
    attachment,
    document,
    endpoint,
    environment,
    estate,
    function,
    inside,
    link,
    listing,
    module_call,
    other,
    outside,
    place,
    role,
    route,
    route_table,
    rule,
    secret,
    security_group,
    statement,
    store,
    subnet,
    unknown,
    vpc,
)
from serverful.estate.model import (
    Condition,
    EnvironmentVariable,
    Function,
    Guardrail,
    Link,
    ManagedPolicy,
    OutsideRule,
    Rule,
    Store,
    Target,
    Thing,
)
from serverful.estate.value import Known, Listing
from serverful.evidence.evidence import Grade
from serverful.evidence.private import Reach, reach

FN = "aws_lambda_function.orders"
OWN = "aws_security_group.orders"
DB_GROUP = "aws_security_group.ledger"
EVERYWHERE: Listing[str] = listing("0.0.0.0/0")


def orders(*groups: str, **given: Any) -> Function:
    """The function under test, in its own group unless told."""
    given.setdefault("attachment", attachment(subnets=inside("aws_subnet.a.id"), security_groups=inside(*(groups or (f"{OWN}.id",)))))
    given.setdefault("role", link("aws_iam_role.orders.arn"))
    return function(FN, **given)


def ledger(**given: Any) -> Store:
    given.setdefault("security_groups", inside(f"{DB_GROUP}.id"))
    return store("aws_db_instance.ledger", **given)


def reached(subject: Function, *things: Thing, **given: Any) -> Reach:
    """What the function reaches among things, with an open own group and an empty role unless they are given."""
    addresses = {thing.address for thing in things}
    defaults: list[Thing] = [own_group(wide()), role("aws_iam_role.orders"), subnet("aws_subnet.a"), vpc("aws_vpc.main")]
    rest = [thing for thing in defaults if thing.address not in addresses]
    return reach(subject, estate(subject, *things, *rest, **given))


def grades(found: Reach) -> list[str]:
    return [seen.grade.name for seen in found.evidence if seen.grade]


def wide() -> Rule:
    return rule("egress", protocol="-1", ports=(0, 0), cidrs=EVERYWHERE)


def own_group(*rules: Rule) -> Thing:
    return security_group(OWN, *rules)


def db_group(*rules: Rule) -> Thing:
    return security_group(DB_GROUP, *rules)


def outside_rule(group: Link, one: Rule, **given: Any) -> OutsideRule:
    """A rule of this root on a group outside it."""
    at = place("aws_security_group_rule.r")
    given.setdefault("exists", Known(True, at))
    return OutsideRule(address=at.address, type="aws_security_group_rule", place=at, group=group, rule=one, **given)


class TestEdge:
    def test_ingress_on_the_group_of_a_store(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"), at=place(DB_GROUP, "db.tf", 12))
        found = reached(orders(), ledger(), db_group(admits))
        assert grades(found) == ["E1"]
        assert found.evidence[0].says == (
            f"{DB_GROUP} of the relational database aws_db_instance.ledger admits {OWN} on port 5432 (PostgreSQL)"
        )
        assert found.evidence[0].place.spot == "db.tf:12"

    def test_egress_to_the_group_of_a_store(self) -> None:
        out = rule("egress", ports=(5432, 5432), peers=inside(f"{DB_GROUP}.id"))
        assert grades(reached(orders(), ledger(), db_group(), own_group(out))) == ["E1"]

    def test_ingress_on_the_functions_own_group_is_none(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{DB_GROUP}.id"))
        found = reached(orders(), ledger(), db_group(), own_group(admits, wide()))
        assert (grades(found), found.hints) == ([], ())

    def test_another_group_admitted_is_none(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside("aws_security_group.web.id"))
        found = reached(orders(), ledger(), db_group(admits), security_group("aws_security_group.web"))
        assert (grades(found), found.hints) == ([], ())

    def test_a_shared_group_that_admits_itself(self) -> None:
        shared = security_group("aws_security_group.all", rule("ingress", protocol="-1", ports=(0, 0), is_self=True), wide())
        subject = orders("aws_security_group.all.id")
        assert grades(reached(subject, ledger(security_groups=inside("aws_security_group.all.id")), shared)) == ["E1"]

    def test_a_shared_group_that_names_itself_is_said_once(self) -> None:
        shared = security_group("aws_security_group.all", rule("ingress", peers=inside("aws_security_group.all.id")), wide())
        found = reached(orders("aws_security_group.all.id"), ledger(security_groups=inside("aws_security_group.all.id")), shared)
        assert [seen.says for seen in found.evidence] == [
            "it shares aws_security_group.all with the relational database aws_db_instance.ledger, and the group admits itself on port 443"
        ]

    def test_egress_of_the_store_to_the_function_is_none(self) -> None:
        found = reached(orders(), ledger(), db_group(rule("egress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))))
        assert (grades(found), found.hints) == ([], ())

    def test_a_shared_group_without_a_rule_is_a_hint(self) -> None:
        shared = security_group("aws_security_group.all", wide())
        found = reached(orders("aws_security_group.all.id"), ledger(security_groups=inside("aws_security_group.all.id")), shared)
        assert grades(found) == []
        assert [hint.says for hint in found.hints] == [
            "it shares aws_security_group.all with the relational database aws_db_instance.ledger, without a rule between them"
        ]

    def test_membership_of_a_caches_own_group_by_id(self) -> None:
        redis = store("aws_elasticache_cluster.s", "cache", security_groups=inside("aws_security_group.redis.id"), ports=(6379,))
        assert grades(reached(orders("aws_security_group.redis.id"), redis, security_group("aws_security_group.redis", wide()))) == ["E1"]

    def test_a_group_taken_from_the_store_itself(self) -> None:
        redis = store("aws_elasticache_cluster.s", "cache", security_groups=outside("var.groups"))
        found = reached(orders("aws_elasticache_cluster.s.security_group_ids"), redis)
        assert found.evidence[0].says == "it takes its security group from the cache aws_elasticache_cluster.s"

    def test_a_public_database_is_none(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        found = reached(orders(), ledger(is_in_vpc=False), db_group(admits))
        assert (grades(found), found.hints) == ([], ())

    def test_a_cluster_whose_instances_are_all_public_is_none(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        cluster = store("aws_rds_cluster.l", security_groups=inside(f"{DB_GROUP}.id"))
        instance = store("aws_rds_cluster_instance.l", is_in_vpc=False, parent=link("aws_rds_cluster.l.id"))
        assert grades(reached(orders(), cluster, instance, db_group(admits))) == []

    def test_a_mount_target_is_named_with_its_file_system(self) -> None:
        admits = rule("ingress", ports=(2049, 2049), peers=inside(f"{OWN}.id"))
        whole = store("aws_efs_file_system.f", "file system", ports=(2049,))
        part = store(
            "aws_efs_mount_target.f", "file system", security_groups=inside(f"{DB_GROUP}.id"), parent=link("aws_efs_file_system.f.id")
        )
        found = reached(orders(), whole, part, db_group(admits))
        assert "the file system aws_efs_file_system.f (through aws_efs_mount_target.f)" in found.evidence[0].says

    def test_a_store_that_may_not_exist_is_a_hint(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        found = reached(orders(), ledger(exists=unknown("var.create_db")), db_group(admits))
        assert grades(found) == []
        assert found.hints[0].says.endswith("if it exists (var.create_db)")
        assert any("no other store's group admits it" in said for said in found.looked_at)

    def test_a_store_that_exists_where_the_function_does_is_none(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        found = reached(orders(exists=unknown("var.shops")), ledger(exists=unknown("var.shops")), db_group(admits))
        assert (grades(found), found.hints) == (["E1"], ())
        other_one = reached(orders(exists=unknown("var.shops")), ledger(exists=unknown("var.create_db")), db_group(admits))
        assert grades(other_one) == []

    def test_a_group_from_outside_is_known_by_its_name(self) -> None:
        """The same variable stands in the function's group list and in the store's rule."""
        subject = orders(attachment=attachment(security_groups=outside("var.app_group_id")))
        admits = rule("ingress", ports=(5432, 5432), peers=outside("var.app_group_id"))
        assert grades(reached(subject, ledger(), db_group(admits))) == ["E1"]
        others = rule("ingress", ports=(5432, 5432), peers=outside("var.web_group_id"))
        assert grades(reached(subject, ledger(), db_group(others))) == []

    def test_a_group_that_a_service_made_for_its_own_resource(self) -> None:
        cluster = store("aws_eks_cluster.c", "container service", ports=(443,))
        at = link("aws_eks_cluster.c.vpc_config[0].cluster_security_group_id", target="aws_eks_cluster.c")
        found = reached(orders(), cluster, outside_rule(at, rule("ingress", peers=inside(f"{OWN}.id"))))
        assert grades(found) == ["E1"]

    def test_the_group_of_an_aws_endpoint_is_none(self) -> None:
        admits = rule("ingress", peers=inside(f"{OWN}.id"))
        secrets = endpoint(
            "aws_vpc_endpoint.s", service="secretsmanager", kind="Interface", security_groups=inside("aws_security_group.endpoints.id")
        )
        out = rule("egress", peers=inside("aws_security_group.endpoints.id"))
        found = reached(orders(), secrets, security_group("aws_security_group.endpoints", admits), own_group(out))
        assert (grades(found), found.hints) == ([], ())

    def test_the_group_of_somebodys_private_service_is_an_edge(self) -> None:
        service = endpoint("aws_vpc_endpoint.p", service="vpce-svc-0a1b2c", kind="Interface", security_groups=inside(f"{DB_GROUP}.id"))
        admits = rule("ingress", peers=inside(f"{OWN}.id"))
        assert grades(reached(orders(), service, db_group(admits))) == ["E1"]


class TestReference:
    def test_an_endpoint_in_the_environment(self) -> None:
        found = reached(orders(environment=environment(HOST=link("aws_db_instance.ledger.address"))), ledger())
        assert grades(found) == ["E2"]
        assert found.evidence[0].says == "environment variable HOST refers to the relational database aws_db_instance.ledger (address)"

    def test_the_arn_of_a_cluster_beside_the_data_api_is_none(self) -> None:
        variables = environment(CLUSTER_ARN=link("aws_db_instance.ledger.arn"), LOGIN=link("aws_secretsmanager_secret.l.arn"))
        login = secret("aws_secretsmanager_secret.l", "aws_db_instance.ledger.address")
        data_api = role("aws_iam_role.orders", document(statement("rds-data:ExecuteStatement", "secretsmanager:GetSecretValue")))
        sql = role("aws_iam_role.orders", document(statement("logs:PutLogEvents")))
        assert grades(reached(orders(environment=variables), ledger(), login, data_api)) == []
        assert grades(reached(orders(environment=variables), ledger(), login, sql)) == ["E2", "E2"]

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("data.aws_rds_cluster.main.reader_endpoint", ["E2"]),
            ("module.x.data.aws_elasticache_replication_group.r[0].primary_endpoint_address", ["E2"]),
            ("data.aws_rds_cluster.main.cluster_identifier", []),
            ("data.aws_opensearch_domain.main.endpoint", []),
            ("data.terraform_remote_state.net.outputs", []),
        ],
    )
    def test_a_store_that_a_data_source_finds(self, expression: str, expected: list[str]) -> None:
        found = link(expression, origin="data")
        assert grades(reached(orders(environment=environment(WHERE=found)))) == expected

    def test_an_id_is_only_a_hint(self) -> None:
        found = reached(orders(environment=environment(INSTANCE=link("aws_db_instance.ledger.identifier"))), ledger())
        assert (grades(found), len(found.hints)) == ([], 1)

    def test_an_instance_that_is_managed_and_not_called(self) -> None:
        machine = store("aws_instance.batch", "instance", ports=())
        assert grades(reached(orders(environment=environment(TARGET=link("aws_instance.batch.arn"))), machine)) == []
        assert grades(reached(orders(environment=environment(TARGET=link("aws_instance.batch.private_ip"))), machine)) == ["E2"]

    def test_the_secret_of_a_store(self) -> None:
        login = secret("aws_secretsmanager_secret.l", "aws_db_instance.ledger.address")
        by_environment = orders(environment=environment(LOGIN=link("aws_secretsmanager_secret.l.arn")))
        assert grades(reached(by_environment, ledger(), login)) == ["E2"]
        reads = statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.l.arn"])
        assert grades(reached(orders(), ledger(), login, role("aws_iam_role.orders", document(reads)))) == ["E2"]

    def test_the_secret_of_a_store_serves_the_data_api_too(self) -> None:
        login = secret("aws_secretsmanager_secret.l", "aws_db_instance.ledger.address")
        reads = statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.l.arn"])
        calls = statement("rds-data:ExecuteStatement")
        assert grades(reached(orders(), ledger(), login, role("aws_iam_role.orders", document(reads, calls)))) == []

    def test_a_secret_of_nothing_private_is_none(self) -> None:
        key = secret("aws_secretsmanager_secret.api_key")
        reads = statement("secretsmanager:GetSecretValue", resources=["aws_secretsmanager_secret.api_key.arn"])
        found = reached(orders(), ledger(), key, role("aws_iam_role.orders", document(reads)))
        assert (grades(found), found.hints) == ([], ())

    @pytest.mark.parametrize(
        "action",
        ["rds-db:connect", "elasticache:Connect", "kafka-cluster:WriteData", "kafka-cluster:*", "memorydb:Connect", "s3files:ClientMount"],
    )
    def test_a_login_even_when_the_store_is_outside(self, action: str) -> None:
        found = reached(orders(), role("aws_iam_role.orders", document(statement(action))))
        assert grades(found) == ["E2"]

    @pytest.mark.parametrize("action", ["*", "dynamodb:*", "elasticfilesystem:DescribeMountTargets", "rds:*", "kafka:GetBootstrapBrokers"])
    def test_what_is_no_login(self, action: str) -> None:
        found = reached(orders(), role("aws_iam_role.orders", document(statement(action))))
        assert (grades(found), found.hints) == ([], ())

    def test_everything_about_caches_is_a_hint(self) -> None:
        found = reached(orders(), role("aws_iam_role.orders", document(statement("elasticache:*"))))
        assert (grades(found), [hint.grade for hint in found.hints]) == ([], [Grade.E6])

    def test_a_denied_login_is_none(self) -> None:
        found = reached(orders(), role("aws_iam_role.orders", document(statement("rds-db:connect", effect="Deny"))))
        assert (grades(found), found.hints) == ([], ())

    def test_a_search_domain_counts_when_it_stands_in_the_vpc(self) -> None:
        search = statement("es:ESHttp*", resources=["aws_opensearch_domain.s.arn"])
        person = role("aws_iam_role.orders", document(search))
        private = store("aws_opensearch_domain.s", "search domain", ports=(443,))
        public = store("aws_opensearch_domain.s", "search domain", ports=(443,), is_in_vpc=False)
        assert grades(reached(orders(), person, private)) == ["E2"]
        assert (grades(reached(orders(), person, public)), reached(orders(), person, public).hints) == ([], ())

    def test_a_managed_policy_that_mounts(self) -> None:
        mounts = ManagedPolicy("AmazonElasticFileSystemClientReadWriteAccess", place("aws_iam_role.orders"))
        found = reached(orders(), role("aws_iam_role.orders", managed=(mounts,)))
        assert (grades(found), found.evidence[0].as_of is not None) == (["E2"], True)

    def test_the_permission_to_make_network_interfaces_is_none(self) -> None:
        permits = ManagedPolicy("AWSLambdaVPCAccessExecutionRole", place("aws_iam_role.orders"))
        found = reached(orders(), role("aws_iam_role.orders", managed=(permits,)))
        assert (grades(found), found.hints) == ([], ())

    def test_a_service_that_only_an_associated_vpc_reaches(self) -> None:
        subject = orders(environment=environment(URL=link("aws_vpclattice_service.prices.dns_entry")))
        assert grades(reached(subject, other("aws_vpclattice_service.prices"))) == ["E2"]

    @pytest.mark.parametrize(
        ("name", "hints"),
        [("AmazonRDSFullAccess", 1), ("AmazonRDSDataFullAccess", 0), ("AWSLambdaMSKExecutionRole", 0), ("AmazonDynamoDBFullAccess", 0)],
    )
    def test_a_managed_policy_that_only_speaks_of_a_store(self, name: str, hints: int) -> None:
        found = reached(orders(), role("aws_iam_role.orders", managed=(ManagedPolicy(name, place("aws_iam_role.orders")),)))
        assert (grades(found), len(found.hints)) == ([], hints)

    def test_a_file_system_wherever_it_is(self) -> None:
        assert grades(reached(orders(file_system=link("var.access_point_arn")))) == ["E2"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("jdbc:postgresql://l.abc.eu-central-1.rds.amazonaws.com:5432/l", ["E2"]),
            ("b-1.k.a1.kafka.eu-central-1.amazonaws.com:9098", ["E2"]),
            ("internal-app-1.eu-central-1.elb.amazonaws.com", ["E2"]),
            ("http://10.4.0.12:8080", ["E3"]),
            ("https://ledger.corp/api", ["E3"]),
            ("https://api.example.com", []),
            ("https://search-s-abc.eu-central-1.es.amazonaws.com", []),
            ("https://sqs.eu-central-1.amazonaws.com/1/orders", []),
            ("52.94.0.1", []),
            ("127.0.0.1", []),
        ],
    )
    def test_a_literal_address(self, text: str, expected: list[str]) -> None:
        assert grades(reached(orders(environment=environment(TARGET_URL=text)))) == expected

    def test_a_word_that_looks_like_a_private_name(self) -> None:
        assert grades(reached(orders(environment=environment(EVENT_SOURCE="shop.internal")))) == []
        template = EnvironmentVariable("TARGET_URL", unknown("module.net.private"), (), place(FN))
        assert grades(reached(orders(environment=environment().__class__((template,))))) == []


class TestShape:
    @pytest.mark.parametrize(
        ("cidr", "ports", "expected"),
        [
            ("10.0.0.0/8", (5432, 5432), ["E3"]),
            ("10.0.1.0/24", (5432, 5432), ["E3"]),
            ("10.0.1.0/24", (0, 65535), ["E3"]),
            ("10.0.2.0/24", (5432, 5432), []),
            ("10.0.1.0/24", (22, 22), []),
            ("0.0.0.0/0", (5432, 5432), []),
        ],
    )
    def test_the_stores_group_admits_a_range(self, cidr: str, ports: tuple[int, int], expected: list[str]) -> None:
        found = reached(orders(), ledger(), db_group(rule("ingress", ports=ports, cidrs=listing(cidr))))
        assert (grades(found), found.hints) == (expected, ())

    @pytest.mark.parametrize(
        ("others_range", "expected"),
        [("10.0.0.0/16", []), ("10.0.128.0/17", []), ("10.1.0.0/16", ["E3"]), (unknown("var.cidr"), ["E3"])],
    )
    def test_a_range_means_the_neighbours_of_a_store_in_a_vpc_that_cannot_be_joined(self, others_range: Any, expected: list[str]) -> None:
        """VPCs whose ranges overlap cannot be peered, so the admitted range is that of the store's own VPC."""
        own = [vpc("aws_vpc.main", cidr="10.0.0.0/16"), subnet("aws_subnet.a", vpc=link("aws_vpc.main.id"), cidr="10.0.1.0/24")]
        theirs = [vpc("aws_vpc.twin", cidr=others_range), subnet("aws_subnet.b", vpc=link("aws_vpc.twin.id"), cidr="10.0.1.0/24")]
        admits = rule("ingress", ports=(5432, 5432), cidrs=listing("10.0.1.0/24"))
        group = security_group(DB_GROUP, admits, vpc=link("aws_vpc.twin.id"))
        found = reached(orders(), ledger(subnets=inside("aws_subnet.b.id")), group, *own, *theirs)
        assert grades(found) == expected

    def test_the_stores_group_admits_the_vpc_by_reference(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), cidr_links=[link("data.aws_vpc.main.cidr_block")])
        subject = orders(attachment=attachment(security_groups=inside(f"{OWN}.id")))
        group = security_group(OWN, wide(), vpc=link("data.aws_vpc.main.id"))
        assert grades(reached(subject, ledger(), db_group(admits), group)) == ["E3"]

    @pytest.mark.parametrize(
        ("output", "grades_of", "hints"),
        [
            ("private_subnet_cidr_blocks", ["E3"], 0),
            ("private_subnets_cidr_ranges", ["E3"], 0),
            ("vpc_cidr", ["E3"], 0),
            ("office_cidr_blocks", [], 1),
            ("database_subnet_cidrs", [], 1),
        ],
    )
    def test_another_state_holds_many_ranges(self, output: str, grades_of: list[str], hints: int) -> None:
        """The function stands in its private subnets; that the office is admitted says nothing of it."""
        network = "data.terraform_remote_state.network"
        inner = {"target": network, "origin": "data"}
        admits = rule(
            "ingress", ports=(5432, 5432), cidr_links=[link(f"{network}.outputs.{output}", attribute=f"outputs.{output}", **inner)]
        )
        own = listing(link(f"{network}.outputs.private_subnet_ids", attribute="outputs.private_subnet_ids", **inner))
        subject = orders(attachment=attachment(subnets=own, security_groups=inside(f"{OWN}.id")))
        found = reached(subject, ledger(), db_group(admits), other(network))
        assert (grades(found), len(found.hints)) == (grades_of, hints)

    def test_a_range_is_a_hint_where_the_function_stands_outside(self) -> None:
        subject = orders(attachment=attachment(security_groups=inside(f"{OWN}.id")))
        group = security_group(OWN, wide(), vpc=link("var.vpc_id"))
        found = reached(subject, ledger(), db_group(rule("ingress", ports=(5432, 5432), cidrs=listing("10.9.0.0/16"))), group)
        assert (grades(found), len(found.hints)) == ([], 1)

    @pytest.mark.parametrize(
        ("rules", "expected", "hints"),
        [
            ([rule("egress", ports=(5432, 5432), cidrs=listing("10.0.0.0/16"))], ["E3"], 0),
            ([rule("egress", ports=(5432, 5432), cidrs=EVERYWHERE), rule("egress", cidrs=EVERYWHERE)], ["E3"], 0),
            ([rule("egress", ports=(5432, 5432), cidrs=listing("10.0.0.0/16")), wide()], [], 1),
            ([rule("egress", protocol="-1", ports=(0, 0), cidrs=listing("10.0.0.0/8"))], ["E3"], 0),
            ([rule("egress", cidrs=listing("172.16.0.0/12"))], ["E3"], 0),
            ([rule("egress", cidrs=listing("10.0.0.0/16"))], [], 1),
            ([rule("egress", cidrs=EVERYWHERE)], [], 0),
            ([wide()], [], 0),
            ([rule("egress", ports=(53, 53), protocol="udp", cidrs=listing("10.0.0.2/32"))], [], 0),
            ([rule("egress", prefix_lists=inside("data.aws_prefix_list.s3.id"))], [], 0),
            ([], [], 0),
        ],
    )
    def test_egress(self, rules: list[Rule], expected: list[str], hints: int) -> None:
        found = reached(orders(), own_group(*rules))
        assert (grades(found), len(found.hints)) == (expected, hints)

    def test_https_to_the_endpoints_of_the_own_vpc_is_none(self) -> None:
        sqs = endpoint("aws_vpc_endpoint.sqs", service="sqs", kind="Interface")
        found = reached(orders(), sqs, own_group(rule("egress", cidrs=listing("10.0.0.0/16"))))
        assert (grades(found), found.hints) == ([], ())

    def test_egress_to_a_group_of_another_root(self) -> None:
        def out(group: str) -> Thing:
            return own_group(rule("egress", peers=inside(group)))

        assert len(reached(orders(), out("data.aws_security_group.prices.id")).hints) == 1
        assert reached(orders(), out("data.aws_security_group.vpc_endpoints.id")).hints == ()

    def test_a_group_admits_ours_and_its_members_are_elsewhere(self) -> None:
        on_port = security_group("aws_security_group.x", rule("ingress", ports=(3306, 3306), peers=inside(f"{OWN}.id")))
        assert grades(reached(orders(), on_port)) == ["E3"]
        https = security_group("aws_security_group.x", rule("ingress", peers=inside(f"{OWN}.id")))
        assert (grades(reached(orders(), https)), len(reached(orders(), https).hints)) == ([], 1)

    @pytest.mark.parametrize("group", ["data.aws_security_group.rds.id", "var.database_group_id", "sg-0123456789abcdef0"])
    def test_a_rule_on_a_group_outside_admits_ours(self, group: str) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        assert grades(reached(orders(), outside_rule(link(group), admits))) == ["E3"]
        others = rule("ingress", ports=(5432, 5432), peers=inside("aws_security_group.web.id"))
        assert grades(reached(orders(), outside_rule(link(group), others))) == []
        maybe = outside_rule(link(group), admits, exists=unknown("var.create"))
        assert (grades(reached(orders(), maybe)), len(reached(orders(), maybe).hints)) == ([], 1)

    def test_a_rule_on_the_group_of_a_store_that_comes_from_outside(self) -> None:
        database = ledger(security_groups=outside("var.database_group_id"))
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        assert grades(reached(orders(), database, outside_rule(link("var.database_group_id"), admits))) == ["E1"]

    @pytest.mark.parametrize(
        ("target", "expected"),
        [
            (Target.TRANSIT_GATEWAY, ["E3"]),
            (Target.PEERING, ["E3"]),
            (Target.VPN_GATEWAY, ["E3"]),
            (Target.CARRIER_GATEWAY, ["E3"]),
            (Target.LOCAL_GATEWAY, ["E3"]),
            (Target.CORE_NETWORK, ["E3"]),
            (Target.NAT_GATEWAY, []),
            (Target.INTERNET_GATEWAY, []),
            (Target.NETWORK_INTERFACE, []),
        ],
    )
    def test_routes(self, target: Target, expected: list[str]) -> None:
        table = route_table("aws_route_table.a", route("10.8.0.0/16", "aws_thing.there.id", target))
        found = reached(orders(), table, associate("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id"))
        assert grades(found) == expected

    def test_a_route_that_may_not_exist_is_a_hint(self) -> None:
        way = route("10.8.0.0/16", "aws_vpc_peering_connection.p.id", Target.PEERING, exists=unknown("var.peer"))
        joined = associate("aws_route_table_association.a", "aws_route_table.a.id", subnet="aws_subnet.a.id")
        found = reached(orders(), route_table("aws_route_table.a", way), joined)
        assert (grades(found), len(found.hints)) == ([], 1)

    def test_a_route_of_another_subnet_is_none(self) -> None:
        table = route_table("aws_route_table.b", route("10.8.0.0/16", "aws_thing.there.id", Target.PEERING))
        joined = associate("aws_route_table_association.b", "aws_route_table.b.id", subnet="aws_subnet.b.id")
        assert grades(reached(orders(), table, joined, subnet("aws_subnet.b"))) == []

    def test_a_name_of_a_private_zone(self) -> None:
        zone = store("aws_route53_zone.z", "private zone", ports=(), names=("shop.example.com",))
        assert grades(reached(orders(environment=environment(LEDGER="http://db.shop.example.com:80")), zone)) == ["E3"]
        assert grades(reached(orders(environment=environment(LEDGER="http://db.workshop.example.com")), zone)) == []

    def test_a_private_api(self) -> None:
        api = endpoint("aws_vpc_endpoint.api", service="execute-api", kind="Interface")
        calls = orders(environment=environment(PRICES=link("aws_api_gateway_rest_api.prices.id")))
        prices = other("aws_api_gateway_rest_api.prices")
        assert grades(reached(calls, api, prices)) == ["E3"]
        assert grades(reached(calls, prices)) == []
        assert grades(reached(orders(), api, prices)) == []


class TestDemand:
    def test_an_organisation_that_demands_a_vpc(self) -> None:
        def guardrail(key: str) -> Thing:
            says = statement("lambda:CreateFunction", effect="Deny")
            condition = Condition("Null", key, listing("true"))
            demand = type(says)(says.place, says.effect, says.actions, says.not_actions, says.resources, (condition,))
            at = place("aws_organizations_policy.vpc")
            return Guardrail(
                address=at.address, type="aws_organizations_policy", place=at, exists=Known(True, at), document=document(demand)
            )

        assert grades(reached(orders(), guardrail("lambda:VpcIds"))) == ["E4"]
        assert grades(reached(orders(), guardrail("aws:SourceVpc"))) == []


class TestHint:
    @pytest.mark.parametrize(
        "name", ["DB_HOST", "PGHOST", "REDIS_URL", "DB_PORT", "DATABASE", "KAFKA_TOPIC", "INTERNAL_API", "dbName", "MYSQL_USER"]
    )
    def test_a_name_that_speaks(self, name: str) -> None:
        found = reached(orders(environment=environment(**{name: unknown("var.x")})))
        assert (grades(found), len(found.hints)) == ([], 1)

    @pytest.mark.parametrize(
        "name", ["TABLE_NAME", "QUEUE_URL", "LOG_LEVEL", "CACHE_TTL", "DYNAMODB_TABLE", "STAGE", "S3_BUCKET", "API_URL"]
    )
    def test_a_name_that_does_not(self, name: str) -> None:
        assert reached(orders(environment=environment(**{name: unknown("var.x")}))).hints == ()

    def test_what_refers_to_a_table_is_a_table_whatever_it_is_called(self) -> None:
        table = other("aws_dynamodb_table.users")
        assert reached(orders(environment=environment(USERS_DB=link("aws_dynamodb_table.users.name"))), table).hints == ()

    def test_the_key_of_a_queue_wins_over_its_variable(self) -> None:
        assert reached(orders(environment=environment(EVENTS_QUEUE=unknown("var.rds_events")))).hints == ()

    def test_numbers_and_flags_are_none(self) -> None:
        assert reached(orders(environment=environment(DB_POOL="5", USE_REDIS="true", DB_SCHEMA=""))).hints == ()

    def test_database_subnets(self) -> None:
        subject = orders(attachment=attachment(subnets=outside("module.vpc.database_subnets"), security_groups=inside(f"{OWN}.id")))
        assert [hint.says for hint in reached(subject).hints] == ["its subnets come from module.vpc.database_subnets"]

    def test_a_module_that_is_not_loaded(self) -> None:
        call = module_call("module.ledger", "terraform-aws-modules/rds/aws")
        assert [hint.place.address for hint in reached(orders(), call).hints] == ["module.ledger"]
        assert reached(orders(), module_call("module.site", "terraform-aws-modules/s3-bucket/aws")).hints == ()

    def test_a_secret_outside_this_root(self) -> None:
        arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:aurora-login"
        reads = role("aws_iam_role.orders", document(statement("secretsmanager:GetSecretValue", resources=[arn])))
        assert len(reached(orders(), reads).hints) == 1
        table = "arn:aws:dynamodb:eu-central-1:111122223333:table/redis-keys"
        assert reached(orders(), role("aws_iam_role.orders", document(statement("dynamodb:GetItem", resources=[table])))).hints == ()

    def test_a_secret_whose_value_is_written_elsewhere(self) -> None:
        sealed = orders(environment=environment(LOGIN=unknown("x"), DB_LOGIN=link("aws_secretsmanager_secret.s.arn")))
        assert len(reached(sealed, secret("aws_secretsmanager_secret.s")).hints) == 1
        assert reached(sealed, secret("aws_secretsmanager_secret.s", "aws_api_gateway_api_key.k.value")).hints == ()

    def test_a_generated_password_explains_nothing(self) -> None:
        subject = orders(environment=environment(DB_PASSWORD=link("random_password.db.result")))
        assert len(reached(subject, other("random_password.db")).hints) == 1


class TestOrder:
    def test_the_strongest_comes_first(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        subject = orders(environment=environment(TARGET="http://10.1.2.3", HOST=link("aws_db_instance.ledger.address")))
        assert grades(reached(subject, ledger(), db_group(admits))) == ["E1", "E2", "E3"]

    def test_one_thing_is_said_once(self) -> None:
        admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
        assert grades(reached(orders(f"{OWN}.id", f"{OWN}.id"), ledger(), db_group(admits))) == ["E1"]

    def test_what_was_looked_at_is_said(self) -> None:
        permits = ManagedPolicy("AWSLambdaVPCAccessExecutionRole", place("aws_iam_role.orders"))
        person = role("aws_iam_role.orders", document(statement("dynamodb:GetItem")), managed=(permits,))
        found = reached(orders(environment=environment(TABLE="orders")), person)
        group, variables, allows, routes = found.looked_at
        assert group.startswith(f"security group {OWN} (main.tf:1): egress goes to 0.0.0.0/0;")
        assert variables == "environment: TABLE; no address of or login to anything private"
        hidden = reached(orders(environment=environment(DB_HOST=unknown("var.db"))), person).looked_at[1]
        assert hidden == "environment: DB_HOST (var.db); no address of or login to anything private can be seen"
        assert "allows dynamodb:GetItem and carries AWSLambdaVPCAccessExecutionRole (as of " in allows
        assert routes.startswith("routes of aws_subnet.a: ")


def test_what_is_asked_of_one_is_not_asked_again_of_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions that share a role and a group share the work: the store's rules are walked once, not once per function."""
    from serverful.evidence import edges as edges_module

    asked: list[object] = []
    original = edges_module.described
    monkeypatch.setattr(edges_module, "described", lambda thing, house: asked.append(thing) or original(thing, house))
    admits = rule("ingress", ports=(5432, 5432), peers=inside(f"{OWN}.id"))
    many = [
        function(f"aws_lambda_function.f[{n}]", attachment=attachment(security_groups=inside(f"{OWN}.id")), role=link("aws_iam_role.r.arn"))
        for n in range(50)
    ]
    house = estate(*many, ledger(), db_group(admits), own_group(wide()), role("aws_iam_role.r"))
    assert all(grades(reach(one, house)) == ["E1"] for one in many)
    assert len(asked) == 1
