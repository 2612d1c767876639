/* SPDX-License-Identifier: MIT */
#pragma once

#include <inttypes.h>

#include "server/base/text.h"
#include "server/model/region_kind.h"

/* Everything that a region says, also what is derived, as text: two regions are the same if their
 * texts are. Every member of every struct in region.h is here. */

static inline void
dump_text(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, " %s=%s", name, text != NULL ? text : "(null)");
}

static inline void
dump_texts(struct buf *out, const char *name, const char *const *texts)
{
	buf_printf(out, " %s=[", name);
	for (; *texts != NULL; texts++)
		buf_printf(out, "%s|", *texts);
	buf_add_text(out, "]");
}

static inline void
dump_list(struct buf *out, const char *name, struct region_list list)
{
	buf_printf(out, " %s=[", name);
	for (uint32_t i = 0; i < list.count; i++)
		buf_printf(out, "%u|", list.items[i]);
	buf_add_text(out, "]");
}

static inline void
dump_life(struct buf *out, struct span_time life)
{
	buf_printf(out, " %" PRId64 "..%" PRId64, life.start, life.end);
}

static inline void
dump_places(struct buf *out, struct region_dated_places places)
{
	for (uint32_t i = 0; i < places.count; i++) {
		buf_printf(out, " at=%u", places.items[i].place);
		dump_life(out, places.items[i].life);
	}
}

static inline void
dump_contact(struct buf *out, const struct region_contact *contact, const char *phone)
{
	dump_text(out, "phone", phone);
	if (contact == NULL)
		return;
	dump_text(out, "number", contact->number);
	dump_text(out, "extension", contact->extension);
	dump_text(out, "bleep", contact->bleep);
	buf_printf(out, " %d%d %" PRId64, contact->via_switchboard, contact->personal,
	    contact->verified_on);
}

static inline void
dump_function(struct buf *out, const struct region *region, const struct region_function *function)
{
	dump_text(out, "code", function->code);
	dump_text(out, "name", function->name);
	buf_printf(out, " %d %d approved=%d holders=", function->severity.critical_hours,
	    function->severity.high_hours, function->approved);
	for (uint32_t i = 0; i < region->npeople; i++)
		buf_printf(out, "%d", function->holders[i]);
	dump_list(out, "rotas", function->rotas);
}

static inline void
dump_ladder(struct buf *out, const struct region_ladder *ladder)
{
	buf_printf(out, " ladder=%u", ladder->function);
	for (uint32_t i = 0; i < ladder->nsteps; i++) {
		const struct region_step *step = &ladder->steps[i];

		buf_printf(out, " step=%d %u %u %u tier=%d wait=%d", step->kind, step->function,
		    step->service, step->place, step->tier, step->wait_seconds);
		dump_text(out, "name", step->name);
		dump_text(out, "phone", step->phone);
		for (uint32_t j = 0; j < step->nhours; j++)
			buf_printf(out, " %x %d-%d", step->hours[j].days, step->hours[j].from,
			    step->hours[j].to);
	}
}

static inline void
dump_place(struct buf *out, const struct region_place *place)
{
	dump_text(out, "code", place->code);
	dump_text(out, "name", place->name);
	dump_text(out, "kind", place->kind);
	dump_text(out, "switchboard", place->switchboard);
	dump_life(out, place->life);
	dump_list(out, "successors", place->successors);
	dump_list(out, "first", place->first);
	buf_printf(out, " public=%d research=%d", place->public_card, place->research);
	for (uint32_t i = 0; i < place->nladders; i++)
		dump_ladder(out, &place->ladders[i]);
	dump_list(out, "parents", place->parents);
	dump_places(out, place->under);
	dump_list(out, "demands", place->demands);
	dump_list(out, "services", place->services);
	dump_list(out, "navigators", place->navigators);
}

static inline void
dump_navigator(struct buf *out, const struct region_navigator *navigator)
{
	dump_text(out, "id", navigator->id);
	dump_text(out, "name", navigator->name);
	dump_text(out, "kind", navigator->kind);
	dump_text(out, "for", navigator->whom);
	dump_text(out, "address", navigator->address);
	dump_contact(out, navigator->line, NULL);
	buf_printf(out, " of=%u %d%d", navigator->organisation, navigator->walk_in,
	    navigator->self_referral);
	dump_list(out, "places", navigator->places);
	dump_list(out, "areas", navigator->areas);
	dump_list(out, "functions", navigator->functions);
	for (uint32_t i = 0; i < navigator->nhours; i++)
		buf_printf(out, " %x %d-%d", navigator->hours[i].days, navigator->hours[i].from,
		    navigator->hours[i].to);
	dump_life(out, navigator->life);
}

static inline void
dump_person(struct buf *out, const struct region_person *person)
{
	dump_text(out, "id", person->id);
	dump_text(out, "shown", person->shown_id);
	dump_text(out, "name", person->name);
	buf_printf(out, " protected=%d", person->protected);
	dump_texts(out, "aliases", person->aliases);
	buf_printf(out, " of=%u formers=%u", person->organisation, person->nformer_names);
	dump_list(out, "roles", person->roles);
	for (uint32_t i = 0; i < person->napprovals; i++) {
		buf_printf(out, " approval=%u by %u", person->approvals[i].function,
		    person->approvals[i].organisation);
		dump_life(out, person->approvals[i].life);
	}
	dump_contact(out, person->contact, person->work_phone);
}

static inline void
dump_service(struct buf *out, const struct region_service *service)
{
	dump_text(out, "id", service->id);
	dump_text(out, "name", service->name);
	buf_printf(out, " %u %u", service->function, service->organisation);
	dump_list(out, "places", service->places);
	dump_places(out, service->footprint);
	dump_contact(out, service->line, service->phone);
	dump_text(out, "fallback", service->fallback_text);
	dump_text(out, "rings", service->fallback_phone);
	buf_printf(out, " self=%d", service->self_referral);
	dump_list(out, "rotas", service->rotas);
}

static inline void
dump_reading(struct buf *out, const struct region_rota *rota)
{
	for (uint32_t i = 0; i < rota->nshift_codes; i++) {
		dump_text(out, "shift", rota->shift_codes[i].code);
		dump_texts(out, "names", rota->shift_codes[i].names);
		buf_printf(out, " %d %d %d", (int)rota->shift_codes[i].kind,
		    rota->shift_codes[i].from, rota->shift_codes[i].to);
	}
	for (uint32_t i = 0; i < rota->naliases; i++)
		buf_printf(out, " %s->%u", rota->aliases[i].alias, rota->aliases[i].person);
	for (uint32_t i = 0; i < rota->ntitles; i++) {
		dump_text(out, "title", rota->titles[i].title);
		dump_text(out, "reads", rota->titles[i].reads);
		dump_text(out, "team", rota->titles[i].team);
		buf_printf(out, " %u", rota->titles[i].person);
	}
	for (uint32_t i = 0; i < rota->nzones; i++)
		buf_printf(out, " %s->%s", rota->zones[i].name, rota->zones[i].zone);
	if (rota->grid.layout != NULL) {
		dump_text(out, "grid", rota->grid.layout);
		if (rota->grid.own != NULL)
			dump_texts(out, "own", rota->grid.own);
		buf_printf(out, " %d %d %d %d %d %d", rota->grid.hours, rota->grid.from,
		    rota->grid.to, rota->grid.weekend, rota->grid.weekend_from,
		    rota->grid.weekend_to);
		buf_printf(out, " %d %d %d", rota->grid.bank_holiday, rota->grid.holiday_from,
		    rota->grid.holiday_to);
	}
	for (uint32_t i = 0; i < rota->nwords; i++)
		buf_printf(out, " %s->%s", rota->words[i].words, rota->words[i].means);
}

static inline void
dump_rota(struct buf *out, const struct region_rota *rota)
{
	dump_text(out, "id", rota->id);
	buf_printf(out, " %u %u %d %d source=%d", rota->service, rota->organisation, rota->absences,
	    rota->tier, (int)rota->source);
	dump_life(out, rota->life);
	dump_text(out, "url", rota->url);
	dump_text(out, "secret", rota->way.secret);
	dump_text(out, "proxy", rota->way.proxy);
	dump_text(out, "ca", rota->way.ca);
	buf_printf(out, " %d", rota->way.over_http);
	dump_text(out, "path", rota->path);
	dump_text(out, "zone", rota->floating_zone);
	buf_printf(out, " %d %d %d %d %d %d", rota->every_minutes, rota->all_day_rule,
	    rota->all_day_start, rota->all_day_hours, rota->tentative_counts,
	    (int)rota->date_order);
	dump_text(out, "sheet", rota->sheet);
	buf_printf(out, " %d %d %d", (int)rota->marks.fill, (int)rota->marks.comment,
	    (int)rota->marks.hidden);
	dump_texts(out, "teams", rota->team_names);
	dump_reading(out, rota);
}

static inline void
dump_requirement(struct buf *out, const struct region_requirement *requirement)
{
	dump_text(out, "id", requirement->id);
	buf_printf(out, " %u %u %d %d %d %d %d %d", requirement->place, requirement->function,
	    requirement->count, requirement->team_counts, (int)requirement->role,
	    requirement->tolerance_minutes, requirement->max_share, requirement->handover_minutes);
	buf_printf(out, " severity %d %d %d", requirement->severity.critical_hours,
	    requirement->severity.high_hours, requirement->own_severity);
	dump_list(out, "approvers", requirement->approvers);
	dump_life(out, requirement->life);
	for (uint32_t i = 0; i < requirement->nhours; i++)
		buf_printf(out, " hours %d %d %d", requirement->hours[i].days,
		    requirement->hours[i].from, requirement->hours[i].to);
	dump_text(out, "owner", requirement->owner);
	dump_text(out, "deputy", requirement->deputy);
	buf_printf(out, " joint %d", requirement->joint);
	for (uint32_t i = 0; i < requirement->ncommissioners; i++)
		buf_printf(out, " commissioner %s %d %d", requirement->commissioners[i].who,
		    requirement->commissioners[i].share, requirement->commissioners[i].of);
	for (uint32_t i = 0; i < requirement->nalerts; i++)
		buf_printf(out, " alert %s %d", requirement->alerts[i].to,
		    requirement->alerts[i].lead_hours);
	dump_text(out, "pack", requirement->pack);
	dump_text(out, "confirmed_by", requirement->confirmed_by);
	buf_printf(out, " %" PRId64, requirement->confirmed_on);
}

static inline void
dump_demand(struct buf *out, const struct region_demand *demand)
{
	buf_printf(out, "demand %u %u %u", demand->requirement, demand->place, demand->function);
	for (size_t i = 0; i < demand->days.count; i++)
		dump_life(out, demand->days.items[i]);
	dump_list(out, "services", demand->services);
	dump_list(out, "rotas", demand->rotas);
	for (uint32_t i = 0; i < demand->nsupplies; i++) {
		buf_printf(out, " by %u", demand->supplies[i].rota);
		dump_life(out, demand->supplies[i].life);
	}
	buf_add_text(out, "\n");
}

static inline void
dump_account(struct buf *out, const struct region_account *account)
{
	dump_text(out, "name", account->name);
	dump_text(out, "kind", account->kind);
	dump_text(out, "role", account->role);
	dump_list(out, "places", account->places);
	buf_printf(out, " %u %u", account->organisation, account->person);
}

static inline void
dump_object(struct buf *out, const struct region *region, int kind, uint32_t index)
{
	switch (kind) {
	case REGION_KIND_ORGANISATION:
		dump_text(out, "code", region->organisations[index].code);
		dump_text(out, "name", region->organisations[index].name);
		dump_text(out, "kind", region->organisations[index].kind);
		dump_life(out, region->organisations[index].life);
		dump_list(out, "successors", region->organisations[index].successors);
		break;
	case REGION_KIND_FUNCTION:
		dump_function(out, region, &region->functions[index]);
		break;
	case REGION_KIND_PLACE:
		dump_place(out, &region->places[index]);
		break;
	case REGION_KIND_PERSON:
		dump_person(out, region_person(region, index));
		break;
	case REGION_KIND_SERVICE:
		dump_service(out, &region->services[index]);
		break;
	case REGION_KIND_ROTA:
		dump_rota(out, &region->rotas[index]);
		break;
	case REGION_KIND_REQUIREMENT:
		dump_requirement(out, &region->requirements[index]);
		break;
	case REGION_KIND_AREA:
		dump_text(out, "name", region->areas[index].name);
		dump_text(out, "kind", region->areas[index].kind);
		buf_printf(out, " %u", region->areas[index].place);
		dump_list(out, "also", region->areas[index].also);
		break;
	case REGION_KIND_NAVIGATOR:
		dump_navigator(out, &region->navigators[index]);
		break;
	default:
		dump_account(out, &region->accounts[index]);
		break;
	}
}

/* Everything but the version, which a file has not. For buf_free(). */
static inline struct buf
region_dump(const struct region *region)
{
	struct buf out = {0};

	dump_text(&out, "zone", region->time_zone);
	dump_text(&out, "holidays", region->holidays);
	buf_printf(&out, " practice=%d", region->practice);
	for (uint32_t i = 0; i < region->nholidays_added; i++)
		buf_printf(&out, " +%" PRId64 " %s", region->holidays_added[i].day,
		    region->holidays_added[i].name);
	for (uint32_t i = 0; i < region->nholidays_removed; i++)
		buf_printf(&out, " -%" PRId64, region->holidays_removed[i]);
	for (uint32_t i = 0; i < region->nformers; i++)
		buf_printf(&out, " %s %s was %s", region->formers[i].kind, region->formers[i].code,
		    region->formers[i].was);
	buf_add_text(&out, "\n");
	for (int kind = 0; kind < REGION_KINDS; kind++)
		for (uint32_t i = 0; i < region_kind_count(&region_kinds[kind], region); i++) {
			const char *code = region_kind_code(&region_kinds[kind], region, i);

			buf_printf(&out, "%s %u found at %u:", region_kinds[kind].kind, i,
			    region_kind_find(&region_kinds[kind], region, code));
			dump_object(&out, region, kind, i);
			buf_add_text(&out, "\n");
		}
	for (uint32_t i = 0; i < region->ndemands; i++)
		dump_demand(&out, &region->demands[i]);
	return out;
}
