"""Texts that try to be more than text, wherever they are shown: for tests of the escaper of each format."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import strategies

from serverful.record.v1 import RunV1

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07",
    "a\nb\r\nc\x0b\x0c\x1c\x85\u2028\u2029d",
    "user\u202eegassem \u2066x\u2069 \u200b\ufeff\u00ad",
    "lone \udcff \ud800 half",
    "\x00\ufffe\uffff\U0001fffe",
    "</failure></testcase><testcase name='x'/>",
    "]]><!-- --><![CDATA[ &lt; &#0; &amp;",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!-- serverful:marker --> </details></summary><details>",
    "\n::error file=a.tf::injected",
    "::stop-commands::token",
    "##[set-env name=X]y ##[error]no %0A::add-mask::x %25",
    "a:b,c=d,title=e::f",
    "[link](https://example.com) ![image](https://example.com/x.png) <https://example.com>",
    "https://example.com www.example.com someone@example.com xmpp:a@b.example",
    "@octocat @org/team &#64;octocat #123 GH-123 owner/repo#1 !45 ~label %milestone &7 $1 :tada:",
    "5a73ecd0b5a73ecd0b5a73ecd0b5a73ecd0b5a73",
    "`code` ``two`` ``` \\` ` ~~~ ~~gone~~",
    "*em* _em_ **strong** __strong__ | pipe || \\| \\",
    "# heading\n> quote\n- item\n1. item\n---\n===\n    code\n\n| a | b |\n|---|---|\n",
    "$`x`$ $$y$$ \\(z\\) {{ moustache }} {% liquid %} [[wiki]] [^1] [x] [ ]: [a]: b",
    "&amp; &lt;b&gt; &#60;b&#62; &copy; &nosuch; &#x40;octocat",
    "  leading and trailing  ",
    "",
    " ",
    "x" * 3_000,
    "ｆｕｌｌ ①２ ﷽ 👩‍👩‍👧 é é",
)

# Half of what is drawn is made of pieces that mean something to somebody.
texts = strategies.one_of(
    strategies.text(max_size=40),
    strategies.lists(
        strategies.sampled_from(
            [*HOSTILE[:-2], *"`|<>&\"'\\*_[]()#@!~:%,=\n\r -+.1$^", "@a", "::", "##[", "http://", "www.", "\udcff", "&#64;"],
        ),
        max_size=6,
    ).map("".join),
)


def with_text(record: RunV1, text: str) -> RunV1:
    """The same record with that text in every place that may hold text from elsewhere; what is one of few words stays."""
    changed: RunV1 = _with_text(record, text)
    return changed


# What is one of few words, or a part of how the record is built. Everything else may be anything: a record is read from a file.
_OURS = frozenset(["version", "outcome", "severity", "kind", "basis", "layer", "standing", "door", "fail_on", "scanned"])


def _with_text(value: Any, text: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _with_text(getattr(value, f.name), text) for f in fields(value) if f.name not in _OURS})
    if isinstance(value, list):
        return [_with_text(item, text) for item in value]
    return text if isinstance(value, str) else value
