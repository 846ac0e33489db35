"""Dated reference data: value, source, as_of."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read(name: str) -> Any:
    """What stands in one of the YAML files beside this one. Whoever asks keeps the answer: reading takes milliseconds."""
    import yaml  # here, because listing policies and most runs need no reference data

    # Eight times as fast where PyYAML was built with libyaml, which its wheels are.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(Path(__file__).with_name(name).read_text(encoding="utf-8"), Loader=loader)
