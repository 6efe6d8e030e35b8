"""What the courses of all centres say of a day, a year, or the coming months; each count beside what is published."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.lineage import Lineage
from kyodo_geo.model.management.values import Course, Spell
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.management import COMMUNITY, DIRECT, UNKNOWN

UNKNOWN_BEFORE = "その前の管理が分からず、初めての移行かどうか分からない"
NOT_YET = "指定管理の記録がない"
ONLY_SEEN = "始まった日が分からない(確認した日だけ)"


@dataclass(frozen=True)
class Published:
    """A published count of centres under community management on a day, of how many centres, and who says so.

    `centres` is None where the source does not say of how many. `at_least` says that the source names a lower bound, such as the first one, and no count of all.
    """

    day: date
    community: int
    centres: int | None
    reference: str
    at_least: bool = False


@dataclass(frozen=True)
class YearCount:
    """Centres by status on a day of a fiscal year; `published` is that year's published count, if there is one.

    `known_then` is how many are known as community on the day of the published count, `standing_then` how many centres
    there were; both None without one. `planned` are the centres, among the three, whose status is only intended.
    """

    year: int
    day: date
    direct: int
    community: int
    unknown: int
    planned: int = 0
    published: Published | None = None
    known_then: int | None = None
    standing_then: int | None = None

    @property
    def community_most(self) -> int:
        """The most that can be under community management: the known and all unknown ones."""
        return self.community + self.unknown

    @property
    def gap(self) -> int | None:
        """How many published ones have no name here; negative if more are known than published; None without a count."""
        if self.published is None or self.known_then is None:
            return None
        return self.published.community - self.known_then

    @property
    def note(self) -> str:
        """Say in a sentence how what is known stands to what is published; "" without a published count."""
        if self.published is None or self.gap is None:
            return ""
        words = [_gap_words(self.published, self.gap, self.known_then or 0)]
        if self.published.centres not in {None, self.standing_then}:
            words.append(
                f"公表のセンター数は {self.published.centres}、ここでは {self.standing_then} で、合わない"
            )
        return "。".join(words)


@dataclass(frozen=True)
class Ending:
    """A term that ends soon: the centre, its spell, days left (0 on the last day), and what follows if it is known."""

    code: str
    spell: Spell
    days_left: int
    following: Spell | None


def state_on(courses: Mapping[str, Course], day: date, *, planned: bool = False) -> dict[str, Spell]:
    """Return the spell of every centre that stands on a day, by district code, in the order of the courses.

    With `planned` an intended spell goes before the facts (its `planned` says so). A centre that begins later is left
    out: `branches_on` says what it was. Raises NotInForce before the first day of any.
    """
    states = {}
    for code, course in courses.items():
        if course.first_day <= day:
            intended = course.intended(day) if planned else None
            states[code] = intended or course.at(day)
    if not states and courses:
        first = min(course.first_day for course in courses.values())
        before = next(iter(courses.values())).rules.before_first
        raise NotInForce(
            f"市民センターは {first.isoformat()} からです。{before}。",
            todo=f"{first.isoformat()} 以後の日を指定してください",
        )
    return states


def branches_on(lineage: Lineage, codes: Iterable[str], day: date) -> dict[str, str]:
    """Return the districts that were no centre of their own on a day, each with the one whose branch it was.

    Raises NotInForce for a day before the first district.
    """
    return {code: was for code, was in lineage.fold(codes, day).items() if was != code}


def counts_by_year(
    courses: Mapping[str, Course],
    years: Iterable[int],
    *,
    on: tuple[int, int] = (4, 1),
    published: Mapping[int, Published] | None = None,
    planned: bool = False,
) -> tuple[YearCount, ...]:
    """Return the centres by status on a day (month, day) of each fiscal year, beside the published counts.

    A published count is compared on its own day, never on the day of the chart. Raises InputRefused for a month and day
    there is not or a published count outside its fiscal year, NotInForce for a year before the first centre.
    """
    return tuple(
        _year_count(courses, year, _day_in(year, on), (published or {}).get(year), planned=planned)
        for year in years
    )


def ends_within(courses: Mapping[str, Course], day: date, months: int = 12) -> tuple[Ending, ...]:
    """Return the designated terms that end from a day to `months` later, both included, soonest first, then by code.

    Left out are terms that ended early. What follows is the next fact or plan if it begins right after. A term whose
    end nobody knows is in `ends_unknown`. Raises InputRefused for months below 0.
    """
    last = _months_after(day, months)
    found = [
        Ending(code, spell, (spell.term_end - day).days, _following(course, spell.term_end))
        for code, course in courses.items()
        for spell in course.spells
        if spell.term_end is not None and day <= spell.term_end <= last and not spell.ended_early
    ]
    return tuple(sorted(found, key=lambda one: (one.days_left, one.code)))


def ends_unknown(courses: Mapping[str, Course], day: date) -> tuple[str, ...]:
    """Return the centres under community management on a day whose term has no known end, in their order."""
    return tuple(
        code
        for code, spell in state_on(courses, day).items()
        if spell.status == COMMUNITY and spell.term_end is None
    )


def plans_past(courses: Mapping[str, Course], day: date) -> dict[str, Spell]:
    """Return the plans whose day has come though no fact says so, the latest of each centre."""
    return {code: spell for code, course in courses.items() for spell in course.planned if spell.since <= day}


def first_transfers(courses: Mapping[str, Course]) -> dict[str, date | Unknown]:
    """Return the day each centre first came under community management, Unknown where that cannot be said.

    It can be said only where the day itself is known (not merely seen) and everything before it is: after an unknown
    stretch nobody can say that it was the first time. A fiscal year counts by its 1 April.
    """
    return {code: _first_transfer(course) for code, course in courses.items()}


def _first_transfer(course: Course) -> date | Unknown:
    before: list[Spell] = []
    for spell in course.spells:
        if spell.status == COMMUNITY:
            if any(one.status == UNKNOWN for one in before):
                return Unknown(UNKNOWN_BEFORE)
            return Unknown(ONLY_SEEN) if spell.since_seen else spell.since
        before.append(spell)
    return Unknown(NOT_YET)


def _year_count(
    courses: Mapping[str, Course], year: int, day: date, published: Published | None, *, planned: bool
) -> YearCount:
    states = state_on(courses, day, planned=planned)
    counts = Counter(spell.status for spell in states.values())
    return YearCount(
        year,
        day,
        counts[DIRECT],
        counts[COMMUNITY],
        counts[UNKNOWN],
        sum(spell.planned for spell in states.values()),
        published,
        *_then(courses, year, published),
    )


def _then(
    courses: Mapping[str, Course], year: int, published: Published | None
) -> tuple[int | None, int | None]:
    if published is None:
        return None, None
    if FiscalYear.of(published.day).year != year:
        what = f"公表された数の日 {published.day} は {FiscalYear(year).label}にありません。"
        raise InputRefused(what, todo="公表された数を、その日の年度に置いてください")
    states = state_on(courses, published.day)
    return sum(spell.status == COMMUNITY for spell in states.values()), len(states)


def _gap_words(published: Published, gap: int, known: int) -> str:
    at_least = "以上" if published.at_least else ""
    if gap > 0:
        return f"公表 {published.community}{at_least} のうち {gap} は名前が分からない"
    if gap == 0 or published.at_least:
        return f"公表 {published.community}{at_least} と合う(分かっているのは {known})"
    return f"分かっている {known} が公表 {published.community} より多く、合わない"


def _day_in(year: int, on: tuple[int, int]) -> date:
    month, number = on
    try:
        return date(year if month >= 4 else year + 1, month, number)
    except ValueError as error:
        raise InputRefused(
            f"{year}年度に {month}月{number}日はありません。", todo="月と日を直してください"
        ) from error


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    if months < 0:
        raise InputRefused(f"月数は 0 以上です。「{months}」は使えません。", todo="月数を直してください")
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _following(course: Course, end: date) -> Spell | None:
    after = end + timedelta(days=1)
    known = [spell for spell in course.spells if spell.status != UNKNOWN]
    return next((spell for spell in (*known, *course.planned) if spell.since == after), None)
