"""Curve pictures read back into numbers: each file one step, ``thresholds/picture.py`` puts them together."""
