"""What a title may be about, and how high it stands."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cupola.orgchart.vocabulary import Function


class Group(StrEnum):
    """A function group: what the holder of a title does. A title may be in several; `other` stands alone."""

    IT_INFRASTRUCTURE = "it_infrastructure"
    APPLICATIONS = "applications"
    SECURITY = "security"
    DATA_ANALYTICS = "data_analytics"
    OPEN_DATA = "open_data"
    GIS = "gis"
    DIGITAL_SERVICES = "digital_services"
    INNOVATION = "innovation"
    PERFORMANCE = "performance"
    PROJECT_MANAGEMENT = "project_management"
    TELECOM_RADIO = "telecom_radio"
    SERVICE_311 = "311"
    OTHER = "other"


class Level(StrEnum):
    """How high a title stands."""

    CHIEF = "chief"
    DIRECTOR = "director"
    MANAGER = "manager"
    STAFF = "staff"
    FELLOW = "fellow"


class How(StrEnum):
    """Which step settled a title. `no_hint`: no word in it speaks of technology; `queue`: a person must."""

    SETTLED = "settled"
    RULE = "rule"
    DEPARTMENT = "department"
    NEAREST = "nearest"
    NO_HINT = "no_hint"
    QUEUE = "queue"


# Whoever runs the machines and writes the programs; what personnel offices call the information systems profession.
INFORMATION_SYSTEMS = frozenset({Group.IT_INFRASTRUCTURE, Group.APPLICATIONS, Group.SECURITY, Group.DIGITAL_SERVICES})

# What counts as technology, data and innovation on a page. Managing projects does not: most projects are of concrete.
TECHNOLOGY_DATA_INNOVATION = INFORMATION_SYSTEMS | {
    Group.DATA_ANALYTICS,
    Group.OPEN_DATA,
    Group.GIS,
    Group.INNOVATION,
    Group.PERFORMANCE,
    Group.TELECOM_RADIO,
    Group.SERVICE_311,
}

FUNCTION_OF: Mapping[Group, Function] = MappingProxyType(
    {
        **{group: Function(group.value) for group in Group if group.value in {one.value for one in Function}},
        Group.SERVICE_311: Function.ENGAGEMENT_311,
        Group.TELECOM_RADIO: Function.IT_INFRASTRUCTURE,
    }
)
