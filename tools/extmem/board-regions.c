// SPDX-License-Identifier: GPL-2.0
/*
 * The regions of a board, one after the other as the kernel probes them, each judged by
 * the kernel's own rules beside those that are there already: in user space what
 * drivers/extmem/driver.c and index.c do.
 */
#include <string.h>

#include "board.h"

struct finder {
	struct board *board;
	struct board_region **end;
};

static u64 page_of(const struct board *board, u64 address)
{
	return address & ~(board->machine.facts.page_size - 1);
}

/* Would the kernel's index find it when it looks around a new region? */
static bool touches(const struct board *board, const struct board_region *region,
		    const struct board_region *other)
{
	const struct extmem_desc *a = &region->desc, *b = &other->desc;

	return page_of(board, a->base) <= page_of(board, b->base + b->size - 1) &&
	       page_of(board, b->base) <= page_of(board, a->base + a->size - 1);
}

static bool is_floating(const struct board_region *region)
{
	return region->reservation && region->reservation->floating;
}

/* That with the lowest address first, as in the index. */
static const struct board_region *next_neighbour(const struct board *board,
						 const struct board_region *region,
						 const struct board_region *after)
{
	const struct board_region *other, *best = NULL;
	bool passed = !after;

	for (other = board->regions; other && other != region; other = other->next) {
		bool later = !after || other->desc.base > after->desc.base ||
			     (other->desc.base == after->desc.base && passed);

		if (other == after)
			passed = true;
		else if (!other->root && other->standing == BOARD_GOOD && later &&
			 !is_floating(other) && touches(board, region, other) &&
			 (!best || other->desc.base < best->desc.base))
			best = other;
	}
	return best;
}

static int check_neighbours(const struct board *board, struct board_region *region)
{
	const struct board_region *other = NULL;
	int ret = 0;

	/* Where the boot puts it, nobody else is. */
	if (is_floating(region))
		return 0;
	while (!ret && (other = next_neighbour(board, region, other)))
		ret = extmem_rules_neighbours(&region->desc, &other->desc,
					      &board->machine.facts, &region->verdict);
	return ret;
}

static int check_siblings(const struct board_region *region, struct extmem_verdict *verdict)
{
	const struct board_region *other;
	int ret = 0;

	for (other = region->root->next; !ret && other && other != region; other = other->next)
		if (other->root == region->root && other->standing == BOARD_GOOD)
			ret = extmem_rules_siblings(&region->desc, &other->desc, verdict);
	return ret;
}

static int check_name(const struct board *board, struct board_region *region)
{
	const struct board_region *other;

	for (other = board->regions; other && other != region; other = other->next)
		if (other->standing == BOARD_GOOD && !strcmp(other->desc.name, region->desc.name))
			return extmem_rules_same_name(&region->desc, &other->desc,
						      &region->verdict);
	return 0;
}

static int judge(const struct board *board, struct board_region *region)
{
	int ret = extmem_parse_region(&region->said, &region->desc, &region->verdict);

	if (ret)
		return ret;
	region->has_place = !region->reservation || region->reservation->has_base;
	region->base = region->desc.base;
	region->size = region->desc.buffer_size ? region->desc.buffer_size : region->desc.size;
	return extmem_rules_judge(&region->desc, &board->machine.facts,
				  board_ram_in(board, &region->desc), &region->verdict);
}

static struct board_region *add_region(struct finder *finder, struct tree_node *node,
				       struct board_region *root)
{
	struct board_region *region = arena_alloc(&finder->board->tree.arena, sizeof(*region));

	region->node = node;
	region->root = root;
	*finder->end = region;
	finder->end = &region->next;
	return region;
}

static void find_partition(struct finder *finder, struct tree_node *node,
			   struct board_region *root)
{
	struct board_region *region = add_region(finder, node, root);
	int ret;

	finder->board->partition_count++;
	if (root->standing != BOARD_GOOD) {
		region->standing = BOARD_LOST;
		return;
	}
	board_read_partition(finder->board, node, &region->said);
	ret = extmem_parse_partition(&region->said, &root->desc, root->size, &region->desc,
				     &region->verdict);
	if (!ret) {
		region->has_place = root->has_place;
		region->base = root->base + region->desc.base;
		region->size = region->desc.size;
		region->backend = root->backend;
		ret = check_siblings(region, &region->verdict);
	}
	if (!ret)
		ret = check_name(finder->board, region);
	region->standing = ret ? BOARD_REFUSED : BOARD_GOOD;
}

static const struct board_reservation *reservation_of(const struct board *board,
						      const struct tree_node *node)
{
	u32 phandle;

	if (board_is_reservation(node))
		return board_reservation_of(board, node);
	if (!tree_u32(node, "memory-region", &phandle))
		return NULL;
	return board_reservation_of(board, tree_find_phandle(&board->tree, phandle));
}

static void find_region(struct finder *finder, struct tree_node *node)
{
	struct board *board = finder->board;
	struct board_region *region = add_region(finder, node, NULL);
	struct tree_node *child;
	int ret;

	board->region_count++;
	board_read_region(board, node, &region->said);
	region->reservation = reservation_of(board, node);
	ret = judge(board, region);
	if (!ret)
		ret = check_neighbours(board, region);
	if (!ret)
		ret = check_name(board, region);
	region->standing = ret ? BOARD_REFUSED : BOARD_GOOD;
	if (!ret)
		region->backend = extmem_rules_backend(&region->desc, &board->machine.facts);
	for (child = node->child; child; child = child->next)
		if (tree_available(child) && tree_has(child, "reg"))
			find_partition(finder, child, region);
}

/* A disabled node has no devices below it either. */
static void search(struct finder *finder, struct tree_node *node)
{
	struct tree_node *child;

	for (child = node->child; child; child = child->next) {
		if (!tree_available(child) || board_is_reservation(child))
			continue;
		if (board_is_region(finder->board, child))
			find_region(finder, child);
		else
			search(finder, child);
	}
}

void board_find_regions(struct board *board)
{
	struct finder finder = { .board = board, .end = &board->regions };
	struct tree_node *reserved = tree_find(&board->tree, "/reserved-memory"), *child;

	search(&finder, board->tree.root);
	/* Of these extmem makes the devices, when all others are there. */
	for (child = reserved ? reserved->child : NULL; child; child = child->next)
		if (tree_available(child) && board_is_region(board, child))
			find_region(&finder, child);
}
