"""Slow checks that a test suite has no time for: statistics, brute force, accuracy, endurance.

    python -m verify                 run every module here
    python -m verify NAME ...        run some of them
    python -m verify --list          what there is

A module of this folder has a docstring whose first line says what it verifies, and a function `checks()` that
yields `Check`s. A check has a name, whether it holds, what was found, and the bound that it was held against,
both in words and numbers. Nothing is a check that cannot fail.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing verified: its name, whether it holds, what was found, and the bound it was held against."""

    name: str
    passed: bool
    found: str
    bound: str = ""
