from __future__ import annotations

import inspect

import pytest

from geo import errors
from geo.errors import BadGeometry, FileRefused, GeoError, KeyMismatch, OutsideJapan, listed, raise_gathered

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GeoError) and kind is not GeoError
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_also_a_builtin_kind_and_prints_its_whole_message(kind):
    error = kind("何が", faults=["どこ"], todo="どうする")
    assert isinstance(error, (ValueError, LookupError, OSError))
    assert str(error) == "何が\n  - どこ\n対処: どうする"


def test_listed_names_the_first_and_counts_the_rest():
    assert listed(["あ", "い"], limit=2) == "あ、い"
    assert listed(range(5), limit=2) == "0、1 ほか 3 件"


def test_gathering_keeps_a_single_kind_and_unites_several():
    raise_gathered("f", [])
    with pytest.raises(KeyMismatch):
        raise_gathered("f", [KeyMismatch("一つ")])
    with pytest.raises(FileRefused, match=r"(?s)2 種類.*外にある.*空です"):
        raise_gathered("f", [OutsideJapan("外にある"), BadGeometry("空です")])
