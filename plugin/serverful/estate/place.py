"""Where a thing was read: every value, link and finding can say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in Terraform source, or in a plan.

    `root` and `file` are relative to the base of the scan (git top level, else the scanned path),
    with forward slashes; lines count from 1, both ends included. In a plan they are 0: the address leads there, no line does.
    """

    root: str
    address: str
    file: str
    line: int
    end_line: int

    @property
    def has_line(self) -> bool:
        """Whether a line can be cited: in source, not in a plan."""
        return self.line > 0

    @property
    def spot(self) -> str:
        """`network/main.tf:12`, as editors and terminals understand it; of a plan the file, for the address stands beside it."""
        return f"{self.file}:{self.line}" if self.has_line else self.file

    @property
    def where(self) -> str:
        """The spot, for a text in which no address stands beside it: `network/main.tf:12`, `aws_lambda_function.a in plan.json`."""
        return self.spot if self.has_line else f"{self.address} in {self.file}"

    def __str__(self) -> str:
        return f"{self.address} ({self.spot})"
