"""The law as data: dated values with their articles, in TOML, and the book that reads them."""
