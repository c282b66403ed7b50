"""The versions of the rule book: Helsenorge's reading of the law (the default) and HelsaMi's.

They differ in what parents see of somebody of 12 to 15, and in whether somebody under 16 logs in alone. What no source
says is open stays closed. The rules are asked in order and the first that holds decides, so the order is part of them:
a secret address comes before every relation, what opens comes before what closes.
"""

from typing import Final

import msgspec

from innsyn.access.audience import Audience
from innsyn.access.book import sources as of
from innsyn.access.book.rule import Address, Book, Rule, When, Who
from innsyn.access.capability import EVERYTHING, Capability

_CHILD, _YOUTH_LOGS_IN, _OWN_MASTER, _ADULT = 12, 13, 16, 18
# The certificate counts for five years at a time.
_CERTIFICATE_YEARS = 5

_SEE_AND_DO = Capability.SEE | Capability.MESSAGE | Capability.BOOK | Capability.FORMS
# Forms say themselves who may fill them in. From 12 on nobody writes messages on the child's behalf any more.
_SEE_AND_ANSWER = Capability.SEE | Capability.FORMS

# What a parent may see of somebody of 12 to 15, and what these see themselves with a parent's consent. The appointments
# with the GP and the municipality would be open too, but not those at a hospital: until the journal tells the two
# apart in a permit, none are.
_OPEN_FROM_TWELVE = ("medications", "vaccinations")

_BEFORE_EVERYTHING = (
    Rule(
        key="secret_address",
        who=Who.OTHERS,
        when=(When.SECRET_ADDRESS,),
        sources=(of.INBOX, of.FULLMAKT),
    ),
    Rule(key="deceased", who=Who.OTHERS, when=(When.DECEASED,), sources=(of.JOURNAL_24, of.PBRL_5_1)),
    Rule(key="birth_date_unknown", who=Who.OTHERS, when=(When.BIRTH_DATE_UNKNOWN,), sources=(of.PBRL_3_4,)),
)
_RELATIVE = Rule(
    key="relative.certificate",
    who=Who.RELATIVE,
    # "Over 12 years": below that, the parents represent the child anyway.
    from_age=_CHILD,
    when=(When.CERTIFICATE, When.ADULT),
    audience=Audience.HELPER,
    capabilities=_SEE_AND_DO,
    kinds=None,
    longest=_CERTIFICATE_YEARS,
    sources=(of.LACKING_COMPETENCE, of.PBRL_3_4),
)
_PARENT_OF_CHILD = Rule(
    key="parent.child",
    who=Who.PARENT,
    until_age=_CHILD,
    when=(When.RESPONSIBILITY, When.SHARED_ADDRESS),
    audience=Audience.PARENT_OF_CHILD,
    capabilities=_SEE_AND_DO,
    kinds=None,
    sources=(of.PBRL_3_4, of.INBOX, of.ON_BEHALF_OF_A_CHILD),
)
_NO_PARENT = (
    Rule(
        key="parent.from_sixteen",
        who=Who.PARENT,
        from_age=_OWN_MASTER,
        sources=(of.PBRL_3_4, of.PBRL_4_3, of.FROM_SIXTEEN),
    ),
    Rule(
        key="parent.no_responsibility",
        who=Who.PARENT,
        when=(When.NO_RESPONSIBILITY,),
        sources=(of.PBRL_3_4, of.ON_BEHALF_OF_A_CHILD),
    ),
    Rule(
        key="parent.other_address",
        who=Who.PARENT,
        when=(When.NO_SHARED_ADDRESS,),
        sources=(of.INBOX, of.ON_BEHALF_OF_A_CHILD, of.HELSAMI_ACCESS),
    ),
)
_NO_OTHERS = (
    Rule(
        key="relative.minor",
        who=Who.RELATIVE,
        when=(When.NOT_ADULT,),
        sources=(of.LACKING_COMPETENCE,),
    ),
    Rule(
        key="relative.child", who=Who.RELATIVE, until_age=_CHILD, sources=(of.LACKING_COMPETENCE, of.PBRL_3_4)
    ),
    Rule(
        key="relative.no_certificate",
        who=Who.RELATIVE,
        when=(When.NO_CERTIFICATE,),
        longest=_CERTIFICATE_YEARS,
        sources=(of.LACKING_COMPETENCE,),
    ),
    Rule(key="guardian", who=Who.GUARDIAN, sources=(of.GUARDIAN, of.PBRL_4_6, of.LACKING_COMPETENCE)),
    Rule(key="no_basis", who=Who.OTHERS, sources=(of.PBRL_5_1,)),
)
_SELF = Rule(
    key="self",
    who=Who.SELF,
    from_age=_OWN_MASTER,
    audience=Audience.SELF,
    capabilities=EVERYTHING,
    kinds=None,
    sources=(of.PBRL_5_1, of.JOURNAL_18, of.FROM_SIXTEEN),
)
_FULLMAKT = (
    Rule(
        key="fullmakt",
        who=Who.RECEIVER,
        from_age=_OWN_MASTER,
        audience=Audience.HELPER,
        capabilities=EVERYTHING & ~Capability.MANAGE,
        kinds=None,
        sources=(of.FULLMAKT, of.HELSAMI_ACCESS),
    ),
    Rule(
        key="fullmakt.giver",
        who=Who.GIVER,
        until_age=_OWN_MASTER,
        sources=(of.FULLMAKT, of.HELSAMI_ACCESS),
    ),
    Rule(
        key="fullmakt.receiver",
        who=Who.RECEIVER,
        when=(When.NOT_ADULT,),
        sources=(of.FULLMAKT, of.HELSAMI_ACCESS),
    ),
)

HELSENORGE: Final = Book(
    key="helsenorge",
    address=Address.ANY_PARENT,
    adult=_ADULT,
    sources=(of.PBRL_3_4, of.ON_BEHALF_OF_A_CHILD, of.INBOX),
    rules=(
        *_BEFORE_EVERYTHING,
        _RELATIVE,
        _PARENT_OF_CHILD,
        Rule(
            key="parent.youth",
            who=Who.PARENT,
            from_age=_CHILD,
            until_age=_OWN_MASTER,
            when=(When.RESPONSIBILITY, When.SHARED_ADDRESS),
            audience=Audience.PARENT_OF_YOUTH,
            capabilities=_SEE_AND_ANSWER,
            kinds=_OPEN_FROM_TWELVE,
            sources=(
                of.PBRL_3_4,
                of.PRESCRIPTIONS_OF_CHILDREN,
                of.TOGETHER_WITH_A_CHILD,
                of.APPOINTMENTS,
                of.MUNICIPAL_MESSAGES,
                of.FORMS,
            ),
        ),
        *_NO_PARENT,
        *_NO_OTHERS,
        _SELF,
        Rule(
            key="own.youth",
            who=Who.SELF,
            from_age=_YOUTH_LOGS_IN,
            until_age=_OWN_MASTER,
            when=(When.CONSENT,),
            audience=Audience.YOUTH,
            capabilities=_SEE_AND_ANSWER,
            kinds=_OPEN_FROM_TWELVE,
            sources=(of.YOUTH, of.TOGETHER_WITH_A_CHILD, of.FORMS),
        ),
        Rule(
            key="own.no_consent",
            who=Who.SELF,
            from_age=_YOUTH_LOGS_IN,
            until_age=_OWN_MASTER,
            when=(When.NO_CONSENT,),
            sources=(of.YOUTH, of.TOGETHER_WITH_A_CHILD),
        ),
        Rule(key="own.child", who=Who.SELF, until_age=_YOUTH_LOGS_IN, sources=(of.YOUTH,)),
        *_FULLMAKT,
    ),
)

HELSAMI: Final = Book(
    key="helsami",
    address=Address.ANY_PARENT,
    adult=_ADULT,
    sources=(of.PBRL_3_4, of.HELSAMI_PARENTS, of.HELSAMI_TERMS),
    rules=(
        *_BEFORE_EVERYTHING,
        _RELATIVE,
        msgspec.structs.replace(
            _PARENT_OF_CHILD, sources=(of.PBRL_3_4, of.HELSAMI_PARENTS, of.HELSAMI_ACCESS)
        ),
        # A group of readers of its own, so that what the youth keeps from the parents (pbrl § 3-4) stays kept.
        Rule(
            key="parent.youth_whole",
            who=Who.PARENT,
            from_age=_CHILD,
            until_age=_OWN_MASTER,
            when=(When.RESPONSIBILITY, When.SHARED_ADDRESS),
            audience=Audience.PARENT_OF_YOUTH,
            capabilities=_SEE_AND_DO,
            kinds=None,
            sources=(of.HELSAMI_PARENTS, of.HELSAMI_ACCESS, of.HELSAMI_TERMS),
        ),
        *_NO_PARENT,
        *_NO_OTHERS,
        _SELF,
        Rule(
            key="own.minor",
            who=Who.SELF,
            until_age=_OWN_MASTER,
            sources=(of.HELSAMI_PARENTS, of.HELSAMI_TERMS),
        ),
        *_FULLMAKT,
    ),
)

# The other reading of the address (the switch): only the parent who lives with the child.
HELSENORGE_RESIDENT: Final = msgspec.structs.replace(
    HELSENORGE, key="helsenorge-resident", address=Address.THIS_PARENT
)

VERSIONS: Final = (HELSENORGE, HELSENORGE_RESIDENT, HELSAMI)


class UnknownVersion(Exception):
    """There is no version of the rule book with this name; the message tells those there are."""


def version(key: str) -> Book:
    """The version of this name. Raises UnknownVersion."""
    for book in VERSIONS:
        if book.key == key:
            return book
    names = ", ".join(book.key for book in VERSIONS)
    raise UnknownVersion(f"INNSYN_RULE_BOOK must be one of {names}.")
