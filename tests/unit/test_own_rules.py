"""A rule file of one's own in the workspace: listed, used, never hiding another, and never overwriting."""

from __future__ import annotations

import pytest
from fictional import grants

from kyodo_geo.errors import DataFileError, RuleFileError
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.runs import keep_rule
from kyodo_geo.sources.rule_files import with_own_rules

BOOK = RuleBook.load()


def test_a_kept_rule_is_the_same_file_and_can_be_chosen(tmp_path):
    folder = tmp_path / "作業" / "rules"
    path = keep_rule(grants.rule(), BOOK, folder)
    assert path.read_text(encoding="utf-8") == grants.rule().text
    book, errors = with_own_rules(BOOK, folder)
    assert errors == ()
    assert set(book.rules) == {*BOOK.rules, "kakuu"}
    assert book.rule("kakuu").sha256 == grants.rule().sha256
    assert set(BOOK.rules) == set(RuleBook.load().rules)


def test_nothing_is_overwritten_and_no_shipped_rule_is_hidden(tmp_path):
    keep_rule(grants.rule(), BOOK, tmp_path)
    with pytest.raises(RuleFileError, match="すでにあります"):
        keep_rule(grants.rule(("架空の規則。", "別の規則。")), BOOK, tmp_path)
    with pytest.raises(RuleFileError, match="すでにあります"):
        keep_rule(BOOK.rule("staff"), BOOK, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kakuu.toml"]


def test_a_file_that_cannot_be_used_is_named_and_the_others_stand(tmp_path):
    keep_rule(grants.rule(), BOOK, tmp_path)
    (tmp_path / "bad.toml").write_text("id = ", encoding="utf-8")
    (tmp_path / "staff.toml").write_text(BOOK.rule("staff").text, encoding="utf-8")
    book, errors = with_own_rules(BOOK, tmp_path)
    assert "kakuu" in book.rules
    assert ["bad.toml" in errors[0].what, "staff.toml" in errors[1].what] == [True, True]
    assert book.rule("staff") == BOOK.rule("staff")


def test_a_folder_that_is_not_there_holds_no_rules_and_a_file_in_its_place_is_a_clear_error(tmp_path):
    assert with_own_rules(BOOK, tmp_path / "none") == (RuleBook(dict(BOOK.rules)), ())
    (tmp_path / "rules").write_text("", encoding="utf-8")
    with pytest.raises(DataFileError, match="作れません"):
        keep_rule(grants.rule(), BOOK, tmp_path / "rules")


def test_the_command_line_knows_the_rules_of_the_workspace(kyodo, tmp_path):
    keep_rule(grants.rule(), BOOK, tmp_path / "rules")
    assert "kakuu" in kyodo("rules", "list", "--workspace", tmp_path)[1]
    assert "架空の交付金" in kyodo("rules", "show", "kakuu", "--workspace", tmp_path)[1]
    words = ["allocate", "--rule", "kakuu", "--fiscal-year", "2025", "--equal", "1", "--per-head", "1"]
    assert kyodo(*words, "--workspace", tmp_path)[0] == 0
    (tmp_path / "rules" / "bad.toml").write_text("id = ", encoding="utf-8")
    assert "使えない規則ファイル" in kyodo("rules", "list", "--workspace", tmp_path)[1]
    assert "bad.toml" in kyodo("rules", "show", "bad", "--workspace", tmp_path)[2]
