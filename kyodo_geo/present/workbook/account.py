"""The account below the lines of 計算: what was to be divided, what was added, and what is left over, by name."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.present.workbook.book import Book, need
from kyodo_geo.present.workbook.number import (
    Amounts,
    Column,
    Mixed,
    NotLiveError,
    Test,
    literal,
    whole_number,
)
from kyodo_geo.rules.formula import How

Signed = tuple[int, Mixed]


@dataclass(frozen=True)
class Account:
    """The rows of the account: for each a label (or its formula), the formula or "" for a value, and the amount."""

    rows: tuple[tuple[str, str, Fraction], ...]
    live: bool
    into: Mixed | None = None
    left: Mixed | None = None


def build_account(book: Book, totals: Column) -> Account:
    """Return the account as formulas, or as the engine's values when a stage before it could not be one."""
    try:
        with book.undone_on_failure():
            return _live(book, totals)
    except NotLiveError as reason:
        book.reasons["account"] = str(reason)
        balances = book.run.allocation.balances
        return Account(tuple((one.label, "", one.yen) for one in balances), live=False)


def _live(book: Book, totals: Column) -> Account:
    settled, integers = book.run.allocation.settled, book.integers
    exact = [(1, _sum(book, book.exact, key)) for key in book.exact]
    computed = integers.mixed("端数処理前の項の合計", exact)
    away = integers.mixed("項ごとの端数処理で減った額", _rounded_away(book))
    limited = integers.sum_of("上限・下限・経過措置の後の合計", need(book.limited))
    to_divide = computed if book.premises.budget is None else whole_number(book.premises.budget)
    cut = _cut(book)
    named = [(label, _difference(book, label, after, before)) for label, before, after in book.added]
    added: list[Signed] = [(1, one) for _, one in named]
    into = integers.mixed("予算と加えた額", [(1, to_divide), *added])
    freed = [_difference(book, "上限で配らなかった額", *book.freed)] if book.freed else []
    kept = [*cut, *freed]
    undivided = integers.mixed(
        "予算の残り", [(1, into), *[(-1, one) for one in kept], (-1, limited), (-1, away)]
    )
    rounding = integers.mixed(
        "端数処理による残り", [(1, limited), (1, away), (-1, whole_number(totals.total()))]
    )
    left = integers.mixed("残りの合計", [*[(1, one) for one in kept], (1, undivided), (1, rounding)])
    _compare(book, left)
    _overrun(book, (limited, away), [*added, *[(-1, one) for one in cut]])
    rows = [("予算" if settled.budget_yen is not None else "計算した額", to_divide), *named]
    rows += [("総額の端数処理による残り", one) for one in cut]
    rows += [("上限で配らなかった額", one) for one in freed]
    rows += [("予算の残り", undivided)] if settled.budget_yen is not None else []
    rows += [("端数処理による残り(負なら超過)", rounding), ("残りの合計", left)]
    shown = tuple((label, one.text, value_of(one)) for label, one in rows)
    return Account(shown, live=True, into=into, left=left)


def value_of(mixed: Mixed) -> Fraction:
    """Return the present value of a mixed number."""
    return mixed.whole.value + Fraction(mixed.rest.value, mixed.den.value)


def _sum(book: Book, amounts: dict[str, Amounts | None], key: str) -> Mixed:
    return book.integers.sum_of(f"{key}の合計", need(amounts[key]))


def _difference(book: Book, label: str, more: Amounts | None, less: Amounts | None) -> Mixed:
    sums = [
        (sign, book.integers.sum_of(f"{label}: {word}", need(one)))
        for sign, word, one in ((1, "引かれる額", more), (-1, "引く額", less))
    ]
    return book.integers.mixed(label, sums)


def _rounded_away(book: Book) -> list[Signed]:
    """List exact sums less rounded ones; with a rest of the budget that hands out, only of that rest."""
    formula = book.run.allocation.settled.formula
    rest = {term.id for term in formula.terms if term.amount.how is How.REST}
    counted = rest if rest and formula.leftover.method.hands_out else set(book.amounts)
    parts: list[Signed] = [(1, whole_number(literal(0)))]
    for key in book.amounts:
        if key in counted and book.exact[key] is not book.amounts[key]:
            parts += [(1, _sum(book, book.exact, key)), (-1, _sum(book, book.amounts, key))]
    return parts


def _cut(book: Book) -> list[Mixed]:
    if (
        book.budget is None
        or book.premises.budget is None
        or book.run.allocation.settled.formula.total_rounding is None
    ):
        return []
    return [
        book.integers.mixed("総額の端数処理", [(1, whole_number(book.premises.budget)), (-1, book.budget)])
    ]


def _overrun(book: Book, due: tuple[Mixed, Mixed], more: list[Signed]) -> None:
    """Test what the engine refuses: rates, shares, add-ons and limits that need more than there is."""
    if book.premises.budget is None:
        return
    limited, away = due
    there: list[Signed] = [(1, whole_number(book.premises.budget)), *more]
    plain = book.integers.mixed("予算から見た余裕(端数処理後)", [*there, (-1, limited)])
    before = book.integers.mixed("予算から見た余裕(端数処理前)", [*there, (-1, limited), (-1, away)])
    text = f"OR({plain.whole.text}>=0,{before.whole.text}>=0)"
    book.tests.append(
        ("計算した額の合計が予算を超えない", Test(text, max(plain.whole.value, before.whole.value) >= 0))
    )


def _compare(book: Book, left: Mixed) -> None:
    if value_of(left) != book.run.allocation.leftover_exact:
        msg = "式の結果がツールの額と違う"
        raise NotLiveError(msg)
