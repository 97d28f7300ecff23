"""Names of people and companies, many with accents, and some that break careless software."""

from __future__ import annotations

import unicodedata

from orchestration.sample.chance import Chance

_VIETNAMESE_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ",
    "Ngô", "Dương", "Lý",
)  # fmt: skip
_VIETNAMESE_MIDDLE = ("Thị Minh", "Văn", "Thị Thu", "Đức", "Hữu", "Ngọc", "Quốc", "Thanh", "Thị")
_VIETNAMESE_GIVEN = (
    "Ánh", "Dũng", "Hằng", "Khánh", "Lan", "Long", "Mai", "Nam", "Oanh", "Phúc", "Quỳnh", "Sơn",
    "Thảo", "Trang", "Tuấn", "Việt", "Yến", "Đạt",
)  # fmt: skip
_EUROPEAN_GIVEN = (
    "Jürgen", "Søren", "Zoë", "François", "Chloé", "Łukasz", "Małgorzata", "Åsa", "José", "Inés",
    "Giulia", "Niccolò", "Björn", "Siân", "Mátyás", "Renée",
)  # fmt: skip
_EUROPEAN_FAMILY = (
    "Müller", "Bjørnsen", "Lefèvre", "Wójcik", "Åkesson", "Núñez", "D'Angelo", "O'Sullivan",
    "van den Berg", "Kovács", "Groß", "Peña", "Szymański", "Dvořák", "Almeida", "Rossi",
)  # fmt: skip
_AMERICAN_GIVEN = (
    "James", "Maria", "Tyrone", "Emily", "Diego", "Grace", "Aaliyah", "Noah", "Hannah", "Luis",
    "Brian", "Olivia", "Renée", "Jamal", "Sofía", "Ethan",
)  # fmt: skip
_AMERICAN_FAMILY = (
    "Smith", "García", "Johnson", "Okafor", "Chen", "Williams", "Null", "Rodríguez", "Patel",
    "O'Brien", "Lee", "Martin", "Nuñez", "Walker", "Young", "De la Cruz",
)  # fmt: skip

_VIETNAMESE_FORM = ("Công ty TNHH", "Công ty Cổ phần", "Tập đoàn", "Công ty TNHH MTV")
_VIETNAMESE_FIRM = (
    "Sao Mai", "Phương Đông", "Đại Việt", "Hòa Bình", "Thiên Long", "Trường Hải", "Minh Phú",
    "Bến Thành", "Cửu Long", "Kim Ngưu", "Hồng Hà", "An Khánh", "Lạc Hồng", "Tân Á", "Thái Sơn",
    "Bình Minh", "Đồng Tâm", "Phú Quý", "Gia Định", "Hải Âu",
)  # fmt: skip
_TRADES = (
    "Logistics", "Foods", "Textiles", "Steel", "Pharma", "Software", "Energy", "Retail", "Marine",
    "Packaging", "Ceramics", "Media", "Travel", "Insurance", "Optics", "Furniture",
)  # fmt: skip
_EUROPEAN_FORM = ("GmbH", "SARL", "S.p.A.", "AB", "Sp. z o.o.", "A/S", "B.V.", "S.L.")
_AMERICAN_FIRM = (
    "Blue Harbor", "Granite", "Cascade", "Lone Star", "Prairie", "Redwood", "Summit", "Atlas",
    "Pioneer", "Liberty", "Silver Lake", "Great Plains", "Evergreen", "Northgate", "Sunbelt",
    "Keystone",
)  # fmt: skip
_AMERICAN_FORM = ("Inc.", "LLC", "Corp.", "Co.")

# Real companies have such names. They belong to the first accounts of each region's seats, so that
# every sample, however small, has them.
_AWKWARD_COMPANIES = {
    "Vietnam": ("NA", 'Công ty TNHH "Sao Mai", Chi nhánh\nHà Nội', "Null & Void Removals, Ltd."),
    "EMEA": ('Søren & Sønner, "Møllen" A/S', "Straße 7 / Ünïcödé Möbel", "O'Hara; Fils | Associés"),
    "Americas": ("=Sum Analytics", "Acme, Inc.", "N/A Records"),
}

CITIES = {
    "Vietnam": (("Hà Nội", "Vietnam"), ("TP. Hồ Chí Minh", "Vietnam"), ("Đà Nẵng", "Vietnam")),
    "EMEA": (("München", "Germany"), ("Lyon", "France"), ("Kraków", "Poland"), ("Málaga", "Spain")),
    "Americas": (("Austin", "United States"), ("São Paulo", "Brazil"), ("Montréal", "Canada")),
}
_PEOPLE = {
    "EMEA": (_EUROPEAN_GIVEN, _EUROPEAN_FAMILY),
    "Americas": (_AMERICAN_GIVEN, _AMERICAN_FAMILY),
}


def person_name(chance: Chance, region: str) -> tuple[str, str]:
    """Given and family name of a person; Vietnamese given names hold the middle name."""
    if region == "Vietnam":
        given = f"{chance.pick(_VIETNAMESE_MIDDLE)} {chance.pick(_VIETNAMESE_GIVEN)}"
        return given, chance.pick(_VIETNAMESE_FAMILY)
    given_names, family_names = _PEOPLE[region]
    return chance.pick(given_names), chance.pick(family_names)


def full_name(given: str, family: str, region: str) -> str:
    """The name in the order of the country: in Vietnam the family comes first."""
    return f"{family} {given}" if region == "Vietnam" else f"{given} {family}"


def company_name(chance: Chance, region: str) -> str:
    """Name of a company."""
    trade = chance.pick(_TRADES)
    if region == "Vietnam":
        return f"{chance.pick(_VIETNAMESE_FORM)} {chance.pick(_VIETNAMESE_FIRM)} {trade}"
    if region == "EMEA":
        return f"{chance.pick(_EUROPEAN_FAMILY)} {trade} {chance.pick(_EUROPEAN_FORM)}"
    comma = "," if chance.happens(0.3) else ""
    return f"{chance.pick(_AMERICAN_FIRM)} {trade}{comma} {chance.pick(_AMERICAN_FORM)}"


def awkward_company_name(region: str, rank: int) -> str | None:
    """The ``rank``-th (from 0) awkward name of a region, while there are any."""
    there = _AWKWARD_COMPANIES[region]
    return there[rank] if rank < len(there) else None


def email(name: str, number: int, domain: str) -> str:
    """An address of plain letters, made unique by a number."""
    for letter, plain in (("đ", "d"), ("ø", "o"), ("ł", "l"), ("ß", "ss")):
        name = name.lower().replace(letter, plain)
    letters = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    return f"{'.'.join(words)}{number}@{domain}"
