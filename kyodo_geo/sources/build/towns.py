"""The points of 大字・町丁目, which stand in for an address whose own point nobody has published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.sources.build.writing import read_source


@dataclass(frozen=True)
class Towns:
    """The point of each town (大字・町丁目) by its name: longitude and latitude as written in the source."""

    points: Mapping[str, tuple[str, str]]

    @classmethod
    def read(cls, sources: Path) -> Towns:
        """Read oaza_points.csv (位置参照情報)."""
        table = read_source(sources, "oaza_points.csv", ("大字町丁目名", "緯度", "経度"))
        return cls({row["大字町丁目名"]: (row["経度"], row["緯度"]) for row in table})

    def of_address(self, address: str) -> str:
        """Return the longest town name an address (without its city) begins with, or ''."""
        return max((name for name in self.points if address.startswith(name)), key=len, default="")

    def named(self, name: str) -> str:
        """Return the only town whose name ends with a name, or '' where there is none or more than one."""
        found = [town for town in self.points if town.endswith(name)]
        return found[0] if len(found) == 1 else ""
