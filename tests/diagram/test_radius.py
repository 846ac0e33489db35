"""A whole root as it is drawn: which functions take which layers, and what they share."""

from __future__ import annotations

from diagrams_by_hand import design, lines, notes
from estates_by_hand import attachment, capacity_provider, estate, function, inside, link, module_call, unknown
from serverful.diagram.drawing import NodeKind
from serverful.diagram.radius import function_diagram, radius_diagram
from serverful.estate.model import Function


def test_a_legacy_design() -> None:
    drawn = radius_diagram(design("legacy_vpc"))
    assert drawn is not None
    assert drawn.title == "Radius of fixtures/estates/legacy_vpc"
    assert drawn.says == ("7 of 8 functions take layers of the stack back from AWS: networking.",)
    said = lines(drawn)
    assert sum(line.startswith("security group aws_security_group.functions --") for line in said) == 7
    assert sum(line.startswith("security group aws_security_group.database_clients --") for line in said) == 2
    assert sum(line.startswith("role aws_iam_role.functions --") for line in said) == 7
    assert "NAT gateway aws_nat_gateway.shop -> Elastic IP aws_eip.nat" in said
    assert "internet gateway aws_internet_gateway.shop -x internet [no public address]" in said
    (free,) = (node for node in drawn.nodes if node.kind is NodeKind.SERVERLESS)
    assert (free.names, free.notes) == (("aws_lambda_function.customer_mail",), ("no layer taken back",))


def test_one_function_says_with_how_many_it_shares() -> None:
    whole = design("legacy_vpc")
    place_order = whole.thing("aws_lambda_function.place_order")
    assert isinstance(place_order, Function)
    drawn = function_diagram(place_order, whole)
    assert drawn.title == "Way out of aws_lambda_function.place_order in fixtures/estates/legacy_vpc"
    assert drawn.says == ("It takes networking back from AWS: it is attached to a VPC.",)
    assert notes(drawn, "aws_security_group.database_clients") == ("shared with 1 other serverful function",)
    assert notes(drawn, "aws_security_group.functions") == ("shared with 6 other serverful functions",)
    assert notes(drawn, "aws_iam_role.functions") == ("shared with 6 other serverful functions",)
    assert notes(drawn, "aws_nat_gateway.shop") == ("shared with 5 other serverful functions",)
    assert notes(drawn, "aws_subnet.private[0]") == ("shared with 5 other serverful functions",)
    assert notes(drawn, "internet") == ("with the public APIs of AWS", "AWS APIs on this way: DynamoDB, S3, SNS and SQS")


def test_a_host_that_the_environment_names_stands_at_the_internet() -> None:
    whole = design("legacy_vpc")
    ship_order = whole.thing("aws_lambda_function.ship_order")
    assert isinstance(ship_order, Function)
    assert "its environment names api.parcels.example" in notes(function_diagram(ship_order, whole), "internet")


def test_file_systems_and_who_mounts_them() -> None:
    whole = design("file_exchange")
    drawn = radius_diagram(whole)
    assert drawn is not None
    said = [line for line in lines(drawn) if line.startswith("file system")]
    assert len(said) == 4  # two systems, each mounted by two
    one = next(f for f in whole.all(Function) if any(f"function {f.address}" in line for line in said))
    own = [line for line in lines(function_diagram(one, whole)) if line.startswith("file system")]
    assert len(own) == 1


def test_capacity_providers_are_drawn_also_without_functions() -> None:
    provider = capacity_provider("aws_lambda_capacity_provider.p", attachment=attachment(subnets=inside("aws_subnet.a.id")))
    drawn = radius_diagram(estate(provider))
    assert drawn is not None
    assert lines(drawn) == ["capacity provider aws_lambda_capacity_provider.p -> subnet aws_subnet.a.id?"]


def test_a_root_without_functions_is_no_drawing() -> None:
    assert radius_diagram(estate()) is None
    assert radius_diagram(estate(module_call("module.x", "example/x/aws"))) is None


def test_a_module_that_is_not_here_is_drawn_as_what_it_may_be() -> None:
    drawn = radius_diagram(estate(function("aws_lambda_function.a"), module_call("module.x", "example/x/aws")))
    assert drawn is not None
    assert notes(drawn, "module.x") == ("not here to be read: may make functions",)
    assert [node.noun for node in drawn.nodes if node.is_unknown] == ["module call"]


def test_what_a_variable_brings_may_be_one_thing_or_many() -> None:
    stands = attachment(subnets=inside("aws_subnet.a.id"))
    drawn = radius_diagram(estate(*(function(f"aws_lambda_function.{name}", attachment=stands, role=link("var.role")) for name in "ab")))
    assert drawn is not None
    for named in ("var.role", "var.security_group_ids"):
        assert notes(drawn, named) == ("decided outside this root, so it may be one or many",)
        assert sum(named in line and "?--" in line for line in lines(drawn)) == 2


def test_what_may_be_serverful_is_marked_as_that() -> None:
    whole = estate(
        function("aws_lambda_function.a", attachment=unknown("var.vpc")), function("aws_lambda_function.b", package_type="Image")
    )
    drawn = radius_diagram(whole)
    assert drawn is not None
    assert drawn.says == (
        "1 of 2 functions takes layers of the stack back from AWS: runtime.",
        "Of 1 more it is decided outside this root.",
    )
    assert [(node.names, node.is_unknown) for node in drawn.nodes if node.kind is NodeKind.FUNCTION] == [
        (("aws_lambda_function.a",), True),
        (("aws_lambda_function.b",), False),
    ]
