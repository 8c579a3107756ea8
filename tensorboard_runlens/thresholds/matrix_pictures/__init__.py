"""A confusion matrix drawn as a heat map, read back: colour scale, cells, printed numbers, and whether they agree."""
