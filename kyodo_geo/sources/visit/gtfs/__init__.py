"""GTFS-JP, the timetable feed of bus operators: a zip of tables becomes a `Timetable`."""

from __future__ import annotations

from kyodo_geo.sources.visit.gtfs.build import read_gtfs

__all__ = ["read_gtfs"]
