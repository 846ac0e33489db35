"""Which settings file counts."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from serverful.distribution import requirements
from serverful.errors import SettingsError, UsageError
from serverful.estate.settings import FILE_NAME, Settings
from serverful.settings_file import Named, file_for, named, settings_for, shown


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`home/repo/infra/shop` in a repository, `home/loose/shop` outside of one, `away/shop` outside of the home directory."""
    for folder in ("home/repo/.git", "home/repo/infra/shop", "home/loose/shop", "away/shop"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(
    ("files", "scanned", "found"),
    [
        ([], "home/repo/infra/shop", None),
        (["home/repo/infra/shop"], "home/repo/infra/shop", "home/repo/infra/shop"),
        (["home/repo/infra"], "home/repo/infra/shop", "home/repo/infra"),
        (["home/repo"], "home/repo/infra/shop", "home/repo"),
        (["home/repo", "home/repo/infra"], "home/repo/infra/shop", "home/repo/infra"),
        (["home/repo", "home/repo/infra"], "home/repo", "home/repo"),
        (["home"], "home/repo/infra/shop", None),
        (["home/repo/infra/shop"], "home/repo", None),
        (["home"], "home/loose/shop", "home"),
        (["."], "home/loose/shop", None),
        (["."], "away/shop", "."),
    ],
)
def test_it_is_looked_for_upwards(tree: Path, files: list[str], scanned: str, found: str | None) -> None:
    for folder in files:
        (tree / folder / FILE_NAME).touch()
    assert file_for([tree / scanned]) == (None if found is None else (tree / found / FILE_NAME).resolve())


def test_a_scanned_file_stands_for_its_folder(tree: Path) -> None:
    for name in (FILE_NAME, "main.tf"):
        (tree / "home/repo/infra" / name).touch()
    assert file_for([tree / "home/repo/infra/main.tf"]) == (tree / "home/repo/infra" / FILE_NAME).resolve()


def test_a_link_is_followed_before_the_search(tree: Path) -> None:
    (tree / "home/repo" / FILE_NAME).touch()
    (tree / "away/link").symlink_to(tree / "home/repo/infra", target_is_directory=True)
    assert file_for([tree / "away/link"]) == (tree / "home/repo" / FILE_NAME).resolve()


def test_paths_that_find_the_same_share_it(tree: Path) -> None:
    (tree / "home/repo" / FILE_NAME).touch()
    assert file_for([tree / "home/repo/infra", tree / "home/repo/infra/shop"]) == (tree / "home/repo" / FILE_NAME).resolve()
    assert file_for([tree / "home/loose", tree / "home/loose/shop"]) is None
    assert file_for([]) is None


@pytest.mark.parametrize("other", ["home/loose/shop", "home/repo/infra/shop"])
def test_paths_that_find_different_ones_are_refused(tree: Path, other: str) -> None:
    for folder in ("home/repo", "home/repo/infra/shop"):
        (tree / folder / FILE_NAME).touch()
    with pytest.raises(UsageError) as caught:
        file_for([tree / "home/repo/infra", tree / other])
    says = str(caught.value)
    assert "One settings file counts for one run" in says and "--config FILE" in says
    assert f"{tree / other} finds " in says and str((tree / "home/repo" / FILE_NAME).resolve()) in says
    by_name = Named(str(tree / "home/repo" / FILE_NAME), "--config")
    assert file_for([tree / "home/repo/infra", tree / other], by_name) == tree / "home/repo" / FILE_NAME


def test_what_is_named_beats_the_search(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "home/repo" / FILE_NAME).touch()
    (tree / "mine.yaml").write_text("thresholds: {vpc_subnets: 1}")
    monkeypatch.chdir(tree)
    found = settings_for([tree / "home/repo"], tree / "home/repo", Named("mine.yaml", "--config"))
    assert (found.thresholds.vpc_subnets, found.file) == (1, "../../mine.yaml")


def test_the_option_beats_the_variable() -> None:
    assert named({}) is None and named({"SERVERFUL_CONFIG": ""}) is None
    assert named({"SERVERFUL_CONFIG": "a"}) == Named("a", "SERVERFUL_CONFIG")
    assert named({"SERVERFUL_CONFIG": "a"}, "b") == Named("b", "--config")


@pytest.mark.parametrize(
    ("by_name", "says"),
    [
        (Named("no.yaml", "SERVERFUL_CONFIG"), "SERVERFUL_CONFIG names no.yaml, and there is no such file."),
        (Named("", "--config"), "--config names nothing, and there is no such file."),
        (Named("a\x1b[31m", "--config"), r"--config names a\x1b[31m, and there is no such file."),
    ],
)
def test_what_is_named_has_to_be_there(tree: Path, by_name: Named, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings_for([tree], tree, by_name)
    assert str(caught.value).startswith(says)


def test_what_is_found_and_cannot_be_used_is_never_left_out(tree: Path) -> None:
    (tree / "home/repo" / FILE_NAME).touch()
    (tree / "home/repo/infra" / FILE_NAME).symlink_to("nowhere")
    with pytest.raises(SettingsError, match=r"^infra/\.serverful\.yaml: is a link to nowhere"):
        settings_for([tree / "home/repo/infra/shop"], tree / "home/repo")
    (tree / "home/repo/infra/shop" / FILE_NAME).mkdir()
    with pytest.raises(SettingsError, match=r"^infra/shop/\.serverful\.yaml: is a folder"):
        settings_for([tree / "home/repo/infra/shop"], tree / "home/repo")


def test_a_file_that_somebody_meant_is_not_passed_over(tree: Path) -> None:
    (tree / "home/repo/.serverful.yml").touch()
    with pytest.raises(UsageError, match=r"\.serverful\.yml would not count: settings are read from \.serverful\.yaml\. Rename it\."):
        file_for([tree / "home/repo/infra"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "home/repo" / FILE_NAME)
    with pytest.raises(UsageError, match="no regular file"):
        file_for([tree / "home/repo"])


def test_without_a_file_the_defaults_count(tree: Path) -> None:
    assert settings_for([tree / "home/repo"], tree / "home/repo") == Settings()


def test_it_is_called_by_its_own_name(tree: Path) -> None:
    (tree / "real.yaml").touch()
    (tree / "home/repo" / FILE_NAME).symlink_to(tree / "real.yaml")
    assert shown(tree / "home/repo" / FILE_NAME, tree / "home/repo") == FILE_NAME
    assert shown(tree / "home/repo/infra/../x.yaml", tree / "home") == "repo/x.yaml"


def test_where_pydantic_is_missing_the_line_that_mends_it_is_that_of_setup_cfg(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "home/repo" / FILE_NAME).touch()
    monkeypatch.delitem(sys.modules, "serverful.settings", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic", None)
    with pytest.raises(UsageError) as caught:
        settings_for([tree / "home/repo"], tree / "home/repo")
    wanted = {requirement.replace(" ", "") for requirement in requirements() if requirement.startswith(("pydantic ", "pyyaml "))}
    assert set(re.findall(r"'([^']+)'", str(caught.value).partition("pip install")[2])) == wanted
