"""What would become of drafts if they were written now: what stands there already, what is new, what is in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.records.conflict import Overtaken, conflict_of
from kyodo_geo.records.rows import OF_SUBJECT, Draft, read_entries
from kyodo_geo.records.strand import Strand

Topic = tuple[str, str]

LONGEST_TEXT = 4000  # a cell of Excel holds 32,767; every sign may take six when it is written out
_TEXTS = (("対象", "subject"), ("出典", "source"), ("入力した部署", "entered_by"), ("備考", "note"))


@dataclass
class Plan:
    """The outcome for drafts: their sha256 in order, those that stand there, the new ones, faults, and who was faster."""

    order: list[str] = field(default_factory=list)
    already: dict[str, Entered] = field(default_factory=dict)
    new: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    overtaken: list[Overtaken] = field(default_factory=list)
    strands: dict[Topic, Strand] = field(default_factory=dict)

    def refuse(self) -> None:
        """Raise Conflict when others were faster, else InputRefused with every fault; return when all may be written."""
        if self.overtaken:
            raise conflict_of(self.overtaken)
        if self.faults:
            raise InputRefused(
                "記録できません。何も書き込んでいません。", faults=self.faults, todo="上の所を直してください"
            )


def plan(
    connection: sqlite3.Connection, drafts: Sequence[Draft], *, seen: Mapping[Topic, int | None] | None
) -> Plan:
    """Hold drafts against the entries of their subjects, in one state of the file; None: what the drafts themselves show."""
    planned = Plan()
    for draft in drafts:
        _place(connection, planned, draft)
    new: dict[Topic, list[Change]] = {}
    for draft in planned.new:
        new.setdefault(draft.topic, []).append(draft.change)
    shown = _shown(planned) if seen is None else seen
    for topic, mine in new.items():
        strand = planned.strands[topic]
        expected = shown.get(topic, strand.newest if seen is None else None)
        if expected != strand.newest:
            came = tuple(one for one in strand.entries if expected is None or one.seq > expected)
            planned.overtaken.append(Overtaken(topic, expected, came, tuple(mine)))
    return planned


def _place(connection: sqlite3.Connection, planned: Plan, draft: Draft) -> None:
    try:
        sha256 = draft.sha256
    except InputRefused as refused:
        planned.faults.append(draft.fault(refused.what))
        return
    planned.faults += _unstorable(draft)
    if draft.topic not in planned.strands:
        planned.strands[draft.topic] = Strand.of(read_entries(connection, OF_SUBJECT, draft.topic))
    strand = planned.strands[draft.topic]
    if strand.planned(sha256) or sha256 in planned.already:
        what = "前のものと全く同じ内容です。別のものなら、備考などで区別してください"
        planned.faults.append(draft.fault(what))
    elif (entry := strand.stored(sha256)) is not None:
        planned.already[sha256] = entry
    else:
        if why := strand.refusal(draft):
            column = "訂正する番号" if draft.change.corrects is not None else "取り消す番号"
            planned.faults.append(draft.fault(why, column=column if draft.row is not None else ""))
        strand.put(draft)
        planned.new.append(draft)
    planned.order.append(sha256)


def _unstorable(draft: Draft) -> list[Fault]:
    faults = [
        draft.fault(
            f"{label}が長すぎます({LONGEST_TEXT} 字まで)", column=label if draft.row is not None else ""
        )
        for label, name in _TEXTS
        if len(getattr(draft.change, name)) > LONGEST_TEXT
    ]
    if "\0" in draft.change.subject:  # SQLite would compare only what stands before it
        faults.append(draft.fault("対象に使えない文字(NUL)があります"))
    return faults


def _shown(planned: Plan) -> dict[Topic, int | None]:
    shown: dict[Topic, int | None] = {}
    for entry in planned.already.values():
        topic = entry.change.kind, entry.change.subject
        shown[topic] = max(shown.get(topic) or 0, entry.seq)
    return shown
