"""The settings file: what it gives, and what is said of one that is wrong, where, and all at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from expectations import REPOSITORY
from serverful.errors import SettingsError, UsageError
from serverful.estate.place import Place
from serverful.estate.settings import AllowedExtension, OpenRoute, Settings, StatedReason, Thresholds, VpcDemand
from serverful.report.text import harmless
from serverful.settings import SettingsPart, ThresholdsPart, load, parse, schema
from serverful.settings_yaml import MAX_BYTES, MAX_DEPTH, MAX_VALUES

FILE = ".serverful.yaml"
HERE = Path(__file__).parent

WHOLE = """\
thresholds:
  vpc_subnets: 4
  provisioned_ceiling: 50
organisation:
  vpc_required:
    - tag: data-class
      value: confidential
      because: the ISMS demands it
    - tag: regulated
      because: so does the regulator
  layer_publishers: ["123456789012"]
  extensions: [{layer: "LambdaInsightsExtension*", because: operations want it}]
  open_routes: [{route: GET /health, because: the balancer asks}]
reasons:
  - address: "module.*.aws_lambda_function.this[0]"
    root: infra/*
    key: vpc
    category: relational-database
    until: 2027-03-31
    owner: payments
    text: the ledger is in Aurora
  - {address: aws_eip.partner, key: SLS_IP_2, category: fixed-ip, until: "2027-03-31", owner: order team}
var_files: [test_settings.py]
pages_url: https://docs.example.com/serverful/
"""


def settings(text: str | bytes) -> Settings:
    return parse(text if isinstance(text, bytes) else text.encode(), FILE, HERE)


def refused(text: str | bytes) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        settings(text)
    assert all(line == harmless(line) for line in str(caught.value).split("\n"))
    return caught.value


def faults(text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.says) for fault in refused(text).faults]


def at(address: str, line: int) -> Place:
    return Place(root=".", address=address, file=FILE, line=line, end_line=line)


class TestWhatItGives:
    def test_all_of_it(self) -> None:
        assert settings(WHOLE) == Settings(
            thresholds=Thresholds(vpc_subnets=4, provisioned_ceiling=50),
            vpc_required=(
                VpcDemand("data-class", "confidential", "the ISMS demands it", at("organisation.vpc_required[0]", 6)),
                VpcDemand("regulated", None, "so does the regulator", at("organisation.vpc_required[1]", 9)),
            ),
            layer_publishers=("123456789012",),
            extensions=(AllowedExtension("LambdaInsightsExtension*", "operations want it", at("organisation.extensions[0]", 12)),),
            open_routes=(OpenRoute("GET /health", "the balancer asks", at("organisation.open_routes[0]", 13)),),
            reasons=(
                StatedReason(
                    "module.*.aws_lambda_function.this[0]",
                    "infra/*",
                    "vpc",
                    "relational-database",
                    date(2027, 3, 31),
                    "payments",
                    "the ledger is in Aurora",
                    at("reasons[0]", 15),
                ),
                StatedReason("aws_eip.partner", "*", "SLS_IP_2", "fixed-ip", date(2027, 3, 31), "order team", "", at("reasons[1]", 22)),
            ),
            var_files=(str(HERE / "test_settings.py"),),
            pages_url="https://docs.example.com/serverful/",
            file=FILE,
        )

    @pytest.mark.parametrize(
        "text", ["", "\n\n", "# nothing yet\n", "---\n", "null", "{}", b"\xef\xbb\xbf", "---\n...\n", "reasons:\n", "thresholds: ~"]
    )
    def test_nothing_written_is_the_defaults(self, text: str | bytes) -> None:
        assert settings(text) == Settings(file=FILE)

    def test_a_key_without_a_value_is_not_written(self) -> None:
        text = "thresholds:\n  provisioned_ceiling:\n  vpc_subnets: 2\nreasons:\n#  - address: a\nvar_files:\n"
        assert settings(text) == Settings(thresholds=Thresholds(vpc_subnets=2), file=FILE)

    @pytest.mark.parametrize("text", [WHOLE.replace("\n", "\r\n"), "\ufeff" + WHOLE, "---\n" + WHOLE])
    def test_how_a_file_is_saved_does_not_matter(self, text: str) -> None:
        assert settings(text).thresholds == Thresholds(vpc_subnets=4, provisioned_ceiling=50)
        assert len(settings(text).reasons) == 2

    def test_a_reason_is_read_by_the_grammar_of_tags(self) -> None:
        text = "reasons: [{address: a, key: VPC, category: Other, until: 2020-01-01, owner: ' the   team ', text: \"three\\n good words\"}]"
        (reason,) = settings(text).reasons
        assert (reason.key, reason.category, reason.owner, reason.text) == ("vpc", "other", "the team", "three good words")
        assert reason.until == date(2020, 1, 1), "one that has ended is SLS_RAD_3's matter"

    def test_plain_words_mean_what_editors_take_them_for(self) -> None:
        text = "organisation: {vpc_required: [{tag: on, value: no, because: yes}]}\nthresholds: {vpc_subnets: 010}"
        (demand,) = settings(text).vpc_required
        assert (demand.tag, demand.value, demand.because, settings(text).thresholds.vpc_subnets) == ("on", "no", "yes", 10)

    def test_the_model_and_the_data_have_the_same_thresholds(self) -> None:
        assert list(ThresholdsPart.model_fields) == [field.name for field in fields(Thresholds)]
        assert Thresholds(**ThresholdsPart().model_dump()) == Thresholds()


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("a: 1\ntreshholds: {}", 2, "there is no setting 'treshholds'; did you mean 'thresholds'?"),
            ("zzz: 1", 1, "there is no setting 'zzz'; it would be ignored."),
            ("thresholds:\n  vpc_subnet: 3", 2, "there is no setting 'vpc_subnet' in `thresholds`; did you mean 'vpc_subnets'?"),
            ("thresholds:\n\n  vpc_subnets: six", 3, "`vpc_subnets` is the text 'six'; it has to be a whole number."),
            ('thresholds: {vpc_subnets: "6"}', 1, "`vpc_subnets` is the text '6'; it has to be a whole number."),
            ("thresholds: {vpc_subnets: true}", 1, "`vpc_subnets` is the word true without quotes; it has to be a whole number."),
            ("thresholds: {vpc_subnets: 6.0}", 1, "`vpc_subnets` is a number with a fraction; it has to be a whole number."),
            ("thresholds: {vpc_subnets: 0}", 1, "`vpc_subnets` is 0; it has to be 1 or more."),
            ("thresholds: {vpc_subnets: 1000001}", 1, "`vpc_subnets` is 1000001; it has to be 1000000 or less."),
            ("thresholds: {vpc_functions_per_group: 1}", 1, "`vpc_functions_per_group` is 1; it has to be 2 or more."),
            ("thresholds: {provisioned_small: -1}", 1, "`provisioned_small` is -1; it has to be 0 or more."),
            ("thresholds: 6", 1, "`thresholds` is the number 6; it has to be a mapping of keys to values."),
            ("thresholds:\n  - vpc_subnets: 1", 1, "`thresholds` is a list; it has to be a mapping of keys to values."),
            ("- thresholds:\n", 1, "the settings are a list; they have to be a mapping of keys to values."),
            ("thresholds", 1, "the settings are the text 'thresholds'; they have to be a mapping of keys to values."),
            ("reasons: {address: a}", 1, "`reasons` is a mapping of keys to values; it has to be a list."),
            ("reasons:\n  - orders", 2, "an entry of `reasons` is the text 'orders'; it has to be a mapping of keys to values."),
            (
                "organisation:\n  layer_publishers:\n  - 123456789012",
                3,
                "an entry of `layer_publishers` is the number 123456789012; it has to be text.",
            ),
            ('organisation: {layer_publishers: ["12"]}', 1, "'12' is no AWS account."),
            ("organisation: {vpc_required: [{tag: '', because: x}]}", 1, "`tag` is empty."),
            ("organisation: {vpc_required: [{tag: a, because: ' '}]}", 1, "`because` is blank."),
            (
                "organisation: {vpc_required: [{tag: a, value: true, because: x}]}",
                1,
                "`value` is the word true without quotes; it has to be text.",
            ),
            ("organisation: {vpc_required: [{tag: a}]}", 1, "`because` is missing."),
            ("organisation: {open_routes: [{route: GET /health}]}", 1, "`because` is missing."),
            ("organisation: {extensions: [{layer: a}]}", 1, "`because` is missing."),
            ("organisation: {extensions: [{layer: a, because: ' '}]}", 1, "`because` is blank."),
            (f"pages_url: {'x' * 1001}", 1, "`pages_url` is longer than 1000 characters."),
            ("pages_url: javascript:alert(1)", 1, "`pages_url` is no address of a web page."),
            ("pages_url: 'https://a\u202e'", 1, "`pages_url` is no address of a web page."),
            ("var_files: a.tfvars", 1, "`var_files` is the text 'a.tfvars'; it has to be a list."),
            ("var_files:\n- test_settings.py\n- no.tfvars", 3, "the variables file 'no.tfvars' is not there."),
            ("var_files: [host]", 1, "the variables file 'host' is a folder."),
            ('var_files: ["a\\0b"]', 1, "the variables file 'a\\x00b' is not there."),
        ],
    )
    def test_it_is_said(self, text: str, line: int, says: str) -> None:
        assert (line, says) in faults(text)

    @pytest.mark.parametrize(
        ("change", "line", "says"),
        [
            ({"key": "vcp"}, 3, "there is no feature `vcp`; did you mean `vpc`?"),
            ({"key": "serverful:vpc"}, 3, "there is no feature `serverful:vpc`; did you mean `vpc`?"),
            ({"key": "SLS_XYZ_1"}, 3, "there is no feature `SLS_XYZ_1`; the features are vpc,"),
            ({"category": "database"}, 4, "`database` is no category of `serverful:vpc`; did you mean `relational-database`?"),
            ({"category": "package-size"}, 4, "`package-size` is no category of `serverful:vpc`; it takes"),
            ({"category": "other"}, 4, "`other` needs a text of three words or more"),
            ({"until": "2027-02-30"}, 5, "until=2027-02-30 is not a day of the calendar."),
            ({"until": "31.03.2027"}, 5, "until=31.03.2027 is not a date; write year-month-day, as in 2027-03-31."),
            ({"until": "2027-03-31T00:00:00Z"}, 5, "until=2027-03-31T00:00:00Z is not a date"),
            ({"until": "20270331"}, 5, "`until` is the number 20270331; it has to be text."),
            ({"until": "forever"}, 5, "until=forever is not a date"),
            ({"until": ""}, 2, "`until` is missing."),
            ({"owner": "' '"}, 6, "`owner` is blank."),
            ({"owner": ""}, 2, "`owner` is missing."),
            ({"address": ""}, 2, "`address` is missing."),
            ({"address": "''"}, 8, "`address` is empty."),
            ({"text": "[a]"}, 7, "`text` is a list; it has to be text."),
        ],
    )
    def test_a_reason_that_would_not_count_is_refused(self, change: dict[str, str], line: int, says: str) -> None:
        written = {"root": '"*"', "key": "vpc", "category": "cache", "until": "2027-03-31", "owner": "shop", "text": "x", "address": "a"}
        lines = [f"{name}: {value}" for name, value in {**written, **change}.items() if value]
        said = faults("reasons:\n- " + "\n  ".join(lines))
        assert [number for number, _ in said] == [line] and said[0][1].startswith(says)

    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("thresholds:\n\tvpc_subnets: 1", 2, "a tab stands where YAML takes only spaces."),
            ("reasons:\n- address: *orders", 2, "`*` at the beginning of a word is an alias in YAML, and settings have none."),
            ("reasons:\n- root: *\n  key: vpc", 2, "`*` at the beginning of a word is an alias in YAML, and settings have none."),
            ("a: &x 1", 1, "`&` at the beginning of a word is an anchor in YAML, and settings have none."),
            ("a: !!python/object/apply:os.system [ls]", 1, "`!` at the beginning of a word is a tag in YAML, and settings have none."),
            ("thresholds: {}\nreasons: []\nthresholds: {}", 3, "`thresholds` stands here a second time, after line 1."),
            ("thresholds:\n  vpc_subnets: 1\n  vpc_subnets: 2", 3, "`vpc_subnets` stands here a second time, after line 2."),
            ("---\n---\n", 2, "a second document begins here."),
            ("? [a]\n: b", 1, "a list or mapping stands where a key ought to be."),
            ("[" * 5000, 1, "this is nested deeper than settings ever are."),
            ("reasons: [" + "1," * MAX_VALUES + "]", 1, f"there are more than {MAX_VALUES:,} values."),
            ("a: b: c", 1, "a colon stands where none may stand."),
            ("thresholds:\nreasons\n", 3, "a key has no colon after it."),
            ("owner: @team", 1, "a word begins with a character that means something else in YAML."),
            ("a: [1\n", 2, "this is no valid YAML: while parsing a flow sequence, expected ',' or ']', but got '<stream end>'."),
            ("a: 1\nb: \x1b[31m", 2, "there is a character that YAML does not take."),
            (b"a: 1\n\x80\x81", 2, "this is no UTF-8 text."),
            ("a: 1".encode("utf-16"), 0, "is UTF-16."),
            (b"\x00\x01\x02\xff", 1, "this is no UTF-8 text."),
            (b" " * (MAX_BYTES + 1), 0, "is larger than 1 MB."),
        ],
    )
    def test_yaml_that_would_be_read_otherwise_than_it_looks(self, text: str | bytes, line: int, says: str) -> None:
        assert (line, says) in faults(text)

    def test_a_bomb_is_refused_before_it_explodes(self) -> None:
        levels = "\n".join(
            f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        said = faults(f"a: &a [x, x, x, x, x, x, x, x, x]\n{levels}\n")
        assert {line for line, _ in said} == set(range(1, 10))
        assert all("an alias" in says or "an anchor" in says or "no setting" in says for _, says in said)

    def test_all_of_it_is_said_at_once_in_order_of_lines(self) -> None:
        error = refused(
            "treshholds: {}\nthresholds:\n  vpc_subnets: x\nreasons:\n- address: *a\n  key: vpc\n  until: 2027-02-30\n  ownr: me\n"
        )
        assert [(fault.line, fault.says.split(";")[0]) for fault in error.faults] == [
            (1, "there is no setting 'treshholds'"),
            (3, "`vpc_subnets` is the text 'x'"),
            (5, "`*` at the beginning of a word is an alias in YAML, and settings have none."),
            (5, "`category` is missing."),
            (5, "`owner` is missing."),
            (7, "until=2027-02-30 is not a day of the calendar."),
            (8, "there is no setting 'ownr' in `reasons`"),
        ]
        assert str(error).splitlines()[:2] == [
            ".serverful.yaml:1: there is no setting 'treshholds'; did you mean 'thresholds'?",
            "  Allowed here: thresholds, organisation, reasons, var_files, pages_url.",
        ]
        assert str(error).splitlines()[-1] == "All settings: README.md#settings, or `serverful schema settings`."
        assert isinstance(error, UsageError)

    def test_variables_files_are_looked_for_though_something_else_is_wrong(self) -> None:
        assert [line for line, _ in faults("zzz: 1\nvar_files:\n- no.tfvars\n- 5")] == [1, 3, 4]

    def test_a_message_has_an_end(self) -> None:
        error = refused("\n".join(f"{'x' * 200}{number}: 1" for number in range(1000)))
        assert len(error.faults) == 1000 and len(str(error)) < 20_000 and "And 950 more." in str(error)


class TestTheFile:
    @pytest.mark.parametrize(
        ("target", "says"),
        [
            ("", "cannot be read: No such file or directory."),
            (".", "is a folder, not a settings file."),
            ("nowhere", "is a link to nowhere, which is not there."),
            (FILE, f"is a link to {FILE}, which is not there."),
        ],
        ids=["missing", "folder", "broken link", "link to itself"],
    )
    def test_what_cannot_be_opened_is_named(self, tmp_path: Path, target: str, says: str) -> None:
        if target:
            (tmp_path / FILE).symlink_to(target)
        with pytest.raises(SettingsError) as caught:
            load(tmp_path / FILE, FILE)
        assert [(fault.file, fault.line, fault.says) for fault in caught.value.faults] == [(FILE, 0, says)]

    @pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser reads everything")
    def test_what_may_not_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / FILE).touch(0)
        with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
            load(tmp_path / FILE, FILE)

    def test_no_more_is_read_than_is_needed(self) -> None:
        with pytest.raises(SettingsError, match="is larger than 1 MB"):
            load(Path("/dev/zero"), "zero")

    def test_variables_files_stand_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "prod.tfvars").touch()
        (tmp_path / "settings").mkdir()
        (tmp_path / "settings" / FILE).write_text("var_files: [../prod.tfvars]")
        assert load(tmp_path / "settings" / FILE, FILE).var_files == (str(tmp_path / "prod.tfvars"),)


class TestTheSchema:
    def test_it_is_one_and_published(self) -> None:
        Draft202012Validator.check_schema(json.loads(schema()))
        published = REPOSITORY / "plugin" / "serverful" / "settings.schema.json"
        assert published.read_text(encoding="utf-8") == schema() + "\n", f"serverful schema settings > {published}"

    def test_the_command_prints_it(self) -> None:
        done = subprocess.run([sys.executable, "-m", "serverful", "schema", "settings"], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == json.loads(schema())

    def test_it_says_yes_and_no_as_we_do(self) -> None:
        validator = Draft202012Validator(json.loads(schema()))
        assert list(validator.iter_errors(yaml.load(WHOLE, Loader=yaml.BaseLoader) | {"thresholds": {"vpc_subnets": 4}})) == []
        for wrong in (
            {"treshholds": {}},
            {"thresholds": {"vpc_subnets": "6"}},
            {"thresholds": {"vpc_subnets": 0}},
            {"organisation": {"layer_publishers": [123456789012]}},
            {"reasons": [{"address": "a"}]},
            {"pages_url": "ftp://a"},
            [],
        ):
            assert list(validator.iter_errors(wrong)), wrong

    def test_every_setting_is_described(self) -> None:
        made = json.loads(schema())
        parts = [made, *made["$defs"].values()]
        nameless = [
            name for part in parts for name, field in part["properties"].items() if "$ref" not in field and not field.get("description")
        ]
        assert nameless == [] and all(part["description"] for part in parts)

    def test_settings_are_not_deeper_than_what_is_read(self) -> None:
        assert list(SettingsPart.model_fields) == ["thresholds", "organisation", "reasons", "var_files", "pages_url"]
        assert MAX_DEPTH > 4
