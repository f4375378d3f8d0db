"""Experiments: changes, what-if, explanation."""
