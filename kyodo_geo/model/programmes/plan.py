"""A plan as data: policies, programmes with their schedule, history, roles, survey; one plan is one file."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.errors import InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.programmes.questionnaire import Questionnaire

SCHEDULE_KINDS = {
    "do": "実施する",
    "as_needed": "要請や状況に応じて実施する",
    "consider": "検討する",
    "label": "名称だけで、することの記載なし",
}
TIED_BY = {
    "table": "予定の表",
    "words": "語の中身がその頁の1事業だけに合う",
    "rest": "同じ頁の残りの語と残りの事業が1つずつ",
    "order": "同じ頁の語と事業を順に結んだ(推定)",
}
STANDINGS = {"on": "進む", "late": "遅れ", "not_begun": "未着手", "done": "完了"}
# What the tool can work out itself: label and unit. grants_paid is worked out by rule.
COMPUTED = {
    "councils": ("地域協働体の数", "団体"),
    "plans": ("地域づくり計画を策定した地域協働体の数", "団体"),
    "community_managed": ("地域が管理する市民センターの数", "館"),
    "grants_paid": ("交付した額", "円"),
    "staffed_councils": ("事務局員を雇用する地域協働体の数", "団体"),
    "liaison_staff": ("地域担当職員の数", "人"),
}


@dataclass(frozen=True)
class Policy:
    """A basic policy: its number, what it is for and its main measures."""

    no: int
    mark: str
    title: str
    summary: str
    measures: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class Scheduled:
    """Words of a schedule as the plan has them, of a kind of SCHEDULE_KINDS.

    `first` and `last` are fiscal years, None where the years cannot be read; `tied_by` (a key of TIED_BY) says how sure
    it is that the words belong to the programme.
    """

    words: str
    kind: str
    tied_by: str = "table"
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Programme:
    """A programme: content, who, rate, limit (yen, where one is stated) and conditions, with its schedule.

    `rule` is the id of the grant rule that pays it, "" where there is none; `computed` are keys of COMPUTED.
    """

    no: int
    policy: int
    measure: str
    title: str
    content: tuple[str, ...]
    who: str
    schedule: tuple[Scheduled, ...]
    schedule_not_readable: bool
    reference: str
    rate: Fraction | None = None
    limit_yen: int | None = None
    limit_words: str = ""
    conditions: tuple[str, ...] = ()
    not_stated: tuple[str, ...] = ()
    rule: str = ""
    computed: tuple[str, ...] = ()

    @property
    def figure_keys(self) -> tuple[tuple[str, str], ...]:
        """Each key of `computed` with the key its values are handed in by: itself, or grants_paid:rule."""
        return tuple((key, f"{key}:{self.rule}" if key == "grants_paid" else key) for key in self.computed)


@dataclass(frozen=True)
class LooseWords:
    """Words of a schedule that may belong to any of some programmes, and why nobody can tell."""

    words: str
    programmes: tuple[int, ...]
    why: str
    reference: str


@dataclass(frozen=True)
class PastEvent:
    """A row of the history: its fiscal year, and day and in_force as finely as stated (2010-12), "" where not."""

    fiscal_year: int
    what: str
    reference: str
    day: str = ""
    in_force: str = ""
    note: str = ""


@dataclass(frozen=True)
class Role:
    """A role the councils are hoped to take, with examples."""

    no: int
    mark: str
    title: str
    examples: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class AssessmentWord:
    """A word that programmes are assessed with; `standing` (a key of STANDINGS) says what it means for delay."""

    word: str
    meaning: str
    standing: str


@dataclass(frozen=True)
class FollowUp:
    """Who watches over the plan, and how: the yearly duty of the plan."""

    body: str
    members: tuple[str, ...]
    tasks: tuple[str, ...]
    methods: tuple[str, ...]
    review: str
    reference: str


@dataclass(frozen=True)
class Plan:
    """A plan from its first to its last fiscal year; `years_as_written` are the years as the plan itself writes them.

    `assessment_note` says whose the words of assessment are; `survey` is None for a plan without one.
    """

    id: str
    title: str
    publisher: str
    url: str
    aim: str
    first_year: int
    last_year: int
    years_as_written: tuple[str, ...]
    period_note: str
    reference: str
    not_stated: tuple[str, ...]
    policies: tuple[Policy, ...]
    programmes: tuple[Programme, ...]
    loose: tuple[LooseWords, ...]
    history: tuple[PastEvent, ...]
    roles: tuple[Role, ...]
    assessment: tuple[AssessmentWord, ...]
    assessment_note: str
    follow_up: FollowUp | None
    survey: Questionnaire | None

    @property
    def years(self) -> tuple[FiscalYear, ...]:
        """The fiscal years of the plan, in order."""
        return tuple(FiscalYear(year) for year in range(self.first_year, self.last_year + 1))

    @property
    def words(self) -> tuple[str, ...]:
        """The words of assessment, in order."""
        return tuple(one.word for one in self.assessment)

    def subject(self, programme: int) -> str:
        """Return the subject by which changes speak of a programme: plan2:11."""
        return f"{self.id}:{programme}"

    def programme(self, no: int) -> Programme:
        """Return a programme by its number; InputRefused when the plan has none of it."""
        for one in self.programmes:
            if one.no == no:
                return one
        raise InputRefused(f"{self.title}に事業{no}はありません。", todo="事業の番号を確かめてください")

    def programmes_of(self, policy: int) -> tuple[Programme, ...]:
        """Return the programmes of a policy, in order."""
        return tuple(one for one in self.programmes if one.policy == policy)

    def policy_of(self, programme: Programme) -> Policy:
        """Return the policy of a programme; a plan that was read has it."""
        return next(one for one in self.policies if one.no == programme.policy)

    def standing_of(self, word: str) -> str:
        """Return what a word of assessment means (a key of STANDINGS), "" for a word that is not the plan's."""
        return next((one.standing for one in self.assessment if one.word == word), "")
