"""The calls behind ways in, by the block that makes them."""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.model import Invocation


class Calls:
    """The calls of functions of this root, or of nobody knows which, by their callers.

    Permissions and authorizers are none: they answer nobody.
    """

    def __init__(self, invocations: Iterable[Invocation]) -> None:
        self._by: dict[str, list[Invocation]] = {}
        for call in invocations:
            is_ours = call.callee.target is not None or call.callee.unknown is not None
            if is_ours and not call.is_permission and not call.service.endswith("authorizer"):
                self._by.setdefault(call.by, []).append(call)

    def of(self, address: str | None) -> list[Invocation]:
        """What the block with that address calls."""
        return self._by.get(address or "", [])
