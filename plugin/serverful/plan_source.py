"""Which folder a plan was made from: `--source`, else the environment variable; both doors heed it. Imports nothing that is heavy.

Checkov has `--repo-root-for-plan-enrichment` for that. It hands it to its own runner and report, and to no check (tried on 3.3.30), so
there the variable it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from serverful.errors import UsageError
from serverful.report.text import harmless
from serverful.settings_file import Named

VARIABLE = "SERVERFUL_SOURCE"


def named_source(environment: Mapping[str, str], option: str | None = None) -> Named | None:
    """The folder that is named, if any. A variable that is set to nothing names none."""
    if option is not None:
        return Named(option, "--source")
    return Named(environment[VARIABLE], VARIABLE) if environment.get(VARIABLE) else None


def source_folder(named: Named) -> Path:
    """The folder itself. Raises UsageError where it is none that a plan could have been made from: it is never passed over."""
    from serverful.estate.read.source_files import terraform_files

    path, says = Path(named.path), f"{named.by} names {harmless(named.path) or 'nothing'}"
    if not named.path or not path.is_dir():
        raise UsageError(f"{says}, and there is no such folder. Name the folder that the plan was made from.")
    try:
        has_terraform = bool(terraform_files(path))
    except OSError as error:
        raise UsageError(f"{says}, which cannot be entered: {error.strerror}.") from error
    if not has_terraform:
        raise UsageError(f"{says}, which holds no Terraform. Name the folder that the plan was made from: that of its root module.")
    return path
