"""What is kept of the country in each calendar year: names, in the order of the columns.

Each block owns a list and writes its own names; add a name at the end of the block's list. `s.country.year[0].NAME` is the
value of the year that runs; it is kept at the end of December as it then stands, and nobody sets it back: who owns a flow
sets it to 0 in January.

`REGIONAL` names are kept for each region: `s.country.regional[REGIONAL index, region]`.
"""

import numpy as np

GRAIN = (
    "kolkhoz_share",  # share of peasant households
    "peasant_disturbances",  # in the year
    "harvest", "procurement", "export", "reserve", "relief",  # million t
    "horses", "cattle", "sheep", "pigs",  # million
    "food_index",  # per head, 1 = 1928
    "food_worst_region",  # the same in the worst region
    "famine_deaths", "famine_deaths_town",  # thousand, calendar year
    "tractors",  # thousand
)  # fmt: skip
INDUSTRY = (
    "coal", "iron", "steel", "oil", "electricity", "heavy_output", "consumer_output",
    "income", "income_early_weights", "income_late_weights", "employment", "urban", "real_wage",
    "fulfil_coal", "fulfil_iron", "fulfil_steel", "fulfil_oil", "fulfil_electricity",  # result over the plan's path, 0 without a plan
    "machines", "investment",  # 1 = 1928
    "town_consumption", "village_consumption", "town_food",  # a head, 1 = 1928
)  # fmt: skip
TERROR = (
    "arrests", "convictions", "shot", "to_camp", "to_exile", "to_other", "camps_stock", "camp_deaths", "camp_releases",
    "settlers_stock", "settler_deaths", "deported", "party_members", "party_expelled", "army_lost", "army_competence", "fear_society",
    "economy_competence",  # managers, 1 = untouched; assumed
    "ordinary_to_camp",  # thousand, under ordinary and labour law
    "campaign_limit",  # thousand to be shot, as the centre first set it
    "escalation",  # what petitions had made of a limit of 1 in December
    "settler_births", "settler_escapes", "settlers_freed", "exiles_stock",  # thousand
)  # fmt: skip
PEOPLE = ("population", "births", "deaths", "natural_increase", "males_share", "tfr", "war_deaths", "baseline_deaths", "migration")
SOCIETY = ("literacy", "pupils", "doctors", "churches", "press_circulation", "cult_index", "churches_closed", "erased")
COUPLING = (
    "line_1", "line_2", "line_3",  # the line as practice has it, on the case's first three issues
    "line_moved",  # share of the year in which it was not the recorded one
    "grain_gap", "signal_retreat", "signal_pressure",
)  # fmt: skip

NAMES = (*GRAIN, *INDUSTRY, *TERROR, *PEOPLE, *SOCIETY, *COUPLING)
YEAR = np.dtype([(name, "f8") for name in NAMES])

#: People alive at the end of the year by sex and five-year group, thousand; kept after the regions.
GROUPS = (*(f"a{k}_{k + 4}" for k in range(0, 85, 5)), "a85_up")
AGED = tuple(f"{sex}.{group}" for sex in ("men", "women") for group in GROUPS)

REGIONAL = ("famine_deaths", "harvest", "procurement", "food")
