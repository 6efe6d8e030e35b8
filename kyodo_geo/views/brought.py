"""Tables opened in this session beside the shipped data, and the sample pack: what the city then knows, and its band."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.evidence.given import NO_EVIDENCE, Evidence
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.door import NamedContent, put_together, read_age_file
from kyodo_geo.figures.gazetteer import gazetteer_of
from kyodo_geo.figures.levels import Levels, levels_of
from kyodo_geo.model.figures import Figures
from kyodo_geo.provenance import Basis
from kyodo_geo.sample.kinds import sample_kind
from kyodo_geo.sample.pack import sample_pack
from kyodo_geo.sources.visit.ages.households import ElderlyHouseholds
from kyodo_geo.sources.visit.ages.values import AgesRead
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.vacancy.read import VacancyRead, read_vacancy
from kyodo_geo.views import context, councils_file, opening, visit_files

AGES, VACANCY, WHOLE_CITY = "brought_ages", "brought_vacancy", "brought_whole_city"
TABLE_FILES = ("csv", "txt", "tsv", "xlsx", "xls", "ods", "zip")
_SAMPLE, _OWN = "brought_sample", "brought_own_files"
# The kind of a file of the pack -> where it is opened
_KEYS = {
    "ages": AGES, "vacancy": VACANCY, "timetable": visit_files.TIMETABLE, "activity": councils_file.ACTIVITY,
}  # fmt: skip
_SINGLE = (VACANCY, visit_files.TIMETABLE, councils_file.ACTIVITY)


def city(on: date) -> City:
    """Return the city with the tables that are open; one that cannot be read is shown with its faults and left out."""
    return context.city().bring(evidence(on))


def evidence(on: date) -> Evidence:
    """Return the open tables that could be read and stand together.

    A list with more vacant dwellings than dwellings is shown as refused; tables of ages beside it still stand.
    """
    tables = [
        context.attempt(lambda name=name, content=content: _ages(name, content, on), None)  # type: ignore[misc]
        for name, content in opening.all_kept(AGES)
    ]
    ages, listed = [one for one in tables if one is not None], _listed(on)
    if not ages and listed is None:
        return NO_EVIDENCE
    whole = bool(st.session_state.get(WHOLE_CITY, False)) or _is_sample(opening.kept(VACANCY))
    found = context.attempt(lambda: put_together(ages, listed, whole_city=whole), NO_EVIDENCE)
    if context.attempt(lambda: bool(levels(context.city().bring(found), on)), otherwise=False):
        return found
    return context.attempt(lambda: put_together(ages), NO_EVIDENCE)


def _listed(on: date) -> VacancyRead | None:
    kept = opening.kept(VACANCY)
    return None if kept is None else context.attempt(lambda: _vacancy(*kept, on), None)


def figures(informed: City, on: date) -> list[Figures]:
    """Return the figures of a city with its open tables, computed once for each set of them."""
    return _figures(informed.evidence.key, on, informed)


def levels(informed: City, on: date) -> Levels:
    """Return the counts of a city with its open tables, counted once for each set of them."""
    return _levels(informed.evidence.key, on, informed)


@st.cache_resource(max_entries=16, show_spinner=False)
def _figures(key: tuple[str, ...], on: date, _city: City) -> list[Figures]:  # noqa: ARG001 - the key stands for the city
    return figures_of(_city, on)


@st.cache_resource(max_entries=16, show_spinner=False)
def _levels(key: tuple[str, ...], on: date, _city: City) -> Levels:  # noqa: ARG001 - the key stands for the city
    return levels_of(_city, on)


@st.cache_resource(max_entries=16, show_spinner="年齢の表を読んでいます…")
def _ages(name: str, content: bytes, on: date) -> AgesRead | ElderlyHouseholds:
    return read_age_file(NamedContent(name, content), gazetteer_of(context.city(), on))


@st.cache_resource(max_entries=8, show_spinner="空き家の一覧を読んでいます…")
def _vacancy(name: str, content: bytes, on: date) -> VacancyRead:
    return read_vacancy(content, name=name, gazetteer=gazetteer_of(context.city(), on))


def ages_chooser() -> None:
    """Offer to open tables of ages; the same files serve every page of this session."""
    opening.opened_files(
        "年齢の表(CSV・Excel・e-Stat の txt や zip)", TABLE_FILES, key=AGES,
        help_text="e-Stat の国勢調査 小地域集計(T001082、T000849 など)か、行政区・町丁字・地区ごとの住民基本台帳の年齢別人口。2つの年の表を開くと将来推計ができます。",
    )  # fmt: skip


def vacancy_chooser() -> None:
    """Offer to open a list of vacant dwellings, and to say that it covers the whole city."""
    opening.opened_file(
        "空き家の一覧(CSV・Excel)", TABLE_FILES, key=VACANCY,
        help_text="1軒1行の一覧(緯度・経度、小地域コード、町丁字、地区のどれか)か、場所ごとの戸数の表。所有者などの列は読みません。",
    )  # fmt: skip
    st.checkbox(
        "調査は市の全域(一覧に行のない地区は 0 戸とみなす)", key=WHOLE_CITY,
        help="印がなければ、一覧に行のない地区は「不明」とします。",
    )  # fmt: skip


def accounts(informed: City) -> None:
    """Show what was read of each open table of ages, and what was not.

    The account of a list of dwellings holds addresses and small numbers: 空き家 shows it, to staff alone.
    """
    for one in informed.evidence.tables:
        opening.account(one)
    if informed.evidence.vacancy is not None:
        st.caption(f"空き家の一覧: {informed.evidence.vacancy.opened.name}(読んだものの説明は「空き家」の頁)")


def sample_is_open() -> bool:
    """Whether files of the sample pack are open."""
    files = [*opening.all_kept(AGES), *map(opening.kept, _SINGLE)]
    return any(map(_is_sample, files))


def _is_sample(file: tuple[str, bytes] | None) -> bool:
    return file is not None and file[0] in st.session_state.get(_SAMPLE, ())


def offer_sample() -> None:
    """Offer the sample pack where a page has nothing to show."""
    if not sample_is_open():
        st.button(
            "体験用データで見る(架空)", on_click=_open_sample,
            help="市の公表値に合計だけを合わせて作った、架空の年齢・空き家・時刻表・協働体の活動です。実際の数字ではありません。",
        )  # fmt: skip


@st.cache_resource(max_entries=2, show_spinner="体験用データを作っています…")
def _pack(_data: str) -> dict[str, bytes]:
    return sample_pack(context.city(), vacancy=context.city().vacancy)


def _open_sample() -> None:
    """Open the files of the pack as if they had been chosen; files of the reader's own come back when it is closed."""
    state = st.session_state
    pack = _pack(context.city().facts.code)
    state[_OWN] = (
        opening.all_kept(AGES),
        {key: opening.kept(key) for key in _SINGLE},
    )
    opening.forget_all(AGES)
    for name, content in pack.items():
        key = _KEYS.get(sample_kind(name))
        if key == AGES:
            opening.put_one_more(key, name, content)
        elif key is not None:
            opening.put(key, name, content)
    state[_SAMPLE] = list(pack)


def _close_sample() -> None:
    """Close what is made up, and open again what the sample took the place of."""
    names = _fictional_names()
    for key in _KEYS.values():
        opening.forget_named(key, names)
    st.session_state.pop(_SAMPLE, None)
    tables, single = st.session_state.pop(_OWN, ((), {}))
    for name, content in tables:
        opening.put_one_more(AGES, name, content)
    for key, file in single.items():
        if file is not None and opening.kept(key) is None:
            opening.put(key, *file)


def band() -> None:
    """Say at the head of every page that made-up data are open, and take them away with one click."""
    names = _fictional_names()
    if not names:
        return
    with st.container(key="kg_fictional_band"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.html(
            '<p class="kg-band" role="status"><strong>架空</strong> 体験用データなど、架空のファイルを開いています。'
            f"これを使う地図・表・ファイルの数字は、実際の数字ではありません({escape('、'.join(names))})</p>"
        )
        right.button("体験用データを消す", key="sample_close", on_click=_close_sample, width="stretch")


def _fictional_names() -> list[str]:
    """Name the open files that call themselves made up, in their name or inside."""
    on = context.today()
    reads: list[Callable[[], Opened]] = [
        partial(lambda name, content: _ages(name, content, on).opened, *file)
        for file in opening.all_kept(AGES)
    ]
    listed, timetable = opening.kept(VACANCY), opening.kept(visit_files.TIMETABLE)
    if listed is not None:
        reads.append(lambda: _vacancy(*listed, on).opened)
    if timetable is not None:
        reads.append(lambda: visit_files.feed_of(*timetable, on).opened)
    activity = context.quietly(lambda: councils_file.opened(on))
    found = [one for one in map(context.quietly, reads) if one is not None]
    found += [activity.opened] if activity is not None else []
    return [one.name for one in found if one.source.basis is Basis.FICTIONAL]
