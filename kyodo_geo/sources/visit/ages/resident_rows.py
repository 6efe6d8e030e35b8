"""The rows of a resident table sorted: those of a place, those of none or several, and totals of districts and the city."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from kyodo_geo.errors import Fault
from kyodo_geo.sources.visit.ages.people import AgeRow, Reading
from kyodo_geo.sources.visit.ages.resident_columns import Entry
from kyodo_geo.sources.visit.ages.values import Placed, Unplaced
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.places import Found, Unfound, find_place

_WHOLE_CITY = ("市全体", "市全域", "全市", "全域", "全体")


def plain(text: str) -> str:
    """Return a text in one form: NFKC, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


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
        self.seen: dict[tuple[tuple[str, ...], str], int] = {}

    @property
    def counted(self) -> list[AgeRow]:
        """The rows that count people once, placed or not."""
        return [*(one.row for one in self.placed), *(one.row for one in self.unplaced)]

    def place(self) -> None:
        """Sort every row; totals last, for they are compared with the others."""
        named = {_district(entry) for entry, _ in self.pairs if _own_name(entry)}
        totals: list[tuple[Entry, AgeRow, str]] = []
        for entry, reading in self.pairs:
            (self.cautions if reading.row else self.left_out).extend(reading.missing)
            self.cautions += reading.mismatches
            if reading.row is None:
                continue
            found = self._find(entry)
            if found == Found((), "") or self._is_whole_city(entry):
                totals.append((entry, reading.row, ""))
            elif not _own_name(entry) and _district(entry) in named:
                totals.append((entry, reading.row, _district(entry)))
            else:
                self._place(entry, found, reading.row)
        self._compare(totals)

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
        return find_place(self.gazetteer, key=key, name=entry.said["name"], district=_district(entry))

    def _place(self, entry: Entry, found: Found | Unfound, row: AgeRow) -> None:
        if isinstance(found, Unfound):
            self.unplaced.append(Unplaced(found, row))
            return
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
