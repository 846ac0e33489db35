"""The words of a route that keep it from being taken for what its method says."""

from __future__ import annotations

import pytest

from estates_by_hand import HERE, invocation
from serverful.estate.model import Entry
from serverful.estate.value import Known, Listing
from serverful.evidence.route_words import asks_whether_alive, is_question, is_step_of_login


def to(path: str) -> Entry:
    call = invocation("r.a", "aws_lambda_function.a.arn")
    return Entry("r", HERE, "REST API", Known("POST", HERE), path, Known(True, HERE), None, call, guards=Listing(), asked_at=HERE)


@pytest.mark.parametrize("path", ["/authorize", "/oauth2/token", "/ipv-callback", "/users/{user}/mfa", "/verifyOtp", "/sessions/{id}"])
def test_a_step_of_a_login(path: str) -> None:
    assert is_step_of_login(to(path))


@pytest.mark.parametrize("path", ["", "/", "/{id}", "/login/history", "/authors", "/tokenizer", "/orders/{token}"])
def test_no_step_of_a_login(path: str) -> None:
    assert not is_step_of_login(to(path))


@pytest.mark.parametrize(
    ("path", "is_one"), [("/health", True), ("/v1/_status", True), ("/orders/{id}/status", False), ("/pingpong", False)]
)
def test_who_asks_whether_it_is_alive(path: str, is_one: bool) -> None:
    assert asks_whether_alive(to(path)) is is_one


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("/orders/search", True), ("validateCard", True), ("/user-exists/", True), ("/checkout", False), ("/search/jobs", False)],
)
def test_what_is_asked_by_whatever_method(path: str, is_one: bool) -> None:
    assert is_question(to(path)) is is_one
