"""The README's picture shows what the real command prints."""

from __future__ import annotations

import pytest

from expectations import REPOSITORY
from serverful.dev.pages import PINNED_DAY
from serverful.dev.picture import COMMAND, PICTURE, cut, drawn, svg, words

SHOWN = (REPOSITORY / PICTURE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def now() -> str:
    return drawn(REPOSITORY, PINNED_DAY)


def test_the_picture_says_what_is_printed_now(now: str) -> None:
    """In substance: word by word. `python -m serverful.dev.pages` draws it anew."""
    assert words(SHOWN) == words(now)


def test_the_readme_shows_it() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert f"]({PICTURE})" in readme and COMMAND in readme


def test_it_tells_the_verdict_the_layers_a_finding_and_the_numbers() -> None:
    text = " ".join(words(SHOWN))
    marks = (
        "$ serverful scan",
        "The gate is shut",
        "networking fixed IP identity",
        "SLS_VPC_1 failed:",
        "Looked at, and not found:",
        "44 policies",
    )
    found = [text.find(mark) for mark in marks]
    assert -1 not in found and found == sorted(found)


def test_it_stands_alone() -> None:
    """No script, and nothing that a reader would have to load from elsewhere."""
    assert "<script" not in SHOWN and "@font-face" not in SHOWN and "url(http" not in SHOWN
    assert "href" not in SHOWN


def test_a_changed_word_makes_it_stale() -> None:
    lines = ["26 findings", "", "Findings, worst first", "", "  HIGH  SLS_VPC_1 failed: a", "    b", "", "44 policies"]
    assert words(svg(lines)) != words(svg([*lines[:-1], "45 policies"]))
    assert list(cut(lines))[-1] == "44 policies"


def test_the_same_lines_give_the_same_picture() -> None:
    lines = ["\x1b[1;31mred\x1b[0m & <plain>"]
    assert svg(lines) == svg(lines)
    assert words(svg(lines))[-3:] == ["red", "&", "<plain>"]
