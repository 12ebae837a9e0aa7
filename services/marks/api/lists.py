"""HTTP of lists."""
