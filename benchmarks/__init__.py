"""Measurements of speed and memory: ``make bench`` runs the races, the rest runs by itself."""
