"""Pictures of the running system, for the documents and for the guide: `make pictures`."""
