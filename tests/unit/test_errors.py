from __future__ import annotations

import errno

import pytest

from kyodo_geo import errors
from kyodo_geo.errors import Fault, KyodoError, os_reason

KINDS = [
    (errors.DataFileError, OSError),
    (errors.LedgerError, OSError),
    (errors.TableError, ValueError),
    (errors.KeyMismatch, KeyError),
    (errors.InputRefused, ValueError),
    (errors.NotInForce, LookupError),
    (errors.RuleFileError, ValueError),
]


def test_every_kind_of_error_is_looked_at_here():
    kinds = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KyodoError)
    }
    assert kinds - {KyodoError} == {kind for kind, _ in KINDS}


@pytest.mark.parametrize(("kind", "built_in"), KINDS)
def test_an_error_says_what_where_and_what_to_do_and_is_its_built_in_kind(kind, built_in):
    faults = [Fault("空欄です", file="架空.csv", row=3, column="population"), Fault("列がありません")]
    error = kind("読めません。", faults=faults, todo="直してください")
    assert isinstance(error, built_in)
    assert isinstance(error, KyodoError)
    assert str(error) == (
        "読めません。\n  - 架空.csv 3 行目 列「population」: 空欄です\n  - 列がありません\n対処: 直してください"
    )
    assert error.faults == tuple(faults)


@pytest.mark.parametrize(("kind", "built_in"), KINDS)
def test_an_error_without_faults_is_one_sentence(kind, built_in):
    assert str(kind("読めません。")) == "読めません。"


def test_a_fault_names_only_the_places_it_knows():
    assert str(Fault("空です", file="a.csv")) == "a.csv: 空です"
    assert str(Fault("空です", row=0)) == "0 行目: 空です"
    assert str(Fault("空です", column="人口")) == "列「人口」: 空です"


def test_what_the_system_says_is_put_into_japanese():
    for number in (errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EISDIR, errno.EROFS):
        assert any("ぁ" <= letter <= "ん" for letter in os_reason(OSError(number, "English")))
    assert os_reason(OSError(errno.EMFILE, "Too many open files")) == "Too many open files"
