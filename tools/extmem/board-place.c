// SPDX-License-Identifier: GPL-2.0
/*
 * Reservations that have a size and no address: the boot chooses the address. This chooses
 * as it does, from the top, knowing the board's other reservations, but neither the kernel's
 * image nor what the firmware has left.
 */
#include "board-address.h"
#include "board.h"

static void find_free(const struct board *board, struct ranges *free)
{
	const struct board_reservation *reservation;

	ranges_cut(&board->memory, 0, (u64)-1, free);
	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->has_base)
			ranges_remove(free, reservation->base,
				      range_last(reservation->base, reservation->size));
}

static u64 alignment_of(const struct board *board,
			const struct board_reservation *reservation)
{
	const struct tree_prop *prop = tree_prop(reservation->node, "alignment");
	u64 align = prop ? tree_number(prop, 0, prop->len / 4) : 0;

	if (reservation->pool && reservation->reusable && !reservation->no_map &&
	    align < board->machine.pool_alignment)
		align = board->machine.pool_alignment;
	if (align < board->machine.facts.page_size)
		align = board->machine.facts.page_size;
	/* The kernel's own arithmetic asks for a power of two. */
	return align & (align - 1) ? board->machine.facts.page_size : align;
}

/* The highest place in a range. */
static bool place_in(struct board_reservation *reservation, u64 align,
		     const struct range *range, u64 first, u64 last)
{
	u64 low = range->first > first ? range->first : first;
	u64 high = range->last < last ? range->last : last;
	u64 base;

	if (low > high || high - low < reservation->size - 1)
		return false;
	base = (high - (reservation->size - 1)) & ~(align - 1);
	if (base < low || !base)
		return false;
	reservation->base = base;
	reservation->has_base = true;
	return true;
}

static void place_between(struct board_reservation *reservation, u64 align,
			  const struct ranges *free, u64 first, u64 last)
{
	size_t i = free->count;

	while (i-- > 0 && !reservation->has_base)
		place_in(reservation, align, &free->list[i], first, last);
}

static void place(struct board *board, struct board_reservation *reservation)
{
	const struct tree_prop *prop = tree_prop(reservation->node, "alloc-ranges");
	int address_cells = tree_address_cells(reservation->node);
	int size_cells = tree_size_cells(reservation->node);
	int width = address_cells + size_cells, i;
	u64 align = alignment_of(board, reservation);
	struct ranges free;

	find_free(board, &free);
	if (!prop) {
		place_between(reservation, align, &free, 0, (u64)-1);
		return;
	}
	for (i = 0; width > 0 && prop->len / 4 / width > i && !reservation->has_base; i++) {
		u64 first = tree_number(prop, (long)i * width, address_cells);
		u64 size = tree_number(prop, (long)i * width + address_cells, size_cells);

		if (size && first + size - 1 >= first)
			place_between(reservation, align, &free, first, first + size - 1);
	}
}

void board_place_reservations(struct board *board)
{
	struct board_reservation *reservation;

	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->floating)
			place(board, reservation);
}
