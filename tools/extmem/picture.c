// SPDX-License-Identifier: GPL-2.0
/*
 * Where in a picture what is: slices, lanes, and the lines of text in each box.
 */
#include <stdlib.h>
#include <string.h>

#include "extmem.h"
#include "picture.h"

const char * const picture_heads[PICTURE_COLUMNS] = {
	[PICTURE_MEMORY]	= "Memory",
	[PICTURE_RESERVATION]	= "Reservations",
	[PICTURE_REGION]	= "Regions",
	[PICTURE_PARTITION]	= "Partitions",
};

const char * const picture_looks[LOOKS] = {
	[LOOK_UNCACHED]		= "uncached",
	[LOOK_WRITE_COMBINE]	= "write-combine",
	[LOOK_WRITE_THROUGH]	= "write-through",
	[LOOK_WRITE_BACK]	= "write-back",
	[LOOK_MEMORY]		= "memory",
	[LOOK_KEPT]		= "not for Linux",
	[LOOK_RESERVED]		= "reserved",
	[LOOK_NO_MAP]		= "no-map",
	[LOOK_REFUSED]		= "refused",
};

void picture_init(struct picture *picture, struct arena *arena)
{
	*picture = (struct picture){ .arena = arena };
	picture->end = &picture->boxes;
}

struct picture_box *picture_add(struct picture *picture, enum picture_column column,
				enum picture_look look, u64 first, u64 last)
{
	struct picture_box *box = arena_alloc(picture->arena, sizeof(*box));

	box->column = column;
	box->look = look;
	box->first = first;
	box->last = last < first ? (u64)-1 : last;
	*picture->end = box;
	picture->end = &box->next;
	picture->has_column[column] = true;
	picture->has_look[look] = true;
	return box;
}

void picture_note(struct picture *picture, const char *note)
{
	unsigned int count = picture->note_count;

	/* Room for twice as many, whenever it is used up. */
	if (!(count & (count - 1))) {
		const char **notes = arena_alloc(picture->arena,
						 (2 * count + 1) * sizeof(*notes));

		if (count)
			memcpy(notes, picture->notes, count * sizeof(*notes));
		picture->notes = notes;
	}
	picture->notes[picture->note_count++] = note;
}

static int compare(const void *a, const void *b)
{
	u64 one = *(const u64 *)a, other = *(const u64 *)b;

	return one < other ? -1 : one > other;
}

static unsigned int count_boxes(const struct picture *picture)
{
	const struct picture_box *box;
	unsigned int count = 0;

	for (box = picture->boxes; box; box = box->next)
		count++;
	return count;
}

/* The addresses at which something begins, or is over, each once. */
static unsigned int find_lines(const struct picture *picture, u64 *lines)
{
	const struct picture_box *box;
	unsigned int count = 0, kept = 0, i;

	for (box = picture->boxes; box; box = box->next) {
		lines[count++] = box->first;
		if (box->last != (u64)-1)
			lines[count++] = box->last + 1;
	}
	if (!count)
		return 0;
	qsort(lines, count, sizeof(*lines), compare);
	for (i = 1; i < count; i++)
		if (lines[i] != lines[kept])
			lines[++kept] = lines[i];
	return kept + 1;
}

static unsigned int slice_at(const struct picture *picture, u64 address)
{
	unsigned int low = 0, high = picture->slice_count;

	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (picture->slices[middle].first <= address)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* After the last line there is nothing, unless a box goes to the end of all addresses. */
static void cut_slices(struct picture *picture)
{
	unsigned int i, count;
	struct picture_box *box;
	u64 *lines, last = 0;

	lines = arena_alloc(picture->arena, (2 * count_boxes(picture) + 1) * sizeof(*lines));
	count = find_lines(picture, lines);
	for (box = picture->boxes; box; box = box->next)
		last = box->last > last ? box->last : last;
	if (count && last != (u64)-1)
		count--;
	picture->slice_count = count;
	picture->slices = arena_alloc(picture->arena, (count + 1) * sizeof(*picture->slices));
	for (i = 0; i < count; i++) {
		picture->slices[i].first = lines[i];
		picture->slices[i].last = i + 1 < count ? lines[i + 1] - 1 : last;
		picture->slices[i].gap = true;
		picture->slices[i].rows = 1;
	}
	for (box = picture->boxes; box; box = box->next) {
		box->top = slice_at(picture, box->first);
		box->bottom = slice_at(picture, box->last);
		for (i = box->top; i <= box->bottom; i++)
			picture->slices[i].gap = false;
	}
}

static bool overlap(const struct picture_box *a, const struct picture_box *b)
{
	return a->column == b->column && a->first <= b->last && b->first <= a->last;
}

static bool is_lane_free(const struct picture *picture, const struct picture_box *box,
			 unsigned int lane)
{
	const struct picture_box *other;

	for (other = picture->boxes; other != box; other = other->next)
		if (other->lane == lane && overlap(other, box))
			return false;
	return true;
}

/* Those that overlap have as many lanes, and so have those that overlap one of them. */
static void share_lanes(struct picture *picture)
{
	struct picture_box *box, *other;
	bool changed = true;

	while (changed) {
		changed = false;
		for (box = picture->boxes; box; box = box->next)
			for (other = picture->boxes; other; other = other->next)
				if (overlap(box, other) && box->lanes < other->lanes) {
					box->lanes = other->lanes;
					changed = true;
				}
	}
}

static void find_lanes(struct picture *picture)
{
	struct picture_box *box;

	for (box = picture->boxes; box; box = box->next) {
		box->lane = 0;
		while (!is_lane_free(picture, box, box->lane))
			box->lane++;
		box->lanes = box->lane + 1;
	}
	share_lanes(picture);
}

/* What does not fit ends in two dots, for an ellipsis is not in every font. */
static const char *shorten(struct arena *arena, const char *text, unsigned int room)
{
	if (strlen(text) <= room)
		return text;
	if (room < 3)
		return arena_text(arena, text, room);
	return arena_printf(arena, "%.*s..", (int)room - 2, text);
}

/* As many words in a line as fit. */
static void wrap(struct picture *picture, struct picture_box *box, unsigned int room)
{
	const char *line = NULL;
	unsigned int i;

	box->line_count = 0;
	for (i = 0; i < PICTURE_WORDS && room; i++) {
		const char *word = box->words[i];

		if (!word || !*word)
			continue;
		if (line && strlen(line) + 2 + strlen(word) <= room) {
			line = arena_printf(picture->arena, "%s, %s", line, word);
			box->lines[box->line_count - 1] = line;
		} else {
			/* A name can be in bold letters, which are wider. */
			line = shorten(picture->arena, word, i ? room : room - room / 8);
			box->lines[box->line_count++] = line;
		}
	}
}

static unsigned int rows_of(const struct picture *picture, const struct picture_box *box)
{
	unsigned int rows = 0, i;

	for (i = box->top; i <= box->bottom && rows < PICTURE_LINES; i++)
		rows += picture->slices[i].rows;
	return rows;
}

static bool has_several_slices(const struct picture_box *box)
{
	return box->top != box->bottom;
}

/* The small ones first: they have no other slice to be written in. */
static void make_room(struct picture *picture)
{
	struct picture_box *box;
	int several;

	for (several = 0; several < 2; several++)
		for (box = picture->boxes; box; box = box->next) {
			unsigned int rows = rows_of(picture, box);

			if (has_several_slices(box) == several && rows < box->line_count)
				picture->slices[box->top].rows += box->line_count - rows;
		}
}

bool picture_is_drawable(const struct picture *picture)
{
	return count_boxes(picture) <= PICTURE_MOST_BOXES;
}

void picture_lay_out(struct picture *picture, const unsigned int room[PICTURE_COLUMNS])
{
	struct picture_box *box;

	cut_slices(picture);
	find_lanes(picture);
	for (box = picture->boxes; box; box = box->next) {
		unsigned int share = room[box->column] / box->lanes;

		wrap(picture, box, share > 2 ? share - 2 : 1);
	}
	make_room(picture);
}
