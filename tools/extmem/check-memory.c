// SPDX-License-Identifier: GPL-2.0
/*
 * Advice on main memory and what is reserved in it: reservations that reserve nothing, or
 * the same, and holes that nobody describes.
 */
#include <string.h>

#include "board-address.h"
#include "check.h"
#include "extmem.h"

/* Between two banks of memory there can be any distance. */
#define LARGEST_HOLE	(1ULL << 30)

static void advise_reserved_memory(struct check *check)
{
	struct tree_node *reserved = tree_find(&check->board->tree, "/reserved-memory");
	const struct board_reservation *reservation;

	for (reservation = check->board->reservations; reservation; reservation = reservation->next)
		if (reservation->node)
			return;
	/* There are none, or the kernel takes none of them. */
	if (!reserved || !reserved->child || !check->board->regions)
		return;
	if (tree_has(reserved, "ranges") && tree_has(reserved, "#address-cells") &&
	    tree_has(reserved, "#size-cells") &&
	    tree_address_cells(reserved->child) == tree_address_cells(reserved) &&
	    tree_size_cells(reserved->child) == tree_size_cells(reserved))
		return;
	check_advise(check, CHECK_RESERVED_MEMORY, reserved,
		     tree_has(reserved, "ranges") ? "#address-cells" : "ranges",
		     "the kernel ignores all that is below it; give it an empty ranges, and the root's #address-cells and #size-cells");
}

static void advise_outside(struct check *check, const struct board_reservation *reservation)
{
	u64 first = reservation->base, last = range_last(first, reservation->size);
	u64 inside = ranges_bytes(&check->board->installed, first, last);

	if (inside == reservation->size)
		return;
	check_advise(check, CHECK_MEMORY_OVERLAP, reservation->node, "reg",
		     inside ? "0x%llx-0x%llx is in part outside of /memory; move one of its ends" :
			      "0x%llx-0x%llx is outside of /memory, so there is nothing to reserve; a region there has a reg of its own",
		     (unsigned long long)first, (unsigned long long)last);
}

static void advise_overlap(struct check *check, const struct board_reservation *reservation)
{
	const struct board_reservation *other;

	for (other = check->board->reservations; other != reservation; other = other->next) {
		if (!other->has_base || !other->node ||
		    other->base > range_last(reservation->base, reservation->size) ||
		    reservation->base > range_last(other->base, other->size))
			continue;
		check_advise(check, CHECK_MEMORY_OVERLAP, reservation->node, "reg",
			     "0x%llx-0x%llx overlaps %s (0x%llx-0x%llx); move one of them",
			     (unsigned long long)reservation->base,
			     (unsigned long long)range_last(reservation->base, reservation->size),
			     tree_path(&check->board->tree, other->node),
			     (unsigned long long)other->base,
			     (unsigned long long)range_last(other->base, other->size));
	}
}

/* Only what has to do with a region: the rest of the board is not ours to judge. */
static bool is_used(const struct board *board, const struct board_reservation *reservation)
{
	const struct board_region *region;

	for (region = board->regions; region; region = region->next)
		if (region->reservation == reservation)
			return true;
	return false;
}

static bool has_a_place(const struct board_reservation *reservation)
{
	return reservation->node && reservation->has_base && !reservation->floating;
}

static void advise_reservations(struct check *check)
{
	struct board *board = check->board;
	const struct board_reservation *reservation;

	for (reservation = board->reservations; reservation; reservation = reservation->next) {
		if (!has_a_place(reservation) || !is_used(board, reservation))
			continue;
		if (board->knows_memory)
			advise_outside(check, reservation);
		advise_overlap(check, reservation);
	}
}

/* A region with a reg of its own where there is a reservation that it does not name. */
static void advise_unnamed(struct check *check, const struct board_region *region)
{
	struct board *board = check->board;
	const struct board_reservation *reservation;

	if (region->desc.reservation != EXTMEM_NOT_RESERVED)
		return;
	for (reservation = board->reservations; reservation; reservation = reservation->next) {
		if (!has_a_place(reservation) ||
		    reservation->base > region->base + region->size - 1 ||
		    region->base > range_last(reservation->base, reservation->size))
			continue;
		check_advise(check, CHECK_MEMORY_OVERLAP, region->node, "reg",
			     "0x%llx-0x%llx is in %s, which may be another's; name it by memory-region, or move one of them",
			     (unsigned long long)region->base,
			     (unsigned long long)(region->base + region->size - 1),
			     tree_path(&board->tree, reservation->node));
	}
}

static void remove_devices(const struct board *board, struct ranges *hole)
{
	const struct tree_node *node;
	u64 base, size;
	int i;

	for (node = board->tree.root; node; node = tree_next(node))
		for (i = 0; tree_has(node, "compatible") && tree_range(node, i, &base, &size); i++)
			ranges_remove(hole, base, range_last(base, size));
}

static void remove_described(const struct board *board, struct ranges *hole)
{
	const struct board_reservation *reservation;
	const struct board_region *region;

	for (region = board->regions; region; region = region->next)
		if (region->has_place)
			ranges_remove(hole, region->base, range_last(region->base, region->size));
	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->has_base)
			ranges_remove(hole, reservation->base,
				      range_last(reservation->base, reservation->size));
}

static void advise_hole(struct check *check, u64 first, u64 last)
{
	struct tree_node *root = check->board->tree.root, *memory;
	char text[SIZE_TEXT];
	struct ranges hole;
	size_t i;

	ranges_init(&hole, &check->board->tree.arena);
	ranges_add(&hole, first, last);
	remove_devices(check->board, &hole);
	remove_described(check->board, &hole);
	for (memory = root->child; memory; memory = memory->next)
		if (tree_name_is(memory, "memory"))
			break;
	for (i = 0; i < hole.count; i++)
		check_advise(check, CHECK_MEMORY_HOLE, memory ? memory : root, "reg",
			     "the hole 0x%llx-0x%llx, %s, is in no node; if there is memory, describe it",
			     (unsigned long long)hole.list[i].first,
			     (unsigned long long)hole.list[i].last,
			     size_text(hole.list[i].last - hole.list[i].first + 1, text));
}

static void advise_holes(struct check *check)
{
	const struct ranges *installed = &check->board->installed;
	size_t i;

	for (i = 1; i < installed->count; i++) {
		u64 first = installed->list[i - 1].last + 1, last = installed->list[i].first - 1;

		if (last - first < LARGEST_HOLE)
			advise_hole(check, first, last);
	}
}

void check_add_memory_advice(struct check *check)
{
	const struct board_region *region;

	if (check->board->machine.facts.simulated)
		return;
	advise_reserved_memory(check);
	advise_reservations(check);
	for (region = check->board->regions; region; region = region->next)
		if (region->standing == BOARD_GOOD && !region->root)
			advise_unnamed(check, region);
	if (check->board->regions)
		advise_holes(check);
}
