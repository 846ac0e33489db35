"""The settings file, typed: what it may hold, what is wrong in one that holds something else, and its JSON Schema.

Imported only when a settings file counts or its schema is asked for, because pydantic takes longer to import than a small root to judge.
`settings_file.py` says which file counts. Decisions:
- A key that is unknown is an error: a mistyped threshold that is ignored is a gate left open. So is whatever else would not count.
- Everything that is wrong is said at once, each with its line.
- A key without a value is a key that is not written, so that a list may be commented out.
- Whether a reason can be read is decided by the grammar of tags and comments (`evidence/reasons.py`). One that has ended is no error here:
  the settings are well, and SLS_RAD_3 asks about it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from serverful.errors import SettingsError, SettingsFault
from serverful.estate.place import Place
from serverful.estate.settings import AllowedExtension, Budget, OpenRoute, Settings, StatedReason, Thresholds, VpcDemand
from serverful.evidence.categories import FEATURES, POLICY_ID, PREFIX, canonical, categories_of, nearest
from serverful.evidence.reasons import day, faults_of_category, faults_of_day
from serverful.report.text import harmless
from serverful.settings_yaml import MAX_BYTES, Where, Written, read_yaml, shortened

_MANY = 1_000_000
_DEFAULTS = Thresholds()
_CATEGORIES = tuple(dict.fromkeys(category for feature in FEATURES for category in categories_of(feature)))

Line = Annotated[str, Field(min_length=1, max_length=1000)]
Text = Annotated[str, Field(max_length=10_000)]
Glob = Annotated[str, Field(min_length=1, max_length=1000)]


class _Part(BaseModel):
    """A mapping of the file: no key but these, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class ThresholdsPart(_Part):
    """Numbers at which something becomes worth a word."""

    vpc_subnets: int = Field(default=_DEFAULTS.vpc_subnets, ge=1, le=_MANY, description="SLS_VPC_10: more subnets than this are too many.")
    vpc_subnets_per_zone: int = Field(
        default=_DEFAULTS.vpc_subnets_per_zone, ge=1, le=_MANY, description="SLS_VPC_10: more subnets than this in one zone are too many."
    )
    vpc_functions_per_group: int = Field(
        default=_DEFAULTS.vpc_functions_per_group,
        ge=2,
        le=_MANY,
        description="SLS_VPC_10: so many functions with different roles in one security group are too many.",
    )
    provisioned_small: int = Field(
        default=_DEFAULTS.provisioned_small, ge=0, le=_MANY, description="SLS_PC_4: so many executions are small, whoever scales them."
    )
    provisioned_ceiling: int | None = Field(
        default=_DEFAULTS.provisioned_ceiling,
        ge=1,
        le=_MANY,
        description="SLS_PC_4: more executions than this are too many; none unless given.",
    )
    provisioned_functions: int = Field(
        default=_DEFAULTS.provisioned_functions,
        ge=0,
        le=_MANY,
        description="SLS_PC_4: more functions than this with provisioned concurrency in one root are too many.",
    )

    functions_per_role: int = Field(
        default=_DEFAULTS.functions_per_role,
        ge=1,
        le=_MANY,
        description="SLS_ID_3: more different functions than this with one role are too many.",
    )
    serverful_share: float = Field(
        default=_DEFAULTS.serverful_share,
        ge=0,
        le=1,
        description="SLS_RAD_1: a larger part of a root's functions than this should not be serverful; one third unless given.",
    )
    serverful_functions: int = Field(
        default=_DEFAULTS.serverful_functions,
        ge=1,
        le=_MANY,
        description="SLS_RAD_1: in a root with fewer functions than this the share is not asked.",
    )


class _Explained(_Part):
    """A decision that says why."""

    because: Line

    @field_validator("because")
    @classmethod
    def _because(cls, written: str) -> str:
        return _one_line(written, "because")


class DemandPart(_Explained):
    """A rule of the organisation: functions with this tag have to be in a VPC."""

    tag: Annotated[str, Field(min_length=1, max_length=128)] = Field(description="The tag's key, as it is written in Terraform.")
    value: Annotated[str, Field(max_length=256)] | None = Field(default=None, description="Its value; any value unless given.")
    because: Line = Field(description="Who demands it and why; findings repeat it.")


class BudgetPart(_Explained):
    """A share of its own for some roots."""

    root: Glob = Field(description="Root folders as findings show them, relative to the git top level.")
    share: float = Field(ge=0, le=1, description="How large a part of their functions may be serverful, from 0 to 1.")
    because: Line = Field(description="Who granted it and why; findings and passes repeat it.")


class ExtensionPart(_Explained):
    """An extension that the organisation wants on its functions."""

    layer: Glob = Field(description="Names of layers, as in their ARNs: LambdaInsightsExtension*. Only `*` and `?` are wildcards.")
    because: Line = Field(description="Who wants it and why; what passes repeats it.")


class OpenRoutePart(_Explained):
    """A way in that everybody may use."""

    route: Glob = Field(description="Method and path as findings show them: GET /health, GET /static/*. Only `*` and `?` are wildcards.")
    because: Line = Field(description="Why nobody is asked there; what passes repeats it.")


class OrganisationPart(_Part):
    """What the organisation has decided for all of its functions."""

    vpc_required: list[DemandPart] = Field(default_factory=list, description="Tags whose functions have to be in a VPC.")
    budgets: list[BudgetPart] = Field(default_factory=list, description="SLS_RAD_1: shares of their own for some roots; the first counts.")
    layer_publishers: list[Annotated[str, Field(pattern="^[0-9]{12}$")]] = Field(
        default_factory=list, description="Accounts whose layers are trusted (SLS_EXT_2), twelve digits in quotes."
    )
    extensions: list[ExtensionPart] = Field(default_factory=list, description="Extensions that need no reason of their own.")
    open_routes: list[OpenRoutePart] = Field(default_factory=list, description="SLS_ID_1: routes that everybody may use.")


class ReasonPart(_Part):
    """A recorded reason for every block whose address matches. Only `*` and `?` are wildcards."""

    address: Glob = Field(description="Addresses as findings show them: aws_lambda_function.orders, module.*.aws_lambda_function.this[0].")
    root: Glob = Field(
        default="*", description="Root folders as findings show them, relative to the git top level; all of them unless given."
    )
    key: Line = Field(
        description="What it explains: a feature, or the id of one policy.",
        json_schema_extra={"anyOf": [{"enum": list(FEATURES)}, {"pattern": f"^{POLICY_ID.pattern}$"}]},
    )
    category: Line = Field(description="The kind of reason; each key takes some of them.", json_schema_extra={"enum": list(_CATEGORIES)})
    until: Line = Field(description="The last day on which it holds, YYYY-MM-DD.", json_schema_extra={"format": "date"})
    owner: Line = Field(description="Who knows, and will be asked when it ends.")
    text: Text = Field(default="", description="What a colleague would want to know; `other` needs three words or more.")

    @field_validator("category")
    @classmethod
    def _category(cls, written: str, info: ValidationInfo) -> str:
        if "key" in info.data and (fault := next(faults_of_category(info.data["key"], written.lower(), "a long text"), None)):
            raise _wrong(f"{fault}.")
        return written.lower()

    @field_validator("key")
    @classmethod
    def _key(cls, written: str) -> str:
        key = canonical(written)
        if key is not None:
            return key
        meant = nearest(written.removeprefix(PREFIX), tuple(FEATURES))
        hint = f"did you mean `{meant}`?" if meant else f"the features are {', '.join(FEATURES)}; a policy's id works as well."
        raise _wrong(f"there is no feature `{shortened(written)}`; {hint}")

    @field_validator("until")
    @classmethod
    def _until(cls, written: str) -> str:
        if fault := next(faults_of_day(written.strip()), None):
            raise _wrong(f"{fault}.")
        return written.strip()

    @field_validator("owner")
    @classmethod
    def _owner(cls, written: str) -> str:
        return _one_line(written, "owner")

    @field_validator("text")
    @classmethod
    def _text(cls, written: str) -> str:
        return " ".join(written.split())

    @model_validator(mode="after")
    def _says_enough(self) -> ReasonPart:
        if fault := next(faults_of_category(self.key, self.category, self.text), None):
            raise _wrong(f"{fault}.", "category")
        return self


class SettingsPart(_Part):
    """What the people who run serverful have decided for themselves. Everything is optional."""

    thresholds: ThresholdsPart = Field(default_factory=lambda: ThresholdsPart())
    organisation: OrganisationPart = Field(default_factory=lambda: OrganisationPart())
    reasons: list[ReasonPart] = Field(default_factory=list, description="Recorded reasons by address.")
    var_files: list[Line] = Field(
        default_factory=list, description=".tfvars files that count in every root, as --var-file; paths relative to this file."
    )
    pages_url: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=1000)] | None = Field(
        default=None, description="Where you host the policies' pages; findings link there instead of naming `serverful explain`."
    )


def _one_line(written: str, name: str) -> str:
    if not written.strip():
        raise _wrong(f"`{name}` is blank.")
    return " ".join(written.split())


def _wrong(says: str, field: str = "") -> PydanticCustomError:
    # The sentence may hold braces, so it is no template.
    return PydanticCustomError("serverful", "{says}", {"says": says, "field": field})


# --- text to settings -------------------------------------------------------------------------------------------------------------------


def load(path: Path, shown: str) -> Settings:
    """The settings in a file, which is called `shown` in places and faults. Raises SettingsError, and nothing else."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SettingsError([_unreadable(path, shown, error)]) from error
    return parse(content, shown, path.parent)


def parse(content: bytes, shown: str, folder: Path) -> Settings:
    """The settings in these bytes; `folder` is where their file stands. Raises SettingsError that names all that is wrong."""
    written = read_yaml(content, shown)
    faults = list(written.faults)
    part = SettingsPart()
    if written.is_whole and written.data is not None:
        try:
            part = SettingsPart.model_validate(written.data)
        except ValidationError as error:
            refused = {fault.line for fault in written.faults}
            for one in error.errors(include_url=False):
                # A value that YAML has refused is missing afterwards: one fault, not two.
                is_told = written.lines.get(one["loc"]) in refused and (one["type"] == "missing" or one["input"] is None)
                faults += [] if is_told else [_fault(one, written, shown)]
    faults += _faults_of_files(_names_of_files(written.data), folder, written, shown)
    if faults:
        ordered = sorted(faults, key=lambda fault: fault.line)
        raise SettingsError([SettingsFault(harmless(f.file), f.line, harmless(f.says), harmless(f.mend)) for f in ordered])
    return _settings(part, written, shown, folder)


def _settings(part: SettingsPart, written: Written, shown: str, folder: Path) -> Settings:
    def place(*where: str | int) -> Place:
        line = written.line_of(where)
        *above, number = where
        return Place(root=".", address=f"{'.'.join(map(str, above))}[{number}]", file=shown, line=line, end_line=line)

    return Settings(
        thresholds=Thresholds(**part.thresholds.model_dump()),
        vpc_required=tuple(
            VpcDemand(demand.tag, demand.value, demand.because, place("organisation", "vpc_required", number))
            for number, demand in enumerate(part.organisation.vpc_required)
        ),
        budgets=tuple(
            Budget(budget.root, budget.share, budget.because, place("organisation", "budgets", number))
            for number, budget in enumerate(part.organisation.budgets)
        ),
        layer_publishers=tuple(part.organisation.layer_publishers),
        extensions=tuple(
            AllowedExtension(extension.layer, extension.because, place("organisation", "extensions", number))
            for number, extension in enumerate(part.organisation.extensions)
        ),
        open_routes=tuple(
            OpenRoute(route.route, route.because, place("organisation", "open_routes", number))
            for number, route in enumerate(part.organisation.open_routes)
        ),
        reasons=tuple(_reason(reason, place("reasons", number)) for number, reason in enumerate(part.reasons)),
        var_files=tuple(os.path.normpath(folder / name) for name in part.var_files),
        pages_url=part.pages_url,
        file=shown,
    )


def _reason(part: ReasonPart, place: Place) -> StatedReason:
    until = day(part.until)
    assert until is not None, "the validator lets no other pass"
    return StatedReason(part.address, part.root, part.key, part.category, until, part.owner, part.text, place)


# --- what is wrong, for people ----------------------------------------------------------------------------------------------------------


def _unreadable(path: Path, shown: str, error: OSError | ValueError) -> SettingsFault:
    if path.is_symlink() and not path.exists():
        return SettingsFault(
            harmless(shown), 0, f"is a link to {harmless(str(path.readlink()))}, which is not there.", "Mend or remove it."
        )
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return SettingsFault(harmless(shown), 0, "is a folder, not a settings file.", "Name the file, or rename the folder.")
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SettingsFault(harmless(shown), 0, f"cannot be read: {harmless(why)}.", "Give read permission, or name another file.")


def _fault(error: ErrorDetails, written: Written, shown: str) -> SettingsFault:
    where: Where = error["loc"]
    context: Mapping[str, Any] = error.get("ctx") or {}
    if error["type"] == "serverful" and context["field"]:
        where = (*where, context["field"])
    says, mend = _words(error, where, context)
    return SettingsFault(shown, written.line_of(where), says, mend)


def _words(error: ErrorDetails, where: Where, context: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and how it is mended, by pydantic's types of errors."""
    kind, given = error["type"], error.get("input")
    name = str(next((step for step in reversed(where) if isinstance(step, str)), "the file"))
    known = _keys_at(where[:-1])
    entry = f"an entry of `{name}`" if where and isinstance(where[-1], int) else f"`{name}`"
    match kind:
        case "extra_forbidden":
            meant = nearest(name, known)
            hint = f"did you mean '{meant}'?" if meant else "it would be ignored."
            holder = f" in `{where[-2] if isinstance(where[-2], str) else where[-3]}`" if len(where) > 1 else ""
            return f"there is no setting '{shortened(name)}'{holder}; {hint}", f"Allowed here: {', '.join(known)}."
        case "missing":
            return f"`{name}` is missing.", f"Write `{name}: …` into the entry; it takes {', '.join(known)}."
        case "serverful":
            return str(context["says"]), "Change it: as it stands, it would not count."
        case "greater_than_equal" | "less_than_equal":
            bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
            return f"`{name}` is {given}; it has to be {bound}.", "Change it, or leave it out for the default."
        case "string_pattern_mismatch" if name == "pages_url":
            return "`pages_url` is no address of a web page.", "Write it as https://…, without blanks."
        case "string_pattern_mismatch":
            return f"'{shortened(str(given))}' is no AWS account.", 'An account is twelve digits in quotes: "123456789012".'
        case "string_too_short":
            return f"{entry} is empty.", "Write what it says, or remove the entry."
        case "string_too_long":
            return f"{entry} is longer than {context['max_length']} characters.", "Shorten it."
        case "string_type" if isinstance(given, bool | int | float):
            return f"{entry} is {_described(given)}; it has to be text.", "Put it into quotes."
    wanted = {
        "int_type": "a whole number",
        "float_type": "a number",
        "string_type": "text",
        "list_type": "a list",
        "model_type": "a mapping of keys to values",
    }
    says = f"{entry} is {_described(given)}; it has to be {wanted.get(kind, 'something else')}."
    if not where:
        says = f"the settings are {_described(given)}; they have to be a mapping of keys to values."
    if kind == "list_type":
        return says, "Begin each entry on a line of its own, with `- ` before it."
    return says, f"Allowed here: {', '.join(_keys_at(where))}." if _keys_at(where) else "Change it, or leave it out for the default."


def _described(given: object) -> str:
    match given:
        case None:
            return "nothing"
        case bool():
            return f"the word {str(given).lower()} without quotes"
        case int():
            return f"the number {given}"
        case float():
            return "a number with a fraction"
        case str():
            return f"the text '{shortened(given)}'"
        case list():
            return "a list"
    return "a mapping of keys to values"


def _keys_at(where: Where) -> tuple[str, ...]:
    """The keys that a mapping at that path takes; none where no mapping stands."""
    model: type[BaseModel] | None = SettingsPart
    for step in where:
        if model is not None and isinstance(step, str):
            field = model.model_fields.get(step)
            model = _model_in(field.annotation) if field else None
    return tuple(model.model_fields) if model else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """`ThresholdsPart` -> itself, `list[ReasonPart]` -> ReasonPart, anything else -> None."""
    inner = (getattr(annotation, "__args__", None) or (annotation,))[0]
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _names_of_files(data: object) -> list[tuple[int, str]]:
    """What is a name among `var_files`, also where the rest of the file is wrong: everything is said at once."""
    written = data.get("var_files") if isinstance(data, dict) else None
    return [(number, name) for number, name in enumerate(written) if isinstance(name, str)] if isinstance(written, list) else []


def _faults_of_files(names: Sequence[tuple[int, str]], folder: Path, written: Written, shown: str) -> Iterator[SettingsFault]:
    for number, name in names:
        path = os.path.join(folder, name)  # noqa: PTH118 - os.path answers for names that pathlib raises on
        if not os.path.isfile(path):  # noqa: PTH113
            what = "is a folder" if os.path.isdir(path) else "is not there"  # noqa: PTH112
            says = f"the variables file '{shortened(name)}' {what}."
            yield SettingsFault(shown, written.line_of(("var_files", number)), says, f"Paths count from the folder of {shown}.")


# --- the schema -------------------------------------------------------------------------------------------------------------------------


def schema() -> str:
    """The JSON Schema (draft 2020-12) of a settings file, for editors; indented, without a line break at the end."""
    made = SettingsPart.model_json_schema(schema_generator=_Schema)
    told = {"$schema": GenerateJsonSchema.schema_dialect, "title": "Settings of serverful", **made}
    return json.dumps({**told, "title": "Settings of serverful"}, indent=2, ensure_ascii=False)


class _Schema(GenerateJsonSchema):
    """Without the titles that pydantic makes of names: editors show the names anyway."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
