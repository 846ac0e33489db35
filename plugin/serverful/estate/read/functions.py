"""Terraform's functions over terms: what they make of lists, maps and references that are only partly known.

Only functions that carry references or decide existence are here; a function that is not here leaves a computable unknown, which
evaluation may close. Semantics: Terraform language documentation, "Built-in Functions".
"""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.read.choice_functions import CHOICE_FUNCTIONS
from serverful.estate.read.conversion_functions import CONVERSION_FUNCTIONS
from serverful.estate.read.list_functions import LIST_FUNCTIONS
from serverful.estate.read.map_functions import MAP_FUNCTIONS
from serverful.estate.read.operators import because
from serverful.estate.read.term import Term, Undecided
from serverful.estate.read.text_functions import TEXT_FUNCTIONS

_FUNCTIONS = {**CHOICE_FUNCTIONS, **CONVERSION_FUNCTIONS, **LIST_FUNCTIONS, **MAP_FUNCTIONS, **TEXT_FUNCTIONS}


def call(name: str, arguments: Sequence[Term], text: str) -> Term:
    """The result of a function of that name; `text` is the call as written, which names what stays open.

    Raises Enormous, and RecursionError, when it would be more than anybody writes.
    """
    function = _FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        return because(text, *arguments)
    try:
        return function(arguments, text)
    except (IndexError, ValueError, TypeError, KeyError, ArithmeticError):  # arguments Terraform would refuse too
        return Undecided(text, mentions=tuple(arguments), is_missing=True)
