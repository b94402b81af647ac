// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of addresses.
 */
#include <string.h>

#include "board-ranges.h"

void ranges_init(struct ranges *ranges, struct arena *arena)
{
	*ranges = (struct ranges){ .arena = arena };
}

static void insert(struct ranges *ranges, size_t at, u64 first, u64 last)
{
	if (ranges->count == ranges->room) {
		size_t room = ranges->room ? 2 * ranges->room : 8;
		struct range *list = arena_alloc(ranges->arena, room * sizeof(*list));

		if (ranges->count)
			memcpy(list, ranges->list, ranges->count * sizeof(*list));
		ranges->list = list;
		ranges->room = room;
	}
	memmove(ranges->list + at + 1, ranges->list + at,
		(ranges->count - at) * sizeof(*ranges->list));
	ranges->list[at] = (struct range){ first, last };
	ranges->count++;
}

static void drop(struct ranges *ranges, size_t at)
{
	memmove(ranges->list + at, ranges->list + at + 1,
		(ranges->count - at - 1) * sizeof(*ranges->list));
	ranges->count--;
}

/* Is the one before @first, with nothing between? */
static bool ends_before(const struct range *range, u64 first)
{
	return range->last < first && first - range->last > 1;
}

void ranges_add(struct ranges *ranges, u64 first, u64 last)
{
	size_t at = 0;

	while (at < ranges->count && ends_before(&ranges->list[at], first))
		at++;
	while (at < ranges->count && (last == (u64)-1 || ranges->list[at].first <= last + 1)) {
		if (ranges->list[at].first < first)
			first = ranges->list[at].first;
		if (ranges->list[at].last > last)
			last = ranges->list[at].last;
		drop(ranges, at);
	}
	insert(ranges, at, first, last);
}

void ranges_remove(struct ranges *ranges, u64 first, u64 last)
{
	size_t at = 0;

	while (at < ranges->count) {
		struct range found = ranges->list[at];

		if (found.last < first || found.first > last) {
			at++;
			continue;
		}
		drop(ranges, at);
		if (found.first < first)
			insert(ranges, at++, found.first, first - 1);
		if (found.last > last)
			insert(ranges, at++, last + 1, found.last);
	}
}

u64 ranges_bytes(const struct ranges *ranges, u64 first, u64 last)
{
	u64 bytes = 0;
	size_t i;

	for (i = 0; i < ranges->count; i++) {
		const struct range *range = &ranges->list[i];

		if (range->last < first || range->first > last)
			continue;
		bytes += (range->last < last ? range->last : last) -
			 (range->first > first ? range->first : first) + 1;
	}
	return bytes;
}

void ranges_cut(const struct ranges *from, u64 first, u64 last, struct ranges *cut)
{
	size_t i;

	ranges_init(cut, from->arena);
	for (i = 0; i < from->count; i++) {
		const struct range *range = &from->list[i];

		if (range->last >= first && range->first <= last)
			ranges_add(cut, range->first > first ? range->first : first,
				   range->last < last ? range->last : last);
	}
}
