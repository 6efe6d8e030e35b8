"""The survey of a plan file: its sections, items, wishes and the words of the scale that the plan names."""

from __future__ import annotations

from kyodo_geo.model.programmes.questionnaire import NO_ANSWER, Item, Questionnaire, Section, Wishes
from kyodo_geo.rules.fields import Fields

_SURVEY = {"id", "title", "fiscal_year", "asked", "answered", "numbers_published", "reference", "section"}
_SECTION = {"id", "title", "summary", "scale", "scale_complete", "scale_note", "reference", "item"}
_ITEM = {"id", "mark", "title"}


def read_survey(fields: Fields) -> Questionnaire | None:
    """Read the survey of a plan, None where it has none; faults are noted: ids twice, more answers than asked."""
    inner = fields.inner("survey")
    if inner is None:
        return None
    inner.allow(_SURVEY | {"year_note"}, _SURVEY)
    survey = Questionnaire(
        id=inner.name("id"),
        title=inner.text("title"),
        fiscal_year=inner.whole("fiscal_year", 0),
        year_note=inner.text("year_note"),
        asked=inner.whole("asked", 0),
        answered=inner.whole("answered", 0),
        numbers_published=inner.flag("numbers_published", default=False),
        reference=inner.text("reference"),
        sections=tuple(_section(row) for row in inner.rows("section")),
    )
    if not 0 <= survey.answered <= survey.asked:
        inner.fault(f"回答した数({survey.answered})は0から対象の数({survey.asked})までです", "answered")
    _once(inner, [section.id for section in survey.sections], "section")
    _once(inner, list(survey.ids()), "item")
    return survey


def _section(fields: Fields) -> Section:
    fields.allow(_SECTION | {"wishes"}, _SECTION)
    section = Section(
        id=fields.name("id"),
        title=fields.text("title"),
        summary=fields.text("summary"),
        reference=fields.text("reference"),
        items=tuple(_item(row) for row in fields.rows("item")),
        scale=fields.texts("scale"),
        scale_complete=fields.flag("scale_complete", default=False),
        scale_note=fields.text("scale_note"),
        wishes=_wishes(fields),
    )
    if not section.items:
        fields.fault("項目が1つもありません", "item")
    if section.scale_complete and len(section.scale) < 2:
        fields.fault("尺度の全体(scale_complete)には語が2つ以上要ります", "scale")
    if NO_ANSWER in section.scale:
        fields.fault(f"「{NO_ANSWER}」は尺度の語にできません", "scale")
    _once(fields, list(section.scale), "scale")
    return section


def _item(fields: Fields) -> Item:
    fields.allow(_ITEM, _ITEM)
    return Item(fields.name("id"), fields.text("mark"), fields.text("title"))


def _wishes(fields: Fields) -> Wishes | None:
    inner = fields.inner("wishes")
    if inner is None:
        return None
    inner.allow(_ITEM | {"stated"}, _ITEM)
    return Wishes(inner.name("id"), inner.text("mark"), inner.text("title"), inner.texts("stated"))


def _once(fields: Fields, names: list[str], key: str) -> None:
    for name in sorted({one for one in names if one and names.count(one) > 1}):
        fields.fault(f"「{name}」が2つ以上あります", key)
