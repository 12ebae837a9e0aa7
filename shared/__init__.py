"""The platform library: everything a service needs that is not its domain."""
