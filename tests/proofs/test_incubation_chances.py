"""Teams paid by grants, by the thousand: does what is forecast of them come as often as it says?"""

import numpy as np
from proving import Proof
from tests.simulated_teams import simulated_teams

from cupola.savings.incubation import brier_score


def test_the_chance_that_savings_pay_a_team_is_calibrated(proof: Proof) -> None:
    """The chance that savings carry a team's posts beats the constant forecast and is right in every tenth."""
    teams = proof.count(small=500, full=20_000)
    forecasts, outcomes = simulated_teams(seed=7, teams=teams, draws=proof.count(small=1_000, full=4_000))
    said, came = np.asarray(forecasts), np.asarray(outcomes)
    score, constant = brier_score(forecasts, outcomes), brier_score([float(came.mean())] * teams, outcomes)
    assert score < 0.75 * constant
    furthest = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (said >= low) & (said < low + 0.1 + (low > 0.85))
        noise = 4 * np.sqrt(0.25 / max(inside.sum(), 1))
        far = abs(float(said[inside].mean()) - float(came[inside].mean())) if inside.any() else 0.0
        assert far < 0.02 + noise
        furthest = max(furthest, far)
    proof.found(
        f"{teams:,} simulated teams: Brier score {score:.4f}, of the constant forecast {constant:.4f}; "
        f"in no tenth is the forecast further than {furthest:.3f} from what came."
    )
