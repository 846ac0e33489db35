"""The escaper of Markdown: whatever a text holds, it is shown as it is, and makes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given

from hostile_texts import HOSTILE, texts
from rendered_markdown import FOUND_LATER, Rendered, of_html, rendered
from serverful.report.markdown_text import code, fenced, html_prose, prose
from serverful.report.text import harmless

PLACES = {
    "paragraph": "{}",
    "after a word": "word {} word",
    "heading": "### {}",
    "item": "- {}",
    "cell": "| a | b |\n|---|---|\n| {} | next |",
    "bold": "**label:** {}",
}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The function is attached to a VPC, and nothing says why.", "The function is attached to a VPC, and nothing says why."),
        (
            "Give aws_db_instance.orders (the store), f(x_y), a password.",
            "Give `aws_db_instance.orders` (the store), `f(x_y)`, a password.",
        ),
        ("at least 36.50 USD a month (as of 2026-02-01): 100% of it.", "at least 36.50 USD a month (as of 2026-02-01): 100% of it."),
        ("module.a[0] from ${var.x} @team", "`module.a[0]` from `${var.x} @team`"),
        ("a|b", "`a`&#124;`b`"),
        ("use `terraform init`", "use `` `terraform init` ``"),
        ("1. item", "`1`. item"),
        ("- item", "`-` item"),
        ("", ""),
    ],
)
def test_only_words_that_could_mean_more_become_code(text: str, written: str) -> None:
    assert prose(text) == written


def test_all_of_a_name_is_code() -> None:
    assert code('aws_lambda_function.a["x y"]') == '`aws_lambda_function.a["x y"]`'
    assert code("word") == "`word`"
    assert code("`") == "`` ` ``"
    assert code(" ") == ""
    assert code("a| b |c") == "`a`&#124;`  b  `&#124;`c`"


def test_long_text_ends_with_a_mark() -> None:
    assert prose("x" * 30, 10) == "x" * 9 + "…"
    assert code("x" * 30, 10) == f"`{'x' * 9}…`"


def test_inside_of_html() -> None:
    assert html_prose("<b> & aws_x.y it's") == "<code>&lt;b&gt; &amp; aws_x.y</code> it's"


def test_a_block_of_code_has_one_line_and_ends() -> None:
    assert fenced("a ```` b\n```", "sh") == ["`````sh", r"a ```` b\n```", "`````"]


def check(made: Rendered, empty: Rendered) -> None:
    assert made.tags == empty.tags
    assert not [part for part in made.plain if FOUND_LATER.search(part)], made.plain


def everywhere(text: str) -> None:
    shown = harmless(text).strip(" ")
    longest = 10_000
    for name, place in PLACES.items():
        for written in (prose(text, longest), code(text, longest)):
            made = rendered(place.format(written))
            check(made, rendered(place.format("x")) if shown else rendered(place.format(written)))
            around = rendered(place.format("\ue000")).text.partition("\ue000")
            assert made.text.strip().removeprefix(around[0].strip()).removesuffix(around[2].strip()).strip() == shown.strip(), name
    summary = of_html(f"<summary>{html_prose(text, longest)}</summary>")
    check(summary, of_html("<summary>x</summary>"))
    assert summary.text == shown
    block = rendered("\n".join(["before", "", *fenced(text, "sh"), "", "after"]))
    assert block.tags == rendered("before\n\n```sh\nx\n```\n\nafter").tags
    assert [line for line in block.text.split("\n") if line] == ["before", *([harmless(text)] if text else []), "after"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_and_makes_nothing(text: str) -> None:
    everywhere(text)


@given(texts)
def test_any_text_is_shown_and_makes_nothing(text: str) -> None:
    everywhere(text)
