"""What can be claimed of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.management.showing import (
    Office,
    Showing,
    competent,
    each,
    has_components,
    has_full_standard,
    has_satisfying_target,
    keeps_promises,
    not_overloaded,
    nothing_found,
    one_owner,
    reachable_online,
    stated,
)
from pubservice.messages import Message
from pubservice.model.service import DELIVERY_COMPONENTS

if TYPE_CHECKING:
    from collections.abc import Callable


@attrs.frozen
class Claim:
    """
    Something that is true of an organisation, or is not.

    Attributes:
        id: What answers name.
        words: The claim, in words.
        raised_by: What would make it true, or show that it is.
        source: Where it comes from.
        look: What tells it from a model; None where no model can.
    """

    id: str
    words: Message
    raised_by: Message
    source: str
    look: Callable[[Office], Showing] | None = attrs.field(default=None, eq=False, repr=False)

    def shown_by(self, office: Office) -> Showing:
        """Return what a model shows of it."""
        if self.look is None:
            return Showing(None, Message("no model can show it"))
        return self.look(office)


_FRAME = "our reading; frame: Albrecht & Zemke (1985), Service America!"
_LAW = "our reading of UU 25/2009 art. 21"
_PRINCIPLES = "our reading of UU 25/2009 art. 4"


def _claim(
    id: str,
    words: Message,
    raised_by: Message,
    look: Callable[[Office], Showing] | None = None,
    source: str = _FRAME,
) -> Claim:
    return Claim(id, words, raised_by, source, look)


CLAIMS = {
    claim.id: claim
    for claim in (
        # strategy and culture
        _claim("vision", Message("a vision is stated"), Message("state the vision"), stated("vision")),
        _claim(
            "commitments",
            Message("commitments to those served are stated"),
            Message("state what those served can count on"),
            stated("commitments"),
        ),
        _claim(
            "targets",
            Message("every service has targets"),
            Message("set targets for every service"),
            each(lambda _, service: bool(service.targets)),
        ),
        _claim(
            "owner",
            Message("every step of the office has one owner"),
            Message("name one kind of staff for every step"),
            one_owner,
        ),
        _claim(
            "values",
            Message("staff know what the organisation stands for, and say it in their own words"),
            Message("talk about what the organisation stands for until staff can say it"),
        ),
        _claim(
            "leadership",
            Message("those who lead meet those served, and act on what they hear"),
            Message("let those who lead sit at the counter, and follow up what they hear"),
        ),
        _claim(
            "recognition",
            Message("good service is noticed and rewarded"),
            Message("notice and reward good service"),
        ),
        # system
        _claim(
            "standard",
            Message("the standard of every service is complete"),
            Message("write and publish the missing components"),
            each(has_full_standard),
            _LAW,
        ),
        _claim(
            "sound",
            Message("every case can finish"),
            Message("repair what the MOD rules name"),
            nothing_found("MOD"),
        ),
        _claim(
            "lean",
            Message("nothing is done twice or for nobody"),
            Message("apply the remedies of the RED rules"),
            nothing_found("RED"),
        ),
        _claim(
            "digital",
            Message("every service can be reached online"),
            Message("open an online channel, and keep the counter"),
            reachable_online,
        ),
        _claim(
            "promises-kept",
            Message("every published completion time is kept on average"),
            Message("shorten the procedure, add capacity, or publish a time that can be kept"),
            keeps_promises,
            _LAW,
        ),
        _claim(
            "reliability",
            Message("systems work when they are needed"),
            Message("record when systems fail, and repair the most frequent cause"),
        ),
        _claim(
            "forms",
            Message("forms are understood without help"),
            Message("let applicants fill in the forms while you watch, and change what stops them"),
        ),
        # people
        _claim(
            "competences",
            Message("whoever does a step has the competences it requires"),
            Message("train, or give the step to those who are able"),
            competent,
        ),
        _claim(
            "load",
            Message("no staff have more work than they can do"),
            Message("add capacity, or take work away"),
            not_overloaded,
        ),
        _claim(
            "deputies",
            Message("no step hangs on a single person"),
            Message("name and train deputies"),
            nothing_found("WAI009"),
        ),
        _claim(
            "training",
            Message("staff are trained for their work every year"),
            Message("train staff every year"),
        ),
        _claim(
            "courtesy",
            Message("staff are polite and helpful"),
            Message("ask those served, and train where they disagree"),
        ),
        _claim(
            "discretion",
            Message("staff may solve a problem on the spot"),
            Message("let staff decide within bounds that are written down"),
        ),
        # those served
        _claim(
            "audience",
            Message("every service says whom it is for"),
            Message("state the audience of every service"),
            each(lambda _, service: bool(service.audience)),
        ),
        _claim(
            "requirements",
            Message("every service says what it requires"),
            Message("state the requirements of every service"),
            has_components("requirements"),
            _LAW,
        ),
        _claim(
            "asked-once",
            Message("nothing is asked for that the office holds"),
            Message("apply the remedies of the EVD rules"),
            nothing_found("EVD001", "EVD002", "EVD003"),
            "our reading of Regulation (EU) 2018/1724 art. 14 (once only)",
        ),
        _claim(
            "contacts",
            Message("applicants come and pay no more often than they must"),
            Message("apply the remedies of HND005 to HND008"),
            nothing_found("HND005", "HND006", "HND007", "HND008"),
        ),
        _claim(
            "satisfaction",
            Message("every service has a target for the satisfaction of those served"),
            Message("set a target for satisfaction or for the applicant's time"),
            each(has_satisfying_target),
        ),
        _claim(
            "complaints",
            Message("every service says how complaints and suggestions are handled"),
            Message("state how complaints and suggestions are handled"),
            has_components("complaints"),
            _LAW,
        ),
        _claim(
            "survey",
            Message("those served were surveyed in the last twelve months"),
            Message("survey those served once a year"),
            source="our reading of Permenpan RB 14/2017 art. 1",
        ),
        _claim(
            "listening",
            Message("what the survey said was published and acted on"),
            Message("publish the results, and say what was changed"),
        ),
        # the law asks for these beyond the triangle
        _claim(
            "outputs",
            Message("every service says what it owes"),
            Message("state the outputs of every service"),
            each(lambda _, service: bool(service.outputs)),
            _LAW,
        ),
        _claim(
            "legal-basis",
            Message("every service names the provisions it rests on"),
            Message("state the legal basis of every service"),
            has_components("legal_basis"),
            _LAW,
        ),
        _claim(
            "demands-based",
            Message("every demand on applicants has a legal basis"),
            Message("state the provision, or stop demanding it"),
            nothing_found("LEG001"),
            _LAW,
        ),
        _claim(
            "published",
            Message("the six components that have to be published are there in every service"),
            Message("write and publish the missing components"),
            has_components(*DELIVERY_COMPONENTS),
            _LAW,
        ),
        _claim(
            "oversight",
            Message("every service says who supervises and how the work is evaluated"),
            Message("state the internal supervision and the evaluation of performance"),
            has_components("internal_supervision", "performance_evaluation"),
            _LAW,
        ),
        _claim(
            "promised",
            Message("every service publishes a completion time"),
            Message("publish a completion time for every service"),
            has_components("completion_time"),
            _LAW,
        ),
        _claim(
            "fees",
            Message("every service says what it costs"),
            Message("state the fee of every service, also where there is none"),
            has_components("fee"),
            _LAW,
        ),
        _claim(
            "impartiality",
            Message("no decision serves a private interest"),
            Message("let somebody else look at decisions in which staff have an interest"),
            source=_PRINCIPLES,
        ),
        _claim(
            "equality",
            Message("everybody who is entitled is treated alike"),
            Message("count complaints of unequal treatment, and follow them up"),
            source=_PRINCIPLES,
        ),
        _claim(
            "vulnerable",
            Message("vulnerable groups have facilities and treatment of their own"),
            Message("ask those concerned what they lack, and provide it"),
            source=_PRINCIPLES,
        ),
        _claim(
            "notice",
            Message("the public notice hangs where everybody sees it"),
            Message("publish the notice at the counter and online"),
            source="our reading of UU 25/2009 art. 22",
        ),
    )
}
