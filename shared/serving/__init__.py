"""Serves one service over HTTP with gunicorn."""
