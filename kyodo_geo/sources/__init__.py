"""The only code that opens data files: checksums and row counts are proven here, Japanese headers end here."""
