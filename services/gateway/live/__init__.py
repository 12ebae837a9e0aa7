"""`GET /api/events`: what happens, told as it happens, to each what they may see."""
