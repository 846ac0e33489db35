"""Questions over roles: whose role is it, what does it allow, which managed policies does it carry?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.globs import is_match
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Function, Role, Statement
from serverful.estate.value import Known

NOT_RESOURCE = "NotResource"
"""What stands among the unknown resources of a statement that is about everything but some of them."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One action a role allows, as written (`dynamodb:GetItem`, `s3:Get*`, `*`), and the statement that says so."""

    action: str
    statement: Statement

    @property
    def service(self) -> str:
        """The IAM service prefix in lower case: `dynamodb`; `*` for every service."""
        return self.action.partition(":")[0].lower()

    def covers(self, action: str) -> bool:
        """Whether the action is among what is allowed."""
        return covers(self.action, action)


def role_of(function: Function, estate: Estate) -> Role | None:
    """The function's execution role when it is in this root."""
    return estate.find(function.role, Role)


def allow_statements(role: Role) -> Iterator[Statement]:
    """The statements that allow something. One whose effect is unknown may, and is among them."""
    for document in role.documents:
        for statement in document.statements:
            if not (isinstance(statement.effect, Known) and statement.effect.value.lower() == "deny"):
                yield statement


def allowed(role: Role) -> Iterator[Allowed]:
    """Every action that a readable statement of the role allows. `NotAction` allows all but a few: it counts as `*`."""
    for statement in allow_statements(role):
        for action in statement.actions:
            yield Allowed(action.strip(), statement)
        if statement.not_actions.items and not statement.actions.items:
            yield Allowed("*", statement)


def covers(pattern: str, action: str) -> bool:
    """Whether an action as IAM writes it (`*` and `?` are wildcards, letter case does not matter) holds the given action."""
    return is_match(pattern.lower(), action.lower())


@once_per_estate
def functions_by_role(estate: Estate) -> dict[str, tuple[Function, ...]]:
    """The functions of this root by the address of their role."""
    found: dict[str, list[Function]] = {}
    for function in estate.all(Function):
        if function.role is not None and function.role.target is not None:
            found.setdefault(function.role.target, []).append(function)
    return {role: tuple(functions) for role, functions in found.items()}
