// SPDX-License-Identifier: GPL-2.0
/*
 * A board's main memory and what is reserved in it, as the kernel finds them at boot: in
 * drivers/of/fdt.c and of_reserved_mem.c.
 */
#include <string.h>

#include "board-address.h"
#include "board.h"

/* Of the root, without inheritance; the boot has not seen any other node. */
static int root_cells(const struct board *board, const char *name)
{
	u32 cells;

	return tree_u32(board->tree.root, name, &cells) && cells <= 4 ? (int)cells : 1;
}

/* Range @index in a property whose cells are the root's. */
static bool root_range(const struct board *board, const struct tree_prop *prop, int index,
		       u64 *base, u64 *size)
{
	int address_cells = root_cells(board, "#address-cells");
	int size_cells = root_cells(board, "#size-cells");
	int width = address_cells + size_cells;

	if (!prop || !width || prop->len / 4 / width <= index)
		return false;
	*base = tree_number(prop, (long)index * width, address_cells);
	*size = tree_number(prop, (long)index * width + address_cells, size_cells);
	return true;
}

/* The kernel has memory by the page. */
static void add_pages(struct ranges *ranges, u64 base, u64 size, u64 page)
{
	u64 start = (base + page - 1) & ~(page - 1), end = range_last(base, size);

	if (!size || start < base || start > end)
		return;
	end -= (end + 1) & (page - 1);
	if (end != (u64)-1 && end < start)
		return;
	ranges_add(ranges, start, end);
}

static void find_installed(struct board *board)
{
	const struct tree_node *node;

	for (node = board->tree.root->child; node; node = node->next) {
		const char *type = tree_string(node, "device_type");
		const struct tree_prop *reg = tree_prop(node, "linux,usable-memory");
		u64 base, size;
		int i;

		if (!type || strcmp(type, "memory") || !tree_available(node))
			continue;
		if (!reg)
			reg = tree_prop(node, "reg");
		for (i = 0; root_range(board, reg, i, &base, &size); i++)
			add_pages(&board->installed, base, size, board->machine.facts.page_size);
	}
}

/* The first range of linux,usable-memory-range cuts, the second adds. */
static void find_usable(struct board *board)
{
	const struct tree_node *chosen = tree_find(&board->tree, "/chosen");
	const struct tree_prop *prop = tree_prop(chosen, "linux,usable-memory-range");
	u64 base, size;

	if (root_range(board, prop, 0, &base, &size) && size)
		ranges_cut(&board->installed, base, range_last(base, size), &board->memory);
	else
		ranges_cut(&board->installed, 0, (u64)-1, &board->memory);
	if (root_range(board, prop, 1, &base, &size) && size)
		ranges_add(&board->memory, base, range_last(base, size));
}

/* In any other form, the kernel ignores /reserved-memory as a whole. */
static bool kernel_takes(const struct board *board, const struct tree_node *reserved)
{
	u32 address_cells, size_cells;

	return tree_u32(reserved, "#address-cells", &address_cells) &&
	       tree_u32(reserved, "#size-cells", &size_cells) &&
	       (int)address_cells == root_cells(board, "#address-cells") &&
	       (int)size_cells == root_cells(board, "#size-cells") &&
	       tree_has(reserved, "ranges");
}

/* Or the kernel passes it over. */
static bool has_length(const struct tree_prop *prop, int unit, bool several)
{
	return !prop || prop->len == unit || (several && unit && prop->len % unit == 0);
}

static bool read_place(const struct board *board, struct tree_node *node,
		       struct board_reservation *reservation)
{
	const struct tree_prop *reg = tree_prop(node, "reg"), *size = tree_prop(node, "size");
	int size_cells = root_cells(board, "#size-cells");
	int one = 4 * (root_cells(board, "#address-cells") + size_cells);

	if (reg) {
		reservation->has_base = true;
		return has_length(reg, one, true) &&
		       root_range(board, reg, 0, &reservation->base, &reservation->size) &&
		       reservation->size;
	}
	if (!size || !has_length(size, 4 * size_cells, false) ||
	    !has_length(tree_prop(node, "alignment"), one - 4 * size_cells, false) ||
	    !has_length(tree_prop(node, "alloc-ranges"), one, true))
		return false;
	reservation->floating = true;
	reservation->size = tree_number(size, 0, size_cells);
	return reservation->size;
}

static struct board_reservation **add_reservation(struct board *board,
						  struct board_reservation **end,
						  struct tree_node *node)
{
	struct board_reservation *reservation =
		arena_alloc(&board->tree.arena, sizeof(*reservation));

	if (!tree_available(node) || !read_place(board, node, reservation))
		return end;
	reservation->node = node;
	reservation->name = node->name;
	reservation->no_map = tree_has(node, "no-map");
	reservation->reusable = tree_has(node, "reusable");
	reservation->pool = tree_compatible(node, "shared-dma-pool");
	*end = reservation;
	return &reservation->next;
}

static void add_memreserves(struct board *board, struct board_reservation **end)
{
	const struct tree_reserve *reserve;

	for (reserve = board->tree.reserves; reserve; reserve = reserve->next) {
		if (!reserve->size)
			continue;
		*end = arena_alloc(&board->tree.arena, sizeof(**end));
		**end = (struct board_reservation){
			.name = "/memreserve/",
			.base = reserve->base,
			.size = reserve->size,
			.has_base = true,
		};
		end = &(*end)->next;
	}
}

static void find_reservations(struct board *board)
{
	struct tree_node *reserved = tree_find(&board->tree, "/reserved-memory"), *node;
	struct board_reservation **end = &board->reservations;

	if (reserved && kernel_takes(board, reserved))
		for (node = reserved->child; node; node = node->next)
			end = add_reservation(board, end, node);
	add_memreserves(board, end);
}

/* What has no-map is there, but no System RAM. */
static void find_ram(struct board *board)
{
	const struct board_reservation *reservation;

	ranges_cut(&board->memory, 0, (u64)-1, &board->ram);
	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->no_map && reservation->has_base)
			ranges_remove(&board->ram, reservation->base,
				      range_last(reservation->base, reservation->size));
}

void board_find_memory(struct board *board)
{
	ranges_init(&board->installed, &board->tree.arena);
	find_installed(board);
	find_usable(board);
	/* A boot loader often fills it in. */
	board->knows_memory = board->memory.count;
	find_reservations(board);
	board_place_reservations(board);
	find_ram(board);
}

const struct board_reservation *board_reservation_of(const struct board *board,
						     const struct tree_node *node)
{
	const struct board_reservation *reservation;

	for (reservation = board->reservations; reservation; reservation = reservation->next)
		if (reservation->node == node)
			break;
	/* There is no room for it, unless it is not known how much there is. */
	if (reservation && !reservation->has_base && board->knows_memory)
		return NULL;
	return reservation;
}

/* Where nobody knows how much memory there is, a reservation is in it. */
enum extmem_overlap board_ram_in(const struct board *board, const struct extmem_desc *desc)
{
	u64 bytes;

	if (board->machine.facts.simulated)
		return EXTMEM_NO_RAM;
	if (!board->knows_memory)
		return desc->reservation == EXTMEM_CARVE_OUT ||
		       desc->reservation == EXTMEM_REUSABLE_POOL ?
		       EXTMEM_ALL_RAM : EXTMEM_NO_RAM;
	bytes = ranges_bytes(&board->ram, desc->base, desc->base + desc->size - 1);
	if (!bytes)
		return EXTMEM_NO_RAM;
	return bytes == desc->size ? EXTMEM_ALL_RAM : EXTMEM_SOME_RAM;
}
