"""Detections counted: which pass a confidence, and which of those are right."""
