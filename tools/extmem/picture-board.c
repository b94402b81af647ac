// SPDX-License-Identifier: GPL-2.0
/*
 * The boxes of a board: its memory, its reservations, its regions and their partitions.
 */
#include <string.h>

#include "extmem.h"
#include "picture.h"

static const char *size_word(struct arena *arena, u64 size)
{
	char text[SIZE_TEXT];

	return arena_printf(arena, "%s", size_text(size, text));
}

static const char *place_line(struct arena *arena, const struct picture_box *box)
{
	return arena_printf(arena, "0x%llx-0x%llx", (unsigned long long)box->first,
			    (unsigned long long)box->last);
}

static void add_memory(struct picture *picture, enum picture_look look,
		       const struct range *range)
{
	struct picture_box *box = picture_add(picture, PICTURE_MEMORY, look, range->first,
					      range->last);
	const char *size = size_word(picture->arena, range->last - range->first + 1);

	box->words[0] = look == LOOK_MEMORY ? "main memory" : "not for Linux";
	box->words[1] = size;
	box->hover = arena_printf(picture->arena, "%s\n%s, %s",
				  look == LOOK_MEMORY ? "Main memory, of /memory" :
				  "Memory of /memory that linux,usable-memory-range keeps from Linux",
				  place_line(picture->arena, box), size);
}

static void add_memories(struct picture *picture, const struct board *board)
{
	struct ranges kept;
	size_t i;

	ranges_cut(&board->installed, 0, (u64)-1, &kept);
	for (i = 0; i < board->memory.count; i++) {
		add_memory(picture, LOOK_MEMORY, &board->memory.list[i]);
		ranges_remove(&kept, board->memory.list[i].first, board->memory.list[i].last);
	}
	for (i = 0; i < kept.count; i++)
		add_memory(picture, LOOK_KEPT, &kept.list[i]);
}

static const char *kind_of(const struct board_reservation *reservation)
{
	if (reservation->pool)
		return reservation->no_map ? "pool, no-map" :
		       reservation->reusable ? "pool, reusable" : "pool";
	return reservation->no_map ? "no-map" : reservation->reusable ? "reusable" : "";
}

static void add_reservation(struct picture *picture, struct board *board,
			    const struct board_reservation *reservation)
{
	struct arena *arena = picture->arena;
	struct picture_box *box =
		picture_add(picture, PICTURE_RESERVATION,
			    reservation->no_map ? LOOK_NO_MAP : LOOK_RESERVED, reservation->base,
			    reservation->base + reservation->size - 1);
	const char *size = size_word(arena, reservation->size), *kind = kind_of(reservation);

	box->floating = reservation->floating;
	box->words[0] = arena_text(arena, reservation->name, strcspn(reservation->name, "@"));
	box->words[1] = size;
	box->words[2] = kind;
	box->hover = arena_printf(arena, "%s\n%s, %s%s%s%s",
				  reservation->node ? tree_path(&board->tree, reservation->node) :
				  reservation->name,
				  place_line(arena, box), size, *kind ? ", " : "", kind,
				  reservation->floating ?
				  "\nThe boot chooses the address; this one is likely" : "");
}

void picture_reservations(struct picture *picture, struct board *board)
{
	const struct board_reservation *reservation;

	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->has_base)
			add_reservation(picture, board, reservation);
		else
			picture_note(picture,
				     arena_printf(picture->arena,
						  "%s, %s: the boot chooses an address",
						  reservation->name,
						  size_word(picture->arena, reservation->size)));
}

/* "ram, write-combine, read-only" */
static const char *character_of(struct arena *arena, const struct extmem_desc *desc)
{
	return arena_printf(arena, "%s, %s%s%s", extmem_type_name(desc->type),
			    extmem_policy_name(desc->policy), desc->read_only ? ", ro" : "",
			    desc->pool ? ", pool" : "");
}

static const char *hover_of(struct picture *picture, struct board *board,
			    const struct board_region *region, const struct picture_box *box)
{
	struct arena *arena = picture->arena;
	const struct extmem_desc *desc = &region->desc;

	if (region->standing == BOARD_REFUSED)
		return arena_printf(arena, "%s\nRefused: %s", place_line(arena, box),
				    region->verdict.message);
	return arena_printf(arena, "%s\n%s, %s\n%s, backend %s\n%s%s%s%s", desc->name,
			    place_line(arena, box), size_word(arena, region->size),
			    character_of(arena, desc), region->backend,
			    tree_path(&board->tree, region->node),
			    desc->reserved_by && strcmp(desc->reserved_by, desc->node) ?
			    "\nin " : "",
			    desc->reserved_by && strcmp(desc->reserved_by, desc->node) ?
			    desc->reserved_by : "",
			    desc->type == EXTMEM_CMA && !region->root ?
			    desc->buffer_size ? "\nIts buffer is somewhere in the pool" :
			    "\nPrograms take buffers from the pool" : "");
}

/* A buffer of a pool can be anywhere in it. */
static u64 drawn_size(const struct board_region *region)
{
	return region->desc.type == EXTMEM_CMA && !region->root ? region->desc.size : region->size;
}

static void add_region(struct picture *picture, struct board *board,
		       const struct board_region *region)
{
	struct arena *arena = picture->arena;
	bool refused = region->standing == BOARD_REFUSED;
	const char *name = region->desc.name;
	struct picture_box *box;

	/* Of "nvram.env" the first half is beside it. */
	if (region->root && !refused)
		name += strlen(region->root->desc.name) + 1;
	if (refused)
		name = arena_text(arena, region->node->name, strcspn(region->node->name, "@"));
	box = picture_add(picture, region->root ? PICTURE_PARTITION : PICTURE_REGION,
			  refused ? LOOK_REFUSED : (enum picture_look)region->desc.policy,
			  region->base, region->base + drawn_size(region) - 1);
	box->floating = (region->reservation && region->reservation->floating) ||
			region->desc.type == EXTMEM_CMA;
	box->words[0] = name;
	box->words[1] = refused ? "refused" : size_word(arena, region->size);
	if (!refused)
		box->words[2] = region->root ? region->desc.read_only ? "ro" : "" :
				character_of(arena, &region->desc);
	box->hover = hover_of(picture, board, region, box);
}

static const char *note_of(struct picture *picture, const struct board_region *region)
{
	struct arena *arena = picture->arena;

	if (region->standing != BOARD_GOOD)
		return arena_printf(arena, "refused: %s", region->verdict.message);
	return arena_printf(arena, "%s, %s, %s: it has no address before the boot",
			    region->desc.name, size_word(arena, region->size),
			    character_of(arena, &region->desc));
}

static void add_regions(struct picture *picture, struct board *board)
{
	const struct board_region *region;

	for (region = board->regions; region; region = region->next) {
		if (region->standing == BOARD_LOST)
			continue;
		/* A refused one is drawn if it came as far as to have an address. */
		if (region->has_place && region->size)
			add_region(picture, board, region);
		else
			picture_note(picture, note_of(picture, region));
	}
}

void picture_board(struct picture *picture, struct board *board)
{
	picture->title = board->model ? board->model : board->tree.file;
	picture->subtitle = arena_printf(picture->arena, "%s, %u regions, %u partitions",
					 board->machine.name, board->region_count,
					 board->partition_count);
	if (!board->machine.facts.simulated)
		add_memories(picture, board);
	picture_reservations(picture, board);
	add_regions(picture, board);
}
