"""Rule files that people wrote: one file, or the folder `rules` of a workspace."""

from __future__ import annotations

from pathlib import Path

from kyodo_geo.errors import RuleFileError, os_reason
from kyodo_geo.rules.book import Rule, RuleBook, parse_rule


def read_rule_file(path: Path) -> Rule:
    """Read a rule file; RuleFileError when it cannot be opened or is no UTF-8, else as `parse_rule`."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise RuleFileError(
            f"規則ファイルを開けません: {path}({os_reason(error)})",
            todo="ファイルの場所と名前を確かめてください",
        ) from error
    except UnicodeDecodeError as error:
        raise RuleFileError(
            f"規則ファイル {path.name} は UTF-8 の文字ではありません。", todo="UTF-8 で保存し直してください"
        ) from error
    return parse_rule(text, name=path.name)


def with_own_rules(book: RuleBook, folder: Path) -> tuple[RuleBook, tuple[RuleFileError, ...]]:
    """Add the rule files of a folder to a book; return it with the errors of those that cannot be used.

    A folder that is not there holds none. A rule whose id the book has already is not taken: it would hide the other.
    """
    rules, errors = dict(book.rules), list[RuleFileError]()
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        try:
            rule = read_rule_file(path)
            if rule.id in rules:
                raise RuleFileError(
                    f"規則ファイル {path.name} の id「{rule.id}」は、すでにあります。",
                    todo="id を変えてください",
                )
        except RuleFileError as error:
            errors.append(error)
        else:
            rules[rule.id] = rule
    return RuleBook(rules), tuple(errors)
