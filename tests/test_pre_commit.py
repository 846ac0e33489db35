"""The hook that we publish, run by the real pre-commit: read from our file, installed from a git repository, started by `git commit`.

pre-commit builds our package and puts it into an environment of its own, as it does for everybody. What the package requires is not
installed there once more, for that is a minute of downloading: it is found beside the tests, where the same requirements were installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from real_checkov import REPOSITORY, clone

HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
FIXTURES = REPOSITORY / "fixtures"
BAD = (FIXTURES / "vpc_reaches_something_private" / "bad" / "main.tf").read_text("utf-8")
GOOD = (FIXTURES / "data_store_login_uses_identity" / "good" / "main.tf").read_text("utf-8")
PYTHON = {"python": sys.executable}  # what is found beside the tests was compiled for this one
BASELINE = ".serverful-baseline.json"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed, and pre-commit is about git")


def _environment(home: Path) -> dict[str, str]:
    """For git and pre-commit: their own files below `home`, and nothing of the machine's or of a hook that runs these tests."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "PYTHONPATH", "SERVERFUL_"))}
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "x"), ("EMAIL", "x@example.org"))}
    paths = {"HOME": str(home), "PRE_COMMIT_HOME": str(home / "pre-commit"), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**ours, **who, **paths, "SERVERFUL_TODAY": "2026-11-23", "PIP_NO_DEPS": "1"}


class Repository:
    """A git repository in which people work."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.environment = folder, _environment(home)
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", ".")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False
        )

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def pre_commit(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *words)

    def write(self, name: str, text: str, *, stage: bool = True) -> None:
        (self.folder / name).write_text(text, "utf-8")
        if stage:
            self.git("add", name)

    def commits(self) -> list[str]:
        return self.run("git", "log", "--format=%s").stdout.split()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This working tree, with what is not committed yet, as a repository that pre-commit can clone."""
    home = tmp_path_factory.mktemp("pre_commit_home")
    made = Repository(clone(tmp_path_factory.mktemp("published") / "serverful"), home)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", HOOKS.name):
        shutil.copy(REPOSITORY / name, made.folder)
    made.git("add", "--all")
    made.git("commit", "-q", "-m", "published")
    return made


def config(ours: Repository, **hook: object) -> str:
    """A .pre-commit-config.yaml that takes the hook from our repository."""
    hooks = [{"id": "serverful", **hook}]
    source = {"repo": str(ours.folder), "rev": ours.git("rev-parse", "HEAD"), "hooks": hooks}
    return yaml.safe_dump({"default_language_version": PYTHON, "repos": [source]})


@pytest.fixture(scope="module")
def installed(ours: Repository, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lets pre-commit install the hook once, for all that use it; the folder with its files."""
    home = Path(ours.environment["HOME"])
    first = Repository(tmp_path_factory.mktemp("first"), home)
    first.write(".pre-commit-config.yaml", config(ours))
    done = first.pre_commit("install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    (package,) = home.glob("pre-commit/repo*/py_env*/**/site-packages/serverful/__init__.py")
    # Behind all that is installed there: our package is the one that pre-commit has built.
    (package.parents[1] / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


@pytest.fixture
def shop(installed: Path, ours: Repository, tmp_path: Path) -> Repository:
    """A repository with the hook in it, by `pre-commit install`, and nothing else."""
    made = Repository(tmp_path / "shop", installed)
    made.write(".pre-commit-config.yaml", config(ours))
    assert made.pre_commit("install").returncode == 0
    made.git("commit", "-q", "-m", "begin")
    return made


def test_the_manifest_is_one(ours: Repository) -> None:
    done = ours.pre_commit("validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout + done.stderr
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    assert hook["id"] == "serverful" and hook["pass_filenames"] is False and hook["require_serial"] is True


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("main.tf", True),
        ("a/b.tofu", True),
        ("a/b.tf.json", True),
        ("b.tofu.json", True),
        ("terraform.tfvars", True),
        ("x.auto.tfvars.json", True),
        (".serverful.yaml", True),
        ("a/.serverful.yaml", True),
        (BASELINE, True),
        ("plan.json", False),
        ("x.tf.md", False),
        ("tf", False),
        ("package.json", False),
        ("a.serverful.yaml.bak", False),
        (".terraform.lock.hcl", False),
    ],
)
def test_it_is_started_by_what_it_reads(name: str, starts: bool) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    assert bool(re.search(hook["files"], name)) is starts


def test_a_commit_with_a_finding_is_refused_and_says_why(shop: Repository) -> None:
    shop.write("main.tf", BAD)
    done = shop.run("git", "commit", "-m", "orders")
    said = done.stdout + done.stderr
    assert done.returncode == 1 and shop.commits() == ["begin"], said
    assert "- hook id: serverful" in said and "- exit code: 1" in said
    assert "MEDIUM  SLS_VPC_1 failed" in said and "aws_lambda_function.orders  main.tf:" in said and "The gate is shut" in said
    assert "\x1b" not in said, "nobody sees colours in a log"


def test_a_clean_commit_passes_without_a_word_of_ours(shop: Repository) -> None:
    shop.write("main.tf", GOOD)
    done = shop.run("git", "commit", "-m", "orders")
    assert done.returncode == 0 and shop.commits() == ["orders", "begin"], done.stdout + done.stderr
    assert re.search(r"^serverful\.+Passed$", done.stdout + done.stderr, re.MULTILINE)
    assert "policies looked at" not in done.stdout + done.stderr


def test_what_is_staged_counts_and_not_what_lies_about(shop: Repository) -> None:
    shop.write("main.tf", BAD)
    shop.write("main.tf", GOOD, stage=False)
    assert shop.run("git", "commit", "-m", "orders").returncode == 1
    assert (shop.folder / "main.tf").read_text("utf-8") == GOOD, "and it is put back"
    shop.write("main.tf", GOOD)
    shop.write("main.tf", BAD, stage=False)
    assert shop.run("git", "commit", "-m", "orders").returncode == 0


def test_a_commit_without_terraform_does_not_wait(shop: Repository) -> None:
    shop.write("main.tf", BAD)
    shop.git("commit", "-q", "--no-verify", "-m", "bad")
    shop.write("notes.md", "later")
    done = shop.run("git", "commit", "-m", "notes")
    assert done.returncode == 0 and "(no files to check)Skipped" in done.stdout + done.stderr


def test_what_cannot_be_read_refuses_the_commit(shop: Repository) -> None:
    shop.write("main.tf", GOOD)
    shop.write("broken.tf", "resource {")
    done = shop.run("git", "commit", "-m", "broken")
    assert done.returncode == 1 and "- exit code: 2" in done.stdout + done.stderr and "broken.tf" in done.stdout + done.stderr


# Makes the subnet of a function public that stands in another file.
ROUTES = """
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "data_a" {
  subnet_id      = aws_subnet.data_a.id
  route_table_id = aws_route_table.data.id
}
"""


def test_a_change_in_one_file_asks_about_the_whole_root(shop: Repository) -> None:
    shop.write("main.tf", GOOD)
    shop.git("commit", "-q", "-m", "orders")
    shop.write("routes.tf", ROUTES)
    done = shop.run("git", "commit", "-m", "routes")
    assert done.returncode == 1 and "SLS_VPC_7 failed" in done.stdout + done.stderr, done.stdout + done.stderr


def test_the_example_of_the_readme(shop: Repository, ours: Repository) -> None:
    """With its baseline: what was there before does not stop anybody, what is new does."""
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    section = readme[readme.index("## Before a commit") :]
    shown = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[0])
    (source,) = shown["repos"]
    source |= yaml.safe_load(config(ours))["repos"][0] | {"hooks": source["hooks"]}
    shop.write(".pre-commit-config.yaml", yaml.safe_dump({"default_language_version": PYTHON, **shown}))
    shop.write("main.tf", BAD)
    (scanned,) = re.findall(r"^serverful (scan .* --write-baseline .*)$", readme, re.MULTILINE)
    shop.environment["PYTHONPATH"] = str(REPOSITORY / "plugin")
    done = shop.run(sys.executable, "-m", "serverful", *scanned.split())
    del shop.environment["PYTHONPATH"]
    assert done.returncode == 0, done.stdout + done.stderr
    shop.git("add", BASELINE)
    done = shop.run("git", "commit", "-m", "baseline")
    assert done.returncode == 0, done.stdout + done.stderr
    shop.write("main.tf", BAD.replace('"aws_lambda_function" "orders"', '"aws_lambda_function" "bookings"'))
    done = shop.run("git", "commit", "-m", "bookings")
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "aws_lambda_function.bookings" in said and "Notes, which change no verdict" in said


def test_another_entry_scans_a_part(shop: Repository, ours: Repository) -> None:
    for name, text in (("infrastructure", GOOD), ("legacy", BAD)):
        (shop.folder / name).mkdir()
        shop.write(f"{name}/main.tf", text)
    shop.write(".pre-commit-config.yaml", config(ours, entry="serverful scan infrastructure"))
    done = shop.pre_commit("run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    shop.write(".pre-commit-config.yaml", config(ours))
    assert shop.pre_commit("run", "--all-files").returncode == 1
    shop.write(".pre-commit-config.yaml", config(ours, args=["--skip-path", "legacy"]))
    assert shop.pre_commit("run", "--all-files").returncode == 0
