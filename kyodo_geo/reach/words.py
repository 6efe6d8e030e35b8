"""Sentences that stand beside the figures of a study wherever it is shown: what is tried out, what is not counted."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.city import City
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.reach.demand import MESH_KIND
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.study import Study
from kyodo_geo.reach.tables import inhabited

_FEW = 3


def tried(study: Study) -> str:
    """Say what a what-if tries out, by code and name; empty without one, and where the study itself names it."""
    names = {one.code: f"{one.code} {one.name}" for one in study.targets}
    choice = study.choice
    parts = [f"{names.get(code, code)}を閉じる" for code in choice.closed]
    parts += [f"{names.get(code, code)}を {_point(at)} へ動かす" for code, at in choice.moved.items()]
    parts += [f"{_point(at)} に置く" for at in choice.opened]
    return "、".join(parts)


def _point(at: tuple[float, float]) -> str:
    return f"東経 {at[0]:.5f}・北緯 {at[1]:.5f}"


def after_words(study: Study) -> str:
    """Return what marks a figure as that of a what-if, with all that is tried out; empty without one."""
    if not study.changed:
        return ""
    return f"、もしもの後({tried(study)})" if tried(study) else "、もしもの後"


def not_counted(study: Study) -> list[str]:
    """Return a sentence for each kind of facility that is not measured, not counted, or stands on a point not its own."""
    towns = [one for one in study.targets if one.point == "town"]
    lists = (
        ("位置が分からず測れない施設", study.unplaced),
        (f"{study.choice.hazard}のときは使えない施設", study.unfit),
        (f"{study.choice.hazard}のときに使えるか不明の施設(数えていない)", study.unstated),
        ("位置が大字の代表点の施設(推計)", towns),
    )
    return [_named(words, found) for words, found in lists if found]


def _named(words: str, facilities: Sequence[Facility], *, most: int = 12) -> str:
    names = "、".join(one.name for one in facilities[:most])
    rest = f" ほか {len(facilities) - most} か所" if len(facilities) > most else ""
    return f"{words} {len(facilities)} か所: {names}{rest}"


def few_points(city: City, study: Study) -> str:
    """Name the districts whose people stand in so few places that their share jumps; empty where there is none."""
    levels = levels_of(city, study).districts
    few = [
        str(city.names.loc[code, "district"])
        for code, at in levels.items()
        if 0 < inhabited(study, at) <= _FEW
    ]
    if not few:
        return ""
    more = "" if study.demand.kind == MESH_KIND else "1kmメッシュでも確かめてください。"
    return (
        f"人の点が {_FEW} か所以下の地区では、割合が 0 と 100 の間で大きく飛びます: {'、'.join(few)}。{more}"
    )
