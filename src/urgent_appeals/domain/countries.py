"""Know the three-letter country codes of ISO 3166-1, those that a user may assign, and the exceptions issuers
use.
"""

from __future__ import annotations

import re

ISO_3166_1 = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS
    BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV
    CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM
    GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN
    IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE
    LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS
    MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK
    PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR
    SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY
    USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE """.split()
)
"""The officially assigned codes."""

FORMER = frozenset("ANT BUR CSK DDR ROM SCG SUN TMP YMD YUG ZAR".split())
"""Codes that were in force while issuers already published, and stand in cases that are still open."""

EXCEPTIONS = frozenset(("ALG",))
"""Spellings that no standard has and an issuer published all the same: ALG for Algeria (DZA)."""

_USER_ASSIGNED = re.compile(r"AA[A-Z]|Q[M-Z][A-Z]|X[A-Z][A-Z]|ZZ[A-Z]")


def user_assigned(code: str) -> bool:
    """Tell whether ISO 3166-1 leaves a code to its users: AAA-AAZ, QMA-QZZ, XAA-XZZ, ZZA-ZZZ."""
    return _USER_ASSIGNED.fullmatch(code) is not None


def known(code: str) -> bool:
    """Tell whether a code stands for a country, now, formerly, by exception or by a user's own assignment."""
    return code in ISO_3166_1 or code in FORMER or code in EXCEPTIONS or user_assigned(code)
