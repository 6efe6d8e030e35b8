"""The columns of a table of records: those before the values, whose columns are their keys, and those after."""

NUMBER, KIND, SUBJECT, SINCE = BEFORE = ("番号", "種類", "対象", "いつから")
SOURCE, ENTERED_BY, ENTERED_AT, CORRECTS, UNDOES, NOTE, SHA256 = AFTER = (
    "出典", "入力した部署", "入力の時刻", "訂正する番号", "取り消す番号", "備考", "内容の sha256",
)  # fmt: skip
NEEDED = (KIND, SUBJECT, SINCE, SOURCE, ENTERED_BY, ENTERED_AT)
