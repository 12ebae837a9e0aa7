"""What identity does, one use case at a time."""
