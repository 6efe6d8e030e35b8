"""What is wrong with an entry about a programme or an answer of a council, before it is recorded."""

from __future__ import annotations

import re
from collections.abc import Collection

from kyodo_geo.errors import Fault
from kyodo_geo.model.changes import Change
from kyodo_geo.model.programmes.plan import Plan
from kyodo_geo.model.programmes.progress import fiscal_year_of
from kyodo_geo.model.programmes.questionnaire import NO_ANSWER, Questionnaire

PROGRESS_KEYS = {
    "planned": "予定",
    "done": "したこと",
    "evidence": "根拠となる資料",
    "figure": "数値",
    "figure_unit": "数値の単位",
    "assessment": "評価",
    "next": "次にすること",
}
ANSWER_KEYS = {"survey": "アンケート", "item": "項目", "answer": "回答", "public": "公開の同意"}
_PUBLIC = ("yes", "no")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_LONGEST_WORD = 30  # characters: a longer answer is no word of a scale


def progress_faults(change: Change, plan: Plan) -> tuple[Fault, ...]:
    """Return every fault of a change of kind progress; none for one that takes another back (undoes).

    The programme must be the plan's, the year one of its years, the values at least one and of PROGRESS_KEYS, a figure
    plain digits (a decimal point allowed) with its unit, and the assessment a word of the plan.
    """
    if change.undoes is not None:
        return ()
    faults = _kind_faults(change, "progress")
    if change.subject not in {plan.subject(one.no) for one in plan.programmes}:
        faults.append(Fault(f"「{change.subject}」という事業は{plan.title}にありません", column="対象"))
    year = fiscal_year_of(change)
    if not plan.first_year <= year <= plan.last_year:
        span = f"{plan.years[0].label}〜{plan.years[-1].label}"
        faults.append(Fault(f"{plan.title}の期間({span})の外です", column="いつから"))
    faults += _unknown_keys(change, PROGRESS_KEYS)
    if not change.values:
        faults.append(Fault("書かれた項目がありません。予定・したこと・評価などを1つ以上書いてください"))
    return tuple(faults + _figure_faults(change) + _assessment_faults(change, plan))


def answer_faults(
    change: Change, questionnaire: Questionnaire, *, councils: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Return every fault of a change of kind answer; none for one that takes another back (undoes).

    The survey and item must be the questionnaire's. An answer is 無回答, a word of the scale where the whole scale is
    known, else a word of up to 30 characters; wishes are any text. `public` is yes or no; left out, it is no.
    With `councils` given, the subject must be one of them.
    """
    if change.undoes is not None:
        return ()
    faults = _kind_faults(change, "answer") + _unknown_keys(change, ANSWER_KEYS)
    if councils is not None and change.subject not in councils:
        faults.append(Fault(f"「{change.subject}」という地域協働体はありません", column="対象"))
    for key in ("survey", "item", "answer"):
        if key not in change.values:
            faults.append(Fault("値がありません", column=ANSWER_KEYS[key]))
    survey, public = change.values.get("survey", questionnaire.id), change.values.get("public", "no")
    if survey != questionnaire.id:
        faults.append(Fault(f"「{survey}」ではなく「{questionnaire.id}」です", column=ANSWER_KEYS["survey"]))
    if public not in _PUBLIC:
        faults.append(
            Fault(f"yes か no を書いてください。「{public}」は使えません", column=ANSWER_KEYS["public"])
        )
    return tuple(faults + _word_faults(change, questionnaire))


def _word_faults(change: Change, questionnaire: Questionnaire) -> list[Fault]:
    item, answer = change.values.get("item"), change.values.get("answer")
    if item is None:
        return []
    section = questionnaire.section_of(item)
    if section is None:
        return [Fault(f"「{item}」という項目は{questionnaire.title}にありません", column=ANSWER_KEYS["item"])]
    if answer is None or answer == NO_ANSWER or questionnaire.scale_of(item) is None:
        return []
    if section.scale_complete and answer not in section.scale:
        allowed = "、".join((*section.scale, NO_ANSWER))
        return [Fault(f"{allowed} のどれかです。「{answer}」は使えません", column=ANSWER_KEYS["answer"])]
    if len(answer) > _LONGEST_WORD:
        return [Fault(f"回答は{_LONGEST_WORD}字までの語です({len(answer)}字)", column=ANSWER_KEYS["answer"])]
    return []


def _kind_faults(change: Change, kind: str) -> list[Fault]:
    return (
        []
        if change.kind == kind
        else [Fault(f"種類は {kind} です。「{change.kind}」は使えません", column="種類")]
    )


def _unknown_keys(change: Change, known: Collection[str]) -> list[Fault]:
    allowed = "、".join(known)
    return [
        Fault(f"知らない項目「{key}」(使える項目: {allowed})", column=key)
        for key in change.values
        if key not in known
    ]


def _figure_faults(change: Change) -> list[Fault]:
    figure, unit = change.values.get("figure"), change.values.get("figure_unit")
    faults = []
    if figure is not None and not _NUMBER.fullmatch(figure):
        faults.append(
            Fault(
                f"数字だけで書いてください(例 14、2.5)。「{figure}」は使えません",
                column=PROGRESS_KEYS["figure"],
            )
        )
    if (figure is None) != (unit is None):
        missing = "figure" if figure is None else "figure_unit"
        faults.append(Fault("数値と単位は一緒に書いてください", column=PROGRESS_KEYS[missing]))
    return faults


def _assessment_faults(change: Change, plan: Plan) -> list[Fault]:
    word = change.values.get("assessment")
    if word is None or word in plan.words:
        return []
    what = f"{'、'.join(plan.words)} のどれかです。「{word}」は使えません"
    return [Fault(what, column=PROGRESS_KEYS["assessment"])]
