"""The one exception of this folder, and the limits that a partner's file must keep to."""

MAX_BYTES = 5 * 1024 * 1024
MAX_PEOPLE = 5_000
MAX_ROWS = 20_000  # with blank rows between
MAX_COLUMNS = 256
MAX_CELLS = 250_000


class UnreadableFile(Exception):
    """No list of people can be read from this file; `str()` is one sentence for a person."""


def too_many_people() -> UnreadableFile:
    return UnreadableFile(
        f"This file has more than {MAX_PEOPLE:,} rows: keep only the families for this term,"
        " and send it again."
    )


def too_many_rows() -> UnreadableFile:
    return UnreadableFile(
        f"This file goes on for more than {MAX_ROWS:,} rows, blank ones counted:"
        " keep only the families for this term, and send it again."
    )


def too_many_columns() -> UnreadableFile:
    return UnreadableFile(
        f"This file has more than {MAX_COLUMNS} columns: copy the columns about the families"
        " to a new sheet, and send that."
    )


def damaged() -> UnreadableFile:
    return UnreadableFile(
        "This file is damaged or only half there: open it in a spreadsheet program,"
        " save it again as XLSX, and send that."
    )
