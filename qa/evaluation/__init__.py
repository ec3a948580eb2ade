"""Measures how well an assistant answers a file of questions."""
