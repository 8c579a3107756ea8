"""Validation images with objects and detections drawn on them."""
