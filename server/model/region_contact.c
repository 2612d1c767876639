/* SPDX-License-Identifier: MIT */
#include "server/model/region_contact.h"

bool
region_contact_hidden(const struct region_contact *contact)
{
	/* Both are reached through the switchboard, and their number is not shown. */
	return contact != NULL && (contact->personal || contact->via_switchboard);
}

const char *
region_contact_phone(const struct region_contact *contact)
{
	return contact == NULL || region_contact_hidden(contact) ? NULL : contact->number;
}

struct region_ring
region_ring(const struct region_contact *contact, const struct region_place *from)
{
	if (contact == NULL)
		return (struct region_ring){0};
	if (!region_contact_hidden(contact))
		return (struct region_ring){
		    contact->number, contact->extension, contact->bleep, false};
	/* Without a place the switchboard is not known. */
	return (struct region_ring){from == NULL ? NULL : from->switchboard,
	    /* The extension of a personal telephone would lead to it. */
	    contact->personal ? NULL : contact->extension, contact->bleep, true};
}

struct region_ring
region_ring_person(const struct region *region, uint32_t person, const struct region_place *from)
{
	return region_ring(
	    person == REGION_NONE ? NULL : region_person(region, person)->contact, from);
}

struct region_ring
region_ring_team(const struct region *region, const struct region_service *service, uint32_t person,
    const struct region_place *from)
{
	/* A team without a line of its own is reached as its person is. */
	if (service->line == NULL && person != REGION_NONE &&
	    region_contact_hidden(region_person(region, person)->contact))
		return region_ring_person(region, person, from);
	return region_ring(service->line, from);
}

void
region_ring_words(struct buf *out, const struct region_ring *ring, const char *otherwise)
{
	if (ring->via_switchboard)
		buf_printf(out, "via switchboard%s%s", ring->phone != NULL ? " " : "",
		    ring->phone != NULL ? ring->phone : "");
	else
		buf_add_text(out, ring->phone != NULL ? ring->phone : otherwise);
	if (ring->extension != NULL)
		buf_printf(out, " ext %s", ring->extension);
	if (ring->bleep != NULL)
		buf_printf(out, ", bleep %s", ring->bleep);
}

bool
region_contact_checked(const struct region_contact *contact, int64_t today, int64_t days)
{
	return contact != NULL && contact->verified_on != INSTANT_NONE &&
	       contact->verified_on >= today - days;
}
