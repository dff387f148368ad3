"""A package by name, so that no library that ships a `tests` of its own stands in front of it."""
