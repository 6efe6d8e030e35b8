"""Results become what people look at: classes and colours, tables, maps. Nothing is computed here."""
