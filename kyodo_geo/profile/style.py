"""The style of the comparison: for the page, for its print, and for the file that stands alone."""

from __future__ import annotations

# Borders are printed where grounds are not: a bar, a mark and a weak rate stay readable on a black-and-white copy
STYLE = """
:is(.stHtml,main) .kg-side-maps{display:flex;flex-wrap:wrap;gap:12px 24px;margin:0;padding:0;list-style:none}
.kg-side-maps li{width:250px;margin:0}
.kg-side-maps img{display:block;width:100%;height:auto}
.kg-side-maps strong{font-size:18px}
.kg-side-maps small,.kg-side small{font-size:13px;color:#52606d}
.kg-side .kg-side-theme th{background:#e8eef0;font-weight:700;text-align:left}
.kg-table.kg-side{table-layout:fixed;min-width:calc(15em + var(--kg-districts)*10.5em + 9em)}
.kg-side .kg-side-first{width:15em}
.kg-together{white-space:nowrap}
.kg-side caption span{display:inline-block;max-width:calc(100vw - 80px)}
.kg-facts thead th:first-child{width:11em}
.kg-side .kg-side-city{width:9em}
.kg-facts .kg-table{table-layout:fixed;min-width:calc((var(--kg-districts) + 1)*9em)}
.kg-side td{text-align:right;font-variant-numeric:tabular-nums}
.kg-side td.kg-words{text-align:left}
.kg-side thead th{text-align:right}
.kg-side thead th:first-child{text-align:left}
.kg-side .kg-value{display:block;font-size:17px}
.kg-side td small,.kg-side th small{display:block}
.kg-said{display:inline-block;border:1px dashed #1f2933;border-radius:3px;padding:0 4px;margin-left:6px;font-size:12px;color:#1f2933}
.kg-side-bar{display:block;position:relative;height:8px;margin:2px 0 3px;border-bottom:1px solid #9aa5b1}
.kg-side-bar i{position:absolute;top:0;bottom:0;background:#2670a8;border:1px solid #1d2f6f;box-sizing:border-box;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.kg-side-bar i.kg-fall{background:#fff;border-color:#654a99;background-image:repeating-linear-gradient(45deg,#654a99 0 2px,#fff 2px 5px)}
.kg-side-bar b{position:absolute;left:50%;top:-2px;bottom:-2px;border-left:1px solid #1f2933}
"""

ON_SCREEN = """
@media screen{.kg-scroll:has(.kg-side){max-height:85vh}}
.kg-side thead th:first-child,.kg-side tbody tr:not(.kg-side-theme) th{position:sticky;left:0;background:#fff;z-index:1}
.kg-side thead th:first-child{background:#f3f5f7;z-index:2}
.kg-side .kg-side-theme th span{position:sticky;left:12px}
@media (max-width:640px){
.kg-side-maps li{width:calc(50% - 12px)}
.kg-table.kg-side{min-width:calc(116px + var(--kg-districts)*128px + 100px)}
.kg-side .kg-side-first{width:116px}
.kg-side .kg-side-city{width:100px}
.kg-side thead th,.kg-side tbody th,.kg-side td{padding:6px}
.kg-side tbody tr:not(.kg-side-theme) th{min-width:0;font-size:14px}
.kg-side thead th{white-space:normal}
.kg-side small{font-size:12px}
.kg-facts thead th:first-child{width:7em}
.kg-side .kg-value{font-size:15px}
}
"""

IN_PRINT = """
@page{size:A4 landscape;margin:10mm}
@media print{
.kg-table{font-size:11px}
.kg-table.kg-side,.kg-facts .kg-table{min-width:0}
.kg-side .kg-side-first,.kg-side .kg-side-city{width:16%}
.kg-table th,.kg-table td,.kg-side td,.kg-side .kg-words{min-width:0;padding:2px 6px}
.kg-side td small{display:inline-block;margin-left:6px;line-height:1.3}
.kg-side td.kg-words small{margin:0 6px 0 0}
li{font-size:11px}
.kg-table .kg-wide,.kg-table .kg-number,.kg-table .kg-code{min-width:0}
.kg-side .kg-value{font-size:13px}
.kg-side small,.kg-side-maps small,.kg-side .kg-said,.kg-side-maps .kg-said{font-size:9.5px;color:#000}
.kg-side thead th,.kg-side thead th:first-child,.kg-side tbody tr th:first-child{position:static}
.kg-side-maps li{width:200px}
.kg-side-maps img{width:120px}
.kg-side thead{display:table-header-group}
.kg-side tr,.kg-side-maps li,.kg-facts tr{break-inside:avoid}
.kg-side-theme{break-after:avoid}
h2{break-after:avoid}
.kg-scroll,.kg-wide-table{max-height:none;overflow:visible;border:0}
}
"""

# Streamlit's frame scrolls inside itself, so that a printer would get its first screen only
PAGE_IN_PRINT = """
@media print{
[data-testid="stHeader"],[data-testid="stToolbar"],[data-testid="stDecoration"],[data-testid="stStatusWidget"],.stMultiSelect,
.stButton,.stDownloadButton,.stExpander,.stFileUploader{display:none !important}
html,body,#root,.stApp,[data-testid="stAppViewContainer"],.stMain,[data-testid="stMain"]{position:static !important;display:block !important;height:auto !important;overflow:visible !important}
.stHtml{font-size:11px}
.stHtml :is(p,li,.kg-heading p,.kg-footer p){font-size:11px !important;color:#000;margin:0 0 2px}
.kg-heading h1{font-size:18px !important}
.stHtml h2{font-size:14px !important}
.stMainBlockContainer{padding:0 !important;max-width:none !important}
.stVerticalBlock,.stHtml,.stElementContainer{height:auto !important;overflow:visible !important}
}
"""

ALONE = """
body{font:16px/1.6 "BIZ UDPGothic","Noto Sans JP","Hiragino Sans","Yu Gothic UI",sans-serif;color:#1f2933;background:#fff;margin:0 auto;padding:16px 24px;max-width:1400px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:20px 0 6px}
.kg-table{border-collapse:collapse;width:100%;font-size:15px}
.kg-table caption{text-align:left;font-weight:700;padding:6px 0}
.kg-table th,.kg-table td{border-bottom:1px solid #cbd2d9;padding:6px 10px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.kg-table td{white-space:pre-line}
.kg-table thead th{background:#f3f5f7;border-bottom:1px solid #1f2933}
.kg-table tbody th{font-weight:400}
.kg-table .kg-number{text-align:right;font-variant-numeric:tabular-nums}
.kg-scroll,.kg-wide-table{overflow-x:auto}
.kg-band{border:2px dashed #b54708;padding:6px 12px;font-weight:700}
.kg-footer{border-top:1px solid #cbd2d9;margin-top:20px;padding-top:8px;font-size:13px;color:#52606d}
@media print{body{padding:0;max-width:none}.kg-footer{color:#000;font-size:10px}h1{font-size:18px}h2{font-size:14px;margin:10px 0 4px}p{font-size:11px;margin:2px 0}}
"""
