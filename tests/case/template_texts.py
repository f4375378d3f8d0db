"""The template with parameters and a posterior of its own, as texts that a test may change."""

from pathlib import Path

from politburo.case.load import CASES

PARAMETERS = """\
parameters:
  tau:
    means: share of local posts refilled by the centre
    unit: per month
    low: 0.01
    high: 0.08
    scale: log
    value: 0.02
    mechanism: patronage
    evidence: assumed
    note: a typical order of magnitude
  delta:
    means: value of affinity between coalition partners
    unit: utility per unit of affinity
    low: 0.3
    high: 3
    scale: linear
    value: 1.5
    mechanism: coalition
    evidence: assumed
    note: middle of the range
"""
POSTERIOR = """\
weight,tau,delta
0.5,0.02,1.0
0.25,0.03,2.0
0.25,0.05,2.5
"""
HERE = Path("made") / "case"


def template_texts() -> dict[str, str]:
    """File name -> text of the template, with `parameters: own`."""
    names = [*CASES.joinpath("template").glob("*.yaml"), *CASES.joinpath("template").glob("*.csv")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(names)}
    texts["case.yaml"] = texts["case.yaml"].replace("\nparameters: ussr\n", "\nparameters: own\n")
    return texts | {"parameters.yaml": PARAMETERS, "posterior.csv": POSTERIOR}
