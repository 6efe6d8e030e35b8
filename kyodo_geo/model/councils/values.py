"""What is said of councils: names with their form, dated links to districts, milestones, and districts without a name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType

from kyodo_geo.model.councils.stated import Stated
from kyodo_geo.provenance import Unknown

OTHER_FORM = "その他"
# Only the ending of the name decides; 振興協議会 stands before 振興会 as the longer word
FORMS = ("まちづくり協議会", "住民自治協議会", "振興協議会", "振興会")

MILESTONES = MappingProxyType(
    {
        "founded": "設立",
        "registered": "登録(告示第65号)",
        "plan_adopted": "地域づくり計画の策定",
        "plan_revised": "地域づくり計画の改定",
        "staff_city": "事務局職員(市が雇用)",
        "staff_council": "事務局職員(協働体が雇用)",
        "liaison": "地域担当職員",
        "dissolved": "解散",
    }
)
# A council has each of these one time
ONCE = frozenset({"founded", "registered", "plan_adopted", "dissolved"})
STAFF_STATES = MappingProxyType(
    {"city": "市が雇用", "council": "協働体が雇用", "liaison": "地域担当職員(市)"}
)
MILESTONE_OF_STATE = MappingProxyType(
    {"city": "staff_city", "council": "staff_council", "liaison": "liaison"}
)
DISTRICT_STATUSES = MappingProxyType(
    {
        "named": "協働体の名前が分かる",
        "exists": "協働体はあるが名前が分からない",
        "none": "協働体がない",
        "unknown": "不明",
    }
)
NO_RECORD = Unknown("記録なし")
_NICKNAME = re.compile(r"\s*[(【].*[)】]$")


@dataclass(frozen=True)
class Council:
    """A council on a day: its id, its name on that day, and its form; both Unknown where nobody has said the name."""

    id: str
    name: str | Unknown
    form: str | Unknown

    @classmethod
    def named(cls, council_id: str, name: str | Unknown) -> Council:
        """Return the council with the form that its name ends in."""
        return cls(council_id, name, name if isinstance(name, Unknown) else form_of(name))


@dataclass(frozen=True)
class Naming:
    """A council's name from a day on (None: since nobody knows when); `seq` is the change it was entered by."""

    council: str
    name: str
    since: Stated | None
    source: str
    seq: int | None = None


@dataclass(frozen=True)
class Link:
    """A council works for a district from a day (None: not known) to a last day (None: it has not ended)."""

    council: str
    district: str
    since: Stated | None
    until: Stated | None
    source: str
    note: str = ""
    seq: int | None = None


@dataclass(frozen=True)
class Saying:
    """What is said of a district without naming a council: it has one (exists), has none, or it is unknown."""

    district: str
    status: str
    since: Stated | None
    source: str
    note: str = ""
    seq: int | None = None


@dataclass(frozen=True)
class Milestone:
    """Something a council came to (`kind` is a key of MILESTONES) on a day; `people` is None where not stated."""

    council: str
    kind: str
    day: Stated
    source: str
    note: str = ""
    people: int | None = None
    seq: int | None = None

    @property
    def label(self) -> str:
        """What happened, in Japanese."""
        return MILESTONES[self.kind]


def form_of(name: str) -> str:
    """Return the form of council that a name ends in, a nickname in brackets behind it left aside; その他 for none."""
    plain = _NICKNAME.sub("", unicodedata.normalize("NFKC", name).strip())
    return next((form for form in FORMS if plain.endswith(form)), OTHER_FORM)
