"""The checks of what a run stands on: its codes, its people, their day, and who was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from kyodo_geo.model.allocation import Allocation
from kyodo_geo.model.check import Check, verdict
from kyodo_geo.model.grants import PopulationUsed
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.rules.formula import COUNTED, Addon, Counting, Term
from kyodo_geo.rules.read_counting import WHO

_PEOPLE = frozenset({"population", "ageing_percent"})
_HOMES = frozenset({"households"})


def input_checks(allocation: Allocation, scenario: Scenario, population: PopulationUsed) -> tuple[Check, ...]:
    """Return the checks of codes, population, reference day and who counts."""
    return (
        *_codes(allocation, population),
        *_population_total(allocation, population),
        *_counting(allocation, scenario, population),
        *_who_counts(allocation),
    )


def _codes(allocation: Allocation, population: PopulationUsed) -> Iterator[Check]:
    codes = [unit.code for unit in allocation.units]
    doubled = [code for code, times in Counter(codes).items() if times > 1]
    yield verdict("codes_unique", "コードに重なりがない", "0 件", f"{len(doubled)} 件", good=not doubled)
    if not population.expected_codes:
        said = "照らす一覧がありません(入力した単位の表)"
        yield Check("codes_complete", "コードがそろっている", "一覧", f"{len(codes)} 件", "", "note", said)
        return
    missing = sorted(set(population.expected_codes) - set(codes))
    extra = sorted(set(codes) - set(population.expected_codes))
    said = " / ".join(
        f"{word}: {'、'.join(some)}" for word, some in (("足りない", missing), ("余分", extra)) if some
    )
    expected = f"{len(population.expected_codes)} 件"
    yield verdict(
        "codes_complete", "コードがそろっている", expected, f"{len(codes)} 件", good=not said, reference=said
    )


def _population_total(allocation: Allocation, population: PopulationUsed) -> Iterator[Check]:
    found = sum(unit.population for unit in allocation.units)
    label = "人口の合計が、その日の公表値と合う"
    if population.published_total is None:
        said = "その日の公表された合計が手元にありません"
        yield Check("population_total", label, "公表値なし", f"{found:,} 人", "", "note", said)
        return
    gap = found - population.published_total
    yield Check(
        "population_total", label, f"{population.published_total:,} 人", f"{found:,} 人", f"{gap:+,}" if gap else "0",
        "fail" if gap else "pass", population.published_reference,
    )  # fmt: skip


def _counting(allocation: Allocation, scenario: Scenario, population: PopulationUsed) -> Iterator[Check]:
    """Compare the day and the way of counting with what the rule says of each counted term.

    Households may be counted on another day than people. The day a table states is that of its people, so the day of
    such households can only be noted.
    """
    counted = [term for term in allocation.settled.formula.parts if _counted(term) or _counted(term, _HOMES)]
    people = {term.counting.day(scenario.fiscal_year) for term in counted if _counted(term)}
    seen = dict[tuple[date | None, str], tuple[Counting, bool]]()
    for term in counted:
        day = term.counting.day(scenario.fiscal_year)
        apart = bool(people) and day not in people  # then no term of people is of this day
        seen.setdefault((day, term.counting.counted_by), (term.counting, apart))
    for counting, apart in seen.values():
        wanted = counting.day(scenario.fiscal_year) or scenario.reference_day
        yield _day_check(counting, wanted, population, apart=apart)
        if not counting.counted_by and not apart:
            said = "規則に定めがありません。この数え方でよいか確かめてください"
            label, found = "人口の数え方(規則に定めなし)", population.counted_by or "不明"
            yield Check("counted_by", label, "定めなし", found, "", "note", said)
        elif counting.counted_by:
            good, found = population.counted_by == counting.counted_by, population.counted_by or "不明"
            label = "人口の数え方が規則のとおり"
            yield verdict(
                "counted_by", label, counting.counted_by, found, good=good, reference=counting.reference
            )


def _day_check(counting: Counting, wanted: date | None, population: PopulationUsed, *, apart: bool) -> Check:
    label, found = "人口の基準日が規則のとおり", population.reference_date
    if wanted is None:
        said = "規則の基準日が分かりません。確定する前に基準日を入れてください"
        return Check("reference_day", label, "入力が必要", found, "", "fail", said)
    if apart:
        said = "表に書かれた基準日は人口のものです。世帯数がこの日のものか、人が確かめてください"
        label = "世帯数の基準日が規則のとおり"
        return Check("households_day", label, wanted.isoformat(), "表に記載なし", "", "note", said)
    good = found == wanted.isoformat()
    if good and not counting.month_day:
        label, said = (
            "人口の基準日(規則に定めなし)",
            "規則に定めがないため、人が入れた日と比べました。その日でよいか確かめてください",
        )
        return Check("reference_day", label, f"入力した日 {wanted.isoformat()}", found, "", "note", said)
    return verdict("reference_day", label, wanted.isoformat(), found, good=good, reference=counting.reference)


def _counted(term: Term | Addon, what: frozenset[str] = _PEOPLE) -> bool:
    """Say whether a term or an add-on looks at people (or at something else that is counted on a day)."""
    by = term.coefficient_by if isinstance(term, Term) else None
    measures = {term.measure, by.measure if by else ""}
    return any(one in what or (what is _PEOPLE and one.startswith("age_")) for one in measures)


def _who_counts(allocation: Allocation) -> Iterator[Check]:
    """Note that no table says whether foreigners and residents of homes are in it, where the rule decides on them."""
    seen = dict[str, str]()
    for term in allocation.settled.formula.terms:
        if term.kind in COUNTED:
            for label, who in (
                ("外国人", term.counting.foreigners),
                ("施設の入所者", term.counting.care_homes),
            ):
                if who != "unknown":
                    seen[f"{label}は{WHO[who]}"] = term.counting.reference
    if seen:
        said = "人口の表には書かれていません。規則のとおりの表か、人が確かめてください"
        yield Check("who_counts", "数える人が規則のとおり", "、".join(seen), "表に記載なし", "", "note", said)
