"""What a route is for, by the words of its path: its method alone says too little of it.

- A step of a login comes by GET and reads nothing that could be shown from elsewhere, or by POST and nobody gets on without the answer.
  OAuth 2.0 (RFC 6749, sections 3.1, 3.2 and 4.1.2) says so of the authorization endpoint (GET), the token endpoint (POST) and the callback
  (GET); OpenID Connect RP-Initiated Logout 1.0, section 2, of the logout (GET). Both 2026.
- Who asks whether the function is alive asks for the function, and for nothing that it shows.
- What is asked by POST because the question is long, or personal, is no command: a search, a check, a preview.

A name is weak evidence. So these words only keep a route from being taken for what its method says, and prove nothing.
"""

from __future__ import annotations

import re

from serverful.estate.model import Entry
from serverful.evidence.words import word_set

_LOGIN = word_set(
    """
    auth authenticate authentication authorise authorize callback login logout mfa oauth oauth2 otp redirect session sessions signin signout
    sso token tokens
    """
)
_ALIVE = word_set("alive health healthcheck healthz heartbeat livez liveness ping readiness readyz")
_QUESTION = word_set(
    """
    calculate check compare estimate evaluate exists find introspect lookup preview query quote search simulate validate verification verify
    """
)


def is_step_of_login(entry: Entry) -> bool:
    return not _LOGIN.isdisjoint(_last(entry))


def asks_whether_alive(entry: Entry) -> bool:
    return not _ALIVE.isdisjoint(_last(entry)) or entry.path.endswith("/_status")


def is_question(entry: Entry) -> bool:
    """Whether it asks something, by whatever method."""
    return not _QUESTION.isdisjoint(_last(entry))


def _last(entry: Entry) -> set[str]:
    """The words of the last step of a path that is no parameter; of GraphQL, those of the field."""
    steps = [step for step in entry.path.split("/") if step and not step.startswith("{")]
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*", steps[-1])} if steps else set()
