"""出典: where is each figure from, what was done with it, and what is not known?"""

from __future__ import annotations

import streamlit as st

from kyodo_geo.compose import CONFIDENCE_LABELS
from kyodo_geo.model.indicators import MANAGEMENT_LABELS
from kyodo_geo.present.reports import small_areas_csv
from kyodo_geo.present.tables import Col, csv_file, html_table, number_text
from kyodo_geo.views import context

_DATASET_COLUMNS = (
    Col("資料", heading=True, wide=True), Col("公表者・日付", wide=True), Col("利用条件", wide=True), Col("根拠と加工のしかた", wide=True),
    Col("ファイルと URL", wide=True),
)  # fmt: skip


def page() -> None:
    """Show datasets, unknowns with their reasons, and the confidence of every small area's assignment."""
    context.heading("出典", "どこから来た数字か、何が分かっていないか")
    unknown, datasets, assignment, licence = st.tabs(
        ["分かっていないもの", "資料の一覧", "地区の割り当て", "表示と利用条件"]
    )
    with unknown:
        _unknown()
    with datasets:
        _datasets()
    with assignment:
        _assignment()
    with licence:
        _licences()


def _unknown() -> None:
    city = context.city()
    on = context.today()
    statuses = [city.status(str(code), on) for code in city.names.index]
    links = list(city.councils.values())
    named = len({link.council for link in links if link.council})
    points = [place.name for place in city.places if place.kind == "centre" and place.lon is None]
    blanks = [f"{census.year}年 {len(census.missing)} 小地域" for census in city.censuses if census.missing]
    counted = [
        ("センターの管理", f"{statuses.count('unknown')} / {len(statuses)} センター", f"{MANAGEMENT_LABELS['direct']}とはみなさない"),
        ("地域協働体の名称", f"{city.facts.councils_published - named} / {city.facts.councils_published} 団体",
         f"名称の分かるもの {named} 団体。{len(links)} 地区のうちどこに独自の協働体がないかも不明"),
        ("市民センターの位置", f"{len(points)} センター", "、".join(points)),
        ("国勢調査の値のない小地域", "、".join(blanks) or "なし", _gap_to_published()),
    ]  # fmt: skip
    st.html(html_table(
        (Col("不明なもの", heading=True, wide=True), Col("数", wide=True), Col("説明", wide=True)), counted, caption="データから数えたもの", scroll=False,
    ))  # fmt: skip
    rows = [(one.what, one.why, one.where) for one in city.facts.unknown]
    st.html(html_table(
        (Col("不明なもの", heading=True), Col("理由"), Col("どこにあるか")), rows, caption="公表資料が見つからないもの", scroll=False,
    ))  # fmt: skip
    _by_district()


def _gap_to_published() -> str:
    """Say how far the areas that have a value are from the published total, for each census that lacks some."""
    city = context.city()
    totals = {total.dataset: total.population for total in city.facts.totals}
    gaps = [
        f"{census.year}年の値のある小地域の合計と公表値の差 "
        f"{number_text(int(census.counts['population'].sum()) - totals[census.source.id])} 人"
        for census in city.censuses
        if census.missing and census.source.id in totals
    ]
    return "、".join(gaps)


def _by_district() -> None:
    """Show, district by district, what is known of the management and the council, with the reason where it is not."""
    city, on = context.city(), context.today()
    rows = []
    for code, link in city.councils.items():
        status = city.status(code, on)
        council = link.council or ("あるが名称は不明" if link.status == "exists" else "不明(公表資料なし)")
        rows.append((
            code, city.names.loc[code, "district"], MANAGEMENT_LABELS[status], city.management_note(code, on), council, link.note,
        ))  # fmt: skip
    columns = (
        Col("コード"),
        Col("地区", heading=True),
        Col("管理"),
        Col("管理の根拠・理由", wide=True),
        Col("地域協働体", wide=True),
        Col("協働体の根拠・理由", wide=True),
    )
    st.html(html_table(columns, rows, caption=f"地区ごとの管理と地域協働体({on.isoformat()} 現在)"))


def _datasets() -> None:
    rows = [
        (
            one.title,
            f"{one.publisher}\n基準日 {one.reference_date}\n公表 {one.published}\n入手 {one.accessed}",
            one.licence,
            f"{one.basis.label}\n{one.method}",
            f"{one.file}({one.rows:,} 行)\nsha256 {one.sha256[:12]}…\n{one.url}",
        )
        for one in context.city().sources.values()
    ]
    st.html(html_table(_DATASET_COLUMNS, rows, caption=f"資料 {len(rows)} 件"))


def _assignment() -> None:
    city = context.city()
    people = city.latest.counts["population"].reindex(city.small_areas.index)
    table = city.small_areas.assign(people=people)
    summary = [
        (CONFIDENCE_LABELS[level], f"{len(group):,}", f"{int(group['people'].sum()):,}")
        for level in CONFIDENCE_LABELS
        if len(group := table[table["confidence"] == level])
    ]
    st.html(html_table(
        (Col("確からしさ", heading=True), Col("小地域", number=True), Col(f"人口({city.latest.year}年、人)", number=True)),
        summary, caption=city.facts.lines_note, scroll=False,
    ))  # fmt: skip
    rows = [
        (row["key_code"], row["part"], row["name"], row["area"], city.names.loc[row["district_code"], "district"],
         CONFIDENCE_LABELS[row["confidence"]], row["evidence"], f"{row['people']:,.0f}", f"{row['km2']:.3f}")
        for _, row in table.iterrows()
    ]  # fmt: skip
    columns = (Col("小地域の番号"), Col("枝"), Col("小地域", heading=True), Col("地域"), Col("割り当てた地区"), Col("確からしさ"),
               Col("根拠", wide=True), Col("人口", number=True), Col("km²", number=True))  # fmt: skip
    st.html(html_table(columns, rows, caption=f"小地域 {len(rows)} 区画の割り当て(推計)"))
    st.download_button(
        "割り当て表をダウンロード(CSV)", data=csv_file(small_areas_csv(city.small_areas)),
        file_name="small_areas.csv", mime="text/csv", on_click="ignore",
    )  # fmt: skip
    context.footer((city.sources["small_areas"], city.latest.source))


def _licences() -> None:
    rows = sorted({(one.publisher, one.licence) for one in context.city().sources.values()})
    st.html(
        html_table(
            (Col("公表者", heading=True), Col("利用条件")), rows, caption="資料の利用条件", scroll=False
        )
    )
    st.html(
        '<div class="kg-note"><p>駅の位置は station_database(原データ: 駅データ.jp)を CC BY-SA 4.0 で使っています。'
        "駅の表を再配布するときは同じ条件にしてください。</p>"
        "<p>地図の描画には Leaflet(BSD 2-Clause)を同梱しています。</p></div>"
    )


context.run(page)
