# SPDX-License-Identifier: MIT
"""Where else to go, in the demo region. Every number is of Ofcom's ranges for drama, or a short code that everybody may ring."""

from names import REGION

ALWAYS = [{"days": ["all"], "from": "00:00", "to": "24:00"}]


def card(id, name, kind, organisation, whom, places, **more):
    return {"id": id, "name": name, "kind": kind, "organisation": organisation, "for": whom, "places": places} | more


def navigators():
    return [
        card("lantern-cafe-card", "The Lantern Café", "crisis_cafe", "ZLC", "adults who need somebody to talk to", ["X54000001"],
             address="3 Lamp Row, Alderbrook", phone="+441632960901", functions=["crisis_cafe", "crht"], walk_in=True, self_referral=True,
             hours=[{"days": ["all"], "from": "18:00", "to": "23:00"}]),
        card("harbour-cafe", "The Harbour, Skell", "crisis_cafe", "ZSK", "adults and their carers", [REGION],
             address="9 Quay Street, Skell", phone="+441632960902", walk_in=True, self_referral=True,
             hours=[{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "17:00", "to": "02:00"},
                    {"days": ["sat", "sun", "bank_holiday"], "from": "12:00", "to": "02:00"}]),
        card("nhs-111-option-2", "NHS 111, option 2", "helpline", "ZI1", "everybody, at any age", [REGION],
             phone={"short_code": "111"}, self_referral=True, hours=ALWAYS),
        card("police-control-room", "Police control room", "police", "ZPO", "staff who fear for somebody's safety", [REGION],
             phone="+441632960903", functions=["street_triage", "hbpos"], hours=ALWAYS),
        card("liaison-and-diversion", "Liaison and diversion, Skell Valley custody", "liaison_and_diversion", "ZPO", "people who are in custody",
             [REGION], phone="+441632960904", hours=[{"days": ["mon", "tue", "wed", "thu", "fri", "sat"], "from": "07:00", "to": "20:00"}]),
        # Nobody has said when it answers.
        card("housing-out-of-hours", "Housing, out of hours", "housing", "ZFC", "people who have nowhere to sleep tonight", ["X06000001"],
             phone="+441632960905"),
    ]
