"""The comparison as fragments of HTML, the same on the page and in the file: every word of data is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.rates import WEAK_BELOW
from kyodo_geo.present.tables import Col, html_table
from kyodo_geo.profile.rows import Cell, Row
from kyodo_geo.profile.similar import left_out, like_heads, like_rows
from kyodo_geo.profile.study import ProfileStudy
from kyodo_geo.provenance import Source, mark_of

FICTIONAL = "架空 — 架空のデータを使っています。実際の数字ではありません"


def maps_html(study: ProfileStudy) -> str:
    """Return the chosen districts with the place of each in the city, and its people."""
    shown = {row.figures.indicator.id: row for row in study.rows}
    entries = []
    for at, code in enumerate(study.codes):
        told = "".join(
            f'<br><small>{escape(row.title)} <span class="kg-together">{escape(row.cells[at].text)}'
            f"{_said(row.cells[at].mark)}</span></small>"
            for row in (shown.get("population"), shown.get("population_change"))
            if row is not None
        )
        name, area = study.names[code], study.areas[code]
        alt = f"{study.city}の地図。{name}の場所を塗っています"
        entries.append(
            f"<li><strong>{escape(name)}</strong> <small>旧市町村 {escape(area)}</small>"
            f'<img src="{study.maps[code]}" alt="{escape(alt)}">{told.removeprefix("<br>")}</li>'
        )
    return f'<ul class="kg-side-maps">{"".join(entries)}</ul>'


def _said(mark: str) -> str:
    return f'<span class="kg-said">{escape(mark)}</span>' if mark else ""


def _caption(study: ProfileStudy, what: str, *marks: str) -> str:
    """Return the caption of a table: what it shows, the day of the lines, and the marks of what stands in it."""
    said = "・".join(dict.fromkeys(filter(None, marks)))
    return f"{what}({both_calendars(study.on)}の地区の線{f'、{said}' if said else ''})"


def _marks_of(sources: Iterable[Source]) -> tuple[str, ...]:
    return tuple(mark_of(source.basis) for source in sources)


def comparison_html(study: ProfileStudy) -> str:
    """Return the table of all indicators: one column a district, then the city; rows by theme."""
    marks = [mark for row in study.rows for mark in (row.figures.mark, row.city_mark)]
    said = _caption(study, f"{study.title}の比較。時点と根拠は各行", *marks)
    heads = "".join(
        f'<th scope="col">{escape(study.names[code])}<small>旧市町村 {escape(study.areas[code])}</small></th>'
        for code in study.codes
    )
    bodies = "".join(_theme(study, theme) for theme in dict.fromkeys(row.theme for row in study.rows))
    return (
        f'<div class="kg-scroll" tabindex="0" role="region" aria-label="{escape(said)}">'
        f'<table class="kg-table kg-side" style="--kg-districts:{len(study.codes)}"><caption><span>{escape(said)}</span></caption>'
        f'<thead><tr><th scope="col" class="kg-side-first">指標</th>{heads}<th scope="col" class="kg-side-city">{escape(study.city)}</th></tr></thead>{bodies}</table></div>'
    )


def _theme(study: ProfileStudy, theme: str) -> str:
    width = len(study.codes) + 2
    rows = "".join(_row(row) for row in study.rows if row.theme == theme)
    head = f'<tr class="kg-side-theme"><th scope="rowgroup" colspan="{width}"><span>{escape(theme)}</span></th></tr>'
    return f"<tbody>{head}{rows}</tbody>"


def _row(row: Row) -> str:
    item = row.figures.indicator
    two_sided = item.kind == "diverging"
    kind = ' class="kg-words"' if item.kind == "category" else ""
    cells = "".join(f"<td{kind}>{_cell(cell, two_sided=two_sided)}</td>" for cell in row.cells)
    basis = f"{row.day}、{row.figures.basis.label}"
    city = f'<span class="kg-value">{escape(row.city)}{_said(row.city_mark)}</span>'
    return f'<tr><th scope="row">{escape(row.title)}<small>{escape(basis)}</small></th>{cells}<td{kind}>{city}</td></tr>'


def _cell(cell: Cell, *, two_sided: bool) -> str:
    weak = f"<small>※ {WEAK_BELOW}人(戸)未満から計算した率</small>" if cell.weak else ""
    place = f"<small>{escape(cell.place)}</small>" if cell.place else ""
    bar = "" if cell.bar is None else _bar(cell.bar, two_sided=two_sided)
    whole = f'<span class="kg-together">{escape(cell.area_text)}{_said(cell.area_mark)}</span>'
    area = f"<small>{escape(cell.area)}: {whole}</small>"
    return f'<span class="kg-value">{escape(cell.text)}{_said(cell.mark)}</span>{bar}{place}{weak}{area}'


def _bar(share: float, *, two_sided: bool) -> str:
    """Draw a share from −1 to 1: from the left edge, or on either side of a middle line where values can fall and rise."""
    width = abs(share) * (50 if two_sided else 100)
    left = 50 - width if two_sided and share < 0 else 50 if two_sided else 0
    fall = ' class="kg-fall"' if share < 0 else ""
    middle = "<b></b>" if two_sided else ""
    filled = f'<i{fall} style="left:{left:.2f}%;width:{width:.2f}%"></i>' if width else ""
    return f'<span class="kg-side-bar" aria-hidden="true">{middle}{filled}</span>'


def facts_html(study: ProfileStudy) -> str:
    """Return what is told of each district, one column a district."""
    labels = dict.fromkeys(fact.label for code in study.codes for fact in study.facts[code])
    texts = {code: {fact.label: fact.text for fact in study.facts[code]} for code in study.codes}
    columns = [Col("項目", heading=True), *(Col(study.names[code], wide=True) for code in study.codes)]
    rows = [
        [label, *(texts[code].get(label, "不明(公表資料なし)") for code in study.codes)] for label in labels
    ]
    said = _caption(study, "センター、協働体、閉校、行政区、80歳以上の人など", *_marks_of(study.told))
    table = html_table(columns, rows, caption=said, scroll=False)
    return f'<div class="kg-facts" style="--kg-districts:{len(study.codes)}">{table}</div>'


def lacking_html(study: ProfileStudy) -> str:
    """Return the indicators known of no district: 不明, what is known of the city, and where a table may be had."""
    if not study.lacking:
        return "<p>登録されている指標は、すべてどこかの地区の値が分かっています。</p>"
    columns = [Col("指標", heading=True), Col("地区の値", wide=True), Col(f"{study.city}の値", wide=True)]
    rows = [[one.item.label, one.district, one.city] for one in study.lacking]
    marks = _marks_of(source for one in study.lacking for source in one.sources)
    table = html_table(
        columns, rows, caption=_caption(study, "どの地区の値も分からない指標", *marks), scroll=False
    )
    labels: dict[str, list[str]] = {}
    for one in study.lacking:
        labels.setdefault(one.where, []).append(one.item.label)
    entries = "".join(
        f"<li>{escape('、'.join(found))}: {escape(where)}</li>" for where, found in labels.items()
    )
    return f"{table}<p>分かるようにするには:</p><ul>{entries}</ul>"


def like_html(study: ProfileStudy) -> str:
    """Return the nearest districts of each chosen one with the values of both, or why there are none."""
    if study.like is None:
        return f"<p>{escape(study.like_refused)}</p>"
    heads = like_heads(study.like)
    columns = [Col(head, heading=at == 0, number=at >= 2) for at, head in enumerate(heads)]
    said = _caption(study, "距離の近い3地区と、「その地区 / 似た地区」の値", study.like.mark)
    table = html_table(columns, like_rows(study.like, study.codes, study.names), caption=said, scroll=False)
    sentences = (*study.like.sentences, *left_out(study.like, study.codes, study.names))
    return table + "".join(f"<p>{escape(one)}</p>" for one in sentences)


def definitions_html(study: ProfileStudy) -> str:
    """Return what each indicator of the table means, and its caution."""
    columns = [Col("指標", heading=True), Col("定義", wide=True), Col("注意", wide=True)]
    rows = [[row.title, row.figures.indicator.definition, row.figures.caution] for row in study.rows]
    return html_table(columns, rows, caption="比較の表にある指標", scroll=False)


def notes(study: ProfileStudy) -> tuple[str, ...]:
    """Return what must be said of the whole comparison."""
    made_up = ("「架空」の印の値は、実際の数字ではありません。",) if study.fictional else ()
    return (
        "横棒は、全地区の中で最も大きい値(増減率は、増減の最も大きい値)を端とした長さです。斜線は減少を示します。",
        "順位は値の大きい順で、値の分かる地区の中の順です。少ない人数から計算した率のある指標では、取りうる順位を幅で示します。",
        "印のない値は公表値か、公表値から計算した値か、開いた表の値です。根拠は各行に示します。",
        *made_up,
        study.lines_note,
    )


def sources_html(study: ProfileStudy) -> str:
    """Return the sources of everything shown, each with its day, basis and licence, and the notes."""
    entries = "".join(
        f"<li>{escape(source.credit)}。根拠: {source.basis.label}。利用条件: {escape(source.licence)}</li>"
        for source in study.sources
    )
    said = "".join(f"<p>{escape(note)}</p>" for note in notes(study))
    return f'<footer class="kg-footer">{said}<p>出典:</p><ul>{entries}</ul></footer>'
