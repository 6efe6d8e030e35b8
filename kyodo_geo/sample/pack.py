"""The sample pack (体験用データ): made-up files in the official formats, made from a city's published totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.sample.activity import activities
from kyodo_geo.sample.age_files import TABLES, write_ages
from kyodo_geo.sample.ages import OLDEST, make_ages, published_ages
from kyodo_geo.sample.buses import timetable
from kyodo_geo.sample.places import Spot, has_formal_keys, spots_of
from kyodo_geo.sample.vacancy import survey

README = "はじめに_架空.txt"
_GROUP_WORDS = {
    "age_0_14": "15歳未満",
    "age_15_64": "15〜64歳",
    "age_65_over": "65歳以上",
    OLDEST: "75歳以上",
}


def sample_pack(
    city: City, *, vacancy: Mapping[int, Mapping[str, int]], first_day: date = date(2026, 4, 1)
) -> dict[str, bytes]:
    """Return the files of the pack by name, はじめに first: the same bytes on every run and machine.

    Every name begins with 架空 or holds it. `vacancy` gives the published dwellings by year (`vacant_dwellings`),
    `first_day` the day from which the buses run for one year and before which the three years of activity lie. A
    file for which the city has no published total is not made; はじめに says which and why.
    """
    spots = spots_of(city)
    ages, kept, reasons = _ages(city, spots)
    files = dict(ages)
    if any("vacant_dwellings" in counts for counts in vacancy.values()):
        year, content = survey(city, spots, vacancy)
        files[f"架空_空き家調査_{year}.csv"] = content
        kept.append(
            f"空き家 {year}年: {vacancy[year]['vacant_dwellings']:,}戸(住宅・土地統計調査の空き家数。1行が1戸)"
        )
    else:
        reasons.append("空き家: 市の空き家数の公表値がないため、空き家の調査を作っていません")
    feed = timetable(city, spots, first_day)
    if feed is None:
        reasons.append("バス: 人のいる地区が2つないため、時刻表を作っていません")
    else:
        files["架空_バス_gtfs.zip"] = feed
    files["架空_協働体活動.csv"] = activities(city, spots, FiscalYear.of(first_day))
    return {README: _read_me(city, list(files), kept, reasons), **files}


def _ages(city: City, spots: Sequence[Spot]) -> tuple[dict[str, bytes], list[str], list[str]]:
    published = published_ages(city)
    made, reasons = make_ages(spots, published, list(TABLES))
    files, kept = {}, []
    for year in sorted(made, reverse=True):
        name = f"架空_tbl{TABLES[year]}C{city.facts.code[:2]}.txt"
        files[name] = write_ages(made[year], city.facts.name, city.facts.code)
        counts = published[year]
        groups = [f"{word} {counts[group]:,}人" for group, word in _GROUP_WORDS.items() if group in counts]
        kept.append(
            f"年齢 {year}年: 総数 {counts['population']:,}人、{'、'.join(groups)}"
            "(国勢調査。小地域ごとの総数も国勢調査の値)"
        )
    notes = list(reasons)
    if files and not has_formal_keys(city):
        notes.append(
            "年齢: この市の小地域の番号は e-Stat の形(市の5桁と4桁か6桁)ではないため、表の KEY_CODE にはその番号をそのまま書きました"
        )
    return files, kept, notes


def _read_me(city: City, names: Sequence[str], kept: Sequence[str], reasons: Sequence[str]) -> bytes:
    lines = [
        f"体験用データ(架空) {city.facts.name}",
        "",
        "この一式の数値は、下の「合わせた公表値」を除いてすべて架空(作り話)です。実在の人・家・バス・活動のことではありません。",
        "公表されていないもの(地区の年齢、空き家の場所、バスの時刻、地域協働体の活動)の画面を試すために、決まった手順で作りました。",
        "地名・市民センターの名前と位置は実在のものですが、そこに付けた数値・空き家・バス停・活動はどれも実在しません。",
        "計画や説明の資料には使えません。同じ版の道具では、いつ作っても同じ内容になります。",
        "",
        "入っているもの",
        *(f"- {name}" for name in names),
        "",
        "合わせた公表値",
        *(f"- {line}" for line in kept or ["なし"]),
        "",
        *(["作っていないもの・断り", *(f"- {line}" for line in reasons), ""] if reasons else []),
        "形式は公的なもの(e-Stat 小地域集計、GTFS-JP)と同じなので、本物のファイルの代わりに開けます。本物が手に入ったら入れ替えてください。",
    ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")
