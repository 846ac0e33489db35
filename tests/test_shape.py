"""What must never depend on what, and lists that must agree (ARCHITECTURE.md): read from the source, not from anybody's memory."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from expectations import ESTATES, FIXTURES, REPOSITORY, WORDS
from serverful import catalogue
from serverful.distribution import requirements
from serverful.estate.read.source_hcl import INSTALL

PLUGIN = REPOSITORY / "plugin" / "serverful"
POLICIES = REPOSITORY / "policies"
POLICY_FILES = catalogue.policy_files(POLICIES)
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")

HOST_LIBRARIES = {"checkov", "networkx", "rustworkx", "hcl2"}
NETWORK_LIBRARIES = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp"}
# Reading makes troubles, which are no judgement: the type is defined where people look for what a run holds.
ALSO_KNOWN = {"estate": ("serverful.finding", "serverful.finding.Trouble")}
WORLDLY = {"os", "sys", "io", "pathlib", "shutil", "subprocess", "logging", "time", "random", "threading", "functools", *NETWORK_LIBRARIES}
FOR_POLICIES = ("serverful.estate", "serverful.evidence", "serverful.policy", "serverful.verdict")


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def modules(folder: Path = PLUGIN) -> dict[str, ast.Module]:
    """Every Python file below a folder by its path relative to it, parsed."""
    return {file.relative_to(folder).as_posix(): tree_of(file) for file in sorted(folder.rglob("*.py"))}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, wherever in the file: `a.b` for `import a.b`, for `from a.b import c` both `a.b` and `a.b.c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"} and node.args:
            first = node.args[0]
            yield first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ast.unparse(first)


def calls(tree: ast.AST) -> set[str]:
    """What is called, as written: `print`, `sys.exit`, `date.today`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def names(tree: ast.AST) -> set[str]:
    """Every dotted name that is read, as written: `os.environ`, `sys.stdout`."""
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_of(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def offenders(found: dict[str, set[str]]) -> dict[str, set[str]]:
    return {file: what for file, what in found.items() if what}


# --- what must never depend on what -----------------------------------------------------------------------------------------------


def test_only_host_imports_the_host() -> None:
    found = {file: {m for m in imports(tree) if m.split(".")[0] in HOST_LIBRARIES} for file, tree in modules().items()}
    assert {file for file in offenders(found) if not file.startswith("host/")} == set()


def test_relative_imports_are_not_used() -> None:
    found = {file: {m for m in imports(tree) if m.startswith(".")} for file, tree in modules().items()}
    assert offenders(found) == {}


@pytest.mark.parametrize(
    ("folder", "unknown"),
    [
        ("estate", "policy verdict finding judge catalogue host report scan gate"),
        ("evidence", "finding judge catalogue host report scan gate estate.read"),
        ("record", "judge host scan report cli catalogue estate.read run_of outputs"),
        ("report", "judge host scan run_of record.made record.read record.joined finding estate evidence"),
        ("diagram", "judge catalogue host report scan gate given draw estate.read record"),
        ("host", "cli scan gate report.console"),
    ],
)
def test_a_folder_does_not_know_what_is_built_upon_it(folder: str, unknown: str) -> None:
    packages = tuple(f"serverful.{name}" for name in unknown.split())
    found = {
        file: {m for m in imports(tree) if _is_of(m, *packages) and m not in ALSO_KNOWN.get(folder, ())}
        for file, tree in modules().items()
        if file.startswith(f"{folder}/")
    }
    assert offenders(found) == {}


def test_nothing_imports_the_policies() -> None:
    """The catalogue loads them by path: in a clone they are no package of ours."""
    found = {file: {m for m in imports(tree) if _is_of(m, "policies", "serverful.policies")} for file, tree in modules().items()}
    assert offenders(found) == {}


@pytest.mark.parametrize("file", POLICY_FILES, ids=lambda file: file.stem)
def test_a_policy_imports_few_things(file: Path) -> None:
    allowed = {"_clone", "__future__", *sys.stdlib_module_names}
    found = {
        module
        for module in imports(tree_of(file))
        if module.split(".")[0] not in allowed
        and not (_is_of(module, *FOR_POLICIES) and not _is_of(module, "serverful.estate.read"))
        and module not in {"serverful.host.check", "serverful.host.check.on_checkov", "serverful"}
    }
    assert found == set()


@pytest.mark.parametrize("file", POLICY_FILES, ids=lambda file: file.stem)
def test_a_policy_is_pure(file: Path) -> None:
    """No file, clock, environment, network, output, nor anything kept between calls; and no `try`."""
    tree = tree_of(file)
    assert {module for module in imports(tree) if module.split(".")[0] in WORLDLY} == set()
    assert calls(tree) & {"print", "open", "input", "date.today", "datetime.now", "eval", "exec"} == set()
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal | ast.Try)] == []


def test_only_the_command_line_prints_and_exits() -> None:
    loud = {"print", "exit", "quit", "sys.exit", "os._exit"}
    found = {file: calls(tree) & loud for file, tree in modules().items() if not _is_a_program(file)}
    found |= {f"policies/{file}": calls(tree) & loud for file, tree in modules(POLICIES).items()}
    assert offenders(found) == {}


def test_the_command_line_prints_and_exits_in_one_place_each() -> None:
    found = {file: calls(tree) & {"print", "sys.exit"} for file, tree in modules().items() if file.startswith("cli/")}
    assert offenders(found) == {"cli/speech.py": {"print"}, "cli/__init__.py": {"sys.exit"}}


def _is_a_program(file: str) -> bool:
    """The command line; `python -m serverful`, which only calls it; the worker, a process of its own; what contributors run by hand."""
    return file in {"__main__.py", "estate/read/worker.py"} or file.startswith(("cli/", "dev/"))


def test_time_is_an_argument() -> None:
    """One module reads the clock, or SERVERFUL_TODAY instead, for both doors; everybody else is told the day."""
    clock = re.compile(r"(^|\.)(today|now|utcnow|time_ns|localtime|gmtime)$|^time\.time$")
    found = {file: {call for call in calls(tree) if clock.search(call)} for file, tree in modules().items()}
    # `estate.today` is a field, not a call.
    assert set(offenders(found)) == {"day.py"}


def test_few_read_the_environment() -> None:
    found = {file: names(tree) & {"os.environ", "os.getenv"} for file, tree in modules().items() if not _is_a_program(file)}
    assert set(offenders(found)) <= {"host/session.py", "estate/read/evaluate.py"}


def test_nobody_speaks_to_the_network() -> None:
    found = {file: {m for m in imports(tree) if m.split(".")[0] in NETWORK_LIBRARIES} for file, tree in modules().items()}
    assert offenders(found) == {}


def test_a_file_says_in_its_name_what_it_is_for() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "util.py", "helper.py", "misc.py"}
    assert [file.as_posix() for top in (PLUGIN, POLICIES) for file in top.rglob("*.py") if file.name in vague] == []


# --- lists that must agree --------------------------------------------------------------------------------------------------------


def setup() -> ConfigParser:
    config = ConfigParser()
    config.read(REPOSITORY / "setup.cfg", encoding="utf-8")
    return config


def test_every_folder_with_code_is_a_package_of_the_wheel() -> None:
    """A folder that is not listed is missing from the wheel, and nobody sees it in a clone."""
    listed = setup()["options"]["packages"].split()
    code = {".".join(("serverful", *file.parent.relative_to(PLUGIN).parts)) for file in PLUGIN.rglob("*.py")}
    policies = {".".join(("serverful.policies", *file.parent.relative_to(POLICIES).parts)) for file in POLICIES.rglob("*.py")}
    assert sorted(listed) == sorted(code | policies)


def test_every_folder_with_code_is_a_package() -> None:
    folders = {file.parent for top in (PLUGIN, POLICIES) for file in top.rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []
    # Signing a tree wants a body in each of them.
    assert [str(file) for file in POLICIES.rglob("__init__.py") if ast.get_docstring(tree_of(file)) is None] == []


@pytest.mark.parametrize(("section", "option"), [("options", "install_requires"), ("options.extras_require", "test")])
def test_every_dependency_says_why(section: str, option: str) -> None:
    lines = [line for line in setup()[section][option].splitlines() if line.strip()]
    assert lines
    assert [line for line in lines if not re.search(r"\S\s+# \w", line)] == []


def test_ids_and_names_are_unique() -> None:
    policies = catalogue.load()
    assert sorted({policy.id for policy in policies}) == sorted(policy.id for policy in policies)
    assert all(re.fullmatch(r"SLS_(VPC|IP|ID|PC|RT|EXT|FS|FLOW|RAD)_[1-9]\d*", policy.id) for policy in policies)
    # Checkov puts each file into sys.modules under its bare name.
    files = [file.stem for file in POLICIES.rglob("*.py") if file.stem != "__init__"]
    assert sorted(set(files)) == sorted(files)
    assert sorted(set(files) & set(sys.stdlib_module_names)) == []


def test_a_policy_has_one_name_everywhere() -> None:
    for policy in catalogue.load():
        file = Path(policy.file)
        assert file.stem == policy.slug
        assert file.with_suffix(".md").is_file(), f"{policy.id} has no page; `python -m serverful.dev.pages` writes it"
        missing = [word for word in WORDS.values() if not (FIXTURES / policy.slug / word / "main.tf").is_file()]
        assert missing == [], f"fixtures of {policy.id}"


def test_every_page_belongs_to_a_policy() -> None:
    records = {"run_is_complete"}  # SLS_RUN_1 is no question but the record of trouble: it has a page and no file
    assert {page.stem for page in POLICIES.rglob("*.md")} - records == {policy.slug for policy in catalogue.load()}


def test_titles_are_statements() -> None:
    titles = [policy.title for policy in catalogue.load()]
    orders = re.compile(r"^(Ensure|Check|Make sure|Verify)\b|\bshould\b|\bmust\b|\.$", re.IGNORECASE)
    assert [title for title in titles if orders.search(title)] == []
    assert [title for title in titles if not title[0].isupper()] == []


def test_test_files_have_unique_names() -> None:
    files = [file.name for file in (REPOSITORY / "tests").rglob("*.py") if file.name not in {"__init__.py", "conftest.py"}]
    assert sorted(set(files)) == sorted(files)


# --- what the documents say -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_of_the_documents_exist(document: str) -> None:
    """Every `serverful WORD` in a block or in backticks is a command, and every `python -m serverful.…` a module."""
    from serverful.cli import commands

    text = (REPOSITORY / document).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))
    assert set(re.findall(r"(?:^|[ /(])serverful ([a-z][a-z_-]*)\b", code, re.MULTILINE)) <= set(commands.commands)
    run = {module.replace(".", "/") for module in re.findall(r"python3? -m (serverful[.\w]*)", code)}
    assert {m for m in run if not any((PLUGIN.parent / f).is_file() for f in (f"{m}.py", f"{m}/__main__.py"))} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_of_the_documents_exist(document: str) -> None:
    """Links, and what stands in backticks and looks like a path of this repository."""
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link and not link.startswith("#")]
    paths = re.findall(r"`((?:plugin|policies|fixtures|tests|\.ci)/[\w./-]*\w/?)`", text)
    assert [path for path in (*links, *paths) if not (REPOSITORY / path).exists()] == []


def test_the_readme_runs_on_a_design_of_ours() -> None:
    assert "fixtures/estates/legacy_vpc" in README
    assert (ESTATES / "legacy_vpc" / "main.tf").is_file()


def test_the_line_that_installs_what_reading_needs_is_that_of_setup_cfg() -> None:
    """Told where nothing is installed, so it cannot be read from metadata."""
    required = {(r.partition(" ")[0], r.partition(" ")[2]) for r in requirements() if r.startswith(("tfparse", "tree-sitter"))}
    assert len(required) == 3
    assert set(re.findall(r'"([\w-]+)(>=[^"]+)"', INSTALL)) == required
    assert all(f"'{name}{versions}'" in README for name, versions in required)
