// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what of.c reads: each property of the binding, from a real tree. The
 * nodes are in of_extmem.dtso.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "fixture.h"
#include "node_parts.h"

#define OF_TOP		"/extmem-of/"
#define OF_RESERVED	"/reserved-memory/"

/**
 * struct of_case - a node, and what is to be read from it
 * @path: the node
 * @simulated: the board is not there
 * @wide: its address needs two cells all the way up
 * @node: what is expected; its path is @path
 */
struct of_case {
	const char *path;
	bool simulated;
	bool wide;
	struct extmem_node node;
};

/* A node that says nothing but what follows. */
#define NODE(name_)	.name = (name_), .numa_node = -1

/* The address as it stands, what the buses above make of it, and the size. */
#define REG(raw, base_, size_) \
	.reg = { CELLS(16, 2, 2), .raw_base = (raw), .base = (base_), .size = (size_) }
#define NO_REG(addr, size_) \
	.reg = { .addr_cells = (addr), .size_cells = (size_) }
#define NO_PLACE	NO_REG(2, 2)

static const struct of_case of_region_cases[] = {
	/* Catches a default that comes from another property, or from garbage. */
	{
		.path = OF_TOP "bare@dc000000",
		.node = { NODE("bare"), REG(0xdc000000, 0xdc000000, 0x1000) },
	},
	/* Catches two properties mixed up, and a string judged where it is only read. */
	{
		.path = OF_TOP "strings",
		.node = { NODE("strings"), NO_PLACE, .memory_type = TEXT("ram"),
			  .cache_policy = TEXT("write-back"), .label = TEXT("fast") },
	}, {
		.path = OF_TOP "lists",
		.node = { NODE("lists"), NO_PLACE, .memory_type = TEXT("ram\0rom"),
			  .cache_policy = TEXT("uncached\0write-back"),
			  .label = TEXT("a\0b") },
	}, {
		.path = OF_TOP "numbers",
		.node = { NODE("numbers"), NO_PLACE, .memory_type = ONE_CELL("\1"),
			  .cache_policy = ONE_CELL("\2"), .label = ONE_CELL("\3"),
			  .buffer_size = BYTES("\0\0\0\4\0\0\0\5"),
			  .reg_io_width = ONE_CELL("\6") },
	}, {
		.path = OF_TOP "no-values",
		.node = { NODE("no-values"), .memory_type.present = true,
			  .cache_policy.present = true, .label.present = true,
			  .buffer_size.present = true, .reg_io_width.present = true,
			  .reg = { CELLS(0, 2, 2) } },
	},
	/* Catches a flag that is read into another one. */
	{
		.path = OF_TOP "read-only",
		.node = { NODE("read-only"), NO_PLACE, .read_only = true },
	}, {
		.path = OF_TOP "big-endian",
		.node = { NODE("big-endian"), NO_PLACE, .big_endian = true },
	}, {
		.path = OF_TOP "little-endian",
		.node = { NODE("little-endian"), NO_PLACE, .little_endian = true },
	}, {
		.path = OF_TOP "native-endian",
		.node = { NODE("native-endian"), NO_PLACE, .native_endian = true },
	}, {
		.path = OF_TOP "nonposted",
		.node = { NODE("nonposted"), NO_PLACE, .nonposted = true },
	}, {
		.path = OF_TOP "coherent",
		.node = { NODE("coherent"), NO_PLACE, .dma_coherent = true },
	}, {
		.path = OF_TOP "engine",
		.node = { NODE("engine"), NO_PLACE, .engine = true },
	}, {
		.path = OF_TOP "other-channel",
		.node = { NODE("other-channel"), NO_PLACE },
	},
	/* Catches cells counted for interrupts, and those of a board that is not there. */
	{
		.path = OF_TOP "interrupts-2",
		.node = { NODE("interrupts-2"), NO_PLACE, .interrupts = 2,
			  .interrupt_names = TEXT("a\0b") },
	}, {
		.path = OF_TOP "interrupts-2", .simulated = true,
		.node = { NODE("interrupts-2"), NO_PLACE },
	}, {
		.path = OF_TOP "interrupts-extended",
		.node = { NODE("interrupts-extended"), NO_PLACE, .interrupts = 3, .wakeup = true },
	}, {
		.path = OF_TOP "interrupts-torn",
		.node = { NODE("interrupts-torn"), NO_PLACE, .interrupts = -EINVAL },
	}, {
		.path = OF_TOP "interrupts-nothing",
		.node = { NODE("interrupts-nothing"), NO_PLACE, .interrupts = -EINVAL },
	}, {
		.path = OF_TOP "interrupts-nowhere",
		.node = { NODE("interrupts-nowhere"), NO_PLACE, .interrupts = -EINVAL },
	}, {
		.path = OF_TOP "interrupts-extended-nowhere",
		.node = { NODE("interrupts-extended-nowhere"), NO_PLACE,
			  .interrupts = -EINVAL },
	}, {
		.path = OF_TOP "numa-0",
		.node = { .name = "numa-0", NO_PLACE, .numa_node = 0 },
	},
	/* Catches a NUMA node used as an index before anybody looked at it. */
	{
		.path = OF_TOP "numa-impossible",
		.node = { NODE("numa-impossible"), NO_PLACE },
	},
	/* Catches our own nodes taken for foreign ones, and the reverse. */
	{
		.path = OF_TOP "foreign",
		.node = { NODE("foreign"), NO_PLACE, .adopted = true },
	}, {
		.path = OF_TOP "specific",
		.node = { NODE("specific"), NO_PLACE },
	},
	/* Catches facts of the bus that do not reach the node, or overrule it. */
	{
		.path = OF_TOP "facts-bus/heir@dc001000",
		.node = { .name = "heir", REG(0xdc001000, 0xdc001000, 0x1000), .nonposted = true,
			  .dma_coherent = true, .numa_node = 0 },
	}, {
		.path = OF_TOP "facts-bus/other@dc002000",
		.node = { NODE("other"), REG(0xdc002000, 0xdc002000, 0x1000), .nonposted = true },
	},
	/* nonposted-mmio is of the one bus, the others of all that is below it. */
	{
		.path = OF_TOP "facts-bus/sub-bus/grandchild@dc003000",
		.node = { .name = "grandchild", REG(0xdc003000, 0xdc003000, 0x1000),
			  .dma_coherent = true, .numa_node = 0 },
	},
	/* A simulated node's DMA is the board's, not this machine's or this bus's. */
	{
		.path = OF_TOP "facts-bus/heir@dc001000", .simulated = true,
		.node = { .name = "heir", REG(0xdc001000, 0xdc001000, 0x1000), .nonposted = true,
			  .numa_node = 0 },
	},

	/* Catches cells miscounted, and addresses that are not translated. */
	{
		.path = OF_TOP "bus-1-1/sram@2000",
		.node = { NODE("sram"), .reg = { CELLS(8, 1, 1), .raw_base = 0x2000,
						 .base = 0xdc011000, .size = 0x300 } },
	}, {
		.path = OF_TOP "bus-2-2/wide@987654000", .wide = true,
		.node = { NODE("wide"), REG(0x987654000ULL, 0x987654000ULL, 0x100002000ULL) },
	}, {
		.path = OF_TOP "chip-selects/sram@300001000",
		.node = { NODE("sram"), .reg = { CELLS(12, 2, 1), .raw_base = 0x300001000ULL,
						 .base = 0xdc201000, .size = 0x400 } },
	}, {
		.path = OF_TOP "chip-selects/nested@0/fram@40",
		.node = { NODE("fram"), .reg = { CELLS(8, 1, 1), .raw_base = 0x40,
						 .base = 0xdc108040, .size = 0x40 } },
	}, {
		.path = OF_TOP "bus-3-1/sram@4100",
		.node = { NODE("sram"), .reg = { CELLS(16, 3, 1), .raw_base = 0x4100,
						 .base = 0xdc300100, .size = 0x100 } },
	}, {
		.path = OF_TOP "chip-selects/nowhere@200001000",
		.node = { NODE("nowhere"),
			  .reg = { CELLS(12, 2, 1), .raw_base = 0x200001000ULL,
				   .untranslated = true, .base = ~0ULL, .size = 0x400 } },
	}, {
		.path = OF_TOP "closed/sram@1000",
		.node = { NODE("sram"),
			  .reg = { CELLS(8, 1, 1), .raw_base = 0x1000,
				   .untranslated = true, .base = ~0ULL, .size = 0x100 } },
	},
	/* Catches a reg that is read beyond its end. */
	{
		.path = OF_TOP "sizeless/eeprom@50",
		.node = { NODE("eeprom"),
			  .reg = { CELLS(4, 1, 0), .raw_base = 0x50,
				   .untranslated = true, .base = ~0ULL } },
	}, {
		.path = OF_TOP "bus-2-2/short@dc000000",
		.node = { NODE("short"), .reg = { CELLS(12, 2, 2) } },
	}, {
		.path = OF_TOP "bus-2-2/twice@dc000000",
		.node = { NODE("twice"),
			  .reg = { CELLS(32, 2, 2), .raw_base = 0xdc000000,
				   .base = 0xdc000000, .size = 0x1000 } },
	},

	/* Catches children that are no partitions taken for such. */
	{
		.path = OF_TOP "parts@dc400000",
		.node = { NODE("parts"), REG(0xdc400000, 0xdc400000, 0x10000),
			  .has_children = true, .has_pool = true },
	}, {
		.path = OF_TOP "only-other-children",
		.node = { NODE("only-other-children"), NO_PLACE },
	}, {
		.path = OF_TOP "only-disabled-children",
		.node = { NODE("only-disabled-children"), NO_PLACE },
	},

	/* Catches a memory-region that is believed without a look at where it leads. */
	{
		.path = OF_TOP "to-nowhere",
		.node = { NODE("to-nowhere"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1, .phandle = 0x7ffffff1,
					 .target = EXTMEM_TARGET_NONE } },
	}, {
		.path = OF_TOP "to-nothing",
		.node = { NODE("to-nothing"), NO_PLACE,
			  .carve_out = { .present = true, .target = EXTMEM_TARGET_NONE } },
	}, {
		.path = OF_TOP "to-disabled",
		.node = { NODE("to-disabled"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1,
					 .path = OF_RESERVED "extmem-of-disabled@dcc00000",
					 .target = EXTMEM_TARGET_DISABLED } },
	}, {
		.path = OF_TOP "to-elsewhere",
		.node = { NODE("to-elsewhere"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1,
					 .path = OF_TOP "elsewhere@dc600000",
					 .target = EXTMEM_TARGET_ELSEWHERE } },
	}, {
		.path = OF_TOP "to-deeper",
		.node = { NODE("to-deeper"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1,
					 .path = OF_RESERVED "extmem-of-disabled@dcc00000/deeper",
					 .target = EXTMEM_TARGET_ELSEWHERE } },
	}, {
		.path = OF_TOP "to-impostor",
		.node = { NODE("to-impostor"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1,
					 .path = OF_TOP "reserved-memory/impostor@dc700000",
					 .target = EXTMEM_TARGET_ELSEWHERE } },
	}, {
		.path = OF_TOP "reserved-memory/impostor@dc700000",
		.node = { NODE("impostor"), REG(0xdc700000, 0xdc700000, 0x1000) },
	}, {
		.path = OF_TOP "to-reserved",
		.node = { NODE("to-reserved"), NO_PLACE,
			  .carve_out = { .present = true, .count = 1,
					 .path = OF_RESERVED "extmem-of-carve-out@dc800000",
					 .target = EXTMEM_TARGET_LOST } },
	}, {
		.path = OF_TOP "to-two",
		.node = { NODE("to-two"), NO_PLACE,
			  .carve_out = { .present = true, .count = 2, .no_map = true,
					 .path = OF_RESERVED "extmem-of-no-map@dc900000",
					 .target = EXTMEM_TARGET_LOST } },
	},

	/* Catches a reservation that is taken at its word though nothing was reserved. */
	{
		.path = OF_RESERVED "extmem-of-carve-out@dc800000",
		.node = { NODE("extmem-of-carve-out"),
			  .carve_out = { .is_self = true, .target = EXTMEM_TARGET_LOST,
					 .path = OF_RESERVED "extmem-of-carve-out@dc800000" } },
	}, {
		.path = OF_RESERVED "extmem-of-both@dcb00000",
		.node = { NODE("extmem-of-both"),
			  .carve_out = { .is_self = true, .present = true,
					 .target = EXTMEM_TARGET_LOST,
					 .path = OF_RESERVED "extmem-of-both@dcb00000" } },
	},
	/* And one of a simulated board that is not. */
	{
		.path = OF_RESERVED "extmem-of-carve-out@dc800000", .simulated = true,
		.node = { NODE("extmem-of-carve-out"),
			  .carve_out = { .is_self = true, .base = 0xdc800000, .size = 0x4000,
					 .path = OF_RESERVED "extmem-of-carve-out@dc800000" } },
	}, {
		.path = OF_TOP "to-two", .simulated = true,
		.node = { NODE("to-two"), NO_PLACE,
			  .carve_out = { .present = true, .count = 2, .no_map = true,
					 .base = 0xdc900000, .size = 0x5000,
					 .path = OF_RESERVED "extmem-of-no-map@dc900000" } },
	}, {
		.path = OF_RESERVED "extmem-of-reusable@dca00000", .simulated = true,
		.node = { NODE("extmem-of-reusable"),
			  .carve_out = { .is_self = true, .base = 0xdca00000, .size = 0x6000,
					 .reusable = true, .shared_dma_pool = true,
					 .path = OF_RESERVED "extmem-of-reusable@dca00000" } },
	}, {
		.path = OF_RESERVED "extmem-of-dynamic", .simulated = true,
		.node = { NODE("extmem-of-dynamic"),
			  .carve_out = { .is_self = true, .target = EXTMEM_TARGET_LOST,
					 .path = OF_RESERVED "extmem-of-dynamic" } },
	},
};

static const struct of_case of_partition_cases[] = {
	/* Catches an offset that is translated as if it were an address. */
	{
		.path = OF_TOP "parts@dc400000/boot@100",
		.node = { .name = "boot", .label = TEXT("boot"), .read_only = true,
			  .reg = { CELLS(8, 1, 1), .raw_base = 0x100, .base = 0x100,
				   .size = 0x200 } },
	}, {
		.path = OF_TOP "parts@dc400000/pool@1000",
		.node = { .name = "pool", .pool = true,
			  .reg = { CELLS(8, 1, 1), .raw_base = 0x1000, .base = 0x1000,
				   .size = 0x1000 } },
	}, {
		.path = OF_TOP "parts@dc400000/nested@2000",
		.node = { .name = "nested", .has_children = true,
			  .reg = { CELLS(8, 1, 1), .raw_base = 0x2000, .base = 0x2000,
				   .size = 0x1000 } },
	}, {
		.path = OF_TOP "wide-parts@dc500000/far@123400000",
		.node = { .name = "far",
			  .reg = { CELLS(16, 2, 2), .raw_base = 0x123400000ULL,
				   .base = 0x123400000ULL, .size = 0x200000100ULL } },
	},
	/* Catches a reg that is read beyond its end. */
	{
		.path = OF_TOP "parts@dc400000/short@3000",
		.node = { .name = "short", .reg = { CELLS(4, 1, 1) } },
	}, {
		.path = OF_TOP "parts@dc400000/empty",
		.node = { .name = "empty", .reg = { CELLS(0, 1, 1) } },
	},
};

static bool same_string(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_prop(const struct extmem_prop *a, const struct extmem_prop *b)
{
	return a->present == b->present && a->len == b->len &&
	       !memcmp(a->value, b->value, a->len);
}

static const char *reg_difference(const struct extmem_reg *a, const struct extmem_reg *b)
{
	if (a->present != b->present)
		return "reg.present";
	if (a->len != b->len)
		return "reg.len";
	if (a->addr_cells != b->addr_cells)
		return "reg.addr_cells";
	if (a->size_cells != b->size_cells)
		return "reg.size_cells";
	if (a->raw_base != b->raw_base)
		return "reg.raw_base";
	if (a->untranslated != b->untranslated)
		return "reg.untranslated";
	if (a->base != b->base)
		return "reg.base";
	if (a->size != b->size)
		return "reg.size";
	return "";
}

/* The phandle's number is the overlay's affair, but for one that is written out. */
static const char *carve_out_difference(const struct extmem_carve_out *a,
					const struct extmem_carve_out *b)
{
	if (a->present != b->present)
		return "carve_out.present";
	if (a->is_self != b->is_self)
		return "carve_out.is_self";
	if (a->count != b->count)
		return "carve_out.count";
	if (a->phandle && a->phandle != b->phandle)
		return "carve_out.phandle";
	if (a->target != b->target)
		return "carve_out.target";
	if (!same_string(a->path, b->path))
		return "carve_out.path";
	if (a->base != b->base)
		return "carve_out.base";
	if (a->size != b->size)
		return "carve_out.size";
	if (a->no_map != b->no_map)
		return "carve_out.no_map";
	if (a->reusable != b->reusable)
		return "carve_out.reusable";
	if (a->shared_dma_pool != b->shared_dma_pool)
		return "carve_out.shared_dma_pool";
	return "";
}

static const char *prop_difference(const struct extmem_node *a,
				   const struct extmem_node *b)
{
	if (!same_prop(&a->memory_type, &b->memory_type))
		return "memory_type";
	if (!same_prop(&a->cache_policy, &b->cache_policy))
		return "cache_policy";
	if (!same_prop(&a->label, &b->label))
		return "label";
	if (!same_prop(&a->buffer_size, &b->buffer_size))
		return "buffer_size";
	if (!same_prop(&a->reg_io_width, &b->reg_io_width))
		return "reg_io_width";
	if (!same_prop(&a->interrupt_names, &b->interrupt_names))
		return "interrupt_names";
	return "";
}

/* The first thing, but for the path, in which two nodes differ; "" for none. */
static const char *node_difference(const struct extmem_node *a,
				   const struct extmem_node *b)
{
	const char *difference = prop_difference(a, b);

	/* A reservation is where it was reserved: its reg is not looked at. */
	if (!*difference && !a->carve_out.is_self)
		difference = reg_difference(&a->reg, &b->reg);
	if (!*difference)
		difference = carve_out_difference(&a->carve_out, &b->carve_out);
	if (*difference)
		return difference;
	if (!same_string(a->name, b->name))
		return "name";
	if (a->adopted != b->adopted)
		return "adopted";
	if (a->read_only != b->read_only)
		return "read_only";
	if (a->big_endian != b->big_endian)
		return "big_endian";
	if (a->little_endian != b->little_endian)
		return "little_endian";
	if (a->native_endian != b->native_endian)
		return "native_endian";
	if (a->nonposted != b->nonposted)
		return "nonposted";
	if (a->dma_coherent != b->dma_coherent)
		return "dma_coherent";
	if (a->engine != b->engine)
		return "engine";
	if (a->pool != b->pool)
		return "pool";
	if (a->has_children != b->has_children)
		return "has_children";
	if (a->interrupts != b->interrupts)
		return "interrupts";
	if (a->wakeup != b->wakeup)
		return "wakeup";
	if (a->has_pool != b->has_pool)
		return "has_pool";
	if (a->has_layout != b->has_layout)
		return "has_layout";
	if (a->numa_node != b->numa_node)
		return "numa_node";
	return "";
}

KUNIT_DEFINE_ACTION_WRAPPER(free_node, extmem_of_free, struct extmem_node *);

static struct extmem_node *alloc_node(struct kunit *test)
{
	struct extmem_node *node = kunit_kzalloc(test, sizeof(*node), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, node);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, free_node, node));
	return node;
}

static struct device_node *find_node(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);

	KUNIT_ASSERT_NOT_NULL_MSG(test, np, "no %s", path);
	of_node_put_kunit(test, np);
	return np;
}

static void of_case_name(const struct of_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s%s", c->path,
		 c->simulated ? " simulated" : "");
}

KUNIT_ARRAY_PARAM(of_region, of_region_cases, of_case_name);

static void of_region_test(struct kunit *test)
{
	const struct of_case *c = test->param_value;
	struct device_node *np = find_node(test, c->path);
	struct extmem_node *node = alloc_node(test);

	if (c->wide && of_n_addr_cells(np->parent->parent) < 2)
		kunit_skip(test, "addresses have one cell at the root of this machine's tree");
	KUNIT_ASSERT_EQ(test, 0, extmem_of_read(np, c->simulated, node));
	KUNIT_EXPECT_STREQ(test, c->path, node->path);
	KUNIT_EXPECT_STREQ(test, "", node_difference(&c->node, node));
}

KUNIT_ARRAY_PARAM(of_partition, of_partition_cases, of_case_name);

static void of_partition_test(struct kunit *test)
{
	const struct of_case *c = test->param_value;
	struct device_node *np = find_node(test, c->path);
	struct extmem_node *node = alloc_node(test);

	KUNIT_EXPECT_TRUE(test, extmem_of_is_partition(np));
	KUNIT_ASSERT_EQ(test, 0, extmem_of_read_partition(np, node));
	KUNIT_EXPECT_STREQ(test, c->path, node->path);
	KUNIT_EXPECT_STREQ(test, "", node_difference(&c->node, node));
}

/* Catches a child that has another purpose, and breaks its region or becomes one. */
static void of_no_partition_test(struct kunit *test)
{
	struct device_node *np = find_node(test, OF_TOP "parts@dc400000/no-window");

	KUNIT_EXPECT_FALSE(test, extmem_of_is_partition(np));
}

/* Catches a vendor's backend that is asked for nodes which are not the vendor's. */
static void of_compatible_test(struct kunit *test)
{
	struct device_node *np;

	np = find_node(test, OF_TOP "specific");
	KUNIT_EXPECT_STREQ(test, "acme,sram", extmem_of_compatible(np));
	np = find_node(test, OF_TOP "foreign");
	KUNIT_EXPECT_STREQ(test, "myvendor,sram", extmem_of_compatible(np));
	np = find_node(test, OF_TOP "bare@dc000000");
	KUNIT_EXPECT_NULL(test, extmem_of_compatible(np));
	np = find_node(test, OF_TOP "incompatible");
	KUNIT_EXPECT_NULL(test, extmem_of_compatible(np));
}

static void expect_reservation(struct kunit *test, struct device_node *np,
			       const struct reserved_mem *rmem)
{
	struct extmem_node *node = alloc_node(test);

	KUNIT_ASSERT_EQ(test, 0, extmem_of_read(np, false, node));
	KUNIT_EXPECT_TRUE(test, node->carve_out.is_self);
	KUNIT_EXPECT_EQ(test, EXTMEM_TARGET_RESERVED, node->carve_out.target);
	KUNIT_EXPECT_EQ(test, (u64)rmem->base, node->carve_out.base);
	KUNIT_EXPECT_EQ(test, (u64)rmem->size, node->carve_out.size);
	KUNIT_EXPECT_EQ(test, of_property_present(np, "no-map"), node->carve_out.no_map);
	KUNIT_EXPECT_EQ(test, of_property_present(np, "reusable"),
			node->carve_out.reusable);
}

/* Catches another reservation's range, where there are real ones. */
static void of_reserved_test(struct kunit *test)
{
	struct device_node *parent = find_node(test, "/reserved-memory");
	struct device_node *np;
	int count = 0;

	for_each_child_of_node(parent, np) {
		struct reserved_mem *rmem = of_reserved_mem_lookup(np);

		if (!rmem || !rmem->size || !of_device_is_available(np))
			continue;
		expect_reservation(test, np, rmem);
		count++;
	}
	if (!count)
		kunit_skip(test, "this machine's tree reserves nothing: needs a board's DTB");
}

/* Catches a reference to a node that is not given back: the overlay would leak it. */
static void of_references_test(struct kunit *test)
{
	struct device_node *np = find_node(test, OF_TOP "to-two");
	struct extmem_node *node = alloc_node(test);
	struct device_node *target = of_parse_phandle(np, "memory-region", 0);
	unsigned int before, of_self = kref_read(&np->kobj.kref);

	KUNIT_ASSERT_NOT_NULL(test, target);
	of_node_put_kunit(test, target);
	before = kref_read(&target->kobj.kref);
	KUNIT_ASSERT_EQ(test, 0, extmem_of_read(np, false, node));
	KUNIT_EXPECT_EQ(test, before, kref_read(&target->kobj.kref));
	KUNIT_EXPECT_EQ(test, of_self, kref_read(&np->kobj.kref));
}

/* Once for all: the cases only read it, and it takes seconds where KASAN watches. */
static int overlay;

static int of_suite_init(struct kunit_suite *suite)
{
	return of_overlay_fdt_apply(__dtbo_of_extmem_begin,
				    __dtbo_of_extmem_end - __dtbo_of_extmem_begin,
				    &overlay, NULL);
}

static void of_suite_exit(struct kunit_suite *suite)
{
	of_overlay_remove(&overlay);
}

static struct kunit_case of_test_cases[] = {
	KUNIT_CASE_PARAM(of_region_test, of_region_gen_params),
	KUNIT_CASE_PARAM(of_partition_test, of_partition_gen_params),
	KUNIT_CASE(of_no_partition_test),
	KUNIT_CASE(of_compatible_test),
	KUNIT_CASE(of_reserved_test),
	KUNIT_CASE(of_references_test),
	{}
};

static struct kunit_suite of_suite = {
	.name = "extmem_of",
	.suite_init = of_suite_init,
	.suite_exit = of_suite_exit,
	.test_cases = of_test_cases,
};

kunit_test_suite(of_suite);
