"""Which files are read for the hashes of lines: those of the run, inside its base, once."""

from __future__ import annotations

from pathlib import Path

from estates_by_hand import place
from serverful.estate.read import source_files
from serverful.line_hash import LineHashes
from serverful.record import hashed_lines
from serverful.record.hashed_lines import HashedLines


def test_the_hash_of_the_first_line_of_a_place(tmp_path: Path) -> None:
    text = b"one\ntwo\nthree\n"
    (tmp_path / "main.tf").write_bytes(text)
    lines = HashedLines(tmp_path)
    assert [lines.of(place("a", "main.tf", line)) for line in (1, 2, 3)] == [LineHashes(text).of(line) for line in (1, 2, 3)]


def test_each_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "main.tf"
    file.write_text("one\ntwo\n")
    lines = HashedLines(tmp_path)
    first = lines.of(place("a", "main.tf", 1))
    file.unlink()
    assert first is not None
    assert lines.of(place("a", "main.tf", 1)) == first


def test_what_has_no_line_here_has_no_hash(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "main.tf").write_text("one\n")
    (base / "folder.tf").mkdir()
    (tmp_path / "beside.tf").write_text("one\n")
    (base / "link.tf").symlink_to(tmp_path / "beside.tf")
    lines = HashedLines(base)
    for file, line in [
        ("main.tf", 0),  # in a plan
        ("main.tf", 9),  # cut off since
        ("gone.tf", 1),
        ("folder.tf", 1),
        ("../beside.tf", 1),
        ("link.tf", 1),
        ("a\0b.tf", 1),
        ("\ud800.tf", 1),
    ]:
        assert lines.of(place("a", file, line)) is None, file
    assert HashedLines(None).of(place("a", "main.tf", 1)) is None


def test_what_is_too_large_to_be_read_is_not_hashed() -> None:
    assert hashed_lines.MAX_FILE_BYTES == source_files.MAX_FILE_BYTES
