"""The words of an organisation chart: what may stand in a fact, each list once."""

from enum import StrEnum


class HousedIn(StrEnum):
    """Where in a government an office or a post sits, as the models of the library are compared by."""

    MAYORS_OFFICE = "mayors_office"
    IT_DEPARTMENT = "it_department"
    CITY_MANAGER = "city_manager"
    INDEPENDENT = "independent"
    PERFORMANCE_DEPARTMENT = "performance_dept"
    BUDGET_OFFICE = "budget_office"
    FINANCE_DEPARTMENT = "finance_dept"
    ECONOMIC_DEVELOPMENT = "economic_dev"
    GOVERNORS_OFFICE = "governors_office"
    STATE_AGENCY = "state_agency"
    SHARED_SERVICES = "shared_services_dept"
    LINE_DEPARTMENT = "line_department"
    CITY_ADMINISTRATOR = "city_administrator"


# the chief executive's own office, by the form of government
EXECUTIVES_OFFICES = (HousedIn.MAYORS_OFFICE, HousedIn.CITY_MANAGER, HousedIn.GOVERNORS_OFFICE)


class Mandate(StrEnum):
    """What an office or a post is for."""

    ADMINISTRATIVE = "administrative"
    OPERATIONAL = "operational"
    POLICY = "policy"
    ADVISORY = "advisory"
    HYBRID = "hybrid"


class Scope(StrEnum):
    """How far a mandate reaches."""

    DEPARTMENT = "department"
    CITY_WIDE = "city_wide"


class OfficeKind(StrEnum):
    """What an office is. Councils and commissions are of the kind `advisory`."""

    GOVERNMENT = "government"
    EXECUTIVE = "executive"
    DEPARTMENT = "department"
    AGENCY = "agency"
    OFFICE = "office"
    BUREAU = "bureau"
    TEAM = "team"
    ADVISORY = "advisory"
    OUTSIDE = "outside"


class LineType(StrEnum):
    """What a reporting line is about."""

    ADMINISTRATIVE = "administrative"
    FUNCTIONAL = "functional"
    POLICY = "policy"
    BUDGET = "budget"
    COORDINATION = "coordination"
    LIAISON = "liaison"


class FundingSource(StrEnum):
    """Where money comes from."""

    GENERAL_FUND = "general_fund"
    GRANT = "grant"
    PHILANTHROPY = "philanthropy"
    FELLOWSHIP = "fellowship"
    PARTNERSHIP = "partnership"
    FEES_REIMBURSEMENT = "fees_reimbursement"
    SPECIAL_FUND = "special_fund"
    IN_KIND = "in_kind"

    @property
    def recurring(self) -> bool:
        """Whether it is meant to come back each year without being asked for anew."""
        return self in {FundingSource.GENERAL_FUND, FundingSource.SPECIAL_FUND, FundingSource.FEES_REIMBURSEMENT}


class Function(StrEnum):
    """What an office or a post does."""

    IT_INFRASTRUCTURE = "it_infrastructure"
    APPLICATIONS = "applications"
    SECURITY = "security"
    DATA_ANALYTICS = "data_analytics"
    OPEN_DATA = "open_data"
    GIS = "gis"
    DIGITAL_SERVICES = "digital_services"
    INNOVATION = "innovation"
    PERFORMANCE = "performance"
    PROCUREMENT_REFORM = "procurement_reform"
    ENGAGEMENT_311 = "engagement_311"
    BROADBAND_INCLUSION = "broadband_inclusion"
    SMART_CITY = "smart_city"
    ECONOMIC_DEVELOPMENT = "economic_development"
    POLICY_LIAISON = "policy_liaison"
    PROJECT_MANAGEMENT = "project_management"
    BUDGET = "budget"
    PURCHASING = "purchasing"
    HIRING = "hiring"


class Appointment(StrEnum):
    """How a post is filled."""

    EXEMPT = "exempt"
    CLASSIFIED = "classified"
    PROVISIONAL = "provisional"
    TERM = "term"
    FELLOW = "fellow"
    CONTRACTOR = "contractor"


class Employer(StrEnum):
    """Who employs the holder of a post."""

    CITY = "city"
    FISCAL_SPONSOR = "fiscal_sponsor"
    VENDOR = "vendor"


class LimitKind(StrEnum):
    """What an office may not exceed."""

    HEAD_COUNT = "head_count"
    EXEMPT_POSTS = "exempt_posts"
    GENERAL_FUND_POSTS = "general_fund_posts"
    SPENDING_AUTHORITY = "spending_authority"


class Sector(StrEnum):
    """Where members of a council come from."""

    PUBLIC = "public"
    BUSINESS = "business"
    VENDOR = "vendor"
    UNIVERSITY = "university"
    NONPROFIT = "nonprofit"
    RESIDENTS = "residents"


class Whole(StrEnum):
    """What a structure can say it records whole, so that what is not recorded is not there."""

    OFFICES = "offices"
    POSTS = "posts"
    LINES = "lines"
    FUNCTIONS = "functions"
    FUNDING = "funding"
    TOOLS = "tools"
    USERS = "users"


class Status(StrEnum):
    """How well a fact is known. `deduced`: concluded here from the source named; `proposed`: not decided yet."""

    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    DEDUCED = "deduced"
    UNKNOWN = "unknown"
    PROPOSED = "proposed"


class EventKind(StrEnum):
    """What happened. One act may be several kinds at once: raised and renamed."""

    CREATE = "create"
    RENAME = "rename"
    ELEVATE = "elevate"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"
    CONVERT_FUNDING = "convert_funding"
    ADD_LINE = "add_line"
    REMOVE_LINE = "remove_line"
    LEGISLATE = "legislate"
    AWARD = "award"
    PARTNERSHIP = "partnership"
    APPOINT = "appoint"
    VACATE = "vacate"
