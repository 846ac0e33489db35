"""What is asked often is worked out once, and never for another."""

from __future__ import annotations

from dataclasses import replace

from estates_by_hand import estate, function
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Function


def test_once_per_estate_and_arguments() -> None:
    asked: list[str] = []

    @once_per_estate
    def question(estate: Estate, address: str) -> str:
        asked.append(f"{estate.root} {address}")
        return address.upper()

    one, other = estate(), estate()
    assert [question(one, "a"), question(one, "a"), question(one, "b"), question(other, "a")] == ["A", "A", "B", "A"]
    assert len(asked) == 3


def test_once_per_subject_by_identity() -> None:
    asked: list[str] = []

    @once_per_subject
    def question(function: Function, estate: Estate) -> str:  # noqa: ARG001
        asked.append(function.address)
        return f"{function.address} {function.type}"

    first = function("aws_lambda_function.a")
    twin = replace(first, type="module")  # equal by address only
    one = estate(first)
    assert [question(first, one), question(first, one)] == ["aws_lambda_function.a aws_lambda_function"] * 2
    assert question(twin, one) == "aws_lambda_function.a module"
    assert question(first, estate(first)) == "aws_lambda_function.a aws_lambda_function"
    assert len(asked) == 3


def test_an_answer_of_none_is_kept_too() -> None:
    asked: list[str] = []

    @once_per_subject
    def question(function: Function, estate: Estate) -> None:  # noqa: ARG001
        asked.append(function.address)

    subject = function("aws_lambda_function.a")
    one = estate(subject)
    question(subject, one)
    question(subject, one)
    assert asked == ["aws_lambda_function.a"]
