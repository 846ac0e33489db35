"""Terraform that nobody would write: real fixtures with small and large accidents in them.

`mutant(files, chance)` takes the text of a root's files and a source of chance, and gives the files of a mutant. The same chance, the same
mutant. Nothing here knows what serverful does with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from expectations import FIXTURES

Files = dict[str, str]

# Their `.tf` is about what kills or hangs tfparse and Checkov: mutants of it would test those two.
_LEFT_OUT = {"tfparse", "run_is_complete"}

_TOKEN = re.compile(r'[A-Za-z_][\w-]*|"(?:[^"\\\n]|\\.)*"|\d+|<<-?\w+|[=!<>&|]{2}|\S')
_VALUE = re.compile(r"^(\s*[\w-]+\s*=\s*)(\S.*?)\s*(#.*)?$")
_REFERENCE = re.compile(r"\b(?:aws_\w+|var|local|module|data\.\w+)\.(\w+)")
_OPENS = re.compile(r"\{\s*(#.*)?$")


def cases() -> list[str]:
    """Every root of the fixtures that mutants are made of, by its path below `fixtures/`."""
    folders = {path.parent for path in FIXTURES.rglob("*.tf")}
    # A folder with subfolders is read with them: `modules/` and the root that calls it belong together.
    tops = {folder for folder in folders if not any(parent in folders for parent in folder.parents)}
    return sorted(t.relative_to(FIXTURES).as_posix() for t in tops if t.relative_to(FIXTURES).parts[0] not in _LEFT_OUT)


def files_of(case: str) -> Files:
    """The text of each file of a case, by its path below the case."""
    folder = FIXTURES / case
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf*")) if path.is_file()
    }


def write(files: Mapping[str, str], folder: Path) -> Path:
    """The files on disk; text that is no Unicode (half of a pair) is written as the bytes it comes nearest to."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder


def mutant(files: Mapping[str, str], chance: Random, accidents: int = 6) -> Files:
    """One to so many accidents in these files."""
    mutated = dict(files)
    for _ in range(chance.randint(1, accidents)):
        name = chance.choice(sorted(mutated))
        accident = chance.choice(_ACCIDENTS)
        mutated[name] = accident(mutated[name], chance)
    if chance.random() < 0.1:
        mutated.update(chance.choice(_BESIDE))
    return mutated


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# --- odd values ---------------------------------------------------------------------------------------------------------------------

_PLAIN = _words(r"""
    null true false 0 -1 1 1.5 1.0e400 0x10 99999999999999999999999 "" " " "null" "true" "0" "-1" "0.0.0.0/0" "10.0.0.0/99" "::/0"
    "arn:aws:lambda" "arn::::::" "arn:aws:s3:::x/*" "*" "${}" "${var.absent}" "%{if true}" "$${x}" "\u202e" "\UFFFFFFFF" "\ud800"
    "\q" [] [[]] [null] [""] {} {"a"=null} {a={a={a={}}}} {null=1} {(null)=1} {(var.absent)=1} {[]=1} [{}] [[[["x"]]]] var.absent
    local.absent each.key each.value each.value.a count.index self.id path.module path.absent terraform.workspace module.absent
    module.absent.x module.absent[*].x module.absent[0].x.y data.absent.x data.aws_region.x.name data.aws_subnets.x.ids
    aws_lambda_function.absent aws_lambda_function.absent.arn aws_lambda_function.absent[*].arn aws_subnet.absent[count.index].id
    aws_security_group.absent.*.id each.value[each.key][0] (null) !null -null -true !1 1/0 1%0 null+1 "a"+1 []==[] {}=={}
    null==null 1<null "a"<"b" true&&null null||true null?1:2 true?null:[] var.absent?[]:{} [for]
""")

_SPACED = (
    '" "',
    "[for x in var.absent : x]",
    "[for x in null : x]",
    "[for k, v in { a = 1 } : v if v]",
    "{ for x in [1, null, []] : x => x }",
    '{ for x in ["a", "a"] : x => x... }',
    "[for x in range(3) : [for y in range(3) : x / y]]",
    '{ for k, v in { a = "b" } : v => k if k != null }',
    '<<EOT\n{"Statement": [${var.absent}, {"Action": 1}]}\nEOT\n',
    "<<-EOT\n  %{ for x in [1, 2] ~}\n  ${x}\n  %{ endfor ~}\n  EOT\n",
    '"${join(",", [for x in [1, 2] : x])}%{ if true }a%{ else }b%{ endif }"',
    "jsonencode({ Version = 1, Statement = { Effect = null, Action = [null, {}], Condition = { a = 1, b = { c = null } } } })",
    'jsonencode([{ Statement = [[], {}, null, "x"] }])',
    '"{\\"Statement\\": {\\"Action\\": {\\"a\\": 1}, \\"NotAction\\": null, \\"Effect\\": 3}}"',
    '{ "serverful:vpc" = null, "serverful:" = "x", "serverful:vpc " = 3, "serverful:SLS_VPC_0" = "cache until=9999-99-99 owner=" }',
    '{ "serverful:vpc" = "cache until=2026-02-30 owner=a", "serverful:runtime" = ["x"] }',
)

_FUNCTIONS = _words(r"""
    abs abspath alltrue anytrue basename can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist
    compact concat contains csvdecode dirname distinct element endswith file fileexists fileset flatten floor format formatlist
    indent index join jsondecode jsonencode keys length log lookup lower matchkeys max merge min nonsensitive one parseint pow
    range regex regexall replace reverse sensitive setintersection setproduct setsubtract setunion signum slice sort split
    startswith strcontains strrev substr sum templatefile templatestring timeadd title tobool tolist tomap tonumber toset tostring
    transpose trim trimprefix trimspace trimsuffix try upper urlencode values yamldecode yamlencode zipmap nosuch core::length
    provider::aws::arn_parse
""")


def value(chance: Random, depth: int = 0) -> str:
    """An expression that may be anything."""
    kind = chance.random()
    if kind < 0.45 or depth > 3:
        return chance.choice(_PLAIN)
    if kind < 0.55:
        return chance.choice(_SPACED)
    if kind < 0.85:
        arguments = ", ".join(value(chance, depth + 1) for _ in range(chance.randint(0, 3)))
        return f"{chance.choice(_FUNCTIONS)}({arguments}{chance.choice(['', '', '', '...'])})"
    if kind < 0.92:
        return f"[{value(chance, depth + 1)}, {value(chance, depth + 1)}]"
    return f"({value(chance, depth + 1)}){chance.choice(['[0]', '[*]', '.a', '.*.a', '[null]', '[-1]', '[var.absent]', '.0'])}"


# --- accidents ----------------------------------------------------------------------------------------------------------------------


def _line_lost(text: str, chance: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines) or 1)
    return "".join(lines[:at] + lines[at + 1 :])


def _line_doubled(text: str, chance: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    return "".join(lines[:at] + [lines[at]] * chance.randint(2, 3) + lines[at + 1 :])


def _lines_swapped(text: str, chance: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def _end_lost(text: str, chance: Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _tokens(text: str, chance: Random, change: Callable[[str], str]) -> str:
    found = list(_TOKEN.finditer(text))
    if not found:
        return text
    token = chance.choice(found)
    return text[: token.start()] + change(token[0]) + text[token.end() :]


def _token_lost(text: str, chance: Random) -> str:
    return _tokens(text, chance, lambda _: "")


def _token_doubled(text: str, chance: Random) -> str:
    return _tokens(text, chance, lambda token: f"{token} {token}")


def _token_replaced(text: str, chance: Random) -> str:
    others = _TOKEN.findall(text) or [""]
    return _tokens(text, chance, lambda _: chance.choice(others))


def _value_replaced(text: str, chance: Random) -> str:
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if _VALUE.match(line)]
    if places:
        at = chance.choice(places)
        lines[at] = _VALUE.sub(lambda match: match[1] + value(chance), lines[at])
    return "\n".join(lines) + "\n"


def _reference_renamed(text: str, chance: Random) -> str:
    found = list(_REFERENCE.finditer(text))
    if not found:
        return text
    reference = chance.choice(found)
    other = chance.choice([*(match[1] for match in found), "absent"])
    return text[: reference.start(1)] + other + text[reference.end(1) :]


def _inserted(text: str, chance: Random) -> str:
    """Something after a line that opens a block."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if _OPENS.search(line)]
    if places:
        lines.insert(chance.choice(places) + 1, _statement(chance))
    return "\n".join(lines) + "\n"


def _statement(chance: Random) -> str:
    block = chance.choice(
        ["vpc_config", "environment", "tags", "statement", "route", "ingress", "egress", "file_system_config", "image_config"]
    )
    return chance.choice(
        [
            f"count = {value(chance)}",
            f"for_each = {value(chance)}",
            f'dynamic "{block}" {{\n  for_each = {value(chance)}\n  content {{\n    subnet_ids = {value(chance)}\n  }}\n}}',
            f'dynamic "{block}" {{\n}}',
            f'dynamic "{block}" {{\n  iterator = x\n  for_each = [1]\n  content {{\n    subnet_ids = x.value\n  }}\n}}',
            f"{block} {{\n  subnet_ids = {value(chance)}\n  variables = {value(chance)}\n}}",
            f"{block} = {value(chance)}",
            f"subnet_ids = {value(chance)}",
            f"source = {value(chance)}",
            f"depends_on = [{value(chance)}]",
            f"# serverful:vpc {value(chance)}",
            f"# serverful:{value(chance)} other until=2026-02-30 owner=\u202e",
            "# checkov:skip=SLS_VPC_1",
            "lifecycle {\n  ignore_changes = all\n}",
        ]
    )


def _nested(text: str, chance: Random) -> str:
    """A value inside very many of something."""
    deep = chance.choice([5, 60, 150, 250, 1500])
    opens, closes = chance.choice(
        [("(", ")"), ("[", "]"), ("{ a = ", " }"), ("length([", "])"), ("!", ""), ("true ? ", " : null"), ('"${', '}"'), ("-", "")]
    )
    return _tokens(text, chance, lambda token: opens * deep + (token if token.isalnum() else "1") + closes * deep)


def _blocks_nested(text: str, chance: Random) -> str:
    deep = chance.choice([3, 50, 1500])
    return text + 'resource "aws_lambda_function" "deep" {\n' + "vpc_config {\n" * deep + "}\n" * deep + "}\n"


_CHARACTERS = (
    "\0",
    "\x1b[2J",
    "\x7f",
    "\r",
    "\u2028",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\ud800",
    "😀",
    "é",
    "{",
    "}",
    '"',
    "\\",
    "`",
    "/*",
    "#",
    "<<EOT\n",
    "${",
    "%{",
)


def _characters(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_CHARACTERS) * chance.choice([1, 1, 3]) + text[at:]


def _names_changed(text: str, chance: Random) -> str:
    """Every label of that name becomes something that is no name."""
    found = re.findall(r'^\w+ "\w+" "(\w+)"', text, re.MULTILINE)
    if not found:
        return text
    other = chance.choice(["", "a b", "é", "\u202eevil", "[bold]x[/]", "a.b", "0", "x" * 3000, "a\\u001b[31m", "${var.x}"])
    return text.replace(f'"{chance.choice(found)}"', f'"{other}"')


def _type_changed(text: str, chance: Random) -> str:
    found = re.findall(r'^(?:resource|data) "(\w+)"', text, re.MULTILINE)
    if not found:
        return text
    return text.replace(
        f'"{chance.choice(found)}"', f'"{chance.choice([*found, "aws_lambda_function", "aws_subnet", "aws_", "module"])}"', 1
    )


_ACCIDENTS: tuple[Callable[[str, Random], str], ...] = (
    _line_lost,
    _line_doubled,
    _lines_swapped,
    _end_lost,
    _token_lost,
    _token_doubled,
    _token_replaced,
    _value_replaced,
    _value_replaced,
    _value_replaced,
    _value_replaced,
    _reference_renamed,
    _inserted,
    _inserted,
    _inserted,
    _nested,
    _blocks_nested,
    _characters,
    _names_changed,
    _type_changed,
)

_BESIDE: tuple[Files, ...] = (
    {"override.tf": 'resource "aws_lambda_function" "orders" {\n  vpc_config {\n    subnet_ids = null\n  }\n  count = "x"\n}\n'},
    {"terraform.tfvars": "region = [\nsubnets = null\n"},
    {"x.auto.tfvars": 'absent = 1\nregion = { a = "b" }\nstage = null\nsubnet_ids = "x"\n'},
    {"terraform.tfvars.json": '{"region": [1, {"a": null}], "x": NaN}'},
    {"more.tf.json": '{"resource": {"aws_lambda_function": {"a": [{"vpc_config": [{"subnet_ids": "${var.x}"}]}, 7], "b": null}}}'},
    {"more.tf.json": '{"resource": [1, {"aws_lambda_function": []}], "module": {"x": {"source": 3}}, "locals": [{"a": {"b": [null]}}]}'},
    {"more.tofu": 'module "again" {\n  source = "./"\n}\nmodule "up" {\n  source = "../"\n}\nmodule "away" {\n  source = "./nowhere"\n}\n'},
    {".terraform/modules/modules.json": '{"Modules": [{"Key": "x", "Dir": null}, 3, {"Key": "network", "Dir": "../../../../.."}]}'},
)
