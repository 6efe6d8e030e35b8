"""The comparison as files: one HTML page that stands alone and prints on A4, and the same table as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.indicators import MANAGEMENT_LABELS, Indicator, Value
from kyodo_geo.present.indicator_report import place_text
from kyodo_geo.present.tables import csv_text
from kyodo_geo.profile.rows import Row
from kyodo_geo.profile.similar import left_out, like_lines
from kyodo_geo.profile.study import ProfileStudy
from kyodo_geo.profile.style import ALONE, IN_PRINT, STYLE
from kyodo_geo.profile.tables import (
    FICTIONAL,
    comparison_html,
    definitions_html,
    facts_html,
    lacking_html,
    like_html,
    maps_html,
    notes,
    sources_html,
)
from kyodo_geo.provenance import Unknown


def profile_page(study: ProfileStudy) -> str:
    """Return the whole comparison as one HTML file that needs no network; every word of data is text."""
    title = f"地区の比較: {study.title}({study.city})"
    band = f'<p class="kg-band">{escape(FICTIONAL)}</p>' if study.fictional else ""
    parts = (
        ("", maps_html(study)),
        ("数字の比較", comparison_html(study)),
        ("地区について分かっていること", facts_html(study)),
        ("地区では分からない指標", lacking_html(study)),
        ("似た地区", like_html(study)),
        ("指標の定義と注意", definitions_html(study)),
    )
    body = "".join(f"{f'<h2>{head}</h2>' if head else ''}{part}" for head, part in parts)
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{ALONE}{STYLE}{IN_PRINT}</style></head><body><main>{band}<h1>{escape(title)}</h1>"
        f"<p>{both_calendars(study.on)}の地区の線による比較です。</p>{body}</main>{sources_html(study)}</body></html>\n"
    )


def profile_csv(study: ProfileStudy) -> str:
    """Return the table as CSV, an indicator a row; facts, likes, unknown indicators, notes and sources stand below it."""
    return csv_text([_head(study), *(_line(study, row) for row in study.rows), *_below(study)])


def _head(study: ProfileStudy) -> list[str]:
    names = [study.names[code] for code in study.codes]
    own = [
        f"{name}{what}" for name in names for what in ("", "の順位(大きい順)", "の旧市町村", "の旧市町村の値")
    ]
    return [
        "テーマ",
        "指標",
        "id",
        "年",
        "基準日",
        "単位",
        "根拠",
        "印",
        *own,
        study.city,
        f"{study.city}の印",
        "注意",
        "出典",
    ]


def _line(study: ProfileStudy, row: Row) -> list[object]:
    one = row.figures
    item = one.indicator
    own: list[object] = []
    for code in study.codes:
        area = study.areas[code]
        own += [_plain(item, one.districts[code]), place_text(one, code), area, _plain(item, one.areas[area])]
    credit = "、".join(source.credit for source in one.sources)
    head = [
        item.theme,
        one.title,
        item.id,
        one.year,
        one.reference_date,
        item.unit,
        one.basis.label,
        one.mark,
    ]
    return [*head, *own, _plain(item, one.city), row.city_mark, one.caution, credit]


def _plain(item: Indicator, value: Value) -> object:
    """Write a value for a spreadsheet: a number stays one, an unknown one says why."""
    if isinstance(value, Unknown):
        return str(value)
    return MANAGEMENT_LABELS.get(value, value) if isinstance(value, str) else round(value, item.decimals + 2)


def _below(study: ProfileStudy) -> Iterator[Sequence[object]]:
    codes = study.codes
    yield []
    yield ["地区について分かっていること", *(study.names[code] for code in codes)]
    texts = {code: {fact.label: fact.text for fact in study.facts[code]} for code in codes}
    for label in dict.fromkeys(label for found in texts.values() for label in found):
        yield [label, *(texts[code].get(label, "不明(公表資料なし)") for code in codes)]
    yield []
    yield ["どの地区の値も分からない指標", "地区", study.city, "分かるようにするには"]
    yield from ([one.item.label, one.district, one.city, one.where] for one in study.lacking)
    yield []
    if study.like is None:
        yield ["似た地区", study.like_refused]
    else:
        yield from like_lines(study.like, codes, study.names)
        yield from ([one] for one in (*study.like.sentences, *left_out(study.like, codes, study.names)))
    yield []
    yield [f"{both_calendars(study.on)}の地区の線"]
    yield from ([FICTIONAL] for _ in range(study.fictional))
    yield from ([note] for note in notes(study))
    yield from (["出典", source.credit, source.basis.label, source.licence] for source in study.sources)
