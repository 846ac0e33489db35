"""What the distribution says of itself: its version and its requirements.

In a clone setup.cfg says it, otherwise the installed metadata. The clone comes first, for a stale wheel may be installed beside it.
"""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def version() -> str:
    """`0.1.0`, or "unknown" for a copy that is neither a clone nor installed."""
    if setup := _setup_of_clone():
        return setup["metadata"]["version"]
    from importlib import metadata  # here, as in a clone it is not needed

    try:
        return metadata.version("serverful")
    except metadata.PackageNotFoundError:
        return "unknown"


def requirements() -> list[str]:
    """`tfparse >=0.6.22,<0.7` and so on, without extras; nothing for a copy that is neither a clone nor installed."""
    if setup := _setup_of_clone():
        return [line.strip() for line in setup["options"]["install_requires"].splitlines() if line.strip()]
    from importlib import metadata

    try:
        stated = metadata.requires("serverful") or []
    except metadata.PackageNotFoundError:
        return []
    return [requirement for requirement in stated if "extra ==" not in requirement]


def _setup_of_clone() -> ConfigParser | None:
    setup = _PACKAGE.parents[1] / "setup.cfg"
    if _PACKAGE.parent.name != "plugin" or not setup.is_file():
        return None
    config = ConfigParser(inline_comment_prefixes=("#",))
    config.read(setup, encoding="utf-8")
    return config
