"""Where reports go: whole or not at all, and what stood there keeps its permissions and its links."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from serverful.errors import UsageError
from serverful.outputs import Output, outputs_of, write

FORMATS = ("console", "json", "sarif")


# --- what was asked for ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "outputs"),
    [
        ((), ()),
        (("console",), (Output("console"),)),
        (("sarif=out.sarif", "console"), (Output("sarif", Path("out.sarif")), Output("console"))),
        (("json=-",), (Output("json"),)),
        (("json=a=b.json",), (Output("json", Path("a=b.json")),)),
        (("json=a.json", "json=b.json"), (Output("json", Path("a.json")), Output("json", Path("b.json")))),
    ],
)
def test_words_become_outputs(words: tuple[str, ...], outputs: tuple[Output, ...]) -> None:
    assert outputs_of(words, FORMATS) == outputs


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sarfi=x",), "--format sarfi=x: there is no format 'sarfi'. Did you mean sarif? There are console, json, sarif"),
        (("JSON",), "there is no format 'JSON'"),
        (("",), "there is no format ''"),
        (("json=",), "--format json=: the file is missing. Write json=FILE, or json for standard output."),
        (("console", "json"), "--format console and --format json would be mixed on standard output"),
        (("json=-", "console"), "would be mixed on standard output"),
        (("json=a", "sarif=./a"), "one over the other. Give each a file of its own."),
    ],
)
def test_what_cannot_be_is_told(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(UsageError) as refusal:
        outputs_of(words, FORMATS)
    assert says in str(refusal.value)


def test_two_names_of_one_file_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(UsageError, match="one over the other"):
        outputs_of((f"json={tmp_path / 'file'}", f"sarif={tmp_path / 'link'}"), FORMATS)


# --- writing -----------------------------------------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_text_is_written_as_it_is_on_every_system(tmp_path: Path) -> None:
    write(tmp_path / "new", ["a\n", "né \U0001f600 ", "\udcff"])
    assert (tmp_path / "new").read_bytes() == "a\nné \U0001f600 \\udcff\n".encode()
    assert names(tmp_path) == ["new"]


def test_what_stood_there_stays_until_the_new_text_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")

    def pieces() -> Iterator[str]:
        yield "half"
        assert file.read_text() == "old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(file, pieces())
    assert (file.read_text(), names(tmp_path)) == ("old", ["report"])


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_permissions_are_kept_and_those_of_a_new_file_are_usual(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.touch()
    kept.chmod(0o640)
    before = os.umask(0o027)
    try:
        write(kept, ["a"])
        write(new, ["a"])
    finally:
        os.umask(before)
    assert [stat.S_IMODE(file.stat().st_mode) for file in (kept, new)] == [0o640, 0o640]
    assert os.umask(before) == before


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(Path("there", "file"))
    for text in ("first", "second"):
        write(tmp_path / "link", [text])
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "there" / "file").read_text() == f"{text}\n"
    assert names(tmp_path / "there") == ["file"]


def test_a_pipe_is_written_as_it_is() -> None:
    reading, writing = os.pipe()
    try:
        write(Path(f"/dev/fd/{writing}"), ["through ", "the pipe"])
        os.close(writing)
        assert os.read(reading, 99) == b"through the pipe\n"
    except UsageError:
        pytest.skip("no /dev/fd here")
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (".", "is a folder, so nothing can be written to it. Name a file in it."),
        ("none/file", "No such file"),
        ("file/file", "directory"),
    ],
)
def test_where_nothing_can_be_written(name: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError) as refusal:
        write(tmp_path / name, ["a"])
    assert says in str(refusal.value) and str(tmp_path / name) in str(refusal.value)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="the superuser writes everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="could not be written"):
            write(tmp_path / "file", ["a"])
    finally:
        tmp_path.chmod(0o700)


def test_a_circle_of_links_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    with pytest.raises(UsageError, match="one could not be written: "):
        write(tmp_path / "one", ["a"])
    assert names(tmp_path) == ["one", "other"]
