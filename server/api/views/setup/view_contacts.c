/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_contact.h"

/* GET /v1/contacts/unverified: whose number nobody has checked for a long time, or ever. Shown
 * to those who speak for the person or the service. The number itself is left out: it is not
 * needed for that. */

/* How somebody of the region is rung. */
struct contact_of {
	const char *code, *name;
	uint32_t organisation;
	const struct region_contact *contact;
};

static struct contact_of
contact_at(const struct region *region, bool services, uint32_t index)
{
	const struct region_service *service;
	const struct region_person *person;

	if (services) {
		service = &region->services[index];
		return (struct contact_of){
		    service->id, service->name, service->organisation, service->line};
	}
	person = region_person(region, index);
	return (struct contact_of){
	    person->shown_id, person->name, person->organisation, person->contact};
}

static void
put_contact(struct list *list, const char *kind, const struct contact_of *of, int64_t today)
{
	struct json_out *out = &list->out;
	bool known = of->contact->verified_on != INSTANT_NONE;
	char day[CIVIL_DAY_MAX];

	out_object(out, NULL);
	out_text(out, "kind", kind);
	out_text(out, "code", of->code);
	out_text(out, "name", of->name);
	out_text(out, "organisation", list->ask->region->organisations[of->organisation].code);
	/* A number that was never checked has no age: null, so that sorting by days does not take
	 * it for a new one. */
	if (known) {
		civil_day_text(of->contact->verified_on, day);
		out_text(out, "verified_at", day);
		out_int(out, "days", today - of->contact->verified_on);
	} else {
		out_null(out, "verified_at");
		out_null(out, "days");
	}
	out_object_end(out);
	list_shown(list, of->code);
}

static bool
may_see(const struct ask *ask, const struct contact_of *of)
{
	/* Without a contact there is no number to be checked. */
	return of->contact != NULL &&
	       rights_manages(ask->account, ask->region->organisations[of->organisation].code);
}

void
view_contacts_unverified(struct ask *ask)
{
	const struct region *region = ask->region;
	const char *kind = ask_choice(ask, "kind");
	bool services = strcmp(kind, "service") == 0;
	int64_t days = ask_number(ask, "days");
	/* Days of the region's zone, in which people write the day of a check. */
	int64_t today = zone_local(ask->map->setup->zone, ask->now) / 86400;
	struct list list;
	uint32_t i;

	if (!list_begin(&list, ask,
		(struct listed){"contacts",
		    services ? &region->service_by_id : &region->person_by_id,
		    services ? region->nservices : region->npeople}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		struct contact_of of = contact_at(region, services, i);

		if (may_see(ask, &of) && !region_contact_checked(of.contact, today, days))
			put_contact(&list, kind, &of, today);
	}
	/* Lines of services are no personal data, so reading them is not noted. */
	if (list.shown > 0 && !services)
		ask_read(ask, READ_CONTACTS, NULL, NULL, INSTANT_NONE);
	list_end(&list);
}
