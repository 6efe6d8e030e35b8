"""Rows that repeat other rows: totals by their name, and by being the sum of the rows above them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kyodo_geo.sources.visit.sheets.cells import Mark, read_count

Number = int | Fraction | None

_DECORATION = re.compile(r"[\s()\[\]【】〔〕「」<>《》〈〉☆◎○●■□◆◇・※*._-]")
_TOTAL = re.compile(
    r"(?:総|合|総合|小|累|中)計|計|総数|全体|全市|市全体|市全域"
    # 計画町 and 字時計 are places; 本庁地区計 is none
    r"|.*(?:[市県都道府郡町村区]|[区市郡]部|全[市区町村県国体域]|地区|地域|管内|支所|校区|学区)(?:合計|小計|総計|計|総数)"
    r"|.+(?:合計|小計|総計)"
)
_REPEATED = re.compile(r"★|[(（<【〔\[]?(?:再掲|うち|内訳|内数)")
# Columns that a total does not add up: keys, places on the globe, days, and figures per head
_NO_SUM = re.compile(
    r"率|割合|平均|密度|指数|%|％|コード|番号|緯度|経度|年月|日付|電話|備考|(?:^|_)(?:NO\.?|ID|KEY.*|CODE)$",
    re.IGNORECASE,
)
_BY_SEX = re.compile(r"(?:男女|性)別?|性別|年齢(?:階級|区分|層|別)?")
_KEY = re.compile(r"[0-9]{9}|[0-9]{11}")
_FEWEST = 2
_FEWEST_IN_ONE_COLUMN = 5  # 2 + 3 = 5 happens among small numbers


def is_total_name(text: str) -> bool:
    """Tell whether a row of this name repeats other rows: 合計, 小 計, 総数, 区部計, ★都計, （再掲）…, うち…."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(_REPEATED.match(plain) or _TOTAL.fullmatch(_DECORATION.sub("", plain)))


def find_sums(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    named: Sequence[bool],
    places: Sequence[bool] = (),
) -> dict[int, int]:
    """Return, by place, the rows that are the sum of others in every column that adds up, and of how many rows.

    Compared are the rows above since the last total, all rows above that are no totals, and, for the first row, all
    rows below. `named` are the rows known for totals by name. A sum counts from two rows with people on, in one column
    alone from five unless nothing follows. Rows with a small area's key (9 or 11 digits) are never sums, nor are rows
    that `places` knows for places of the city (none where it is left out), nor is any row of a table that has its sexes or ages down the rows. Cells without a number leave their column out of a comparison.
    """
    if any(_BY_SEX.fullmatch(column) for column in columns):
        return {}
    adding = [at for at, column in enumerate(columns) if not _NO_SUM.search(column)]
    keys = [at for at in range(len(columns)) if at not in set(adding)]
    numbers = [[_number(row[at]) for at in adding] for row in rows]
    known = places or [False] * len(rows)
    exempt = [
        named[at] or known[at] or any(_KEY.fullmatch(row[key]) for key in keys) for at, row in enumerate(rows)
    ]
    return _find(numbers, named, exempt)


def _find(
    numbers: Sequence[Sequence[Number]], named: Sequence[bool], exempt: Sequence[bool]
) -> dict[int, int]:
    found: dict[int, int] = {}
    whole, since = _Sum(), _Sum()
    last = max((at for at, is_total in enumerate(named) if not is_total), default=-1)
    below = _Sum.of(row for row, is_total in zip(numbers[1:], named[1:], strict=True) if not is_total)
    for at, row in enumerate(numbers):
        one_column = _FEWEST if at == last else _FEWEST_IN_ONE_COLUMN
        matched = next((one for one in (since, whole) if one.is_row(row, one_column)), None)
        if at == 0 and below.is_row(row, _FEWEST_IN_ONE_COLUMN):
            matched = below
        if named[at] or (matched and not exempt[at]):
            found |= {at: matched.rows} if matched and not named[at] else {}
            since = _Sum()
            continue
        whole.add(row)
        since.add(row)
    return found


@dataclass
class _Sum:
    """Running sums of columns, None where a cell held no number; and how many rows, and rows with anyone, went in."""

    sums: list[Number] = field(default_factory=list)
    rows: int = 0
    peopled: int = 0

    @classmethod
    def of(cls, rows: Iterable[Sequence[Number]]) -> _Sum:
        made = cls()
        for row in rows:
            made.add(row)
        return made

    def add(self, row: Sequence[Number]) -> None:
        before = self.sums or [0] * len(row)
        self.sums = [
            None if sum_ is None or value is None else sum_ + value
            for sum_, value in zip(before, row, strict=True)
        ]
        self.rows += 1
        self.peopled += any(row)

    def is_row(self, row: Sequence[Number], one_column: int) -> bool:
        """Tell whether a row is this sum; `one_column` rows are needed where a single column has people."""
        if self.peopled < _FEWEST:
            return False
        both = [
            (sum_, value)
            for sum_, value in zip(self.sums, row, strict=True)
            if sum_ is not None and value is not None
        ]
        positive = sum(sum_ > 0 for sum_, _ in both)
        enough = positive > 1 or (positive == 1 and self.peopled >= one_column)
        return enough and all(sum_ == value for sum_, value in both)


def _number(cell: str) -> Number:
    if cell.isascii() and cell.isdigit() and len(cell) < 16:
        return int(cell)
    if not cell or len(cell) > 20:
        return None
    try:
        value = read_count(cell)
    except ValueError:
        return None
    return None if isinstance(value, Mark) else value
