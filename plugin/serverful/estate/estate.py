"""One Terraform root module as we read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from serverful.estate.model import Entry, Invocation, Link, ModuleCall, Output, Relief, ResourcePolicy, Thing
from serverful.estate.settings import Settings

T = TypeVar("T", bound=Thing)


@dataclass(frozen=True)
class Estate:
    """The things of one root, by address.

    `root` is its folder relative to the base of the scan. `is_child` says it is a reusable module that nobody calls (catalogue, ruling 2).
    `today` is given once, by `cli/` or `host/check.py`. `evaluated` is False when the evaluation of this root failed: then nothing is
    concluded from what it would have told. `unreadable` are files of it that could not be read and may hold a reason; `unheard` those of
    them that stand beside a plan, which knows every resource itself, and whose comments are lost. `invocations` are the ways in which
    something calls a function, in order of the calling blocks. `settings` are what people have decided for themselves.
    `outputs` are those of the root module; a reusable module that nobody calls has none. `entries` are the ways by which requests reach its
    functions through APIs, function URLs and load balancers, `resource_policies` the policies of buckets, queues, keys and
    APIs. `reliefs` are what may take load from functions before it reaches them.
    """

    root: str
    things: Mapping[str, Thing]
    today: date
    is_child: bool = False
    evaluated: bool = True
    unreadable: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    invocations: tuple[Invocation, ...] = ()
    settings: Settings = field(default_factory=Settings)
    outputs: tuple[Output, ...] = ()
    entries: tuple[Entry, ...] = ()
    resource_policies: tuple[ResourcePolicy, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    # Not among what is handed in: a copy that `dataclasses.replace` makes has answers of its own.
    _cache: dict[object, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """Every thing of that type or a special kind of it (a file system is a store), in order of address."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def find(self, link: Link | None, kind: type[T]) -> T | None:
        """The thing a link leads to when it is in this root and of that type; else None."""
        thing = self.things.get(link.target) if link and link.target else None
        return thing if isinstance(thing, kind) else None

    def thing(self, address: str | None) -> Thing | None:
        """The thing with that address, if it is in this root."""
        return self.things.get(address) if address else None

    @property
    def unread_modules(self) -> tuple[ModuleCall, ...]:
        """Module calls whose source is not here, and of which it is not known what they make."""
        return self._unread_modules

    def __iter__(self) -> Iterator[Thing]:
        return iter(self.things.values())

    @cached_property
    def _unread_modules(self) -> tuple[ModuleCall, ...]:
        return tuple(call for call in self.all(ModuleCall) if not call.is_understood)

    @cached_property
    def _by_type(self) -> dict[type[Thing], tuple[Thing, ...]]:
        sorted_things: dict[type[Thing], list[Thing]] = {}
        for thing in self.things.values():
            for kind in type(thing).__mro__:
                if kind is not Thing and issubclass(kind, Thing):
                    sorted_things.setdefault(kind, []).append(thing)
        return {kind: tuple(things) for kind, things in sorted_things.items()}
