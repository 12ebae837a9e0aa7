"""The layout of EDI files that is used where a board gives none of its own (docs/edi.md)."""
