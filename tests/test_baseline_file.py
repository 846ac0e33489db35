"""The file of a baseline: what is read is what was written, and what cannot be understood is refused with what to do."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs_by_hand import TODAY, finding, trouble, unexplained, whole_run
from serverful.baseline import Baseline, Entry, entries_of, ordered
from serverful.baseline_file import KIND, MAX_BYTES, parse_baseline, read_baseline, text_of, write_baseline
from serverful.errors import UsageError
from serverful.finding import Run
from serverful.policy import Severity

FILE = Path("old.json")
ENTRIES = entries_of(whole_run().findings)


def text(*entries: Entry) -> str:
    return text_of(entries, today=TODAY, tool_version="0.1.0")


def plain(*findings: Any) -> Run:
    return Run(list(findings), roots=["shop"], functions=1, policies=1)


def written(run: Run, path: Path) -> str:
    return write_baseline(run, path, today=TODAY, tool_version="0.1.0").says


def refused(content: str | bytes, path: Path = FILE) -> str:
    with pytest.raises(UsageError) as caught:
        parse_baseline(content if isinstance(content, bytes) else content.encode(), path)
    return str(caught.value)


# --- as it is written -------------------------------------------------------------------------------------------------------------------


def test_the_file() -> None:
    assert text(*ENTRIES[2:]) == (
        "{\n"
        '  "kind": "serverful baseline",\n'
        '  "version": 1,\n'
        '  "serverful": "0.1.0",\n'
        '  "written": "2026-01-15",\n'
        '  "findings": [\n'
        f'    {{"fingerprint": "{ENTRIES[2].fingerprint}", "policy": "SLS_IP_1", "severity": "HIGH", "root": "shop", '
        '"address": "aws_lambda_function.out", "argument": ""},\n'
        f'    {{"fingerprint": "{ENTRIES[3].fingerprint}", "policy": "SLS_VPC_1", "severity": "MEDIUM", "root": "shop", '
        '"address": "aws_lambda_function.second", "argument": "vpc_config"}\n'
        "  ]\n"
        "}\n"
    )
    assert json.loads(text())["findings"] == []


def test_an_entry_is_a_line_so_a_diff_says_what_came_and_went() -> None:
    more, less = text(*ENTRIES).splitlines(), text(*ENTRIES[1:]).splitlines()
    assert [line for line in more if line not in less] == [line for line in more if ENTRIES[0].fingerprint in line]


def test_the_line_of_an_entry_is_known() -> None:
    lines = text(*ENTRIES).splitlines()
    for entry in parse_baseline(text(*ENTRIES).encode(), FILE).entries:
        assert entry.fingerprint in lines[entry.line - 1]
    pretty = json.dumps(json.loads(text(*ENTRIES)), indent=4)
    for entry in parse_baseline(pretty.encode(), FILE).entries:
        assert entry.fingerprint in pretty.splitlines()[entry.line - 1], "an editor may have broken the lines"


ANY = st.text(st.characters(), max_size=12) | st.sampled_from(["\x1b[2J", "\u202e", '","', "\ud800", "\udcff", "\n", "<b>", "[0]", "../.."])


@given(st.lists(st.builds(Entry, ANY, ANY, ANY, ANY, st.sampled_from(Severity)), unique_by=lambda e: e.fingerprint, max_size=6))
def test_whatever_is_written_is_read_and_no_character_acts(entries: list[Entry]) -> None:
    content = text(*entries)
    assert content.isascii() and all(line.isprintable() for line in content.split("\n"))
    assert parse_baseline(content.encode(), FILE) == Baseline(ordered(entries), "old.json")
    assert text(*entries[::-1]) == content


# --- what is refused --------------------------------------------------------------------------------------------------------------------


def changed(**more: object) -> str:
    return json.dumps({**json.loads(text(*ENTRIES)), **more})


def first(**more: object) -> str:
    """A baseline whose first entry is another; a value of `None` takes the key out."""
    data = json.loads(text(*ENTRIES))
    data["findings"][0] = {key: value for key, value in {**data["findings"][0], **more}.items() if value is not None}
    return json.dumps(data)


LOOKS_WELL = text(*ENTRIES)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is no valid JSON (line 1)"),
        ("{", "is no valid JSON (line 1)"),
        (LOOKS_WELL[:-5], "is no valid JSON"),
        (LOOKS_WELL.encode("utf-16"), "is no UTF-8 text. Save it as UTF-8."),
        (b"\x80", "is no UTF-8 text"),
        (" " * (MAX_BYTES + 1), "is larger than 25 MB"),
        ("[" * 100_000, "is nested deeper than a baseline ever is"),
        ('{"version": ' + "9" * 5000 + "}", "is no valid JSON"),
        ("null", "is no baseline of serverful"),
        ("[]", "is no baseline of serverful"),
        ('{"version": 1, "findings": []}', "is no baseline of serverful"),
        (changed(kind="something"), f'is no baseline of serverful. A baseline says `"kind": "{KIND}"`'),
        (changed(version=2), "is a baseline of version 2, and this serverful reads version 1. Use the serverful that wrote it."),
        (changed(version="1"), "is a baseline of no version that can be read"),
        (changed(version=True), "is a baseline of no version that can be read"),
        (changed(version=1.0), "is a baseline of no version that can be read"),
        (json.dumps({"kind": KIND}), "is a baseline of no version that can be read"),
        (json.dumps({"kind": KIND, "version": 1}), "lacks `serverful`, `written` and `findings` in the baseline"),
        (changed(comment="ours"), "holds the key 'comment' in the baseline, which no baseline has. Remove it; a reason goes into a tag"),
        (changed(findings={}), "does not hold a list under `findings`"),
        (changed(findings=None), "does not hold a list under `findings`"),
        (changed(findings=["x"]), "holds something that is no entry: entry 1 of `findings`"),
        (first(root=None), "lacks `root` in entry 1 of `findings` (line 1)"),
        (first(because="we know"), "holds the key 'because' in entry 1 of `findings` (line 1), which no baseline has"),
        (first(root=7), "holds a `root` that is no text in entry 1"),
        (first(severity=["HIGH"]), "holds a `severity` that is no text in entry 1"),
        (first(severity="SEVERE"), "holds a severity that there is not, in entry 1 of `findings` (line 1): 'SEVERE'. It is one of"),
        (first(severity="high"), "holds a severity that there is not"),
        (first(fingerprint="0" * 16), "holds a fingerprint that is not that of what stands beside it: entry 1 of `findings` (line 1)"),
        (first(address="aws_lambda_function.harmless"), "holds a fingerprint that is not that of what stands beside it"),
        (first(fingerprint={}), "holds a `fingerprint` that is no text"),
        (
            changed(findings=json.loads(LOOKS_WELL)["findings"] * 2),
            "holds one finding twice: SLS_VPC_1 at aws_lambda_function.first in shop",
        ),
        (
            LOOKS_WELL.replace('"version": 1,', '"version": 1, "version": 1,'),
            "holds the key 'version' twice in one place. Keep one of them.",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused(content: str | bytes, says: str) -> None:
    told = refused(content)
    assert told.startswith("The baseline old.json: ") and says in told
    assert told.isprintable() and len(told) < 600


def test_a_merge_that_nobody_finished_is_named_as_that() -> None:
    lines = text(*ENTRIES).splitlines()
    lines[6:6] = ["<<<<<<< ours", lines[6], "=======", lines[7], ">>>>>>> theirs"]
    assert "holds a merge that nobody has finished (line 7)" in refused("\n".join(lines))


def test_a_finding_that_stands_twice_is_named_with_its_lines() -> None:
    lines = text(*ENTRIES).splitlines()
    lines.insert(7, lines[6])
    assert "(lines 7 and 8)" in refused("\n".join(lines))


def test_what_an_editor_changes_without_a_word_is_read() -> None:
    same = parse_baseline(text(*ENTRIES).encode(), FILE)
    assert parse_baseline(b"\xef\xbb\xbf" + text(*ENTRIES).encode(), FILE) == same
    assert parse_baseline(text(*ENTRIES).replace("\n", "\r\n").encode(), FILE) == same
    assert same.entries == ENTRIES


def test_a_hostile_file_is_repeated_harmlessly() -> None:
    bad = "\x1b[31m\u202e\n" * 30
    for content in (first(severity=bad), first(**{bad: "x"}), changed(**{bad: 1}), first(address=bad), json.dumps({bad: 1})):
        told = refused(content, Path(f"a{bad[:8]}.json"))
        assert told.isprintable() and len(told) < 2_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*json.loads(LOOKS_WELL), "x"]), inner, max_size=5),
    max_leaves=12,
)


@given(JSON, st.lists(JSON, max_size=2))
def test_any_json_is_a_baseline_or_a_usage_error(top: Any, rows: list[Any]) -> None:
    for data in (top, {**json.loads(LOOKS_WELL), "findings": rows}, {**json.loads(LOOKS_WELL), **(top if isinstance(top, dict) else {})}):
        try:
            assert isinstance(parse_baseline(json.dumps(data).encode(), FILE), Baseline)
        except UsageError as error:
            assert str(error).isprintable()


@given(st.integers(0, len(LOOKS_WELL) - 1), st.binary(max_size=3))
def test_a_byte_elsewhere_never_makes_another_baseline(position: int, put: bytes) -> None:
    content = LOOKS_WELL.encode()
    content = content[:position] + put + content[position + 1 :]
    try:
        read = parse_baseline(content, FILE)
    except UsageError:
        return
    assert read.entries == ENTRIES or {(e.fingerprint, e.severity) for e in read.entries} < {
        (e.fingerprint, s) for e in ENTRIES for s in Severity
    }


# --- on a disk --------------------------------------------------------------------------------------------------------------------------


def test_what_is_written_is_told_as_known(tmp_path: Path) -> None:
    made = write_baseline(plain(finding("a", unexplained())), tmp_path / "b.json", today=TODAY, tool_version="0.1.0")
    assert made.says == f"The baseline {tmp_path / 'b.json'} is written: 1 finding. The next run heeds it by --baseline."
    assert [f.in_baseline for f in made.run.findings] == [True]
    assert read_baseline(tmp_path / "b.json").entries == entries_of([finding("a", unexplained())])
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.json"], "nothing is left lying about"


def test_where_a_baseline_was_heeded_what_is_left_of_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    run = replace(plain(finding("new", unexplained())), baseline=Baseline(ENTRIES[:1], "b.json"))
    assert written(run, file) == f"The baseline {file} is written: 1 finding is left of it."
    assert read_baseline(file).entries == ENTRIES[:1], "what is new does not get in"
    made = write_baseline(run, file, today=TODAY, tool_version="0.1.0")
    assert [f.is_failed for f in made.run.findings] == [True]
    says = written(replace(run, baseline=Baseline((), "b.json")), file)
    assert says == f"The baseline {file} is written: 0 findings are left of it. It is not needed any more."


def test_the_same_entries_leave_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    run = plain(finding("a", unexplained()))
    written(run, file)
    before = file.read_bytes()
    says = write_baseline(run, file, today=TODAY.replace(year=2027), tool_version="9").says
    assert file.read_bytes() == before and "stays as it is" in says
    assert "is written" in written(plain(finding("b", unexplained())), file)
    assert file.read_bytes() != before


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (whole_run(), "1 trouble: not everything could be judged"),
        (Run(roots=["shop"]), "no policy was asked, so nothing was judged"),
        (Run(policies=3), "no Terraform was read, so nothing was judged"),
    ],
)
def test_none_is_written_of_what_was_not_judged(tmp_path: Path, run: Run, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"was not written: {why}. What was not judged would be missing in it.")):
        written(run, tmp_path / "b.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["resource {}", "{}", "<<<<<<< ours"])
def test_only_a_baseline_is_written_over(tmp_path: Path, content: str) -> None:
    file = tmp_path / "main.tf"
    file.write_text(content)
    with pytest.raises(UsageError, match="is there, and only a baseline is written over"):
        written(plain(), file)
    assert file.read_text() == content
    file.write_text("")
    written(plain(), file)
    assert read_baseline(file).entries == ()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, says in (
        (tmp_path, "is a folder. Name a file."),
        (tmp_path / "none" / "b.json", f"there is no folder {tmp_path / 'none'}. Make it first."),
        (tmp_path / "file" / "b.json", "was not written: "),
        (tmp_path / ("a" * 300), "was not written: "),
        (tmp_path / "a\x00b", "was not written: "),
        (Path(os.devnull), "is no regular file. Name a file."),
    ):
        with pytest.raises(UsageError) as caught:
            written(plain(finding("a", unexplained())), path)
        assert says in str(caught.value) and str(caught.value).isprintable()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file"]


def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "b.json"
    written(plain(finding("a", unexplained())), file)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left on device"):
        written(plain(), file)
    assert file.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["b.json"]


@pytest.mark.skipif(os.name == "nt", reason="links and modes are another matter there")
def test_a_link_keeps_leading_to_it_and_a_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    written(plain(), real)
    real.chmod(0o640)
    link.symlink_to(real)
    written(plain(finding("a", unexplained())), link)
    assert link.is_symlink() and len(read_baseline(real).entries) == 1 and real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "says"), [("none.json", "there is no such file. `--write-baseline` beside the paths writes one."), (".", "cannot be read: ")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_baseline(tmp_path / name)
    assert str(caught.value).startswith(f"The baseline {tmp_path / name}: {says}")


def test_what_has_no_end_is_not_read_to_it() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    with pytest.raises(UsageError, match="is larger than 25 MB"):
        read_baseline(Path("/dev/zero"))


def test_a_baseline_can_be_piped_in() -> None:
    """`--baseline <(git show main:old.json)`, so that a branch cannot add to what it is compared with."""
    if not Path("/dev/fd").is_dir():
        pytest.skip("no /dev/fd here")
    reading, writing = os.pipe()
    os.write(writing, text(*ENTRIES).encode())
    os.close(writing)
    try:
        assert read_baseline(Path(f"/dev/fd/{reading}")).entries == ENTRIES
    finally:
        os.close(reading)


def test_a_run_with_trouble_keeps_its_baseline_unwritten(tmp_path: Path) -> None:
    run = replace(plain(finding("a", unexplained())), troubles=[trouble()], baseline=Baseline(ENTRIES, "b.json"))
    with pytest.raises(UsageError, match="1 trouble"):
        written(run, tmp_path / "b.json")
