"""The text of a policy file made into a policy; `docs/policies.md` shows how one looks."""

import json
from collections.abc import Sequence
from math import ceil

from services.sampling.domain.outcomes import PerOutcome
from services.sampling.domain.policy import FIRST_STAGE, Policy
from services.sampling.domain.rank_order import All, Band, Evenly, Every, RankOrder
from shared.errors import FieldError
from shared.i18n import gettext as _


class PolicyError(ValueError):
    """A policy file that cannot be used; `problems` names every place that is wrong."""

    def __init__(self, name: str, problems: Sequence[FieldError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}{p.pointer}: {p.detail}" for p in problems))


def parse_policy(name: str, text: str | bytes) -> Policy:
    """Raise `PolicyError` naming everything that is wrong with the file at once."""
    problems: list[FieldError] = []
    fields = _Fields(_document(name, text), "", problems)
    policy = Policy(
        name=name,
        source=fields.text("source"),
        include_zero=fields.flag("include_zero"),
        cover_teachers=fields.flag("cover_teachers"),
        rule=_rule(fields),
        first_stage=fields.optional_integer("first_stage", least=2) or FIRST_STAGE,
    )
    fields.end()
    if problems:
        raise PolicyError(name, problems)
    return policy


def _document(name: str, text: str | bytes) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        detail = _("is not JSON: %(error)s", error=error)
        raise PolicyError(name, [FieldError("", detail)]) from error


class _Fields:
    """The members of one JSON object, taken one by one; notes what is wrong and goes on.

    What is wrong reads as the least value allowed, so that the rest can still be checked.
    """

    def __init__(self, document: object, pointer: str, problems: list[FieldError]) -> None:
        self.pointer = pointer
        self.problems = problems
        self._left: dict[str, object] = {}
        if isinstance(document, dict):
            self._left = dict(document)
        else:
            problems.append(FieldError(pointer, _("must be an object")))

    def refuse(self, key: str, detail: str) -> None:
        self.problems.append(FieldError(f"{self.pointer}/{key}", detail))

    def has(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str) -> object:
        return self._left.pop(key, None)

    def text(self, key: str) -> str:
        value = self.take(key)
        if isinstance(value, str) and value.strip():
            return value
        self.refuse(key, _("must be a text"))
        return ""

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if isinstance(value, bool):
            return value
        self.refuse(key, _("must be true or false"))
        return False

    def integer(self, key: str, least: int) -> int:
        value = self.take(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.refuse(key, _("must be a whole number of at least %(least)s", least=least))
        return least

    def optional_integer(self, key: str, least: int) -> int | None:
        """None when the member is missing or null."""
        if self._left.get(key) is None:
            self.take(key)
            return None
        return self.integer(key, least)

    def objects(self, key: str) -> list["_Fields"]:
        value = self.take(key)
        if not isinstance(value, list) or not value:
            self.refuse(key, _("must be a list with at least one object"))
            return []
        pointer = f"{self.pointer}/{key}"
        return [_Fields(item, f"{pointer}/{i}", self.problems) for i, item in enumerate(value)]

    def end(self) -> None:
        for key in self._left:
            self.refuse(key, _("is not a known member here"))


def _rule(fields: _Fields) -> RankOrder | PerOutcome:
    if fields.has("bands") == fields.has("per_outcome"):
        fields.refuse("bands", _("there must be either bands or per_outcome"))
    if fields.has("per_outcome"):
        return _per_outcome(fields)
    return RankOrder(_bands(fields.objects("bands")))


def _per_outcome(fields: _Fields) -> PerOutcome:
    pointer = f"{fields.pointer}/per_outcome"
    members = _Fields(fields.take("per_outcome"), pointer, fields.problems)
    each = members.integer("each", least=1)
    rule = PerOutcome(each=each, at_most=members.integer("at_most", least=each))
    members.end()
    return rule


def _bands(all_fields: Sequence[_Fields]) -> tuple[Band, ...]:
    """Bands that leave no number of candidates out, and hold none twice."""
    bands: list[Band] = []
    for fields in all_fields:
        is_last = fields is all_fields[-1]
        expected = (bands[-1].last or bands[-1].first) + 1 if bands else 1
        bands.append(_band(fields, expected, is_last=is_last))
        fields.end()
    return tuple(bands)


def _band(fields: _Fields, expected: int, *, is_last: bool) -> Band:
    first = fields.integer("from", least=1)
    if first != expected:
        fields.refuse("from", _("must be %(number)s", number=expected))
    last = fields.optional_integer("to", least=first)
    if is_last and last is not None:
        fields.refuse("to", _("must be null: the last band has no end"))
    if not is_last and last is None:
        fields.refuse("to", _("only the last band has no end"))
    return Band(first, last, _method(fields, last))


def _method(fields: _Fields, last: int | None) -> All | Every | Evenly:
    name = fields.take("method")
    if name == "every":
        return _every(fields, last)
    if name == "evenly":
        # Two at least: the highest and the lowest are always in.
        return Evenly(fields.integer("count", least=2))
    if name != "all":
        fields.refuse("method", _("must be all, every or evenly"))
    return All()


def _every(fields: _Fields, last: int | None) -> Every:
    step = fields.integer("step", least=2)
    fill_to = fields.optional_integer("fill_to", least=2)
    if fill_to is not None and (last is None or ceil(last / step) > fill_to):
        fields.refuse("fill_to", _("the steps alone must not give more than this in the band"))
    return Every(step, fill_to)
