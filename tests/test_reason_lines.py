"""`serverful reason`: the lines to paste are exactly those that the grammar reads."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from estates_by_hand import estate, function
from serverful.errors import UsageError
from serverful.estate.settings import StatedReason
from serverful.evidence.categories import FEATURES, categories_of
from serverful.evidence.reasons import reasons_of
from serverful.reason_lines import ReasonLines, reason_lines
from serverful.settings import parse

TODAY = date(2026, 1, 15)
NOTHING = estate(today=TODAY)
A = "aws_lambda_function.orders"
GOOD: dict[str, Any] = {"category": "relational-database", "until": "2027-03-31", "owner": "payments"}


def lines(address: str = A, **given: Any) -> ReasonLines:
    return reason_lines(address, today=TODAY, **{**GOOD, **given})


def entries(made: ReasonLines) -> tuple[StatedReason, ...]:
    """The entry as the settings read it."""
    text = "\n".join(["reasons:", *(f"  {line}" for line in made.entry)])
    return parse(text.encode(), ".serverful.yaml", Path()).reasons


def refused(address: str = A, **given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        lines(address, **given)
    return str(caught.value)


def test_both_lines() -> None:
    assert lines(text="orders ledger is in Aurora") == ReasonLines(
        key="vpc",
        tag='"serverful:vpc" = "relational-database until=2027-03-31 owner=payments orders ledger is in Aurora"',
        comment="# serverful:vpc relational-database until=2027-03-31 owner=payments orders ledger is in Aurora",
        entry=(
            "- address: aws_lambda_function.orders",
            "  key: vpc",
            "  category: relational-database",
            "  until: 2027-03-31",
            "  owner: payments",
            "  text: orders ledger is in Aurora",
        ),
        where="into the block aws_lambda_function.orders",
    )


def test_a_function_of_a_module_is_answered_for_at_its_call() -> None:
    assert "`module` block that makes module.orders.aws_lambda_function.this[0]" in lines("module.orders.aws_lambda_function.this[0]").where


@pytest.mark.parametrize("key", [*FEATURES, "SLS_VPC_8", "SLS_FLOW_2"])
def test_what_is_printed_is_what_is_read(key: str) -> None:
    for category in categories_of(key):
        made = lines(category=category, feature=key, text="three  good words: 100% Größe")
        tagless = lines(category=category, feature=key, text="three good words")
        assert made.tag is None and "%" in made.no_tag
        match = re.fullmatch(r'"(.*)" = "(.*)"', tagless.tag or "")
        assert match
        from_tag = reasons_of(function(A, tags={match[1]: match[2]}), NOTHING)
        from_comment = reasons_of(function(A, comments=[made.comment.removeprefix("#")]), NOTHING)
        assert not from_tag.faulty and not from_comment.faulty
        assert [(r.key, r.category, r.owner, r.text) for r in from_tag.valid] == [(key, category, "payments", "three good words")]
        assert [r.text for r in from_comment.valid] == ["three good words: 100% Größe"]
        (entry,) = entries(made)
        assert (entry.address, entry.key, entry.category, entry.owner) == (A, key, category, "payments")
        assert (entry.text, entry.until) == ("three good words: 100% Größe", date(2027, 3, 31))


def test_the_feature_follows_from_the_category_where_it_can() -> None:
    found = {category: lines(category=category).key for category in ("cache", "fixed-ip", "private-service", "package-size", "file-api")}
    assert found == {"cache": "vpc", "fixed-ip": "vpc", "private-service": "vpc", "package-size": "image", "file-api": "file-system"}


@pytest.mark.parametrize("category", ["security-software", "burst-scale", "regulation", "other"])
def test_and_is_asked_for_where_it_cannot(category: str) -> None:
    says = refused(category=category, text="three good words")
    assert "--feature" in says and f"--category {category} fits more than one feature" in says


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"category": "database"}, "did you mean relational-database?"),
        ({"category": "nonsense"}, "there is no such category; there are relational-database, cache,"),
        ({"feature": "vcp"}, "did you mean vpc?"),
        ({"feature": "x"}, "there are vpc, fixed-ip,"),
        ({"feature": "image"}, "`relational-database` is no category of `serverful:image`"),
        ({"until": "2027-02-30"}, "is not a day of the calendar"),
        ({"until": "next year"}, "is not a date"),
        ({"until": ""}, "has no until="),
        ({"until": "2026-01-14"}, "it ended on 2026-01-14"),
        ({"owner": " "}, "has no owner="),
        ({"owner": 'the "A" team'}, "--owner holds quotes"),
        ({"category": "other", "feature": "vpc", "text": "legacy"}, "three words or more"),
        ({"text": "holds owner=somebody else"}, "more than once"),
        ({"text": "a\nb"}, "--text holds a character that cannot be shown (\\n)"),
        ({"text": "a\x1b[31mb"}, "(\\x1b)"),
        ({"text": "a\u202eb"}, "(\\u202e)"),
        ({"text": "checkov:skip=CKV_AWS_117"}, "--text holds `skip=`"),
        ({"address": "  "}, "Which block is the reason for?"),
    ],
)
def test_what_would_not_be_read_back_is_refused_with_a_hint(given: dict[str, Any], says: str) -> None:
    assert says in refused(**given)


def test_the_last_day_is_today() -> None:
    assert "until=2026-01-15" in lines(until="2026-01-15").comment


def test_a_tag_that_cannot_hold_it_leaves_the_comment() -> None:
    long = lines(text="word " * 60)
    assert long.tag is None and "at most 256 characters" in long.no_tag and long.comment.endswith("word word")
    team = lines(owner="order team")
    assert team.tag is None and 'owner="order team"' in team.comment
    assert reasons_of(function(A, comments=[team.comment[1:]]), NOTHING).valid[0].owner == "order team"


def test_the_key_may_be_given_as_it_is_written() -> None:
    assert lines(feature="serverful:VPC").key == "vpc"
    assert lines(feature="sls_vpc_8").key == "SLS_VPC_8"


@pytest.mark.parametrize(
    "text", ["", "- no list: not a mapping", "#17", "*", "yes", "'\"", "null", "{a}", "a: b", "2027-03-31", "12", "@a", "a\\b"]
)
def test_an_entry_holds_any_text(text: str) -> None:
    (entry,) = entries(lines('module.a["x: y"].aws_lambda_function.this[0]', text=text))
    assert (entry.address, entry.text) == ('module.a["x: y"].aws_lambda_function.this[0]', text)
