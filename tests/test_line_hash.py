"""The hash of a line is GitHub's own: the vectors stand in the tests of its action for uploads.

github/codeql-action, src/fingerprints.test.ts at f3f1edb (2026-06-13); its src/fingerprints.ts, run in node 20, gave the same for them and
for 60 random files (blanks, all kinds of line ends, surrogate pairs, a byte order mark, bytes that are no UTF-8).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serverful.line_hash import LineHashes

WITHOUT_AN_END = ["8b7cf3e952e7aeb2", "b1ae1287ec4718d9", "bff680108adb0fcc", "c6805c5e1288b612", "b86d3392aea1be30", "e6ceba753e1a442"]
GREETINGS = ["e9496ae3ebfced30", "fb7c023a8b9ccb3f", "ce8ba1a563dcdaca", "e20e36e16fcb0cc8", "b3edc88f2938467e", "c8e28b0b4002a3a0"]


def line_hashes(text: bytes) -> list[str]:
    hashes = LineHashes(text)
    return [hashes.of(line) for line in range(1, len(hashes) + 1)]


EMPTY = "c129715d7a2bc9a3:1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [EMPTY]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [f"{h}:1" for h in WITHOUT_AN_END],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", [*(f"{h}:1" for h in GREETINGS), EMPTY]),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", [*(f"{h}:1" for h in GREETINGS), EMPTY]),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", [*(f"{h}:1" for h in GREETINGS), EMPTY]),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", [*(f"{h}:1" for h in GREETINGS), EMPTY]),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)),
                *("a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", EMPTY),
            ],
        ),
    ],
)
def test_the_vectors_of_githubs_own_tests(text: str, expected: list[str]) -> None:
    assert line_hashes(text.encode()) == expected


@given(st.text(alphabet="aé😀 \t\n\r", max_size=400))
def test_each_line_is_hashed_from_its_first_character_on(text: str) -> None:
    """The definition, written a second time and slowly: a sum over a hundred code units."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "") + "\uffff"
    raw = kept.encode("utf-16-be")
    units = [raw[at] * 256 + raw[at + 1] for at in range(0, len(raw), 2)]
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 10)]
    windows = [(units[start : start + 100] + [0] * 100)[:100] for start in starts]
    values = [sum(unit * 37 ** (99 - at) for at, unit in enumerate(window)) % 2**64 for window in windows]
    assert line_hashes(text.encode()) == [f"{value:x}:{values[: at + 1].count(value)}" for at, value in enumerate(values)]


def test_lines_above_change_nothing_unless_they_are_the_same() -> None:
    block = b'resource "aws_lambda_function" "a" {\n  vpc_config {\n  }\n}\n' + b"# the end of it\n" * 20
    moved = line_hashes(b"# one more line\n\n" + block)
    assert moved[2:] == line_hashes(block)


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    assert len(line_hashes(b"\xff\xfe\n\x80\n")) == 3
