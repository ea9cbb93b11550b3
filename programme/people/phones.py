"""Phone numbers as people read them."""

import phonenumbers
from phonenumbers import PhoneNumberFormat


def say_phone(number: str | None) -> str:
    """As people write it: national at home, international abroad."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    is_home = parsed.country_code == 44
    form = PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
