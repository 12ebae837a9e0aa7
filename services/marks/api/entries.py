"""HTTP of entries."""
