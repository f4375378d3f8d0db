"""Search for parameters: the space they live in, covariance matrix adaptation, and damped least squares.

Parameters are standard numbers z: 0 is the value of parameters-grain.yaml before any fit (`start` below), one unit a quarter of the
range, on the parameter's scale; the range is a wall. So a prior is the sum of squares of z.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: Where the search begins: the judgement made before any fit, kept so that the fit does not feed on itself.
START = {
    "kolkhoz_join": 0.065, "kolkhoz_pressure": 1.25, "kolkhoz_commit": 0.08, "kolkhoz_exit": 0.5, "kolkhoz_fade": 0.15, "kolkhoz_unrest": 3000.0,
    "kolkhoz_retreat": 25000.0, "kolkhoz_levy": 1000.0, "grain_level": 1.0, "grain_trend": 0.002, "grain_draught": 0.33, "grain_disruption": 0.12,
    "grain_market": 0.55, "grain_response": 1.5, "grain_search": 45.0, "grain_trade": 0.2, "grain_need": 340.0, "grain_plots": 100.0,
    "grain_potatoes": 1.0, "grain_animals": 85.0, "grain_feed_guard": 0.3, "grain_inequality": 0.25, "grain_threshold": 0.7, "grain_haste": 0.2,
    "grain_memory": 0.22, "grain_mortality": 0.02, "grain_town_market": 0.25, "grain_settle": 0.35, "herd_grow_horses": 0.15,
    "herd_grow_cattle": 0.18, "herd_grow_sheep": 0.22, "herd_grow_pigs": 0.3, "herd_kill_horses": 0.2, "herd_kill_cattle": 0.4,
    "herd_kill_sheep": 0.6, "herd_kill_pigs": 0.8, "herd_shortage": 0.15, "herd_sedentarise": 1.4, "herd_common": 0.4,
}  # fmt: skip


class Space:
    """Parameters as rows for the driver, made from standard numbers of the fitted ones."""

    def __init__(self, names: tuple[str, ...], entries: dict):
        self.names = names
        self.fitted = [i for i, name in enumerate(names) if entries[name]["fitted"]]
        self.log = np.array([entries[name]["scale"] == "log" for name in names])
        low, high = (np.array([float(entries[name][end]) for name in names]) for end in ("low", "high"))
        self.low, self.high = self._inside(low), self._inside(high)
        self.centre = self._inside(np.array([float(START.get(name, entries[name]["value"])) for name in names]))
        self.unit = (self.high - self.low) / 4

    def _inside(self, values: np.ndarray) -> np.ndarray:
        out = values.astype(float).copy()
        out[self.log] = np.log(out[self.log])
        return out

    def rows(self, z: np.ndarray, **fixed: float) -> np.ndarray:
        """(H, parameters) from (H, fitted) standard numbers; others at their values, or as `fixed`."""
        x = np.tile(self.centre, (len(z), 1))
        x[:, self.fitted] += z * self.unit[self.fitted]
        x = np.clip(x, self.low, self.high)
        x[:, self.log] = np.exp(x[:, self.log])
        for name, value in fixed.items():
            x[:, self.names.index(name)] = value
        return x

    def draw(self, rng: np.random.Generator, names: list[str]) -> dict[str, float]:
        """Values of parameters that no record tells, uniform in their ranges."""
        found = {}
        for name in names:
            i = self.names.index(name)
            value = rng.uniform(self.low[i], self.high[i])
            found[name] = float(np.exp(value) if self.log[i] else value)
        return found


def soft(miss: np.ndarray) -> np.ndarray:
    """Misses with their tails drawn in: 5 log(1 + |m| / 5), so that one hopeless target does not rule the fit."""
    return np.sign(miss) * 5 * np.log1p(np.abs(miss) / 5)


def adapt(cost: Callable, z0: np.ndarray, sigma: float, rounds: int, seed: int, crowd: int = 32) -> tuple[float, np.ndarray]:
    """Covariance matrix adaptation (Hansen 2016). `cost` takes (crowd, n). Returns the best cost and its point."""
    rng, n, half = np.random.default_rng(seed), len(z0), crowd // 2
    weight = np.log(half + 0.5) - np.log(np.arange(1, half + 1))
    weight /= weight.sum()
    mass = 1 / (weight**2).sum()
    c_path, c_step = (4 + mass / n) / (n + 4 + 2 * mass / n), (mass + 2) / (n + mass + 5)
    c_one = 2 / ((n + 1.3) ** 2 + mass)
    c_rank = min(1 - c_one, 2 * (mass - 2 + 1 / mass) / ((n + 2) ** 2 + mass))
    damp = 1 + c_step + 2 * max(0.0, np.sqrt((mass - 1) / (n + 1)) - 1)
    length = np.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))
    path, step_path, shape, centre, best = np.zeros(n), np.zeros(n), np.eye(n), z0.copy(), (np.inf, z0)
    root, axes = np.ones(n), np.eye(n)
    for k in range(rounds):
        if k % 5 == 0:
            root, axes = np.linalg.eigh(shape)
            root = np.sqrt(np.maximum(root, 1e-12))
        x = np.clip(centre + sigma * ((rng.standard_normal((crowd, n)) * root) @ axes.T), -2.5, 2.5)
        value = cost(x)
        order = np.argsort(value, kind="stable")
        if value[order[0]] < best[0]:
            best = (float(value[order[0]]), x[order[0]].copy())
        y = (x[order[:half]] - centre) / sigma
        move = weight @ y
        centre = centre + sigma * move
        step_path = (1 - c_step) * step_path + np.sqrt(c_step * (2 - c_step) * mass) * (axes @ ((axes.T @ move) / root))
        short = np.linalg.norm(step_path) / np.sqrt(1 - (1 - c_step) ** (2 * (k + 1))) < (1.4 + 2 / (n + 1)) * length
        path = (1 - c_path) * path + short * np.sqrt(c_path * (2 - c_path) * mass) * move
        shape = (1 - c_one - c_rank) * shape + c_one * (np.outer(path, path) + (1 - short) * c_path * (2 - c_path) * shape)
        shape += c_rank * (y.T * weight) @ y
        sigma *= np.exp((c_step / damp) * (np.linalg.norm(step_path) / length - 1))
    return best


def least_squares(residuals: Callable, z: np.ndarray, rounds: int, damping: float = 0.1) -> tuple[float, np.ndarray]:
    """Levenberg and Marquardt with one-sided differences. `residuals` takes (H, n) and gives (H, m)."""
    n = len(z)
    here = residuals(z[None])[0]
    cost = float(here @ here)
    for _ in range(rounds):
        slope = (residuals(z + np.eye(n) * 0.03) - here).T / 0.03
        normal, right = slope.T @ slope, -slope.T @ here
        moved = False
        for _ in range(5):
            move = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 0.1), right)
            there = np.clip(z + np.clip(move, -0.8, 0.8), -2.5, 2.5)
            new = residuals(there[None])[0]
            if new @ new < cost - 1e-3:
                moved = True
                break
            damping *= 5
        if not moved:
            break
        gain, z, here, cost = cost - float(new @ new), there, new, float(new @ new)
        damping = max(damping / 4, 1e-3)
        if gain < 0.2:
            break
    return cost, z
