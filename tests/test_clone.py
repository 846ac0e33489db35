"""`policies/_clone.py`: the one file that must work, and speak, on every Python 3."""

from __future__ import annotations

import ast
import runpy
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from real_checkov import REPOSITORY

CLONE = REPOSITORY / "policies" / "_clone.py"
REGISTRY = "checkov.common.external_checks.verification.sources_registry"


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An import path that a test may change."""
    entries = [entry for entry in sys.path if not entry.startswith(str(REPOSITORY))]
    monkeypatch.setattr(sys, "path", entries)
    return entries


def clone(to: Path, *, with_plugin: bool) -> Path:
    """Where `_clone.py` of a clone stands (or of a wheel, which has no neighbour)."""
    (to / "policies").mkdir(parents=True)
    shutil.copy(CLONE, to / "policies")
    if with_plugin:
        (to / "plugin" / "serverful").mkdir(parents=True)
        (to / "plugin" / "serverful" / "__init__.py").touch()
    return to / "policies" / "_clone.py"


def test_it_is_written_for_any_python_3() -> None:
    ast.parse(CLONE.read_text(encoding="utf-8"), feature_version=(3, 7))  # the oldest that newer Pythons can still check


@pytest.mark.usefixtures("path")
def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 14, "final", 0))
    with pytest.raises(ImportError, match=r"needs Python 3\.11 or newer, and this Checkov runs on Python 3\.10"):
        runpy.run_path(str(CLONE))


@pytest.mark.usefixtures("path")
def test_the_neighbour_wins_over_whatever_is_installed(tmp_path: Path) -> None:
    file = clone(tmp_path, with_plugin=True)
    plugin = str((tmp_path / "plugin").resolve())
    sys.path.append(plugin)
    for _ in range(3):
        runpy.run_path(str(file))
        assert sys.path[0] == plugin
        assert sys.path.count(plugin) == 1


@pytest.mark.usefixtures("path")
def test_a_link_to_the_policies_finds_their_neighbour(tmp_path: Path) -> None:
    clone(tmp_path / "clone", with_plugin=True)
    (tmp_path / "linked").symlink_to(tmp_path / "clone" / "policies")
    runpy.run_path(str(tmp_path / "linked" / "_clone.py"))
    assert sys.path[0] == str((tmp_path / "clone" / "plugin").resolve())


def test_the_wheel_needs_nothing(tmp_path: Path, path: list[str]) -> None:
    before = list(path)
    runpy.run_path(str(clone(tmp_path, with_plugin=False)))
    assert sys.path == before


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("is_active", [True, False])
def test_an_unsigned_neighbour_is_refused_while_checkov_verifies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_active: bool) -> None:
    registry = ModuleType(REGISTRY)
    registry.is_verification_active = lambda: is_active  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, REGISTRY, registry)
    file, wheel = clone(tmp_path / "clone", with_plugin=True), clone(tmp_path / "wheel", with_plugin=False)
    runpy.run_path(str(wheel))
    if is_active:
        with pytest.raises(ImportError, match="serverful policies --path"):
            runpy.run_path(str(file))
        assert not any(entry.endswith("plugin") for entry in sys.path)
    else:
        runpy.run_path(str(file))
        assert sys.path[0].endswith("plugin")


def test_checkov_still_says_there_whether_it_verifies() -> None:
    from checkov.common.external_checks.verification import sources_registry

    assert sources_registry.__name__ == REGISTRY
    assert sources_registry.is_verification_active() is False
