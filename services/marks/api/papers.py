"""HTTP of papers."""
