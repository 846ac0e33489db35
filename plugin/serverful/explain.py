"""Finds the page of a policy: what it asks, why, and what would be better."""

from __future__ import annotations

import difflib
from pathlib import Path

from serverful.errors import UsageError

# The record of trouble is no policy (nothing is asked of a function), but people meet its id and want to know.
RUN_ID = "SLS_RUN_1"
_RUN_PAGE = Path("run", "run_is_complete.md")


def explain(id: str) -> str:
    """The Markdown page of the policy with that id, in any case of letters. Raises UsageError for an id or a page that is not there."""
    # Imported here: `serverful --help` needs no catalogue.
    from serverful import catalogue

    wanted = id.strip().upper()
    if wanted == RUN_ID:
        page = catalogue.policies_folder() / _RUN_PAGE
    else:
        policies = {policy.id: policy for policy in catalogue.load()}
        if wanted not in policies:
            near = difflib.get_close_matches(wanted, [*policies, RUN_ID], n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(f"There is no policy {id!r}.{hint} `serverful policies` lists what there is.")
        page = Path(policies[wanted].file).with_suffix(".md")
    try:
        return page.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The page of {wanted} cannot be read: {error.strerror}: {page}. In a clone, `python -m serverful.dev.pages` writes it."
        ) from error
