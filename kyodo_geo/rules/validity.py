"""What must hold between the parts of a rule file: names that exist, no circles, bands in order, one remainder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise

from kyodo_geo.rules.formula import Band, Claim, Formula, How, LeftoverMethod, Limit, Ref, Term
from kyodo_geo.rules.rounding import Direction
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.timeline import Dated, Timeline

Values = Mapping[str, Timeline[RuleValue]]
# The ids of the steps that every allocation has
_STEP = re.compile(r"floor|cap|transition|rounded|remainder|total|instalment_\d+|.*_(weight|before_rounding)")


def formula_faults(formula: Formula, claim: Claim | None, values: Values, in_force: date) -> Iterator[str]:
    """Yield what is wrong between the parts of a formula, each in one sentence."""
    ids = [term.id for term in formula.terms] + [addon.id for addon in formula.addons]
    yield from (f"id「{key}」が2回あります" for key, times in Counter(ids).items() if times > 1)
    yield from (f"id「{key}」は計算の段階の名前なので使えません" for key in ids if _STEP.fullmatch(key))
    yield from _unknown_names(formula, claim, values, in_force)
    yield from _limits(formula)
    yield from _leftover(formula)
    for label, bands in _all_bands(formula):
        yield from _disorder(label, bands, values)
    yield from _percents(formula, values)


def _unknown_names(formula: Formula, claim: Claim | None, values: Values, in_force: date) -> Iterator[str]:
    refs: list[Ref] = [*formula.refs(), *(one.value for term in formula.terms for one in term.amounts)]
    if claim:
        refs += [claim.rate, claim.reserve_share, claim.reserve_years, claim.total_years, claim.total_limit]
    for name in dict.fromkeys(ref for ref in refs if isinstance(ref, str) and ref):
        if name not in values:
            yield f"値「{name}」が [[value]] にありません"
    for name, timeline in values.items():
        if timeline.entries[0].since < in_force:
            yield f"値「{name}」の日({timeline.entries[0].since})が規則の初日({in_force})より前です"


def _limits(formula: Formula) -> Iterator[str]:
    terms = {term.id: term for term in formula.terms}
    rests = {term.id for term in formula.terms if any(one.how is How.REST for one in term.amounts)}
    named = [(term.label, limit, term.id) for term in formula.terms for limit in (term.floor, term.cap)]
    named += [("unit", limit, "") for limit in (formula.floor, formula.cap)]
    for label, limit, key in named:
        if not limit or not limit.of:
            continue
        if limit.of not in terms:
            yield f"{label}: of = 「{limit.of}」という項はありません"
        elif terms[limit.of].optional:
            yield f"{label}: of = 「{limit.of}」は省ける項(optional)なので、上限・下限の元にできません"
        elif key and key != limit.of and limit.of in rests:
            yield f"{label}: of = 「{limit.of}」は残り(rest)で決まる項なので、上限・下限の元にできません(循環)"
    for term in formula.terms:
        if _comes_back(term, terms):
            yield f"{term.label}: 上限・下限が自分自身に戻ってきます(循環)"


def _comes_back(term: Term, terms: Mapping[str, Term]) -> bool:
    seen: set[str] = set()
    waiting = list(_of(term.floor, term.cap))
    while waiting:
        key = waiting.pop()
        if key == term.id:
            return True
        if key not in seen and key in terms:
            seen.add(key)
            waiting += _of(terms[key].floor, terms[key].cap)
    return False


def _of(*limits: Limit | None) -> list[str]:
    return [limit.of for limit in limits if limit and limit.of]


def _leftover(formula: Formula) -> Iterator[str]:
    if sum(any(one.how is How.REST for one in term.amounts) for term in formula.terms) > 1:
        yield "残り(rest)で決まる項は1つだけです"
    yield from leftover_faults(formula)


def leftover_faults(formula: Formula) -> Iterator[str]:
    """Yield why the leftover cannot be treated as the formula says; a choice of the user is judged by it too."""
    method = formula.leftover.method
    if method is LeftoverMethod.FIRST_INSTALMENT and formula.instalments is None:
        yield "残りを第1回に含めるには [instalments] が要ります"
    rests = [term.rounding for term in formula.terms if any(one.how is How.REST for one in term.amounts)]
    used = [one for one in (formula.rounding, *rests) if one]
    if method.hands_out and any(one.direction is not Direction.FLOOR for one in used):
        yield f"残りを{method.label}ときは、単位ごとの端数処理を切り捨て(floor)にしてください"


def _all_bands(formula: Formula) -> Iterator[tuple[str, tuple[Band, ...]]]:
    for term in formula.terms:
        yield term.label, term.bands
        yield term.label, term.coefficient_by.bands if term.coefficient_by else ()


def _disorder(label: str, bands: tuple[Band, ...], values: Values) -> Iterator[str]:
    """Check the lower bounds on every day on which one of them changes."""
    days = sorted({entry.since for band in bands for entry in _entries(band.lower, values)}) or [date.max]
    for day in days:
        bounds = [_on(band.lower, values, day) for band in bands]
        if bounds and bounds[0] not in {None, Fraction(0)}:
            yield f"{label}: 最初の段階は 0 からにしてください({bounds[0]} 未満にすき間)"
        for lower, upper in pairwise(bounds):
            if lower is not None and upper is not None and upper <= lower:
                yield f"{label}: 段階の下限は小さい順です。{lower} の次が {upper} です(重なり)"


def _entries(ref: Ref, values: Values) -> tuple[Dated[RuleValue], ...]:
    return values[ref].entries if isinstance(ref, str) and ref in values else ()


def _on(ref: Ref, values: Values, day: date) -> Fraction | None:
    """Return the number of a reference on a day; None when it must be supplied or does not stand yet."""
    if isinstance(ref, Fraction):
        return ref
    if ref not in values or values[ref].entries[0].since > day:
        return None
    value = values[ref].at(day).value
    return value.amount if isinstance(value, RuleValue) else None


def _percents(formula: Formula, values: Values) -> Iterator[str]:
    named = [
        (term.label, one.value) for term in formula.terms for one in term.amounts if one.how is How.SHARE
    ]
    named += [
        (label, limit.percent)
        for label, limit in (
            ("unit.floor", formula.floor),
            *((term.label, term.floor) for term in formula.terms),
        )
        if limit and limit.percent != ""
    ]
    if formula.transition:
        named.append(("経過措置", formula.transition.percent))
    for label, ref in named:
        if isinstance(ref, str) and any(
            isinstance(entry.value, RuleValue) and entry.value.unit != "%" for entry in _entries(ref, values)
        ):
            yield f'{label}: 割合に使う値「{ref}」の unit は "%" にしてください'
        amounts = [ref] if isinstance(ref, Fraction) else [
            entry.value.amount
            for entry in (values[ref].entries if ref in values else ())
            if isinstance(entry.value, RuleValue) and entry.value.amount is not None
        ]  # fmt: skip
        yield from (f"{label}: 割合が 100 % を超えています({amount} %)" for amount in amounts if amount > 100)
