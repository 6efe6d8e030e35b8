"""What staff can enter about councils: the fields of each form, and what they say as a draft of a change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.councils.activity import MEASURES, ROLES, UNITS
from kyodo_geo.model.councils.projects import STATES
from kyodo_geo.model.councils.register import Register
from kyodo_geo.model.councils.stated import read_stated
from kyodo_geo.model.councils.values import DISTRICT_STATUSES, MILESTONE_OF_STATE, MILESTONES, STAFF_STATES
from kyodo_geo.sources.visit.activity.words import read_fiscal_year
from kyodo_geo.sources.visit.sheets.dates import read_day

SUBJECT, SINCE, NOTE = "subject", "since", "note"
COUNCIL, DISTRICT, ANY = "council", "district", "any"
KINDS = ("council", "council_link", "milestone", "staff", "activity", "project")
_YEAR = re.compile(r"[0-9]{4}")
_FISCAL_YEAR = re.compile(r"FY[0-9]{4}")
_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_NUMBERED = re.compile(r"K([0-9]+)")
_DAY_HELP = (
    "2016-06-22、平成28年6月22日、2015-02(月まで)、FY2015 か 平成27年度(年度まで)。分かるところまで書きます"
)
_YEAR_HELP = "令和6年度、FY2024 か 2024"


@dataclass(frozen=True)
class Field:
    """A field: its key in the change, its label, the words to choose from (by key), whose ids it takes, and a hint.

    `who` is council, district or any (both) where the field names one of these; `fiscal` that four digits are a fiscal year.
    """

    key: str
    label: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    who: str = ""
    hint: str = ""
    fiscal: bool = False


@dataclass(frozen=True)
class Form:
    """A form: the kind of change it enters, its title, and its fields in order."""

    kind: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Draft:
    """What a form says, as the words of a change; nothing is proven yet."""

    kind: str
    subject: str
    values: Mapping[str, str]
    since: str
    note: str


_SINCE = Field(SINCE, "いつから", hint=_DAY_HELP)
_NOTE = Field(NOTE, "備考", hint="個人の名前は書きません")
_WHOSE = Field(SUBJECT, "協働体か地区", who=ANY)
_OF_STAFF = frozenset(MILESTONE_OF_STATE.values())
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "council": Form(
            "council",
            "協働体の名前",
            (
                Field(SUBJECT, "協働体の番号", hint="新しい協働体には、使われていない番号。今ある番号を書くと、その協働体の名前の変更になります"),
                Field("name", "名前", hint="形(振興会、まちづくり協議会 など)は名前の終わりから読みます"),
                Field(SINCE, "この名前になった日", hint=_DAY_HELP),
                _NOTE,
            ),
        ),
        "link": Form(
            "council_link",
            "協働体が受け持つ地区",
            (
                Field(SUBJECT, "協働体", who=COUNCIL),
                Field(DISTRICT, "地区", who=DISTRICT),
                _SINCE,
                Field("until", "いつまで(最後の日)", hint="続いているなら空欄"),
                _NOTE,
            ),
        ),
        "saying": Form(
            "council_link",
            "地区に協働体があるか(名前が分からないとき)",
            (
                Field(SUBJECT, "地区", who=DISTRICT),
                Field("status", "分かっていること", options={word: DISTRICT_STATUSES[word] for word in ("exists", "none")}),
                _SINCE,
                _NOTE,
            ),
        ),
        "milestone": Form(
            "milestone",
            "節目(設立・登録・計画・解散)",
            (
                Field(SUBJECT, "協働体", who=COUNCIL),
                Field("milestone", "節目", options={key: label for key, label in MILESTONES.items() if key not in _OF_STAFF}),
                Field(SINCE, "その日", hint=_DAY_HELP),
                _NOTE,
            ),
        ),
        "staff": Form(
            "staff",
            "事務局の職員・地域担当職員",
            (
                Field(SUBJECT, "協働体", who=COUNCIL),
                Field("state", "職員", options=STAFF_STATES),
                Field("people", "人数", hint="分からなければ空欄(0 は 0人)"),
                _SINCE,
                _NOTE,
            ),
        ),
        "activity": Form(
            "activity",
            "活動",
            (
                _WHOSE,
                Field(DISTRICT, "活動した地区(協働体を選んだとき)", who=DISTRICT),
                Field(SINCE, "年度", hint=_YEAR_HELP, fiscal=True),
                Field("role", "役割", options={str(role): f"{role} {label}" for role, label in ROLES.items()}),
                Field("name", "活動名"),
                *(Field(key, f"{label}({UNITS[key]})", hint="分からなければ空欄(0 とは別)") for key, label in MEASURES.items()),
                Field("project", "地域づくり計画の事業"),
                _NOTE,
            ),
        ),
        "project": Form(
            "project",
            "地域づくり計画の事業",
            (
                _WHOSE,
                Field("project", "事業の名前", hint="同じ名前で入力すると、その事業の続きの記録になります"),
                Field("state", "状態", options=STATES),
                Field("owner", "担う人(役・団体)", hint="会長、事務局、環境部会 など。人の名前は書きません"),
                Field("due", "期限の年度", hint=_YEAR_HELP, fiscal=True),
                Field(SINCE, "いつの状態か", hint=_DAY_HELP),
                _NOTE,
            ),
        ),
    }
)  # fmt: skip


def draft_of(form: Form, said: Mapping[str, str]) -> Draft:
    """Return what the fields of a form say; days are written as a change takes them where they can be read.

    A month becomes its fiscal year with the month as `day`. What cannot be read stays as it is, for the proof to refuse.
    """
    plain = {key: unicodedata.normalize("NFKC", text).strip() if key not in {NOTE, "name", "project"} else text.strip() for key, text in said.items()}  # fmt: skip
    for one in form.fields:
        if one.key in {SINCE, "until"} or one.fiscal:
            plain[one.key] = plain_day(plain.get(one.key, ""), fiscal=one.fiscal)
    since = plain.pop(SINCE, "")
    subject, note = plain.pop(SUBJECT, ""), plain.pop(NOTE, "")
    values = {key: text for key, text in plain.items() if text}
    if _MONTH.fullmatch(since):
        values["day"] = since
        since = _year_of(since)
    return Draft(form.kind, subject, values, since, note)


def plain_day(text: str, *, fiscal: bool = False) -> str:
    """Return a day, month or fiscal year as 2016-06-22, 2015-02 or FY2015; a text that is none of these as it is.

    Four digits are a fiscal year only where one is asked for (`fiscal`).
    """
    if not text or _FISCAL_YEAR.fullmatch(text):
        return text
    month = _MONTH.fullmatch(text)
    if month:
        return f"{month[1]}-{int(month[2]):02d}"
    try:
        if "年度" in text or (fiscal and _YEAR.fullmatch(text)):
            return f"FY{read_fiscal_year(text):04d}"
        day = read_day(text)
    except ValueError:
        return text
    return day.isoformat() if day else text


def _year_of(month: str) -> str:
    try:
        return f"FY{FiscalYear.of(read_stated(month).first).year:04d}"
    except ValueError:
        return month


def said_of(form: Form, change: Change) -> dict[str, str]:
    """Return what the fields of a form would say for a change, to begin a correction with."""
    since = change.values.get("day", change.since)
    return {
        one.key: {SUBJECT: change.subject, SINCE: since, NOTE: change.note}.get(one.key)
        or change.values.get(one.key, "")
        for one in form.fields
    }


def form_of(change: Change) -> str:
    """Return the key in FORMS of the form a change was entered by, "" for a kind that is not entered here."""
    if change.kind == "council_link":
        return "saying" if "status" in change.values else "link"
    return next((key for key, form in FORMS.items() if form.kind == change.kind), "")


def choices_of(register: Register, who: str) -> dict[str, str]:
    """Return the councils (by their newest name), the districts, or both, by id."""
    councils = {one: f"{one} {namings[-1].name}" for one, namings in register.namings.items()}
    districts = {code: f"{code} {name}(地区)" for code, name in register.districts.items()}
    return {COUNCIL: councils, DISTRICT: districts, ANY: {**councils, **districts}}.get(who, {})


def suggested_id(register: Register) -> str:
    """Return an id for a new council that neither a council nor a district's own number has: K and a number."""
    used = [int(found[1]) for one in register.namings if (found := _NUMBERED.fullmatch(one))]
    used += [int(code) for code in register.districts if code.isdecimal()]
    return f"K{max(used, default=0) + 1:02d}"


def newest_seen(entries: Sequence[Entered], kind: str, subject: str, *, up_to: int) -> int | None:
    """Return the newest entry of a kind and subject among the first `up_to`, None for none: what a reader had seen."""
    return max((one.seq for one in entries if one.seq <= up_to and (one.change.kind, one.change.subject) == (kind, subject)), default=None)  # fmt: skip
