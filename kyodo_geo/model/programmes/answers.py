"""Answers of the councils to a questionnaire: how many gave each answer to an item, by year, 無回答 apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.changes import Entered, first_day, standing
from kyodo_geo.model.programmes.progress import fiscal_year_of
from kyodo_geo.model.programmes.questionnaire import NO_ANSWER, Questionnaire
from kyodo_geo.provenance import Unknown

NO_ANSWERS = Unknown("回答の記録なし")
NOT_PUBLISHED = Unknown("回答の数値は公表されていない")


@dataclass(frozen=True)
class Answer:
    """What a council answered to an item in a fiscal year; `public` when it agreed to being shown by name."""

    council: str
    year: int
    item: str
    answer: str
    public: bool


@dataclass(frozen=True)
class Distribution:
    """How many councils gave each answer: known words of the scale first, 0 included, then others by name.

    `no_answer` handed in a blank; `unrecorded` are those asked of whom nothing is recorded, which is not the same.
    """

    item: str
    year: int
    counts: Mapping[str, int]
    no_answer: int
    unrecorded: int | Unknown

    @property
    def n(self) -> int:
        """The number of councils that answered."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class ComparedRow:
    """An answer over the years: number of councils by fiscal year, Unknown in a year without records."""

    answer: str
    counts: Mapping[int, int | Unknown]


def answers_of(questionnaire: Questionnaire, entries: Sequence[Entered]) -> tuple[Answer, ...]:
    """Return the answers that stand, one for each council, fiscal year and item, in the order of those.

    Of several, that of the latest day counts, and of one day that entered later.
    """
    newest: dict[tuple[str, int, str], tuple[tuple[str, int], Answer]] = {}
    for one in standing(entries):
        change = one.change
        if change.kind != "answer" or change.values.get("survey") != questionnaire.id:
            continue
        rank = (first_day(change.since).isoformat(), one.seq)
        public = change.values.get("public") == "yes"
        answer = Answer(
            change.subject, fiscal_year_of(change), change.values["item"], change.values["answer"], public
        )
        key = (answer.council, answer.year, answer.item)
        if key not in newest or newest[key][0] < rank:
            newest[key] = (rank, answer)
    return tuple(newest[key][1] for key in sorted(newest))


def distribution(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    *,
    item: str,
    year: int,
    asked: Collection[str] | None = None,
) -> Distribution | Unknown:
    """Return how many councils gave each answer to an item in a fiscal year; Unknown when none is recorded.

    `asked` are the ids of the councils that were asked; None: how many are unrecorded is Unknown. Raises InputRefused
    for an item that the questionnaire does not have or that is answered in words.
    """
    scale = questionnaire.scale_of(item)
    if scale is None:
        raise InputRefused(f"「{item}」は区分で答える項目ではありません。", todo="項目を選び直してください")
    given = [one for one in answers if one.item == item and one.year == year]
    if not given:
        hidden = year == questionnaire.fiscal_year and not questionnaire.numbers_published
        return NOT_PUBLISHED if hidden else NO_ANSWERS
    tally = Counter(one.answer for one in given)
    no_answer = tally.pop(NO_ANSWER, 0)
    words = (*scale, *sorted(set(tally) - set(scale)))
    unrecorded: int | Unknown = Unknown("対象の地域協働体が分からない")
    if asked is not None:
        unrecorded = len(set(asked) - {one.council for one in given})
    return Distribution(item, year, {word: tally[word] for word in words}, no_answer, unrecorded)


def compare_years(found: Mapping[int, Distribution | Unknown]) -> tuple[ComparedRow, ...]:
    """Return one row an answer over the years of its distributions, and 無回答 last; Unknown where a year has none."""
    known = {year: one for year, one in sorted(found.items()) if isinstance(one, Distribution)}
    words = dict.fromkeys(word for one in known.values() for word in one.counts)

    def count(year: int, word: str) -> int | Unknown:
        one = found[year]
        if isinstance(one, Unknown):
            return one
        return one.no_answer if word == NO_ANSWER else one.counts.get(word, 0)

    return tuple(
        ComparedRow(word, {year: count(year, word) for year in sorted(found)}) for word in (*words, NO_ANSWER)
    )


def texts_of(answers: Iterable[Answer], *, item: str, year: int, agreed_only: bool) -> dict[str, str]:
    """Return what each council wrote to an item of wishes, by council; 無回答 is left out.

    With `agreed_only` (the public view) only councils that agreed to be shown.
    """
    return {
        one.council: one.answer
        for one in answers
        if one.item == item
        and one.year == year
        and one.answer != NO_ANSWER
        and (one.public or not agreed_only)
    }
