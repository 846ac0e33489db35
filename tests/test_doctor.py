"""The doctor sees what is ill, and names the commands that mend it."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from serverful.distribution import requirements, version
from serverful.doctor import (
    examine_checkov,
    examine_evaluation,
    examine_hcl2,
    examine_python,
    examine_requirements,
    examine_settings,
    examine_source_parser,
    is_within,
)
from serverful.settings_file import Named


def install(site: Path, name: str, version: str, files: dict[str, str]) -> None:
    """What an installer leaves behind: files, and a RECORD of their digests. Whoever comes later overwrites."""
    lines = []
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}")
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "RECORD").write_text("\n".join([*lines, f"{info.name}/RECORD,,"]))


FORK = {"hcl2/__init__.py": "from .transformer import END_LINE, START_LINE\n", "hcl2/transformer.py": "END_LINE = START_LINE = 1\n"}
ORIGINAL = {"hcl2/__init__.py": "from .api import load\n", "hcl2/api.py": "load = None\n"}


def test_checkovs_own_parser_is_well(tmp_path: Path) -> None:
    install(tmp_path, "bc-python-hcl2", "0.4.3", FORK)
    examined = examine_hcl2([str(tmp_path)])
    assert examined.is_well and not examined.mend and "0.4.3" in examined.says


def test_python_hcl2_over_checkovs_own_is_recognised_and_mended_in_order(tmp_path: Path) -> None:
    install(tmp_path, "bc-python-hcl2", "0.4.3", FORK)
    install(tmp_path, "python-hcl2", "4.3.5", ORIGINAL)
    examined = examine_hcl2([str(tmp_path)])
    assert not examined.is_well
    assert "python-hcl2 4.3.5 has overwritten files of bc-python-hcl2 0.4.3: hcl2/__init__.py;" in examined.says
    assert [command.partition(" -m ")[2] for command in examined.mend] == [
        "pip uninstall -y python-hcl2",
        "pip install --force-reinstall --no-deps bc-python-hcl2==0.4.3",
    ]


def test_the_other_way_round_it_works_and_is_still_not_well(tmp_path: Path) -> None:
    install(tmp_path, "python-hcl2", "4.3.5", ORIGINAL)
    install(tmp_path, "bc-python-hcl2", "0.4.3", FORK)
    examined = examine_hcl2([str(tmp_path)])
    assert not examined.is_well and "is whole, but python-hcl2 4.3.5 claims its files" in examined.says and len(examined.mend) == 2


def test_after_python_hcl2_was_removed_the_missing_files_are_named(tmp_path: Path) -> None:
    install(tmp_path, "bc-python-hcl2", "0.4.3", FORK)
    (tmp_path / "hcl2/__init__.py").unlink()
    examined = examine_hcl2([str(tmp_path)])
    assert not examined.is_well and "hcl2/__init__.py" in examined.says
    assert [command.partition(" -m ")[2] for command in examined.mend] == ["pip install --force-reinstall --no-deps bc-python-hcl2==0.4.3"]


def test_without_checkovs_own_parser(tmp_path: Path) -> None:
    install(tmp_path, "python-hcl2", "4.3.5", ORIGINAL)
    examined = examine_hcl2([str(tmp_path)])
    assert not examined.is_well and "is not installed" in examined.says and len(examined.mend) == 2


def test_this_installation_is_well() -> None:
    assert [one for one in [*examine_requirements(requirements()), examine_hcl2()] if not one.is_well] == []
    assert examine_source_parser().is_well
    assert examine_evaluation().is_well, examine_evaluation().says
    assert examine_checkov().is_well


def test_what_is_missing_or_too_old_is_named_with_its_command() -> None:
    missing, old, well = examine_requirements(["no-such-thing-at-all >=1,<2", "click >=99", "click >=8.1,<99"])
    assert (missing.is_well, missing.says) == (False, "not installed; wanted >=1,<2")
    assert missing.mend[0].endswith('pip install "no-such-thing-at-all>=1,<2"')
    assert not old.is_well and "is outside >=99" in old.says and old.mend[0].endswith('pip install "click>=99"')
    assert well.is_well and not well.mend


def test_nothing_stated_is_not_well() -> None:
    [examined] = examine_requirements([])
    assert not examined.is_well


@pytest.mark.parametrize(
    ("release", "wanted", "is_in"),
    [
        ("3.3.30", ">=3.3.30,<4", True),
        ("3.3.29", ">=3.3.30,<4", False),
        ("3.10.0", ">=3.3.30,<4", True),
        ("4.0.0", ">=3.3.30,<4", False),
        ("4", ">=4.0", True),
        ("0.6.22", ">=0.6.22,<0.7", True),
        ("0.7", ">=0.6.22,<0.7", False),
        ("1.0", "~=1.0", False),
        ("1.0", "", True),
    ],
)
def test_ranges(release: str, wanted: str, is_in: bool) -> None:
    assert is_within(release, wanted) is is_in


def test_an_older_python_is_not_well() -> None:
    assert examine_python((3, 11, 0)).is_well
    assert not examine_python((3, 10, 14)).is_well


def test_an_installation_without_what_reading_needs_is_not_well(tmp_path: Path) -> None:
    """In a process where neither tree-sitter nor its grammar can be imported."""
    for name in ("tree_sitter", "tree_sitter_hcl"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('no {name} here')\n")
    program = "from serverful.doctor import examine_source_parser as e; print(e())"
    plugin = Path(__file__).resolve().parents[1] / "plugin"
    environment = {"PYTHONPATH": f"{tmp_path}:{plugin}", "PATH": ""}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True).stdout
    assert "is_well=False" in said and "no tree_sitter here" in said and "install --upgrade tree-sitter tree-sitter-hcl" in said


def test_the_distribution_knows_its_version_and_needs() -> None:
    assert version()[0].isdigit()
    assert {requirement.split()[0] for requirement in requirements()} >= {"checkov", "tfparse", "tree-sitter", "tree-sitter-hcl"}


def test_the_settings_that_count_here(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert examine_settings(tmp_path).says == "no .serverful.yaml from here upwards; the defaults count"
    file = tmp_path / ".serverful.yaml"
    file.write_text("thresholds: {vpc_subnets: 2, provisioned_small: 1}")
    examined = examine_settings(tmp_path)
    assert examined.is_well and examined.says == f"{file.resolve()}: 0 reasons, 1 threshold of your own (vpc_subnets)"
    examined = examine_settings(tmp_path, Named("nowhere.yaml", "SERVERFUL_CONFIG"))
    assert not examined.is_well and examined.says.startswith("SERVERFUL_CONFIG names nowhere.yaml")
    file.write_text("treshholds: {}")
    examined = examine_settings(tmp_path)
    assert not examined.is_well and examined.says.startswith(".serverful.yaml:1: there is no setting 'treshholds'")
