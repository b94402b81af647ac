// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of nodes that use a reservation wrongly, on the live driver. Nothing can
 * be reserved at run time, so they point to what the board's tree has had reserved.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "fixture.h"
#include "internal.h"

#define BAD_NODE	"extmem-bad-reserved"

/**
 * struct reserved_case - a wrong use
 * @name: what is wrong
 * @pool: the reservation is a shared-dma-pool
 * @no_map: it has no-map
 * @type: memory-type
 * @policy: cache-policy
 * @buffer_size: two cells
 * @has_buffer_size: there is one
 * @before: what the log says after the node's name and before the reservation's
 * @with_size: the reservation's size comes after its name
 * @after: the rest, NULL if the reservation is not named
 */
struct reserved_case {
	const char *name;
	bool pool;
	bool no_map;
	const char *type;
	const char *policy;
	u32 buffer_size[2];
	bool has_buffer_size;
	const char *before;
	bool with_size;
	const char *after;
};

/* Each catches that its mistake reaches a backend, and that the remedy is left out. */
static const struct reserved_case reserved_cases[] = {
	{
		.name = "buffer-size zero", .pool = true,
		.type = "cma", .policy = "write-back", .has_buffer_size = true,
		.before =
			"buffer-size: 0 bytes; give a size, or remove it to allocate on request",
	}, {
		.name = "buffer-size larger than the pool", .pool = true,
		.type = "cma", .policy = "write-back", .has_buffer_size = true,
		.buffer_size = { 0x1, 0x0 },
		.before = "buffer-size: 0x100000000 is larger than its pool ",
		.with_size = true, .after = "; make it smaller, or the pool larger",
	}, {
		.name = "ram in a pool", .pool = true,
		.type = "ram", .policy = "write-back",
		.before = "memory-type: \"ram\" is refused for the shared-dma-pool ",
		.after = "; use \"cma\"",
	}, {
		.name = "write-back of a pool with no-map", .pool = true, .no_map = true,
		.type = "cma", .policy = "write-back",
		.before =
			"cache-policy: \"write-back\" is refused for a pool with no-map; use \"write-combine\"",
	}, {
		.name = "cma of a carve-out with no-map", .no_map = true,
		.type = "cma", .policy = "write-back",
		.before = "memory-region: ",
		.after =
			" is no shared-dma-pool; give it that compatible, or use another memory-type",
	}, {
		.name = "cma of a carve-out without no-map",
		.type = "cma", .policy = "write-back",
		.before = "memory-region: ",
		.after =
			" is no shared-dma-pool; give it that compatible, or use another memory-type",
	}, {
		.name = "write-combine of a carve-out without no-map",
		.type = "ram", .policy = "write-combine",
		.before =
			"cache-policy: \"write-combine\" is refused for a carve-out that the kernel maps; add no-map to ",
		.after = ", or use \"write-back\"",
	}, {
		.name = "uncached of a carve-out without no-map",
		.type = "ram", .policy = "uncached",
		.before =
			"cache-policy: \"uncached\" is refused for a carve-out that the kernel maps; add no-map to ",
		.after = ", or use \"write-back\"",
	},
};

static bool fits(const struct reserved_case *c, struct device_node *np)
{
	return np->phandle && of_reserved_mem_lookup(np) &&
	       of_device_is_available(np) &&
	       !of_device_is_compatible(np, "shared-dma-pool") == !c->pool &&
	       of_property_read_bool(np, "no-map") == c->no_map;
}

/* A reservation of the board's that the case can misuse. */
static struct device_node *find_reservation(struct kunit *test,
					    const struct reserved_case *c)
{
	struct device_node *parent = of_find_node_by_path("/reserved-memory");
	struct device_node *np;

	for_each_child_of_node(parent, np)
		if (fits(c, np))
			break;
	of_node_put(parent);
	if (!np)
		kunit_skip(test, "no such reservation in this machine's tree: needs a board's");
	of_node_put_kunit(test, np);
	return np;
}

static void remove_changes(void *changes)
{
	of_changeset_revert(changes);
	of_changeset_destroy(changes);
}

static int add_props(struct of_changeset *changes, struct device_node *np,
		     const struct reserved_case *c, u32 phandle)
{
	int ret;

	ret = of_changeset_add_prop_string(changes, np, "compatible", EXTMEM_COMPATIBLE) ?:
	      of_changeset_add_prop_string(changes, np, "memory-type", c->type) ?:
	      of_changeset_add_prop_string(changes, np, "cache-policy", c->policy) ?:
	      of_changeset_add_prop_u32(changes, np, "memory-region", phandle);
	if (!ret && c->has_buffer_size)
		ret = of_changeset_add_prop_u32_array(changes, np, "buffer-size",
						      c->buffer_size, 2);
	return ret;
}

/* At the root, so the kernel makes a device of it, and the driver probes it. */
static void add_bad_node(struct kunit *test, const struct reserved_case *c, u32 phandle)
{
	struct of_changeset *changes = kunit_kzalloc(test, sizeof(*changes), GFP_KERNEL);
	struct device_node *root = of_find_node_by_path("/"), *np;

	KUNIT_ASSERT_NOT_NULL(test, changes);
	of_node_put_kunit(test, root);
	of_changeset_init(changes);
	np = of_changeset_create_node(changes, root, BAD_NODE);
	KUNIT_ASSERT_NOT_NULL(test, np);
	KUNIT_ASSERT_EQ(test, 0, add_props(changes, np, c, phandle));
	KUNIT_ASSERT_EQ(test, 0, of_changeset_apply(changes));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, remove_changes, changes));
}

static void format_line(const struct reserved_case *c, struct device_node *reservation,
			char *line, size_t size)
{
	const struct reserved_mem *rmem = of_reserved_mem_lookup(reservation);
	int len = scnprintf(line, size, ": /" BAD_NODE ": %s", c->before);

	if (c->after)
		len += scnprintf(line + len, size - len, "%pOF", reservation);
	if (c->with_size)
		len += scnprintf(line + len, size - len, " (0x%llx)", (u64)rmem->size);
	scnprintf(line + len, size - len, "%s\n", c->after ?: "");
}

KUNIT_ARRAY_PARAM_DESC(reserved, reserved_cases, name);

static void bad_reserved_refused_test(struct kunit *test)
{
	const struct reserved_case *c = test->param_value;
	struct device_node *np, *reservation = find_reservation(test, c);
	struct platform_device *pdev;
	char line[256];
	u64 log_start = test_log_start();

	add_bad_node(test, c, reservation->phandle);
	format_line(c, reservation, line, sizeof(line));
	KUNIT_EXPECT_EQ_MSG(test, 1, test_log_count(log_start, line), "lines that end in \"%s\"",
			    line);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(log_start, ": /" BAD_NODE));

	np = of_find_node_by_path("/" BAD_NODE);
	pdev = of_find_device_by_node(np);
	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	put_device(&pdev->dev);
}

static struct kunit_case bad_reserved_test_cases[] = {
	KUNIT_CASE_PARAM(bad_reserved_refused_test, reserved_gen_params),
	{}
};

static struct kunit_suite bad_reserved_suite = {
	.name = "extmem_bad_reserved",
	.test_cases = bad_reserved_test_cases,
};

kunit_test_suite(bad_reserved_suite);
