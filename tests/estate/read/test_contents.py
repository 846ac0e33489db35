"""What a folder or an archive holds at its top, and what nobody looks into."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from serverful.estate.read import contents
from serverful.estate.read.contents import names_in


def archive(path: Path, *names: str) -> Path:
    with ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, "")
    return path


def test_a_folder_and_an_archive(tmp_path: Path) -> None:
    (tmp_path / "layer" / "extensions").mkdir(parents=True)
    (tmp_path / "layer" / "python").mkdir()
    assert names_in(tmp_path / "layer", tmp_path) == {"extensions", "python"}
    assert names_in(archive(tmp_path / "a.zip", "extensions/watch", "python/a/b.py", "README"), tmp_path) == {"extensions", "python"}


def test_nothing_outside_the_base(tmp_path: Path) -> None:
    base = tmp_path / "base"
    (tmp_path / "layer" / "extensions").mkdir(parents=True)
    base.mkdir()
    assert names_in(base / ".." / "layer", base) == frozenset()
    (base / "link").symlink_to(tmp_path / "layer")
    assert names_in(base / "link", base) == frozenset()


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\xff" * 18, b"no archive" * 100])
def test_a_broken_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert names_in(tmp_path / "a.zip", tmp_path) == frozenset()


def test_what_is_not_there_or_no_archive_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_in(tmp_path / "a.zip", tmp_path) == frozenset()
    assert names_in(tmp_path / "a\0.zip", tmp_path) == frozenset()
    assert names_in(archive(tmp_path / "a.jar", "extensions/watch"), tmp_path) == frozenset()
    whole = archive(tmp_path / "b.zip", "extensions/watch")
    monkeypatch.setattr(contents, "MAX_ARCHIVE", whole.stat().st_size - 1)
    assert names_in(whole, tmp_path) == frozenset()
