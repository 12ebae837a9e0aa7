"""A backup: every database as of one point, the evidence that they name, and how to get it back.

The folder of one has `manifest.json`, written last; `files.sha256`, which `sha256sum --check`
reads; `databases/` and `evidence/`.
"""
