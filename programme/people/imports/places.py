"""Words that tell a street, a county and a country from a town."""

import re

COUNTRIES = frozenset(
    {"uk", "u.k.", "united kingdom", "england", "wales", "cymru", "scotland", "northern ireland",
     "great britain", "gb"}
)  # fmt: skip
# Counties that are towns too (Durham, Lincoln) are left out: an address must keep its town.
COUNTIES = frozenset({
    "bedfordshire", "berkshire", "buckinghamshire", "cambridgeshire", "cheshire", "cornwall",
    "cumbria", "derbyshire", "devon", "dorset", "county durham", "co durham", "co. durham",
    "east sussex", "west sussex", "sussex", "essex", "gloucestershire", "greater london",
    "greater manchester", "hampshire", "herefordshire", "hertfordshire", "isle of wight", "kent",
    "lancashire", "lancs", "leicestershire", "lincolnshire", "merseyside", "middlesex", "norfolk",
    "northamptonshire", "northants", "northumberland", "north yorkshire", "nottinghamshire",
    "notts", "oxfordshire", "oxon", "rutland", "shropshire", "somerset", "south yorkshire",
    "staffordshire", "staffs", "suffolk", "surrey", "tyne and wear", "tyne & wear",
    "warwickshire", "west midlands", "west yorkshire", "wiltshire", "wilts", "worcestershire",
    "yorkshire", "east yorkshire", "east riding of yorkshire", "cleveland", "avon", "herts",
    "bucks", "berks", "beds", "cambs", "hants", "glos", "leics", "lincs", "worcs",
    "gwynedd", "clwyd", "dyfed", "powys", "gwent", "mid glamorgan", "south glamorgan",
    "west glamorgan", "ceredigion", "pembrokeshire", "sir benfro", "carmarthenshire",
    "sir gaerfyrddin", "monmouthshire", "denbighshire", "sir ddinbych", "flintshire", "anglesey",
    "ynys môn", "isle of anglesey", "county antrim", "co antrim", "county down", "co down",
    "county armagh", "county fermanagh", "county londonderry", "county tyrone", "fife",
    "aberdeenshire", "angus", "argyll", "ayrshire", "lanarkshire", "midlothian", "west lothian",
    "east lothian", "perthshire", "renfrewshire",
})  # fmt: skip
STREET_END = re.compile(
    r"(?P<street>.*\d.*\b(?:street"
    r"|st(?!\.? (?:albans|helens|ives|austell|neots|andrews|asaph|leonards))"
    r"|road|rd|lane|ln|avenue|ave|close|cl|drive|dr|terrace|court"
    r"|crescent|cres|way|place|square|gardens|grove|walk|row|green|hill|view|parade|rise|mews"
    r"|heol|stryd|ffordd))\.?,?\s+"
    r"(?P<town>(?!north$|south$|east$|west$)[^\W\d_][^\d,]*)",
    re.IGNORECASE,
)
