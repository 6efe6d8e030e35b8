"""The councils as of a day: which are known, of which districts, what they have come to, and which districts have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kyodo_geo.model.check import Check
from kyodo_geo.model.councils.register import Register
from kyodo_geo.model.councils.stated import PERHAPS, SURE, UNDATED
from kyodo_geo.model.councils.values import NO_RECORD, Council, Link, Milestone, Saying
from kyodo_geo.provenance import Unknown

_ORDER = (SURE, PERHAPS, UNDATED)
_NOT_THEN = Unknown("その日の名前は記録なし")
_OFFICE = MappingProxyType({"staff_city": "city", "staff_council": "council"})


@dataclass(frozen=True)
class LinkOn:
    """A link on a day; `certainty` is sure, perhaps (the day falls within a month or year) or undated."""

    link: Link
    certainty: str


@dataclass(frozen=True)
class Reached:
    """A milestone that has come by a day; not `sure` while the day falls within its month or fiscal year."""

    milestone: Milestone
    sure: bool


@dataclass(frozen=True)
class StaffOn:
    """Who employs the office staff on a day (city or council) and how many, and how many 地域担当職員 there are.

    `employed` and `liaison` are the milestones the state comes from, None where nothing is recorded; a number is Unknown
    where it was not stated.
    """

    employer: str | Unknown
    people: int | Unknown
    employed: Reached | None
    liaison_people: int | Unknown
    liaison: Reached | None


@dataclass(frozen=True)
class CouncilOn:
    """A council on a day: `certainty` says how sure it is that it exists then."""

    council: Council
    certainty: str
    districts: tuple[LinkOn, ...]
    milestones: tuple[Reached, ...]
    staff: StaffOn
    notes: tuple[str, ...] = ()

    def reached(self, kind: str) -> Reached | None:
        """Return the newest milestone of a kind that has come, None where none is recorded."""
        return next((one for one in reversed(self.milestones) if one.milestone.kind == kind), None)


@dataclass(frozen=True)
class DistrictOn:
    """What is known of a district's councils on a day: `status` is a key of DISTRICT_STATUSES.

    `links` are its councils (one or several where named), `certainty` the surest of them or of what is said; `note` and
    `source` stand for the other statuses.
    """

    code: str
    name: str
    status: str
    certainty: str
    links: tuple[LinkOn, ...] = ()
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class RegisterOn:
    """The register on a day: councils by id, districts by code in the city's order, and the count beside the published."""

    day: date
    councils: Mapping[str, CouncilOn]
    districts: Mapping[str, DistrictOn]
    check: Check

    @property
    def without_known(self) -> tuple[str, ...]:
        """The codes of districts of which nobody has said whether they have a council."""
        return tuple(code for code, one in self.districts.items() if one.status == "unknown")


def register_on(
    register: Register, day: date, *, published: int | Unknown, reference: str = ""
) -> RegisterOn:
    """Return the register as of a day; `published` is the number of councils that `reference` tells for that time.

    A council counts from its founding to the day of its end; without a founding from the first thing dated of it; a
    published council without any day is kept as undated. Nothing unknown is 0, and no district is said to have no
    council unless somebody said so.
    """
    councils = {one.council.id: one for one in _councils(register, day)}
    links: dict[str, list[LinkOn]] = {code: [] for code in register.districts}
    for council in councils.values():
        for one in council.districts:
            links[one.link.district].append(one)
    districts = {code: _district(register, code, links[code], councils, day) for code in register.districts}
    check = _check(list(councils.values()), list(districts.values()), published, reference)
    return RegisterOn(day, MappingProxyType(councils), MappingProxyType(districts), check)


def _councils(register: Register, day: date) -> Iterator[CouncilOn]:
    for council, namings in register.namings.items():
        certainty = _life(register, council, day)
        if not certainty:
            continue
        names = [one.name for one in namings if one.since is None or one.since.first <= day]
        reached = tuple(
            Reached(one, came == SURE)
            for one in register.milestones[council]
            if (came := one.day.reached(day))
        )
        yield CouncilOn(
            Council.named(council, names[-1] if names else _NOT_THEN),
            certainty,
            tuple(_links(register.links[council], certainty, day)),
            reached,
            _staff(reached),
            register.notes.get(council, ()),
        )


def _life(register: Register, council: str, day: date) -> str:
    """Say how surely a council exists on a day, "" for not (yet, or any more), or not known by then."""
    days = {one.kind: one.day for one in register.milestones[council]}
    end = days["dissolved"].holds(day) if "dissolved" in days else SURE
    founded = days.get("founded")
    begun = founded.reached(day) if founded else _evidence(register, council, day)
    return _weaker(begun, end) if begun and end else ""


def _evidence(register: Register, council: str, day: date) -> str:
    """Say how surely a council without a founding exists by what is dated of it."""
    told = (
        *(one.since for one in register.namings[council]),
        *(one.since for one in register.links[council]),
        *(one.day for one in register.milestones[council]),
    )
    dated = [one for one in told if one]
    came = {one.reached(day) for one in dated} - {""}
    if SURE in came:
        return SURE
    undated = any(one.since is None for one in register.namings[council])
    return UNDATED if undated else PERHAPS if came else ""


def _links(links: Sequence[Link], life: str, day: date) -> Iterator[LinkOn]:
    for link in links:
        begun = link.since.reached(day) if link.since else UNDATED
        holds = link.until.holds(day) if link.until else SURE
        if begun and holds:
            yield LinkOn(link, _weaker(_weaker(begun, holds), life))


def _weaker(one: str, other: str) -> str:
    return max(one, other, key=_ORDER.index)


def _staff(reached: Sequence[Reached]) -> StaffOn:
    office = [one for one in reached if one.milestone.kind in _OFFICE]
    liaisons = [one for one in reached if one.milestone.kind == "liaison"]
    employed, liaison = (some[-1] if some else None for some in (office, liaisons))
    return StaffOn(
        _OFFICE[employed.milestone.kind] if employed else NO_RECORD,
        _people(employed),
        employed,
        _people(liaison),
        liaison,
    )


def _people(reached: Reached | None) -> int | Unknown:
    if reached is None:
        return NO_RECORD
    stated = reached.milestone.people
    return Unknown("人数の記載なし") if stated is None else stated


def _district(
    register: Register, code: str, links: Sequence[LinkOn], councils: Mapping[str, CouncilOn], day: date
) -> DistrictOn:
    name = register.districts[code]
    if links:
        named = any(isinstance(councils[one.link.council].council.name, str) for one in links)
        surest = min((one.certainty for one in links), key=_ORDER.index)
        return DistrictOn(code, name, "named" if named else "exists", surest, tuple(links))
    said = _newest(register, code, day)
    if said is None:
        return DistrictOn(code, name, "unknown", UNDATED, note="協働体の名前も、ないという記録もありません")
    certainty = said.since.reached(day) if said.since else UNDATED
    return DistrictOn(code, name, said.status, certainty, note=said.note, source=said.source)


def _newest(register: Register, code: str, day: date) -> Saying | None:
    """Return what was said last of a district by a day, None where a link has begun since (its end says nothing)."""
    said = [one for one in register.sayings.get(code, ()) if one.since is None or one.since.first <= day]
    begun = [
        link.since.first
        for links in register.links.values()
        for link in links
        if link.district == code and link.since and link.since.first <= day
    ]
    last = said[-1] if said else None
    over = last and begun and (last.since is None or last.since.first <= max(begun))
    return None if over else last


def _check(
    councils: Sequence[CouncilOn], districts: Sequence[DistrictOn], published: int | Unknown, reference: str
) -> Check:
    unnamed, none, unknown = (
        [one for one in districts if one.status == status] for status in ("exists", "none", "unknown")
    )
    known = [one for one in councils if isinstance(one.council.name, str)]
    sure = sum(one.certainty == SURE for one in councils)
    found = f"名前の分かる協働体 {len(known)}、名前は分からないが協働体のある地区 {len(unnamed)}"
    said = f"協働体がないとされる地区 {len(none)}。" if none else ""
    if unknown:
        said += f"どの地区に協働体がないかは分かっていません(有無も名前も分からない地区 {len(unknown)})。"
    said += f"公表: {reference}" if reference else ""
    label = "地域協働体の数が公表値と合う"
    if isinstance(published, Unknown):
        return Check("councils_published", label, str(published), found, "", "note", said)
    settled = not unnamed and not unknown
    wrong = sure > published or (settled and len(known) != published)
    outcome = "fail" if wrong else "pass" if settled else "note"
    gap = published - len(known)
    difference = "0" if not gap else f"名前の分からない分 {gap}" if gap > 0 else f"{-gap} 多い"
    return Check("councils_published", label, f"{published} 団体", found, difference, outcome, said)
