"""The words that partners use above their columns, as `headings.plain` leaves them."""

from programme.people.imports.fields import Field

HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.FIRST_NAME: (
        "first name", "firstname", "forename", "forenames", "given name", "christian name",
        "first names", "fname", "first", "given names", "enw cyntaf", "name first",
    ),
    Field.SURNAME: (
        "surname", "last name", "lastname", "family name", "second name", "sname", "lname",
        "last", "cyfenw", "name last",
    ),
    Field.FULL_NAME: (
        "name", "full name", "fullname", "name in full", "carer", "parent", "participant",
        "parent carer", "carer name", "parent name", "carers name", "parents name",
        "participant name", "client name", "client", "contact name", "mothers name",
        "fathers name", "adult name", "adult", "name of parent", "name of carer", "guardian",
        "surname first name", "surname and first name", "surname forename", "names",
        "surname first names", "last name first name", "first name surname", "enw",
        "first name and surname", "parent guardian", "who", "person", "service user",
    ),
    Field.KNOWN_AS: (
        "known as", "likes to be called", "preferred name", "nickname", "goes by", "aka",
        "known by", "prefers", "likes to be known as", "prefers to be called", "called",
        "name to use", "name they use", "informal name", "pronouns and name",
    ),
    Field.RELATIONSHIP: (
        "relationship", "relation", "relationship to child", "role", "perthynas", "who are they",
        "relationship with child", "family role", "rel",
    ),
    Field.PHONE: (
        "phone", "mobile", "telephone", "tel", "tel no", "mobile no", "phone no", "mob",
        "phone number", "mobile number", "telephone number", "contact number", "contact no",
        "contact tel", "contact phone", "cell", "cell phone", "mobile phone", "ffon", "number",
        "telephone no", "home phone", "landline", "mob no", "contact telephone", "ph", "contact",
        "phone mobile", "rhif ffon", "contact details", "tel number", "whatsapp", "ffon symudol",
    ),
    Field.EMAIL: (
        "email", "e mail", "email address", "e mail address", "mail", "ebost", "e bost",
        "contact email", "emails", "e mails", "email add", "email addr",
    ),
    Field.OK_TO_TEXT: (
        "ok to text", "text ok", "okay to text", "can we text", "texts ok", "text", "sms",
        "sms ok", "ok to sms", "sms consent", "text consent", "may we text", "texting ok",
        "happy to receive texts", "consent to text", "text messages", "do not text", "no texts",
        "dont text", "texts", "ok for texts", "text message consent", "safe to text",
    ),
    Field.ADDRESS1: (
        "address 1", "address line 1", "addr 1", "address1", "address line1", "street",
        "street address", "house", "house and street", "house number and street", "addr1",
        "first line of address", "house no and street", "house name or number", "house number",
        "first line", "add 1", "house no", "line 1", "1st line of address",
    ),
    Field.ADDRESS2: (
        "address 2", "address line 2", "addr 2", "address2", "address line2", "addr2",
        "second line of address", "locality", "district", "area", "add 2", "village", "line 2",
        "2nd line of address", "street name", "road",
    ),
    Field.ADDRESS3: (
        "address 3", "address line 3", "addr 3", "address3", "address line3", "addr3",
        "third line of address", "add 3", "line 3", "3rd line of address", "address 4",
        "address line 4",
    ),
    Field.TOWN: (
        "town", "city", "town city", "post town", "posttown", "town or city", "city town",
        "tref", "town village",
    ),
    Field.COUNTY: ("county", "region", "state", "province", "sir", "county region"),
    Field.POSTCODE: (
        "postcode", "post code", "pcode", "p code", "postal code", "zip", "zip code", "pc",
        "zip postcode", "cod post", "cod post code", "p c",
    ),
    Field.FULL_ADDRESS: (
        "address", "full address", "home address", "postal address", "addresses", "addr",
        "address in full", "address for parcel", "delivery address", "mailing address",
        "cyfeiriad", "where to post", "address and postcode", "address inc postcode",
        "full postal address", "current address", "address including postcode",
    ),
    Field.CHILDREN: (
        "children", "child", "kids", "child ren", "children and ages", "plant", "childs name",
        "childrens names", "names of children", "dependants", "children ages",
    ),
    Field.LANGUAGE: (
        "language", "preferred language", "first language", "spoken language", "languages",
        "iaith", "home language", "main language", "mother tongue", "language spoken",
        "language preference", "language of choice", "lang",
    ),
    Field.LARGE_PRINT: (
        "large print", "print size", "format", "large font", "big print", "accessible format",
        "large print needed", "font size", "handout format", "large text", "print",
        "preferred format", "large type", "l print", "lp", "print format", "needs large print",
    ),
    Field.ALLERGIES: (
        "allergies", "allergy", "diet", "dietary", "dietary needs", "dietary requirements",
        "food allergies", "allergies for treat", "allergens", "intolerances", "food",
        "allergies intolerances", "dietary info", "alergeddau", "dietary requirement",
        "allergies and dietary requirements", "special diet", "treat",
    ),
    Field.DO_NOT_POST: (
        "do not post", "no post", "dont post", "no mail", "parcel", "parcels", "post",
        "ok to post", "can we post", "post ok", "safe to post", "consent to post", "delivery",
        "delivery method", "post or collect", "collect", "collection", "parcel delivery",
        "okay to post", "post to home", "do not mail", "do not send post", "may we post",
        "happy to receive post", "posting", "do not post to home", "parcel by post",
        "post parcel", "postage", "no parcels", "collect parcel",
    ),
    Field.CONSENT_DATE: (
        "consent date", "date of consent", "consent", "consent given", "date consent given",
        "consented", "consented on", "date signed", "signed", "signed on", "consent signed",
        "consent received", "date consented", "caniatad", "dyddiad caniatad", "consent form",
        "consent form signed", "gdpr consent", "date consent", "permission", "agreed on",
    ),
    Field.NOTES: (
        "notes", "note", "comments", "comment", "other", "other information", "anything else",
        "further information", "additional information", "remarks", "info", "nodiadau", "misc",
        "other info", "other notes", "anything we should know", "additional info", "details",
    ),
    Field.ACCESS_NEEDS: (
        "access needs", "accessibility", "access requirements", "additional needs", "disability",
        "disabilities", "support needs", "special requirements", "accessibility needs", "access",
        "reasonable adjustments", "adjustments", "needs", "additional support needs", "hearing",
        "anghenion", "special needs", "extra support", "support required", "accessibility notes",
    ),
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS = _words("""
    a an the of for to s your their our you on please enter best main primary carer carers
    parent parents participant participants participating guardian guardians client clients
    adult adults mum mums mother mothers dad fathers grandparent family member home personal
    current needed required if any preferred is are what give details applicable e g eg
""")
CHILD_WORDS = _words("""
    child children childs childrens kid kids kids' son daughter sons daughters plant bairns
    baby babies siblings
""")
NOT_OF_A_CHILD = _words("""
    number count many no total surname school gender sex ethnicity needs nursery services
    protection social lives live living contact worker safeguarding
""")
ABOUT_OTHERS = _words("""
    prison prisoner prisoners hmp offender offenders inmate sentence offence offences release
    custody referrer referrers referred referral referrals referring agency organisation
    organization school gp doctor emergency worker workers practitioner officer caseworker ref
    id reference ethnicity gender sex nationality dob birthday age ages birth caseload staff
    cohort entered timestamp added updated
""") | {
    "next of kin", "social worker", "date of birth", "case number", "created at", "start date",
    "completed by", "filled in by", "row number", "parent in prison", "s no", "item no", "sr no",
    "serial no", "serial number", "case no", "urn", "hear about",
}  # fmt: skip
