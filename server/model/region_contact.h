/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"
#include "server/model/region.h"

/*
 * How somebody is rung. A personal number is never shown: such a person is reached through the switchboard of
 * the place that asks, and so is one with "via_switchboard". Pure.
 */
struct region_ring {
	const char *phone;             /* NULL: none is known, or the place has no switchboard */
	const char *extension, *bleep; /* or NULL */
	bool via_switchboard;          /* ${phone} is the switchboard's */
};

/* Whether the number of ${contact} is not to be shown. False for NULL. */
bool region_contact_hidden(const struct region_contact *contact);

/* The number that may be shown; NULL: none. */
const char *region_contact_phone(const struct region_contact *contact);

/* ${contact}: NULL for none. ${from}: the place that rings; NULL: no place in particular. */
struct region_ring region_ring(
    const struct region_contact *contact, const struct region_place *from);

/* The line to ring for ${person} (REGION_NONE: a team line) on call for ${service}: the service's;
 * where it has none, the switchboard, if that is how the person is reached. */
struct region_ring region_ring_team(const struct region *region,
    const struct region_service *service, uint32_t person, const struct region_place *from);

/* The person's own. */
struct region_ring region_ring_person(
    const struct region *region, uint32_t person, const struct region_place *from);

/* Appends "+442079460123 ext 4421, bleep 0667", "via switchboard +441632960100, bleep 0667", or
 * ${otherwise} where there is nothing to ring. */
void region_ring_words(struct buf *out, const struct region_ring *ring, const char *otherwise);

/* A number should be checked again after so many days. */
#define REGION_CONTACT_DAYS 90

/* Whether ${contact} was checked within ${days} before ${today} (civil_days). False for NULL. */
bool region_contact_checked(const struct region_contact *contact, int64_t today, int64_t days);
