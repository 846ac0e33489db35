"""What is built where Terraform is applied."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Thing
from serverful.estate.value import Known, Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Build(Thing):
    """A block that runs commands on the machine that applies: `null_resource` and `terraform_data` with `local-exec`, `data.external`.

    In `commands`, `*` stands for a part that is decided elsewhere.
    """

    commands: Listing[Known[str]]
