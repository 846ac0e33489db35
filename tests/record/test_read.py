"""What is no record of version 1, whole, is refused with a word on how to go on; what is comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs_by_hand import as_json, recorded, whole_run
from serverful.errors import UsageError
from serverful.record.read import read_record, record_from

TEXT = as_json(whole_run()).encode()
WHOLE: dict[str, Any] = json.loads(TEXT)


def refused(text: bytes) -> str:
    with pytest.raises(UsageError) as refusal:
        record_from(text, "run.json")
    said = str(refusal.value)
    assert said.startswith("run.json")
    assert all(character == "\n" or character.isprintable() for character in said), "what stood in the file reaches no terminal"
    return said


def changed(old: bytes, new: bytes) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_what_was_written_is_read_again() -> None:
    assert record_from(TEXT, "run.json") == recorded(whole_run())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_its_beginning_does_no_harm(encoding: str) -> None:
    """Windows PowerShell writes one, and UTF-16, where output is redirected."""
    assert record_from(TEXT.decode().encode(encoding), "run.json") == recorded(whole_run())


def test_keys_that_are_not_known_are_passed_over() -> None:
    first = {**WHOLE["findings"][0], "of_tomorrow": [1]}
    more = {**WHOLE, "of_tomorrow": {"a": 1}, "findings": [first, *WHOLE["findings"][1:]]}
    assert record_from(json.dumps(more).encode(), "run.json") == recorded(whole_run())


@pytest.mark.parametrize("version", [2, 0, "1", {"major": 1}, 10**30, "\x1b[2J"])
def test_another_version_is_named(version: object) -> None:
    said = refused(json.dumps({**WHOLE, "version": version}).encode())
    assert "and this serverful reads version 1. Write it anew" in said
    assert "Or read it with the serverful that wrote it." in said


@pytest.mark.parametrize("text", [b"[]", b"{}", b"null", b'"run"', b'{"results": {"failed_checks": []}}'])
def test_json_that_is_no_record(text: bytes) -> None:
    assert "no record of a serverful run: it has no `version`" in refused(text)


@pytest.mark.parametrize("text", [b"", b"serverful", b"\xff\xfe\x00", b"\x00" * 9, TEXT + b"}", b'{"version": ' + b"9" * 9_000 + b"}"])
def test_what_is_no_json(text: bytes) -> None:
    assert "no whole JSON" in refused(text)


@given(st.integers(min_value=0, max_value=len(TEXT) - 2))
def test_what_was_cut_off_is_never_taken_for_whole(length: int) -> None:
    assert "It may have been cut off" in refused(TEXT[:length])


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"version": 1, "findings": [' + b'{"a":' * 100_000])
def test_what_is_nested_deeper_than_python_goes(text: bytes) -> None:
    assert "nested deeper" in refused(text)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b'"line": 3,', b'"line": "3",', "line"),
        (b'"line": 3,', b'"line": 3.5,', "line"),
        (b'"line": 3,', b'"line": NaN,', "line"),
        (b'"line": 3,', b'"line": null,', "line"),
        (b'"line": 3,', b"", "line: Field required"),
        (b'"outcome": "failed"', b'"outcome": "\\u001b[31m"', "outcome"),
        (b'"is attached to a VPC"', b"7", "says"),
        (b'"door": "scan"', b'"door": "window"', "door"),
        (b'"for now\\u001b[2J"', b'"\\udcff"', "surrogate"),
        (b'"for now\\u001b[2J"', b'"\xed\xb3\xbf"', "unicode"),
        (b'"part": 0', b'"part": 1', "names a part that is not there"),
        (b'"part": 0', b'"part": -1', "names a part that is not there"),
    ],
)
def test_what_is_wrong_is_named(old: bytes, new: bytes, named: str) -> None:
    said = refused(changed(old, new))
    assert named in said
    assert said.endswith("Write it anew with this version of serverful.")


def test_of_many_faults_some_are_named() -> None:
    said = refused(b'{"version": 1}')
    assert "serverful: Field required" in said
    assert "  and 7 more" in said


def test_of_a_key_that_stands_there_twice_the_last_counts() -> None:
    """As Python and most readers of JSON have it."""
    assert record_from(changed(b'"serverful": "0.1.0"', b'"serverful": "0.0.1",\n  "serverful": "0.2.0"'), "run.json").serverful == "0.2.0"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is not there.*SERVERFUL_RESULT.*found no Terraform.*loaded no policies"):
        read_record(tmp_path / "none.json")
    with pytest.raises(UsageError, match="is a folder"):
        read_record(tmp_path)
    file = tmp_path / "run.json"
    file.write_bytes(TEXT)
    assert read_record(file) == recorded(whole_run())


def test_what_is_larger_than_any_record_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(TEXT)
    monkeypatch.setattr("serverful.record.read._LARGEST", len(TEXT) - 1)
    with pytest.raises(UsageError, match="larger than any record"):
        read_record(file)
