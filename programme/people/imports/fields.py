"""What a column can hold, in the file's words and in ours."""

from enum import StrEnum


class Field(StrEnum):
    FIRST_NAME = "first_name"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    KNOWN_AS = "known_as"
    RELATIONSHIP = "relationship"
    PHONE = "phone"
    EMAIL = "email"
    OK_TO_TEXT = "ok_to_text"
    ADDRESS1 = "address1"
    ADDRESS2 = "address2"
    ADDRESS3 = "address3"
    TOWN = "town"
    COUNTY = "county"
    POSTCODE = "postcode"
    FULL_ADDRESS = "full_address"
    CHILDREN = "children"
    LANGUAGE = "language"
    LARGE_PRINT = "large_print"
    ALLERGIES = "allergies"
    DO_NOT_POST = "do_not_post"
    CONSENT_DATE = "consent_date"
    NOTES = "notes"
    ACCESS_NEEDS = "access_needs"
    IGNORE = "ignore"


FIELD_LABELS: dict[Field, str] = {
    Field.FIRST_NAME: "First name",
    Field.SURNAME: "Surname",
    Field.FULL_NAME: "Full name",
    Field.KNOWN_AS: "Known as",
    Field.RELATIONSHIP: "Relationship to the child",
    Field.PHONE: "Phone",
    Field.EMAIL: "E-mail",
    Field.OK_TO_TEXT: "OK to text",
    Field.ADDRESS1: "Address, first line",
    Field.ADDRESS2: "Address, second line",
    Field.ADDRESS3: "Address, third line",
    Field.TOWN: "Town",
    Field.COUNTY: "County",
    Field.POSTCODE: "Postcode",
    Field.FULL_ADDRESS: "Address in one cell",
    Field.CHILDREN: "Children",
    Field.LANGUAGE: "Language",
    Field.LARGE_PRINT: "Large print",
    Field.ALLERGIES: "Allergies and diet",
    Field.DO_NOT_POST: "Do not post",
    Field.CONSENT_DATE: "Date of consent",
    Field.NOTES: "Notes",
    Field.ACCESS_NEEDS: "Access needs",
    Field.IGNORE: "Leave this column out",
}

ADDRESS_FIELDS = (
    Field.ADDRESS1,
    Field.ADDRESS2,
    Field.ADDRESS3,
    Field.TOWN,
    Field.COUNTY,
    Field.POSTCODE,
    Field.FULL_ADDRESS,
)
# Child 1, Child 2 … and an address in four nameless columns lose nothing by being read together.
REPEATED_FIELDS = frozenset({Field.FULL_ADDRESS, Field.CHILDREN, Field.IGNORE})
