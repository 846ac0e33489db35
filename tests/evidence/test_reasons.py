"""Recorded reasons: what is read, what is refused and in which words, and what answers which policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from estates_by_hand import comment, estate, function, place, tags, unknown
from serverful.estate.estate import Estate
from serverful.estate.model import Function
from serverful.evidence.categories import EVERYWHERE, FEATURES, categories_of
from serverful.evidence.reasons import FaultyReason, Problem, Reasons, RecordedReason, answering, parse_reason, reasons_of
from serverful.evidence.skips import NO_COMMENT, skip_of
from serverful.policy import Policy, Principle, Severity, policy
from serverful.verdict import Kind, Verdict, not_ours

TODAY = date(2026, 1, 15)
NOTHING = estate(today=TODAY)
SPOT = place("aws_lambda_function.a")


def tagged(value: str, key: str = "serverful:vpc") -> Reasons:
    return reasons_of(function("aws_lambda_function.a", tags={key: value}), NOTHING)


def commented(*lines: str) -> Reasons:
    return reasons_of(function("aws_lambda_function.a", comments=lines), NOTHING)


def only(reasons: Reasons) -> RecordedReason:
    assert not reasons.faulty, reasons.faulty
    (reason,) = reasons.valid
    return reason


def fault(reasons: Reasons) -> FaultyReason:
    assert not reasons.valid, reasons.valid
    (faulty,) = reasons.faulty
    return faulty


def asks(id: str, feature: str | None = None) -> Policy:
    @policy(
        id=id,
        title="A title",
        principle=Principle.WITHOUT_VPC,
        severity=Severity.MEDIUM,
        recommendation="-",
        feature=feature,
    )
    def question(function: Function, estate: Estate) -> Verdict:  # noqa: ARG001
        """Why."""
        return not_ours("-")

    return question


class TestReading:
    def test_a_tag(self) -> None:
        reason = only(tagged("relational-database until=2027-03-31 owner=payments orders ledger is in Aurora"))
        assert (reason.key, reason.category, reason.until, reason.owner, reason.text, reason.source) == (
            "vpc",
            "relational-database",
            date(2027, 3, 31),
            "payments",
            "orders ledger is in Aurora",
            "tag",
        )
        assert str(reason) == "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31)"

    def test_a_comment_says_the_same_as_the_tag(self) -> None:
        line = "relational-database until=2027-03-31 owner=payments orders ledger is in Aurora"
        assert only(commented(f" serverful:vpc {line}")) == replace(
            only(tagged(line)), source="comment", place=only(commented(f"serverful:vpc {line}")).place
        )

    @pytest.mark.parametrize(
        "text",
        [
            "cache until=2027-03-31 owner=shop session cache",
            "cache owner=shop until=2027-03-31 session cache",
            "cache session cache owner=shop until=2027-03-31",
            "cache session until=2027-03-31 cache owner=shop",
            "  cache\tuntil=2027-03-31   owner=shop  session   cache ",
            "Cache Until=2027-03-31 OWNER=shop session cache",
        ],
    )
    def test_fields_stand_anywhere_after_the_category(self, text: str) -> None:
        reason = only(commented(f"serverful:vpc {text}"))
        assert (reason.category, reason.until, reason.owner, reason.text) == ("cache", date(2027, 3, 31), "shop", "session cache")

    def test_quotes_and_commas_of_a_comment(self) -> None:
        reason = only(commented("serverful:vpc cache, as it happens until='2027-03-31', owner=\"order  team\", sessions"))
        assert (reason.owner, reason.until) == ("order team", date(2027, 3, 31))

    def test_the_text_is_optional(self) -> None:
        assert only(tagged("cache until=2027-03-31 owner=shop")).text == ""

    def test_the_end_date_is_the_last_day_it_holds(self) -> None:
        assert only(tagged("cache until=2026-01-15 owner=shop")).until == TODAY
        assert fault(tagged("cache until=2026-01-14 owner=shop")).problem is Problem.EXPIRED

    @pytest.mark.parametrize("feature", FEATURES)
    def test_every_feature_takes_its_categories_and_those_of_all(self, feature: str) -> None:
        assert set(categories_of(feature)) == {*FEATURES[feature], *EVERYWHERE}
        for category in categories_of(feature):
            reason = only(tagged(f"{category} until=2027-03-31 owner=shop three good words", f"serverful:{feature}"))
            assert (reason.key, reason.category) == (feature, category)

    @pytest.mark.parametrize(
        ("key", "category"),
        [
            ("SLS_VPC_8", "cache"),
            ("sls_vpc_8", "regulation"),
            ("SLS_RT_2", "team-language"),
            ("SLS_PC_5", "steady-throughput"),
            ("SLS_FLOW_1", "regulation"),
        ],
    )
    def test_a_policy_takes_the_categories_of_its_group(self, key: str, category: str) -> None:
        assert only(tagged(f"{category} until=2027-03-31 owner=shop", f"serverful:{key}")).key == key.upper()

    def test_lines_of_a_block_comment_each_have_their_place(self) -> None:
        block = comment("\n * About this function\n * serverful:image package-size until=2027-01-01 owner=ml\n ", place("a", line=7))
        assert only(reasons_of(function("a.b", comments=[block]), NOTHING)).place.line == 9

    def test_only_line_feeds_end_a_line(self) -> None:
        block = comment("first\r\nserverful:image package-size until=2027-01-01 owner=ml\r\n", place("a", line=7))
        assert only(reasons_of(function("a.b", comments=[block]), NOTHING)).place.line == 8
        assert commented("first\u2028serverful:vpc cache until=2027-03-31 owner=shop") == Reasons()

    @pytest.mark.parametrize(
        "line", ["TODO", "see serverful:vpc in the README", "serverful: this one is in a VPC", "serverful", "checkov:skip=SLS_VPC_1"]
    )
    def test_prose_is_no_reason(self, line: str) -> None:
        assert commented(line) == Reasons()

    def test_a_space_too_many(self) -> None:
        assert only(commented("serverful: vpc cache until=2027-03-31 owner=shop")).key == "vpc"

    def test_other_tags_are_left_alone(self) -> None:
        assert reasons_of(function("a.b", tags={"Name": "x", "team": "serverful:vpc"}), NOTHING) == Reasons()

    def test_tags_from_outside_are_named(self) -> None:
        from_variable, one = unknown("var.tags"), unknown("var.why")
        subject = function("a.b", tags=tags({"serverful:vpc": one, "Name": unknown("var.name")}, unknown=[from_variable]))
        assert reasons_of(subject, NOTHING) == Reasons(unknown=(from_variable, one))


class TestFaults:
    @pytest.mark.parametrize(
        ("value", "says"),
        [
            ("", "does not begin with a category"),
            ("until=2027-03-31 owner=shop cache", "does not begin with a category"),
            ("database until=2027-03-31 owner=shop", "did you mean `relational-database`?"),
            ("package-size until=2027-03-31 owner=shop", "`package-size` is no category of `serverful:vpc`; it takes relational-database,"),
            ("cache owner=shop", "no until=, as in until=2027-03-31"),
            ("cache until= owner=shop", "no until=, as in until=2027-03-31"),
            ("cache until=2027-03-31", "no owner=, as in owner=payments"),
            ("cache until=2027-03-31 owner=", "no owner=, as in owner=payments"),
            ("cache until=2027-03-31 until=2028-03-31 owner=shop", "until= more than once"),
            ("cache until=2027-02-30 owner=shop", "until=2027-02-30 is not a day of the calendar"),
            ("cache until=31.03.2027 owner=shop", "until=31.03.2027 is not a date; write year-month-day"),
            ("cache until=03/31/2027 owner=shop", "is not a date"),
            ("cache until=20270331 owner=shop", "is not a date"),
            ("cache until=2027-W13-3 owner=shop", "is not a date"),
            ("cache until=2027-03-31T00:00:00 owner=shop", "is not a date"),
            ("cache until=２０２７-０３-３１ owner=shop", "is not a date"),
            ("cache until=forever owner=shop", "is not a date"),
            ("other until=2027-03-31 owner=shop legacy", "`other` needs a text of three words"),
            ("other until=2027-03-31 owner=shop - - -", "`other` needs a text of three words"),
            (
                "cache until=2027-03-31 owner=shop it's here",
                "AWS takes only letters, digits, spaces and + - = . _ : / @ in a tag, not `'`; a comment takes any",
            ),
            ("cache until=2027-03-31 owner=shop \x1b[31mred", "not `\\x1b`, `[`"),
            ("cache until=2027-03-31 owner=shop " + "x" * 256, "at most 256 characters in a tag and this has 290"),
        ],
    )
    def test_what_is_wrong_is_said(self, value: str, says: str) -> None:
        faulty = fault(tagged(value))
        assert faulty.problem is Problem.MALFORMED
        assert says in faulty.says

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        says = fault(tagged("chache")).says
        assert "did you mean `cache`?" in says and "until=" in says and "owner=" in says

    def test_a_comment_takes_what_a_tag_does_not(self) -> None:
        text = "it's (here), " * 50
        assert only(commented(f"serverful:vpc cache until=2027-03-31 owner=shop {text}")).text == text.strip()

    @pytest.mark.parametrize("text", ["Größe der Daten", "日本語の理由", "a b"])
    def test_letters_of_every_script_are_letters_to_aws(self, text: str) -> None:
        assert only(tagged(f"cache until=2027-03-31 owner=shop {text}")).text == " ".join(text.split())

    @pytest.mark.parametrize(
        ("key", "says"), [("vcp", "did you mean `serverful:vpc`?"), ("SLS_XYZ_1", "the features are vpc"), ("", "the features are vpc")]
    )
    def test_a_key_that_names_nothing(self, key: str, says: str) -> None:
        faulty = fault(tagged("cache until=2027-03-31 owner=shop", f"serverful:{key}"))
        assert faulty.problem is Problem.MALFORMED and says in faulty.says

    def test_malformed_comes_before_expired(self) -> None:
        assert fault(tagged("cache until=2020-01-01")).problem is Problem.MALFORMED

    def test_an_expired_one_says_when_and_who(self) -> None:
        assert fault(tagged("cache until=2025-12-31 owner=shop")).says == "it ended on 2025-12-31; shop knows whether it still holds"

    def test_very_long_words_are_cut_in_messages(self) -> None:
        word = "y" * 100_000
        for reasons in (
            commented(f"serverful:vpc {word}"),
            commented(f"serverful:{word}"),
            commented(f"serverful:vpc cache until={word} owner=a"),
        ):
            assert len(fault(reasons).says) < 400

    def test_a_renewed_reason_answers_for_the_old_one(self) -> None:
        old, new = "serverful:vpc cache until=2025-12-31 owner=shop", "serverful:vpc cache until=2026-12-31 owner=shop"
        for lines in ((old, new), (new, old), ("serverful:vpc soon", new)):
            assert only(commented(*lines)).until == date(2026, 12, 31)

    def test_a_valid_reason_hides_no_fault_of_another_key(self) -> None:
        reasons = commented("serverful:vpc cache until=2026-12-31 owner=shop", "serverful:image package-size until=2025-12-31 owner=shop")
        assert [reason.key for reason in reasons.valid] == ["vpc"]
        assert [faulty.key for faulty in reasons.faulty] == ["image"]


class TestAnswering:
    VPC = tagged("cache until=2027-03-31 owner=shop")
    ID = tagged("cache until=2027-03-31 owner=shop", "serverful:SLS_VPC_8")
    FIXED = tagged("fixed-ip until=2027-03-31 owner=shop", "serverful:fixed-ip")
    VPC_FIXED = tagged("fixed-ip until=2027-03-31 owner=shop")

    @pytest.mark.parametrize("kind", [Kind.UNEXPLAINED, None])
    def test_a_feature_answers_what_is_unexplained_or_undecided(self, kind: Kind | None) -> None:
        assert answering(self.VPC, asks("SLS_VPC_1", "vpc"), kind) is self.VPC.valid[0]
        assert answering(self.VPC, asks("SLS_RT_1", "runtime"), kind) is None
        assert answering(self.VPC, asks("SLS_VPC_8"), kind) is None

    def test_a_feature_does_not_answer_a_contradiction(self) -> None:
        assert answering(self.VPC, asks("SLS_VPC_1", "vpc"), Kind.CONTRADICTED) is None

    @pytest.mark.parametrize("kind", [Kind.UNEXPLAINED, Kind.CONTRADICTED, None])
    def test_an_id_answers_its_own_policy_only(self, kind: Kind | None) -> None:
        assert answering(self.ID, asks("SLS_VPC_8"), kind) is self.ID.valid[0]
        assert answering(self.ID, asks("SLS_VPC_8", "runtime"), kind) is self.ID.valid[0]
        assert answering(self.ID, asks("SLS_VPC_1", "vpc"), kind) is None

    def test_a_fixed_address_is_explained_by_either_key(self) -> None:
        address = asks("SLS_IP_2", "fixed-ip")
        assert answering(self.FIXED, address, Kind.UNEXPLAINED) and answering(self.VPC_FIXED, address, Kind.UNEXPLAINED)
        assert answering(self.VPC, address, Kind.UNEXPLAINED) is None
        assert answering(self.FIXED, asks("SLS_VPC_1", "vpc"), Kind.UNEXPLAINED) is None

    def test_faulty_reasons_answer_nothing(self) -> None:
        for value in ("cache until=2025-12-31 owner=shop", "cache until=2027-03-31"):
            assert answering(tagged(value), asks("SLS_VPC_1", "vpc"), Kind.UNEXPLAINED) is None


def test_parsing_survives_anything() -> None:
    for text in ("\0", "\u202e" * 10, "=", "until=", "owner='", 'owner="' * 1000, "cache " * 10_000, "\ud800 until=\ud800"):
        assert isinstance(parse_reason("vpc", text, SPOT, source="tag", today=TODAY), FaultyReason)
        assert isinstance(parse_reason(text, text, SPOT, source="comment", today=TODAY), FaultyReason)


class TestSkips:
    """As Checkov reads them: strictly inside the block, ids exact, the first of a line."""

    BLOCK = place("aws_lambda_function.a", line=10, end_line=20)
    CALL = place("module.a", "calls.tf", line=30, end_line=40)

    def skip(self, text: str, line: int = 12, file: str = "main.tf", id: str = "SLS_VPC_1") -> str | None:
        remark = comment(text, place("aws_lambda_function.a", file, line))
        return skip_of(function("aws_lambda_function.a", place=self.BLOCK, calls=[self.CALL], comments=[remark]), id)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (" checkov:skip=SLS_VPC_1:legacy database", "legacy database"),
            (" checkov:skip=SLS_VPC_1: a: b ", "a: b"),
            ("checkov:skip=SLS_VPC_1", NO_COMMENT),
            ("see checkov:skip= SLS_IP_1,SLS_VPC_1:both", "both"),
            ("bridgecrew:skip=SLS_VPC_1:old name", "old name"),
            ("checkov:skip=SLS_VPC_1:", ""),
        ],
    )
    def test_honoured(self, text: str, says: str) -> None:
        assert self.skip(text) == says

    @pytest.mark.parametrize(
        "text",
        [
            "checkov:skip=SLS_VPC_10:another",
            "checkov:skip=sls_vpc_1",
            "checkov:skip=SLS_VPC_*",
            "checkov:skip=SLS_IP_1, SLS_VPC_1",
            "checkov:skip=CKV_AWS_117 checkov:skip=SLS_VPC_1",
            "checkov:skip=",
            "skip=SLS_VPC_1",
        ],
    )
    def test_not_honoured(self, text: str) -> None:
        assert self.skip(text) is None

    @pytest.mark.parametrize(("line", "honoured"), [(9, False), (10, False), (11, True), (19, True), (20, False)])
    def test_only_inside_the_block(self, line: int, honoured: bool) -> None:
        assert (self.skip("checkov:skip=SLS_VPC_1", line) is not None) is honoured

    @pytest.mark.parametrize(("line", "honoured"), [(29, False), (30, False), (31, True), (39, True), (40, False), (12, False)])
    def test_or_inside_the_call(self, line: int, honoured: bool) -> None:
        assert (self.skip("checkov:skip=SLS_VPC_1", line, "calls.tf") is not None) is honoured

    def test_lines_of_a_block_comment_count_on_their_own(self) -> None:
        assert self.skip("first\ncheckov:skip=SLS_VPC_1:second", line=10) == "second"
        assert self.skip("checkov:skip=SLS_VPC_1:first\nsecond", line=10) is None
