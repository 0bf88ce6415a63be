"""Teams paid by a grant whose truth is known: what is forecast of them, and what came."""

import numpy as np

from cupola.savings.incubation import Team, Uncertain, chances


def simulated_teams(*, seed: int, teams: int, draws: int) -> tuple[list[float], list[bool]]:
    """Return what is forecast of teams whose truth is drawn, and whether their posts could be paid in the end.

    The truth of each saving is drawn first and estimated with a normal error; the forecast sees the estimate only.
    """
    chance = np.random.default_rng(seed)
    forecasts, outcomes = [], []
    for _team in range(teams):
        loaded = tuple(int(cost) for cost in chance.uniform(12e6, 18e6, chance.integers(2, 7)))
        truths, seen = [], []
        for _saving in range(chance.integers(1, 5)):
            estimate, error = chance.uniform(5e6, 40e6), chance.uniform(1e6, 12e6)
            holds = chance.uniform(0.6, 1.0)
            truth = estimate + error * chance.standard_normal()
            truths.append(truth if chance.random() < holds else 0.0)
            far = 1.2815515655446004 * error
            seen.append(Uncertain(estimate, estimate - far, estimate + far, holds=holds))
        renewal = chance.uniform(0, 0.4)
        renewed = sum(loaded) if chance.random() < renewal else 0
        team = Team(loaded, tuple(seen), renewal, sum(loaded))
        forecasts.append(chances(team, rng=np.random.default_rng(len(forecasts)), draws=draws).carries_all)
        outcomes.append(sum(truths) + renewed >= sum(loaded))
    return forecasts, outcomes
