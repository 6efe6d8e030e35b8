"""The register of councils on a day as rows for people: by district, every dated thing with its source, the statuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from kyodo_geo.model.councils.on_day import CouncilOn, DistrictOn, LinkOn, Reached, RegisterOn
from kyodo_geo.model.councils.register import Register
from kyodo_geo.model.councils.stated import CERTAINTIES, PERHAPS, Stated
from kyodo_geo.model.councils.values import DISTRICT_STATUSES, NO_RECORD, STAFF_STATES, Link, Naming, Saying
from kyodo_geo.provenance import Basis, Unknown

_Told = TypeVar("_Told", Naming, Link, Saying)
REGISTER = (
    "コード", "地区", "地域", "協働体", "形", "設立", "登録(告示第65号)", "計画の策定", "計画の改定", "事務局の職員", "地域担当職員",
    "この地区を受け持つ日", "出典", "備考",
)  # fmt: skip
# Source and note of each thing stand in SAID's table: a screen has no room for them twice
ON_SCREEN = REGISTER[:-2]
SAID = ("協働体・地区", "内容", "いつ", "根拠", "出典", "備考")
STATUSES = ("状態", "地区の数", "地区")
NO_COUNCIL = "協働体なし"
# 0 districts without a council must not read as if all had one
STATUS_LABELS = {**DISTRICT_STATUSES, "none": "協働体がないと分かっている"}
_NAMELESS = Unknown("名前の記録なし")
_NOBODY_SAID = Unknown("公表資料なし")
_COUNCIL_UNKNOWN = Unknown("協働体が不明")
_DATES = ("founded", "registered", "plan_adopted", "plan_revised")
_GAP = len(("form", *_DATES, "staff", "liaison", "since"))
_NO_LINK = Unknown("受け持つ地区の記録なし")


def register_rows(on: RegisterOn, areas: Mapping[str, str]) -> list[list[str]]:
    """Return a row for each district and council in REGISTER's columns, then the councils without a district.

    `areas` gives the area of each district. What nobody published or entered is 不明(理由), a district that was said to have no
    council 協働体なし.
    """
    rows = list[list[str]]()
    for district in on.districts.values():
        place = [district.code, district.name, areas.get(district.code, "")]
        if district.links:
            rows += [[*place, *_council(on.councils[one.link.council], one)] for one in district.links]
        else:
            rows.append([*place, *_without(district)])
    homeless = [one for one in on.councils.values() if not one.districts]
    return [*rows, *(["", str(_NO_LINK), "", *_council(one, None)] for one in homeless)]


def _without(district: DistrictOn) -> list[str]:
    if district.status == "none":
        return [NO_COUNCIL, *([NO_COUNCIL] * _GAP), district.source, district.note]
    name = _NAMELESS if district.status == "exists" else _NOBODY_SAID
    return [str(name), *([str(_COUNCIL_UNKNOWN)] * _GAP), district.source or "なし", district.note]


def _council(one: CouncilOn, tie: LinkOn | None) -> list[str]:
    link = tie.link if tie else None
    notes = [CERTAINTIES[one.certainty], *one.notes, link.note if link else ""]
    return [
        str(one.council.name),
        str(one.council.form),
        *(_reached(one.reached(kind)) for kind in _DATES),
        _office(one),
        _liaison(one),
        _day(link.since) if link else str(NO_RECORD),
        link.source if link else "なし",
        "。".join(dict.fromkeys(filter(None, notes))),
    ]


def _reached(found: Reached | None) -> str:
    if found is None:
        return str(NO_RECORD)
    return f"{found.milestone.day.words}{'' if found.sure else _maybe()}"


def _maybe() -> str:
    return f"({CERTAINTIES[PERHAPS]})"


def _day(since: Stated | None) -> str:
    return since.words if since else str(NO_RECORD)


def _office(one: CouncilOn) -> str:
    staff = one.staff
    if isinstance(staff.employer, Unknown):
        return str(staff.employer)
    return f"{STAFF_STATES[staff.employer]} {_people(staff.people)}、{_reached(staff.employed)}から"


def _liaison(one: CouncilOn) -> str:
    if one.staff.liaison is None:
        return str(NO_RECORD)
    return f"{_people(one.staff.liaison_people)}、{_reached(one.staff.liaison)}から"


def _people(number: int | Unknown) -> str:
    return f"人数は{number}" if isinstance(number, Unknown) else f"{number}人"


def status_rows(on: RegisterOn) -> list[list[str]]:
    """Return a row for each status of a district in STATUSES' columns: how many there are, and which."""
    names = {
        status: [one.name for one in on.districts.values() if one.status == status]
        for status in DISTRICT_STATUSES
    }
    return [
        [label, str(len(names[status])), "、".join(names[status]) or "なし"]
        for status, label in STATUS_LABELS.items()
    ]


def status_counts(on: RegisterOn) -> Mapping[str, int]:
    """Return how many districts have each status of DISTRICT_STATUSES."""
    return Counter(one.status for one in on.districts.values())


def said_rows(register: Register, day: date, published: Basis) -> list[list[str]]:
    """Return everything that is said by a day in SAID's columns, in order of council: name, link, milestones, remarks; then districts.

    `published` is the basis of what ships. A thing counts from the first day it can mean; what has no day is there too.
    """
    rows = list[list[str]]()
    for council, namings in register.namings.items():
        label = f"{namings[-1].name}({council})"
        rows += [[label, f"名前: {one.name}", *_told(one, published), ""] for one in _by(namings, day)]
        rows += [
            [
                label,
                f"受け持つ地区: {register.districts[one.district]}{_until(one)}",
                *_told(one, published),
                one.note,
            ]
            for one in _by(register.links[council], day)
        ]
        rows += [
            [label, one.label + _counted(one.people), one.day.words, _basis(one.seq, published), one.source, one.note]
            for one in register.milestones[council]
            if one.day.first <= day
        ]  # fmt: skip
        rows += [
            [label, "公表の注記", "", published.label, namings[0].source, note]
            for note in register.notes.get(council, ())
        ]
    return [*rows, *_sayings(register, day, published)]


def _sayings(register: Register, day: date, published: Basis) -> Iterator[list[str]]:
    for code, sayings in register.sayings.items():
        for one in _by(sayings, day):
            what = DISTRICT_STATUSES[one.status]
            yield [f"{register.districts[code]}(地区)", what, *_told(one, published), one.note]


def _by(said: Sequence[_Told], day: date) -> Iterator[_Told]:
    return (one for one in said if one.since is None or one.since.first <= day)


def _until(link: Link) -> str:
    return f"({link.until.words}まで)" if link.until else ""


def _told(one: Naming | Link | Saying, published: Basis) -> tuple[str, str, str]:
    return _day(one.since), _basis(one.seq, published), one.source


def _counted(people: int | None) -> str:
    return "" if people is None else f" {people}人"


def _basis(seq: int | None, published: Basis) -> str:
    return published.label if seq is None else f"{Basis.SUPPLIED.label}(記録 {seq})"
