"""Row files: a version's rows so written that a hundred of them are found and read in well under a millisecond."""

from cupola.lake.rowfiles.keeping import (
    FOLDER,
    LEAST_ROWS,
    MOST_ROWS,
    RowFileFailed,
    RowFileLimits,
    build_row_file,
    forget_row_file,
    held_fields,
    kept_row_files,
    row_file_path,
)
from cupola.lake.rowfiles.layout import Held, Kind
from cupola.lake.rowfiles.reading import LAST, NotARowFile, RowFile, Segment

__all__ = [
    "FOLDER",
    "LAST",
    "LEAST_ROWS",
    "MOST_ROWS",
    "Held",
    "Kind",
    "NotARowFile",
    "RowFile",
    "RowFileFailed",
    "RowFileLimits",
    "Segment",
    "build_row_file",
    "forget_row_file",
    "held_fields",
    "kept_row_files",
    "row_file_path",
]
