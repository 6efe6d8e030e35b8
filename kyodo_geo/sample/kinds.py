"""What a file of the sample pack is, by its name: where it is to be opened."""

from __future__ import annotations

_WORDS = (("tblT", "ages"), ("空き家", "vacancy"), ("gtfs", "timetable"), ("協働体", "activity"))


def sample_kind(name: str) -> str:
    """Return ages, vacancy, timetable or activity for a file of the pack, "" for its はじめに."""
    return next((kind for word, kind in _WORDS if word in name), "")
