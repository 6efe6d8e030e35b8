"""Management of centres: courses from shipped and entered statements, counts, terms, readiness, before and after."""

from kyodo_geo.model.management.course import management_faults, timeline_of, timelines_of
from kyodo_geo.model.management.event_time import CAVEAT, BeforeAfter, Step, before_after
from kyodo_geo.model.management.gantt import Bar, GanttRow, gantt_rows
from kyodo_geo.model.management.readiness import (
    Answer,
    ItemState,
    Readiness,
    readiness_faults,
    readiness_of,
)
from kyodo_geo.model.management.states import (
    Ending,
    Published,
    YearCount,
    branches_on,
    counts_by_year,
    ends_unknown,
    ends_within,
    first_transfers,
    plans_past,
    state_on,
)
from kyodo_geo.model.management.values import Course, Spell, Statement

__all__ = [
    "CAVEAT", "Answer", "Bar", "BeforeAfter", "Course", "Ending", "GanttRow", "ItemState", "Published", "Readiness",
    "Spell", "Statement", "Step", "YearCount", "before_after", "branches_on", "counts_by_year", "ends_unknown",
    "ends_within", "first_transfers", "gantt_rows", "management_faults", "plans_past", "readiness_faults",
    "readiness_of", "state_on", "timeline_of", "timelines_of",
]  # fmt: skip
