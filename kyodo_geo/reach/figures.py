"""A study as figures of the map: share within each step of the radius, people outside, distances, and the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from kyodo_geo.city import City
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import Indicator, Value
from kyodo_geo.model.reach.coverage import (
    NOBODY,
    ChangeRow,
    ReachRow,
    curve,
    groups_of,
    steps_up_to,
    summarise,
    summarise_change,
)
from kyodo_geo.present.classes import sequential_classes
from kyodo_geo.present.tables import number_text
from kyodo_geo.provenance import Unknown
from kyodo_geo.reach.study import Study

# Steps of the slider: fine where people walk, coarse where they drive
_BANDS = {
    "m": ((1_000, 100), (3_000, 250), (10_000, 500), (30_000, 1_000)),
    "分": ((20, 1), (60, 5), (180, 10)),
}
_SHARE_BINS = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)


@dataclass(frozen=True, eq=False)
class Levels:
    """The positions of the places of each district and of each area, and of the whole city."""

    districts: Mapping[str, npt.NDArray[np.int64]]
    areas: Mapping[str, npt.NDArray[np.int64]]
    city: npt.NDArray[np.int64]


def levels_of(city: City, study: Study) -> Levels:
    """Return which places belong to which district of the day, area and the city; a district without a place is empty."""
    found = groups_of(study.demand.districts)
    codes = dict.fromkeys(city.lines(study.on).values())
    nowhere = np.zeros(0, dtype=np.int64)
    districts = {code: found.get(code, nowhere) for code in codes}
    areas: dict[str, list[npt.NDArray[np.int64]]] = {}
    for code, places in districts.items():
        areas.setdefault(city.area_of(code), []).append(places)
    joined = {area: np.concatenate(parts) for area, parts in areas.items()}
    return Levels(districts, joined, np.arange(len(study.demand.keys)))


def usual_steps(study: Study) -> tuple[int, ...]:
    """Return the steps of the slider whatever the radius, up to the first that holds everybody who has a way."""
    reached = study.after.distance[np.isfinite(study.after.distance)]
    return tuple(int(step) for step in steps_up_to(float(reached.max(initial=0.0)), _BANDS[study.unit]))


def steps_of(study: Study) -> tuple[int, ...]:
    """Return the usual steps and the radius of the study among them: it is a whole number of metres or minutes."""
    return tuple(sorted({*usual_steps(study), int(study.within)}))


def reach_figures(city: City, study: Study) -> list[Figures]:
    """Return all figures of a study, those of one indicator together, the steps ascending."""
    levels, steps = levels_of(city, study), steps_of(study)
    figure = partial(_figures, study, levels)
    share, out = _share_indicator(study), _outside_indicator(study, _people_bins(study, levels))
    curves = _curves(study, levels, steps)
    found = [figure(share, step, partial(_share_of, curves, number)) for number, step in enumerate(steps)]
    found += [figure(out, step, partial(_outside_of, curves, number)) for number, step in enumerate(steps)]
    rows = partial(_row, study)
    found += [
        figure(_mean_indicator(study), None, lambda at: rows(at).mean),
        figure(_p90_indicator(study), None, lambda at: rows(at).p90),
    ]
    if study.changed:
        changes = partial(_change, study)
        found += [
            figure(_change_indicator(study), None, lambda at: changes(at).mean),
            figure(_longer_indicator(study), None, lambda at: changes(at).longer + changes(at).lost),
        ]
    return found


def _people_bins(study: Study, levels: Levels) -> tuple[float, ...]:
    """Return class bounds that hold at every step: those of the districts' people, of whom all may be outside."""
    people = [float(study.demand.weight[at].sum()) for at in levels.districts.values()]
    edges = [one.high for one in sequential_classes(people)]
    return (0.0, *edges)


Curves = dict[bytes, tuple[float, npt.NDArray[np.float64]]]


def _curves(study: Study, levels: Levels, steps: tuple[int, ...]) -> Curves:
    """Return people and the cumulative curve of every group of places, by its positions."""
    groups = (*levels.districts.values(), *levels.areas.values(), levels.city)
    weight, distance = study.demand.weight, study.after.distance
    return {at.tobytes(): (float(weight[at].sum()), curve(distance[at], weight[at], steps)) for at in groups}


def _share_of(curves: Curves, number: int, at: npt.NDArray[np.int64]) -> Value:
    people, within = curves[at.tobytes()]
    return 100 * float(within[number]) / people if people else NOBODY


def _outside_of(curves: Curves, number: int, at: npt.NDArray[np.int64]) -> Value:
    people, within = curves[at.tobytes()]
    return people - float(within[number])


def _row(study: Study, at: npt.NDArray[np.int64]) -> ReachRow:
    return summarise(study.after.distance[at], study.demand.weight[at], within=study.within)


def _change(study: Study, at: npt.NDArray[np.int64]) -> ChangeRow:
    return summarise_change(study.before.distance[at], study.after.distance[at], study.demand.weight[at])


def _figures(
    study: Study,
    levels: Levels,
    item: Indicator,
    step: int | None,
    value: Callable[[npt.NDArray[np.int64]], Value],
) -> Figures:
    return Figures(
        indicator=item,
        year=step or 0,
        before=step or 0,
        reference_date=study.demand.reference_date,
        districts={code: value(at) for code, at in levels.districts.items()},
        areas={area: value(at) for area, at in levels.areas.items()},
        city=value(levels.city),
        caution=item.caution,
        basis=study.basis,
        whole_basis=study.basis,
        sources=study.sources,
        step_label="" if step is None else number_text(step, unit=study.unit),
    )


def _indicator(  # noqa: PLR0913 - an indicator is what these say
    study: Study, name: str, label: str, *, unit: str, kind: str = "sequential", decimals: int = 1, higher: str, definition: str,
    bins: tuple[float, ...] = (),
) -> Indicator:  # fmt: skip
    return Indicator(
        id=name,
        label=label,
        unit=unit,
        kind=kind,
        decimals=decimals,
        span="status",
        higher=higher,
        definition=f"{definition}。距離は{study.measure_label}。{study.demand.method}",
        caution="市の外の施設は数えていません。地区の線は推計です",
        compute=lambda _counts, _year, _before: Unknown("計算済み"),
        inputs=(),
        bins=bins,
    )


def _share_indicator(study: Study) -> Indicator:
    return _indicator(
        study, "share_within", f"半径以内の{study.demand.counted}の割合({study.what})", unit="%",
        higher="近くに住む人が多い", bins=_SHARE_BINS,
        definition=f"いちばん近い{study.what}までの距離が半径以下の{study.demand.unit}数 ÷ 全体 × 100",
    )  # fmt: skip


def _outside_indicator(study: Study, bins: tuple[float, ...]) -> Indicator:
    return _indicator(
        study, "people_outside", f"半径の外の{study.demand.counted}({study.what})", unit=study.demand.unit, decimals=0,
        higher="遠い人が多い", definition="全体 − 半径以内。届かない人を含む", bins=bins,
    )  # fmt: skip


def _mean_indicator(study: Study) -> Indicator:
    return _indicator(
        study, "mean_distance", f"平均の{_word(study)}({study.what})", unit=study.unit, decimals=_decimals(study),
        higher="遠い", definition="人の数で重みを付けた平均。届かない人は含まず、別に数える",
    )  # fmt: skip


def _p90_indicator(study: Study) -> Indicator:
    return _indicator(
        study, "p90_distance", f"9割の人がこれ以内({study.what})", unit=study.unit, decimals=_decimals(study),
        higher="遠い", definition="近い順に数えて、人の9割がその中に入る距離(90パーセンタイル)",
    )  # fmt: skip


def _change_indicator(study: Study) -> Indicator:
    return _indicator(
        study, "mean_change", f"もしも: 平均の{_word(study)}の変化", unit=study.unit, decimals=_decimals(study),
        kind="diverging", higher="遠くなる", definition="もしもの後の平均 − 今の平均(前後ともに届く人について)",
    )  # fmt: skip


def _longer_indicator(study: Study) -> Indicator:
    return _indicator(
        study, "people_longer", f"もしも: 遠くなる{study.demand.counted}", unit=study.demand.unit, decimals=0,
        higher="遠くなる人が多い", definition="いちばん近い施設までの距離が今より長くなる人と、届かなくなる人の数",
    )  # fmt: skip


def _word(study: Study) -> str:
    return "時間" if study.unit == "分" else "距離"


def _decimals(study: Study) -> int:
    return 1 if study.unit == "分" else 0
