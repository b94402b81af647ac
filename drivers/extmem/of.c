// SPDX-License-Identifier: GPL-2.0
/*
 * What a DT node says, copied out as it stands: parse.c judges it. Nothing else in
 * extmem reads a region's properties.
 */
#include <linux/nodemask.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/of_reserved_mem.h>
#include <linux/slab.h>

#include "internal.h"

static const struct of_device_id *extmem_matches;

static struct extmem_prop read_prop(const struct device_node *np, const char *name)
{
	struct extmem_prop prop = {};

	prop.value = of_get_property(np, name, &prop.len);
	prop.present = of_property_read_bool(np, name);
	return prop;
}

static char *path_of(struct device_node *np)
{
	return kasprintf(GFP_KERNEL, "%pOF", np);
}

/* "sram" of "sram@90000000" */
static char *name_of(struct device_node *np)
{
	return kasprintf(GFP_KERNEL, "%pOFn", np);
}

/* As many as an address has anywhere. A tree can say any number, also a negative one. */
#define MAX_CELLS 4

static bool can_have_cells(const struct extmem_reg *reg)
{
	return reg->addr_cells >= 0 && reg->addr_cells <= MAX_CELLS &&
	       reg->size_cells >= 0 && reg->size_cells <= MAX_CELLS;
}

/* The address as it stands, and its size; false if the cells do not fit. */
static bool read_cells(struct device_node *np, struct extmem_reg *reg)
{
	const __be32 *cells = of_get_property(np, "reg", &reg->len);

	reg->present = of_property_read_bool(np, "reg");
	reg->addr_cells = of_n_addr_cells(np);
	reg->size_cells = of_n_size_cells(np);
	if (!cells || !can_have_cells(reg) ||
	    reg->len < (reg->addr_cells + reg->size_cells) * sizeof(*cells))
		return false;
	reg->raw_base = of_read_number(cells, reg->addr_cells);
	reg->size = of_read_number(cells + reg->addr_cells, reg->size_cells);
	return true;
}

static void read_reg(struct device_node *np, struct extmem_reg *reg)
{
	if (!read_cells(np, reg))
		return;
	reg->base = of_translate_address(np, of_get_property(np, "reg", NULL));
	reg->untranslated = reg->base == OF_BAD_ADDR;
}

/* A fact of the bus; the OF core looks for it on Apple's machines only. */
static bool is_nonposted(struct device_node *np)
{
	struct device_node *bus = of_get_parent(np);
	bool nonposted = of_property_read_bool(np, "nonposted-mmio") ||
			 of_property_read_bool(bus, "nonposted-mmio");

	of_node_put(bus);
	return nonposted;
}

/* As of_node_to_nid(), which is not for modules: the node's own, or a parent's. */
static int numa_node_of(struct device_node *np)
{
	u32 nid;

	for (np = of_node_get(np); np; np = of_get_next_parent(np)) {
		if (of_property_read_u32(np, "numa-node-id", &nid))
			continue;
		of_node_put(np);
		return nid < MAX_NUMNODES && node_possible(nid) ? nid : NUMA_NO_NODE;
	}
	return NUMA_NO_NODE;
}

/* 0 without a property, -EINVAL if it is not whole cells of a controller's. */
static int count_interrupts(struct device_node *np)
{
	struct device_node *controller;
	int elems, ret = -EINVAL;
	u32 cells;

	if (of_property_read_bool(np, "interrupts-extended")) {
		ret = of_count_phandle_with_args(np, "interrupts-extended",
						 "#interrupt-cells");
		return ret > 0 ? ret : -EINVAL;
	}
	if (!of_property_read_bool(np, "interrupts"))
		return 0;
	elems = of_property_count_u32_elems(np, "interrupts");
	controller = of_irq_find_parent(np);
	if (controller && !of_property_read_u32(controller, "#interrupt-cells", &cells) &&
	    cells && elems > 0 && elems % cells == 0)
		ret = elems / cells;
	of_node_put(controller);
	return ret;
}

static bool is_reservation(struct device_node *np)
{
	struct device_node *parent = of_get_parent(np);
	struct device_node *root = of_get_parent(parent);
	bool yes = root && of_node_is_root(root) &&
		   of_node_name_eq(parent, "reserved-memory");

	of_node_put(root);
	of_node_put(parent);
	return yes;
}

/* A board that is only simulated reserves nothing: take what the node says. */
static bool read_unreserved(struct device_node *np, struct extmem_carve_out *carve_out)
{
	struct extmem_reg reg = {};

	if (!read_cells(np, &reg))
		return false;
	carve_out->base = reg.raw_base;
	carve_out->size = reg.size;
	return true;
}

static enum extmem_target read_reservation(struct device_node *np, bool simulated,
					   struct extmem_carve_out *carve_out)
{
	struct reserved_mem *rmem;

	if (!is_reservation(np))
		return EXTMEM_TARGET_ELSEWHERE;
	if (!of_device_is_available(np))
		return EXTMEM_TARGET_DISABLED;
	carve_out->no_map = of_property_read_bool(np, "no-map");
	carve_out->reusable = of_property_read_bool(np, "reusable");
	carve_out->shared_dma_pool = of_device_is_compatible(np, "shared-dma-pool");

	if (simulated && read_unreserved(np, carve_out))
		return EXTMEM_TARGET_RESERVED;
	rmem = of_reserved_mem_lookup(np);
	if (!rmem || !rmem->size)
		return EXTMEM_TARGET_LOST;
	carve_out->base = rmem->base;
	carve_out->size = rmem->size;
	return EXTMEM_TARGET_RESERVED;
}

static int read_carve_out(struct device_node *np, bool simulated,
			  struct extmem_carve_out *carve_out)
{
	struct device_node *target;

	carve_out->present = of_property_read_bool(np, "memory-region");
	carve_out->is_self = is_reservation(np);
	if (carve_out->is_self) {
		target = of_node_get(np);
	} else if (carve_out->present) {
		carve_out->count = of_count_phandle_with_args(np, "memory-region", NULL);
		of_property_read_u32(np, "memory-region", &carve_out->phandle);
		target = of_parse_phandle(np, "memory-region", 0);
	} else {
		return 0;
	}
	if (!target) {
		carve_out->target = EXTMEM_TARGET_NONE;
		return 0;
	}
	carve_out->target = read_reservation(target, simulated, carve_out);
	carve_out->path = path_of(target);
	of_node_put(target);
	return carve_out->path ? 0 : -ENOMEM;
}

/**
 * extmem_of_is_partition() - is a child of a region's node a partition?
 * @np: the child
 *
 * Return: true if it has a reg.
 */
bool extmem_of_is_partition(struct device_node *np)
{
	return of_property_read_bool(np, "reg");
}

/**
 * extmem_of_take() - make something of a node, once
 * @np: of a partition
 *
 * Who adds a region and its partitions by one overlay is told of each of them, of the
 * partitions when they have come with the region.
 *
 * Return: whether nobody has yet.
 */
bool extmem_of_take(struct device_node *np)
{
	return !of_node_test_and_set_flag(np, OF_POPULATED);
}

/**
 * extmem_of_release() - undo extmem_of_take()
 * @np: the node
 */
void extmem_of_release(struct device_node *np)
{
	of_node_clear_flag(np, OF_POPULATED);
}

/* A tree can have a compatible without a string, and the kernel looks for one behind it. */
static bool is_region(struct device_node *np)
{
	const char *first;

	return !of_property_read_string(np, "compatible", &first) &&
	       of_match_node(extmem_matches, np);
}

/**
 * extmem_of_parent_of() - the node of the region that a node is a child of
 * @np: the node, which may have gone from the tree, and so have no properties any more
 *
 * Return: the region's node, to be put, or NULL if it is no region's child.
 */
struct device_node *extmem_of_parent_of(struct device_node *np)
{
	struct device_node *parent = of_get_parent(np);

	if (parent && is_region(parent))
		return parent;
	of_node_put(parent);
	return NULL;
}

/**
 * extmem_of_region_of() - the node whose device has what a node describes
 * @np: the node of a region or of a partition
 *
 * Return: the region's node, to be put, or NULL if it is neither.
 */
struct device_node *extmem_of_region_of(struct device_node *np)
{
	if (is_region(np))
		return of_node_get(np);
	return extmem_of_is_partition(np) ? extmem_of_parent_of(np) : NULL;
}

/**
 * extmem_of_compatible() - the most specific compatible string of a node
 * @np: the node
 *
 * Return: the string, or NULL if it is extmem's own.
 */
const char *extmem_of_compatible(struct device_node *np)
{
	const char *first;

	if (of_property_read_string(np, "compatible", &first) ||
	    !strcmp(first, EXTMEM_COMPATIBLE))
		return NULL;
	return first;
}

static void read_partitions(struct device_node *np, struct extmem_node *node)
{
	struct device_node *child;

	for_each_available_child_of_node(np, child) {
		if (!extmem_of_is_partition(child))
			continue;
		node->has_children = true;
		if (of_property_read_bool(child, "pool"))
			node->has_pool = true;
	}
}

static bool has_layout(struct device_node *np)
{
	struct device_node *layout = of_get_child_by_name(np, "nvmem-layout");

	of_node_put(layout);
	return layout;
}

/**
 * extmem_of_nvmem_node() - the node that the kernel's nvmem is to be given
 * @np: of the region, with a nvmem-layout
 *
 * Return: the node, to be put: that of the region, but where nvmem knows no layouts.
 */
struct device_node *extmem_of_nvmem_node(struct device_node *np)
{
	if (__is_defined(EXTMEM_NO_NVMEM_LAYOUT))
		return of_get_child_by_name(np, "nvmem-layout");
	return of_node_get(np);
}

/**
 * extmem_of_pool_name() - what of_gen_pool_get() calls the pool that a partition is
 * @np: the partition's node
 *
 * Return: the name.
 */
const char *extmem_of_pool_name(struct device_node *np)
{
	const char *name;

	return of_property_read_string(np, "label", &name) ? of_node_full_name(np) : name;
}

/* Is a property of /aliases the full path of a node, as dtc writes it? */
static bool leads_to(const struct property *alias, const char *path)
{
	return alias->length == strlen(path) + 1 &&
	       !memcmp(alias->value, path, alias->length);
}

/* To search for it takes long in a tree with many nodes. */
static struct device_node *boot_aliases;

/**
 * extmem_of_init() - before any node is read
 * @matches: of the driver, whose nodes are regions
 */
void extmem_of_init(const struct of_device_id *matches)
{
	extmem_matches = matches;
	boot_aliases = of_find_node_by_path("/aliases");
}

void extmem_of_exit(void)
{
	of_node_put(boot_aliases);
}

/* Where the boot's tree has none, an overlay may bring one, for nodes of its own. */
static struct device_node *find_aliases(struct device_node *np)
{
	if (boot_aliases || !of_node_check_flag(np, OF_DYNAMIC))
		return of_node_get(boot_aliases);
	return of_find_node_by_path("/aliases");
}

/* "sram0", when /aliases has it for the node: the first one that is a device's name. */
static int read_alias(struct device_node *np, struct extmem_node *node)
{
	struct device_node *aliases = find_aliases(np);
	const struct property *alias;

	if (!aliases)
		return 0;
	for (alias = aliases->properties; alias; alias = alias->next)
		if (leads_to(alias, node->path) && extmem_is_name(alias->name))
			break;
	if (alias)
		node->alias = kstrdup(alias->name, GFP_KERNEL);
	of_node_put(aliases);
	return alias && !node->alias ? -ENOMEM : 0;
}

static int read_common(struct device_node *np, struct extmem_node *node)
{
	node->path = path_of(np);
	node->name = name_of(np);
	if (!node->path || !node->name)
		return -ENOMEM;
	node->label = read_prop(np, "label");
	node->read_only = of_property_read_bool(np, "read-only");
	node->pool = of_property_read_bool(np, "pool");
	node->has_layout = has_layout(np);
	read_partitions(np, node);
	return read_alias(np, node);
}

/* A board that is simulated has nothing to switch. */
static const char *power_of(struct device_node *np)
{
	static const char * const names[] = {
		"vdd-supply", "clocks", "resets", "power-domains"
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (of_find_property(np, names[i], NULL))
			return names[i];
	return NULL;
}

/**
 * extmem_of_read() - copy out what the node of a region says
 * @np: the node
 * @simulated: the board is not there: believe the node where the machine does not
 * @node: filled; extmem_of_free() in any case
 *
 * Return: 0 or -ENOMEM.
 */
int extmem_of_read(struct device_node *np, bool simulated,
		   struct extmem_node *node)
{
	*node = (struct extmem_node){
		.adopted = !of_device_is_compatible(np, EXTMEM_COMPATIBLE),
		.memory_type = read_prop(np, "memory-type"),
		.cache_policy = read_prop(np, "cache-policy"),
		.buffer_size = read_prop(np, "buffer-size"),
		.reg_io_width = read_prop(np, "reg-io-width"),
		.big_endian = of_property_read_bool(np, "big-endian"),
		.little_endian = of_property_read_bool(np, "little-endian"),
		.native_endian = of_property_read_bool(np, "native-endian"),
		.nonposted = is_nonposted(np),
		.dma_coherent = simulated ? of_property_read_bool(np, "dma-coherent") :
					    of_dma_is_coherent(np),
		.engine = !simulated && of_property_match_string(np, "dma-names", "memcpy") >= 0,
		.power = simulated ? NULL : power_of(np),
		.interrupts = simulated ? 0 : count_interrupts(np),
		.interrupt_names = read_prop(np, "interrupt-names"),
		.wakeup = of_property_read_bool(np, "wakeup-source"),
		.numa_node = numa_node_of(np),
	};
	if (simulated)
		node->interrupt_names = (struct extmem_prop){};
	read_reg(np, &node->reg);
	return read_common(np, node) ?:
	       read_carve_out(np, simulated, &node->carve_out);
}

/**
 * extmem_of_read_partition() - copy out what the node of a partition says
 * @np: the node, a child of a region's
 * @node: filled; extmem_of_free() in any case
 *
 * Return: 0 or -ENOMEM.
 */
int extmem_of_read_partition(struct device_node *np, struct extmem_node *node)
{
	*node = (struct extmem_node){};
	if (read_cells(np, &node->reg))
		node->reg.base = node->reg.raw_base;
	return read_common(np, node);
}

/**
 * extmem_of_free() - let go what was copied
 * @node: what was filled
 */
void extmem_of_free(struct extmem_node *node)
{
	kfree(node->path);
	kfree(node->name);
	kfree(node->alias);
	kfree(node->carve_out.path);
}
