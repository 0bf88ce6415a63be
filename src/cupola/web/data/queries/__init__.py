"""All reads of datasets worth a name; turns records and the lake into values for pages and commands."""

from cupola.web.data.queries.aside import Aside, set_aside
from cupola.web.data.queries.asking import Answer, ask, write_download
from cupola.web.data.queries.catalogue import SORTS, Catalogue, Entry, Filters, catalogue, entries, with_matches
from cupola.web.data.queries.comparing import Difference, EditionUnknown, difference
from cupola.web.data.queries.comparison import Comparison, comparison
from cupola.web.data.queries.feed import Happening, Item, happenings, identity
from cupola.web.data.queries.freshness import Freshness, State
from cupola.web.data.queries.lake import city_zone, home, lake
from cupola.web.data.queries.maps import dataset_map
from cupola.web.data.queries.news import Change, Standing, latest_changes, standing
from cupola.web.data.queries.page import DatasetPage, dataset_page
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
from cupola.web.data.queries.status import DatasetStatus, Status, open_findings, status, status_of
from cupola.web.data.queries.takeaway import TakeAway, example_dataset, for_search_engines, take_away
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
    "PAGE",
    "SORTS",
    "Answer",
    "Aside",
    "Catalogue",
    "Change",
    "Comparison",
    "DatasetPage",
    "DatasetStatus",
    "DatasetUnknown",
    "Difference",
    "EditionUnknown",
    "Entry",
    "Filters",
    "Freshness",
    "Happening",
    "Item",
    "PastEvent",
    "RowCount",
    "Rows",
    "RowsHidden",
    "Standing",
    "State",
    "Status",
    "TakeAway",
    "ask",
    "catalogue",
    "city_zone",
    "column_paths",
    "comparison",
    "current_datasets",
    "dataset_detail",
    "dataset_facts",
    "dataset_map",
    "dataset_page",
    "dataset_with_version",
    "description_paths",
    "difference",
    "edition_of",
    "entries",
    "example_dataset",
    "find_dataset",
    "for_search_engines",
    "happenings",
    "history_of",
    "home",
    "identity",
    "in_language",
    "is_list",
    "lake",
    "latest_changes",
    "open_findings",
    "parts_of",
    "rows",
    "rows_shown",
    "sensitive_columns",
    "set_aside",
    "standing",
    "status",
    "status_of",
    "take_away",
    "with_matches",
    "with_words",
    "words_at",
    "write_download",
]
