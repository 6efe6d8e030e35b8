"""What an opened age table gave: people by age of each row, the places it speaks of, and its account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.ageing.values import AgeTable
from kyodo_geo.sources.visit.ages.people import AgeRow, age_table
from kyodo_geo.sources.visit.ages.plan import AgePlan
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.places import Unfound

CENSUS, REGISTER = "国勢調査", "住民基本台帳"
STATISTICS_BUREAU = "総務省統計局"
NOT_SAID = "ファイルに記載なし"


@dataclass(frozen=True, eq=False)
class AgesRead:
    """The people by age of a file, as of `day`, `counted_by` 国勢調査 or 住民基本台帳.

    `table` has a unit for each counted row that could be tied to a place. `places` gives the small areas each speaks of
    (several for a merged group, none when tied to a district only), `districts` the district it names itself, else "".
    `merged_people` stand in units of several small areas; `unplaced_people` in rows of no known place, which are
    `unfound` and not in `table`.
    """

    table: AgeTable
    places: tuple[tuple[str, ...], ...]
    districts: tuple[str, ...]
    day: date
    counted_by: str
    merged_people: float
    unplaced_people: float
    unfound: tuple[Unfound, ...]
    opened: Opened


@dataclass(frozen=True)
class Placed:
    """A counted row and the places it speaks of."""

    unit: str
    places: tuple[str, ...]
    district: str
    row: AgeRow


@dataclass(frozen=True)
class Unplaced:
    """A counted row that fits no place, or several."""

    place: Unfound
    row: AgeRow


@dataclass(frozen=True)
class Counted:
    """The counted rows of a table, with and without a place."""

    placed: Sequence[Placed]
    unplaced: Sequence[Unplaced]


@dataclass(frozen=True)
class Account:
    """What is told of the file beside its people: as in Opened."""

    title: str
    day: date
    counted_by: str
    publisher: str
    fictional: bool
    rows: int
    left_out: Sequence[Fault]
    cautions: Sequence[Fault]


def ages_read(counted: Counted, plan: AgePlan, account: Account, *, name: str, content: bytes) -> AgesRead:
    """Return the answer for rows that were placed and rows that were not.

    Raises TableError when not one row has a place, naming up to twenty of those without.
    """
    placed, unplaced = counted.placed, counted.unplaced
    if not placed:
        raise _no_place(unplaced, account, name)
    merged = [one for one in placed if len(one.places) > 1]
    opened = Opened(
        name=name,
        title=account.title,
        sha256=hashlib.sha256(content).hexdigest(),
        counts=(("行", account.rows), ("合算された組", len(merged)), ("場所の分からない行", len(unplaced))),
        left_out=tuple(account.left_out),
        cautions=tuple(account.cautions),
        publisher=NOT_SAID if account.fictional else account.publisher,
        reference_date=account.day.isoformat(),
        counted_by=account.counted_by,
        fictional=account.fictional,
    )
    return AgesRead(
        table=age_table([one.unit for one in placed], [one.row for one in placed], plan),
        places=tuple(one.places for one in placed),
        districts=tuple(one.district for one in placed),
        day=account.day,
        counted_by=account.counted_by,
        merged_people=float(sum(one.row.people for one in merged)),
        unplaced_people=float(sum(one.row.people for one in unplaced)),
        unfound=tuple(one.place for one in unplaced),
        opened=opened,
    )


def _no_place(unplaced: Sequence[Unplaced], account: Account, name: str) -> TableError:
    names = [Fault(_why_unplaced(one.place), name) for one in unplaced[:20]]
    return TableError(
        f"{name}: 市の場所と結べる行が1つもありません(場所の分からない行 {len(unplaced):,})。",
        faults=[*names, *account.left_out],
        todo="別の市の表でないか、小地域コード・町丁字名・地区名の列があるか確かめてください",
    )


def _why_unplaced(place: Unfound) -> str:
    if place.contradicts:
        return f"「{place.name}」は行の地区の中にありません({'、'.join(place.candidates[:5])})"
    told = f"(候補: {'、'.join(place.candidates[:5])})" if place.candidates else ""
    return f"「{place.name}」は市のどの場所とも結べません{told}"


def places_of_keys(keys: Iterable[str], gazetteer: Gazetteer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the city's small areas that official keys stand for, and the keys that stand for none.

    A key stands for itself, for the 9-digit area it lies in when the city has no finer one, or for all areas below it.
    """
    found: dict[str, None] = {}
    lost: list[str] = []
    for key in keys:
        areas = _areas_of(key, gazetteer)
        found |= dict.fromkeys(areas)
        lost += [] if areas else [key]
    return tuple(found), tuple(lost)


def _areas_of(key: str, gazetteer: Gazetteer) -> list[str]:
    if key in gazetteer.small_areas:
        return [key]
    if len(key) == 11 and key[:9] in gazetteer.small_areas:
        return [key[:9]]
    return [one for one in gazetteer.small_areas if len(key) == 9 < len(one) and one.startswith(key)]
