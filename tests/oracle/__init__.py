"""A slow second calculation of an allocation, random cases for it, and the same cases as rules of the engine."""
