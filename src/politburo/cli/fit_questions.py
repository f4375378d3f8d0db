"""The questions of `politburo fit`: tables of identifiability, prediction, sensitivity, and planted records."""

import typer


def prepared(names: list[str], until: str | None, used: list[str]):
    """The cases, compiled up to a month; of those in `used` the held-out targets count as fitted."""
    from dataclasses import replace

    from ..case import Month, load_case
    from ..case.compile import compile_case
    from ..faults import Fault, Faults, listed, nearest

    cases = [load_case(name) for name in names]
    known = [case.name for case in cases]
    faults = [Fault("--use-held-out", 0, 0, repr(n), listed(known), nearest(n, known)) for n in used if n not in known]
    try:
        last = Month.parse(until) if until else None
    except ValueError as error:
        faults.append(Fault("--until", 0, 0, f"until {until!r}", str(error)))
    if faults:
        raise Faults(faults)
    for i, case in enumerate(cases):
        if case.name in used:
            cases[i] = replace(case, targets={k: t.model_copy(update={"fitted": True}) for k, t in case.targets.items() if t.weight > 0})
    return [compile_case(case, last) for case in cases]


def words(by: str, method: str | None, figure, predict: bool) -> None:
    """Every wrong word of the call at once."""
    from ..faults import Fault, Faults, listed, nearest
    from ..lab.fitting.fit import SUMMARIES
    from ..lab.fitting.likelihood_charts import FORMATS

    faults = []
    for option, word, allowed in (("--by", by, SUMMARIES), ("--sensitivity", method, ("morris", "sobol"))):
        if word is not None and word not in allowed:
            faults.append(Fault(option, 0, 0, repr(word), listed(allowed), nearest(word, allowed)))
    if figure is not None and not predict:
        faults.append(Fault("--figure", 0, 0, "nothing to draw", "--predict"))
    if figure is not None and figure.suffix.removeprefix(".") not in FORMATS:
        faults.append(Fault("--figure", 0, 0, figure.name, listed("." + f for f in FORMATS)))
    if faults:
        raise Faults(faults)


def single(compiled):
    """The one case that a question is about."""
    from ..faults import Fault, Faults

    if len(compiled) != 1:
        raise Faults([Fault("fit", 0, 0, f"a question about {len(compiled)} cases", "one case")])
    return compiled[0]


def _table(title: str, *columns: str):
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 or column in ("verdict", "record", "evidence", "80 %", "95 %", "ranks") else "right", overflow="fold")
    return table


def _show(*parts) -> None:
    from rich.console import Console

    for part in parts:
        Console().print(part)


def _made(compiled) -> str:
    """What the ensemble is, in words."""
    return "its posterior ensemble" if compiled.case.posterior is not None else "its own parameter values (no posterior.csv)"


def predict(compiled, histories: int, workers: int, figure, json_: bool) -> dict:
    """Facts against the ensemble, coverage, and the figure."""
    from dataclasses import asdict

    import numpy as np

    from ..lab.fitting import facts as record
    from ..lab.fitting import fit as lab
    from ..lab.fitting import predictive

    judge = lab.Judge(compiled, 2, workers)
    found = record.record_of(compiled)
    if not found:
        from ..faults import Fault, Faults

        raise Faults([Fault(str(compiled.case.path / "targets.yaml"), 0, 0, "no target within the months that are run", "targets, or a later --until")])
    rows = compiled.particles[np.arange(histories) % len(compiled.particles)]
    kept = judge.engine.run(400_000_000, rows)[0]
    checked, covered = predictive.check(found, kept), predictive.coverage(found, kept, min(400, histories))
    fitted = [f for f in found if f.fact.fitted]
    whole = record.summaries(fitted, kept) if fitted else {}
    if figure is not None:
        from ..lab.fitting.likelihood_charts import panel, save

        save(panel([(f.likelihood, f.answers(kept)) for f in found]), figure)
    if not json_:
        table = _table(f"{compiled.case.name}: {histories:,} histories of {_made(compiled)}", "fact", "record", "evidence", "log", "surprise", "80 %", "95 %")
        for r in checked:
            mark = ["" if i is None else "  in" if i else "  OUT" for i in r.inside]
            table.add_row(
                r.question + ("" if r.fitted else " *"), r.record, r.evidence, f"{r.log:.2f} ±{r.error:.2f}", f"{r.surprise:.2f}",
                *(b + m for b, m in zip(r.bands, mark, strict=True)),
            )  # fmt: skip
        bands = _table("\nCoverage of bands", "facts", "band", "hold the record", "synthetic records", "no better")
        for c in covered:
            bands.add_row(c.which, f"{c.mass:.0%}", f"{c.inside} of {c.count} ({c.inside / c.count:.0%})", f"{c.synthetic:.0%}", f"{c.tail:.2f}")
        words_ = "* held out. Log: log likelihood with the stated observation error; surprise: two-sided tail, 0 = outside all histories."
        words_ += "\nSynthetic records: the same share for records drawn from single histories; no better: how many of those do no better."
        if whole:
            words_ += f"\nFitted facts: composite log likelihood {whole['composite']:.1f}, joint {whole['joint']:.1f} (carried by {whole['carried']:.1f} histories)."
        _show(table, bands, words_)
        if figure is not None:
            typer.echo(f"Drawn: {figure}", err=True)
    return {"histories": histories, "facts": [asdict(r) for r in checked], "coverage": [asdict(c) for c in covered], "fitted": whole}


def identify(compiled, json_: bool) -> dict:
    """Overlap of prior and posterior for each parameter."""
    from collections import Counter
    from dataclasses import asdict

    from ..lab.fitting import identify as lab
    from ..lab.fitting.fit import Prior

    prior = Prior.of(compiled)
    found = lab.identify(compiled, prior=prior)
    unit = prior.unit(compiled.particles[:, prior.columns])
    together, worth = lab.pairs(unit, prior.names), lab.worth(unit)
    verdicts = Counter(r.verdict for r in found)
    if not json_:
        title = f"{compiled.case.name}: {len(found)} fitted parameters, {len(unit)} vectors worth {worth:.1f} independent ones"
        table = _table(title, "parameter", "prior", "10 %", "middle", "90 %", "overlap", "if nothing learned", "evidence", "verdict")
        for r in found:
            verdict = r.verdict + (f" (at the {r.edge} end)" if r.edge else "")
            table.add_row(r.name, f"{r.low:g} to {r.high:g}", f"{r.q10:.3g}", f"{r.q50:.3g}", f"{r.q90:.3g}", f"{r.overlap:.2f} ±{r.error:.2f}", f"{r.null:.2f}", r.evidence, verdict)
        words_ = ", ".join(f"{verdicts[v]} {v}" for v in ("identified", "weakly", "not identified") if verdicts[v])
        words_ = f"{words_}. Overlap 1: the ensemble lies as the prior does; above the column beside it, prior draws would overlap no more."
        if together:
            words_ += "\nMove together: " + ", ".join(f"{a} and {b} ({r:+.2f})" for a, b, r in together[:8])
        _show(table, words_)
    return {
        "parameters": [asdict(r) | {"verdict": r.verdict} for r in found], "vectors": len(unit), "worth": worth,
        "together": [list(p) for p in together],
    }  # fmt: skip


def profiles(compiled, names: list[str], by: str, batch: int, workers: int, seed: int, json_: bool, console) -> list:
    """Profiles of named parameters."""
    import numpy as np

    from ..lab.fitting import fit as lab
    from ..lab.fitting import identify

    judge, prior = lab.Judge(compiled, batch, workers, by), lab.Prior.of(compiled)
    unit = prior.unit(compiled.particles[:, prior.columns])
    if len(unit) < 8:
        unit = np.concatenate([unit, np.random.default_rng([seed, 5]).random((12, unit.shape[1]))])
    unit = unit[np.linspace(0, len(unit) - 1, min(12, len(unit))).round().astype(int)]
    if by == "composite":
        judge.power = lab.power(judge, judge.rows(prior, prior.values(unit)), 3)
    out = []
    for name in names:
        console.print(f"Profile of {name} ...")
        p = identify.profile(judge, prior, unit, name, seed=seed)
        out.append({"name": p.name, "by": by, "values": p.values.tolist(), "score": p.score.tolist(), "error": p.error.tolist(), "flat": p.flat})
        if not json_:
            table = _table(f"{name}: best {by} found with it held there, on fresh luck", "value", "score", "error")
            for v, s, e in zip(p.values, p.score, p.error, strict=True):
                table.add_row(f"{v:.3g}", f"{s:.3f}", f"{e:.3f}")
            _show(table, "Flat within its errors: the others make up for it.\n" if p.flat else "Not flat: the record tells some of these values apart.\n")
    return out


def _prior(compiled, parameters: str | None):
    from ..faults import Fault, Faults, listed, nearest
    from ..lab.fitting.fit import Prior

    if parameters is None:
        return Prior.of(compiled)
    names = [n.strip() for n in parameters.split(",") if n.strip()]
    known = Prior.of(compiled, list(compiled.case.parameters)).names
    faults = [Fault("--parameters", 0, 0, f"unknown parameter {n!r}", listed(known), nearest(n, known)) for n in names if n not in known]
    if faults or not names:
        raise Faults(faults or [Fault("--parameters", 0, 0, "no name", listed(known))])
    return Prior.of(compiled, names)


def sensitivity(compiled, method, paths, batch, outcome, parameters, workers, seed, json_, console) -> dict:
    """Morris or Sobol indices."""
    from dataclasses import asdict

    from ..faults import Fault, Faults, listed, nearest
    from ..lab.fitting import fit as lab
    from ..lab.fitting import sensitivity as lab_

    prior, judge = _prior(compiled, parameters), lab.Judge(compiled, batch, workers)
    names = ["J", *(f.fact.id for f in lab.facts.record_of(compiled, orders=False))]
    if outcome not in names or (outcome == "J" and not judge.facts):
        raise Faults([Fault("--outcome", 0, 0, repr(outcome), listed(names if judge.facts else names[1:]), nearest(outcome, names))])
    found = lab_.sensitivity(
        judge, prior, method, paths or (10 if method == "morris" else 32), seed=seed,
        tell=lambda done, total: console.print(f"{done} of {total} vectors"),
    )  # fmt: skip
    mine = found.of(outcome)
    noise = found.noise[outcome]
    if not json_:
        main, total = ("mu*", "sigma") if method == "morris" else ("S1", "ST")
        table = _table(f"{compiled.case.name}: {outcome}, {method}, {found.vectors} vectors of {batch} histories", "parameter", main, "± sample", "± luck", total, "± sample", "± luck")
        for i in mine:
            table.add_row(i.parameter, f"{i.main:.3g}", f"{i.main_sample:.2g}", f"{i.main_luck:.2g}", f"{i.total:.3g}", "" if i.total_sample != i.total_sample else f"{i.total_sample:.2g}", f"{i.total_luck:.2g}")
        _show(table, f"Luck makes {noise:.0%} of the variance of a batch's mean; vectors share their luck." if mine else f"No parameter moves {outcome}.")
    return {
        "method": method, "outcome": outcome, "vectors": found.vectors, "batch": batch, "noise": noise,
        "indices": [{k: (None if v != v else v) for k, v in asdict(i).items()} for i in mine],
    }  # fmt: skip


def check(compiled, records, by, parameters, islands, size, batch, generations, moves, workers, seed, json_, console) -> dict:
    """Simulation-based calibration: plant, fit, rank."""
    from dataclasses import asdict

    from ..faults import Fault, Faults
    from ..lab.fitting import fit as lab
    from ..lab.fitting import planted

    import numpy as np

    prior, judge = _prior(compiled, parameters), lab.Judge(compiled, batch, workers, by)
    if not judge.facts:
        raise Faults([Fault(str(compiled.case.path / "targets.yaml"), 0, 0, "no target to plant", "fitted: true, within the months that are run")])
    if by != "closeness" and lab.narrow(size, len(prior.names)):
        console.print(lab.narrow(size, len(prior.names)))
    power = 1.0
    if by == "composite":
        draws = prior.values(np.random.default_rng([seed, 41]).random((24, len(prior.names))))
        power = lab.power(judge, judge.rows(prior, draws), 3)
    found = planted.calibrate(
        compiled, prior, records, by, islands, size, batch, generations, moves, seed, workers, power, 200,
        lambda done, total: console.print(f"{done} of {total} records planted and fitted"),
    )  # fmt: skip
    tests, related = found.tests(), found.correlation()
    wide, wider = found.coverage(0.8), found.coverage(0.95)
    cold = int((found.temperature < 1).sum()) if by != "closeness" else 0
    if not json_:
        table = _table(f"{compiled.case.name}: {records} planted records, fitted by {by}", "parameter", "r with truth", "80 %", "95 %", "chi-square", "Kolmogorov-Smirnov", "ECDF bands", "ranks")
        for t in tests:
            table.add_row(
                t.name, f"{related[t.name]:.2f}", *(f"{c[t.name][0]:.0%} ±{c[t.name][1]:.0%}" for c in (wide, wider)),
                f"{t.chi_square:.3f}", f"{t.kolmogorov:.3f}", f"{t.ecdf:.3f}", t.shape,
            )  # fmt: skip
        worst = min(t.least for t in tests) * 3 * len(tests)
        words_ = f"80 % and 95 %: share of intervals that hold the planted value. Smallest tail of all tests, times their number: {min(1.0, worst):.3f}."
        bands = _table("\nBands of the ensembles fitted to planted records", "planted facts", "band", "hold")
        for (which, mass), (share, error) in found.predicted.items():
            bands.add_row(which, f"{mass:.0%}", f"{share:.1%} ±{error:.1%}")
        _show(table, *([bands] if found.predicted else []), words_ + (f"\n{cold} searches did not reach temperature 1: more --generations." if cold else ""))
    return {
        "records": records, "by": by, "power": power, "cold": cold,
        "predicted": [{"facts": which, "mass": mass, "inside": share, "error": error} for (which, mass), (share, error) in found.predicted.items()],
        "parameters": [asdict(t) | {"correlation": related[t.name], "coverage_80": wide[t.name], "coverage_95": wider[t.name]} for t in tests],
    }  # fmt: skip
