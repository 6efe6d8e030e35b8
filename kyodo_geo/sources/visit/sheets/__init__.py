"""Tables as people keep them: cells of CSV and Excel, numbers with marks, dates of all kinds, names of places."""
