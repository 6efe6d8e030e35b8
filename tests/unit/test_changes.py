"""Changes: what is refused at once, and which entries count after corrections and undos."""

from __future__ import annotations

from datetime import date

import pytest

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.changes import Change, Entered, first_day, standing

NOW = "2026-11-24T10:00:00+09:00"


def change(**more):
    return Change(**{"kind": "council", "subject": "K1", "values": {"name": "架空協議会"}, "since": "2020-04-01",
                     "source": "架空の議事録", "entered_by": "架空課", "entered_at": NOW, **more})  # fmt: skip


def entries(*aims):
    """Entries 1, 2, …: each ("" | corrects n | undoes n)."""
    return tuple(
        Entered(seq, change(**({what: aim} if what else {})), "")
        for seq, (what, aim) in enumerate(aims, start=1)
    )


NEW = ("", 0)


@pytest.mark.parametrize(
    ("aims", "left"),
    [
        ([NEW, NEW], [1, 2]),
        ([NEW, ("corrects", 1)], [2]),
        ([NEW, ("corrects", 1), ("corrects", 2)], [3]),
        ([NEW, ("undoes", 1)], []),
        ([NEW, ("undoes", 1), ("undoes", 2)], [1]),
        ([NEW, ("corrects", 1), ("undoes", 2)], [1]),
        ([NEW, ("corrects", 1), ("corrects", 2), ("undoes", 3)], [2]),
        ([NEW, ("corrects", 1), ("undoes", 2), ("undoes", 3)], [2]),
    ],
)
def test_corrections_replace_and_undos_bring_back(aims, left):
    assert [one.seq for one in standing(entries(*aims))] == left


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(InputRefused) as refused:
        change(kind="party", subject=" ", values={"名前": "x", "note": ""}, since="2020-4-1", source="", entered_by="",
               entered_at="2026-11-24", corrects=1, undoes=2)  # fmt: skip
    assert len(refused.value.faults) == 9


@pytest.mark.parametrize("since", ["2020-02-30", "FY0000", "FY20", "2020-04", "令和2年", ""])
def test_a_day_is_a_day_or_a_fiscal_year(since):
    with pytest.raises(InputRefused, match="いつから"):
        change(since=since)


def test_a_fiscal_year_begins_in_april():
    assert first_day("FY2020") == date(2020, 4, 1)
    assert first_day("2020-05-02") == date(2020, 5, 2)
