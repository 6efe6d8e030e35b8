"""The sample pack (体験用データ): made-up files in the official formats, controlled to the published city totals."""
