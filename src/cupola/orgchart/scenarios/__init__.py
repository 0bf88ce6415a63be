"""Scenarios: a chart and what it would become, what each edit needs, costs and turns, and what came of it elsewhere."""

from cupola.orgchart.scenarios.building import Deed, EditLine, Known, Scenario, between, towards
from cupola.orgchart.scenarios.elsewhere import Precedent
from cupola.orgchart.scenarios.instruments import Counsel, Instrument, Needed, Usual, usual_instruments
from cupola.orgchart.scenarios.paying import UNKNOWN_FUND, FundYears, by_fund_and_year, totals_by_year
from cupola.orgchart.scenarios.turning import Turned

__all__ = [
    "UNKNOWN_FUND",
    "Counsel",
    "Deed",
    "EditLine",
    "FundYears",
    "Instrument",
    "Known",
    "Needed",
    "Precedent",
    "Scenario",
    "Turned",
    "Usual",
    "between",
    "by_fund_and_year",
    "totals_by_year",
    "towards",
    "usual_instruments",
]
