"""Which policies there are: loads `policies/` by path and says when one is missing, broken or doubled.

Never imports `policies/` as a package and never imports Checkov. While it loads, `is_collecting()` is true, and `host.check.on_checkov`
registers nothing.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType

from serverful.errors import CatalogueError
from serverful.natural import natural
from serverful.policy import Policy

# The ids that ought to be there. It cannot be read off the disk: a file that went missing would then be missed by nobody.
# `load()` compares it with the files in both directions.
EXPECTED: tuple[str, ...] = (
    "SLS_EXT_1",
    "SLS_EXT_2",
    "SLS_FLOW_1",
    "SLS_FLOW_2",
    "SLS_FLOW_3",
    "SLS_FLOW_4",
    "SLS_FLOW_5",
    "SLS_FLOW_6",
    "SLS_FLOW_7",
    "SLS_FS_1",
    "SLS_FS_2",
    "SLS_FS_3",
    "SLS_FS_4",
    "SLS_ID_1",
    "SLS_ID_2",
    "SLS_ID_3",
    "SLS_ID_4",
    "SLS_ID_5",
    "SLS_ID_6",
    "SLS_IP_1",
    "SLS_IP_2",
    "SLS_IP_3",
    "SLS_IP_4",
    "SLS_PC_1",
    "SLS_PC_2",
    "SLS_PC_3",
    "SLS_PC_4",
    "SLS_PC_5",
    "SLS_RAD_1",
    "SLS_RAD_2",
    "SLS_RAD_3",
    "SLS_RT_1",
    "SLS_RT_2",
    "SLS_RT_3",
    "SLS_VPC_1",
    "SLS_VPC_2",
    "SLS_VPC_3",
    "SLS_VPC_4",
    "SLS_VPC_5",
    "SLS_VPC_6",
    "SLS_VPC_7",
    "SLS_VPC_8",
    "SLS_VPC_9",
    "SLS_VPC_10",
)

# Checkov executes policy files as top-level modules under their own names; these names can never be the same.
_PREFIX = "_serverful_policies"

_collecting: ContextVar[bool] = ContextVar("serverful_catalogue_collects", default=False)


def is_collecting() -> bool:
    """True while `load()` executes policy files."""
    return _collecting.get()


def policies_folder() -> Path:
    """`policies/` beside `plugin/` in a clone, else `serverful/policies` in the installed package. Raises CatalogueError for neither."""
    package = Path(__file__).resolve().parent
    for folder in (package.parent.parent / "policies", package / "policies"):
        if (folder / "_clone.py").is_file():
            return folder
    raise CatalogueError(
        f"The policies are not there: neither {package.parent.parent / 'policies'} nor {package / 'policies'} holds them. "
        "Install serverful again, or take a whole clone."
    )


def checkov_config() -> Path:
    """The settings with which Checkov's own checks and our policies agree; in a clone the same file stands at its top, `.checkov.yaml`."""
    return Path(__file__).resolve().with_name("checkov.yaml")


def policy_files(folder: Path) -> tuple[Path, ...]:
    """The files of that folder that hold one policy each: in a group folder, and not starting with an underscore."""
    return tuple(sorted(path for path in folder.glob("*/*.py") if not path.name.startswith("_")))


def load(folder: Path | None = None, expected: tuple[str, ...] | None = None) -> tuple[Policy, ...]:
    """Every policy, ids in natural order (`SLS_VPC_2` before `SLS_VPC_10`).

    Raises CatalogueError that names every policy that is missing, broken, doubled or not expected. `folder` and `expected` are the
    catalogue's own unless told.
    """
    folder = policies_folder() if folder is None else folder
    expected = EXPECTED if expected is None else expected
    policies: list[Policy] = []
    faults: list[str] = []
    with _collection(folder):
        for path in policy_files(folder):
            try:
                policies.append(_policy_of(_execute(path), path))
            except CatalogueError as error:
                faults.append(str(error))
            except Exception as error:  # a policy file may raise anything; which one it was is what matters
                faults.append(f"{path} cannot be loaded: {type(error).__name__}: {error}")
    faults += _disagreements(policies, expected)
    if faults:
        raise CatalogueError("The policies are not complete:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return tuple(sorted(policies, key=lambda policy: natural(policy.id)))


def _disagreements(policies: list[Policy], expected: tuple[str, ...]) -> Iterator[str]:
    """What the ids on disk and the expected ones do not agree about."""
    files: dict[str, list[str]] = {}
    for policy in policies:
        files.setdefault(policy.id, []).append(policy.file)
    for policy_id in sorted(files, key=natural):
        where = files[policy_id]
        if len(where) > 1:
            yield f"{policy_id} is there {len(where)} times: {', '.join(where)}. Checkov would drop all but one without a word."
        if policy_id not in expected:
            yield f"{policy_id} ({where[0]}) is not among the expected policies; add it to EXPECTED in serverful/catalogue.py."
    for policy_id in expected:
        if policy_id not in files:
            yield f"{policy_id} is missing."


def _policy_of(module: ModuleType, path: Path) -> Policy:
    """The one policy that a file holds, under the file's own name. Raises CatalogueError."""
    policies = [value for value in vars(module).values() if isinstance(value, Policy)]
    if len(policies) != 1:
        raise CatalogueError(f"{path} holds {len(policies)} policies; a policy file holds one.")
    if policies[0].slug != path.stem:
        raise CatalogueError(f"{path} holds {policies[0].slug}; file and function have one name.")
    return policies[0]


@contextmanager
def _collection(folder: Path) -> Iterator[None]:
    """Policy files find `_clone` as they do under Checkov, and register nothing; afterwards everything is as it was before."""
    clone, path = sys.modules.pop("_clone", None), list(sys.path)
    token = _collecting.set(True)
    try:
        try:
            _execute(folder / "_clone.py", "_clone")
        except (OSError, ImportError) as error:
            raise CatalogueError(f"The policies in {folder} cannot be loaded: {error}") from error
        yield
    finally:
        _collecting.reset(token)
        sys.path[:] = path
        sys.modules.pop("_clone", None)
        if clone is not None:
            sys.modules["_clone"] = clone


def _execute(path: Path, name: str | None = None) -> ModuleType:
    """The module at that path, executed under a name of our own; kept in `sys.modules` as long as the policy's types are resolved."""
    name = name or f"{_PREFIX}.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CatalogueError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module
