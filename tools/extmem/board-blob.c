// SPDX-License-Identifier: GPL-2.0
/*
 * A flattened device tree, which may come from anybody: libfdt looks at each of its bytes
 * before one of them is believed.
 */
#include <string.h>

#include <libfdt.h>

#include "board-read.h"
#include "extmem.h"

static bool add_props(struct tree *tree, struct tree_node *node, const void *blob, int offset)
{
	int prop;

	fdt_for_each_property_offset(prop, blob, offset) {
		const char *name;
		const void *value;
		int len;

		value = fdt_getprop_by_offset(blob, prop, &name, &len);
		if (!value || len < 0)
			return false;
		tree_add_prop(tree, node, name, value, len);
	}
	return true;
}

static bool add_node(struct tree *tree, struct tree_node **parent, const void *blob, int offset)
{
	const char *name = fdt_get_name(blob, offset, NULL);

	if (!name)
		return false;
	*parent = tree_add_node(tree, *parent, name);
	return add_props(tree, *parent, blob, offset);
}

static bool read_nodes(struct tree *tree, const void *blob, struct tree_error *error)
{
	struct tree_node *last = NULL;
	int offset, depth = 0;

	for (offset = 0; offset >= 0 && depth >= 0;
	     offset = fdt_next_node(blob, offset, &depth)) {
		if (depth >= TREE_MAX_DEPTH)
			return tree_fail(error, EXIT_USAGE,
					 "%s: its nodes are more than %d deep, which the kernel refuses, too",
					 tree->file, TREE_MAX_DEPTH);
		while (last && (int)last->depth >= depth)
			last = last->parent;
		if (!add_node(tree, &last, blob, offset))
			return tree_fail(error, EXIT_USAGE, "%s: it is damaged at byte 0x%x",
					 tree->file, offset + fdt_off_dt_struct(blob));
	}
	return true;
}

static void read_reserves(struct tree *tree, const void *blob)
{
	int i, count = fdt_num_mem_rsv(blob);
	struct tree_reserve **end = &tree->reserves;

	for (i = 0; i < count; i++) {
		uint64_t base, size;

		if (fdt_get_mem_rsv(blob, i, &base, &size))
			return;
		*end = arena_alloc(&tree->arena, sizeof(**end));
		(*end)->base = base;
		(*end)->size = size;
		end = &(*end)->next;
	}
}

static bool check_header(const struct tree *tree, const void *blob, size_t size,
			 struct tree_error *error)
{
	if (size < 4 || fdt_magic(blob) != FDT_MAGIC)
		return tree_fail(error, EXIT_USAGE,
				 "%s: it is neither a .dtb (which begins with d00dfeed), nor called .dts, nor a folder",
				 tree->file);
	if (size < FDT_V1_SIZE)
		return tree_fail(error, EXIT_USAGE, "%s: it ends after %zu bytes, in its header",
				 tree->file, size);
	if (fdt_totalsize(blob) > size)
		return tree_fail(error, EXIT_USAGE,
				 "%s: it has %zu bytes, and its header says %u; it is cut off, or its header lies",
				 tree->file, size, fdt_totalsize(blob));
	/*
	 * Names are paths in them. fdt_get_name() gives no name where a path has no slash,
	 * and fdt_check_full() of libfdt before 1.7.0 looks at it all the same.
	 */
	if (fdt_version(blob) < 16)
		return tree_fail(error, EXIT_USAGE,
				 "%s: it is a device tree of version %u, and 16 is the oldest that is read: make it anew by dtc",
				 tree->file, fdt_version(blob));
	return true;
}

bool tree_read_blob(struct tree *tree, const void *blob, size_t size, struct tree_error *error)
{
	int ret;

	if (!check_header(tree, blob, size, error))
		return false;
	ret = fdt_check_full(blob, size);
	if (ret)
		return tree_fail(error, EXIT_USAGE, "%s: it is no sound device tree: %s",
				 tree->file, fdt_strerror(ret));
	if (!read_nodes(tree, blob, error))
		return false;
	if (!tree->root || *tree->root->name)
		return tree_fail(error, EXIT_USAGE, "%s: its first node is not the root",
				 tree->file);
	read_reserves(tree, blob);
	return true;
}
