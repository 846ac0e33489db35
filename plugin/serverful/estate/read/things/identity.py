"""Roles with everything attached to them in this root, and the links that lead to them.

Arguments: Terraform AWS provider 6.55 documentation, `aws_iam_role` and the policies and attachments around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from serverful.estate.existence import doubt
from serverful.estate.model import Document, Link, ManagedPolicy, Role
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.managed_policies import managed_policy
from serverful.estate.read.term import Every, Term, Undecided, references, shown
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index, followed, members
from serverful.estate.value import Known, Unknown

ROLES = ("aws_iam_role",)
_POLICIES = ("aws_iam_policy",)


@dataclass(slots=True)
class _Attached:
    documents: list[Document] = field(default_factory=list)
    managed: list[ManagedPolicy] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)

    def add(self, policy: Document | ManagedPolicy | Unknown) -> None:
        match policy:
            case Document():
                self.managed += [replace(managed, exists=policy.exists) for managed in policy.managed] if policy.exists else policy.managed
                if policy.statements or policy.unknown:
                    self.documents.append(policy)
            case ManagedPolicy():
                self.managed.append(policy)
            case Unknown():
                self.unknown.append(policy)


def role(block: Block, index: Index) -> Role:
    """`aws_iam_role`. Its trust policy is apart from the documents: it tells who may take the role, not what the role may do."""
    name = convert.text(block, "name")
    known_name = name.value if isinstance(name, Known) else None
    attached = _Attached()
    inline = block.blocks("inline_policy")
    for nested in inline.blocks:
        attached.add(index.documents.of(nested, "policy"))
    attached.unknown += [convert.unknown(part, block.at("inline_policy")) for part in inline.undecided]
    for term in members(block.term("managed_policy_arns")):
        attached.add(_policy(term, block.at("managed_policy_arns"), index))
    for type_, owner, policies in _ATTACHMENTS:
        children = index.children(block.address, ROLES, type_, owner, known_name)
        for child in children.sure:
            why = doubt(child.exists, block.exists)
            if policies == "policy":
                attached.add(_perhaps(index.documents.of(child, "policy"), why))
                continue
            for term in members(child.term(policies)):
                attached.add(_perhaps(_policy(term, child.at(policies), index), why))
        attached.unknown += [why for _, why in children.possible]
    return Role(
        **heading(block),
        name=name,
        documents=tuple(attached.documents),
        managed=tuple(dict.fromkeys(attached.managed)),
        unknown=tuple(attached.unknown),
        trust=index.documents.of(block, "assume_role_policy"),
    )


# The type, the argument that names the role, the argument that holds or names the policies.
_ATTACHMENTS = (
    ("aws_iam_role_policy", "role", "policy"),
    ("aws_iam_role_policy_attachment", "role", "policy_arn"),
    ("aws_iam_policy_attachment", "roles", "policy_arn"),
    ("aws_iam_role_policy_attachments_exclusive", "role_name", "policy_arns"),
)


def _perhaps(policy: Document | ManagedPolicy | Unknown, why: Unknown | None) -> Document | ManagedPolicy | Unknown:
    """The same, where it is decided elsewhere whether the role has it."""
    return replace(policy, exists=why) if why is not None and not isinstance(policy, Unknown) else policy


def _policy(term: Term, place: Place, index: Index) -> Document | ManagedPolicy | Unknown:
    """What a policy's ARN leads to: a document of this root, a policy of AWS's by name, or a named unknown."""
    term = followed(term, _POLICIES)
    for ref in references(term) if not isinstance(term, (Undecided, Every)) else ():
        if ref.block.mode == "managed" and ref.block.type in _POLICIES:
            return index.documents.of(ref.block, "policy")
    managed = managed_policy(term, place)
    if managed is not None:
        return managed
    arn = shown(term).strip('"')
    own = index.named("aws_iam_policy", arn.rpartition("/")[2]) if ":policy/" in arn and "$" not in arn.rpartition("/")[2] else ()
    return index.documents.of(own[0], "policy") if len(own) == 1 else convert.unknown(term, place)


def role_link(block: Block, argument: str, index: Index) -> Link | None:
    """The role an argument names: by reference first, by the name at the end of a literal ARN second."""
    link = index.link(block, argument, *ROLES)
    if link is None or link.target is not None or link.origin != "literal":
        return link
    name = link.expression.rpartition("/")[2]
    own = index.named("aws_iam_role", name)
    return Link(own[0].address, link.expression, link.place, "arn") if len(own) == 1 else link
