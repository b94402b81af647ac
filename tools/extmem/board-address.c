// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses in a device tree. This does what drivers/of/address.c does, bus by bus, for
 * only then has a region the address that it has in the kernel.
 */
#include <string.h>

#include "board-address.h"

#define MAX_CELLS 4	/* of an address, as there */

struct bus {
	int (*address_cells)(const struct tree_node *node);
	int (*size_cells)(const struct tree_node *node);
	int flag_cells;
	/* Is a range for addresses of this kind? */
	bool (*same_kind)(u32 address, u32 range);
};

static int inherited_cells(const struct tree_node *node, const char *name)
{
	u32 cells;

	for (node = node->parent ? node->parent : node; node; node = node->parent)
		if (tree_u32(node, name, &cells))
			return (int)cells;
	return 1;
}

int tree_address_cells(const struct tree_node *node)
{
	return inherited_cells(node, "#address-cells");
}

int tree_size_cells(const struct tree_node *node)
{
	return inherited_cells(node, "#size-cells");
}

static int three(const struct tree_node *node)
{
	(void)node;
	return 3;
}

static int two(const struct tree_node *node)
{
	(void)node;
	return 2;
}

static int one(const struct tree_node *node)
{
	(void)node;
	return 1;
}

static bool any_kind(u32 address, u32 range)
{
	(void)address;
	(void)range;
	return true;
}

static bool equal_kind(u32 address, u32 range)
{
	return address == range;
}

static bool isa_kind(u32 address, u32 range)
{
	return !((address ^ range) & 1);
}

/* Configuration, I/O, memory of 32 or of 64 bits. */
static bool pci_kind(u32 address, u32 range)
{
	static const int kinds[] = { 0, 1, 2, 2 };

	return kinds[address >> 24 & 3] == kinds[range >> 24 & 3];
}

static bool is_pci(const struct tree_node *node)
{
	const char *type = tree_string(node, "device_type");

	return (type && (!strcmp(type, "pci") || !strcmp(type, "pciex") ||
			 !strcmp(type, "vci") || !strcmp(type, "ht"))) ||
	       tree_name_is(node, "pcie");
}

static const struct bus *bus_of(const struct tree_node *parent)
{
	static const struct bus pci = { three, two, 1, pci_kind };
	static const struct bus isa = { two, one, 1, isa_kind };
	static const struct bus flags = { tree_address_cells, tree_size_cells, 1, equal_kind };
	static const struct bus plain = { tree_address_cells, tree_size_cells, 0, any_kind };
	const struct tree_node *node;
	u32 cells;

	if (is_pci(parent))
		return &pci;
	if (tree_name_is(parent, "isa"))
		return &isa;
	for (node = parent; node; node = node->parent)
		if (tree_u32(node, "#address-cells", &cells))
			return cells == 3 ? &flags : &plain;
	return &plain;
}

static u32 cell(const struct tree_prop *prop, long index)
{
	const u8 *at = prop->value + 4 * index;

	if (index < 0 || index >= prop->len / 4)
		return 0;
	return (u32)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

u64 tree_number(const struct tree_prop *prop, long first, long count)
{
	u64 low = count > 0 ? cell(prop, first + count - 1) : 0;
	u64 high = count > 1 ? cell(prop, first + count - 2) : 0;

	return high << 32 | low;
}

/* An address on its way to the root. */
struct address {
	u32 cells[MAX_CELLS];
	int count;
};

static u64 number_of(const struct address *address, int flag_cells)
{
	int count = address->count - flag_cells;
	u64 low = count > 0 ? address->cells[address->count - 1] : 0;
	u64 high = count > 1 ? address->cells[address->count - 2] : 0;

	return high << 32 | low;
}

/* Adds to the number of an address, and leaves its flags as they are. */
static void add_offset(struct address *address, u64 offset, int flag_cells)
{
	u64 sum = number_of(address, flag_cells) + offset;
	int i;

	for (i = flag_cells; i < address->count; i++)
		address->cells[i] = 0;
	if (address->count - flag_cells > 1)
		address->cells[address->count - 2] = sum >> 32;
	if (address->count - flag_cells > 0)
		address->cells[address->count - 1] = sum;
}

/* Finds the range that the address is in, and goes to its place on the parent's bus. */
static bool follow_ranges(const struct tree_prop *ranges, const struct bus *bus, int size_cells,
			  struct address *address, int parent_cells, u64 *offset)
{
	long width = (long)address->count + parent_cells + size_cells;
	long at, count = ranges->len / 4;
	u64 here = number_of(address, bus->flag_cells);

	for (at = 0; count - at >= width; at += width) {
		u64 from = tree_number(ranges, at + bus->flag_cells,
				       address->count - bus->flag_cells);
		u64 size = tree_number(ranges, at + address->count + parent_cells, size_cells);
		int i;

		if (!bus->same_kind(address->cells[0], cell(ranges, at)) ||
		    here < from || here >= from + size)
			continue;
		*offset = here - from;
		at += address->count;
		address->count = parent_cells;
		for (i = 0; i < parent_cells; i++)
			address->cells[i] = cell(ranges, at + i);
		return true;
	}
	return false;
}

static bool translate_one(const struct tree_node *node, const struct bus *bus, int size_cells,
			  const struct bus *parent_bus, int parent_cells,
			  struct address *address)
{
	const struct tree_prop *ranges = tree_prop(node, "ranges");
	u64 offset;
	int i;

	if (!ranges)
		return false;
	if (!ranges->len) {
		offset = number_of(address, 0);
		address->count = parent_cells;
		for (i = parent_bus->flag_cells; i < parent_cells; i++)
			address->cells[i] = 0;
	} else if (!follow_ranges(ranges, bus, size_cells, address, parent_cells, &offset)) {
		return false;
	}
	add_offset(address, offset, parent_bus->flag_cells);
	return true;
}

static bool sane(int address_cells, int size_cells)
{
	return address_cells > 0 && address_cells <= MAX_CELLS && size_cells > 0;
}

static u64 translate_at(const struct tree_node *node, const struct tree_prop *reg, long first)
{
	const struct tree_node *parent = node->parent;
	const struct bus *bus, *parent_bus;
	struct address address = {};
	int size_cells, i;

	if (!parent)
		return BAD_ADDRESS;
	bus = bus_of(parent);
	address.count = bus->address_cells(node);
	size_cells = bus->size_cells(node);
	if (!sane(address.count, size_cells))
		return BAD_ADDRESS;
	for (i = 0; i < address.count; i++)
		address.cells[i] = cell(reg, first + i);
	while (parent->parent) {
		int parent_cells, parent_size_cells;

		node = parent;
		parent = node->parent;
		parent_bus = bus_of(parent);
		parent_cells = parent_bus->address_cells(node);
		parent_size_cells = parent_bus->size_cells(node);
		if (!sane(parent_cells, parent_size_cells) ||
		    !translate_one(node, bus, size_cells, parent_bus, parent_cells, &address))
			return BAD_ADDRESS;
		bus = parent_bus;
		size_cells = parent_size_cells;
	}
	return number_of(&address, 0);
}

u64 tree_translate(const struct tree_node *node, const struct tree_prop *reg)
{
	return translate_at(node, reg, 0);
}

bool tree_range(const struct tree_node *node, int index, u64 *base, u64 *size)
{
	const struct tree_prop *reg = tree_prop(node, "reg");
	long address_cells = tree_address_cells(node), size_cells = tree_size_cells(node);
	long width = address_cells + size_cells;

	if (!reg || !sane(address_cells, size_cells) || index < 0 ||
	    reg->len / 4 / width <= index)
		return false;
	*base = translate_at(node, reg, index * width);
	*size = tree_number(reg, index * width + address_cells, size_cells);
	return *base != BAD_ADDRESS && *size && *base + *size - 1 >= *base;
}
