"""What is told of a district by name: closed schools, wards with figures, people of 80 and over, small areas near disappearing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.figures import Fact
from kyodo_geo.model.indicators.decline import FEW_PEOPLE
from kyodo_geo.present.tables import number_text
from kyodo_geo.provenance import Source, Unknown, mark_of
from kyodo_geo.sources.told import AgedPeople, Ward

_NOT_PUBLISHED = Unknown("公表資料なし")
_TOLD = ("closed_schools", "wards", "area_age80", "small_areas", "centres", "management", "council_links")


def told_facts(city: City, code: str, on: date) -> list[Fact]:
    """Return what is told of a district of a day, one line an entry; what no source speaks of is 不明."""
    lines = city.lines(on)
    members = {one for one, of in lines.items() if of == code}
    return [
        *_schools(city, code, members),
        *_wards(city, members),
        _aged(city, code),
        *_vanishing(city, members),
    ]


def told_sources(city: City) -> tuple[Source, ...]:
    """Return the sources of the plain facts and of what is told."""
    return tuple(city.sources[name] for name in _TOLD if name in city.sources)


def _marked(city: City, source: str, words: str) -> str:
    """Write what a label says in brackets, with the mark of its source."""
    return "、".join(filter(None, (words, mark_of(city.sources[source].basis))))


def _fact(label: str, entries: Sequence[str], otherwise: str) -> Fact:
    return Fact(label, "\n".join(entries) or otherwise)


def _schools(city: City, code: str, members: set[str]) -> list[Fact]:
    label = "閉校した学校"
    if not city.closed_schools:
        return [Fact(label, str(_NOT_PUBLISHED), unknown=True)]
    span = city.sources["closed_schools"].reference_date
    area = city.area_of(code)
    tied = [
        f"{school.name}({school.year}年)" for school in city.closed_schools if school.district_code in members
    ]
    loose = [
        f"{school.name}({school.year}年、{school.area or '市内'}。どの地区かは不明)"
        for school in city.closed_schools
        if not school.district_code and school.area in {"", area} and school.kind in city.SCHOOL_KINDS
    ]
    return [
        _fact(
            f"{label}({_marked(city, 'closed_schools', f'資料は{span}')})",
            tied,
            "名称で地区に結べるものはありません",
        ),
        _fact(f"{label}のうち地区の決まらないもの", loose, "ありません"),
    ]


def _wards(city: City, members: set[str]) -> list[Fact]:
    label = "数字の公表された行政区・自治会"
    if not city.wards:
        return [Fact(label, str(_NOT_PUBLISHED), unknown=True)]
    tied = [_ward(ward) for ward in city.wards if ward.district_code in members]
    return [_fact(label, tied, "この地区と分かるものはありません")]


def _ward(ward: Ward) -> str:
    about = "約" if ward.about else ""
    figures = [
        f"{about}{number_text(ward.population)}人" if ward.population is not None else "",
        f"{about}{number_text(ward.households)}世帯" if ward.households is not None else "",
        f"高齢化率{about}{ward.ageing_percent:g}%" if ward.ageing_percent is not None else "",
        ward.said,
    ]
    day = "時点は記載なし" if ward.published in {"", "記載なし"} else f"{ward.published} の記事"
    return f"{ward.name}: {'・'.join(filter(None, figures))}({day})"


def _aged(city: City, code: str) -> Fact:
    label = "80歳以上の人(公表された年だけ)"
    name, area = str(city.names.loc[code, "district"]), city.area_of(code)
    own = [one for one in city.aged if one.level == "district" and one.place == name]
    wide = [one for one in city.aged if one.level == "area" and one.place == area]
    if not own and not wide:
        return Fact(label, str(_NOT_PUBLISHED), unknown=True)
    entries = [_aged_line(f"{name}地区", one) + (f"。{one.note}" if one.note else "") for one in own]
    entries += [] if own else ["地区: 不明(公表資料なし)"]
    entries += [_aged_line(f"旧市町村 {area}", one) for one in wide]
    meant = dict.fromkeys(one.definition for one in (*own, *wide))
    notes = dict.fromkeys(one.note for one in wide if one.note)
    return Fact(
        label,
        "\n".join(
            [*entries, *(f"数え方: {one}" for one in meant), *(f"注(旧市町村の値): {one}" for one in notes)]
        ),
    )


def _aged_line(place: str, one: AgedPeople) -> str:
    return f"{place} {FiscalYear(one.fiscal_year).label}: {number_text(one.people)}人({one.day.isoformat()})"


def _vanishing(city: City, members: set[str]) -> list[Fact]:
    """Name the small areas near disappearing in the newest census that has one before it."""
    found = city.vanishing()
    if not found:
        return [Fact("消えかけている小地域", str(_NOT_PUBLISHED), unknown=True)]
    year = max(found)
    named = dict(zip(city.small_areas.index.astype(str), city.small_areas["name"].astype(str), strict=True))
    home = city.small_areas["district_code"].to_dict()
    names = [f"{named[key]}({key})" for key in found[year] if home[key] in members]
    said = _marked(city, "small_areas", f"{FEW_PEOPLE}人未満で減少、{year}年")
    return [_fact(f"消えかけている小地域({said})", names, "ありません")]
