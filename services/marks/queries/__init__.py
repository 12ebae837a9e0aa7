"""What marks reads for its answers."""
