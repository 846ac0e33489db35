"""Pages follow from policies and fixtures, and are not older than they."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from serverful import catalogue
from serverful.dev.pages import BEGIN, END, PINNED_DAY, page_of, stale, table_of, with_table, without_expectations
from serverful.errors import UsageError
from serverful.policy import Principle, Severity

TOP = Path(__file__).resolve().parents[2]


def described(feature: str | None = "vpc") -> Any:
    from serverful.estate.model import Function
    from serverful.policy import Policy

    def vpc_has_a_reason(*_: Any) -> Any: ...

    return Policy(
        "SLS_VPC_1",
        "A VPC has a reason",
        Principle.WITHOUT_VPC,
        Severity.MEDIUM,
        "leave it.",
        feature,
        vpc_has_a_reason,
        (Function,),
        "Nobody knows why.\n\nSo ask.",
        "/x/policies/network/vpc_has_a_reason.py",
    )


def test_a_page_has_its_parts_in_order() -> None:
    page = page_of(described(), "bad = 1", "good = 1", "MEDIUM  SLS_VPC_1 ```")
    parts = [
        "# SLS_VPC_1: A VPC has a reason",
        "| Severity | MEDIUM |",
        "| Principle | without VPC |",
        "## Why\n\nNobody knows why.\n\nSo ask.",
    ]
    parts += ["## Instead\n\nLeave it.", "## Avoid\n\n```terraform\nbad = 1\n```", "## Prefer\n\n```terraform\ngood = 1\n```"]
    parts += [
        "## What it prints",
        "````text\nMEDIUM  SLS_VPC_1 ```\n````",
        "`serverful:vpc`",
        "serverful reason ADDRESS",
        "# checkov:skip=SLS_VPC_1:",
    ]
    positions = [page.find(part) for part in parts]
    assert -1 not in positions and positions == sorted(positions), dict(zip(parts, positions, strict=True))


def test_a_policy_without_a_feature_is_answered_by_its_own_id() -> None:
    page = page_of(described(None), "", "", "serverful reason a --feature SLS_VPC_1 ...")
    assert "Only a reason that names the policy itself answers it" in page and "`serverful:SLS_VPC_1`" in page


def test_a_policy_about_reasons_leaves_the_answer_to_its_findings() -> None:
    page = page_of(described(None), "", "", "serverful reason a --feature vpc ...")
    assert "Each finding names the reason that answers it" in page and "Only a reason" not in page


def test_what_tests_expect_is_no_part_of_a_page() -> None:
    terraform = '\nresource "a" "b" { # expect: bad\n  c = "# kept" # why\n  # expect: good SLS_VPC_1\n}\n// expect: none\n'
    assert without_expectations(terraform) == 'resource "a" "b" {\n  c = "# kept" # why\n\n}'


def test_the_table_stands_between_its_markers() -> None:
    table = table_of([described()])
    assert "| [SLS_VPC_1](policies/network/vpc_has_a_reason.md) | MEDIUM | A VPC has a reason |" in table
    readme = with_table(f"before\n{BEGIN}\nold\n{END}\nafter\n", table)
    assert readme == f"before\n{table}\nafter\n" and with_table(readme, table) == readme
    with pytest.raises(UsageError, match="policies:begin"):
        with_table("no markers", table)


def test_a_missing_and_a_changed_page_are_stale(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("same")
    (tmp_path / "changed.md").write_text("older")
    wanted = {tmp_path / "same.md": "same", tmp_path / "changed.md": "newer", tmp_path / "missing.md": "new"}
    assert stale(wanted) == [tmp_path / "changed.md", tmp_path / "missing.md"]


def test_every_page_here_is_up_to_date() -> None:
    """The real thing: runs the command on every bad fixture and compares."""
    done = subprocess.run(
        [sys.executable, "-m", "serverful.dev.pages", "--check"],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP / "plugin")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_there_is_a_page_for_every_policy_and_no_other() -> None:
    folder = catalogue.policies_folder()
    pages = {page.relative_to(folder).as_posix() for page in folder.glob("*/*.md")}
    assert pages == {Path(p.file).relative_to(folder).with_suffix(".md").as_posix() for p in catalogue.load()} | {"run/run_is_complete.md"}


def test_pages_hold_no_path_of_the_machine_they_were_written_on() -> None:
    for page in catalogue.policies_folder().glob("*/*.md"):
        assert str(TOP) not in page.read_text("utf-8"), page


def test_the_pinned_day_is_a_day() -> None:
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", PINNED_DAY)
