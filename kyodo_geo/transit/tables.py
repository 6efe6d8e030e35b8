"""A transit study as tables: stops, gaps by district, kinds of day, on-call areas, and the services known as text."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from kyodo_geo.city import City
from kyodo_geo.model.reach.coverage import nearest
from kyodo_geo.model.transit.choice import clock
from kyodo_geo.model.transit.day_types import KIND_LABELS
from kyodo_geo.model.transit.departures import SERVICE_CLASSES, departures_per_place, service_class
from kyodo_geo.present.tables import number_text
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.tables import Rows, distance_text, people_text
from kyodo_geo.sources.facilities import TransitService
from kyodo_geo.transit.feed import Feed
from kyodo_geo.transit.study import TransitStudy, counted_stations
from kyodo_geo.transit.text import representatives

# In this order: a place is told the first that holds of it
COVERED, ON_CALL, TOO_FEW, NOTHING = CLASSES = (
    "使える停留所がある",
    "予約制がある(定時は足りない)",
    "便の少ない停留所だけ",
    "使える便が近くにない",
)
KIND_COLUMNS = ("日の種類", "代表の日", "便", "同じ便の日数", "ほかの便の日")
SERVICE_COLUMNS = (
    "便",
    "種類",
    "地区・地域",
    "経路・区域",
    "曜日・便数",
    "所要(分)",
    "運賃(円)",
    "いつの話か",
    "状態",
    "注記・資料",
)
_STATUS = {"running": "資料の時点で運行", "abolished": "廃止", "undated": "時点不明"}


def place_classes(study: TransitStudy) -> npt.NDArray[np.int64]:
    """Return for each place of people its position in `CLASSES`, of those that hold the first.

    A usable stop (or station, where they count) within the threshold; else an on-call area, which is no fixed service and
    stands apart, whether or not a bus stops near; else a stop where any run of the day departs or arrives in the hours
    asked for; else none of them. Of stations nothing is known: those that do not count say nothing of the last class.
    """
    reach, bus = study.reach, study.departures
    served = np.append(bus.departures + bus.arrivals > 0, counted_stations(study))
    any_stop = nearest(reach.distance, served).distance <= reach.within
    holds = [reach.after.distance <= reach.within, study.on_call, any_stop]
    found: npt.NDArray[np.int64] = np.select(holds, range(len(holds)), default=CLASSES.index(NOTHING))
    return found


def gap_columns(study: TransitStudy) -> tuple[str, ...]:
    """Return the heads of `gap_rows`, with what is counted."""
    return ("コード", "地区", study.reach.demand.counted, *CLASSES, "空白の割合 %")


def gap_rows(city: City, study: TransitStudy) -> tuple[Rows, list[str]]:
    """Return the people of each district by what they have, and the row of the city; the gap is all but the first class."""
    levels, classes = levels_of(city, study.reach), place_classes(study)
    rows = [
        [code, str(city.names.loc[code, "district"]), *_gap_cells(study, classes, at)]
        for code, at in levels.districts.items()
    ]
    return rows, ["", f"{city.facts.name}全体", *_gap_cells(study, classes, levels.city)]


def _gap_cells(study: TransitStudy, classes: npt.NDArray[np.int64], at: npt.NDArray[np.int64]) -> list[str]:
    weight = study.reach.demand.weight[at]
    counts = np.bincount(classes[at], weights=weight, minlength=len(CLASSES))
    people = float(weight.sum())
    share = number_text(100 * (people - counts[0]) / people, decimals=1) if people else "不明(人がいない)"
    return [people_text(people), *(people_text(one) for one in counts), share]


def stop_columns(study: TransitStudy) -> tuple[str, ...]:
    """Return the heads of `stop_rows`; each kind of day with the date that stands for it."""
    kinds = [f"{label}の便({day})" for label, day in representatives(study.feed).items()]
    return ("停留所", "地区", "行きの便", "帰りの便", "往復", "級", "始発", "終発", *kinds)


def stop_rows(city: City, study: TransitStudy) -> Rows:
    """Return the stopping places, the most served first, with runs away, home and both, and first and last bus."""
    classes, runs, bus = service_class(study.runs.pairs), study.runs, study.departures
    districts, kinds = _district_names(city, study), departures_by_kind(study)
    order = np.lexsort((np.arange(len(runs.pairs)), -runs.there, -runs.pairs))
    return [
        [
            study.timetable.places[at].name, districts[at], str(runs.there[at]), str(runs.back[at]), str(runs.pairs[at]),
            SERVICE_CLASSES[classes[at]].label, clock(int(bus.first_s[at])), clock(int(bus.last_s[at])), *(counts[at] for counts in kinds),
        ]
        for at in map(int, order)
    ]  # fmt: skip


def departures_by_kind(study: TransitStudy) -> list[list[str]]:
    """Return the departures of each stopping place on the usual weekday, Saturday, and Sunday or holiday, in the hours asked for."""
    found = {kind.kind: kind for kind in study.feed.kinds}
    counts = []
    for name in KIND_LABELS:
        kind = found.get(name)
        if kind is None or not kind.patterns:
            counts.append(["期間にない"] * len(study.timetable.places))
            continue
        bus = departures_per_place(study.timetable, kind.patterns[0].services, window=study.choice.window)
        counts.append([str(number) for number in bus.departures])
    return counts


def _district_names(city: City, study: TransitStudy) -> list[str]:
    """Return the district each stopping place lies in, 市外 for one beyond the city."""
    codes = city.districts_of([(place.lon, place.lat) for place in study.timetable.places], study.reach.on)
    return [str(city.names.loc[code, "district"]) if code else "市外" for code in codes]


def kind_rows(feed: Feed) -> Rows:
    """Return the kinds of day with their most usual pattern, and in how many days other services run."""
    rows = []
    for kind in feed.kinds:
        if not kind.patterns:
            rows.append([kind.label, "期間にない", "−", "0", ""])
            continue
        first = kind.patterns[0]
        others = [
            f"{len(one.days)}日({_days(one.days)}。便 +{one.more}・−{one.fewer})" for one in kind.others
        ]
        rows.append(
            [kind.label, first.days[0].isoformat(), str(first.runs), str(len(first.days)), "、".join(others)]
        )
    return rows


def _days(days: tuple[date, ...]) -> str:
    return "・".join(day.isoformat() for day in days[:3]) + (" など" if len(days) > 3 else "")


def on_call_columns(study: TransitStudy) -> tuple[str, ...]:
    """Return the heads of `on_call_rows`."""
    return ("区域", study.reach.demand.unit, "曜日", "時間帯", "予約方法", "備考")


def on_call_rows(study: TransitStudy) -> Rows:
    """Return the on-call areas with all people who live in them; where areas overlap, people count in each."""
    weight = study.reach.demand.weight
    return [
        [
            area.name,
            people_text(weight[study.in_area[number]].sum()),
            area.days,
            area.hours,
            area.booking,
            area.note,
        ]
        for number, area in enumerate(study.areas)
    ]


def service_rows(city: City, services: tuple[TransitService, ...]) -> Rows:
    """Return the services that are known as text only, each with the day its source speaks of."""
    return [
        [
            one.service, one.kind, _where(city, one), one.route or "記載なし", one.days_and_runs or "記載なし",
            "記載なし" if one.minutes is None else number_text(one.minutes),
            "記載なし" if one.fare_yen is None else number_text(one.fare_yen),
            one.valid or "記載なし", _STATUS[one.status], "。".join(filter(None, (one.note, one.source_kind, one.reference))),
        ]
        for one in services
    ]  # fmt: skip


def _where(city: City, service: TransitService) -> str:
    districts = [str(city.names.loc[code, "district"]) + "地区" for code in service.districts]
    areas = [f"{area}{city.facts.area_word}" for area in service.areas]
    return "、".join([*districts, *areas, *service.places])


def nearest_stop_text(study: TransitStudy, place: int) -> str:
    """Say the nearest usable stop of a place and how far it is."""
    column = int(study.reach.after.facility[place])
    if column < 0:
        return "なし"
    return (
        f"{study.reach.targets[column].name} {distance_text(study.reach, study.reach.after.distance[place])}"
    )
