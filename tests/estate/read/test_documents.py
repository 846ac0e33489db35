"""Policy documents: every form they are written in reads alike, and what cannot be read is named."""

from __future__ import annotations

import json

import pytest
from blocks_by_hand import block, dynamic, encoded, nested, ref, text, undecided
from blocks_by_hand import term as as_term

from serverful.estate.model import Document
from serverful.estate.place import Place
from serverful.estate.read.documents import Documents, parsed
from serverful.estate.read.term import Entries, Every, Items, Literal, Term, Text, shown
from serverful.estate.value import Known, Unknown

HERE = Place(".", "aws_iam_policy.p", "main.tf", 1, 9)
BUCKET = block("aws_s3_bucket.b", bucket="orders")


def read(written: object) -> Document:
    return Documents().read(as_term(written), HERE)


def seen(document: Document) -> list[tuple[object, list[str], list[tuple[str | None, str]]]]:
    """Effect, actions and resources of each statement; unknown parts in angle brackets."""
    return [
        (
            s.effect.value if isinstance(s.effect, Known) else f"<{s.effect.expression}>",
            [*s.actions, *(f"<{u.expression}>" for u in s.actions.unknown)],
            [*((link.target, link.expression) for link in s.resources), *((None, f"<{u.expression}>") for u in s.resources.unknown)],
        )
        for s in document.statements
    ]


STATEMENT = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::orders/*"}
PLAIN = {"Version": "2012-10-17", "Statement": [STATEMENT]}
EXPECTED = [("Allow", ["s3:GetObject", "s3:PutObject"], [(None, "arn:aws:s3:::orders/*")])]
DATA = block(
    "data.aws_iam_policy_document.d",
    statement=nested(effect="Allow", actions=["s3:GetObject", "s3:PutObject"], resources=["arn:aws:s3:::orders/*"]),
)

FORMS = {
    "jsonencode": encoded(PLAIN),
    "jsonencode, a lone statement": encoded({"Statement": STATEMENT}),
    "text": json.dumps(PLAIN),
    "indented text, other case": json.dumps({"statement": [{k.lower(): v for k, v in STATEMENT.items()}]}, indent=2),
    "data source": ref(DATA, "json"),
    "data source, minified": ref(DATA, "minified_json"),
    "another policy's document": ref(block("aws_iam_policy.q", policy=encoded(PLAIN)), "policy"),
}


@pytest.mark.parametrize("written", FORMS.values(), ids=FORMS.keys())
def test_every_form_reads_alike(written: object) -> None:
    document = read(written)
    assert (seen(document), document.unknown) == (EXPECTED, ())


def test_a_heredoc_keeps_its_references() -> None:
    heredoc = text(
        '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ["',
        ref(BUCKET, "arn"),
        '", "',
        ref(BUCKET, "arn"),
        '/*", "arn:aws:sqs:*:*:',
        undecided("var.queue"),
        '"]}, {"Effect": "Allow", "Action": "',
        undecided("var.action"),
        '", "Resource": "*"}]}',
    )
    assert seen(read(heredoc)) == [
        (
            "Allow",
            ["s3:*"],
            [
                ("aws_s3_bucket.b", "aws_s3_bucket.b.arn"),
                ("aws_s3_bucket.b", "${aws_s3_bucket.b.arn}/*"),
                (None, "arn:aws:sqs:*:*:${var.queue}"),
            ],
        ),
        ("Allow", ["<var.action>"], [(None, "*")]),
    ]


def test_holes_outside_of_strings_stand_for_whole_values() -> None:
    template = text(
        '{"Statement": {"Effect": "Allow", "Action": ',
        encoded(["sqs:*", "sns:*"]),
        ', "Resource": ',
        undecided("jsonencode(var.arns)"),
        "}}",
    )
    assert seen(read(template)) == [("Allow", ["sqs:*", "sns:*"], [(None, "<jsonencode(var.arns)>")])]


def test_a_quote_that_is_escaped_does_not_end_a_string() -> None:
    term = parsed(text('{"a": "say \\"', undecided("x"), '\\" twice", "b": ', undecided("y"), "}"))
    assert isinstance(term, Entries)
    assert {key: shown(value) for key, value in term.entries.items()} == {"a": '"say "${x}" twice"', "b": "y"}


def test_an_unknown_part_between_statements_leaves_the_others_known() -> None:
    template = text(
        '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "',
        ref(BUCKET, "arn"),
        '"\n',
        undecided("%{ if var.key } … %{ endif }"),
        "}]}",
    )
    document = read(template)
    assert seen(document) == [("Allow", ["s3:*"], [("aws_s3_bucket.b", "aws_s3_bucket.b.arn")])]
    assert [u.expression for u in document.unknown] == ["%{ if var.key } … %{ endif }"]


def test_statements_of_an_unknown_list_are_possible_ones() -> None:
    each = Every(as_term({**STATEMENT, "Resource": undecided("each.value")}), undecided("var.buckets"))
    document = read(encoded({"Statement": each}))
    assert (actions(document), document.unknown) == (["s3:GetObject", "s3:PutObject"], ())
    assert [u.expression for s in document.statements for u in s.conditions_unknown] == ["var.buckets"]


def test_a_copy_of_an_aws_managed_policy_is_that_policy() -> None:
    looked_up = block("data.aws_iam_policy.vpc", arn="arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess")
    merged = block("data.aws_iam_policy_document.m", source_policy_documents=[ref(looked_up, "policy")])
    for written in (ref(looked_up, "policy"), ref(merged, "json")):
        document = read(written)
        assert ([p.name for p in document.managed], document.statements, document.unknown) == (["AWSLambdaENIManagementAccess"], (), ())
    unseen = read(ref(block("data.aws_iam_policy.own", name="team-policy"), "policy"))
    assert ([u.expression for u in unseen.unknown], unseen.managed) == (["data.aws_iam_policy.own.policy"], ())


UNREADABLE: dict[str, tuple[object, str]] = {
    "variable": (undecided("var.policy"), "var.policy"),
    "no JSON": ("not json", "not json"),
    "broken JSON": ('{"Statement": [', '{"Statement": ['),
    "a list": ("[1, 2]", "[1, 2]"),
    "a template with holes in its structure": (text('{"Statement": [{]', undecided("a"), "}"), '{"Statement": [{]${a}}'),
    "a template with loops": (text('{"Statement": [', undecided("%{ for … }"), "]}"), "%{ for … }"),
    "statements from outside": (encoded({"Statement": undecided("var.statements")}), "var.statements"),
    "a data source that is no document": (ref(block("data.template_file.t"), "rendered"), "data.template_file.t.rendered"),
}


@pytest.mark.parametrize(("written", "name"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_named(written: object, name: str) -> None:
    document = read(written)
    assert (document.statements, [u.expression for u in document.unknown]) == ((), [name])


@pytest.mark.parametrize("written", [None, "", encoded({"Statement": []}), "{}"])
def test_nothing_is_an_empty_document(written: object) -> None:
    assert read(written) == Document()


HOSTILE = [
    "[" * 5000,
    '{"Statement":' + "[" * 200 + "]" * 200 + "}",
    '{"a": ' + "1" * 5000 + "}",
    '{"Statement": "\\ue0009\\ue001"}',
    '{"Statement": "\\ue000x"}',
    "\ue0000\ue001",
    "null",
    "NaN",
]


@pytest.mark.parametrize("written", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_does_no_harm(written: str) -> None:
    assert read(written).statements == ()


def test_known_statements_stay_beside_unknown_ones() -> None:
    document = read(encoded({"Statement": Items((as_term(STATEMENT),), (undecided("var.more"),))}))
    assert (seen(document), [u.expression for u in document.unknown]) == (EXPECTED, ["var.more"])


def test_a_merged_statement_names_what_may_be_in_it() -> None:
    merged = Entries({"Effect": Literal("Allow")}, (undecided("var.rest"),))
    (statement,) = read(encoded({"Statement": [merged]})).statements
    assert [u.expression for u in statement.actions.unknown] == ["var.rest"]
    assert [u.expression for u in statement.conditions_unknown] == ["var.rest"]


def test_conditions_of_both_forms() -> None:
    written = {
        **STATEMENT,
        "Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", undecided("var.vpc")]}, "Bool": {"aws:SecureTransport": True}},
    }
    (statement,) = read(encoded({"Statement": written})).statements
    assert [(c.operator, c.key, [*c.values], [u.expression for u in c.values.unknown]) for c in statement.conditions] == [
        ("StringEquals", "aws:SourceVpc", ["vpc-1"], ["var.vpc"]),
        ("Bool", "aws:SecureTransport", ["true"], []),
    ]
    condition = nested(test="StringEquals", variable="aws:SourceVpc", values=["vpc-1"])
    data = block("data.aws_iam_policy_document.c", statement=nested(actions=["s3:*"], condition=[condition, dynamic("var.conditions")]))
    (statement,) = read(ref(data, "json")).statements
    assert [(c.operator, c.key, [*c.values]) for c in statement.conditions] == [("StringEquals", "aws:SourceVpc", ["vpc-1"])]
    assert [u.expression for u in statement.conditions_unknown] == ["var.conditions"]


def test_everything_but_some_resources_is_not_known() -> None:
    document = read(encoded({"Statement": {"Effect": "Deny", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::a"}}))
    (statement,) = document.statements
    assert [*statement.not_actions] == ["s3:*"]
    assert statement.actions.is_empty
    assert [u.expression for u in statement.resources.unknown] == ["NotResource"]


def data(name: str, *sids: str, **given: object) -> object:
    statements = [nested(sid=sid or None, actions=[f"{name}:{sid or 'x'}"], resources=["*"]) for sid in sids]
    return block(f"data.aws_iam_policy_document.{name}", statement=statements, **given)


def actions(document: Document) -> list[str]:
    return [action for statement in document.statements for action in statement.actions]


def test_sources_are_overridden_by_the_document_and_the_document_by_overrides() -> None:
    base = data("base", "one", "two", "")
    over = data("over", "two")
    top = data(
        "top",
        "one",
        source_policy_documents=[ref(base, "json"), undecided("var.source")],
        override_policy_documents=[ref(over, "json")],
    )
    document = read(ref(top, "json"))
    assert actions(document) == ["top:one", "over:two", "base:x"]
    assert [u.expression for u in document.unknown] == ["var.source"]


def test_a_document_that_is_its_own_source_ends() -> None:
    one, two = block("data.aws_iam_policy_document.one"), block("data.aws_iam_policy_document.two")
    one._given["source_policy_documents"] = [ref(two, "json")]
    two._given.update(source_policy_documents=[ref(one, "json")], statement=nested(actions=["s3:*"], resources=["*"]))
    assert actions(read(ref(one, "json"))) == ["s3:*"]


def test_a_long_chain_of_sources_ends_with_a_name() -> None:
    chain = [block("data.aws_iam_policy_document.d0")]
    for number in range(1, 2000):
        chain.append(block(f"data.aws_iam_policy_document.d{number}", source_policy_documents=[ref(chain[-1], "json")]))
    (unknown,) = read(ref(chain[-1], "json")).unknown
    assert unknown.expression.startswith("data.aws_iam_policy_document.d")


def test_a_dynamic_statement_whose_actions_are_seen_hides_nothing() -> None:
    shape = {"resources": [undecided("statement.value")]}
    visible = block("data.aws_iam_policy_document.v", statement=dynamic("var.buckets", actions=["s3:GetObject"], **shape))
    document = read(ref(visible, "json"))
    assert (actions(document), document.unknown) == (["s3:GetObject"], ())
    assert [u.expression for s in document.statements for u in s.conditions_unknown] == ["var.buckets"]
    hidden = block(
        "data.aws_iam_policy_document.h", statement=dynamic("var.statements", actions=undecided("statement.value.actions"), **shape)
    )
    document = read(ref(hidden, "json"))
    assert (document.statements, [u.expression for u in document.unknown]) == ((), ["var.statements"])


def test_a_document_is_read_once() -> None:
    reads = 0

    class Watched(type(DATA)):
        def blocks(self, name: str):
            nonlocal reads
            reads += 1
            return super().blocks(name)

    watched = Watched(DATA.mode, DATA.type, DATA.name, DATA.place, DATA._given, DATA.exists)
    documents = Documents()
    for _ in range(5):
        assert seen(documents.read(ref(watched, "json"), HERE)) == EXPECTED
    assert reads == 1


def test_effect_defaults_to_allow_in_a_data_source_only() -> None:
    assert seen(read(ref(data("d", ""), "json")))[0][0] == "Allow"
    (statement,) = read(encoded({"Statement": {"Action": "s3:*"}})).statements
    assert isinstance(statement.effect, Unknown)


def test_a_template_of_one_unknown_is_that_unknown() -> None:
    term: Term = Text((undecided("file(var.path)"),))
    assert [u.expression for u in read(term).unknown] == ["file(var.path)"]
