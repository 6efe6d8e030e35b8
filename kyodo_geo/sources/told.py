"""Read what is told of single places: people of 80 and over, wards with published figures, schools that closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kyodo_geo.sources.manifest import Store


@dataclass(frozen=True)
class AgedPeople:
    """People who reach 80 or more within a fiscal year, at the level (area, district, ward, city…) it was published for."""

    fiscal_year: int
    day: date
    level: str
    place: str
    people: int
    definition: str
    note: str
    reference: str


@dataclass(frozen=True)
class Ward:
    """A ward with a published figure; what its article does not say is None, `about` that it rounds, `said` its words."""

    name: str
    area: str
    district_code: str
    population: int | None
    households: int | None
    ageing_percent: float | None
    about: bool
    published: str
    said: str
    reference: str


@dataclass(frozen=True)
class ClosedSchool:
    """A school that closed; district and area are "" where its name does not decide them."""

    year: int
    kind: str
    name: str
    district_code: str
    area: str


def load_aged(store: Store) -> tuple[AgedPeople, ...]:
    """Return the published numbers of people of 80 and over, in file order."""
    with store.reading("area_age80"):
        return tuple(
            AgedPeople(
                fiscal_year=int(row["fiscal_year"]),
                day=date.fromisoformat(row["count_date"]),
                level=row["level"],
                place=row["place"],
                people=int(row["age_80_over"]),
                definition=row["definition"],
                note=row["note"],
                reference=row["reference"],
            )
            for row in store.table("area_age80")
        )


def load_wards(store: Store) -> tuple[Ward, ...]:
    """Return the wards with a published figure, in file order."""
    with store.reading("wards"):
        return tuple(
            Ward(
                name=row["ward"],
                area=row["area"],
                district_code=row["district_code"],
                population=int(row["population"]) if row["population"] else None,
                households=int(row["households"]) if row["households"] else None,
                ageing_percent=float(row["ageing_percent"]) if row["ageing_percent"] else None,
                about=row["about"] == "1",
                published=row["published"],
                said=row["said"],
                reference=row["reference"],
            )
            for row in store.table("wards")
        )


def load_closed_schools(store: Store) -> tuple[ClosedSchool, ...]:
    """Return the closed schools, in file order."""
    with store.reading("closed_schools"):
        return tuple(
            ClosedSchool(
                int(row["closed_year"]), row["kind"], row["school"], row["district_code"], row["area"]
            )
            for row in store.table("closed_schools")
        )
