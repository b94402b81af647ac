// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that uses regions: how it gets them, waits for them, and loses them.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/extmem.h>
#include <linux/file.h>
#include <linux/io.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/unaligned.h>

#include "fake_backend.h"
#include "fake_device.h"
#include "fixture.h"

#define RAM		"extmem-consumer-ram"
#define PART		RAM ".part"
#define REGS		"extmem-consumer-regs"
#define RAM_BASE	0xd8100000ULL
#define RAM_SIZE	0x10000
#define PART_OFFSET	0x4000
#define PART_SIZE	0x2000
#define NODE		"/extmem-test-bus/user: "	/* begins each line */

/**
 * struct consumer_context - a driver, and what it is to do
 * @fake: who serves the regions
 * @probe: what its probe does
 * @dev: its device, while it is bound
 * @mem: what it has got
 * @probes: calls of its probe
 * @unbound: calls of its remove
 * @was_there: the region's memory was there when it was called
 */
struct consumer_context {
	struct fake_backend *fake;
	int (*probe)(struct kunit *test, struct device *dev);
	struct device *dev;
	struct extmem *mem;
	int probes;
	int unbound;
	bool was_there;
};

/* A driver's functions know the device only. */
static struct kunit *test_of_driver;

static int user_probe(struct platform_device *pdev)
{
	struct consumer_context *ctx = test_of_driver->priv;
	int ret;

	ctx->probes++;
	ctx->dev = &pdev->dev;
	ret = ctx->probe(test_of_driver, &pdev->dev);
	if (ret)
		ctx->dev = NULL;
	return ret;
}

static void user_remove(struct platform_device *pdev)
{
	struct consumer_context *ctx = test_of_driver->priv;

	ctx->was_there = ctx->fake->attached > 0;
	ctx->unbound++;
	ctx->dev = NULL;
}

static const struct of_device_id user_match[] = {
	{ .compatible = "extmem-test,consumer" },
	{ }
};

static struct platform_driver user_driver = {
	.probe = user_probe,
	.remove = user_remove,
	.driver = {
		.name = "extmem-test-consumer",
		.of_match_table = user_match,
	},
};

static int consumer_init(struct kunit *test)
{
	struct consumer_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	test_of_driver = test;
	ctx->fake = fake_backend_new(test);
	ctx->fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &ctx->fake->backend, NULL);
	return 0;
}

static void unregister_driver(void *driver)
{
	platform_driver_unregister(driver);
}

static void add_driver(struct kunit *test, int (*probe)(struct kunit *, struct device *))
{
	struct consumer_context *ctx = test->priv;

	ctx->probe = probe;
	KUNIT_ASSERT_EQ(test, 0, platform_driver_register(&user_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister_driver,
							   &user_driver));
}

static void remove_driver(struct kunit *test)
{
	kunit_release_action(test, unregister_driver, &user_driver);
}

static void add_devices(struct kunit *test)
{
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, consumer_extmem));
	test_populate(test);
	KUNIT_ASSERT_TRUE(test, test_region_is_there(PART));
}

/* All is there when the driver comes. */
static struct consumer_context *bind(struct kunit *test,
				     int (*probe)(struct kunit *, struct device *))
{
	struct consumer_context *ctx = test->priv;

	add_devices(test);
	add_driver(test, probe);
	KUNIT_ASSERT_EQ(test, ctx->probes, 1);
	return ctx;
}

/* The region's platform device, to be put. */
static struct device *owner_of(struct kunit *test, const char *name)
{
	struct device *dev = class_find_device_by_name(&extmem_class, name);
	struct device *owner;

	KUNIT_ASSERT_NOT_NULL(test, dev);
	owner = get_device(to_extmem_region(dev)->owner);
	put_device(dev);
	return owner;
}

static int expect_facts(struct kunit *test, struct device *dev)
{
	struct extmem *ram = devm_extmem_get(dev, "ram");
	struct extmem *part = devm_extmem_get_index(dev, 1);
	struct extmem *regs = devm_extmem_get_optional(dev, "regs");
	struct extmem *first = devm_extmem_get(dev, NULL);
	struct extmem *second = devm_extmem_get_index_optional(dev, 1);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ram);
	KUNIT_EXPECT_STREQ(test, ram->name, RAM);
	KUNIT_EXPECT_EQ(test, (u64)ram->base, RAM_BASE);
	KUNIT_EXPECT_EQ(test, ram->size, RAM_SIZE);
	KUNIT_EXPECT_EQ(test, ram->type, EXTMEM_RAM);
	KUNIT_EXPECT_EQ(test, ram->policy, EXTMEM_UNCACHED);
	KUNIT_EXPECT_FALSE(test, ram->read_only);
	KUNIT_EXPECT_FALSE(test, ram->big_endian);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, part);
	KUNIT_EXPECT_STREQ(test, part->name, PART);
	KUNIT_EXPECT_EQ(test, (u64)part->base, RAM_BASE + PART_OFFSET);
	KUNIT_EXPECT_EQ(test, part->size, PART_SIZE);
	KUNIT_EXPECT_TRUE(test, part->read_only);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, regs);
	KUNIT_EXPECT_EQ(test, regs->type, EXTMEM_MMIO);
	KUNIT_EXPECT_EQ(test, regs->io_width, 4);
	KUNIT_EXPECT_TRUE(test, regs->big_endian);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_EXPECT_STREQ(test, first->name, RAM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
	KUNIT_EXPECT_STREQ(test, second->name, PART);
	return 0;
}

/* Catches: another region than the one that is named, and facts of another. */
static void consumer_gets_what_it_names(struct kunit *test)
{
	bind(test, expect_facts);
}

static int get_ram(struct kunit *test, struct device *dev)
{
	struct consumer_context *ctx = test->priv;

	ctx->mem = devm_extmem_get(dev, "ram");
	return PTR_ERR_OR_ZERO(ctx->mem);
}

static int get_part(struct kunit *test, struct device *dev)
{
	struct consumer_context *ctx = test->priv;

	ctx->mem = devm_extmem_get(dev, "part");
	return PTR_ERR_OR_ZERO(ctx->mem);
}

static bool is_bound(struct consumer_context *ctx)
{
	int tries = 250;

	while (!READ_ONCE(ctx->dev) && tries--)
		msleep(20);
	return READ_ONCE(ctx->dev);
}

/* Catches: a driver that fails, or complains, because its region comes later. */
static void consumer_waits(struct kunit *test)
{
	struct consumer_context *ctx = test->priv;
	u64 start = test_log_start();

	add_driver(test, get_part);
	add_devices(test);
	KUNIT_EXPECT_TRUE(test, is_bound(ctx));
	KUNIT_EXPECT_GE(test, ctx->probes, 2);
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, NODE));
	remove_driver(test);
}

static const struct refused_case {
	const char *name;
	int ret;
	const char *message;
} refusals[] = {
	{
		.name = "unknown", .ret = -ENOENT, .message =
		"extmem-names: has no \"unknown\"; add it, and its region to extmem",
	}, {
		.name = "nowhere", .ret = -EINVAL, .message =
		"extmem: entry 3 leads nowhere; point it to a region",
	}, {
		.name = "nothing", .ret = -EINVAL, .message =
		"extmem: /extmem-test-bus/nothing is no region; point it to a node that is compatible to \"extmem-region\", or to a partition of one",
	}, {
		.name = "itself", .ret = -EINVAL, .message =
		"extmem: /extmem-test-bus/user is no region; point it to a node that is compatible to \"extmem-region\", or to a partition of one",
	}, {
		.name = "off", .ret = -ENODEV, .message =
		"extmem: /extmem-test-bus/off@d8300000 is disabled; set its status to \"okay\"",
	}, {
		.name = "off-part", .ret = -ENODEV, .message =
		"extmem: /extmem-test-bus/ram@d8100000/off@8000 is disabled; set its status to \"okay\"",
	}, {
		.name = "never", .ret = -EPROBE_DEFER,
	},
};

KUNIT_ARRAY_PARAM_DESC(refusal, refusals, name);

static int get_refused(struct kunit *test, struct device *dev)
{
	const struct refused_case *param = test->param_value;
	struct extmem *mem = devm_extmem_get(dev, param->name);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), param->ret);
	return 0;
}

/* Catches: a refusal without a reason, with a wrong one, or none. */
static void consumer_is_refused(struct kunit *test)
{
	const struct refused_case *param = test->param_value;
	u64 start = test_log_start();

	bind(test, get_refused);
	if (param->message)
		test_expect_said(test, start, param->message);
	KUNIT_EXPECT_EQ(test, !!param->message, test_log_count(start, NODE));
}

static int get_what_is_not_there(struct kunit *test, struct device *dev)
{
	struct extmem *mem;

	KUNIT_EXPECT_NULL(test, devm_extmem_get_optional(dev, "unknown"));
	KUNIT_EXPECT_NULL(test, devm_extmem_get_index_optional(dev, 10));
	KUNIT_EXPECT_NULL(test, devm_extmem_get_index_optional(dev, UINT_MAX));
	mem = devm_extmem_get_optional(dev, "nothing");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), -EINVAL);
	mem = devm_extmem_get_index(dev, 10);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), -ENOENT);
	extmem_put(NULL);
	return 0;
}

/* Catches: an error, or a line, for what need not be; silence about what is wrong. */
static void consumer_has_options(struct kunit *test)
{
	u64 start = test_log_start();

	bind(test, get_what_is_not_there);
	KUNIT_EXPECT_EQ(test, 2, test_log_count(start, NODE));
	test_expect_said(test, start, NODE "extmem: has no entry 10; add the phandle of a region");
}

static int get_what_is_about_to_go(struct kunit *test, struct device *dev)
{
	struct device *part = class_find_device_by_name(&extmem_class, PART);
	struct extmem *mem;

	KUNIT_ASSERT_NOT_NULL(test, part);
	extmem_partition_close(to_extmem_region(part));
	put_device(part);
	mem = devm_extmem_get(dev, "part");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), -EPROBE_DEFER);
	mem = devm_extmem_get(dev, "ram");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), 0);
	return 0;
}

/* Catches: a partition that is given to one more when those who have it are being unbound. */
static void consumer_of_what_is_about_to_go(struct kunit *test)
{
	bind(test, get_what_is_about_to_go);
}

static int get_own(struct kunit *test, struct device *dev)
{
	struct extmem *mem;

	KUNIT_EXPECT_EQ(test, 0, of_platform_populate(dev->of_node, NULL, NULL, dev));
	KUNIT_EXPECT_TRUE(test, test_region_is_there("extmem-consumer-own"));
	mem = devm_extmem_get(dev, "own");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), -EINVAL);
	of_platform_depopulate(dev);
	return 0;
}

/* Catches: a device that waits for ever for what waits for it, or a lock that does. */
static void consumer_in_a_circle(struct kunit *test)
{
	u64 start = test_log_start();

	bind(test, get_own);
	test_expect_said(test, start,
			 "/user: extmem: /extmem-test-bus/user/own@d8400000 cannot come first, for it needs this device itself; remove one of the two references");
}

/* Whoever is below the region's device is refused, and who is beside it is not. */
static int get_first(struct kunit *test, struct device *dev)
{
	struct device *owner = owner_of(test, RAM);
	struct extmem *mem = devm_extmem_get(dev, NULL);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), dev->parent == owner ? -EINVAL : 0);
	put_device(owner);
	return 0;
}

/* Catches: a lock that who is probed waits for, and that who probes him has. */
static void consumer_below_its_region(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_first);
	struct device *owner = owner_of(test, RAM);
	struct device_node *np = of_get_child_by_name(owner->of_node, "inner");
	struct platform_device *inner;
	u64 start = test_log_start();

	inner = of_platform_device_create(np, NULL, owner);
	of_node_put(np);
	KUNIT_EXPECT_EQ(test, ctx->probes, 2);
	if (inner)
		of_platform_device_destroy(&inner->dev, NULL);
	put_device(owner);
	test_expect_said(test, start,
			 "/ram@d8100000/inner: extmem: /extmem-test-bus/ram@d8100000 cannot come first, for it needs this device itself; ");
}

static int get_linked(struct kunit *test, struct device *dev)
{
	struct device *owner = owner_of(test, RAM);
	struct device_link *link = device_link_add(owner, dev, DL_FLAG_STATELESS);
	struct extmem *mem = devm_extmem_get(dev, "ram");

	KUNIT_EXPECT_NOT_NULL(test, link);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mem), -EINVAL);
	device_link_del(link);
	put_device(owner);
	return 0;
}

/* Catches: the same by way of a clock, say, that the region has from the device. */
static void consumer_in_a_circle_of_links(struct kunit *test)
{
	u64 start = test_log_start();

	bind(test, get_linked);
	test_expect_said(test, start,
			 NODE "extmem: /extmem-test-bus/ram@d8100000 cannot come first");
}

/* Catches: an access that is cut, goes elsewhere, or beyond the region. */
static void consumer_reads_and_writes(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_ram);
	u8 *memory = ctx->fake->memory;
	u8 text[5] = "text", back[5] = "";

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ctx->mem);
	KUNIT_EXPECT_EQ(test, 0, extmem_write(ctx->mem, 3, text, 5));
	KUNIT_EXPECT_MEMEQ(test, memory + 3, text, 5);
	KUNIT_EXPECT_EQ(test, 0, extmem_read(ctx->mem, 3, back, 5));
	KUNIT_EXPECT_MEMEQ(test, back, text, 5);
	KUNIT_EXPECT_EQ(test, 0, extmem_fill(ctx->mem, RAM_SIZE - 3, 0x5a, 3));
	KUNIT_EXPECT_EQ(test, memory[RAM_SIZE - 4], 0);
	KUNIT_EXPECT_EQ(test, memory[RAM_SIZE - 3], 0x5a);
	KUNIT_EXPECT_EQ(test, memory[RAM_SIZE - 1], 0x5a);

	KUNIT_EXPECT_EQ(test, 0, extmem_read(ctx->mem, RAM_SIZE, back, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_read(ctx->mem, RAM_SIZE, back, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_write(ctx->mem, RAM_SIZE - 1, text, 2));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_fill(ctx->mem, U64_MAX, 0, 2));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_read(ctx->mem, 1, back, SIZE_MAX));
}

/* Catches: a partition that is somewhere else, or is written though it is read-only. */
static void consumer_of_a_partition(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_part);
	struct iosys_map map;
	u8 byte = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ctx->mem);
	ctx->fake->memory[PART_OFFSET + PART_SIZE - 1] = 0x77;
	KUNIT_EXPECT_EQ(test, 0, extmem_read(ctx->mem, PART_SIZE - 1, &byte, 1));
	KUNIT_EXPECT_EQ(test, byte, 0x77);
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_read(ctx->mem, PART_SIZE, &byte, 1));
	KUNIT_EXPECT_EQ(test, -EPERM, extmem_write(ctx->mem, 0, &byte, 1));
	KUNIT_EXPECT_EQ(test, -EPERM, extmem_fill(ctx->mem, 0, 0, 1));
	KUNIT_ASSERT_EQ(test, 0, extmem_map(ctx->mem, &map));
	KUNIT_EXPECT_FALSE(test, map.is_iomem);
	KUNIT_EXPECT_EQ(test, extmem_load(&map, PART_SIZE - 1, u8), 0x77);
	extmem_store(&map, PART_SIZE - 4, u32, 0x12345678);
	KUNIT_EXPECT_EQ(test, *(u32 *)(ctx->fake->memory + PART_OFFSET + PART_SIZE - 4),
			0x12345678);
}

/* Catches: what makes a call for each region, or maps it more than once. */
static void consumer_shares_one_view(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_ram);
	struct iosys_map one, two;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ctx->mem);
	KUNIT_ASSERT_EQ(test, 0, extmem_map(ctx->mem, &one));
	KUNIT_ASSERT_EQ(test, 0, extmem_map(ctx->mem, &two));
	KUNIT_EXPECT_PTR_EQ(test, one.vaddr, two.vaddr);
	fake_backend_expect(test, ctx->fake, "attach,map,");
}

static int get_regs(struct kunit *test, struct device *dev)
{
	struct consumer_context *ctx = test->priv;

	ctx->mem = devm_extmem_get(dev, "regs");
	return PTR_ERR_OR_ZERO(ctx->mem);
}

/* Catches: registers that are accessed in another width or order, twice, or in part. */
static void consumer_of_registers(struct kunit *test)
{
	struct fake_device *dev = fake_device_get(test);
	struct consumer_context *ctx = bind(test, get_regs);
	u8 bytes[12] __aligned(4);
	struct iosys_map map;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ctx->mem);
	/* At an odd address, too. */
	KUNIT_EXPECT_EQ(test, 0, extmem_read(ctx->mem, 8, bytes + 1, 8));
	KUNIT_EXPECT_EQ(test, get_unaligned((u32 *)(bytes + 1)), 0x08090a0b);
	KUNIT_EXPECT_EQ(test, get_unaligned((u32 *)(bytes + 5)), 0x0c0d0e0f);
	fake_device_expect(test, dev, false, 8, 4, 2);

	dev->count = 0;
	put_unaligned(0x11223344, (u32 *)(bytes + 1));
	KUNIT_EXPECT_EQ(test, 0, extmem_write(ctx->mem, 16, bytes + 1, 4));
	KUNIT_EXPECT_EQ(test, dev->memory[16], 0x11);
	fake_device_expect(test, dev, true, 16, 4, 1);

	dev->count = 0;
	KUNIT_EXPECT_EQ(test, 0, extmem_fill(ctx->mem, 32, 0xa5, 12));
	KUNIT_EXPECT_EQ(test, dev->memory[43], 0xa5);
	KUNIT_EXPECT_EQ(test, dev->memory[44], 44);
	fake_device_expect(test, dev, true, 32, 4, 3);

	dev->count = 0;
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_read(ctx->mem, 8, bytes, 3));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_write(ctx->mem, 2, bytes, 4));
	KUNIT_EXPECT_EQ(test, dev->count, 0);

	KUNIT_ASSERT_EQ(test, 0, extmem_map(ctx->mem, &map));
	KUNIT_EXPECT_EQ(test, extmem_readl(&map, 8), 0x0b0a0908);
	KUNIT_EXPECT_EQ(test, extmem_readw(&map, 10), 0x0b0a);
	KUNIT_EXPECT_EQ(test, extmem_readb(&map, 11), 0x0b);
	KUNIT_EXPECT_EQ(test, dev->count, 3);
	extmem_writel(&map, 48, 0x01020304);
	extmem_writew(&map, 54, 0x0506);
	extmem_writeb(&map, 53, 0x07);
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(dev->memory + 48), 0x01020304);
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(dev->memory + 52), 0x05060734);
}

/* Catches: the memory of a simulated board's registers that is taken for real ones. */
static void consumer_of_simulated_registers(struct kunit *test)
{
	__le32 memory[4] = { 0, cpu_to_le32(0x01020304) };
	struct iosys_map map = IOSYS_MAP_INIT_VADDR(memory);

	KUNIT_EXPECT_EQ(test, extmem_readl(&map, 4), 0x01020304);
	KUNIT_EXPECT_EQ(test, extmem_readw(&map, 4), 0x0304);
	KUNIT_EXPECT_EQ(test, extmem_readb(&map, 7), 0x01);
	extmem_writel(&map, 8, 0x0a0b0c0d);
	extmem_writew(&map, 8, 0x1112);
	extmem_writeb(&map, 11, 0x13);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(memory[2]), 0x130b1112);
}

static int claim(struct kunit *test, struct device *dev)
{
	struct extmem *ram = devm_extmem_get(dev, "ram");
	struct extmem *part = extmem_get(dev, "part");
	u64 start = test_log_start();

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ram);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, part);
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(ram, 0x1000, 0x1000));
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(ram, 0x2000, 0x1000));
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(part, 0x1000, 0x1000));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "for itself"));

	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_claim_range(ram, 0x1fff, 1));
	test_expect_said(test, start,
			 "/extmem-test-bus/ram@d8100000: extmem-test-bus:user cannot have 0x1fff-0x1fff for itself: extmem-test-bus:user has 0x1000-0x1fff; use other bytes, or one of the two drivers");
	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_claim_range(ram, PART_OFFSET, 0x1001));
	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_claim_range(ram, 0, RAM_SIZE));
	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_claim_range(part, 0, PART_SIZE));
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(ram, PART_OFFSET, 0x1000));

	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_claim_range(ram, 0, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_claim_range(ram, RAM_SIZE, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_claim_range(ram, 0, RAM_SIZE + 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, extmem_claim_range(ram, U64_MAX, 2));

	extmem_release_range(ram, 0x1000, 0x1000);
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(ram, 0x1800, 0x800));
	/* What is put has nothing any more. */
	extmem_put(part);
	KUNIT_EXPECT_EQ(test, 0, extmem_claim_range(ram, PART_OFFSET + 0x1000, 0x1000));
	return 0;
}

/* Catches: bytes that two drivers take for theirs, and a claim that outlives its owner. */
static void consumer_claims(struct kunit *test)
{
	struct device *dev;

	bind(test, claim);
	remove_driver(test);
	dev = class_find_device_by_name(&extmem_class, RAM);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	KUNIT_EXPECT_TRUE(test, list_empty(&to_extmem_region(dev)->ranges));
	put_device(dev);
}

/* Catches: a driver that is left with a region that is gone; one that cannot come back. */
static void consumer_goes_first(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_part);
	struct device *owner = owner_of(test, RAM);
	struct device *dev = ctx->dev;

	KUNIT_ASSERT_NOT_NULL(test, dev);
	device_release_driver(owner);
	KUNIT_EXPECT_EQ(test, ctx->unbound, 1);
	KUNIT_EXPECT_TRUE(test, ctx->was_there);
	KUNIT_EXPECT_NULL(test, ctx->dev);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(PART));

	/* There is nothing to get. */
	KUNIT_EXPECT_EQ(test, 0, device_attach(dev));
	KUNIT_EXPECT_NULL(test, ctx->dev);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ctx->mem), -EPROBE_DEFER);

	/* When there is, it comes by itself, for it has waited. */
	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	KUNIT_EXPECT_TRUE(test, is_bound(ctx));
	put_device(owner);
	remove_driver(test);
}

/* Catches: a reference that is kept, so that the region's name stays taken. */
static void consumer_many_times(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_part);
	struct device *region = class_find_device_by_name(&extmem_class, PART);
	unsigned int round, held;

	KUNIT_ASSERT_NOT_NULL(test, ctx->dev);
	held = kref_read(&region->kobj.kref);
	for (round = 0; round < 100; round++) {
		struct device *dev = ctx->dev;

		device_release_driver(dev);
		KUNIT_EXPECT_EQ(test, kref_read(&region->kobj.kref), held - 1);
		KUNIT_ASSERT_EQ(test, 1, device_attach(dev));
	}
	KUNIT_EXPECT_EQ(test, kref_read(&region->kobj.kref), held);
	put_device(region);
}

static void put_now(struct dma_buf *dmabuf)
{
	__fput_sync(dmabuf->file);
}

/* Catches: a window of elsewhere, and one that is more than read. */
static void consumer_has_windows(struct kunit *test)
{
	struct consumer_context *ctx = bind(test, get_ram);
	dma_addr_t addr = 0;
	struct dma_buf *dmabuf;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ctx->mem);
	if (!PAGE_ALIGNED(RAM_SIZE / 2))
		kunit_skip(test, "half of the region is not whole pages");
	dmabuf = extmem_dma_buf_get(ctx->mem, RAM_SIZE / 2, RAM_SIZE / 2, &addr);
	/* The fake has its pages where it likes. */
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_EXPECT_EQ(test, (u64)addr, RAM_BASE + RAM_SIZE / 2);
	KUNIT_EXPECT_EQ(test, dmabuf->size, RAM_SIZE / 2);
	put_now(dmabuf);
	dmabuf = extmem_dma_buf_get(ctx->mem, 0, RAM_SIZE, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	put_now(dmabuf);
	dmabuf = extmem_dma_buf_get(ctx->mem, RAM_SIZE, PAGE_SIZE, &addr);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), -EINVAL);
}

/* Catches: a buffer that nobody can find, or what is no buffer. */
static void consumer_has_buffers(struct kunit *test)
{
	struct consumer_context *ctx = test->priv;
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	struct extmem mem = { .base = TEST_BASE, .size = TEST_SIZE };
	struct iosys_map map;
	dma_addr_t addr = 0;
	struct dma_buf *dmabuf;
	u8 byte;

	desc.type = EXTMEM_CMA;
	mem.region = test_region(test, test_owner(test), &desc, &ctx->fake->backend);
	dmabuf = extmem_dma_buf_get(&mem, 0, PAGE_SIZE + 1, &addr);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_EXPECT_EQ(test, dmabuf->size, 2 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, dma_buf_vmap_unlocked(dmabuf, &map));
	KUNIT_EXPECT_PTR_EQ(test, map.vaddr, phys_to_virt(addr));
	dma_buf_vunmap_unlocked(dmabuf, &map);
	put_now(dmabuf);

	dmabuf = extmem_dma_buf_get(&mem, 0, 0, &addr);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), -EINVAL);
	dmabuf = extmem_dma_buf_get(&mem, PAGE_SIZE, PAGE_SIZE, &addr);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), -EINVAL);
	dmabuf = extmem_dma_buf_get(&mem, 0, TEST_SIZE + 1, &addr);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), -ENOMEM);
	KUNIT_EXPECT_EQ(test, -ENXIO, extmem_read(&mem, 0, &byte, 1));
	KUNIT_EXPECT_EQ(test, -ENXIO, extmem_map(&mem, &map));
}

static struct kunit_case consumer_cases[] = {
	KUNIT_CASE(consumer_gets_what_it_names),
	KUNIT_CASE(consumer_waits),
	KUNIT_CASE_PARAM(consumer_is_refused, refusal_gen_params),
	KUNIT_CASE(consumer_has_options),
	KUNIT_CASE(consumer_of_what_is_about_to_go),
	KUNIT_CASE(consumer_in_a_circle),
	KUNIT_CASE(consumer_below_its_region),
	KUNIT_CASE(consumer_in_a_circle_of_links),
	KUNIT_CASE(consumer_reads_and_writes),
	KUNIT_CASE(consumer_of_a_partition),
	KUNIT_CASE(consumer_shares_one_view),
	KUNIT_CASE(consumer_of_registers),
	KUNIT_CASE(consumer_of_simulated_registers),
	KUNIT_CASE(consumer_claims),
	KUNIT_CASE(consumer_goes_first),
	KUNIT_CASE(consumer_many_times),
	KUNIT_CASE(consumer_has_windows),
	KUNIT_CASE(consumer_has_buffers),
	{}
};

static struct kunit_suite consumer_suite = {
	.name = "extmem_consumer",
	.init = consumer_init,
	.test_cases = consumer_cases,
};

kunit_test_suite(consumer_suite);
