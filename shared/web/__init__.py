"""HTTP in, HTTP out: the frame every request goes through, the same in every service."""
