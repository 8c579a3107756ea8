"""From what was recorded of a validation to curves by confidence, and to the confidence to deploy with."""
