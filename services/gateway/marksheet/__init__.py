"""What the marksheet page shows, and what its form sends; the view is `pages/marksheet.py`."""
