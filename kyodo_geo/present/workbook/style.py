"""The looks of the cells by name: colours from the house palette, and a word beside every colour."""

from __future__ import annotations

from typing import Any

FONT = "BIZ UDPGothic"
INK, LINE, ACCENT, WARNING = "#1F2933", "#CBD2D9", "#0B5F66", "#B54708"
SOFT, INPUT, RULE, WARNING_SOFT = "#F1F4F6", "#FFF6D6", "#E3F1F1", "#FFF1E5"
_WHOLE, _DECIMAL, _SIGNED = "#,##0", "#,##0.######", "+#,##0;−#,##0;0"
_EXACT = "#,##0.00"
_BOX: dict[str, Any] = {"border": 1, "border_color": LINE, "valign": "vcenter"}
_CENTRED: dict[str, Any] = {"align": "center"}
_SUM: dict[str, Any] = _BOX | {"bold": True, "top": 2, "top_color": ACCENT}
_NUMBER: dict[str, Any] = _BOX | {"num_format": _WHOLE}
_CALCULATED: dict[str, Any] = _BOX | {"bg_color": SOFT}

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": ACCENT, "valign": "vcenter"},
    "note": {"font_color": "#52606D", "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "font_color": ACCENT, "bottom": 1, "bottom_color": ACCENT},
    "mark_trial": {"bold": True, "font_size": 28, "font_color": WARNING, "border": 5, "border_color": WARNING, **_CENTRED, "valign": "vcenter"},
    "mark_frozen": {"bold": True, "font_size": 28, "font_color": ACCENT, "border": 5, "border_color": ACCENT, **_CENTRED, "valign": "vcenter"},
    "mark_fictional": {"bold": True, "font_size": 18, "font_color": "#FFFFFF", "bg_color": WARNING, **_CENTRED, "valign": "vcenter"},
    "text": {**_BOX, "num_format": "@"},
    "wrapped": {**_BOX, "num_format": "@", "text_wrap": True},
    "code": {**_BOX, "num_format": "@", **_CENTRED},
    "code_number": {**_BOX, **_CENTRED, "num_format": "0"},
    "name": {**_BOX, "num_format": "@", "shrink": True},
    "mark": {**_BOX, **_CENTRED, "font_color": WARNING},
    "label": {**_BOX, "bold": True, "bg_color": SOFT, "text_wrap": True},
    "link": {**_BOX, "font_color": ACCENT, "underline": 1},
    "head": {**_BOX, **_CENTRED, "bold": True, "bg_color": ACCENT, "font_color": "#FFFFFF", "text_wrap": True},
    "subhead": {**_BOX, **_CENTRED, "bg_color": SOFT, "font_color": "#52606D", "font_size": 9},
    "warning": {**_BOX, **_CENTRED, "bg_color": WARNING_SOFT, "font_color": WARNING, "bold": True, "font_size": 9, "text_wrap": True},
    "number": _NUMBER,
    "integer": {**_NUMBER, "font_color": "#52606D", "font_size": 9},
    "copy": {**_BOX, "num_format": _DECIMAL, "font_color": "#7B8794", "font_size": 9},
    "input": {**_NUMBER, "bg_color": INPUT},
    "input_decimal": {**_BOX, "num_format": "General", "bg_color": INPUT},
    "input_text": {**_BOX, "num_format": "@", "bg_color": INPUT, "align": "right"},
    "input_mark": {**_BOX, **_CENTRED, "bg_color": INPUT, "bold": True},
    "rule": {**_NUMBER, "bg_color": RULE},
    "rule_decimal": {**_BOX, "num_format": "General", "bg_color": RULE},
    "rule_text": {**_BOX, "num_format": "@", "bg_color": RULE, "text_wrap": True},
    "rule_mark": {**_BOX, **_CENTRED, "bg_color": RULE, "bold": True},
    "fixed": {**_NUMBER, "bg_color": "#FFFFFF", "font_color": "#52606D"},
    "fixed_text": {**_BOX, "num_format": "@", "text_wrap": True},
    "fixed_mark": {**_BOX, **_CENTRED},
    "calculated": {**_CALCULATED, "num_format": _WHOLE},
    "calculated_decimal": {**_CALCULATED, "num_format": _EXACT},
    "calculated_text": {**_CALCULATED, "num_format": "@", "align": "right"},
    "calculated_mark": {**_CALCULATED, **_CENTRED, "bold": True},
    "step": _NUMBER,
    "step_decimal": {**_BOX, "num_format": _EXACT},
    "step_value": {**_NUMBER, "bg_color": WARNING_SOFT, "italic": True},
    "step_value_decimal": {**_BOX, "num_format": _EXACT, "bg_color": WARNING_SOFT, "italic": True},
    "grand": {**_NUMBER, "bold": True, "bg_color": RULE},
    "signed": {**_BOX, "num_format": _SIGNED},
    "signed_percent": {**_BOX, "num_format": "+0.0;−0.0;0.0"},
    "part": {**_BOX, "num_format": "+#,##0.00;−#,##0.00;0"},
    "total": {**_SUM, "num_format": _WHOLE},
    "total_decimal": {**_SUM, "num_format": _EXACT},
    "total_signed": {**_SUM, "num_format": _SIGNED},
    "total_signed_percent": {**_SUM, "num_format": "+0.0;−0.0;0.0"},
    "total_text": {**_SUM, **_CENTRED},
    "account": {**_BOX, "num_format": '#,##0 "円"', "bold": True},
    "account_decimal": {**_BOX, "num_format": '#,##0.00 "円"', "bold": True},
    "cover": {**_BOX, "num_format": '#,##0 "円"', "bold": True, "align": "left"},
    "cover_decimal": {**_BOX, "num_format": '#,##0.00 "円"', "bold": True, "align": "left"},
    "account_text": {**_BOX, "bg_color": SOFT},
    "yen": {**_BOX, "num_format": '#,##0 "円"'},
    "verdict": {**_BOX, **_CENTRED, "bold": True},
    "verdict_line": {**_BOX, "bold": True, "font_color": ACCENT},
    "plain": {"valign": "vcenter"},
    f"verdict_{WARNING}": {"bold": True, "font_color": "#FFFFFF", "bg_color": WARNING},
    f"verdict_{ACCENT}": {"bold": True, "font_color": ACCENT},
    "verdict_big": {"bold": True, "font_size": 14, "valign": "vcenter", "font_color": ACCENT},
    "value": {**_BOX, "num_format": _DECIMAL, "align": "right"},
}  # fmt: skip
