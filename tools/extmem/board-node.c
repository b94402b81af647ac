// SPDX-License-Identifier: GPL-2.0
/*
 * What a node says, copied out as it stands: in user space what drivers/extmem/of.c is in
 * the kernel, function by function. parse.c judges it.
 */
#include <string.h>

#include "board-address.h"
#include "board.h"
#include "extmem.h"

static struct extmem_prop read_prop(const struct tree_node *node, const char *name)
{
	const struct tree_prop *prop = tree_prop(node, name);

	if (!prop)
		return (struct extmem_prop){};
	return (struct extmem_prop){ .present = true, .value = prop->value, .len = prop->len };
}

/* The address as it stands, and its size; false if the cells do not fit. */
static bool read_cells(const struct tree_node *node, struct extmem_reg *reg)
{
	const struct tree_prop *prop = tree_prop(node, "reg");

	reg->present = prop;
	reg->len = prop ? prop->len : 0;
	reg->addr_cells = tree_address_cells(node);
	reg->size_cells = tree_size_cells(node);
	if (!prop || reg->addr_cells < 0 || reg->size_cells < 0 ||
	    reg->len / 4 < (long)reg->addr_cells + reg->size_cells)
		return false;
	reg->raw_base = tree_number(prop, 0, reg->addr_cells);
	reg->size = tree_number(prop, reg->addr_cells, reg->size_cells);
	return true;
}

static void read_reg(const struct tree_node *node, struct extmem_reg *reg)
{
	if (!read_cells(node, reg))
		return;
	reg->base = tree_translate(node, tree_prop(node, "reg"));
	reg->untranslated = reg->base == BAD_ADDRESS;
}

static bool is_nonposted(const struct tree_node *node)
{
	return tree_has(node, "nonposted-mmio") || tree_has(node->parent, "nonposted-mmio");
}

static int numa_node_of(const struct tree_node *node)
{
	u32 id;

	for (; node; node = node->parent)
		if (tree_u32(node, "numa-node-id", &id))
			return id < 1024 ? (int)id : -1;
	return -1;
}

static bool is_dma_coherent(const struct board *board, const struct tree_node *node)
{
	if (board->machine.facts.simulated)
		return tree_has(node, "dma-coherent");
	for (; node; node = node->parent) {
		if (tree_has(node, "dma-coherent"))
			return true;
		if (tree_has(node, "dma-noncoherent"))
			return false;
	}
	return board->machine.dma_coherent;
}

bool board_is_reservation(const struct tree_node *node)
{
	return node->parent && node->parent->parent && !node->parent->parent->parent &&
	       tree_name_is(node->parent, "reserved-memory");
}

static enum extmem_target read_reservation(struct board *board, struct tree_node *node,
					   struct extmem_carve_out *carve_out)
{
	const struct board_reservation *found;
	struct extmem_reg reg = {};

	if (!board_is_reservation(node))
		return EXTMEM_TARGET_ELSEWHERE;
	if (!tree_available(node))
		return EXTMEM_TARGET_DISABLED;
	carve_out->no_map = tree_has(node, "no-map");
	carve_out->reusable = tree_has(node, "reusable");
	carve_out->shared_dma_pool = tree_compatible(node, "shared-dma-pool");

	if (board->machine.facts.simulated && read_cells(node, &reg)) {
		carve_out->base = reg.raw_base;
		carve_out->size = reg.size;
		return EXTMEM_TARGET_RESERVED;
	}
	found = board_reservation_of(board, node);
	if (!found)
		return EXTMEM_TARGET_LOST;
	carve_out->base = found->base;
	carve_out->size = found->size;
	return EXTMEM_TARGET_RESERVED;
}

static void read_carve_out(struct board *board, struct tree_node *node,
			   struct extmem_carve_out *carve_out)
{
	const struct tree_prop *prop = tree_prop(node, "memory-region");
	struct tree_node *target;

	carve_out->present = prop;
	carve_out->is_self = board_is_reservation(node);
	if (carve_out->is_self) {
		target = node;
	} else if (prop) {
		carve_out->count = prop->len / 4;
		tree_u32(node, "memory-region", &carve_out->phandle);
		target = tree_find_phandle(&board->tree, carve_out->phandle);
	} else {
		return;
	}
	if (!target) {
		carve_out->target = EXTMEM_TARGET_NONE;
		return;
	}
	carve_out->target = read_reservation(board, target, carve_out);
	carve_out->path = tree_path(&board->tree, target);
}

static bool has_partitions(const struct tree_node *node)
{
	const struct tree_node *child;

	for (child = node->child; child; child = child->next)
		if (tree_available(child) && tree_has(child, "reg"))
			return true;
	return false;
}

static const char *alias_of(const struct board *board, const char *path)
{
	const struct tree_node *aliases = tree_find(&board->tree, "/aliases");
	const struct tree_prop *prop;

	for (prop = aliases ? aliases->props : NULL; prop; prop = prop->next)
		if (prop->len == (int)strlen(path) + 1 && !memcmp(prop->value, path, prop->len) &&
		    extmem_is_name(prop->name))
			return prop->name;
	return NULL;
}

static void read_common(struct board *board, struct tree_node *node, struct extmem_node *said)
{
	said->path = tree_path(&board->tree, node);
	said->name = arena_text(&board->tree.arena, node->name, strcspn(node->name, "@"));
	said->label = read_prop(node, "label");
	said->read_only = tree_has(node, "read-only");
	said->has_children = has_partitions(node);
	said->alias = alias_of(board, said->path);
}

/* As the kernel's of.c. */
static const char *power_of(const struct tree_node *node)
{
	static const char *const names[] = {
		"vdd-supply", "clocks", "resets", "power-domains"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (tree_has(node, names[i]))
			return names[i];
	return NULL;
}

void board_read_region(struct board *board, struct tree_node *node, struct extmem_node *said)
{
	*said = (struct extmem_node){
		.adopted = !tree_compatible(node, BOARD_COMPATIBLE),
		.memory_type = read_prop(node, "memory-type"),
		.cache_policy = read_prop(node, "cache-policy"),
		.buffer_size = read_prop(node, "buffer-size"),
		.reg_io_width = read_prop(node, "reg-io-width"),
		.big_endian = tree_has(node, "big-endian"),
		.little_endian = tree_has(node, "little-endian"),
		.native_endian = tree_has(node, "native-endian"),
		.nonposted = is_nonposted(node),
		.dma_coherent = is_dma_coherent(board, node),
		.engine = !board->machine.facts.simulated &&
			  tree_lists(node, "dma-names", "memcpy"),
		.power = board->machine.facts.simulated ? NULL : power_of(node),
		.numa_node = numa_node_of(node),
	};
	read_reg(node, &said->reg);
	read_common(board, node, said);
	read_carve_out(board, node, &said->carve_out);
}

void board_read_partition(struct board *board, struct tree_node *node,
			  struct extmem_node *said)
{
	*said = (struct extmem_node){
		.pool = tree_has(node, "pool"),
	};
	if (read_cells(node, &said->reg))
		said->reg.base = said->reg.raw_base;
	read_common(board, node, said);
}

bool board_is_region(const struct board *board, const struct tree_node *node)
{
	return tree_compatible(node, BOARD_COMPATIBLE) ||
	       (board->of_id && tree_compatible(node, board->of_id));
}
