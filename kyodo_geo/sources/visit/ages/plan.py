"""Which column of a table holds which ages of which sex: one plan for e-Stat, its listings and resident registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.ageing.values import Band
from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind, Sex, finest_tiling


@dataclass(frozen=True)
class AgePlan:
    """The columns to read: `bands` tile all ages; `columns` gives one column for each band, by sex.

    `columns` has 総数, or 男 and 女, or all three. `totals` and `unknown` give the column of all people and of those of
    no known age by sex, where there is one; `again` the columns that repeat some bands (65歳以上), which must agree
    with them; `unused` the columns of ages that neither tile nor repeat what does. `differences` gives, by the name of
    a column that the file does not have, the two whose difference it is (65～74歳: 65歳以上 less うち75歳以上).
    """

    bands: tuple[Band, ...]
    columns: Mapping[Sex, tuple[str, ...]]
    totals: Mapping[Sex, str]
    unknown: Mapping[Sex, str]
    again: tuple[tuple[Sex, Band, str], ...] = ()
    unused: tuple[str, ...] = ()
    differences: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def read(self) -> tuple[str, ...]:
        """Every column whose cells must be numbers."""
        bands = [column for columns in self.columns.values() for column in columns]
        rest = (*self.totals.values(), *self.unknown.values(), *(column for _, _, column in self.again))
        sources = (column for pair in self.differences.values() for column in pair)
        return tuple(dict.fromkeys(one for one in (*bands, *rest, *sources) if one not in self.differences))


def plan_ages(heads: Mapping[str, AgeHead], *, name: str) -> AgePlan:
    """Return the plan for columns whose heads are known, by column name.

    The finest bands that tile are read; with 男 and 女 tiled alike both are the sum of the sexes unless 総数 is tiled
    alike too. The open band is split by columns that count its oldest people again (65歳以上, うち75歳以上). Raises
    TableError when no sex, nor 総数, has bands that tile (naming the gap), when 男 and 女 have
    different bands, or when one head stands over two columns.
    """
    _refuse_doubles(heads, name)
    by_sex = {sex: _bands_of(heads, sex) for sex in Sex}
    sexed = bool(by_sex[Sex.MALE] and by_sex[Sex.FEMALE])
    told = [by_sex[Sex.MALE], by_sex[Sex.FEMALE]] if sexed else [by_sex[Sex.BOTH]]
    if sexed and by_sex[Sex.BOTH] and not _tiles(by_sex[Sex.MALE], name):
        sexed, told = False, [by_sex[Sex.BOTH]]
    tilings = [finest_tiling(bands, name=name) for bands in told]
    if tilings[0] != tilings[-1]:
        raise TableError(
            f"{name}: 男と女で年齢の区分が違います。", todo="男と女の年齢の列を同じ区分にそろえてください"
        )
    bands = tilings[0]
    wanted = [Sex.MALE, Sex.FEMALE] if sexed else []
    whole = [Sex.BOTH] if set(bands) <= set(by_sex[Sex.BOTH]) else []
    columns = {sex: tuple(by_sex[sex][band] for band in bands) for sex in [*whole, *wanted]}
    split, columns, differences = _split(bands, columns, by_sex)
    return replace(_with_the_rest(heads, split, columns), differences=differences)


def _split(
    bands: tuple[Band, ...], columns: Mapping[Sex, tuple[str, ...]], by_sex: Mapping[Sex, Mapping[Band, str]]
) -> tuple[tuple[Band, ...], dict[Sex, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """Split the open band at each age from which every sex has a column of its own."""
    lowest = bands[-1].low
    tops = set.intersection(*({band for band in by_sex[sex] if band.high is None} for sex in columns))
    ages = [lowest, *sorted(band.low for band in tops if band.low > lowest)]
    parts = [Band(low, next_low - 1) for low, next_low in pairwise(ages)]
    differences: dict[str, tuple[str, str]] = {}
    split: dict[Sex, tuple[str, ...]] = {}
    for sex, tiled in columns.items():
        steps = [by_sex[sex][Band(low, None)] for low in ages]
        made = {f"{steps[at]} - {steps[at + 1]}": (steps[at], steps[at + 1]) for at in range(len(parts))}
        differences |= made
        split[sex] = (*tiled[:-1], *made, steps[-1])
    return (*bands[:-1], *parts, Band(ages[-1], None)), split, differences


def _bands_of(heads: Mapping[str, AgeHead], sex: Sex) -> dict[Band, str]:
    """Return the column of each band; a head that calls itself a repeat only where no other has that band."""
    own = [(head.again, head.band, column) for column, head in heads.items() if head.sex is sex and head.band]
    return {band: column for _, band, column in sorted(own, key=lambda one: not one[0])}


def _tiles(bands: Iterable[Band], name: str) -> bool:
    try:
        return bool(finest_tiling(bands, name=name))
    except TableError:
        return False


def _refuse_doubles(heads: Mapping[str, AgeHead], name: str) -> None:
    seen: dict[AgeHead, str] = {}
    faults = [
        Fault(f"列「{seen[head]}」と同じ年齢と男女の列です", file=name, column=column)
        for column, head in heads.items()
        if seen.setdefault(head, column) != column and head.kind is Kind.BAND
    ]
    if faults:
        raise TableError(
            f"{name}: 同じ年齢の列が2つあります。",
            faults=faults,
            todo="どちらを読むか、一方だけにしてください",
        )


def _with_the_rest(
    heads: Mapping[str, AgeHead], bands: tuple[Band, ...], columns: Mapping[Sex, Sequence[str]]
) -> AgePlan:
    used = {column for tiled in columns.values() for column in tiled}
    others = [(column, head) for column, head in heads.items() if column not in used]
    again = tuple(
        (head.sex, head.band, column)
        for column, head in others
        if head.band and (head.sex in columns or head.sex is Sex.BOTH) and parts_of(head.band, bands)
    )
    known = {column for _, _, column in again}
    return AgePlan(
        bands=bands,
        columns={sex: tuple(tiled) for sex, tiled in columns.items()},
        totals=_first(others, Kind.TOTAL),
        unknown=_first(others, Kind.UNKNOWN),
        again=again,
        unused=tuple(column for column, head in others if head.band and column not in known),
    )


def _first(heads: Iterable[tuple[str, AgeHead]], kind: Kind) -> dict[Sex, str]:
    found: dict[Sex, str] = {}
    for column, head in heads:
        if head.kind is kind:
            found.setdefault(head.sex, column)
    return found


def parts_of(band: Band, bands: Sequence[Band]) -> slice | None:
    """Return which of the tiling bands make up a band; None when it cuts through one of them."""
    lows = [one.low for one in bands]
    highs = [one.high for one in bands]
    if band.low not in lows or band.high not in highs:
        return None
    return slice(lows.index(band.low), highs.index(band.high) + 1)
