"""JSON and YAML text into terms."""

from __future__ import annotations

import json

from serverful.estate.read.term import Entries, Items, Literal, Term, Undecided


def decoded(content: str, *, is_yaml: bool, text: str) -> Term:
    """The term a document holds; Undecided, named `text`, when it is not valid."""
    try:
        if is_yaml:
            import yaml

            if "&" in content and "*" in content:  # aliases may explode; nobody's module list needs them
                return Undecided(text)
            return term_of(yaml.safe_load(content), text)
        return term_of(json.loads(content), text)
    except (ValueError, RecursionError):
        return Undecided(text, is_missing=True)
    except Exception as error:  # yaml's errors share no base with ValueError; naming the class would import yaml for JSON too
        if type(error).__module__.startswith("yaml"):
            return Undecided(text, is_missing=True)
        raise


def term_of(value: object, text: str) -> Term:
    """A plain Python value, as JSON has them, as a term."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return Literal(value)
    if isinstance(value, (list, tuple)):
        return Items(tuple(term_of(item, text) for item in value))
    if isinstance(value, dict):
        return Entries({str(key): term_of(item, text) for key, item in value.items()})
    return Undecided(text)
