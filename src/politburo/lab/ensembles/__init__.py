"""Ensembles: run to disk, resumed, read again, with what made them."""
