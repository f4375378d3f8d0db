"""Evidence labels: how a number came to be here. They travel with every value from file to screen.

The order is from firmest to softest; code may lower a label (a sum of recalled numbers is recalled)
but never raise one.
"""

from enum import StrEnum


class Evidence(StrEnum):
    PUBLISHED = "published"  # printed in the cited work, which was read
    LOOKED_UP = "looked up"  # read in a copy of the page named
    DATASET = "dataset"  # extracted from a public data set
    DERIVED = "derived"  # computed from other labelled values
    RECALLED = "recalled"  # cited from memory of the named work, not opened
    ASSUMED = "assumed"  # a judgement of this project


# Bases of the quantitative record, in our words. "mixed" rows are partly recalled, so they count as recalled.
FROM_BASIS = {
    "looked_up": Evidence.LOOKED_UP,
    "dataset": Evidence.DATASET,
    "derived": Evidence.DERIVED,
    "mixed": Evidence.RECALLED,
    "recalled": Evidence.RECALLED,
    "seed": Evidence.RECALLED,
}

_RANK = {label: rank for rank, label in enumerate(Evidence)}


def weakest(*labels: Evidence | str) -> Evidence:
    """The label of a value computed from values with these labels: the softest of them."""
    return max((Evidence(label) for label in labels), key=_RANK.__getitem__)
