"""Reading a whole TOML file through Fields: all its faults in one refusal."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import TypeVar

from kyodo_geo.errors import Fault, RuleFileError
from kyodo_geo.rules.fields import Fields, decimal_as_written

T = TypeVar("T")


def read_toml(text: str, *, name: str, read: Callable[[Fields], T]) -> T:
    """Return what `read` makes of the file's top table; RuleFileError with every fault that `read` noted.

    Decimals come exactly as written (Decimal), a byte-order mark is taken off.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:
        raise RuleFileError(
            f"設定ファイル {name} を TOML として読めません。", faults=[Fault(str(error), file=name)]
        ) from error
    faults: list[Fault] = []
    answer = read(Fields(raw, file=name, place="", faults=faults))
    if faults:
        raise RuleFileError(
            f"設定ファイル {name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してください",
        )
    return answer
