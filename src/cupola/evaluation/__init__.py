"""Did it work: designs, estimators, diagnostics and pre-registration. Values in, frozen estimates out."""

from cupola.evaluation.answering import Answer, answer_panel, answer_places, answer_sample, answer_series, run
from cupola.evaluation.choosing import Choice, Situation, choose, situation_of
from cupola.evaluation.differences import cross_sections, differences, two_way
from cupola.evaluation.interrupted import Model, NotCounts, NotPositive, Series, interrupted
from cupola.evaluation.naive import before_after
from cupola.evaluation.panels import NEVER, NoComparison, NotAPanel, Panel, TooShort, panel_of
from cupola.evaluation.placebos import EFFECTS
from cupola.evaluation.power import least_effect, needed
from cupola.evaluation.preregistration import (
    METHODS,
    Deviation,
    Plan,
    RegisteredTooLate,
    check_before_data,
    deviations,
)
from cupola.evaluation.questions import Difference, Question, differing, told
from cupola.evaluation.regression import Collinear
from cupola.evaluation.sentences import Sentence, check_said, finding, naive_finding, naive_is_wrong, plain
from cupola.evaluation.staggered import staggered
from cupola.evaluation.synthetic import synthetic
from cupola.evaluation.trials import NotASample, Sample, trial
from cupola.evaluation.values import BANKED, Check, Design, Estimate, Line, Moment, Result

__all__ = [
    "BANKED",
    "EFFECTS",
    "METHODS",
    "NEVER",
    "Answer",
    "Check",
    "Choice",
    "Collinear",
    "Design",
    "Deviation",
    "Difference",
    "Estimate",
    "Line",
    "Model",
    "Moment",
    "NoComparison",
    "NotAPanel",
    "NotASample",
    "NotCounts",
    "NotPositive",
    "Panel",
    "Plan",
    "Question",
    "RegisteredTooLate",
    "Result",
    "Sample",
    "Sentence",
    "Series",
    "Situation",
    "TooShort",
    "answer_panel",
    "answer_places",
    "answer_sample",
    "answer_series",
    "before_after",
    "check_before_data",
    "check_said",
    "choose",
    "cross_sections",
    "deviations",
    "differences",
    "differing",
    "finding",
    "interrupted",
    "least_effect",
    "naive_finding",
    "naive_is_wrong",
    "needed",
    "panel_of",
    "plain",
    "run",
    "situation_of",
    "staggered",
    "synthetic",
    "told",
    "trial",
    "two_way",
]
