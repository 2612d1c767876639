/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/instant.h"
#include "server/model/region_contact.h"
#include "server/model/region_parts.h"

/* Services and rotas: who provides a function, and where the shifts come from. */

static void
read_fallback(const struct region_field *item, struct region_service *service)
{
	static const char *const known[] = {"text", "phone", NULL};
	struct region_field fallback = field_get(item, "fallback");

	if (!fallback.json || !field_object(&fallback, known))
		return;
	service->fallback_text = field_text(&fallback, "text", REGION_REQUIRED);
	service->fallback_phone = field_phone(&fallback, "phone");
}

void
region_service_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"id", "name", "function", "organisation", "places",
	    "phone", "fallback", "self_referral", NULL};
	const struct region *region = item->reader->region;
	struct region_service *service = out;

	if (!field_object(item, known))
		return;
	service->name = field_text(item, "name", REGION_REQUIRED);
	service->function =
	    field_ref(item, "function", REGION_REQUIRED, &region->function_by_code, "function");
	service->organisation = field_ref(
	    item, "organisation", REGION_REQUIRED, &region->organisation_by_code, "organisation");
	service->footprint =
	    region_dated_places_read(item, "places", REGION_REQUIRED, &service->places);
	service->line = region_contact_read(item, "phone");
	service->phone = region_contact_phone(service->line);
	read_fallback(item, service);
	service->self_referral = field_bool(item, "self_referral");
}

static void
read_all_day(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const known[] = {"start", "hours", NULL};
	struct region_field rule = field_get(reading, "all_day");
	struct region_field start = field_get(&rule, "start");

	if (!rule.json || !field_object(&rule, known))
		return;
	rota->all_day_rule = true;
	rota->all_day_start = field_time(&rule, "start");
	/* 24:00 is an end. As a start it would be the next day, which is not what the words say. */
	if (rota->all_day_start == 24 * 3600)
		field_fault(&start, "must be before \"24:00\"");
	rota->all_day_hours = field_int(
	    &rule, "hours", REGION_REQUIRED, (struct field_range){1, 7 * 24, .otherwise = 24});
}

static void
read_reading(const struct region_field *item, struct region_rota *rota)
{
	static const char *const known[] = {"floating_zone", "all_day", "tentative_counts",
	    "team_names", "shift_codes", "aliases", "titles", "words", "zones", "date_order",
	    "grid", "sheet", "marks", NULL};
	struct region_reader *reader = item->reader;
	struct region_field reading = field_get(item, "reading");
	struct region_field zone = field_get(&reading, "floating_zone");
	const char *name;

	/* Defaults first, so that a rota without "reading" has them too. */
	rota->floating_zone = reader->region->time_zone;
	rota->team_names = arena_array(reader->arena, 1, sizeof *rota->team_names);
	if (!reading.json || !field_object(&reading, known))
		return;
	name = field_text(&reading, "floating_zone", REGION_OPTIONAL);
	if (name && !reader->zones.known(reader->zones.ctx, name))
		field_fault(&zone, "there is no time zone \"%s\"", name);
	else if (name)
		rota->floating_zone = name;
	read_all_day(&reading, rota);
	rota->tentative_counts = field_bool(&reading, "tentative_counts");
	rota->team_names = field_texts(&reading, "team_names");
	region_codes_read(&reading, rota);
	region_times_read(&reading, rota);
	region_sheet_read(&reading, rota);
	region_grid_read(&reading, rota);
	region_words_read(&reading, rota);
}

/* A rota either supplies a service, or is the calendar of absences of an organisation: exactly
 * one of the two. */
static void
read_owner(const struct region_field *item, struct region_rota *rota)
{
	const struct region *region = item->reader->region;
	struct region_field organisation = field_get(item, "organisation");

	rota->absences = field_bool(item, "absences");
	rota->service =
	    field_ref(item, "service", REGION_OPTIONAL, &region->service_by_id, "service");
	rota->organisation = field_ref(
	    item, "organisation", REGION_OPTIONAL, &region->organisation_by_code, "organisation");
	/* By what the file says and not by what was read: a service that does not exist has its own
	 * fault already. */
	if (json_object_get(item->json, "service")) {
		if (rota->absences || organisation.json)
			field_fault(item,
			    "has a \"service\", so it may have neither \"organisation\" nor \"absences\"");
	} else if (!rota->absences || !organisation.json) {
		field_fault(item,
		    "must have either a \"service\", or an \"organisation\" and \"absences\": true");
	}
}

void
region_rota_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"id", "service", "organisation", "absences", "tier",
	    "from", "until", "source", "reading", NULL};
	struct region_rota *rota = out;

	if (!field_object(item, known))
		return;
	read_owner(item, rota);
	rota->tier =
	    field_int(item, "tier", REGION_OPTIONAL, (struct field_range){1, 9, .otherwise = 1});
	rota->life = region_life_read(item);
	if (rota->absences &&
	    (rota->life.start != INSTANT_BEGINNING || rota->life.end != INSTANT_END))
		field_fault(item,
		    "is a calendar of absences, which has neither \"from\" nor \"until\": somebody who is away is away");
	region_source_read(item, rota);
	read_reading(item, rota);
}
