"""The stops of a feed: names through translations, positions as far as they can be true, poles as stopping places."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pyproj import Geod

from kyodo_geo.model.reach.positions import degrees, misplaced
from kyodo_geo.model.transit.timetable import Stop, StopPlace
from kyodo_geo.sources.visit.gtfs.notes import Notes
from kyodo_geo.sources.visit.gtfs.tables import Columns

# 「この道具の置いた値」: poles of one name without a parent are one stopping place up to here. The two sides of a
# road and the arms of a crossing lie within it; stops of one name in different hamlets do not. GTFS-JP gives no value.
SAME_PLACE_M = 200.0
# 「この道具の置いた値」: a pole of a parent that has none of the others within this distance is not at that place, be it
# a slip of the position or of the parent. No station square is as wide, and nobody changes buses over such a way.
FAR_M = 1_000.0

FILE = "stops.txt"
_POLE, _PARENT = {"", "0"}, "1"
_ELLIPSOID = Geod(ellps="GRS80")


@dataclass(frozen=True)
class StopTable:
    """The stops and stopping places of a feed; `index` by stop_id, `others` the ids that are no stops (entrances)."""

    stops: tuple[Stop, ...]
    places: tuple[StopPlace, ...]
    index: dict[str, int]
    others: frozenset[str]
    poles: int


@dataclass
class _Draft:
    id: str
    name: str
    parent: str
    is_parent: bool
    at: tuple[float, float] | None
    line: int


def read_stops(table: Columns, translations: Columns, notes: Notes) -> StopTable:
    """Return the stops (location_type 0 and 1) in the order of the file and the stopping places they belong to.

    A place is a parent_station with its poles, or the poles without a parent that have one name and lie within
    `SAME_PLACE_M` of the next; it stands at the parent's position, else in the middle of its poles. Poles of a parent
    more than `FAR_M` from all that are at the place (its parent, else the most of its poles) are places of their own,
    and a parent so far from all its poles has no position; both are said. A doubled stop_id keeps its first row. A
    position that is blank, 0,0, swapped or outside Japan is none, unless the parent's is known.
    """
    drafts, others = _drafts(table, _names(translations), notes)
    _drop_lost_parents(drafts, notes)
    _drop_far_parents(drafts, notes)
    _inherit_positions(drafts, notes)
    places, place_of = _places(list(drafts.values()), notes)
    stops = tuple(_stop(draft, place_of) for draft in drafts.values())
    index = {stop.id: number for number, stop in enumerate(stops)}
    poles = sum(not draft.is_parent for draft in drafts.values())
    return StopTable(stops, places, index, frozenset(others), poles)


def _stop(draft: _Draft, place_of: dict[str, int]) -> Stop:
    lon, lat = draft.at or (None, None)
    return Stop(draft.id, draft.name, lon, lat, place_of.get(draft.id, -1))


def _drafts(
    table: Columns, names: dict[tuple[str, str], str], notes: Notes
) -> tuple[dict[str, _Draft], set[str]]:
    drafts: dict[str, _Draft] = {}
    others: set[str] = set()
    first: dict[str, int] = {}
    columns = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station")
    for line, (key, name, lat, lon, kind, parent) in zip(table.lines, table.rows(*columns), strict=True):
        if not key:
            notes.leave_out("stop_id が空欄です", FILE, line, "stop_id")
            continue
        if first.setdefault(key, line) != line:
            notes.leave_out(
                f"stop_id「{key}」が {first[key]} 行目にもあります(先の行を使いました)", FILE, line, "stop_id"
            )
            continue
        if kind not in _POLE and kind != _PARENT:
            others.add(key)
            continue
        shown = names.get(("id", key)) or names.get(("value", name)) or name
        if not shown:
            notes.caution(f"stop_name が空欄です(「{key}」と表示します)", FILE, line, "stop_name")
        at = _position(key, lon, lat, line, notes)
        drafts[key] = _Draft(key, shown or key, parent, kind == _PARENT, at, line)
    if others:
        notes.caution(f"出入口などの行({len(others)} 行)は停留所ではないので使いません", FILE)
    return drafts, others


def _names(translations: Columns) -> dict[tuple[str, str], str]:
    """Return the Japanese stop names by ("value", stop_name) or ("id", stop_id), of either edition of the table."""
    names: dict[tuple[str, str], str] = {}
    for key, language, word in translations.rows("trans_id", "lang", "translation"):
        if key and word and language.lower() == "ja":
            names.setdefault(("value", key), word)
    columns = ("table_name", "field_name", "language", "translation", "record_id", "field_value")
    for table, field, language, word, record, value in translations.rows(*columns):
        if (table, field, language.lower()) == ("stops", "stop_name", "ja") and word and (record or value):
            names.setdefault(("id", record) if record else ("value", value), word)
    return names


def _position(key: str, lon: str, lat: str, line: int, notes: Notes) -> tuple[float, float] | None:
    if not lon or not lat:
        notes.caution(f"停留所「{key}」の緯度・経度が空欄です(位置なし)", FILE, line, "stop_lat")
        return None
    x, y = degrees(lon), degrees(lat)
    if x is None or y is None:
        notes.caution(
            f"停留所「{key}」の緯度「{lat}」・経度「{lon}」を数として読めません(位置なし)",
            FILE,
            line,
            "stop_lat",
        )
        return None
    wrong = misplaced(x, y)
    if wrong:
        notes.caution(f"停留所「{key}」の位置は{wrong}(位置なし)", FILE, line, "stop_lat")
        return None
    return x, y


def _drop_lost_parents(drafts: dict[str, _Draft], notes: Notes) -> None:
    for draft in drafts.values():
        if draft.parent and (draft.parent not in drafts or draft.parent == draft.id):
            notes.caution(
                f"parent_station「{draft.parent}」が stops.txt にありません(親なしとして読みました)",
                FILE, draft.line, "parent_station",
            )  # fmt: skip
            draft.parent = ""


def _drop_far_parents(drafts: dict[str, _Draft], notes: Notes) -> None:
    poles: dict[str, list[_Draft]] = {}
    for draft in drafts.values():
        if draft.parent and draft.at is not None:
            poles.setdefault(draft.parent, []).append(draft)
    for key, found in poles.items():
        parent = drafts[key]
        apart = min(_apart_m(parent, pole) for pole in found)
        if parent.is_parent and parent.at is not None and apart > FAR_M:
            notes.caution(
                f"親「{key}」の位置はどの標柱からも {FAR_M:,.0f} m(この道具の置いた値)より遠い"
                f"(いちばん近くて {apart:,.0f} m)ので使いません(標柱の位置を使います)",
                FILE, parent.line, "stop_lat",
            )  # fmt: skip
            parent.at = None


def _inherit_positions(drafts: dict[str, _Draft], notes: Notes) -> None:
    for draft in drafts.values():
        if draft.parent and draft.at is None and drafts[draft.parent].at is not None:
            draft.at = drafts[draft.parent].at
            notes.caution(
                f"停留所「{draft.id}」は親「{draft.parent}」の位置に置きました", FILE, draft.line, "stop_lat"
            )


def _places(drafts: Sequence[_Draft], notes: Notes) -> tuple[tuple[StopPlace, ...], dict[str, int]]:
    """Return the places in order of their first stop, and the place of each stop that has a position."""
    parents = {draft.parent for draft in drafts if draft.parent}
    parents |= {draft.id for draft in drafts if draft.is_parent}
    group = {draft.id: draft.parent or draft.id for draft in drafts}
    loose = [draft for draft in drafts if not draft.parent and draft.id not in parents]
    group |= _by_name(loose)
    members: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if draft.at is not None:
            members.setdefault(group[draft.id], []).append(draft)
    members = _without_far(members, notes)
    heads = {draft.id: draft for draft in drafts}
    places = tuple(_place(heads[head], stops) for head, stops in members.items())
    place_of = {draft.id: number for number, stops in enumerate(members.values()) for draft in stops}
    return places, place_of


def _without_far(members: dict[str, list[_Draft]], notes: Notes) -> dict[str, list[_Draft]]:
    """Return the members of each place with the far poles of a parent as places of their own, in order of the file."""
    result: dict[str, list[_Draft]] = {}
    for head, stops in members.items():
        near = _near(stops, FAR_M) if any(stop.parent for stop in stops) else [stops]
        main = next((one for one in near if head in {stop.id for stop in one}), max(near, key=len))
        result.setdefault(head, []).extend(main)
        for far in (one for one in near if one is not main):
            for stop in far:
                notes.caution(
                    f"停留所「{stop.id}」は親「{head}」のほかの標柱から {FAR_M:,.0f} m(この道具の置いた値)より"
                    "遠いので、別の停留所として数えます",
                    FILE, stop.line, "stop_lat",
                )  # fmt: skip
            result.setdefault(far[0].id, []).extend(far)
    return result


def _near(stops: Sequence[_Draft], distance_m: float) -> list[list[_Draft]]:
    """Return the stops in groups of which each member has another one within the distance, in order of their first."""
    groups: list[list[_Draft]] = []
    waiting = list(stops)
    while waiting:
        reached = [waiting.pop(0)]
        for one in reached:  # grows while it is walked: whoever is near a member becomes a member
            near = [other for other in waiting if _apart_m(one, other) <= distance_m]
            waiting = [other for other in waiting if other not in near]
            reached += near
        groups.append(reached)
    return groups


def _place(head: _Draft, stops: Sequence[_Draft]) -> StopPlace:
    own = [stop.at for stop in stops if stop is head and stop.is_parent and stop.at is not None]
    points = own or [stop.at for stop in stops if stop.at is not None]
    lon = sum(point[0] for point in points) / len(points)
    lat = sum(point[1] for point in points) / len(points)
    return StopPlace(head.id, head.name, lon, lat)


def _by_name(loose: Sequence[_Draft]) -> dict[str, str]:
    """Return for each pole without a parent the id of the first pole of its place."""
    named: dict[str, list[_Draft]] = {}
    for draft in loose:
        if draft.at is not None:
            named.setdefault("".join(unicodedata.normalize("NFKC", draft.name).split()), []).append(draft)
    head: dict[str, str] = {}
    for same in named.values():
        for reached in _near(same, SAME_PLACE_M):
            head |= dict.fromkeys((one.id for one in reached), reached[0].id)
    return head


def _apart_m(one: _Draft, other: _Draft) -> float:
    if one.at is None or other.at is None:
        return float("inf")
    return float(_ELLIPSOID.inv(*one.at, *other.at)[2])
