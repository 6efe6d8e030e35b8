"""架空市: a city of five districts that exists only here, in the same files as data/."""
