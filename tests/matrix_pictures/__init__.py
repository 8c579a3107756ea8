"""Pictures of confusion matrices, read back."""
