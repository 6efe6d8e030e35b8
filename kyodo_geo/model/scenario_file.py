"""Scenarios as a file: JSON text that holds the addresses of one or more scenarios."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.scenario import Scenario, from_text

_KIND = "kyodo_geo scenarios"
_MOST = 12


def write_scenarios(scenarios: Sequence[Scenario]) -> str:
    """Write scenarios as JSON text, in their order."""
    content = {"kind": _KIND, "scenarios": [one.to_text() for one in scenarios]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_scenarios(text: str) -> tuple[Scenario, ...]:
    """Read what `write_scenarios` wrote; InputRefused for anything else, or for more scenarios than can be compared."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, or endless brackets
        raise InputRefused(
            "試算のファイルを読めません。", todo="「試算を保存」で作ったファイルを選んでください"
        ) from error
    listed = raw.get("scenarios") if isinstance(raw, dict) and raw.get("kind") == _KIND else None
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) for one in listed):
        raise InputRefused(
            "試算のファイルではありません。", todo="「試算を保存」で作ったファイルを選んでください"
        )
    if len(listed) > _MOST:
        raise InputRefused(f"試算が {len(listed)} 件あります。比べられるのは {_MOST} 件までです。")
    return tuple(from_text(one) for one in listed)
