"""Evidence files in object storage."""
