"""Which function somebody names: every form in which Terraform writes it, and what cannot be told."""

from __future__ import annotations

import pytest
from blocks_by_hand import block, counted, ref, text, undecided

from serverful.estate.model import Alias, Callee, Qualified
from serverful.estate.place import Place
from serverful.estate.read.block import Block
from serverful.estate.read.build import things
from serverful.estate.read.term import Every, Literal, Term, Undecided
from serverful.estate.read.things.callee import callee, callee_of
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown

FN = block("aws_lambda_function.fn", function_name="orders", publish=True)
PREFIXED = block("aws_lambda_function.prefixed", function_name=text(undecided("var.stage"), "-refunds"))
VARIABLE = block("aws_lambda_function.variable", function_name=undecided("var.name"), publish=undecided("var.publish"))
UNPUBLISHED = block("aws_lambda_function.unpublished", function_name="draft")
LIVE = block("aws_lambda_alias.live", name="live", function_name=ref(FN, "function_name"))
OPEN = block("aws_lambda_alias.open", name=undecided("var.alias"), function_name=ref(FN, "arn"))
OTHER = block("aws_lambda_alias.other", name=undecided("var.alias"), function_name=ref(VARIABLE, "function_name"))
URL = block("aws_lambda_function_url.url", function_name=ref(FN, "function_name"))
QUEUE = block("aws_sqs_queue.q", name="orders")
REGION = block("data.aws_region.here")
ACCOUNT = block("data.aws_caller_identity.me")
BLOCKS: tuple[Block, ...] = (FN, PREFIXED, VARIABLE, UNPUBLISHED, LIVE, OPEN, OTHER, URL, QUEUE, REGION, ACCOUNT)

WAY = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:"
HERE = Place(".", "aws_lambda_permission.p", "main.tf", 1, 1)


def found(term: object, *more: Block, place: Place = HERE) -> Callee | None:
    return callee_of(term if isinstance(term, Term) else Literal(str(term)), place, Index([*BLOCKS, *more]))


def told(seen: Callee | None) -> tuple[str | None, str, str, str]:
    """Function, version, its name, alias; an unknown in angle brackets after the function."""
    assert seen is not None
    function = seen.function.target if seen.function else None
    if seen.unknown is not None:
        function = f"{function or ''}<{seen.unknown.expression}>"
    return (function and function.removeprefix("aws_lambda_function."), seen.qualified.name, seen.qualifier, seen.alias)


LATEST, VERSION, ALIAS, UNKNOWN = (one.name for one in (Qualified.LATEST, Qualified.VERSION, Qualified.ALIAS, Qualified.UNKNOWN))
OF_FN = ("fn", LATEST, "", "")
LIVE_OF_FN = ("fn", ALIAS, "live", "aws_lambda_alias.live")


@pytest.mark.parametrize("attribute", ["arn", "function_name", "id", "invoke_arn", "response_streaming_invoke_arn"])
def test_a_reference_without_version_means_the_latest(attribute: str) -> None:
    assert told(found(ref(FN, attribute))) == OF_FN


@pytest.mark.parametrize("attribute", ["qualified_arn", "qualified_invoke_arn"])
def test_a_qualified_arn_means_what_the_function_publishes(attribute: str) -> None:
    assert told(found(ref(FN, attribute))) == ("fn", VERSION, "", "")
    assert told(found(ref(UNPUBLISHED, attribute))) == ("unpublished", LATEST, "", "")
    assert told(found(ref(VARIABLE, attribute))) == ("variable", UNKNOWN, "", "")


@pytest.mark.parametrize("attribute", ["arn", "invoke_arn", "id"])
def test_a_reference_to_an_alias_means_the_alias(attribute: str) -> None:
    assert told(found(ref(LIVE, attribute))) == LIVE_OF_FN
    assert told(found(ref(OPEN, attribute))) == ("fn", ALIAS, "", "aws_lambda_alias.open")


def test_the_function_name_of_an_alias_is_the_function_without_version() -> None:
    assert told(found(ref(LIVE, "function_name"))) == OF_FN
    assert told(found(ref(OPEN, "function_name"))) == OF_FN


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("orders", OF_FN),
        ("orders:live", LIVE_OF_FN),
        ("orders:other", ("fn", ALIAS, "other", "")),
        ("orders:7", ("fn", VERSION, "7", "")),
        ("orders:$LATEST", OF_FN),
        (f"{ARN}orders", OF_FN),
        (f"{ARN}orders:live", LIVE_OF_FN),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders:3", ("fn", VERSION, "3", "")),
        ("123456789012:function:orders", OF_FN),
        ("function:orders:live", LIVE_OF_FN),
        (f"{WAY}{ARN}orders/invocations", OF_FN),
        (f"{WAY}{ARN}orders:live/invocations", LIVE_OF_FN),
        (f"{WAY}{ARN}orders:live/response-streaming-invocations", LIVE_OF_FN),
        (f"{WAY}{ARN}orders:${{stageVariables.alias}}/invocations", ("fn", UNKNOWN, "", "")),
        (f"{WAY}{ARN}${{stageVariables.function}}/invocations", ("<${stageVariables.function}>", LATEST, "", "")),
    ],
)
def test_names_and_arns(written: str, seen: tuple[str | None, str, str, str]) -> None:
    assert told(found(written)) == seen


OWN_ARN = text("arn:aws:lambda:", ref(REGION, "name"), ":", ref(ACCOUNT, "account_id"), ":function:")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (text(ref(FN, "arn"), ":live"), LIVE_OF_FN),
        (text(ref(FN, "arn"), ":", ref(LIVE, "name")), LIVE_OF_FN),
        (text(ref(FN, "arn"), ":", ref(OPEN, "name")), ("fn", ALIAS, "", "aws_lambda_alias.open")),
        (text(ref(FN, "arn"), ":", undecided("var.alias")), ("fn", ALIAS, "", "aws_lambda_alias.open")),
        (text(ref(FN, "arn"), ":", undecided("var.other")), ("fn", UNKNOWN, "", "")),
        (text(ref(FN, "arn"), ":", ref(FN, "version")), ("fn", VERSION, "", "")),
        (text(ref(UNPUBLISHED, "arn"), ":", ref(UNPUBLISHED, "version")), ("unpublished", LATEST, "", "")),
        (text(ref(VARIABLE, "function_name"), ":live"), ("variable", ALIAS, "live", "")),
        (text("function:", ref(FN, "function_name"), ":", ref(LIVE, "name")), LIVE_OF_FN),
        (text("function:", ref(VARIABLE, "function_name"), ":", ref(OTHER, "name")), ("variable", ALIAS, "", "aws_lambda_alias.other")),
        (text(WAY, ref(FN, "arn"), "/invocations"), OF_FN),
        (text(WAY, ref(LIVE, "arn"), "/invocations"), LIVE_OF_FN),
        (text(WAY, ref(FN, "arn"), ":${stageVariables.alias}/invocations"), ("fn", UNKNOWN, "", "")),
        (text("arn:aws:apigateway:", ref(REGION, "name"), f":{WAY.split(':', 4)[4]}", ref(FN, "arn"), "/invocations"), OF_FN),
        (text(OWN_ARN, "orders"), OF_FN),
        (text(OWN_ARN, ref(FN, "function_name"), ":live"), LIVE_OF_FN),
        (text("arn:", undecided("var.partition"), ":lambda:eu-central-1:1:function:orders"), OF_FN),
        # built of the same parts as the function's own name
        (text(undecided("var.stage"), "-refunds"), ("prefixed", LATEST, "", "")),
        (text(undecided("var.stage"), "-refunds:live"), ("prefixed", ALIAS, "live", "")),
        (text(OWN_ARN, undecided("var.stage"), "-refunds:4"), ("prefixed", VERSION, "4", "")),
        (undecided("var.name"), ("variable", LATEST, "", "")),
        (text(undecided("var.name"), ":live"), ("variable", ALIAS, "live", "")),
    ],
)
def test_built_strings_are_matched_by_their_parts(written: Term, seen: tuple[str | None, str, str, str]) -> None:
    assert told(found(written)) == seen


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        ref(QUEUE, "arn"),
        ref(FN, "role"),
        "arn:aws:sqs:eu-central-1:123456789012:orders",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:lambda:eu-central-1:123456789012:layer:orders:1",
        "arn:aws:apigateway:eu-central-1:sqs:path/123456789012/orders",
        "https://orders.example.com/",
        text("https://", undecided("var.host")),
        text("arn:aws:sns:", ref(REGION, "name"), ":1:orders"),
        ref(block("data.aws_sqs_queue.q"), "arn"),
        "service/cluster/orders",
    ],
)
def test_what_is_no_function(written: object) -> None:
    assert found(written if isinstance(written, Term) else Literal(written)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [
        f"arn:aws:lambda:eu-central-1:123456789012:function:{'x' * 70}",
        ref(block("data.aws_lambda_function.theirs", function_name="theirs"), "arn"),
        ref(block("data.aws_lambda_function.asked", function_name=undecided("var.asked")), "arn"),
        ref(block("data.terraform_remote_state.app"), "outputs", "function_arn"),
        ref(block("module.lambda", source="terraform-aws-modules/lambda/aws"), "lambda_function_arn"),
        ref(block("aws_cloudformation_stack.s"), "outputs", "Arn"),
    ],
)
def test_a_function_outside_this_root_is_certainly_none_of_it(written: object) -> None:
    blocks = [one for one in BLOCKS if one is not VARIABLE]  # whose name may be any
    seen = callee_of(written if isinstance(written, Term) else Literal(str(written)), HERE, Index(blocks))
    assert seen is not None
    assert (seen.function, seen.unknown) == (None, None)


@pytest.mark.parametrize(
    "written",
    [
        undecided("var.function_arn"),
        text(undecided("var.function_arn"), ":live"),
        text(OWN_ARN, undecided("var.other")),
        text("arn:aws:lambda:eu-central-1:1:", undecided("var.rest")),
        ref(block("data.aws_ssm_parameter.arn"), "value"),
        "unheard-of",  # VARIABLE may have this name
    ],
)
def test_what_cannot_be_followed_is_named(written: object) -> None:
    seen = found(written)
    assert seen is not None
    assert seen.function is None
    assert seen.unknown is not None


def test_a_data_source_that_asks_for_a_function_of_this_root_leads_to_it() -> None:
    plain = block("data.aws_lambda_function.d", function_name="orders")
    asked = block("data.aws_lambda_function.q", function_name=ref(FN, "function_name"), qualifier="live")
    alias = block("data.aws_lambda_alias.a", function_name="orders", name="live")
    assert told(found(ref(plain, "arn"))) == OF_FN
    assert told(found(ref(asked, "invoke_arn"))) == OF_FN
    assert told(found(ref(asked, "qualified_arn"))) == LIVE_OF_FN
    assert told(found(ref(alias, "invoke_arn"))) == LIVE_OF_FN


def test_what_is_written_elsewhere_is_followed() -> None:
    held = block("aws_ssm_parameter.arn", value=ref(LIVE, "arn"))
    kept = block("terraform_data.arn", input=ref(FN, "arn"))
    assert told(found(ref(held, "value"))) == LIVE_OF_FN
    assert told(found(ref(kept, "output"))) == OF_FN
    assert told(found(ref(URL, "function_arn"))) == OF_FN
    assert told(found(ref(URL, "function_name"))) == OF_FN


def test_a_list_of_one_and_a_stand_in_are_the_function() -> None:
    stand_in = block("aws_lambda_function.many", function_name=text(undecided("each.key"), "-fn"))
    every = Every(ref(stand_in, "arn"), undecided("var.names"))
    assert told(found(every, stand_in)) == ("many", LATEST, "", "")


def test_what_can_only_lead_to_one_function_leads_to_it() -> None:
    computed = undecided('replace(aws_lambda_function.fn.arn, "a", "b")', ref(FN, "arn"), Literal("a"), Literal("b"))
    assert told(found(computed)) == ("fn", UNKNOWN, "", "")
    either = undecided(
        "var.on ? aws_lambda_alias.live.arn : aws_lambda_function.fn.arn", ref(LIVE, "arn"), ref(FN, "arn"), undecided("var.on")
    )
    assert told(found(either)) == ("fn", UNKNOWN, "", "")
    same = undecided("var.on ? a : a", ref(LIVE, "arn"), ref(LIVE, "arn"), undecided("var.on"))
    assert told(found(same)) == LIVE_OF_FN


def test_what_may_lead_to_a_function_says_so() -> None:
    perhaps = undecided(
        "var.arn != null ? var.arn : aws_lambda_function.fn.arn", undecided("var.arn"), ref(FN, "arn"), undecided("var.arn")
    )
    assert told(found(perhaps)) == (f"aws_lambda_function.fn<{perhaps.expression}>".removeprefix("aws_lambda_function."), UNKNOWN, "", "")
    one_of_two = undecided("local.functions[var.which]", ref(FN, "arn"), ref(PREFIXED, "arn"), undecided("var.which"))
    seen = found(one_of_two)
    assert seen is not None and seen.unknown is not None
    assert (seen.function, seen.unknown.mentions) == (None, (FN.address, PREFIXED.address))


def test_a_module_that_is_given_a_function_may_tell_of_it() -> None:
    given = block("module.alias", source="terraform-aws-modules/lambda/aws//modules/alias", function_name=ref(FN, "function_name"))
    assert told(found(ref(given, "lambda_alias_arn"))) == ("fn<module.alias.lambda_alias_arn>", UNKNOWN, "", "")
    both = block("module.both", a=ref(FN, "arn"), b=ref(PREFIXED, "arn"))
    seen = found(ref(both, "arn"))
    assert seen is not None and seen.unknown is not None
    assert (seen.function, seen.unknown.mentions) == (None, (FN.address, PREFIXED.address))


def test_of_several_functions_with_a_name_the_one_in_the_callers_module_is_meant() -> None:
    one, two = (block(f"module.{region}.aws_lambda_function.fn", function_name="same") for region in ("eu", "us"))
    inside = Place(".", "module.us.aws_lambda_permission.p", "main.tf", 1, 1)
    assert told(found("same", one, two, place=inside))[0] == "module.us.aws_lambda_function.fn"
    seen = found("same", one, two)
    assert seen is not None and seen.unknown is not None
    assert (seen.function, seen.unknown.mentions) == (None, (one.address, two.address))


def test_a_qualifier_of_its_own_names_the_version() -> None:
    index = Index(BLOCKS)

    def told_of(**given: object) -> tuple[str | None, str, str, str]:
        return told(callee(block("aws_lambda_permission.p", **given), "function_name", index, "qualifier"))

    assert told_of(function_name=ref(FN, "function_name"), qualifier=ref(LIVE, "name")) == LIVE_OF_FN
    assert told_of(function_name="orders", qualifier="live") == LIVE_OF_FN
    assert told_of(function_name="orders", qualifier=5) == ("fn", VERSION, "5", "")
    assert told_of(function_name="orders", qualifier="$LATEST") == OF_FN
    assert told_of(function_name="orders", qualifier=ref(FN, "version")) == ("fn", VERSION, "", "")
    assert told_of(function_name="orders", qualifier=undecided("var.which")) == ("fn", UNKNOWN, "", "")
    assert told_of(function_name="orders", qualifier=None) == OF_FN
    assert told_of(function_name="orders:live") == LIVE_OF_FN
    assert told_of(function_name="orders", qualifier=undecided("split(…)[7]", ref(LIVE, "arn"))) == LIVE_OF_FN


@pytest.mark.parametrize(
    ("written", "version"),
    [(ref(FN, "version"), ""), (ref(UNPUBLISHED, "version"), "$LATEST"), ("7", "7"), (7, "7"), ("$LATEST", "$LATEST")],
)
def test_an_alias_points_to_a_version(written: object, version: str) -> None:
    given = block("aws_lambda_alias.a", name="a", function_name=ref(FN, "arn"), function_version=written)
    made = things([*BLOCKS, given])["aws_lambda_alias.a"]
    assert isinstance(made, Alias)
    assert (isinstance(made.version, Known) and made.version.value) == version
    assert (made.callee.function and made.callee.function.target) == FN.address


def test_an_alias_without_function_is_one_of_nobody() -> None:
    given = block("aws_lambda_alias.a", name=undecided("var.name"), function_version=undecided("var.version"))
    made = things([given])["aws_lambda_alias.a"]
    assert isinstance(made, Alias)
    assert isinstance(made.version, Unknown) and isinstance(made.name, Unknown)
    assert made.callee.function is None and made.callee.unknown is not None


def test_conditions_inside_conditions_end() -> None:
    term: Term = ref(FN, "arn")
    for n in range(10):
        term = undecided(f"var.c{n} ? x : y", term, term)
    assert told(found(term)) == ("fn", UNKNOWN, "", "")


def test_an_instance_that_is_not_there_is_no_function() -> None:
    assert found(Undecided("aws_lambda_function.none[0].arn", is_missing=True)) is None


def test_circles_end() -> None:
    one, other = block("aws_lambda_alias.a"), block("aws_lambda_alias.b")
    one._given["function_name"], other._given["function_name"] = ref(other, "arn"), ref(one, "arn")
    seen = found(ref(one, "arn"), one, other)
    assert seen is not None and seen.unknown is not None
    doubtful = undecided("var.x ? a : b", Literal("orders:live"), Literal("orders:live"))
    third = block("aws_lambda_alias.c", name="c", function_name=doubtful)
    assert told(found("orders:c", third))[1:] == (ALIAS, "c", "aws_lambda_alias.c")


def test_names_are_gathered_once_however_many_ask() -> None:
    costs = []
    for count in (20, 200):
        functions = [counted(f"aws_lambda_function.f[{i}]", function_name=f"f{i}") for i in range(count)]
        aliases = [counted(f"aws_lambda_alias.a[{i}]", name="live", function_name=f"f{i}") for i in range(count)]
        index = Index([*functions, *aliases])
        for i in range(count):
            seen = callee_of(Literal(f"f{i}:live"), HERE, index)
            assert seen is not None and seen.function is not None
            assert (seen.function.target, seen.alias) == (f"aws_lambda_function.f[{i}]", f"aws_lambda_alias.a[{i}]")
        costs.append(sum(block.reads for block in [*functions, *aliases]) / count)
    assert costs[1] <= costs[0]


def test_names_that_are_written_alike_and_come_to_different_ones() -> None:
    """`substr("${var.stage}-${var.name}", 0, 64)` in two calls of one module."""

    def name(of: str) -> Term:
        return undecided('substr("${var.stage}-${var.name}", 0, 64)', text(undecided("var.stage"), "-", of), Literal(0), Literal(64))

    made = [block(f"module.{of}.aws_lambda_function.fn", function_name=name(of)) for of in ("orders", "refunds")]
    assert told(found(name("refunds"), *made))[0] == "module.refunds.aws_lambda_function.fn"
    assert told(found(name("prices"), *made))[0] == f"<{name('prices').expression}>"  # type: ignore[union-attr]


def test_a_part_of_a_variable_that_is_called_alike_in_every_module() -> None:
    first, second = (Undecided("var.config.name", (of, "config", "name")) for of in ("orders", "refunds"))
    fn = block("module.orders.aws_lambda_function.fn", function_name=first)
    assert told(found(first, fn))[0] == "module.orders.aws_lambda_function.fn"
    assert (
        told(found(Undecided("var.config.name", ("orders", "config", "name", "function")), fn))[0] == "module.orders.aws_lambda_function.fn"
    )
    assert told(found(second, fn))[0] == "<var.config.name>"


@pytest.mark.parametrize(
    ("term", "outside"),
    [
        (text(undecided("var.other"), "-jwks"), True),  # all functions here end on something else
        (text(undecided("var.other"), "-refunds"), False),
        (text(undecided("var.other"), "refunds"), False),
        (text(ARN, undecided("var.other"), "-jwks:live"), True),
        (text("shop-", undecided("var.other"), "-refunds"), False),
        (undecided("var.other"), False),
    ],
)
def test_a_name_whose_known_words_fit_no_function(term: Term, outside: bool) -> None:
    seen = callee_of(term, HERE, Index([PREFIXED]))
    assert seen is not None and seen.function is None
    assert (seen.unknown is None) is outside
