// SPDX-License-Identifier: GPL-2.0
/*
 * Advice on regions: the kernel takes them, and they could be better.
 */
#include <string.h>

#include "board-address.h"
#include "check.h"
#include "extmem.h"

static bool has_policy(const struct board *board, enum extmem_policy policy)
{
	return board->machine.facts.policies & 1U << policy;
}

static const char *place_prop(const struct board_region *region)
{
	return region->said.carve_out.present ? "memory-region" : "reg";
}

/* Memory that the kernel has pages of: no mapping of it has huge ones. */
static bool is_mapped_carve_out(const struct board *board, const struct board_region *region)
{
	return region->desc.reservation == EXTMEM_CARVE_OUT &&
	       board_ram_in(board, &region->desc) != EXTMEM_NO_RAM;
}

static u64 whole_pages(u64 base, u64 size, u64 page)
{
	u64 skipped = -base & (page - 1);

	return size > skipped ? (size - skipped) / page : 0;
}

static void advise_huge_pages(struct check *check, struct board_region *region)
{
	u64 huge = check->board->machine.huge, now, could;

	/* On x86, which alone has write-through, Linux makes no huge entry of that. */
	if (!huge || region->desc.type == EXTMEM_MMIO || region->desc.type == EXTMEM_CMA ||
	    region->desc.policy == EXTMEM_WRITE_THROUGH ||
	    (region->reservation && region->reservation->floating) ||
	    is_mapped_carve_out(check->board, region))
		return;
	now = whole_pages(region->base, region->size, huge);
	could = region->size / huge;
	if (now >= could)
		return;
	check_advise(check, CHECK_HUGE_PAGES, region->node, place_prop(region),
		     "0x%llx-0x%llx has %llu of the %llu huge pages that it could have; begin at a multiple of 0x%llx",
		     (unsigned long long)region->base,
		     (unsigned long long)(region->base + region->size - 1),
		     (unsigned long long)now, (unsigned long long)could,
		     (unsigned long long)huge);
}

static void advise_policy(struct check *check, struct board_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	if (desc->type == EXTMEM_ROM && desc->policy != EXTMEM_WRITE_BACK &&
	    has_policy(check->board, EXTMEM_WRITE_BACK))
		check_advise(check, CHECK_SLOW_POLICY, region->node, "cache-policy",
			     "\"%s\"%s does not cache what is read; use \"write-back\" if its contents stay the same while Linux runs",
			     extmem_policy_name(desc->policy),
			     desc->policy_is_default ? " (the default)" : "");
	/* A width, or no posted writes, can be had in no other way. */
	else if ((desc->type == EXTMEM_RAM || desc->type == EXTMEM_NVRAM) &&
		 desc->policy == EXTMEM_UNCACHED && !desc->io_width && !desc->nonposted &&
		 has_policy(check->board, EXTMEM_WRITE_COMBINE))
		check_advise(check, CHECK_SLOW_POLICY, region->node, "cache-policy",
			     "\"uncached\" waits for the memory at each access; use \"write-combine\" if it takes writes that are merged, and reads ahead");
}

static void advise_no_map(struct check *check, struct board_region *region)
{
	if (region->desc.type == EXTMEM_CMA || !is_mapped_carve_out(check->board, region))
		return;
	check_advise(check, CHECK_NO_MAP, region->node, "cache-policy",
		     "\"write-back\" is all that it can be, for the kernel maps it; if you want it write-combined or uncached, add no-map to %s, which ends direct I/O",
		     region->desc.reserved_by);
}

static void advise_pool(struct check *check, struct board_region *region)
{
	const struct board_reservation *pool = region->reservation;
	u64 unit = check->board->machine.pool_alignment;

	if (!pool || !pool->pool || pool->no_map || !((pool->base | pool->size) & (unit - 1)))
		return;
	check_advise(check, CHECK_POOL_ALIGNMENT, pool->node, pool->floating ? "size" : "reg",
		     "0x%llx bytes at 0x%llx are not whole units of 0x%llx, without which the kernel makes no pool; make both multiples of it",
		     (unsigned long long)pool->size, (unsigned long long)pool->base,
		     (unsigned long long)unit);
}

/* The kernel makes devices below these; below others, their drivers do or do not. */
static bool is_bus(const struct tree_node *node)
{
	return tree_compatible(node, "simple-bus") || tree_compatible(node, "simple-mfd") ||
	       tree_compatible(node, "isa") || tree_compatible(node, "arm,amba-bus");
}

static void advise_bus(struct check *check, struct board_region *region)
{
	struct tree_node *node;

	if (board_is_reservation(region->node))
		return;
	for (node = region->node->parent; node && node->parent; node = node->parent) {
		if (is_bus(node))
			continue;
		if (!tree_has(node, "compatible"))
			check_advise(check, CHECK_NO_DEVICE, region->node, "compatible",
				     "%s above it has none, so the kernel makes no device of it; make that a \"simple-bus\"",
				     tree_path(&check->board->tree, node));
		else
			check_advise(check, CHECK_NO_DEVICE, region->node, "compatible",
				     "%s above it is no \"simple-bus\", so it is a device only if the driver of that makes it one",
				     tree_path(&check->board->tree, node));
		return;
	}
}

static bool is_above(const struct tree_node *node, const struct tree_node *other)
{
	for (; other; other = other->parent)
		if (other == node)
			return true;
	return false;
}

static bool is_device(const struct board *board, const struct tree_node *node)
{
	const char *type = tree_string(node, "device_type");
	const struct tree_node *up;

	if (!tree_has(node, "reg") || !tree_has(node, "compatible") ||
	    board_is_region(board, node) || board_is_reservation(node) ||
	    (type && !strcmp(type, "memory")))
		return false;
	for (up = node; up; up = up->parent)
		if (!tree_available(up))
			return false;
	return true;
}

static bool shares_address(const struct tree_node *node, const struct board_region *region)
{
	u64 base, size;
	int i;

	for (i = 0; tree_range(node, i, &base, &size); i++)
		if (base <= region->base + region->size - 1 && region->base <= base + size - 1)
			return true;
	return false;
}

static void advise_sharing(struct check *check, struct board_region *region)
{
	struct tree_node *node;

	if (region->desc.reservation != EXTMEM_NOT_RESERVED)
		return;
	for (node = check->board->tree.root; node; node = tree_next(node)) {
		if (!is_device(check->board, node) || is_above(node, region->node) ||
		    is_above(region->node, node) || !shares_address(node, region))
			continue;
		check_advise(check, CHECK_SHARED_ADDRESS, region->node, "reg",
			     "0x%llx-0x%llx is in the reg of %s, too, and whose driver comes first has it; disable one of them",
			     (unsigned long long)region->base,
			     (unsigned long long)(region->base + region->size - 1),
			     tree_path(&check->board->tree, node));
		return;
	}
}

static void advise_machine(struct check *check)
{
	const struct board_machine *machine = &check->board->machine;

	if (machine->known || !check->board->regions)
		return;
	check_advise(check, CHECK_MACHINE, check->board->tree.root, "compatible",
		     "the tree has no CPU that says which machine it is; it is taken for %s, so say --arch",
		     machine->name);
}

void check_add_advice(struct check *check)
{
	struct board_region *region;

	advise_machine(check);
	for (region = check->board->regions; region; region = region->next) {
		if (region->standing != BOARD_GOOD || region->root)
			continue;
		advise_bus(check, region);
		if (check->board->machine.facts.simulated)
			continue;
		advise_policy(check, region);
		if (!region->has_place)
			continue;
		advise_no_map(check, region);
		advise_huge_pages(check, region);
		advise_pool(check, region);
		advise_sharing(check, region);
	}
}
