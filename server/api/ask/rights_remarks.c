/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_remarks.h"

#include "server/api/ask/rights.h"
#include "server/api/ask/rights_setup.h"

bool
rights_reports(const struct account *account)
{
	return rights_sight(account) != SIGHT_COUNTS && account->role != ROLE_AUDITOR;
}

/* The rotas of a service are of its organisation (region_derive.c). */
static bool
keeps_service(const struct region *region, const struct account *account, uint32_t service)
{
	uint32_t organisation = region->services[service].organisation;

	return rights_manages(account, region->organisations[organisation].code);
}

bool
rights_keeps_reports(
    const struct region *region, const struct account *account, uint32_t rota, uint32_t service)
{
	return rota != REGION_NONE ? rights_change_rota(region, account, rota)
				   : keeps_service(region, account, service);
}

bool
rights_reads_notes(const struct account *account)
{
	return rights_sight(account) != SIGHT_COUNTS;
}

/* A rota manager speaks for the organisation's own and not for places. */
static bool
manager_writes(
    const struct region *region, const struct account *account, const struct kept_note *note)
{
	switch ((enum note_on)note->on) {
	case NOTE_ON_PERSON:
		return rights_speaks_for(region, account, note->person);
	case NOTE_ON_SHIFT:
		return rights_change_rota(region, account, note->rota);
	case NOTE_ON_SERVICE:
		return keeps_service(region, account, note->service);
	case NOTE_ON_FUNCTION:
	case NOTE_ONS:
		break;
	}
	return false;
}

/* By the places that the account may ask about. */
static bool
place_writes(
    const struct region *region, const struct account *account, const struct kept_note *note)
{
	switch ((enum note_on)note->on) {
	case NOTE_ON_PERSON:
		return rights_setup_knows(region, account, note->person);
	case NOTE_ON_SHIFT:
		return rights_rota(region, account, note->rota);
	case NOTE_ON_SERVICE:
		return rights_service(region, account, note->service);
	case NOTE_ON_FUNCTION:
		return rights_place(region, account, note->place);
	case NOTE_ONS:
		break;
	}
	return false;
}

bool
rights_writes_note(
    const struct region *region, const struct account *account, const struct kept_note *note)
{
	switch (account->role) {
	case ROLE_ADMINISTRATOR:
		return true;
	case ROLE_ROTA_MANAGER:
		return manager_writes(region, account, note);
	case ROLE_SWITCHBOARD:
		return place_writes(region, account, note);
	case ROLE_PLACE_MANAGER:
		/* Who lists no places keeps none (rights_setup.h). */
		return account->nplaces > 0 && place_writes(region, account, note);
	case ROLE_VIEWER:
	case ROLE_COMMISSIONER:
	case ROLE_AUDITOR:
	case ROLE_ORGANISATION_ADMINISTRATOR:
	case ACCOUNT_ROLES:
		break;
	}
	return false;
}
