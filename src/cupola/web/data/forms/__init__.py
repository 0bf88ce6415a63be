"""What people fill in: words of a dataset, letters to the city, the answers to them, and duties handed over."""

from cupola.web.data.forms.answers import FeedbackAnswerForm, RequestAnswerForm, ShowingForm
from cupola.web.data.forms.duties import DutyForm, SheetForm
from cupola.web.data.forms.letters import FeedbackForm, RequestForm
from cupola.web.data.forms.words import WordsForm

__all__ = [
    "DutyForm",
    "FeedbackAnswerForm",
    "FeedbackForm",
    "RequestAnswerForm",
    "RequestForm",
    "SheetForm",
    "ShowingForm",
    "WordsForm",
]
