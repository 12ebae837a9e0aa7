"""The services of IAMIS. None imports or calls another; see docs/architecture.md."""
