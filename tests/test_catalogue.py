"""The catalogue knows which policies ought to be there, and misses one that is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from real_checkov import REPOSITORY, environment
from serverful import catalogue
from serverful.errors import CatalogueError

POLICY = '''
import _clone  # noqa: F401

from serverful.catalogue import is_collecting
from serverful.estate import Estate, Function
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, not_ours


@policy(id="{id}", title="It holds", principle=Principle.WITHOUT_VPC, severity=Severity.LOW, recommendation="Do so.")
def {slug}(function: Function, estate: Estate) -> Verdict:
    """Why."""
    return not_ours("nothing to ask")


collected = is_collecting()
'''


def folder(to: Path, files: dict[str, str]) -> Path:
    """A folder of policies with these texts (an id stands for a well-made policy of that id)."""
    (to / "network").mkdir(parents=True)
    (to / "_clone.py").write_text("")
    for slug, text in files.items():
        (to / "network" / f"{slug}.py").write_text(POLICY.format(id=text, slug=slug) if text.startswith("SLS_") else text)
    return to


def test_expected_ids_are_the_policies_on_disk() -> None:
    policies = catalogue.load()  # raises for what one side has and the other has not
    assert tuple(sorted(policy.id for policy in policies)) == tuple(sorted(catalogue.EXPECTED))
    files = {path.relative_to(REPOSITORY).as_posix() for path in catalogue.policy_files(catalogue.policies_folder())}
    assert {Path(policy.file).relative_to(REPOSITORY).as_posix() for policy in policies} == files


def test_ids_come_in_natural_order(tmp_path: Path) -> None:
    ids = ("SLS_VPC_10", "SLS_VPC_2", "SLS_IP_1")
    made = folder(tmp_path, {f"policy_{name.lower()}": name for name in ids})
    assert [policy.id for policy in catalogue.load(made, ids)] == ["SLS_IP_1", "SLS_VPC_2", "SLS_VPC_10"]


def test_a_policy_is_known_by_file_and_group(tmp_path: Path) -> None:
    policy = catalogue.load(folder(tmp_path, {"asks": "SLS_VPC_901"}), ("SLS_VPC_901",))[0]
    assert (policy.slug, policy.group, policy.file) == ("asks", "SLS_VPC", str(tmp_path / "network" / "asks.py"))


@pytest.mark.parametrize(
    ("files", "expected", "says"),
    [
        ({"a": "SLS_VPC_901"}, ("SLS_VPC_901", "SLS_VPC_902"), "SLS_VPC_902 is missing"),
        ({"a": "SLS_VPC_901", "b": "SLS_VPC_902"}, ("SLS_VPC_901",), "SLS_VPC_902 .*b.py.* is not among the expected"),
        ({"a": "SLS_VPC_901", "b": "SLS_VPC_901"}, ("SLS_VPC_901",), "SLS_VPC_901 is there 2 times: .*a.py, .*b.py"),
        ({"a": "SLS_VPC_901", "b": "raise OSError('no disk')"}, ("SLS_VPC_901",), "b.py cannot be loaded: OSError: no disk"),
        ({"a": "SLS_VPC_901", "b": "def f(:"}, ("SLS_VPC_901",), "b.py cannot be loaded: SyntaxError"),
        ({"a": "SLS_VPC_901", "b": "x = 1"}, ("SLS_VPC_901",), "b.py holds 0 policies"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, files: dict[str, str], expected: tuple[str, ...], says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        catalogue.load(folder(tmp_path, files), expected)


def test_file_and_function_have_one_name(tmp_path: Path) -> None:
    made = folder(tmp_path, {"a": "SLS_VPC_901"})
    (made / "network" / "a.py").rename(made / "network" / "b.py")
    with pytest.raises(CatalogueError, match=r"b\.py holds a; file and function have one name"):
        catalogue.load(made, ("SLS_VPC_901",))


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be loaded"):
        catalogue.load(tmp_path / "nowhere", ())


def test_loading_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    made = folder(tmp_path, {"json": "SLS_VPC_901"})  # a name that Checkov would put over the standard library's
    import json

    path = list(sys.path)
    policies = catalogue.load(made, ("SLS_VPC_901",))
    assert sys.modules["json"] is json
    assert "_clone" not in sys.modules
    assert sys.path == path
    assert not catalogue.is_collecting()
    assert policies[0].judge.__globals__["collected"] is True


def test_listing_needs_neither_checkov_nor_what_reads_terraform() -> None:
    """In a process of its own, because this one has imported both."""
    script = (
        "import sys\n"
        "from serverful import catalogue\n"
        "catalogue.load()\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "sys.exit(', '.join(sorted(loaded & {'checkov', 'networkx', 'rustworkx', 'tfparse', 'tree_sitter', 'tree_sitter_hcl'})) or None)"
    )
    env = environment({"PYTHONPATH": str(REPOSITORY / "plugin")})
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
