"""The sentences that stand beside a transit study on a page, in a file and on a terminal: what is doubtful, what is not counted."""

from __future__ import annotations

from datetime import date

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import window_text
from kyodo_geo.model.transit.day_types import KIND_LABELS, MOST_DAYS, period
from kyodo_geo.reach.tables import people_text, radius_text
from kyodo_geo.transit.feed import Feed
from kyodo_geo.transit.study import TransitStudy

_VALIDITY = {
    "expired": "この時刻表は有効期間が過ぎています。今の便とは違うことがあります。",
    "not_yet": "この時刻表はまだ始まっていません。",
    "unstated": "この時刻表には有効期間の終わりが書かれていません。",
}


def cautions(city: City, study: TransitStudy) -> list[str]:
    """Return what makes the whole answer doubtful: a timetable out of force, a day outside it, stops nowhere near."""
    said = [_VALIDITY.get(study.feed.validity, ""), _outside_period(study), *_stops(city, study)]
    if study.timetable.places and study.in_period is not False and not study.runs.pairs.any():
        said.append(
            f"{study.day.label}、{window_text(study.choice.window)} には、往復できる便が一つもありません。"
        )
    return [one for one in said if one]


def _outside_period(study: TransitStudy) -> str:
    span = period(study.feed.timetable)
    if span is None or study.in_period is not False:
        return ""
    # `period` counts no further than so many days: where it stopped there, the end is not known from it
    end = "" if (span[1] - span[0]).days + 1 >= MOST_DAYS else span[1].isoformat()
    return f"選んだ日 {study.day.day} は時刻表の期間({span[0]}〜{end})の外です。便数は不明です。"


def _stops(city: City, study: TransitStudy) -> list[str]:
    places, unplaced = study.timetable.places, study.departures.unplaced
    said = []
    if not places:
        said.append("この時刻表には位置の分かる停留所が一つもありません。だれの近くに便があるかは不明です。")
    elif not any(city.districts_of([(one.lon, one.lat) for one in places], study.reach.on)):
        said.append(f"この時刻表の停留所 {len(places)} か所は、すべて市外です。")
    if unplaced:
        said.append(f"位置のない停留所の発車 {unplaced:,} 便は数えていません。")
    return said


def stations_words(study: TransitStudy) -> str:
    """Say how stations stand in the figures, and how many people have one near; empty where there is none."""
    reach = study.reach
    first = len(study.timetable.places)
    if len(reach.targets) == first:
        return ""
    if study.choice.stations:
        return "駅は便数が不明のまま、使えるものとして数えている"
    near = (reach.distance[:, first:] <= reach.within).any(axis=1)
    people = people_text(float(reach.demand.weight[near].sum()))
    return f"駅の便数は不明のため数えていない({radius_text(reach)}以内に駅のある{reach.demand.unit} {people} {reach.demand.unit})"


def representatives(feed: Feed) -> dict[str, str]:
    """Return the representative date of each kind of day by its label, 期間にない where the timetable has none."""
    found = {kind.label: kind.representative for kind in feed.kinds}
    return {label: _iso(found.get(label)) for label in KIND_LABELS.values()}


def _iso(day: date | None) -> str:
    return "期間にない" if day is None else day.isoformat()


def counted_days(feed: Feed) -> str:
    """Say from which day to which the kinds of day were counted; empty where no day was."""
    days = [day for kind in feed.kinds for pattern in kind.patterns for day in pattern.days]
    return f"{min(days)} から {max(days)} までの {len(set(days)):,} 日を数えた" if days else ""
