"""The field's formal models of ruling circles: stated, cited, exact, tested on their authors' numbers.

One model a module; each docstring states the theory first. The names below are fetched on first use, so that
importing this package loads nothing heavy. Results print themselves, draw themselves (`.chart()`) and export
(`.to_csv()`, `.to_frame()`, `.to_json()`)."""

from importlib import import_module as _import_module

# name -> module
_NAMES = {
    "ruling_coalition": "coalition", "ruling_many": "coalition", "self_enforcing_coalitions": "coalition", "coalition_sizes": "coalition",
    "coalition_game": "coalition_tree", "fragility": "coalition_robust", "robustness": "coalition_robust",
    "power_with_ties": "coalition_network", "ruling_coalition_with_ties": "coalition_network",
    "myopic_path": "coalition_dynamics", "stable_states": "coalition_dynamics", "three_states": "coalition_dynamics",
    "power_indices": "voting", "blocs": "voting_blocs", "owen": "voting_blocs", "Chamber": "voting_chambers",
    "multi_majority": "voting_chambers",
    "actors": "bargain_smp", "spatial_model": "bargain_smp", "expected_utility": "bargain_eu", "read_actors": "bargain",
    "weighted_mean": "bargain",
    "leader_hazard": "leader_tenure", "power_sharing": "leader_tenure", "selectorate": "selectorate_theory",
    "selectorate_sweep": "selectorate_theory", "circular_flow": "appointments", "factions": "appointments", "vizier": "viziers",
    "eliminations": "purges", "mass_purge": "purges", "promotion": "promotions", "cascade": "thresholds",
    "falsification": "thresholds", "loyalty_test": "cult", "flattery": "cult", "triad": "triads", "triad_table": "triads",
    "contest": "contests", "unequal_contest": "contests", "revolt": "contests", "dictator": "contests",
    "concentration": "personal_power", "personalism_scores": "personal_power", "spearman": "personal_power",
    "feldman": "growth", "feldman_crossover": "growth", "mahalanobis": "growth", "soft_budget": "growth",
    "price_scissors": "scissors", "procurement": "famine", "shapley_shares": "famine", "famine_shares": "famine",
    "TwoSectors": "wedges", "simulate": "wedges", "measure_wedges": "wedges", "consumption_equivalent": "wedges",
    "leontief": "planning", "ward_firm": "planning", "ratchet": "planning",
    "project": "population", "leslie": "population", "life_expectancy": "population", "life_table": "population",
    "excess_deaths": "population", "stock_flow": "accounts", "implied_flow": "accounts", "check_sums": "accounts",
    "game": "examples", "leadership": "examples", "council": "examples", "reproduce": "reproduction",
}  # fmt: skip

__all__ = sorted(_NAMES)


def __getattr__(name: str):
    if name in _NAMES:
        return getattr(_import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'politburo.theory' has no attribute {name!r}")


def __dir__():
    return __all__
