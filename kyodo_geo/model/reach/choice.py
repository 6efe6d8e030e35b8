"""What a reader chose to look at: which facilities, whose way, how it is measured, and a what-if; it is an address too."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.positions import misplaced

LonLat = tuple[float, float]

FACILITY_SETS = {
    "centres": "市民センター",
    "centres+branches": "市民センターと分館",
    "shelters": "避難場所・避難所",
    "clinics": "医療機関",
    "stations": "駅",
    "own": "開いたファイルの施設",
}
DEMANDS = {"areas": "小地域の点", "mesh": "1kmメッシュの区画"}
COUNTED = {"population": "人口", "households": "世帯数"}
MEASURES = {
    "straight": "直線距離",
    "detour": "直線距離 × 係数",
    "road": "道路の距離",
    "time": "道路の所要時間",
}
MODES = {"walk": "徒歩", "car": "車", "winter": "冬の車"}
HAZARDS = ("洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫", "火山現象")
NEW = "新"
_MOST_OPENED = 20
_WIDEST = 200_000
_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True)
class ReachChoice:
    """The inputs of a coverage study beside its files.

    `within` is the radius in the unit of the measure (metres, or minutes for `time`); `factor` None means the city's
    setting. `hazard` keeps only facilities designated for that disaster. `closed` are facility codes, `moved` new points
    by code, `opened` points of facilities that do not exist.
    Raises InputRefused for a word that is none of those above, or a number that is no distance.
    """

    facilities: str = "centres"
    demand: str = "areas"
    counted: str = "population"
    measure: str = "straight"
    mode: str = "walk"
    factor: float | None = None
    within: float | None = None
    hazard: str = ""
    closed: tuple[str, ...] = ()
    opened: tuple[LonLat, ...] = ()
    moved: Mapping[str, LonLat] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for word, allowed, what in (
            (self.facilities, FACILITY_SETS, "施設"),
            (self.demand, DEMANDS, "人の点"),
            (self.counted, COUNTED, "数えるもの"),
            (self.measure, MEASURES, "距離の測り方"),
            (self.mode, MODES, "移動の手段"),
            (self.hazard, ("", *HAZARDS), "災害の種類"),
        ):
            if word not in allowed:
                raise InputRefused(
                    f"{what}「{word}」はありません。",
                    todo=f"次から選んでください: {'、'.join(filter(None, allowed))}",
                )
        if self.within is not None and not (1 <= self.within <= _WIDEST and float(self.within).is_integer()):
            raise InputRefused(
                f"半径 {self.within:g} は使えません。",
                todo=f"1 から {_WIDEST:,} までの整数にしてください(m、所要時間なら分)",
            )
        if self.factor is not None and not (math.isfinite(self.factor) and 1 <= self.factor <= 5):
            raise InputRefused(
                "迂回の係数は 1 から 5 までの数です。", todo="1 は直線。道路の距離の目安は 1.3 前後"
            )

    @property
    def changed(self) -> bool:
        """Whether this is a what-if."""
        return bool(self.closed or self.opened or self.moved)

    @property
    def unit(self) -> str:
        """The unit of every distance of this study."""
        return "分" if self.measure == "time" else "m"

    def as_it_is(self) -> ReachChoice:
        """Return the same study without the what-if."""
        return replace(self, closed=(), opened=(), moved=MappingProxyType({}))

    def close(self, code: str) -> ReachChoice:
        """Return the choice with a facility closed; one that was opened here is taken away again."""
        if code.startswith(NEW):
            return self.restore(code)
        kept = {key: at for key, at in self.moved.items() if key != code}
        return replace(self, closed=tuple(dict.fromkeys([*self.closed, code])), moved=MappingProxyType(kept))

    def restore(self, code: str) -> ReachChoice:
        """Return the choice with a facility as it really is: open, at its place, or not there at all."""
        kept = {key: at for key, at in self.moved.items() if key != code}
        opened = tuple(at for number, at in enumerate(self.opened, start=1) if code != f"{NEW}{number}")
        closed = tuple(one for one in self.closed if one != code)
        return replace(self, closed=closed, opened=opened, moved=MappingProxyType(kept))

    def open(self, at: LonLat) -> ReachChoice:
        """Return the choice with one more facility at a point."""
        if len(self.opened) >= _MOST_OPENED:
            raise InputRefused(
                f"新しい施設は {_MOST_OPENED} か所までです。", todo="どれかを元に戻してください"
            )
        return replace(self, opened=(*self.opened, _rounded(at)))

    def move(self, code: str, at: LonLat) -> ReachChoice:
        """Return the choice with a facility moved to a point; it is then open."""
        if code.startswith(NEW):
            points = [
                _rounded(at) if code == f"{NEW}{number}" else was
                for number, was in enumerate(self.opened, start=1)
            ]
            return replace(self, opened=tuple(points))
        closed = tuple(one for one in self.closed if one != code)
        return replace(self, closed=closed, moved=MappingProxyType({**self.moved, code: _rounded(at)}))

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; what is as usual is left out."""
        words = {
            "facilities": self.facilities, "demand": self.demand, "counted": self.counted, "measure": self.measure,
            "mode": self.mode, "hazard": self.hazard,
            "factor": "" if self.factor is None else f"{self.factor:g}",
            "within": "" if self.within is None else f"{self.within:g}",
            "close": ";".join(self.closed),
            "open": ";".join(_text(at) for at in self.opened),
            "move": ";".join(f"{code}@{_text(at)}" for code, at in self.moved.items()),
        }  # fmt: skip
        usual = ReachChoice()
        return {key: word for key, word in words.items() if word and word != getattr(usual, key, "")}


def from_query(words: Mapping[str, str]) -> ReachChoice:
    """Read what `to_query` wrote; words of other keys are passed over. Raises InputRefused naming what cannot be read."""
    moved = dict(_moved(part) for part in words.get("move", "").split(";") if part)
    opened = tuple(_point(part) for part in words.get("open", "").split(";") if part)
    if len(opened) > _MOST_OPENED:
        raise InputRefused(f"新しい施設は {_MOST_OPENED} か所までです。")
    usual = ReachChoice()
    return ReachChoice(
        facilities=words.get("facilities") or usual.facilities,
        demand=words.get("demand") or usual.demand,
        counted=words.get("counted") or usual.counted,
        measure=words.get("measure") or usual.measure,
        mode=words.get("mode") or usual.mode,
        hazard=words.get("hazard") or usual.hazard,
        factor=_number(words, "factor"),
        within=_number(words, "within"),
        closed=tuple(dict.fromkeys(part for part in words.get("close", "").split(";") if part)),
        opened=opened,
        moved=MappingProxyType(moved),
    )


def _number(words: Mapping[str, str], key: str) -> float | None:
    text = words.get(key, "")
    try:
        return float(text) if text else None
    except ValueError as error:
        raise InputRefused(f"{key} の値「{text}」は数ではありません。") from error


def _moved(part: str) -> tuple[str, LonLat]:
    code, sign, point = part.partition("@")
    if not sign or not code:
        raise InputRefused(
            f"動かす施設「{part}」を読めません。", todo="コード@経度,緯度 の形で書いてください"
        )
    return code, _point(point)


def _point(text: str) -> LonLat:
    found = _POINT.fullmatch(text)
    if found is None:
        raise InputRefused(
            f"位置「{text}」を読めません。", todo="経度,緯度 の形(例 141.13,38.93)で書いてください"
        )
    return _rounded((float(found[1]), float(found[2])))


def _rounded(at: LonLat) -> LonLat:
    """Keep five decimals, about a metre, as exact as a click on the map is; InputRefused for a point outside Japan."""
    lon, lat = (round(float(axis), 5) for axis in at)
    wrong = misplaced(lon, lat)
    if wrong:
        raise InputRefused(
            f"位置「{lon:g},{lat:g}」は使えません。{wrong}。", todo="経度,緯度 の順に、度で書いてください"
        )
    return (lon, lat)


def _text(at: LonLat) -> str:
    return f"{at[0]:.5f},{at[1]:.5f}"
