"""Place names in the forms people write them: from the name as it stands to ever looser spellings."""

from __future__ import annotations

import re
import unicodedata

_KANJI = "\u3005\u4e00-\u9fff\uf900-\ufaff"
_GA = re.compile(rf"(?<=[{_KANJI}])[ケヶがガ](?=[{_KANJI}])")
_NO = re.compile(rf"(?<=[{_KANJI}])[ノの之](?=[{_KANJI}])")
_DASHES = re.compile("[\u2212\u2010-\u2015]")
# 十文字 is a name of its own, 大字 and 字 only say what kind of place follows
_AZA = re.compile(r"大字|(?<!文)字")
_CHOME = re.compile(r"([〇一二三四五六七八九十]{1,3})(?=丁目)")
_KANJI_DIGITS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HEAD = re.compile(r"(.+?)(?:大字|(?<!文)字|(?:[〇一二三四五六七八九十]{1,3}|[0-9]{1,2})丁目)")
# The older and the newer letter of names; folding them may unite different places (FORMATS.md 8.3)
_LETTERS = str.maketrans(
    "髙﨑邉邊齋齊濵濱德瀨澤籠嶋舘渕塚櫻廣國龍邨埜嶽峯",
    "高崎辺辺斎斉浜浜徳瀬沢篭島館淵塚桜広国竜村野岳峰",
)
# A house number begins at the first digit that counts no 丁目
_HOUSE = re.compile(r"[0-9]+(?!丁目|[0-9]).*$")
_BLOCKS = re.compile(r"([0-9]{1,2})-[0-9]")


def plain_form(name: str) -> str:
    """Return a name in NFKC without spaces, dashes unified: the form in which two names are the same."""
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", name).split()))


def without_front(form: str, *, prefecture: str, city: str) -> str:
    """Return a plain form without prefecture, 郡 and city at its very start.

    Nothing is cut further in: 青葉町字市野原 keeps its 市. 郡 goes only where the city's name follows.
    """
    rest = form.removeprefix(plain_form(prefecture))
    rest = re.sub(rf"^[^郡市]{{1,5}}郡(?={re.escape(plain_form(city))})", "", rest)
    return rest.removeprefix(plain_form(city)) or form


def loose_form(form: str) -> str:
    """Return a plain form with 丁目 in digits, ケヶが and ノの之 between kanji as one, 字 and 大字 left out."""
    counted = _CHOME.sub(lambda match: str(_number(match[1])), form)
    return _AZA.sub("", _NO.sub("ノ", _GA.sub("ケ", counted)))


def folded_form(form: str) -> str:
    """Return a loose form with older letters as their newer ones (髙 高, 籠 篭)."""
    return loose_form(form).translate(_LETTERS)


def head_of(form: str) -> str:
    """Return what stands before the first 字 or numbered 丁目: 青葉町 of 青葉町字市野原; "" when nothing does."""
    found = _HEAD.match(form)
    return found[1] if found else ""


def without_house(form: str) -> tuple[str, ...]:
    """Return a plain form without its house number, the number read as 丁目 first where it may be: 青葉1-2-3.

    () when it has no number.
    """
    found = _HOUSE.search(form)
    if not found or found.start() == 0:
        return ()
    street, blocks = form[: found.start()], _BLOCKS.match(found[0])
    return (f"{street}{int(blocks[1])}丁目", street) if blocks else (street,)


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in kanji))
    return 10 * (_KANJI_DIGITS[tens] if tens else 1) + (_KANJI_DIGITS[ones] if ones else 0)
