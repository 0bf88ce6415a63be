"""Forms of planning."""

from cupola.web.planning.forms.briefing import BriefForm
from cupola.web.planning.forms.scenarios import AskScenario, CounselForm
from cupola.web.planning.forms.settling import MapDepartment, SettleAccount, SettleTitle

__all__ = ["AskScenario", "BriefForm", "CounselForm", "MapDepartment", "SettleAccount", "SettleTitle"]
