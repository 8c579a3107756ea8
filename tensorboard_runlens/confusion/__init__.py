"""How a run's classes are taken for each other: the answer, from counts or from a picture."""
