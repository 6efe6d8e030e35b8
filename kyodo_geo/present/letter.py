"""あなたの地区は…: one unit's grant on one page, in plain Japanese, with the numbers in place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape

from kyodo_geo.fiscal import FiscalYear, moment_words, stated_day
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.compare import per_head_yen
from kyodo_geo.model.explain import SAME_FOR_ALL, Step, steps
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.change_report import two_decimals
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Term

_STYLE = """body{font:18px/1.8 "BIZ UDPGothic","Noto Sans JP","Hiragino Sans","Yu Gothic UI",sans-serif;color:#1f2933;
max-width:46em;margin:2em auto;padding:0 1em}h1{font-size:26px}.big{font-size:32px;font-weight:700}
table{border-collapse:collapse;width:100%;font-size:16px}th,td{border-bottom:1px solid #cbd2d9;padding:6px 8px;
text-align:left;vertical-align:top}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.mark{border:2px dashed #1f2933;padding:2px 10px;font-weight:700}footer{font-size:14px;color:#52606d;margin-top:2em}
@media print{body{margin:0;font-size:15px}}"""


@dataclass(frozen=True)
class Letter:
    """The sentences of one unit's page, and its table of steps (label, amount, how)."""

    title: str
    marks: tuple[str, ...]
    answer: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def letter(run: GrantRun, index: int) -> Letter:
    """Return the page of one unit."""
    line = run.allocation.lines[index]
    year = FiscalYear(run.scenario.fiscal_year).label
    marks = [run.status if not run.frozen else f"確定 番号 {run.run_id}"]
    return Letter(
        title=f"あなたの地区({line.unit.name})の{year}の額",
        marks=(*marks, *(["例・架空の額"] if run.scenario.example else [])),
        answer=f"{line.total_yen:,} 円",
        sentences=tuple(_sentences(run, index)),
        rows=tuple(_row(step) for step in steps(run.allocation, index) if step.how != SAME_FOR_ALL),
        notes=tuple(_notes(run, index)),
    )


def _row(step: Step) -> tuple[str, str, str]:
    return step.label, f"{_short(step.exact)} {step.unit}".strip(), step.how


def _short(exact: Fraction) -> str:
    """A whole number as it is, a fraction to two decimals: the exact one stands in the files."""
    return exact_text(exact) if exact.denominator == 1 else f"約 {two_decimals(exact).lstrip('+')}"


def _sentences(run: GrantRun, index: int) -> list[str]:
    allocation = run.allocation
    line, used = allocation.lines[index], run.population
    people = sum(unit.population for unit in allocation.units)
    share = two_decimals(Fraction(line.unit.population * 100, people)).lstrip("+") if people else "0"
    people_words = (
        f"{line.unit.name}の人口は {line.unit.population:,} 人です。全体 {people:,} 人の {share} % に当たります"
        f"({used.counted_by}、{_day(used.reference_date)}、{used.basis.label})。"
    )
    said = [people_words]
    by_id = {step.id: step for step in steps(allocation, index)}
    for term in allocation.settled.formula.parts:
        step = by_id.get(term.id) or by_id.get(f"{term.id}_before_rounding")
        before = by_id.get(f"{term.id}_before_rounding")
        if step:
            how = (before or step).how
            rounded = (
                f"、{term.rounding.label}" if isinstance(term, Term) and term.rounding and before else ""
            )
            same = "どの単位も同じ " if isinstance(term, Term) and _same_for_all(run, term.id) else ""
            said.append(f"{term.label}は{same or ' '}{_short(step.exact)} 円です({how}{rounded})。")
    head = per_head_yen(allocation)[index]
    if head is not None:
        said.append(f"1人当たりにすると {_short(head)} 円です。")
    return [*said, *_last_year(run, index), *_instalments(run, index)]


def _same_for_all(run: GrantRun, term_id: str) -> bool:
    """Whether every unit gets the same by a term, and there is more than one."""
    values = [column.values for column in run.allocation.columns if column.term_id == term_id][-1].numerators
    return len(values) > 1 and len(set(values)) == 1


def _last_year(run: GrantRun, index: int) -> list[str]:
    line = run.allocation.lines[index]
    before = run.last_year.yen.get(line.unit.code) if run.last_year else None
    if run.last_year is None or before is None:
        return []
    change = line.total_yen - before
    word = "同じ額です" if not change else f"{abs(change):,} 円{'増えます' if change > 0 else '減ります'}"
    return [f"前年({run.last_year.title})は {before:,} 円で、{word}。"]


def _instalments(run: GrantRun, index: int) -> list[str]:
    plan, parts = run.allocation.settled.formula.instalments, run.allocation.lines[index].instalments_yen
    if plan is None:
        return []
    said = "、".join(f"{month}月に {yen:,} 円" for month, yen in zip(plan.months, parts, strict=True))
    return [f"交付は {plan.count} 回です: {said}。"]


def _notes(run: GrantRun, index: int) -> list[str]:
    unit = run.allocation.units[index]
    notes = [f"根拠: {run.rule.title}({run.rule.instrument})"]
    if not run.frozen:
        notes.append("試算です。確定した額ではありません。")
    if run.scenario.example:
        notes.append("例・架空の額による計算です。市の額ではありません。")
    if run.allocation.settled.formula.left_out:
        notes.append(
            f"{'、'.join(run.allocation.settled.formula.left_out)}は、額が入っていないため含みません。"
        )
    if unit.estimated and run.population.basis < Basis.ESTIMATED:
        notes.append(f"{unit.name}の境界か人口は推計です。")
    if unit.uncertain:
        notes.append(f"{unit.name}の線には確からしさの低い部分があります。")
    if run.population.note:
        notes.append(run.population.note)
    notes.append(
        f"人口: {run.population.title}、基準日 {_day(run.population.reference_date)}、{run.population.counted_by}"
    )
    return notes


def _day(text: str) -> str:
    """Write a day in both calendars; a file may state it in its own words, or not at all."""
    try:
        return stated_day(text)
    except ValueError:
        return text


def letter_html(run: GrantRun, index: int) -> str:
    """Return the page as one HTML file that prints on A4 and needs no network; every word of a file is text."""
    page = letter(run, index)
    marks = " ".join(f'<span class="mark">{escape(mark)}</span>' for mark in page.marks)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="n">{escape(amount)}</td><td>{escape(how)}</td></tr>'
        for label, amount, how in page.rows
    )
    sentences = "".join(f"<p>{escape(one)}</p>" for one in page.sentences)
    notes = "".join(f"<p>{escape(one)}</p>" for one in page.notes)
    made = (
        f"<p>確定 {escape(moment_words(run.frozen.frozen_at))} {escape(run.frozen.frozen_by)}</p>"
        if run.frozen
        else ""
    )
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{escape(page.title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><p>{marks}</p><h1>{escape(page.title)}</h1>"
        f'<p class="big">{escape(page.answer)}</p>{sentences}<h2>計算の順</h2><table><thead><tr><th>段階</th>'
        f"<th>額</th><th>計算のしかた</th></tr></thead><tbody>{rows}</tbody></table></main>"
        f"<footer>{notes}{made}</footer></body></html>\n"
    )
