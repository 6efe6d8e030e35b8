"""The rows of a plan file: policies, programmes with their schedule, history, roles, words of assessment, follow-up."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from kyodo_geo.model.programmes.plan import (
    COMPUTED,
    SCHEDULE_KINDS,
    STANDINGS,
    TIED_BY,
    AssessmentWord,
    FollowUp,
    LooseWords,
    PastEvent,
    Policy,
    Programme,
    Role,
    Scheduled,
)
from kyodo_geo.rules.fields import Fields, exact_number

_PROGRAMME = {"no", "policy", "measure", "title", "content", "who", "reference", "schedule_not_readable"}
_PROGRAMME_MAY = {"rate", "limit_yen", "limit_words", "conditions", "not_stated", "rule", "computed", "schedule"}  # fmt: skip
_FOLLOW_UP = {"body", "members", "tasks", "methods", "review", "reference"}
_MONTH_OR_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_FIRST, _LAST = 1989, 2200  # fiscal years a plan of a city can speak of


def read_policy(fields: Fields) -> Policy:
    """Read a basic policy; its number is at least 1."""
    keys = {"no", "mark", "title", "summary", "measures", "reference"}
    fields.allow(keys, keys)
    return Policy(
        no=_number(fields, "no"),
        mark=fields.text("mark"),
        title=said(fields, "title"),
        summary=fields.text("summary"),
        measures=fields.texts("measures"),
        reference=said(fields, "reference"),
    )


def read_programme(fields: Fields, rules: Collection[str] | None) -> Programme:
    """Read a programme with its schedule.

    Faults: a schedule without years that does not say so, or with years though it says they cannot be read; a rate that
    is not above 0 and at most 1; a rule that is none of `rules` (None: not asked); a computed figure that is unknown.
    """
    fields.allow(_PROGRAMME | _PROGRAMME_MAY, _PROGRAMME)
    unreadable = fields.flag("schedule_not_readable", default=False)
    return Programme(
        no=_number(fields, "no"),
        policy=_number(fields, "policy"),
        measure=fields.text("measure"),
        title=said(fields, "title"),
        content=_some(fields, "content"),
        who=said(fields, "who"),
        schedule=tuple(_scheduled(row, unreadable=unreadable) for row in fields.rows("schedule")),
        schedule_not_readable=unreadable,
        reference=said(fields, "reference"),
        rate=_rate(fields),
        limit_yen=_number(fields, "limit_yen") if "limit_yen" in fields.raw else None,
        limit_words=fields.text("limit_words"),
        conditions=fields.texts("conditions"),
        not_stated=fields.texts("not_stated"),
        rule=_rule(fields, rules),
        computed=_computed(fields),
    )


def _scheduled(fields: Fields, *, unreadable: bool) -> Scheduled:
    years = {"first_year", "last_year"}
    fields.allow({"words", "kind", "tied_by", *years}, {"words", "kind"})
    stated = years & set(fields.raw)
    if unreadable and stated:
        fields.fault("schedule_not_readable = true の事業には年度を書けません")
    if not unreadable and stated != years:
        fields.fault("first_year と last_year を書くか、schedule_not_readable = true としてください")
    first, last = (year_in(fields, key) if key in fields.raw else None for key in ("first_year", "last_year"))
    return Scheduled(
        words=said(fields, "words"),
        kind=fields.choice("kind", SCHEDULE_KINDS),
        tied_by=fields.choice("tied_by", TIED_BY, "table"),
        first=first,
        last=last,
    )


def _rate(fields: Fields) -> Fraction | None:
    if "rate" not in fields.raw:
        return None
    rate = exact_number(fields.raw["rate"])
    if rate is None or not 0 < rate <= 1:
        fields.fault(f'0 より大きく 1 以下の分数(例 "2/3")です。「{fields.raw["rate"]}」は使えません', "rate")
        return None
    return rate


def _rule(fields: Fields, rules: Collection[str] | None) -> str:
    rule = fields.name("rule")
    if rule and rules is not None and rule not in rules:
        fields.fault(f"規則「{rule}」はありません(ある規則: {'、'.join(sorted(rules))})", "rule")
    return rule


def _computed(fields: Fields) -> tuple[str, ...]:
    keys = fields.texts("computed")
    for key in keys:
        if key not in COMPUTED:
            fields.fault(f"{'、'.join(COMPUTED)} のどれかです。「{key}」は使えません", "computed")
    if "grants_paid" in keys and not fields.raw.get("rule"):
        fields.fault("交付した額(grants_paid)には規則(rule)が要ります", "computed")
    return tuple(key for key in keys if key in COMPUTED)


def read_loose(fields: Fields) -> LooseWords:
    """Read words of a schedule that may belong to any of at least two programmes."""
    keys = {"words", "programmes", "why", "reference"}
    fields.allow(keys, keys)
    named = fields.raw.get("programmes", [])
    if not isinstance(named, list) or not all(type(one) is int for one in named) or len(named) < 2:
        fields.fault("事業の番号を2つ以上 [8, 9] のように書いてください", "programmes")
        named = []
    return LooseWords(said(fields, "words"), tuple(named), said(fields, "why"), said(fields, "reference"))


def read_past(fields: Fields) -> PastEvent:
    """Read a row of the history; a day must be 2010-12 or 2010-12-01 and lie in the row's fiscal year."""
    needed = {"fiscal_year", "what", "reference"}
    fields.allow(needed | {"day", "in_force", "note"}, needed)
    event = PastEvent(
        fiscal_year=year_in(fields, "fiscal_year"),
        what=said(fields, "what"),
        reference=said(fields, "reference"),
        day=fields.text("day"),
        in_force=fields.text("in_force"),
        note=fields.text("note"),
    )
    for key, text in (("day", event.day), ("in_force", event.in_force)):
        if text and not _MONTH_OR_DAY.fullmatch(text):
            fields.fault(f"2010-12 か 2010-12-01 の形です。「{text}」は使えません", key)
        elif key == "day" and text and _fiscal_year(text) != event.fiscal_year:
            fields.fault(f"「{text}」は{event.fiscal_year}年度ではありません", key)
    return event


def _fiscal_year(text: str) -> int:
    return int(text[:4]) - (int(text[5:7]) < 4)


def read_role(fields: Fields) -> Role:
    """Read a role of the councils with its examples."""
    keys = {"no", "mark", "title", "examples", "reference"}
    fields.allow(keys, keys)
    return Role(
        no=_number(fields, "no"),
        mark=fields.text("mark"),
        title=said(fields, "title"),
        examples=_some(fields, "examples"),
        reference=said(fields, "reference"),
    )


def read_assessment(fields: Fields) -> tuple[tuple[AssessmentWord, ...], str]:
    """Return the words of assessment and the note that says whose they are."""
    inner = fields.inner("assessment")
    if inner is None:
        return (), ""
    inner.allow({"note", "word"}, {"note", "word"})
    words = []
    for row in inner.rows("word"):
        row.allow({"word", "meaning", "standing"}, {"word", "meaning", "standing"})
        words.append(
            AssessmentWord(said(row, "word"), row.text("meaning"), row.choice("standing", STANDINGS))
        )
    if not words:
        inner.fault("評価の語が1つもありません", "word")
    return tuple(words), inner.text("note")


def read_follow_up(fields: Fields) -> FollowUp | None:
    """Read who watches over the plan and how; None where the plan names nobody."""
    inner = fields.inner("follow_up")
    if inner is None:
        return None
    inner.allow(_FOLLOW_UP, _FOLLOW_UP)
    return FollowUp(
        body=said(inner, "body"),
        members=inner.texts("members"),
        tasks=inner.texts("tasks"),
        methods=inner.texts("methods"),
        review=inner.text("review"),
        reference=said(inner, "reference"),
    )


def said(fields: Fields, key: str) -> str:
    """Return a text that must not be empty where its key stands."""
    text = fields.text(key)
    if key in fields.raw and not text.strip():
        fields.fault("空にはできません", key)
    return text


def _some(fields: Fields, key: str) -> tuple[str, ...]:
    texts = fields.texts(key)
    if key in fields.raw and not all(one.strip() for one in texts or ("",)):
        fields.fault("1つ以上、空でない文を書いてください", key)
    return texts


def _number(fields: Fields, key: str) -> int:
    number = fields.whole(key, 0)
    if key in fields.raw and number < 1:
        fields.fault(f"1以上の整数です。「{number}」は使えません", key)
    return number


def year_in(fields: Fields, key: str) -> int:
    """Return a fiscal year by its first calendar year, from 1989 to 2200."""
    year = fields.whole(key, _FIRST)
    if not _FIRST <= year <= _LAST:
        fields.fault(f"年度を西暦で書いてください(例 2019)。「{year}」は使えません", key)
        return _FIRST
    return year
