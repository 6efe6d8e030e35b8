"""The rows of a resident table sorted: those of a place, those of none or several, and totals of districts and the city."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.ages.people import AgeRow, Reading
from kyodo_geo.sources.visit.ages.resident_columns import Entry
from kyodo_geo.sources.visit.ages.values import Placed, Unplaced
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.areas import BY_AREA
from kyodo_geo.sources.visit.sheets.places import Found, Unfound, find_place, place_names

_SHOWN = 5
_WHOLE_CITY = ("市全体", "市全域", "全市", "全域", "全体")


def plain(text: str) -> str:
    """Return a text in one form: NFKC, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def refuse_areas(entries: Sequence[Entry], gazetteer: Gazetteer, name: str) -> None:
    """Raise TableError where the rows are former municipalities, whose names districts may bear too."""
    places = place_names(gazetteer)
    if any(entry.said["key"] or entry.said["short"] for entry in entries):
        return
    if places.is_by_area(entry.said["name"] or _district(entry) for entry in entries):
        raise TableError(
            f"{name}: {BY_AREA}。",
            todo="地区(市民センターの単位)か、町丁字・行政区の行を持つ表を開いてください",
        )


class ResidentRows:
    """The city's rows with their people, sorted into placed, unplaced and totals; it lives only as long as the reading."""

    def __init__(
        self, entries: Sequence[Entry], readings: Sequence[Reading], gazetteer: Gazetteer, name: str
    ) -> None:
        self.pairs = list(zip(entries, readings, strict=True))
        self.gazetteer, self.name = gazetteer, name
        self.placed: list[Placed] = []
        self.unplaced: list[Unplaced] = []
        self.left_out: list[Fault] = []
        self.cautions: list[Fault] = []
        self.wrong: list[Fault] = []
        self.unknown: dict[str, int] = {}
        # Where the district's column holds former municipalities, only the names can tell the place
        self.by_area = place_names(gazetteer).is_by_area(_district(entry) for entry in entries)
        self.seen: dict[tuple[tuple[str, ...], str], int] = {}

    @property
    def counted(self) -> list[AgeRow]:
        """The rows that count people once, placed or not."""
        return [*(one.row for one in self.placed), *(one.row for one in self.unplaced)]

    def place(self) -> None:
        """Sort every row; totals last, for they are compared with the others."""
        named = {_district(entry) for entry, _ in self.pairs if _own_name(entry)}
        finds = [self._find(entry) for entry, _ in self.pairs]
        above = self._adding_up(finds)
        totals: list[tuple[Entry, AgeRow, str]] = []
        for (entry, reading), found in zip(self.pairs, finds, strict=True):
            (self.cautions if reading.row else self.left_out).extend(reading.missing)
            self.cautions += reading.mismatches
            if reading.row is None:
                continue
            if found == Found((), "") or self._is_whole_city(entry):
                totals.append((entry, reading.row, ""))
            elif not _own_name(entry) and _district(entry) in named:
                totals.append((entry, reading.row, _district(entry)))
            elif entry.line in above:
                what = f"「{_label(entry)}」はその中の場所の行の合計に等しいため、合計の行とみなしました"
                self.left_out.append(Fault(what, self.name, entry.line))
            else:
                self._place(entry, found, reading.row)
        self._compare(totals)
        self._tell_unknown()

    def _adding_up(self, finds: Sequence[Found | Unfound]) -> set[int]:
        """Return the lines of rows of a whole district, by their own name, that are the sum of two or more of its places."""
        parts: dict[str, list[int]] = defaultdict(list)
        whole: list[tuple[int, str, int]] = []
        for (entry, reading), found in zip(self.pairs, finds, strict=True):
            if reading.row is None or isinstance(found, Unfound):
                continue
            if found.keys:
                parts[self.gazetteer.district_of.get(found.keys[0], "")].append(reading.row.people)
            elif found.district and not found.unknown and _own_name(entry):
                whole.append((entry.line, found.district, reading.row.people))
        return {
            line for line, code, people in whole if len(parts[code]) > 1 and sum(parts[code]) == people > 0
        }

    def _tell_unknown(self) -> None:
        """Tell once of names that are no place, where the district beside them is one."""
        if self.unknown:
            shown = "、".join(f"「{one}」" for one in list(self.unknown)[:_SHOWN])
            what = f"町丁字に当たらない名前 {len(self.unknown):,} 件({shown} など)は、地区だけで結びました"
            self.cautions.append(Fault(what, self.name, next(iter(self.unknown.values()))))

    def _is_whole_city(self, entry: Entry) -> bool:
        name = plain(entry.said["name"])
        city = plain(self.gazetteer.city)
        names = {"", city, plain(self.gazetteer.prefecture) + city, *_WHOLE_CITY}
        return not self._key(entry) and not _district(entry) and name in names

    def _key(self, entry: Entry) -> str:
        """Return a small area's key: a whole one, or the short code of a 町丁字 where the city has such an area."""
        whole, short = plain(entry.said["key"]), plain(entry.said["short"])
        own = f"{self.gazetteer.code}{short}"
        known = [key for key in (short, own) if short and key in self.gazetteer.small_areas]
        return whole or (known[0] if known else "")

    def _find(self, entry: Entry) -> Found | Unfound:
        key = self._key(entry)
        if key in self.gazetteer.small_areas:
            return Found((key,), "")
        name = entry.said["name"]
        district = "" if self.by_area and name else _district(entry)
        return find_place(self.gazetteer, key=key, name=name, district=district)

    def _place(self, entry: Entry, found: Found | Unfound, row: AgeRow) -> None:
        if isinstance(found, Unfound):
            self.unplaced.append(Unplaced(found, row))
            return
        if found.unknown:
            self.unknown.setdefault(found.unknown, entry.line)
        where = (found.keys, "" if found.keys else f"{found.district} {entry.said['name']}")
        first = self.seen.get(where)
        if first == entry.line:
            # Blocks side by side hold other places each; the same ones again are 日本人 and 外国人, or another year
            what = f"「{_label(entry)}」が同じ行に2回あります(総数の列だけにしてください)"
            self.wrong.append(Fault(what, self.name, entry.line))
        elif first is not None:
            what = f"「{_label(entry)}」は {first} 行目と名前か場所が同じです(両方を数えています)"
            self.cautions.append(Fault(what, self.name, entry.line))
        self.seen[where] = entry.line
        self.placed.append(Placed(f"{entry.line} {_label(entry)}", found.keys, found.district, row))

    def _compare(self, totals: Sequence[tuple[Entry, AgeRow, str]]) -> None:
        """Leave the totals of districts ("" for the city) out, and name the difference to the rows they stand for."""
        above = {entry.line for entry, _, _ in totals}
        for entry, total, district in totals:
            label = _label(entry) or self.gazetteer.city
            self.left_out.append(Fault(f"「{label}」は合計の行とみなしました", self.name, entry.line))
            parts = [
                reading.row.people
                for one, reading in self.pairs
                if reading.row and one.line not in above and district in {"", _district(one)}
            ]
            if parts and sum(parts) != total.people:
                what = f"「{label}」の {total.people:,} 人が、行の合計 {sum(parts):,} 人と違います"
                self.cautions.append(Fault(what, self.name, entry.line))


def _own_name(entry: Entry) -> str:
    return entry.said["key"] or entry.said["name"]


def _district(entry: Entry) -> str:
    return entry.said["district_code"] or entry.said["district"]


def _label(entry: Entry) -> str:
    return entry.said["name"] or entry.said["district"] or entry.said["district_code"] or entry.said["key"]
