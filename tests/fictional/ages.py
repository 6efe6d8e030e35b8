"""Age tables in their official forms for any city, small and made up: e-Stat tables, listings, registers.

Rows are `Area`s: key, name, people of each sex by band (or None: everything is kept back), and the three columns of
suppression. A city row and labels are added as e-Stat does.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kyodo_geo.sources.visit.gazetteer import Gazetteer

FIVES = tuple(f"{low}～{low + 4}歳" for low in range(0, 75, 5))
# The labels of a block of e-Stat's age table, in the order of its columns
BLOCK = ("", *FIVES, "15歳未満", "15～64歳", "65歳以上", "75歳以上")
STANDARD_BANDS = (*(f"{low}-{low + 4}歳" for low in range(0, 85, 5)), "85歳以上")
LISTED_BANDS = (*(f"{low}～{low + 4}歳" for low in range(0, 100, 5)), "100歳以上")
CITY, CODE = "架空市", "99999"


@dataclass(frozen=True)
class Area:
    """A small area: men and women by band, those of no known age, and how its values were suppressed.

    `men` and `women` have 16 bands for e-Stat tables (0～4 … 75歳以上), 21 for listings. `state` is HTKSYORI.
    """

    key: str
    name: str
    men: Sequence[int] = ()
    women: Sequence[int] = ()
    unknown: tuple[int, int] = (0, 0)
    state: str = "0"
    into: str = ""
    members: str = ""
    marks: str = ""  # stands in every value cell in place of numbers

    @property
    def people(self) -> int:
        """Everybody of the area."""
        return sum(self.men) + sum(self.women) + sum(self.unknown)


def gazetteer(names: dict[str, str], *, code: str = CODE, district: str = "1") -> Gazetteer:
    """Return a city of these small areas, all of one district."""
    return Gazetteer(
        code=code,
        prefecture="架空県",
        city=CITY,
        small_areas=names,
        people=dict.fromkeys(names, 100),
        homes=dict.fromkeys(names, 40),
        districts={district: "架空本町"},
        areas={district: "架空町"},
        district_of=dict.fromkeys(names, district),
    )


def ages(people: int, bands: int = 16) -> tuple[int, ...]:
    """Spread people over the bands, the remainder in the middle ones: whole numbers that add up."""
    return tuple(people * (at + 1) // bands - people * at // bands for at in range(bands))


def block(bands: Sequence[int], unknown: int) -> list[int]:
    """Return the twenty columns of one sex of an e-Stat age table."""
    young, working, old = sum(bands[:3]), sum(bands[3:13]), sum(bands[13:])
    return [sum(bands) + unknown, *bands[:15], young, working, old, bands[15]]


def values(area: Area) -> list[object]:
    """Return the sixty values of an area: 総数, 男, 女."""
    if area.marks:
        return [area.marks] * 60
    both = [m + f for m, f in zip(area.men, area.women, strict=True)]
    sexed = (
        block(both, sum(area.unknown)),
        block(area.men, area.unknown[0]),
        block(area.women, area.unknown[1]),
    )
    return [*sexed[0], *sexed[1], *sexed[2]]


def whole_city(areas: Iterable[Area], *, code: str, bands: int = 16) -> Area:
    """Return the row of the city: the sum of all areas that are counted."""
    counted = [area for area in areas if area.state != "2" and not area.marks]
    men = [sum(area.men[at] for area in counted) for at in range(bands)]
    women = [sum(area.women[at] for area in counted) for at in range(bands)]
    unknown = (sum(area.unknown[0] for area in counted), sum(area.unknown[1] for area in counted))
    return Area(code, "", men, women, unknown)


def estat_rows(
    areas: Sequence[Area],
    *,
    code: str = CODE,
    city: str = CITY,
    table: str = "T001082",
    subtotals: Sequence[Area] = (),
) -> list[list[object]]:
    """Return the rows of an age table: codes, labels, the city, subtotals, then the areas."""
    codes = ["KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN"]
    labels = [
        f"{sex}{band}" if band else f"{sex}、年齢「不詳」含む"
        for sex in ("総数", "男", "女")
        for band in BLOCK
    ]
    body = [whole_city(areas, code=code), *subtotals, *areas]
    return [
        [*codes, *(f"{table}{n:03}" for n in range(1, 61))],
        [*[""] * 7, *labels],
        *(
            [
                area.key,
                "1" if area.key == code else "2",
                city,
                area.name,
                area.state,
                area.into,
                area.members,
                *values(area),
            ]
            for area in body
        ),
    ]


def household_rows(
    areas: Sequence[tuple[Area, object, object]], *, code: str = CODE, city: str = CITY, table: str = "T001084",
    total: tuple[object, object],
) -> list[list[object]]:  # fmt: skip
    """Return the rows of a table of households by family type; each area with its columns 001 and 009."""
    codes = ["KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN"]
    body = [(Area(code, ""), *total), *areas]
    return [
        [*codes, *(f"{table}{n:03}" for n in range(1, 10))],
        [""] * 7 + ["一般世帯総数", *("―" for _ in range(7)), "６５歳以上世帯員のいる一般世帯総数"],
        *(
            [area.key, "1", city, area.name, area.state, area.into, area.members, every, *([0] * 7), elderly]
            for area, every, elderly in body
        ),
    ]


def as_file(rows: Iterable[Sequence[object]], *, encoding: str = "cp932", separator: str = ",") -> bytes:
    """Write rows as e-Stat does: cp932, comma, CRLF."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def estat_file(areas: Sequence[Area], *, code: str = CODE, city: str = CITY, table: str = "T001082") -> bytes:
    """Return an age table of small areas as the bytes of a download."""
    return as_file(estat_rows(areas, code=code, city=city, table=table))


def zipped(content: bytes, *, name: str = "tblT001082C99.txt") -> bytes:
    """Put a file into a zip, as e-Stat does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def listing_2020(areas: Sequence[Area], *, code: str = CODE, city: str = CITY) -> list[list[object]]:
    """Return the rows of an 'h03' listing of 2020: one row for each of 総数, 男, 女; areas have 21 bands."""
    head = ["", "男女", *_PLACE_COLUMNS, "総数", *LISTED_BANDS, "年齢「不詳」", "総年齢", "平均年齢", *_AGAIN]
    rows: list[list[object]] = [
        ["令和2年国勢調査 小地域集計"],
        ["第3表 年齢(5歳階級)、男女別人口"],
        [],
        ["", "単位 人"],
        list(head),
    ]
    number = 0
    for area in [whole_city(areas, code=code, bands=21), *areas]:
        for sex, block_ in zip(("総数", "男", "女"), _listed(area), strict=True):
            number += 1
            rows.append([number, sex, *_place_cells(area, code, city), *block_])
    return rows


def listing_2015(areas: Sequence[Area], *, code: str = CODE, city: str = CITY) -> list[list[object]]:
    """Return the rows of an 'h03' listing of 2015: 総数, 男, 女 side by side under repeated column names."""
    columns = ["総数", *LISTED_BANDS, "年齢「不詳」", "総年齢", "平均年齢", *_AGAIN]
    above: list[object] = (
        [""] * 11 + ["総数"] + [""] * (len(columns) - 1) + ["男"] + [""] * (len(columns) - 1) + ["女"]
    )
    rows: list[list[object]] = [
        ["平成27年国勢調査 小地域集計"],
        ["第3表"],
        above,
        ["", *_PLACE_COLUMNS, *columns * 3],
    ]
    for number, area in enumerate([whole_city(areas, code=code, bands=21), *areas], start=1):
        both, men, women = _listed(area)
        rows.append([number, *_place_cells(area, code, city), *both, *men, *women])
    return rows


_PLACE_COLUMNS = ("市区町村コード", "町丁字コード", "地域階層レベル", "秘匿処理", "秘匿先情報", "合算地域", "都道府県名", "市区町村名",
                  "大字・町名", "字・丁目名")  # fmt: skip
_AGAIN = ("（再掲）15歳未満", "15～64歳", "65歳以上", "75歳以上", "85歳以上", "20～69歳")
_WORDS = {"0": "", "1": "合算地域あり", "2": "秘匿地域"}


def _place_cells(area: Area, code: str, city: str) -> list[object]:
    short = "-" if area.key == code else area.key.removeprefix(code)
    return [
        code,
        short,
        "1" if area.key == code else "2",
        _WORDS[area.state],
        area.into,
        area.members,
        "架空県",
        city,
        area.name,
        "",
    ]


def _listed(area: Area) -> list[list[object]]:
    if area.marks:
        return [[area.marks] * (len(LISTED_BANDS) + 4 + len(_AGAIN))] * 3
    both = [m + f for m, f in zip(area.men, area.women, strict=True)]
    return [
        _listed_block(bands, unknown)
        for bands, unknown in (
            (both, sum(area.unknown)),
            (area.men, area.unknown[0]),
            (area.women, area.unknown[1]),
        )
    ]


def _listed_block(bands: Sequence[int], unknown: int) -> list[object]:
    repeats = [
        sum(bands[:3]),
        sum(bands[3:13]),
        sum(bands[13:]),
        sum(bands[15:]),
        sum(bands[17:]),
        sum(bands[4:14]),
    ]
    return [sum(bands) + unknown, *bands, unknown, 0, "-", *repeats]


def standard_rows(
    rows: Iterable[tuple[str, Sequence[int], Sequence[int]]],
    *,
    code: str = "999997",
    city: str = CITY,
    day: str = "2024-04-01",
) -> list[list[object]]:
    """Return the rows of 地域・年齢別人口 of the municipal standard; each row a place, men and women in 18 bands."""
    bands = [f"{band}の{sex}" for band in STANDARD_BANDS for sex in ("男性", "女性")]
    head = ["都道府県コード又は市区町村コード", "地域コード", "都道府県名", "市区町村名", "調査年月日", "地域名", "総人口",
            "男性", "女性", *bands, "世帯数", "備考"]  # fmt: skip
    body = [
        [code, "", "架空県", city, day, name, sum(men) + sum(women), sum(men), sum(women),
         *(people for pair in zip(men, women, strict=True) for people in pair), 10, "架空"]
        for name, men, women in rows
    ]  # fmt: skip
    return [list(head), *body]
