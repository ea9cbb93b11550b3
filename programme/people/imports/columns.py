"""Which column holds what: first by its heading, then by the shape of its values."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from programme.people.imports.fields import FIELD_LABELS, REPEATED_FIELDS, Field
from programme.people.imports.headings import SURE_ENOUGH, field_for, plain
from programme.people.imports.shapes import SHAPES, is_full_name_like, is_one_name_like, share
from programme.people.imports.sheets import Sheet

__all__ = ["FIELD_LABELS", "Field", "guess_columns"]

_VALUES_LOOKED_AT = 200
_MOSTLY = 0.6
_HARDLY = 0.2
_SURE = 95.0
_TOLD_BY_SHAPE = (Field.EMAIL, Field.PHONE, Field.POSTCODE, Field.CONSENT_DATE)
_FOUND_WITHOUT_HEADING = (
    Field.EMAIL,
    Field.PHONE,
    Field.POSTCODE,
    Field.FULL_ADDRESS,
    Field.RELATIONSHIP,
    Field.LANGUAGE,
    Field.CHILDREN,
    Field.FULL_NAME,
)
_AGES = {"age", "ages", "dob", "date of birth", "year of birth", "yob", "age s", "born", "oed"}
_ADDRESS_LINES = (Field.ADDRESS1, Field.ADDRESS2, Field.ADDRESS3)
_LINES_OF_ONE_PERSON = {"mobile", "mob", "cell", "home", "landline", "house", "evening", "daytime"}
_ADDRESS_PARTS = {Field.ADDRESS2, Field.ADDRESS3, Field.TOWN}


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    heading: str
    values: tuple[str, ...]
    is_hidden: bool

    def share(self, has_shape: Callable[[str], bool]) -> float:
        return share(self.values, has_shape)


def guess_columns(sheet: Sheet) -> dict[int, Field]:
    """Every column gets a field, `Field.IGNORE` where nothing fits."""
    columns = _columns(sheet)
    mapping = _by_heading(columns)
    _settle_names(columns, mapping)
    _settle_addresses(columns, mapping)
    _settle_ages(columns, mapping)
    _settle_by_shape(columns, mapping, has_headings=sheet.header_row > 0)
    return {column.index: mapping.get(column.index, Field.IGNORE) for column in columns}


def _columns(sheet: Sheet) -> list[Column]:
    rows = [row.cells for row in sheet.rows[:_VALUES_LOOKED_AT]]
    return [
        Column(
            index,
            heading,
            tuple(cells[index] for cells in rows),
            index in sheet.hidden_columns,
        )
        for index, heading in enumerate(sheet.header)
    ]


def _by_heading(columns: list[Column]) -> dict[int, Field]:
    """The surest first; a hidden column only where no other says the same."""
    guesses = [(column, *field_for(column.heading)) for column in columns if column.heading]
    guesses.sort(key=lambda guess: (guess[0].is_hidden, -guess[2], guess[0].index))
    mapping: dict[int, Field] = {}
    for column, field, sure in guesses:
        field = _next_line(field, mapping)
        if sure < SURE_ENOUGH or not _is_borne_out(column, field, sure):
            continue
        if _is_free(field, mapping) or _is_another_line(column, field, columns, mapping):
            mapping[column.index] = field
    return mapping


def _next_line(field: Field, mapping: dict[int, Field]) -> Field:
    """`House no` and `Street` both name the first line: one becomes the second."""
    if field in _ADDRESS_LINES and field in mapping.values():
        return next((line for line in _ADDRESS_LINES if line not in mapping.values()), field)
    return field


def _is_another_line(
    column: Column, field: Field, columns: list[Column], mapping: dict[int, Field]
) -> bool:
    """A mobile beside a home phone; not `Parent 2 phone`, which is somebody else's."""
    if field is not Field.PHONE or column.is_hidden:
        return False
    headings = [
        column.heading,
        *(one.heading for one in columns if mapping.get(one.index) is field),
    ]
    return all(set(plain(heading).split()) & _LINES_OF_ONE_PERSON for heading in headings)


def _is_free(field: Field, mapping: dict[int, Field]) -> bool:
    return field in REPEATED_FIELDS or field not in mapping.values()


def _is_borne_out(column: Column, field: Field, sure: float) -> bool:
    """A heading counts unless the values are plainly something else: `Contact` over e-mails."""
    if field not in _TOLD_BY_SHAPE or not any(column.values):
        return True
    rivals = [other for other in _TOLD_BY_SHAPE if other != field]
    if any(column.share(SHAPES[other]) >= _MOSTLY for other in rivals):
        return False
    return sure >= _SURE or field is Field.CONSENT_DATE or column.share(SHAPES[field]) > _HARDLY


def _settle_names(columns: list[Column], mapping: dict[int, Field]) -> None:
    """`Name` beside `Surname` is the first name; `First name` over whole names is not."""
    fields = set(mapping.values())
    if {Field.FULL_NAME, Field.SURNAME} <= fields and Field.FIRST_NAME not in fields:
        _rename(mapping, Field.FULL_NAME, Field.FIRST_NAME)
    if Field.FIRST_NAME in fields and not fields & {Field.SURNAME, Field.FULL_NAME}:
        column = _column_of(columns, mapping, Field.FIRST_NAME)
        if column.share(is_full_name_like) >= _MOSTLY:
            mapping[column.index] = Field.FULL_NAME


def _rename(mapping: dict[int, Field], old: Field, new: Field) -> None:
    index = next(index for index, field in mapping.items() if field is old)
    mapping[index] = new


def _column_of(columns: list[Column], mapping: dict[int, Field], field: Field) -> Column:
    return next(column for column in columns if mapping.get(column.index) is field)


def _settle_addresses(columns: list[Column], mapping: dict[int, Field]) -> None:
    _put_lines_in_order(mapping)
    fields = list(mapping.values())
    if fields.count(Field.FULL_ADDRESS) == 1 and Field.ADDRESS1 not in fields:
        if _ADDRESS_PARTS & set(fields):
            _rename(mapping, Field.FULL_ADDRESS, Field.ADDRESS1)
    elif Field.ADDRESS1 in fields and not _ADDRESS_PARTS & set(fields):
        _rename(mapping, Field.ADDRESS1, Field.FULL_ADDRESS)
    _take_nameless_neighbours(columns, mapping)


def _put_lines_in_order(mapping: dict[int, Field]) -> None:
    lines = sorted(index for index, field in mapping.items() if field in _ADDRESS_LINES)
    mapping.update(zip(lines, sorted(mapping[index] for index in lines), strict=True))


def _take_nameless_neighbours(columns: list[Column], mapping: dict[int, Field]) -> None:
    """One heading over several columns, as when its cell is merged."""
    for before, column in pairwise(columns):
        is_after_address = mapping.get(before.index) is Field.FULL_ADDRESS
        if is_after_address and not column.heading and not _has_own_shape(column):
            mapping[column.index] = Field.FULL_ADDRESS


def _has_own_shape(column: Column) -> bool:
    return any(column.share(SHAPES[field]) >= _MOSTLY for field in _TOLD_BY_SHAPE)


def _settle_ages(columns: list[Column], mapping: dict[int, Field]) -> None:
    """An age beside a child is the child's."""
    for before, column in pairwise(columns):
        if mapping.get(before.index) is Field.CHILDREN and plain(column.heading) in _AGES:
            mapping[column.index] = Field.CHILDREN


def _settle_by_shape(
    columns: list[Column], mapping: dict[int, Field], *, has_headings: bool
) -> None:
    wanted = _TOLD_BY_SHAPE[:3] if has_headings else _FOUND_WITHOUT_HEADING
    for field in wanted:
        if _is_free(field, mapping) and (column := _best_by_shape(columns, mapping, field)):
            mapping[column.index] = field
    fields = set(mapping.values())
    if not fields & {Field.FIRST_NAME, Field.FULL_NAME}:
        _name_by_shape(columns, mapping)


def _best_by_shape(columns: list[Column], mapping: dict[int, Field], field: Field) -> Column | None:
    free = [column for column in columns if _is_open(column, mapping)]
    best = max(free, key=lambda column: column.share(SHAPES[field]), default=None)
    return best if best and best.share(SHAPES[field]) >= _MOSTLY else None


def _is_open(column: Column, mapping: dict[int, Field]) -> bool:
    """Not yet taken, nor about somebody else by its heading."""
    is_others = field_for(column.heading) == (Field.IGNORE, 100.0)
    return column.index not in mapping and any(column.values) and not is_others


def _name_by_shape(columns: list[Column], mapping: dict[int, Field]) -> None:
    if column := _best_by_shape(columns, mapping, Field.FULL_NAME):
        mapping[column.index] = Field.FULL_NAME
        return
    short = [
        column
        for column in columns
        if _is_open(column, mapping) and column.share(is_one_name_like) >= _MOSTLY
    ]
    for column, field in zip(short, (Field.FIRST_NAME, Field.SURNAME), strict=False):
        if _is_free(field, mapping):
            mapping[column.index] = field
