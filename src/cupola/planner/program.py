"""HiGHS, one thread and one seed, so that two runs give the same plan. Never beside ortools in one process."""

from dataclasses import dataclass
from math import inf, isfinite

import highspy
import numpy as np
from numpy.typing import NDArray

from cupola.planner.compiling import Compiled


@dataclass(frozen=True)
class Options:
    """gap: relative, at which to stop. seconds: of wall time; what is found by then counts. relax: no whole numbers.

    target: a sum that is good enough, at which to stop too.
    """

    gap: float = 1e-4
    seconds: float = 60.0
    relax: bool = False
    interior_point: bool = False
    target: float = -inf


@dataclass(frozen=True)
class Found:
    """values: empty where nothing was found. bound: no plan can be below it. infeasible: it is proven there is none.

    endless: there are plans, each beaten by a larger one.
    """

    values: NDArray[np.float64]
    objective: float
    bound: float
    infeasible: bool = False
    endless: bool = False


def minimise(  # noqa: PLR0913  a program and what one run changes of it
    program: Compiled,
    options: Options,
    /,
    *,
    low: NDArray[np.float64] | None = None,
    high: NDArray[np.float64] | None = None,
    cost: NDArray[np.float64] | None = None,
    begin: NDArray[np.float64] | None = None,
    off: frozenset[int] = frozenset(),
) -> Found:
    """Run HiGHS. low, high, cost: in place of the program's; begin: a plan to start from; off: limits left out."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 1),
        ("mip_rel_gap", options.gap),
        ("time_limit", options.seconds),
        ("objective_target", options.target),
        ("solver", "ipm" if options.interior_point else "choose"),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(_model(program, low=low, high=high, cost=cost, off=off, relax=options.relax))
    if begin is not None and not options.relax:
        solution = highspy.HighsSolution()
        solution.col_value = begin.tolist()
        highs.setSolution(solution)
    highs.run()
    status = highs.getModelStatus()
    if status in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        free = minimise(program, options, low=low, high=high, cost=np.zeros(len(program.cost)), off=off)
        return Found(np.empty(0), inf, -inf, infeasible=free.infeasible, endless=not free.infeasible)
    return _read(highs, relax=options.relax or not program.whole.any())


def _model(
    program: Compiled,
    *,
    low: NDArray[np.float64] | None,
    high: NDArray[np.float64] | None,
    cost: NDArray[np.float64] | None,
    off: frozenset[int],
    relax: bool,
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.row_low)
    model.col_cost_ = program.cost if cost is None else cost
    model.col_lower_ = program.low if low is None else low
    model.col_upper_ = program.high if high is None else high
    silent = np.isin(program.owner, list(off)) if off else np.zeros(len(program.row_low), dtype=np.bool_)
    model.row_lower_ = np.where(silent, -inf, program.row_low)
    model.row_upper_ = np.where(silent, inf, program.row_high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = model.num_col_, model.num_row_
    model.a_matrix_.start_, model.a_matrix_.index_ = program.starts, program.index
    model.a_matrix_.value_ = program.value
    if not relax and program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(one)] for one in program.whole]
    return model


def _read(highs: highspy.Highs, *, relax: bool) -> Found:
    status, info = highs.getModelStatus(), highs.getInfo()
    none = np.empty(0)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Found(none, inf, inf, infeasible=True)
    found = info.primal_solution_status == 2  # a feasible one
    if not found or not isfinite(info.objective_function_value):
        return Found(none, inf, -inf)
    bound = info.objective_function_value if relax else info.mip_dual_bound
    return Found(np.array(highs.getSolution().col_value), info.objective_function_value, float(bound))
