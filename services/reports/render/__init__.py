"""Reports in their formats."""
