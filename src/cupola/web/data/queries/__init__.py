"""All reads of datasets worth a name; turns records and the lake into values for pages and commands."""

from cupola.web.data.queries.aside import Aside, set_aside
from cupola.web.data.queries.asking import Answer, ask, write_download
from cupola.web.data.queries.catalogue import SORTS, Catalogue, Entry, Filters, catalogue, entries, with_matches
from cupola.web.data.queries.comparing import Difference, EditionUnknown, difference
from cupola.web.data.queries.comparison import Comparison, comparison, row_difference
from cupola.web.data.queries.countings import catalogue_known, standing_known, status_known
from cupola.web.data.queries.duties import (
    Departments,
    Gap,
    Holding,
    all_duties,
    answers,
    city_today,
    datasets_by_duty,
    duties,
    duty_word,
    gaps,
    gaps_in,
    held,
    in_force,
    public_duties,
)
from cupola.web.data.queries.ends import End, end_of
from cupola.web.data.queries.feed import Happening, Item, happenings, identity
from cupola.web.data.queries.freshness import Freshness, State, refresh_days
from cupola.web.data.queries.gate import accepted, details_words, measure, rules_fingerprint, thresholds
from cupola.web.data.queries.gatepage import GatePage, gate_of, gate_page
from cupola.web.data.queries.inventory import (
    Inventory,
    InventoryFilters,
    Reminder,
    inventory,
    reminder,
)
from cupola.web.data.queries.lake import city_zone, home, lake
from cupola.web.data.queries.maps import dataset_map
from cupola.web.data.queries.news import Change, Standing, latest_changes, standing
from cupola.web.data.queries.page import DatasetPage, dataset_page
from cupola.web.data.queries.places import NO_TILES, lacks_tiles
from cupola.web.data.queries.progress import NEEDED, Line, Progress, inventory_lines, progress
from cupola.web.data.queries.records import (
    DatasetUnknown,
    current_datasets,
    dataset_detail,
    dataset_facts,
    dataset_with_version,
    find_dataset,
    sensitive_columns,
)
from cupola.web.data.queries.rows import PAGE, RowCount, Rows, RowsHidden, rows, rows_shown
from cupola.web.data.queries.sheets.choosing import SHEET_ADVICE, sheets_of
from cupola.web.data.queries.stages import Stage, stage, stages
from cupola.web.data.queries.status import DatasetStatus, Status, open_findings, status, status_of
from cupola.web.data.queries.takeaway import TakeAway, example_dataset, for_search_engines, take_away
from cupola.web.data.queries.withheld import Withheld, withheld
from cupola.web.data.queries.wording import in_language
from cupola.web.data.queries.words import (
    CHANGED,
    PastEvent,
    column_paths,
    description_paths,
    edition_of,
    history_of,
    is_list,
    parts_of,
    with_words,
    words_at,
)

__all__ = [
    "CHANGED",
    "NEEDED",
    "NO_TILES",
    "PAGE",
    "SHEET_ADVICE",
    "SORTS",
    "Answer",
    "Aside",
    "Catalogue",
    "Change",
    "Comparison",
    "DatasetPage",
    "DatasetStatus",
    "DatasetUnknown",
    "Departments",
    "Difference",
    "EditionUnknown",
    "End",
    "Entry",
    "Filters",
    "Freshness",
    "Gap",
    "GatePage",
    "Happening",
    "Holding",
    "Inventory",
    "InventoryFilters",
    "Item",
    "Line",
    "PastEvent",
    "Progress",
    "Reminder",
    "RowCount",
    "Rows",
    "RowsHidden",
    "Stage",
    "Standing",
    "State",
    "Status",
    "TakeAway",
    "Withheld",
    "accepted",
    "all_duties",
    "answers",
    "ask",
    "catalogue",
    "catalogue_known",
    "city_today",
    "city_zone",
    "column_paths",
    "comparison",
    "current_datasets",
    "dataset_detail",
    "dataset_facts",
    "dataset_map",
    "dataset_page",
    "dataset_with_version",
    "datasets_by_duty",
    "description_paths",
    "details_words",
    "difference",
    "duties",
    "duty_word",
    "edition_of",
    "end_of",
    "entries",
    "example_dataset",
    "find_dataset",
    "for_search_engines",
    "gaps",
    "gaps_in",
    "gate_of",
    "gate_page",
    "happenings",
    "held",
    "history_of",
    "home",
    "identity",
    "in_force",
    "in_language",
    "inventory",
    "inventory_lines",
    "is_list",
    "lacks_tiles",
    "lake",
    "latest_changes",
    "measure",
    "open_findings",
    "parts_of",
    "progress",
    "public_duties",
    "refresh_days",
    "reminder",
    "row_difference",
    "rows",
    "rows_shown",
    "rules_fingerprint",
    "sensitive_columns",
    "set_aside",
    "sheets_of",
    "stage",
    "stages",
    "standing",
    "standing_known",
    "status",
    "status_known",
    "status_of",
    "take_away",
    "thresholds",
    "with_matches",
    "with_words",
    "withheld",
    "words_at",
    "write_download",
]
