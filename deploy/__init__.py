"""Everything to put IAMIS to work with: system packages, the demo, containers."""
