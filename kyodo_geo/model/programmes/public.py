"""A distribution of answers that gives no council away unless it agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.programmes.answers import Answer, distribution
from kyodo_geo.model.programmes.questionnaire import NO_ANSWER, Questionnaire
from kyodo_geo.provenance import Unknown

SMALLEST_CLASS = 3  # councils: fewer are not shown apart
HIDDEN = Unknown("数が少ないため伏せた")


@dataclass(frozen=True)
class PublicDistribution:
    """What the public may see of an item in a fiscal year; what is hidden is Unknown.

    `counts` are councils by answer, empty when no answer can be shown; `no_answer` and `n` (those that answered) are
    hidden together. `recorded` are all councils with a record, `hidden` how many of those stand in hidden answers.
    `named` is the answer of each council that agreed.
    """

    item: str
    year: int
    counts: Mapping[str, int | Unknown]
    no_answer: int | Unknown
    n: int | Unknown
    recorded: int
    hidden: int
    named: Mapping[str, str]


def public_distribution(
    questionnaire: Questionnaire,
    answers: Iterable[Answer],
    *,
    item: str,
    year: int,
    smallest: int = SMALLEST_CLASS,
) -> PublicDistribution | Unknown:
    """Return the distribution of an item that the public may see; Unknown when nothing is recorded.

    Councils that agreed are public and shelter nobody: an answer (無回答 is one) is hidden when at least one but fewer
    than `smallest` others gave it. What is hidden must not come back by subtraction: it always holds two answers and
    `smallest` of the others, or the next smallest answer is hidden too. When all the others gave one and the same
    answer, each of them would be given away: then no answer is shown. Raises InputRefused as `distribution` does, and
    for a `smallest` below 2.
    """
    if smallest < 2:
        raise InputRefused(f"伏せる数「{smallest}」は使えません。", todo="2以上にしてください")
    given = [one for one in answers if one.item == item and one.year == year]
    whole = distribution(questionnaire, given, item=item, year=year)
    if isinstance(whole, Unknown):
        return whole
    totals = {**whole.counts, NO_ANSWER: whole.no_answer}
    others = Counter(one.answer for one in given if not one.public)
    off = _hidden(others, smallest)
    named = {one.council: one.answer for one in given if one.public}
    if off is None:
        return PublicDistribution(item, year, {}, HIDDEN, HIDDEN, len(given), len(given), named)
    counts = {word: HIDDEN if word in off else count for word, count in whole.counts.items()}
    blank = NO_ANSWER in off
    return PublicDistribution(
        item=item,
        year=year,
        counts=counts,
        no_answer=HIDDEN if blank else whole.no_answer,
        n=HIDDEN if blank else whole.n,
        recorded=len(given),
        hidden=sum(totals[word] for word in off),
        named=named,
    )


def _hidden(others: Mapping[str, int], smallest: int) -> set[str] | None:
    """Return the answers to hide, or None when none can be shown."""
    if len(others) == 1:
        return None
    off = {word for word, count in others.items() if count < smallest}
    if not off:
        return off
    # one answer alone has fewer than `smallest`, so what holds enough holds two answers at least
    for word in sorted(others, key=lambda word: (others[word], word)):
        if sum(others[one] for one in off) >= smallest:
            break
        off.add(word)
    return off if sum(others[one] for one in off) >= smallest else None
