"""What a validation gives, made small and exact: curves, detections, matches; and which images it was of."""
