"""Fitting: calibration and what it is worth."""
