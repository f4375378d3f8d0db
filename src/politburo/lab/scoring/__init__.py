"""Scoring: forecasts, baselines, rival theories."""
