"""The reduced model in NumPy as its guides teach it: one formula a line over whole arrays, histories in the last axis.

Everything that a month does for all histories is written here as the formulas stand in the model; what happens to few of them
(deaths, appointments, sanctions, elections) stands in `numpy_model` and is shared. Nothing is slowed down: what is written here has
no loop over leaders, regions, seats or histories, and the number of histories at once is the best of 32 to 512.
"""

from __future__ import annotations

import numpy as np

from .numpy_model import Histories
from .world import HARVEST, ISSUES, JUDGEMENT, LEADERS, REGIONS


class PlainHistories(Histories):
    """`count` histories from `first`, as `Histories`."""

    def economy(self):
        p, signal = self.p, self.w.signal[self.month]
        weather = p["weather"] * (2.0 * self.regularly(HARVEST, REGIONS) - 1.0)
        self.harvest = self.harvest + p["harvest_speed"] * (signal[ISSUES] + weather - self.harvest)
        self.weight = self.size_of_region * (1.0 + p["tilt"] * self.harvest)
        target = np.repeat(signal[:ISSUES, None], self.count, axis=1)
        target[0] += p["grain"] * (self.size_of_region * self.harvest).sum(axis=0)
        self.opinion = self.opinion + p["opinion_speed"] * (target - self.opinion)

    def stances(self):
        target = self.ideal + self.flexibility * self.side * (self.opinion[:, None] - self.ideal)
        self.stance = self.stance + self.p["stance_speed"] * (target - self.stance)

    def power_(self):
        p, h = self.p, self.all
        cadres = np.einsum("rh,hri->ih", self.weight, self.clients)[:LEADERS]
        self.cadres = cadres / self.weight.sum(axis=0)
        self.power = self.cadres * p["cadre_weight"] + self.prestige + p["seat_weight"] * self.seats
        held = self.secretary >= 0
        self.power[self.secretary[held], h[held]] += p["office"]
        inside = (self.circle > 0.0) & (self.side > 0.0)
        eligible = np.where(inside.any(axis=0), inside, True)
        self.leader = np.argmax(np.where(eligible, self.power, -1.0), axis=0)
        self.side[self.leader, h] = 1.0
        able = np.argmax(np.where(self.side > 0.0, self.organising, -1.0), axis=0)
        self.secretary = np.where(held, self.secretary, able)

    def alliances(self):
        p, power = self.p, self.power
        inside_power, outside_power = power * self.side, power * (1.0 - self.side)
        inside, outside = inside_power.sum(axis=0), outside_power.sum(axis=0)
        stance = self.stance * self.scale[:, None, None]
        distance = np.sqrt(((stance[:, :, None] - stance[:, None, :]) ** 2).sum(axis=0))
        menace = (self.ambition * power)[None, :] / (power[:, None] + power[None, :])
        value = p["affinity"] * self.affinity.swapaxes(0, 1) - p["ideology"] * distance - p["threat"] * menace
        value[np.arange(LEADERS), np.arange(LEADERS)] = 0.0
        near = (value * inside_power).sum(axis=1) / inside
        far = (value * outside_power).sum(axis=1) / np.where(outside > 0.0, outside, 1.0)
        self.balance = (inside - outside) / (inside + outside)
        pull = near - np.where(outside > 0.0, far, -p["alone"]) + p["strength"] * self.balance
        pull += p["judgement"] * (2.0 * self.regularly(JUDGEMENT, LEADERS) - 1.0)
        self.side = (pull >= 0.0).astype(float)
        self.side[self.leader, self.all] = 1.0

    def count_yes(self, site: int, argument: np.ndarray, which=None) -> np.ndarray:
        which = self.all if which is None else which
        most = self.most
        patron, loyalty = self.patron[:most, which], self.loyalty[:most, which]
        mood = self.p["mood"] * self.harvest[self.region[:most, which], which]
        value = loyalty * argument[patron, np.arange(len(which))] + (1.0 - loyalty) * mood
        yes = self.draw(site, most, which) < 0.5 + value / (2.0 * np.sqrt(1.0 + value * value))
        return (yes & self.there[:most, which]).sum(axis=0)
