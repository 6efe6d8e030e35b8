"""From a rule file's counting tables to a Counting: the reference day and who counts."""

from __future__ import annotations

import re
from datetime import date

from kyodo_geo.rules.fields import Fields
from kyodo_geo.rules.formula import SUPPLIED, Counting

COUNTED_BY = {"register": "住民基本台帳", "census": "国勢調査", SUPPLIED: ""}
WHO = {"in": "含む", "out": "含まない", "separate": "別に扱う", "unknown": "不明"}
_KEYS = {"reference_day", "reference_year", "counted_by", "foreigners", "care_homes", "reference"}
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def read_counting(fields: Fields) -> Counting:
    """Read a counting table; faults go to `fields`."""
    fields.allow(_KEYS, {"reference_day", "counted_by"})
    day = fields.text("reference_day", SUPPLIED)
    if day != SUPPLIED and not (_MONTH_DAY.fullmatch(day) and _is_day(day)):
        fields.fault(f'"04-01"(月-日)か "{SUPPLIED}" です。「{day}」は使えません', "reference_day")
        day = SUPPLIED
    return Counting(
        month_day="" if day == SUPPLIED else day,
        year_offset=fields.whole("reference_year", 0),
        counted_by=COUNTED_BY[fields.choice("counted_by", COUNTED_BY, SUPPLIED)],
        foreigners=fields.choice("foreigners", WHO, "unknown"),
        care_homes=fields.choice("care_homes", WHO, "unknown"),
        reference=fields.text("reference"),
    )


def _is_day(month_day: str) -> bool:
    try:
        date.fromisoformat(
            f"2001-{month_day}"
        )  # no leap year: a rule of every year cannot stand on 29 February
    except ValueError:
        return False
    return True
