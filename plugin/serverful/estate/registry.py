"""How the source of a registry module may be written: with the registry's host or without, or as the git repository behind it.

Terraform documentation, "Module Sources" (1.14): `NAMESPACE/NAME/PROVIDER`, its host before it and `//FOLDER` after it; of GitHub
`github.com/OWNER/REPOSITORY`, `git@github.com:…`, `git::https://…` and `git::ssh://…`, with `?ref=`. Module registry documentation,
"Publishing Modules": the repository of `NAMESPACE/NAME/PROVIDER` is `NAMESPACE/terraform-PROVIDER-NAME`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

REGISTRY = r"^(?:registry\.(?:terraform\.io|opentofu\.org)/)?"
TERRAFORM_AWS_MODULES = REGISTRY + "terraform-aws-modules/"

_NAMED = re.compile(REGISTRY + r"(?P<namespace>[\w-]+)/(?P<name>[\w-]+)/(?P<provider>\w+)(?://(?P<folder>[\w/.-]+))?$")
_GITHUB = re.compile(
    r"^(?:git::)?(?:https?://|ssh://)?(?:git@)?github\.com[/:](?P<namespace>[\w-]+)/terraform-(?P<provider>[a-z0-9]+)-(?P<name>[\w-]+?)"
    r"(?:\.git)?(?://(?P<folder>[\w/.-]+))?(?:\?(?P<query>.*))?$"
)
_REF = re.compile(r"(?:^|&)ref=([^&]*)")


@dataclass(frozen=True, slots=True)
class RegistrySource:
    """A module of the public registry. `name` is `terraform-aws-modules/lambda/aws//modules/alias`; `ref` what git is asked for."""

    name: str
    ref: str | None = None
    is_git: bool = False


@lru_cache(maxsize=4096)
def registry_source(source: str) -> RegistrySource | None:
    """What module of the registry a source names, directly or by the repository that it is published from; None for any other."""
    found = _NAMED.match(source) or _GITHUB.match(source)
    if found is None:
        return None
    folder = (found["folder"] or "").strip("/")
    name = f"{found['namespace']}/{found['name']}/{found['provider']}" + (f"//{folder}" if folder else "")
    query = found.groupdict().get("query") or ""
    ref = _REF.search(query)
    return RegistrySource(name, ref[1] if ref else None, found.re is _GITHUB)


def registry_name(source: str) -> str:
    """The registry's name of a module, where its source names one; else the source as it is written."""
    found = registry_source(source)
    return found.name if found is not None else source
