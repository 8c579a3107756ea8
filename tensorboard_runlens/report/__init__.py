"""Answers for people and programs outside the tab, one file an output format."""
