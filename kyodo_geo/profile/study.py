"""The study behind the comparison of districts: rows, what is lacking, what is told, who is like them, and its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.figures import Fact, Figures
from kyodo_geo.model.profile_choice import LEAST, ProfileChoice
from kyodo_geo.profile.locator import locators
from kyodo_geo.profile.rows import Lacking, Row, lacking_of, newest_known, rows_of
from kyodo_geo.profile.similar import LikeStudy, like_study
from kyodo_geo.profile.told import told_facts, told_sources
from kyodo_geo.provenance import Source, mark_of, unite

_FIRST = "population_change"


@dataclass(frozen=True, eq=False)
class ProfileStudy:
    """Some districts of a day side by side; `names` and `areas` are those of all districts, by code.

    `facts` holds the same labels for each chosen district, `maps` the address of a drawing of where it lies; `like` is None, and `like_refused` says why, where no
    districts can be compared.
    """

    on: date
    city: str
    choice: ProfileChoice
    names: Mapping[str, str]
    areas: Mapping[str, str]
    rows: tuple[Row, ...]
    lacking: tuple[Lacking, ...]
    facts: Mapping[str, Sequence[Fact]]
    like: LikeStudy | None
    like_refused: str
    told: tuple[Source, ...]
    maps: Mapping[str, str]
    lines_note: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen districts in their order."""
        return self.choice.districts

    @property
    def title(self) -> str:
        """The names of the districts, for a heading."""
        return "・".join(self.names[code] for code in self.codes)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of everything that is shown, each once."""
        like = self.like.sources if self.like else ()
        lacking = unite(*(one.sources for one in self.lacking))
        return unite(*(row.figures.sources for row in self.rows), lacking, like, self.told)

    @property
    def fictional(self) -> bool:
        """Whether any figure or source of it is made up."""
        marks = {mark for row in self.rows for mark in (row.figures.mark, row.figures.whole_mark)}
        return "架空" in marks | {mark_of(source.basis) for source in self.sources}

    @property
    def file_stem(self) -> str:
        """The name of its files without the ending: 比較_05-12, 架空_ in front of what is made up."""
        return f"{'架空_' if self.fictional else ''}比較_{'-'.join(self.codes)}"


def profile_study(
    city: City,
    figures: Sequence[Figures],
    choice: ProfileChoice,
    facts: Mapping[str, Sequence[Fact]],
    *,
    on: date,
) -> ProfileStudy:
    """Return the comparison of a choice; `facts` are plain facts of each chosen district, what is told comes after them."""
    codes = tuple(dict.fromkeys(city.lines(on).values()))
    areas = {code: city.area_of(code) for code in codes}
    newest = newest_known(figures)
    like, refused = _like(newest, choice)
    return ProfileStudy(
        on=on,
        city=city.facts.name,
        choice=choice,
        names=names_of(city, codes),
        areas=areas,
        rows=rows_of(newest, choice.districts, areas),
        lacking=lacking_of(newest, city),
        facts={code: [*facts[code], *told_facts(city, code, on)] for code in choice.districts},
        like=like,
        like_refused=refused,
        told=told_sources(city),
        maps=locators(city.shapes(on), choice.districts),
        lines_note=city.facts.lines_note,
    )


def _like(newest: Mapping[str, Figures], choice: ProfileChoice) -> tuple[LikeStudy | None, str]:
    try:
        return like_study(newest, choice.like), ""
    except InputRefused as refused:
        return None, str(refused)


def usual_districts(figures: Sequence[Figures], codes: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the two districts to begin with, and why: those whose population changed for the best and for the worst.

    Ties go to the first in the order of `codes`; where fewer than two are known, the first two districts.
    """
    one = newest_known(figures).get(_FIRST)
    known = (
        {code: value for code, value in one.districts.items() if isinstance(value, int | float)}
        if one
        else {}
    )
    if one is None or len(known) < LEAST:
        return tuple(codes[:LEAST]), "はじめは、コードの順に初めの地区を並べています。"
    ordered = sorted((code for code in codes if code in known), key=lambda code: -known[code])
    first = ordered[0]
    last = next(code for code in ordered if known[code] == known[ordered[-1]] and code != first)
    return (first, last), f"はじめは、{one.title} の最も大きい地区と最も小さい地区を並べています。"
