// SPDX-License-Identifier: GPL-2.0
/*
 * Pools for drivers that know only mmio-sram. What they call is what the driver of
 * Marvell's CESA does (drivers/crypto/marvell/cesa/cesa.c).
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/genalloc.h>
#include <linux/mman.h>
#include <linux/of.h>
#include <linux/workqueue.h>

#include "fake_backend.h"
#include "fixture.h"

#define ROOT		"extmem-pools"
#define NAMED		ROOT ".named"
#define PLAIN		ROOT ".plain"
#define POOL_SIZE	0x1000
#define SRAM_SIZE	2048	/* CESA_SA_DEFAULT_SRAM_SIZE */

/**
 * struct engine - as mv_cesa_engine
 * @pool: where its memory is from
 * @sram_pool: its memory
 * @sram_dma: its address
 */
struct engine {
	struct gen_pool *pool;
	void *sram_pool;
	dma_addr_t sram_dma;
};

/* mv_cesa_get_sram(), as far as there is a pool. */
static int get_sram(struct engine *engine, struct device_node *np, int idx, size_t size)
{
	engine->pool = of_gen_pool_get(np, "marvell,crypto-srams", idx);
	if (!engine->pool)
		return -EINVAL;
	engine->sram_pool = gen_pool_dma_alloc(engine->pool, size, &engine->sram_dma);
	return engine->sram_pool ? 0 : -ENOMEM;
}

/* mv_cesa_put_sram() */
static void put_sram(struct engine *engine, size_t size)
{
	gen_pool_free(engine->pool, (unsigned long)engine->sram_pool, size);
}

static void put_node(void *np)
{
	of_node_put(np);
}

/* The node of the device. What maps the memory returns @map_error. */
static struct device_node *bring_up_with(struct kunit *test, int map_error)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct device_node *np;

	test->priv = fake;
	fake->map_error = map_error;
	fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &fake->backend, NULL);
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, genpool_extmem));
	test_populate(test);
	np = of_find_node_by_path("/extmem-test-bus/crypto");
	KUNIT_ASSERT_NOT_NULL(test, np);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_node, np));
	return np;
}

static struct device_node *bring_up(struct kunit *test)
{
	return bring_up_with(test, 0);
}

static const struct pool_case {
	const char *name;
	int index;
	u64 base;
	u64 offset;	/* of the region's memory */
} pools[] = {
	{ "a partition with a label", 0, 0xd8102000, 0x2000 },
	{ "a partition without one", 1, 0xd8104000, 0x4000 },
	{ "a region", 2, 0xd8600000, 0 },
};

KUNIT_ARRAY_PARAM_DESC(pool, pools, name);

/* Catches: a pool that is not found, is somewhere else, or is shared with others. */
static void genpool_serves_a_driver(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	struct device_node *np = bring_up(test);
	struct fake_backend *fake = test->priv;
	struct engine engine, second;

	KUNIT_ASSERT_EQ(test, 0, get_sram(&engine, np, param->index, SRAM_SIZE));
	KUNIT_EXPECT_EQ(test, (u64)engine.sram_dma, param->base);
	memset(engine.sram_pool, 0x5a, SRAM_SIZE);
	KUNIT_EXPECT_EQ(test, fake->memory[param->offset], 0x5a);
	KUNIT_EXPECT_EQ(test, fake->memory[param->offset + SRAM_SIZE - 1], 0x5a);
	KUNIT_EXPECT_EQ(test, fake->memory[param->offset + SRAM_SIZE], 0);

	KUNIT_ASSERT_EQ(test, 0, get_sram(&second, np, param->index, SRAM_SIZE));
	KUNIT_EXPECT_PTR_EQ(test, engine.pool, second.pool);
	KUNIT_EXPECT_EQ(test, (u64)second.sram_dma, param->base + SRAM_SIZE);
	put_sram(&second, SRAM_SIZE);
	put_sram(&engine, SRAM_SIZE);
}

/* Catches: memory of a neighbour's. */
static void genpool_gives_no_more_than_there_is(struct kunit *test)
{
	struct device_node *np = bring_up(test);
	struct engine engine, second;

	KUNIT_EXPECT_EQ(test, -ENOMEM, get_sram(&engine, np, 0, POOL_SIZE + 1));
	KUNIT_ASSERT_EQ(test, 0, get_sram(&engine, np, 0, POOL_SIZE));
	KUNIT_EXPECT_EQ(test, -ENOMEM, get_sram(&second, np, 0, 1));
	put_sram(&engine, POOL_SIZE);
}

/* Catches: a pool of what the DT does not call one. */
static void genpool_of_what_is_none(struct kunit *test)
{
	struct engine engine;

	KUNIT_EXPECT_EQ(test, -EINVAL, get_sram(&engine, bring_up(test), 3, SRAM_SIZE));
}

/* Catches: a pool of nothing that a driver is given, and a region that goes with its pool. */
static void genpool_that_cannot_be_mapped(struct kunit *test)
{
	u64 start = test_log_start();
	struct engine engine;

	KUNIT_EXPECT_EQ(test, -ENOMEM,
			get_sram(&engine, bring_up_with(test, -ENOMEM), 2, SRAM_SIZE));
	test_expect_said(test, start,
			 "/extmem-test-bus/whole@d8600000: pool: drivers cannot allocate from it: -ENOMEM; make it smaller, or bind it again when there is memory");
	KUNIT_EXPECT_TRUE(test, test_region_is_there("extmem-whole"));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(NAMED));
}

static ssize_t write_byte(struct kunit *test, struct vfsmount *dev, const char *name,
			  loff_t pos)
{
	struct file *file = test_open_device(test, dev, name, O_RDWR);

	return kernel_write(file, "x", 1, &pos);
}

static unsigned long map_to_write(struct kunit *test, struct vfsmount *dev, const char *name)
{
	struct file *file = test_open_device(test, dev, name, O_RDWR);

	return kunit_vm_mmap(test, file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
}

/* Catches: a user who writes to what a driver has, be it by way of the whole region. */
static void genpool_is_not_the_users(struct kunit *test)
{
	struct vfsmount *dev = test_mount(test, "devtmpfs");
	struct vfsmount *sysfs = test_mount(test, "sysfs");
	char text[8];

	bring_up(test);
	KUNIT_EXPECT_EQ(test, -EPERM, write_byte(test, dev, NAMED, 0));
	KUNIT_EXPECT_EQ(test, -EPERM, write_byte(test, dev, ROOT, 0x2000));
	KUNIT_EXPECT_EQ(test, -EPERM, write_byte(test, dev, "extmem-whole", 0));
	KUNIT_EXPECT_EQ(test, 1, write_byte(test, dev, PLAIN, 0));
	KUNIT_EXPECT_EQ(test, 3, test_read(sysfs, "class/extmem/" NAMED "/access", text, 8));
	KUNIT_EXPECT_STREQ(test, text, "ro\n");
	KUNIT_EXPECT_EQ(test, 3, test_read(sysfs, "class/extmem/" ROOT "/access", text, 8));
	KUNIT_EXPECT_STREQ(test, text, "ro\n");
	KUNIT_EXPECT_EQ(test, 3, test_read(sysfs, "class/extmem/" PLAIN "/access", text, 8));
	KUNIT_EXPECT_STREQ(test, text, "rw\n");
	KUNIT_EXPECT_EQ(test, -EPERM, (long)map_to_write(test, dev, ROOT));
	if (PAGE_ALIGNED(POOL_SIZE))
		KUNIT_EXPECT_EQ(test, -EPERM, (long)map_to_write(test, dev, NAMED));
}

/* Catches: a driver that claims what others allocate from. */
static void genpool_cannot_be_claimed(struct kunit *test)
{
	u64 start = test_log_start();
	struct extmem_region *region;
	struct extmem_range range;
	struct device *dev;

	bring_up(test);
	dev = class_find_device_by_name(&extmem_class, ROOT);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	region = to_extmem_region(dev);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			extmem_range_claim(region, 0x2fff, 1, "somebody", &range));
	test_expect_said(test, start,
			 "somebody cannot have 0x2fff-0x2fff for itself: a pool has 0x2000-0x2fff; ");
	put_device(dev);
}

/**
 * struct slow_driver - a driver that takes its time to unbind
 * @work: gives back what it has
 * @np: of its device
 * @engine: what it has
 * @got: whether there was more to be had when it was about to give it back
 * @done: it has given it back
 */
struct slow_driver {
	struct delayed_work work;
	struct engine engine;
	unsigned long got;
	bool done;
};

static void give_back(struct work_struct *work)
{
	struct slow_driver *slow = container_of(work, struct slow_driver, work.work);

	slow->got = gen_pool_alloc(slow->engine.pool, 32);
	slow->done = true;
	put_sram(&slow->engine, SRAM_SIZE);
}

/* Catches: BUG() of a pool that goes while a driver has a part, and one that never goes. */
static void genpool_goes_when_it_is_free(struct kunit *test)
{
	struct slow_driver *slow = kunit_kzalloc(test, sizeof(*slow), GFP_KERNEL);
	struct device_node *np = bring_up(test);
	u64 start = test_log_start();
	struct device *dev, *owner;
	struct engine engine;

	KUNIT_ASSERT_NOT_NULL(test, slow);
	dev = class_find_device_by_name(&extmem_class, ROOT);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	owner = get_device(to_extmem_region(dev)->owner);
	put_device(dev);
	KUNIT_ASSERT_EQ(test, 0, get_sram(&slow->engine, np, 0, SRAM_SIZE));
	INIT_DELAYED_WORK(&slow->work, give_back);
	schedule_delayed_work(&slow->work, msecs_to_jiffies(100));

	device_release_driver(owner);
	KUNIT_EXPECT_TRUE(test, slow->done);
	KUNIT_EXPECT_EQ(test, slow->got, 0);
	test_expect_said(test, start,
			 "/descriptors@2000: waiting for 0x800 bytes of its pool that drivers have: unbind those that refer to it");
	flush_delayed_work(&slow->work);
	KUNIT_EXPECT_EQ(test, -EINVAL, get_sram(&engine, np, 0, SRAM_SIZE));

	/* Without anybody to wait for, it goes at once. */
	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	KUNIT_ASSERT_EQ(test, 0, get_sram(&engine, np, 0, SRAM_SIZE));
	put_sram(&engine, SRAM_SIZE);
	device_release_driver(owner);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "of its pool that drivers have"));
	put_device(owner);
}

static struct kunit_case genpool_cases[] = {
	KUNIT_CASE_PARAM(genpool_serves_a_driver, pool_gen_params),
	KUNIT_CASE(genpool_gives_no_more_than_there_is),
	KUNIT_CASE(genpool_of_what_is_none),
	KUNIT_CASE(genpool_that_cannot_be_mapped),
	KUNIT_CASE(genpool_is_not_the_users),
	KUNIT_CASE(genpool_cannot_be_claimed),
	KUNIT_CASE(genpool_goes_when_it_is_free),
	{}
};

static struct kunit_suite genpool_suite = {
	.name = "extmem_genpool",
	.test_cases = genpool_cases,
};

kunit_test_suite(genpool_suite);
