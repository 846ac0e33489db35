"""SLS_RT_2 by cases: shared images, hints, tags that move, and reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estates_by_hand import estate, function, image, image_repository, known, link, place, unknown
from policies_by_hand import judged, policy_of
from serverful.estate.model import Thing
from serverful.estate.value import Basis
from serverful.policy import Severity
from serverful.verdict import Kind, Outcome, Verdict

POLICY = policy_of("SLS_RT_2")

A = "aws_lambda_function.a"
REPOSITORY = "aws_ecr_repository.shop"
URI = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop"


def asked(*things: Thing, **given: Any) -> Verdict:
    given = {"package_type": known("Image", place(A, line=3)), "runtime": None, "handler": None, "image": image(f"{URI}:7", "7"), **given}
    subject = function(A, **given)
    return POLICY(subject, estate(subject, *things))


def test_a_package_is_not_ours_and_what_is_decided_outside_is_open() -> None:
    assert asked(package_type="Zip").outcome is Outcome.NOT_OURS
    verdict = asked(package_type=unknown("var.type"))
    assert (verdict.outcome, verdict.answerable, [u.expression for u in verdict.unknown]) == (Outcome.UNDECIDED, False, ["var.type"])


def test_an_image_without_a_reason() -> None:
    verdict = asked()
    assert (verdict.outcome, verdict.kind, verdict.severity) == (Outcome.FAILED, Kind.UNEXPLAINED, Severity.LOW)
    assert [seen.says for seen in verdict.path] == ['package_type = "Image"', f"image_uri = {URI}:7"]
    assert verdict.argument == "package_type" and len(verdict.missed) == 2


@pytest.mark.parametrize("given", [None, image("var.image", unknown("var.image")), image(f"{URI}:*", unknown("*"))])
def test_also_where_its_uri_is_not_known(given: Any) -> None:
    assert asked(image=given).severity is Severity.LOW


def test_one_that_other_compute_runs_passes() -> None:
    verdict = asked(image=image(f"{URI}:latest", "latest", shared_with=[link("aws_ecs_task_definition.shop", place("x", line=9))]))
    assert (verdict.outcome, verdict.path[1].place.line) == (Outcome.PASSED, 9)


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        (image(f"{URI}:latest", "latest"), Severity.MEDIUM),
        (image(URI, known("latest", basis=Basis.DEFAULTED)), Severity.MEDIUM),
        (image(f"{URI}:latest7", "latest7"), Severity.LOW),
        (image(f"{URI}@sha256:0", None), Severity.LOW),
        (image(f"{URI}:latest", "latest", is_left_alone=True), Severity.LOW),
        (image(f"{URI}:latest", "latest", is_left_alone=unknown("the lifecycle of it")), Severity.LOW),
    ],
)
def test_a_tag_that_moves_is_more_serious(given: Any, severity: Severity) -> None:
    assert asked(image=given).severity is severity


def test_latest_as_a_mere_default_is_said_and_no_more_serious() -> None:
    verdict = asked(image=image(f"{URI}:latest", "latest", usual="image_tag"))
    assert verdict.severity is Severity.LOW and "the default of var.image_tag is the tag latest" in verdict.says
    assert verdict.instead.endswith("Take the default from var.image_tag, so that every deployment names its image.")


@pytest.mark.parametrize("given", [image(f"{URI}:7", "7", usual="tag"), image(f"{URI}:latest", "latest", usual="tag", is_left_alone=True)])
def test_no_word_of_a_default_that_is_another_tag_or_that_a_deployment_decides(given: Any) -> None:
    verdict = asked(image=given)
    assert "var.tag" not in f"{verdict.says} {verdict.instead}"


@pytest.mark.parametrize(
    ("mutability", "tag", "severity"),
    [
        ("MUTABLE", "7", Severity.MEDIUM),
        (known("MUTABLE", basis=Basis.DEFAULTED), "7", Severity.MEDIUM),
        ("MUTABLE", unknown("var.tag"), Severity.MEDIUM),
        ("MUTABLE", None, Severity.LOW),
        ("IMMUTABLE", "7", Severity.LOW),
        ("IMMUTABLE_WITH_EXCLUSION", "7", Severity.LOW),
        (unknown("var.mutability"), "7", Severity.LOW),
    ],
)
def test_so_is_a_repository_that_lets_tags_be_moved(mutability: Any, tag: Any, severity: Severity) -> None:
    kept = image(f"{URI}:7", tag, repository=link(f"{REPOSITORY}.repository_url"))
    assert asked(image_repository(REPOSITORY, mutability=mutability), image=kept).severity is severity


@pytest.mark.parametrize("name", ["screenshots", "pdfRenderer", "price-inference", "ML"])
def test_a_name_that_speaks_of_size_leaves_it_open(name: str) -> None:
    verdict = asked(name=name)
    assert (verdict.outcome, verdict.answerable) == (Outcome.UNDECIDED, True)


@pytest.mark.parametrize("uri", ["${local.terraform_version}:${var.tag}", "data.terraform_remote_state.images.outputs.shop"])
def test_what_terraform_calls_the_parts_of_a_uri_says_nothing(uri: str) -> None:
    assert asked(image=image(uri, unknown("var.tag"))).outcome is Outcome.FAILED


def test_so_does_the_name_of_its_module() -> None:
    subject = function("module.virus_scan.aws_lambda_function.this", name=unknown("local.name"), package_type="Image", runtime=None)
    assert POLICY(subject, estate(subject)).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("name", ["prices", "html", "chromatic", "videoless"])
def test_a_name_that_does_not(name: str) -> None:
    assert asked(name=name).outcome is Outcome.FAILED


def test_a_reason_for_the_image_answers_it_also_where_it_is_open() -> None:
    for name in ("prices", "screenshots"):
        reasons = {"serverful:image": "package-size until=2026-06-30 owner=shop"}
        (finding,) = judged(
            estate(function(A, name=name, package_type="Image", runtime=None, tags=reasons), today=date(2026, 1, 1)), POLICY
        )
        assert finding.verdict.outcome is Outcome.JUSTIFIED
