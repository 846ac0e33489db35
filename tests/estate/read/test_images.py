"""The image that a function runs: its tag, its repository, and who else runs it."""

from __future__ import annotations

from typing import Any

import pytest
from blocks_by_hand import block, nested, ref, text, undecided

from serverful.estate.model import Function, Image, ImageRepository
from serverful.estate.read.block import Block
from serverful.estate.read.build import things
from serverful.estate.read.term import Encoded, Entries, Items, Literal, Term
from serverful.estate.value import Known

HOST = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
SHOP = block("aws_ecr_repository.shop", name="shop")
URL = ref(SHOP, "repository_url")


def image_of(uri: Any, *more: Block) -> Image:
    made = things([block("aws_lambda_function.a", function_name="a", package_type="Image", image_uri=uri), SHOP, *more])
    function = made["aws_lambda_function.a"]
    assert isinstance(function, Function) and function.image is not None
    return function.image


@pytest.mark.parametrize(
    ("uri", "shown", "tag"),
    [
        (f"{HOST}/shop:7", f"{HOST}/shop:7", "7"),
        (f"{HOST}/shop", f"{HOST}/shop", "latest"),
        (f"{HOST}/shop@sha256:0a", f"{HOST}/shop@sha256:0a", None),
        ("localhost:5000/shop", "localhost:5000/shop", "latest"),
        (text(URL, ":7"), "*:7", "7"),
        (text(URL, "@", undecided("var.digest")), "${aws_ecr_repository.shop.repository_url}@${var.digest}", None),
        (URL, "aws_ecr_repository.shop.repository_url", "latest"),
        (text(URL, ":", undecided("var.tag")), "${aws_ecr_repository.shop.repository_url}:${var.tag}", ...),
        (text(URL, undecided("var.tag")), "aws_ecr_repository.shop.repository_url", ...),
        (undecided("var.uri"), "var.uri", ...),
    ],
)
def test_a_tag_a_digest_or_neither(uri: Any, shown: str, tag: str | None) -> None:
    found = image_of(uri)
    assert (found.tag.value if isinstance(found.tag, Known) else ...) == tag
    assert found.uri.startswith(shown) or tag is ...


@pytest.mark.parametrize("given", [{"filename": "a.zip"}, {"package_type": "Image", "image_uri": ""}])
def test_none_for_a_package_or_where_a_pipeline_writes_it(given: dict[str, Any]) -> None:
    made = things([block("aws_lambda_function.a", function_name="a", **given)])["aws_lambda_function.a"]
    assert isinstance(made, Function) and made.image is None


def test_the_repository_by_reference() -> None:
    found = image_of(text(URL, ":7")).repository
    assert found is not None and (found.target, found.origin) == ("aws_ecr_repository.shop", "resource")
    assert image_of(f"{HOST}/shop:7").repository is None


def containers(image: Any) -> Term:
    given = image if not isinstance(image, str) else Literal(image)
    return Encoded(Items((Entries({"name": Literal("shop"), "image": given}),)))


@pytest.mark.parametrize(
    ("uri", "other", "is_shared"),
    [
        (text(URL, ":7"), containers(text(URL, ":6")), True),
        (f"{HOST}/shop:7", containers(f"{HOST}/shop@sha256:0a"), True),
        (f"{HOST}/shop:7", f'[{{"image": "{HOST}/shop:6"}}]', True),
        (f"{HOST}/shop:7", containers(f"{HOST}/shop-web:7"), False),
        (f"{HOST}/shop:7", undecided("var.containers"), False),
        (undecided("var.uri"), containers(undecided("var.uri")), True),
        (text(undecided("var.repo"), ":7"), containers(text(undecided("var.repo"), ":7")), True),
        (undecided("var.uri"), containers(undecided("var.other")), False),
        (undecided("var.uri"), undecided("file(var.uri)"), False),
    ],
)
def test_a_task_that_runs_it_too(uri: Any, other: Any, is_shared: bool) -> None:
    found = image_of(uri, block("aws_ecs_task_definition.web", container_definitions=other))
    assert [user.target for user in found.shared_with] == (["aws_ecs_task_definition.web"] if is_shared else [])


def test_an_image_that_both_ask_for_by_name() -> None:
    asked = block("data.aws_ecr_image.shop", repository_name="shop")
    task = block("aws_ecs_task_definition.web", container_definitions=containers(ref(asked, "image_uri")))
    assert [user.target for user in image_of(ref(asked, "image_uri"), asked, task).shared_with] == ["aws_ecs_task_definition.web"]


def test_other_blocks_that_run_containers_and_some_that_do_not() -> None:
    nested_uri = nested(image_repository=nested(image_identifier=f"{HOST}/shop:7"))
    assert image_of(f"{HOST}/shop:7", block("aws_ecr_lifecycle_policy.p", repository=URL)).shared_with == ()
    assert image_of(text(URL, ":7"), block("aws_apprunner_service.s", image=text(URL, ":7"), source=nested_uri)).shared_with


def test_a_repository_lets_tags_be_moved_unless_told() -> None:
    made = things([SHOP, block("aws_ecr_repository.fixed", image_tag_mutability="IMMUTABLE")])
    found = [
        thing.mutability.value for thing in made.values() if isinstance(thing, ImageRepository) and isinstance(thing.mutability, Known)
    ]
    assert sorted(found) == ["IMMUTABLE", "MUTABLE"]
