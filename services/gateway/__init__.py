"""Pages, the /api proxy and browser sessions."""
