from __future__ import annotations

import hashlib
import re

import pytest
from fictional import grants

from kyodo_geo.rules.book import RuleBook

FAULTS = {
    "two values on one day": ("since = 2020-04-01\nto_be_supplied = true\nreference = \"第3条\"\n\n[[value]]\nname = \"per_head_yen\"",
                              "since = 2020-04-01\nto_be_supplied = true\nreference = \"第3条\"\n\n[[value]]\nname = \"equal_yen\""),
    "an unknown key": ('label = "均等割"', 'label = "均等割"\nnani = 1'),
    "no reference day": ('[counting]\nreference_day = "04-01"\ncounted_by = "register"\nreference = "第2条"\n', ""),
    "a float": ("to_be_supplied = true", "amount = nan"),
    "an unknown kind": ('kind = "population"', 'kind = "nani"'),
}  # fmt: skip


def test_rules_are_listed(kyodo):
    code, out, _ = kyodo("rules", "list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(RuleBook.load().rules)


@pytest.mark.parametrize("rule", RuleBook.load().rules.values(), ids=list(RuleBook.load().rules))
def test_every_rule_is_shown(kyodo, rule):
    code, out, _ = kyodo("rules", "show", rule.id)
    assert code == 0
    assert out.startswith(f"{rule.title}({rule.id})\n")
    assert rule.sha256 in out


def test_a_rule_of_a_file_is_shown_and_checked(kyodo, rule_file):
    assert kyodo("rules", "show", rule_file)[1].startswith("架空の交付金(kakuu)\n")
    code, out, err = kyodo("rules", "check", rule_file)
    assert (code, err) == (0, "")
    assert out == "誤りはありません: kakuu 架空の交付金(項 2、値 2)\n"


def test_a_rule_that_is_not_there_is_refused(kyodo_refuses, tmp_path):
    assert "規則「nani」はありません" in kyodo_refuses("rules", "show", "nani")
    for action in ("show", "check"):
        assert "nai.toml" in kyodo_refuses("rules", action, tmp_path / "nai.toml")
    assert "フォルダー" in kyodo_refuses("rules", "check", tmp_path)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_of_a_rule_file_is_named_with_the_file(kyodo_refuses, rule_file, fault):
    assert fault[0] in grants.RULE
    rule_file.write_text(grants.RULE.replace(*fault), encoding="utf-8")
    assert "架空.toml" in kyodo_refuses("rules", "check", rule_file)


def test_all_faults_of_a_rule_file_are_told_at_once(kyodo_refuses, rule_file):
    text = grants.RULE
    for old, new in (*(FAULTS[key] for key in ("an unknown key", "no reference day", "a float")), ('title = "架空の交付金"\n', "")):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    rule_file.write_text(text, encoding="utf-8")
    reason = kyodo_refuses("rules", "check", rule_file)
    for words in ("nani", "基準日", "title", "amount"):
        assert words in reason
    assert re.search(r"[4-9] 件の誤り", reason)
    assert reason == kyodo_refuses("allocate", "--rule", rule_file)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b"[", b"", grants.RULE.encode("cp932")])
def test_what_is_no_rule_file_is_refused(kyodo_refuses, rule_file, content):
    rule_file.write_bytes(content)
    assert "架空.toml" in kyodo_refuses("rules", "check", rule_file)


def test_a_rule_file_of_windows_reads_the_same(kyodo, rule_file):
    plain = kyodo("rules", "show", rule_file)[1]
    rule_file.write_bytes(b"\xef\xbb\xbf" + grants.RULE.replace("\n", "\r\n").encode())
    shown = kyodo("rules", "show", rule_file)[1]
    fingerprint = re.compile("[0-9a-f]{64}")
    assert fingerprint.sub("", shown) == fingerprint.sub("", plain)
    assert fingerprint.search(shown)[0] == hashlib.sha256(rule_file.read_bytes()).hexdigest()
