"""The kinds of record a folder may hold. A new kind is one line in `KINDS`."""

from cupola.folder.kinds.agenda import AGENDA_KINDS
from cupola.folder.kinds.city import City
from cupola.folder.kinds.dataset import Dataset
from cupola.folder.kinds.duties import Department
from cupola.folder.kinds.measure import MeasureKind
from cupola.folder.kinds.record import Kind
from cupola.folder.kinds.rosters import Budget, Roster
from cupola.folder.kinds.scenarios import Counsel, Scenario
from cupola.folder.kinds.staffing import Plan
from cupola.folder.kinds.structure import Structure

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        City(),
        Department(),
        Dataset(),
        Structure(),
        MeasureKind(),
        Roster(),
        Budget(),
        Plan(),
        Scenario(),
        Counsel(),
        *AGENDA_KINDS,
    )
}
