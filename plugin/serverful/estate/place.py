"""Where a thing was read: every value, link and finding can say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in Terraform source.

    `root` and `file` are relative to the base of the scan (git top level, else the scanned path),
    with forward slashes; lines count from 1, both ends included.
    """

    root: str
    address: str
    file: str
    line: int
    end_line: int

    @property
    def spot(self) -> str:
        """`network/main.tf:12`, as editors and terminals understand it."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.address} ({self.spot})"
