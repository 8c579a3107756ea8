"""Facts about a data set in the YOLO layout: images, labels, classes, and what is wrong with them.

A data set is read when a user names its YAML file; only then are the paths in that file followed.
Nothing here knows of runs.
"""
