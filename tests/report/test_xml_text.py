"""Text from elsewhere in XML: every reader accepts it, and reads what was written."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serverful.report.text import harmless
from serverful.report.xml_text import xml_text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("\"double\" and 'single'", "&quot;double&quot; and &#39;single&#39;"),
        ("]]> <!-- --> <?x?>", "]]&gt; &lt;!-- --&gt; &lt;?x?&gt;"),
        ("&lt;", "&amp;lt;"),
        ("\x00\x0b\x1b[31m\x7f\x85", r"\x00\x0b\x1b[31m\x7f\x85"),
        ("\ufffe\uffff \udcff", r"\ufffe\uffff \udcff"),
        ("\u202ea\nb", r"\u202ea\nb"),
        ("日本語 \U0001f600", "日本語 \U0001f600"),
    ],
)
def test_what_means_something_is_written_so_that_it_does_not(text: str, made: str) -> None:
    assert xml_text(text) == made


@given(st.text(st.characters()))
def test_every_reader_reads_what_was_written(text: str) -> None:
    made = xml_text(text)
    expected = harmless(text).replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")
    read = ElementTree.fromstring(f"<a b=\"{made}\" c='{made}'>{made}</a>")
    assert (read.text or "", read.get("b"), read.get("c")) == (expected, expected, expected)
