"""Whether an installation is in order: its settings, and every part that it stands on."""
