"""Why an edit usually takes its instruments: said by the engine in English, named here for the catalogue.

A test holds this list to what the engine says.
"""

from django.utils.translation import gettext_noop as _

REASONS = (
    _("An advisory council is set up by order or by ordinance; its meetings may fall under a law on open meetings."),
    _("A chief executive can often set up an office by order; its posts and its money come with the budget."),
    _("Charter or code often name the departments; a new one needs an appropriation, and unions get notice."),
    _("A team inside a department can often be formed by its head; posts and money come with the budget."),
    _("Charter or code often name the departments, the appropriation goes with the work, and unions get notice."),
    _("What an order set up an order can end; its posts and its money are changed in the budget."),
    _("An exempt post takes no examination, but it must fit the number the law allows and be paid for."),
    _("Posts beside the chief executive are often exempt; their number and their money are limited."),
    _("A fellowship or a contract for a term is agreed with who pays it; accepting the money may need a vote."),
    _("A new post needs authority and money in the budget, and a civil-service class with posting and examination."),
    _("A post that ends leaves the budget; seniority decides who may displace whom, and unions get notice."),
    _("A post that changes department takes its authority and money along; its class may not be used there."),
    _("To whom somebody reports is usually the chief executive's to say, unless the code names the line."),
    _("Work that changes department takes its money along; where the code assigns it, the code is amended."),
    _("Where an office or a post sits decides whose budget and whose rules it is under."),
    _("A duty across departments lasts longer in an order, and longest in the code."),
    _("A dotted line is agreed between the two and whoever leads them."),
    _("Who does what is the chief executive's to assign, unless charter or code assign it."),
    _("New duties can be given within a post's class; duties outside it need another class."),
    _("A conversion makes a budgeted post, posted and examined like any other; nobody has a right to it."),
    _("Who pays is what the budget says; accepting a grant may need a vote of its own."),
    _("Pay follows the salary ordinance and the agreements with the unions."),
    _("The name of a department stands in charter, code and budget."),
    _("A title of the classified service is a class; another name is another class, or a working title."),
    _("Who holds a post is appointed by whoever may appoint to it."),
    _("Nothing more is usually needed than a decision of whoever leads it."),
)
