"""The serverful features of a function, and when a reason for one is certainly stale."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from estates_by_hand import (
    attachment,
    estate,
    function,
    inside,
    known,
    link,
    listing,
    place,
    poller,
    provisioned,
    runtime_updates,
    scaling,
    unknown,
)
from serverful.estate.estate import Estate
from serverful.estate.features import Feature, features, lacks
from serverful.estate.model import Function, Means, Thing
from serverful.estate.value import Unknown
from serverful.evidence.categories import FEATURES

A = "aws_lambda_function.a"
INSIGHTS = "arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38"


def house(*things: Thing, **given: Any) -> tuple[Function, Estate]:
    subject = function(A, **given)
    return subject, estate(subject, *things)


def of(*things: Thing, **given: Any) -> dict[str, Feature]:
    return {feature.key: feature for feature in features(*house(*things, **given))}


def test_a_plain_function_has_none() -> None:
    assert of() == {}


WITH: dict[str, dict[str, Any]] = {
    "vpc": {"attachment": attachment(at=place(A, line=8))},
    "capacity-provider": {"capacity_provider": known(link("aws_lambda_capacity_provider.a.arn"), place(A, line=8))},
    "runtime": {"runtime": known("provided.al2023", place(A, line=8)), "handler": "index.php"},
    "image": {"package_type": known("Image", place(A, line=8)), "runtime": None, "handler": None},
    "extension": {"layers": listing(link(INSIGHTS, place(A, line=8)))},
    "file-system": {"file_system": known(link("aws_efs_access_point.a.arn"), place(A, line=8))},
}


@pytest.mark.parametrize("key", WITH)
def test_each_feature_has_its_key_and_place(key: str) -> None:
    found = of(**WITH[key])
    assert list(found) == [key]
    assert (found[key].known, found[key].place.line) == (True, 8)


@pytest.mark.parametrize(
    ("key", "argument"),
    [("vpc", "attachment"), ("capacity-provider", "capacity_provider"), ("file-system", "file_system"), ("image", "package_type")],
)
def test_what_is_decided_outside_is_not_known(key: str, argument: str) -> None:
    value = unknown("var.on")
    feature = of(**{argument: value})[key]
    assert (feature.known, feature.unknown) == (False, value)
    assert "var.on" in feature.says


def test_all_of_them_in_the_order_of_the_stack() -> None:
    given = {name: value for key in ("vpc", "runtime", "extension", "file-system") for name, value in WITH[key].items()}
    things = [provisioned("aws_lambda_provisioned_concurrency_config.a", function=link(f"{A}.function_name"))]
    assert list(of(*things, **given)) == ["vpc", "provisioned-concurrency", "runtime", "extension", "file-system"]


class TestCapacity:
    @pytest.mark.parametrize(("key", "make"), [("provisioned-concurrency", provisioned), ("poller", poller)])
    def test_only_the_functions_own(self, key: str, make: Any) -> None:
        if make is poller:
            make = partial(poller, minimum=10)
        mine, another = make("x.mine", function=link(f"{A}.arn"), line=30), make("x.another", function=link("aws_lambda_function.b.arn"))
        assert of(mine, another)[key].place.line == 30
        assert of(another, function("aws_lambda_function.b")) == {}
        assert of(make("x.nobody", function=None)) == {}

    @pytest.mark.parametrize(("minimum", "there"), [(1, False), (2, False), (3, True), (unknown("var.pollers"), True)])
    def test_the_fewest_pollers_are_no_feature(self, minimum: int | Unknown, there: bool) -> None:
        found = of(poller("x.mine", function=link(f"{A}.arn"), minimum=minimum))
        assert ("poller" in found) is there
        assert not there or found["poller"].known is isinstance(minimum, int)

    def test_twice_is_one_feature(self) -> None:
        twice = [provisioned(f"x.{n}", function=link(f"{A}.arn"), line=n) for n in (5, 6)]
        assert [f.place.line for f in features(*house(*twice))] == [5]

    def test_one_that_may_not_exist_is_not_there(self) -> None:
        assert of(provisioned("x.mine", function=link(f"{A}.arn"), exists=unknown("var.n"))) == {}

    def test_but_one_that_exists_where_the_function_does_is(self) -> None:
        both = unknown("var.n")
        assert "provisioned-concurrency" in of(provisioned("x.mine", function=link(f"{A}.arn"), exists=both), exists=both)

    def test_a_scaling_target_of_unknown_size_may_be_none(self) -> None:
        size = unknown("var.min")
        target = provisioned("x.target", function=link(f"{A}.arn"), means=Means.TARGET, executions=size, line=5)
        feature = of(target)["provisioned-concurrency"]
        assert (feature.known, feature.unknown) == (False, size)
        certain = provisioned("x.zconfig", function=link(f"{A}.arn"), executions=size, line=9)
        assert of(target, certain)["provisioned-concurrency"].place.line == 9, "a configuration of none is refused"


class TestRuntime:
    @pytest.mark.parametrize("runtime", ["provided", "provided.al2", "provided.al2023", "custom"])
    def test_one_that_aws_does_not_manage_is_there_whatever_runs_on_it(self, runtime: str) -> None:
        feature = of(runtime=runtime, handler="bootstrap")["runtime"]
        assert feature.known and feature.says == f"runs on a runtime that AWS does not manage ({runtime})"

    @pytest.mark.parametrize(
        "runtime", ["python3.13", "dotnet8", "nodejs24.x", "java25", "ruby3.4", "go1.x", "python9.9", None, unknown("var.runtime")]
    )
    def test_managed_and_unknown_runtimes_are_none(self, runtime: str | Unknown | None) -> None:
        assert of(runtime=runtime, handler="bootstrap") == {}

    def test_an_image_has_no_runtime(self) -> None:
        assert list(of(package_type="Image", runtime="provided.al2023", handler="bootstrap")) == ["image"]


class TestExtensions:
    def test_several_are_one_feature_that_names_them(self) -> None:
        vault = "arn:aws:lambda:eu-central-1:634166935893:layer:vault-lambda-extension:20"
        feature = of(layers=listing(link(INSIGHTS), link(vault)))["extension"]
        assert feature.says == "carries an extension: CloudWatch Lambda Insights, HashiCorp Vault Lambda extension (as of 2026-11-23)"

    def test_an_open_part_of_the_arn_does_not_matter(self) -> None:
        arn = "arn:aws:lambda:${var.region}:580247275435:layer:LambdaInsightsExtension:38"
        assert "extension" in of(layers=listing(unknown=[unknown(arn)]))

    def test_own_and_unknown_layers_are_not_asked_about(self) -> None:
        assert of(layers=inside("aws_lambda_layer_version.lib.arn")) == {}
        assert of(layers=listing(unknown=[unknown("var.layers")])) == {}


class TestStale:
    @pytest.mark.parametrize("key", FEATURES)
    def test_a_plain_function_lacks_everything(self, key: str) -> None:
        subject, whole = house()
        assert lacks(subject, key, whole)

    @pytest.mark.parametrize("key", WITH)
    def test_what_is_there_is_not_lacking(self, key: str) -> None:
        subject, whole = house(**WITH[key])
        assert not lacks(subject, key, whole)

    def test_a_policys_id_is_never_stale(self) -> None:
        subject, whole = house()
        assert not lacks(subject, "SLS_VPC_8", whole)

    @pytest.mark.parametrize(
        ("key", "given"),
        [
            ("vpc", {"attachment": unknown("var.vpc")}),
            ("vpc", WITH["capacity-provider"]),
            ("fixed-ip", WITH["vpc"]),
            ("capacity-provider", {"capacity_provider": unknown("var.provider")}),
            ("runtime", {"runtime": unknown("var.runtime")}),
            ("runtime", WITH["image"]),
            ("image", {"package_type": unknown("var.type")}),
            ("extension", WITH["image"]),
            ("extension", {"layers": inside("aws_lambda_layer_version.own.arn")}),
            ("extension", {"layers": listing(unknown=[unknown("var.layers")])}),
            ("file-system", {"file_system": unknown("var.efs")}),
        ],
    )
    def test_nor_is_one_whose_feature_might_be_there(self, key: str, given: dict[str, Any]) -> None:
        subject, whole = house(**given)
        assert not lacks(subject, key, whole)

    @pytest.mark.parametrize(
        ("key", "beside"),
        [
            ("provisioned-concurrency", provisioned("x.a", function=link(f"{A}.arn"))),
            ("provisioned-concurrency", provisioned("x.a", function=link("var.function"))),
            ("provisioned-concurrency", scaling("x.a", f"{A}.arn")),
            ("provisioned-concurrency", provisioned("x.a", function=link(f"{A}.arn"), exists=unknown("var.n"))),
            ("poller", poller("x.a", function=None)),
            ("runtime", runtime_updates("x.a", f"{A}.arn", when="Manual")),
            ("runtime", runtime_updates("x.a", f"{A}.arn", when=unknown("var.when"))),
            ("runtime", runtime_updates("x.a", "var.function", when="Manual")),
        ],
    )
    def test_nor_beside_something_that_may_be_its(self, key: str, beside: Thing) -> None:
        subject, whole = house(beside)
        assert not lacks(subject, key, whole)

    def test_but_beside_another_functions(self) -> None:
        subject, whole = house(
            poller("x.a", function=link("aws_lambda_function.b.arn")),
            runtime_updates("x.b", "aws_lambda_function.b.arn", when="Manual"),
            runtime_updates("x.c", f"{A}.arn", when="FunctionUpdate"),
            function("aws_lambda_function.b"),
        )
        assert lacks(subject, "runtime", whole)
        assert lacks(subject, "poller", whole)
