"""What the head of an age column says: which ages, which sex, or that it is a total, people of no known age, a repeat.

FORMATS.md 10.10; heads as e-Stat, the municipal standard and resident registers write them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kyodo_geo.errors import TableError
from kyodo_geo.model.ageing.values import Band


class Sex(StrEnum):
    """Whom a column counts."""

    BOTH = "総数"
    MALE = "男"
    FEMALE = "女"


class Kind(StrEnum):
    """What a column of people holds: a band of ages, all of them, or those of no known age."""

    BAND = "年齢"
    TOTAL = "総数"
    UNKNOWN = "不詳"


@dataclass(frozen=True)
class AgeHead:
    """The meaning of a column: `band` for ages only; `again` that the head calls itself 再掲 or うち."""

    kind: Kind
    sex: Sex
    band: Band | None = None
    again: bool = False


_DASHES = re.compile("[-‐‑‒–—―−ー~〜]")  # every one seen in a head, after NFKC
_BLANKS = re.compile(r"[\s_、,・:「」『』\[\]【】]")
# In this order: a longer way of writing an age before a shorter one it begins with
_AGES = (
    (re.compile(r"(\d{1,3})歳?~(\d{1,3})(?!\d)歳?"), lambda low, high: Band(int(low), int(high))),
    (re.compile(r"(\d{1,3})(?:歳?以上|\+|歳?~(?!\d))"), lambda low: Band(int(low), None)),
    (re.compile(r"(\d{1,3})歳?未満"), lambda high: Band(0, int(high) - 1)),
    (re.compile(r"(\d{1,3})歳?以下"), lambda high: Band(0, int(high))),
    (re.compile(r"(\d{1,3})歳(?!階級|児)"), lambda age: Band(int(age), int(age))),
)
_AGAIN = re.compile(r"\(?(?:再掲|うち|内数)\)?")
_UNKNOWN = re.compile(r"\(?(?:年齢)?\(?不[詳明]\)?(?:者)?\)?")
_INCLUDED = re.compile(r"\(?年齢不[詳明]者?を?含む?\)?")
_BOTH = re.compile(r"男女(?:合?計|総数)?|総人口数?|人口総数|総数|総計|合計|計")
_SEXES = ((Sex.MALE, re.compile(r"男(?:性|子)?")), (Sex.FEMALE, re.compile(r"女(?:性|子)?")))
# Words beside the ages that change nothing about whom is counted
_FILLERS = re.compile(
    r"(?:年齢(?:各歳|階級|区分)?別?|年少|生産|老年|高齢者?|前期|後期|人口|人数|人|数|の|及び|[()])*"
)


def read_age_head(text: str) -> AgeHead | None:
    """Return what a head says of people by age or in all; None for any other head (世帯数, 高齢化率, 平均年齢).

    Known: `0-4歳の男性` with any dash or wave and full-width digits, `85歳以上`, `85～`, `15歳未満`, a single `65歳`,
    a sex before or after, 不詳, 再掲, 総数. A number alone is no head: it could be a figure. A head with any word that
    may narrow the people (日本人, 単身, 世帯, 割合) is None.
    """
    plain = _BLANKS.sub("", _DASHES.sub("~", unicodedata.normalize("NFKC", text))).replace("才", "歳")
    plain, repeats = _AGAIN.subn("", _INCLUDED.sub("総数", plain))
    band, plain = _take_ages(plain)
    plain, unknown = _UNKNOWN.subn("", plain)
    sex, rest, named = _take_sex(plain)
    if not _FILLERS.fullmatch(rest) or (band and unknown) or (band and not _possible(band)):
        return None
    if band is not None:
        return AgeHead(Kind.BAND, sex, band, again=repeats > 0)
    if unknown:
        return AgeHead(Kind.UNKNOWN, sex)
    return AgeHead(Kind.TOTAL, sex, again=repeats > 0) if named or rest == "人口" else None


def _take_ages(plain: str) -> tuple[Band | None, str]:
    for pattern, made in _AGES:
        found = pattern.search(plain)
        if found:
            return made(*found.groups()), plain[: found.start()] + plain[found.end() :]
    return None, plain


def _take_sex(plain: str) -> tuple[Sex, str, bool]:
    """Return the sex, what is left of the head, and whether a sex or a total was named at all."""
    rest, totals = _BOTH.subn("", plain)
    here = [(sex, pattern) for sex, pattern in _SEXES if pattern.search(rest)]
    if len(here) != 1:
        return Sex.BOTH, rest, totals > 0
    sex, pattern = here[0]
    return sex, pattern.sub("", rest, count=1), True


def _possible(band: Band) -> bool:
    return band.low <= 130 and (band.high is None or band.low <= band.high <= 130)


def finest_tiling(bands: Iterable[Band], *, name: str) -> tuple[Band, ...]:
    """Return the bands that cover every age from 0 once, ascending, the last one open: of several ways the finest.

    The bands not in it (15歳未満 beside 0～4歳 …) repeat others. Raises TableError naming the first gap or overlap, and
    for bands of which 65 and over cannot be made (60～69歳).
    """
    offered = sorted(set(bands), key=lambda band: (band.low, _end(band)))
    tiling = _finest(band for band in offered if not _spans_65(band))
    if tiling:
        return tiling
    across = next((band for band in _finest(offered) if _spans_65(band)), None)
    if across:
        raise _refused(f"65歳以上を作れません: 「{across.label}」が65歳で分かれていません", name)
    raise _not_tiled(offered, name)


def _finest(offered: Iterable[Band]) -> tuple[Band, ...]:
    """Return the most bands that lead from age 0 to the top without gap or overlap; () when none do."""
    best: dict[
        int, tuple[Band, ...]
    ] = {}  # by the age at which the rest begins: the finest way on to the top
    for band in sorted(offered, key=lambda band: (band.low, _end(band)), reverse=True):
        rest = () if band.high is None else best.get(band.high + 1)
        if rest is not None and len(rest) >= len(best.get(band.low, ())):
            best[band.low] = (band, *rest)
    return best.get(0, ())


def _spans_65(band: Band) -> bool:
    return band.low < 65 <= _end(band)


def _not_tiled(offered: Sequence[Band], name: str) -> TableError:
    """Say where the way up from age 0, always by the finest band, comes to its end."""
    at = 0
    before: Band | None = None
    while step := next((band for band in offered if band.low == at and band.high is not None), None):
        before, at = step, (step.high or 0) + 1
    after = next((band for band in offered if band.low > at), None)
    across = next((band for band in offered if band is not before and band.low < at <= _end(band)), None)
    if before is None:
        first = f"一番若い区分が「{offered[0].label}」です" if offered else "年齢の列がありません"
        return _refused(f"年齢の区分が 0 歳から始まりません: {first}", name)
    what = "65歳以上を作れません" if at >= 65 or after is None else "年齢の区分がつながりません"
    if across is not None and before.low <= across.low:
        return _refused(f"{what}: 「{before.label}」と「{across.label}」が重なっています", name)
    if after is None:
        return _refused(f"{what}: 「{before.label}」が最後で、「{at}歳以上」の列がありません", name)
    return _refused(f"{what}: {before.label}の次が{after.label}です", name)


def _end(band: Band) -> int:
    return 1000 if band.high is None else band.high


def _refused(what: str, name: str) -> TableError:
    todo = "0 歳から「○歳以上」まで、すき間も重なりもない年齢の列をそろえてください(65歳で分かれるもの)"
    return TableError(f"{name}: {what}。", todo=todo)
