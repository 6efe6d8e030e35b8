"""Scores as figures for the map: one where every score is sure, else the least and the most it can be."""

from __future__ import annotations

from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import Indicator, Value
from kyodo_geo.model.priority.score import HAIR
from kyodo_geo.priority.study import PriorityStudy
from kyodo_geo.provenance import Unknown

_NO_LEVEL = Unknown("地区にだけ点があります")
_NOTHING_KNOWN = Unknown("選んだ指標の値が1つも分からない")
_NO_SCORE = Unknown("分からない値があるため点を付けない")


def score_figures(study: PriorityStudy) -> list[Figures]:
    """Return the scores as figures, then the figures that were chosen, each once."""
    scores = study.scores
    sure = bool((scores.high - scores.low <= HAIR).all())
    ends = [("priority", "優先度の点", scores.low)] if sure else [
        ("priority_low", "優先度の点(少なくとも)", scores.low),
        ("priority_high", "優先度の点(多くて)", scores.high),
    ]  # fmt: skip
    made = [
        _figures(study, _indicator(name, label), dict(zip(scores.units, map(float, values), strict=True)))
        for name, label, values in ends
    ]
    chosen = {one.indicator.id: one for one in study.figures if not _nowhere(one)}
    return [*made, *chosen.values()]


def _nowhere(one: Figures) -> bool:
    return all(isinstance(value, Unknown) for value in one.districts.values())


def _indicator(name: str, label: str) -> Indicator:
    return Indicator(
        id=name,
        label=label,
        unit="点",
        kind="sequential",
        decimals=1,
        span="status",
        higher="選んだ指標と重みでは、先に見る",
        definition="選んだ指標を 0～1 の点にし、重みで足して 100 点満点にしたもの",
        caution="選んだ指標と重みによります。困っている人の数や理由を表すものではありません",
        compute=lambda _counts, _year, _before: _NO_LEVEL,
        inputs=(),
        bins=(0, 20, 40, 60, 80, 100),
    )


def _counted(study: PriorityStudy) -> int:
    return sum(item.weight > 0 for item in study.choice.items)


def _figures(study: PriorityStudy, item: Indicator, values: dict[str, float]) -> Figures:
    nothing = {one.code for one in study.scores.lacking if len(one.columns) == _counted(study)}
    known: dict[str, Value] = {
        code: _NOTHING_KNOWN if code in nothing else values.get(code, _NO_SCORE)
        for code in study.scores.columns[0].values
    }
    return Figures(
        indicator=item,
        year=study.on.year,
        before=study.on.year,
        reference_date="時点は指標ごと",
        districts=known,
        areas={},
        city=_NO_LEVEL,
        caution=item.caution,
        basis=study.basis,
        whole_basis=study.basis,
        sources=study.sources,
    )
