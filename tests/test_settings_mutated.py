"""Whatever stands in a settings file: it gives settings, or one error whose text is harmless. Nothing else ever comes out.

How long it takes is bounded by what is read (bytes, values, depth), which is tested for itself; nothing here looks at a clock.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from serverful.errors import SettingsError
from serverful.estate.settings import Settings
from serverful.evidence.categories import canonical, categories_of
from serverful.report.text import harmless
from serverful.settings import DemandPart, OrganisationPart, ReasonPart, SettingsPart, ThresholdsPart, parse
from serverful.settings_yaml import MAX_DEPTH, MAX_VALUES, read_yaml
from test_settings import FILE, HERE, WHOLE

EVERYTHING = hypothesis_settings(deadline=None, database=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])

# What somebody may type, paste or mean ill; the last ones in every place where a text may stand.
PIECES = st.sampled_from(
    [
        *"*&!|>%@`\"'{}[],:#?-\t\0\x1b\x7f\x85\u2028\ufeff\u202e\ud800\U0001f600",
        *("- ", "---\n", "...\n", "<<: ", "*a", "&a ", "!!str ", "!!python/object/apply:os.system ", "%YAML 9.9\n", "null", "~", "true"),
        *("2027-02-30", "9" * 400, "0x10", "-1", "1e999", ".inf", ".nan", "[" * 200, "{" * 200, "- " * 200, "a: " * 50, "\r\n", "\\x00"),
        *("reasons:\n", "thresholds: ", "  vpc_subnets: ", "address: ", "key: ", "until: ", "var_files: [/dev/zero]", "x" * 3000),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file with parts cut out, doubled, swapped or put in; now and then saved otherwise, or cut in the middle of a character."""
    text = draw(st.sampled_from([WHOLE, WHOLE.replace("\n", "\r\n"), ""]))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        cut = text[start:end]
        put = draw(st.one_of(PIECES, st.just(""), st.just(cut * 2), st.just(cut[::-1]), st.text(max_size=8)))
        text = text[:start] + put + text[end:]
    content = text.encode(draw(st.sampled_from(["utf-8"] * 8 + ["utf-16", "latin-1"])), "replace")
    return content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 9)) == 0 else content


def check(content: bytes) -> None:
    try:
        settings = parse(content, FILE, HERE)
    except SettingsError as error:
        assert error.faults and str(error)
        assert all(harmless(line) == line and len(line) < 2000 for line in str(error).split("\n"))
        assert all(fault.file == FILE and 0 <= fault.line <= content.count(b"\n") + content.count(b"\r") + 200 for fault in error.faults)
        assert all(fault.says and fault.mend for fault in error.faults)
        return
    assert isinstance(settings, Settings)
    for reason in settings.reasons:
        assert canonical(reason.key) == reason.key and reason.category in categories_of(reason.key)
        assert isinstance(reason.until, date) and reason.owner.strip() and reason.address and reason.root and reason.place.line > 0
    for demand in settings.vpc_required:
        assert demand.tag and demand.because.strip()
    assert all(Path(name).is_file() for name in settings.var_files)


@EVERYTHING
@given(mutated())
def test_a_good_file_gone_wrong(content: bytes) -> None:
    check(content)


@EVERYTHING
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    check(content)


@EVERYTHING
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


PARTS = (SettingsPart, ThresholdsPart, OrganisationPart, DemandPart, ReasonPart)
KEYS = st.sampled_from([name for part in PARTS for name in part.model_fields]) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@EVERYTHING
@given(VALUES)
def test_any_data_under_any_key(data: object) -> None:
    check(json.dumps(data).encode())


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "a:\n" + "".join(" " * depth + "- a:\n" for depth in range(1, 200)),
        "[" + "1," * 400_000 + "]",
        "".join(f"k{number}: 1\n" for number in range(100_000)),
        "a: &a [x]\n" + "".join(f"k{number}: *a\n" for number in range(60_000)),
        '"' + "x" * 900_000 + '": 1',
        "owner: " + "9" * 900_000,
        "x " * 450_000,
        "# " + "x" * 900_000,
        "? " * 100_000,
        "!" * 900_000,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_what_is_read_has_an_end(text: str) -> None:
    """However large, deep or wide: no more values and no more levels are taken than settings may have."""
    written = read_yaml(text.encode(), FILE)
    assert len(written.lines) <= MAX_VALUES and max((len(where) for where in written.lines), default=0) <= MAX_DEPTH
    check(text.encode())
