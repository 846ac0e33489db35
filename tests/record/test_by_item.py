"""Reading item by item gives what reading the whole gives, or leaves it to that."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs_by_hand import as_json, recorded, whole_run
from serverful.errors import UsageError
from serverful.finding import Run
from serverful.record import by_item
from serverful.record.by_item import read_by_item
from serverful.record.read import read_record, record_from
from serverful.record.v1 import RunV1

TEXT = as_json(whole_run()).encode()
WHOLE: dict[str, Any] = json.loads(TEXT)


def by_items(text: bytes) -> RunV1 | None:
    return read_by_item(io.BytesIO(text))


@pytest.mark.parametrize("chunk", [1, 7, 100, 1 << 20])
def test_what_was_written_is_read_again(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_item, "_CHUNK", chunk)
    assert by_items(TEXT) == recorded(whole_run())


def test_without_findings_and_functions() -> None:
    assert by_items(as_json(Run()).encode()) == recorded(Run())


def test_equal_evidence_is_one_again() -> None:
    record = by_items(TEXT)
    assert record is not None
    first, second = (f for f in record.findings if f.address.endswith((".first", ".second")))
    assert first.path[0] is second.path[0]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(WHOLE).encode(),
        json.dumps(WHOLE, indent=4).encode(),
        TEXT.replace(b"\n", b"\r\n"),
        json.dumps(dict(reversed(WHOLE.items())), indent=2).encode(),
        b"\xef\xbb\xbf" + TEXT,
    ],
    ids=["in one line", "four blanks", "line ends of Windows", "another order", "a mark"],
)
def test_what_is_laid_out_otherwise_is_read_as_a_whole(text: bytes, tmp_path: Any) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(text)
    assert read_record(file) == recorded(whole_run())


def test_a_key_that_stands_there_twice_is_left_to_the_whole() -> None:
    twice = TEXT[:-2] + b',\n  "findings": ' + json.dumps(WHOLE["findings"][:1]).encode() + b"\n}"
    assert by_items(twice) is None
    assert record_from(twice, "run.json").findings == recorded(whole_run()).findings[:1]


@given(st.integers(min_value=0, max_value=len(TEXT) - 1), st.binary(max_size=3))
def test_what_is_damaged_is_never_of_another_opinion(at: int, put: bytes) -> None:
    damaged = TEXT[:at] + put + TEXT[at + len(put) :]
    found = by_items(damaged)
    if found is None:
        return
    try:
        assert found == record_from(damaged, "run.json")
    except UsageError as error:
        assert "names a part that is not there" in str(error), f"read by item, and refused as a whole: {error}"


@given(st.integers(min_value=0, max_value=len(TEXT) - 2))
def test_what_was_cut_off_is_left_to_the_whole(length: int) -> None:
    assert by_items(TEXT[:length]) is None


def test_a_text_that_looks_like_the_layout_ends_no_item() -> None:
    run = whole_run()
    run.findings[0] = replace(run.findings[0], skipped='\n    },\n  "findings": [\n    {')
    assert by_items(as_json(run).encode()) == recorded(run)
