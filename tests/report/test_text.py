"""Text from elsewhere is shown, and cannot do anything."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from serverful.report.text import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, with 'quotes' and a back\\slash", "plain text, with 'quotes' and a back\\slash"),
        ("zażółć gęślą jaźń, 日本語, é, – “” →", "zażółć gęślą jaźń, 日本語, é, – “” →"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31mC1", r"\x9b31mC1"),
        ("a\nb\r\tc\x00\x7f", r"a\nb\r\tc\x00\x7f"),
        ("user\u202eegassem", r"user\u202eegassem"),
        ("isolate\u2066\u2069", r"isolate\u2066\u2069"),
        ("zero\u200bwidth\ufeff\u2060", r"zero\u200bwidth\ufeff\u2060"),
        ("line\u2028and\u2029paragraph\x85", r"line\u2028and\u2029paragraph\x85"),
        ("lone\udcff", r"lone\udcff"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("soft\u00adhyphen\u3164", r"soft\xadhyphen\u3164"),
        ("", ""),
    ],
)
def test_what_cannot_be_shown_is_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_every_character_comes_out_harmless_and_stays_so() -> None:
    forbidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        once = harmless(chr(code))
        assert harmless(once) == once, hex(code)
        assert once, hex(code)
        assert not forbidden & {unicodedata.category(character) for character in once}, hex(code)


def test_what_can_be_shown_is_left_alone() -> None:
    ordinary = (
        "".join(chr(code) for code in range(0x20, 0x7F))
        + "äöüßéñçøå"
        + "кириллица"
        + "ελληνικά"
        + "漢字かな"
        + "한글"
        + "עברית"
        + "العربية"
    )
    assert harmless(ordinary) == ordinary
