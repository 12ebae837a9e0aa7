"""Reading the read model."""
