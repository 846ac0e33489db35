"""Whether an ARN in a policy names a thing, or only a kind of thing.

Format: AWS General Reference, "Amazon Resource Names (ARNs)" (arn:partition:service:region:account:resource, where the resource is a name,
`type/name` or `type:name`); which services put no type before the name: Service Authorization Reference, "Resource types defined by …"
(2025-12).
"""

from __future__ import annotations

import re

_HOLE = re.compile(r"[$&]\{[^{}]*\}")  # `${var.stage}` of Terraform, `&{aws:PrincipalTag/team}` of IAM
_NAME_FIRST = frozenset({"codecommit", "execute-api", "s3", "sns", "sqs"})


def names_something(resource: str) -> bool:
    """Whether the resource of a statement names one thing, a family of names (`orders-*`) or what is inside of one (`orders/index/*`).

    `*`, `arn:aws:s3:::*` and `arn:aws:dynamodb:*:*:table/*` do not. Region and account may be left open, and what is put in by an
    expression (`${var.stage}`) is taken for a name.
    """
    text = _HOLE.sub("x", resource.strip())
    if "*" not in text and "?" not in text:
        return True
    parts = text.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6 or _is_open(parts[2]):
        return not _is_open(parts[-1])
    segments = [segment for segment in re.split("[/:]", parts[5]) if segment]
    if parts[2] in _NAME_FIRST:
        return bool(segments) and not _is_open(segments[0])
    # `table*` is a type and no name
    return len(segments) > 1 and not _is_open(segments[1])


def _is_open(segment: str) -> bool:
    return segment.strip("*?:/") == ""
