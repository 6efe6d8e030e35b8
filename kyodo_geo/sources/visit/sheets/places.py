"""Rows of tables tied to the places of a city: by key, by district, by name; never guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.areas import area_of, districts_of_area, without_city
from kyodo_geo.sources.visit.sheets.keys import area_key, is_code_of
from kyodo_geo.sources.visit.sheets.names import (
    folded_form,
    head_of,
    loose_form,
    plain_form,
    without_front,
    without_house,
)

_DISTRICT_ENDINGS = ("地区市民センター", "市民センター", "地区")
_MUNICIPAL_ENDINGS = ("町", "村", "市", "")
_OF_A_TOWN = 9
# 山目5区 is a ward that bears a place's name, wherever it lies
_WARD = re.compile(r"[0-9]区")


@dataclass(frozen=True)
class Found:
    """Where a row belongs: the keys of its small areas, or the code of a district.

    `district` is set only where the row names it or where a name stands for small areas of one district; with `keys` it
    is the district that the row names beside them. Both empty: the row names no place (a row of the whole city).
    `unknown` is a name beside the district that is no place at all, which callers tell of; it takes no part in equality.
    """

    keys: tuple[str, ...]
    district: str
    unknown: str = field(default="", compare=False)


@dataclass(frozen=True)
class Unfound:
    """A name that fits no place, or more than one: `candidates` as "key name" in the order of their keys.

    `contradicts` says that the name lies in another district than the row names: the district comes first among the
    candidates then. It takes no part in equality.
    """

    name: str
    candidates: tuple[str, ...]
    contradicts: bool = field(default=False, compare=False)


Index = Mapping[str, tuple[str, ...]]


def find_place(gazetteer: Gazetteer, *, key: str = "", name: str = "", district: str = "") -> Found | Unfound:
    """Return where a row belongs, as `Places.find`; the look-ups of the last gazetteers are kept."""
    return place_names(gazetteer).find(key=key, name=name, district=district)


def place_names(gazetteer: Gazetteer) -> Places:
    """Return the look-ups of a gazetteer; those of the last gazetteers are kept."""
    return _places_of(_Same(gazetteer))


class Places:
    """The places of a gazetteer, ready to be looked up many times."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        plain = {key: plain_form(name) for key, name in gazetteer.small_areas.items()}
        heads = {key: head_of(name) for key, name in plain.items()}
        self._names = _index((name, key) for key, name in plain.items())
        self._heads = _index((head, key) for key, head in heads.items() if head)
        self._looser = tuple(
            (
                form,
                _index((form(name), key) for names in (plain, heads) for key, name in names.items() if name),
            )
            for form in (loose_form, folded_form)
        )
        self._towns = _index((key[:_OF_A_TOWN], key) for key in plain if len(key) > _OF_A_TOWN)
        self._districts = _index((_district_form(name), code) for code, name in gazetteer.districts.items())

    def find(self, *, key: str = "", name: str = "", district: str = "") -> Found | Unfound:
        """Return where a row belongs by its key, else its district, else its name; Unfound when that is not certain.

        Keys: see `keys.area_key`; nine digits that only longer keys begin with stand for all of those. District: its
        code or name exactly, 地区 or 市民センター behind it or not; a name beside it only narrows it to a small area of
        that district, and must not lie in another one (Unfound with both). A former municipality that is no district's
        name gives its districts as candidates. Name: as it stands or behind prefecture, 郡 and city, or behind the former municipality (then
        only there). A name of several small areas, or the part of their names before 字 or 丁目, gives their district
        if they share one, else its candidates. Only then looser spellings (丁目 numerals, ケヶが, ノの之, 字, 大字, older
        letters) and names in front of a house number, which must leave one candidate. Raises ValueError, in Japanese,
        for a key of another municipality.
        """
        key, name, district = key.strip(), name.strip(), district.strip()
        keys = self._by_key(key)
        if keys:
            return Found(keys, "")
        codes = self._district_codes(district)
        if len(codes) == 1:
            return self._within(codes[0], name) if name else Found((), codes[0])
        if name:
            return self._by_name(name)
        if district or (key and not is_code_of(key, city=self.gazetteer.code)):
            return Unfound(
                district or key, self._named_districts(codes or districts_of_area(self.gazetteer, district))
            )
        return Found((), "")

    def is_place(self, text: str) -> bool:
        """Tell whether a text is the name of a small area, several of one name, or a district."""
        return bool(text) and (self.is_district(text) or self._has_name(text))

    def is_district(self, text: str) -> bool:
        """Tell whether a text is the name or the code of one district."""
        return len(self._district_codes(text)) == 1

    def is_by_area(self, names: Iterable[str]) -> bool:
        """Tell whether names are those of former municipalities, with or without 地域, 町 or 村, and not of districts.

        One of them at least must be no district's name; none may be a district or a small area that is no former
        municipality. Names that are no place at all must be fewer.
        """
        told = without_city(self.gazetteer, names)
        areas = [name for name in told if area_of(self.gazetteer, name)]
        others = [name for name in told if name not in areas]
        if len(others) >= len(areas) or any(map(self.is_place, others)):
            return False
        return any(not self._district_codes(name) for name in areas)

    def _has_name(self, text: str) -> bool:
        found = self._by_name(text)
        return isinstance(found, Found) or bool(found.candidates and not area_of(self.gazetteer, text))

    def _within(self, code: str, name: str) -> Found | Unfound:
        """Return what a name beside a district gives; Unfound with both where it is a place of other districts only."""
        narrowed = self._by_name(name, within=code)
        if isinstance(narrowed, Found) and narrowed.keys:
            return Found(narrowed.keys, code)
        anywhere = self._by_name(name)
        homes = self._homes(anywhere)
        if not homes or code in homes or _WARD.search(plain_form(name)):
            return Found((), code, "" if code in homes else name)
        told = anywhere.candidates if isinstance(anywhere, Unfound) else self._told(anywhere)
        return Unfound(name, (*self._named_districts([code]), *told), contradicts=True)

    def _homes(self, found: Found | Unfound) -> set[str]:
        """Return the districts of what a name gave, of all its candidates where it fits several."""
        if isinstance(found, Found):
            keys, own = found.keys, found.district
        else:
            keys, own = tuple(one.split(" ")[0] for one in found.candidates), ""
        homes = {
            key if key in self.gazetteer.districts else self.gazetteer.district_of.get(key, "")
            for key in keys
        }
        return {*homes, own} - {""}

    def _told(self, found: Found) -> tuple[str, ...]:
        return self._candidates(found.keys) or self._named_districts([found.district])

    def _by_key(self, text: str) -> tuple[str, ...]:
        key = area_key(text, city=self.gazetteer.code)
        return (key,) if key in self.gazetteer.small_areas else self._towns.get(key, ())

    def _district_codes(self, text: str) -> tuple[str, ...]:
        code = plain_form(text)
        if code in self.gazetteer.districts:
            return (code,)
        form = _district_form(self._behind_the_city(plain_form(text)))
        return self._districts.get(form, ()) if form else ()

    def _by_name(self, name: str, *, within: str = "") -> Found | Unfound:
        whole = plain_form(name)
        for form in dict.fromkeys((whole, *without_house(whole))):
            found = self._by_form(form, name, within)
            if found:
                return found
        found = self._deeper(whole, within)
        if found:
            return found
        # 中央地区 can only be a district; 中央 may be one, or the former municipality of that name
        codes = self._district_codes(name)
        if len(codes) == 1 and plain_form(name).endswith(_DISTRICT_ENDINGS):
            return Found((), codes[0])
        return Unfound(name, self._named_districts(codes or districts_of_area(self.gazetteer, name)))

    def _by_form(self, form: str, name: str, within: str) -> Found | Unfound | None:
        """Return what a form gives by its strictest spelling that fits anything; None when none does."""
        spelled = list(self._spelled(form))
        for one, allowed in spelled:
            named, headed = (
                self._kept(index.get(one, ()), allowed, within) for index in (self._names, self._heads)
            )
            if named or headed:
                return self._one_or_district(name, named, headed)
        for loosen, index in self._looser:
            hits = [
                key
                for one, allowed in spelled
                for key in self._kept(index.get(loosen(one), ()), allowed, within)
            ]
            keys = tuple(dict.fromkeys(hits))
            if len(keys) == 1 and self._is_name(keys[0], [loosen(one) for one, _ in spelled], loosen):
                return Found(keys, "")
            if keys:
                return Unfound(name, self._candidates(keys))
        return None

    def _is_name(self, key: str, forms: Sequence[str], loosen: Callable[[str], str]) -> bool:
        """Tell whether a form is a small area's whole name, not only the part before its 字."""
        return loosen(plain_form(self.gazetteer.small_areas[key])) in forms

    def _spelled(self, form: str) -> Iterator[tuple[str, str]]:
        """Yield a form with less and less before it, and the former municipality it must lie in ("" for any)."""
        behind = self._behind_the_city(form)
        yield form, ""
        if behind != form:
            yield behind, ""
        for area in dict.fromkeys(self.gazetteer.areas.values()):
            for ending in _MUNICIPAL_ENDINGS:
                front = plain_form(area) + ending
                for start in (behind, behind.partition("郡")[2]):
                    if start.startswith(front) and len(start) > len(front):
                        yield start.removeprefix(front), area

    def _behind_the_city(self, form: str) -> str:
        return without_front(form, prefecture=self.gazetteer.prefecture, city=self.gazetteer.city)

    def _kept(self, keys: Iterable[str], area: str, within: str) -> tuple[str, ...]:
        """Return the keys in a former municipality and a district; "" for any."""
        place = self.gazetteer
        homes = {key: place.district_of.get(key, "") for key in keys}
        return tuple(
            key
            for key, home in homes.items()
            if within in ("", home) and area in ("", place.areas.get(home, ""))
        )

    def _one_or_district(self, name: str, named: Sequence[str], headed: Sequence[str]) -> Found | Unfound:
        if len(named) == 1 and not headed:
            return Found(tuple(named), "")
        keys = tuple(dict.fromkeys([*named, *headed]))
        homes = {self.gazetteer.district_of.get(key, "") for key in keys}
        home = homes.pop() if len(homes) == 1 else ""
        return Found((), home) if home else Unfound(name, self._candidates(keys))

    def _deeper(self, form: str, within: str) -> Found | None:
        """Return the small area that a longer name lies in: one whose name, behind which 字 follows, heads no other."""
        for one, area in self._spelled(form):
            ends = [at for at in range(len(one) - 1, 0, -1) if one.startswith(("字", "大字"), at)]
            for head in (one[:at] for at in ends):
                keys = self._kept(self._names.get(head, ()), area, within)
                if len(keys) == 1 and head not in self._heads:
                    return Found(keys, "")
        return None

    def _candidates(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{key} {self.gazetteer.small_areas[key]}" for key in sorted(keys))

    def _named_districts(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{code} {self.gazetteer.districts[code]}" for code in codes)


class _Same:
    """A gazetteer as the key of a cache: equal only to itself, for its mappings cannot be hashed."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.gazetteer is self.gazetteer

    def __hash__(self) -> int:
        return id(self.gazetteer)


@lru_cache(maxsize=4)
def _places_of(same: _Same) -> Places:
    return Places(same.gazetteer)


def _index(pairs: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for form, key in pairs:
        found[form][key] = None
    return {form: tuple(keys) for form, keys in found.items()}


def _district_form(name: str) -> str:
    form = plain_form(name)
    ending = next((one for one in _DISTRICT_ENDINGS if form.endswith(one)), "")
    return form.removesuffix(ending) or form
