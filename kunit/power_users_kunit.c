// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that has to be switched on, and who uses it otherwise than by a file: drivers, by
 * each of the ways that they have, DMA engines, and who is woken by its interrupt.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/extmem.h>
#include <linux/file.h>
#include <linux/genalloc.h>
#include <linux/mman.h>
#include <linux/nvmem-consumer.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include "fake_engine.h"
#include "fake_irq.h"
#include "power_fixture.h"

#define USED		"extmem-used"
#define COPIED		"extmem-used-copied"
#define USED_NODE	POWER_BUS "/region@d8100000"
#define POOL_NODE	POWER_BUS "/region@d8110000"
#define COPIED_NODE	POWER_BUS "/region@d8200000"
#define USER_NODE	POWER_BUS "/user"

#define COPY_SIZE	SZ_128K	/* in one go of the engine's */

/**
 * struct users_context - what a test has besides
 * @irqs: the controller
 * @mem: what the driver has got
 * @notified: how often the importer was told to let go
 * @test: the test
 * @region: COPIED
 * @work: it goes to sleep
 * @sleeps: that has been asked for
 * @slept: it has
 * @engine: of COPIED
 * @was_on: the memory was, whenever the engine copied
 */
struct users_context {
	struct fake_irq *irqs;
	struct extmem *mem;
	int notified;
	struct kunit *test;
	struct extmem_region *region;
	struct delayed_work work;
	bool sleeps;
	struct completion slept;
	struct fake_engine *engine;
	bool was_on;
};

/* A driver's functions know the device only. */
static struct users_context users;

/* Only the region USED; each of the others comes with the clock that it waits for. */
static int users_test_init(struct kunit *test)
{
	struct power_context *ctx = power_begin(test);

	users = (struct users_context){};
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, power_users));
	power_provide(test);
	ctx->power->missing[FAKE_CLOCK_1] = -EPROBE_DEFER;
	ctx->power->missing[FAKE_CLOCK_2] = -EPROBE_DEFER;
	users.irqs = fake_irq_new(test, "extmem-test-irqs");
	return 0;
}

static struct extmem_region *bring_up(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	test_populate(test);
	ctx->owner = power_owner(test, USED_NODE);
	return power_attach(test, ctx->owner);
}

static struct extmem_region *bring_up_other(struct kunit *test, const char *path,
					    enum fake_power_step clock)
{
	struct power_context *ctx = test->priv;

	test_populate(test);
	power_owner(test, USED_NODE);
	ctx->power->missing[clock] = 0;
	ctx->owner = power_owner(test, path);
	return power_attach(test, ctx->owner);
}

static void put_dev(void *dev)
{
	put_device(dev);
}

static struct device *user_device(struct kunit *test)
{
	struct device_node *np = of_find_node_by_path(USER_NODE);
	struct platform_device *pdev = of_find_device_by_node(np);

	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_dev, &pdev->dev));
	return &pdev->dev;
}

/* --- a driver that has the region --- */

static int user_probe(struct platform_device *pdev)
{
	users.mem = devm_extmem_get(&pdev->dev, NULL);
	return PTR_ERR_OR_ZERO(users.mem);
}

static void user_remove(struct platform_device *pdev)
{
	users.mem = NULL;
}

static const struct of_device_id user_match[] = {
	{ .compatible = "extmem-test,power-user" },
	{ }
};

static struct platform_driver user_driver = {
	.probe = user_probe,
	.remove = user_remove,
	.driver = {
		.name = "extmem-test-power-user",
		.of_match_table = user_match,
	},
};

static void unregister_driver(void *driver)
{
	platform_driver_unregister(driver);
}

static void bind_user(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, platform_driver_register(&user_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister_driver,
							   &user_driver));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, users.mem);
}

/* Catches: memory that is off though a driver has it, or on though none has. */
static void users_driver(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	u32 value = 0;

	fake_power_expect(test, ctx->power, "");
	bind_user(test);
	fake_power_expect(test, ctx->power, "clock0+ ");
	msleep(50);
	KUNIT_EXPECT_EQ(test, 0, extmem_fill(users.mem, 0, 0x5a, 4));
	KUNIT_EXPECT_EQ(test, 0, extmem_read(users.mem, 0, &value, 4));
	KUNIT_EXPECT_EQ(test, value, 0x5a5a5a5a);
	fake_power_expect(test, ctx->power, "");
	kunit_release_action(test, unregister_driver, &user_driver);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock0- ");
}

/* Catches: an address that is another one after the machine's sleep. */
static void users_driver_sleeps(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct iosys_map before, after;

	bind_user(test);
	KUNIT_ASSERT_EQ(test, 0, extmem_map(users.mem, &before));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	fake_power_expect(test, ctx->power, "clock0+ clock0- ");
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, "clock0+ ");
	KUNIT_ASSERT_EQ(test, 0, extmem_map(users.mem, &after));
	KUNIT_EXPECT_PTR_EQ(test, before.vaddr, after.vaddr);
}

/* Catches: memory that is off before its driver has gone. */
static void users_driver_goes_first(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct device *user;

	bring_up(test);
	user = user_device(test);
	bind_user(test);
	KUNIT_ASSERT_NOT_NULL(test, user->driver);
	fake_power_expect(test, ctx->power, "clock0+ ");
	device_release_driver(ctx->owner);
	KUNIT_EXPECT_NULL(test, users.mem);
	KUNIT_EXPECT_NULL(test, user->driver);
	fake_power_expect(test, ctx->power, "clock0- ");
}

/* Catches: a driver that waits for a region that cannot be switched on, and is not told. */
static void users_driver_fails(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();

	bring_up(test);
	ctx->power->error[FAKE_CLOCK_0] = -EIO;
	KUNIT_ASSERT_EQ(test, 0, platform_driver_register(&user_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister_driver,
							   &user_driver));
	KUNIT_EXPECT_EQ(test, -EIO, PTR_ERR_OR_ZERO(users.mem));
	test_expect_said(test, start,
			 USED_NODE ": clocks: the memory cannot be switched on: -EIO; ");
	fake_power_expect(test, ctx->power, "");
}

/* --- drivers that know no extmem --- */

/* Catches: memory that is off under who has allocated of it, and has no say. */
static void users_pool(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct gen_pool *pool;
	unsigned long part;

	bring_up_other(test, POOL_NODE, FAKE_CLOCK_1);
	msleep(50);
	fake_power_expect(test, ctx->power, "clock1+ ");
	pool = of_gen_pool_get(user_device(test)->of_node, "sram", 0);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	part = gen_pool_alloc(pool, 64);
	KUNIT_ASSERT_NE(test, part, 0);
	*(u32 *)part = 1;
	gen_pool_free(pool, part, 64);
	msleep(50);
	fake_power_expect(test, ctx->power, "");
	device_release_driver(ctx->owner);
	fake_power_expect(test, ctx->power, "clock1- ");
}

/* Catches: a cell that is read while the memory is off, and memory that stays on for it. */
static void users_cell(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region;
	struct nvmem_cell *cell;
	u32 value = 0x12345678;
	void *found;

	if (!IS_ENABLED(CONFIG_NVMEM_LAYOUTS))
		kunit_skip(test, "this kernel has no CONFIG_NVMEM_LAYOUTS");
	region = bring_up(test);
	cell = nvmem_cell_get(user_device(test), "serial");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cell);
	fake_power_expect(test, ctx->power, "");
	KUNIT_EXPECT_EQ(test, 4, nvmem_cell_write(cell, &value, 4));
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock0+ clock0- ");
	found = nvmem_cell_read(cell, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, found);
	KUNIT_EXPECT_MEMEQ(test, found, &value, 4);
	kfree(found);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock0+ clock0- ");

	ctx->power->error[FAKE_CLOCK_0] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, PTR_ERR_OR_ZERO(nvmem_cell_read(cell, NULL)));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_EQ(test, -EBUSY, PTR_ERR_OR_ZERO(nvmem_cell_read(cell, NULL)));
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, "");
	nvmem_cell_put(cell);
}

/* --- a driver that has a window --- */

static void let_go(struct dma_buf_attachment *attachment)
{
	users.notified++;
}

static const struct dma_buf_attach_ops importer_ops = {
	.allow_peer2peer = true,
	.move_notify = let_go,
};

static struct dma_buf_attachment *import(struct kunit *test, struct dma_buf *dmabuf)
{
	struct device *dev = test_second_owner(test);
	struct dma_buf_attachment *attachment;

	dev->dma_mask = kunit_kzalloc(test, sizeof(*dev->dma_mask), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->dma_mask);
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		kunit_skip(test, "no DMA on this machine");
	attachment = dma_buf_dynamic_attach(dmabuf, dev, &importer_ops, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attachment);
	return attachment;
}

static void put_dmabuf(void *dmabuf)
{
	__fput_sync(((struct dma_buf *)dmabuf)->file);
}

/* Catches: a device that has memory that is off, or does not get it again. */
static void users_importer(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct dma_buf *dmabuf = extmem_export(region, 0, PAGE_SIZE, true);
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_dmabuf, dmabuf));
	attachment = import(test, dmabuf);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	msleep(50);
	fake_power_expect(test, ctx->power, "clock0+ ");

	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_EQ(test, users.notified, 1);
	fake_power_expect(test, ctx->power, "clock0- ");
	dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, -EBUSY, PTR_ERR_OR_ZERO(sgt));

	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, "clock0+ ");
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, attachment);
	msleep(50);
	fake_power_expect(test, ctx->power, "");
	kunit_release_action(test, put_dmabuf, dmabuf);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock0- ");
}

/* --- a DMA engine that copies --- */

/* In place of the engine's copy of each piece: the machine goes to sleep meanwhile, once. */
static void copy_while_it_falls_asleep(void *data)
{
	struct fake_power *power = data;
	int tries = 500;

	if (!users.sleeps)
		schedule_delayed_work(&users.work, 0);
	users.sleeps = true;
	while (!extmem_is_off(users.region) && tries--)
		msleep(20);
	users.was_on &= READ_ONCE(power->on[FAKE_CLOCK_2]);
}

/* Not before the engine has been asked, however busy this machine is. */
static void go_to_sleep(struct work_struct *work)
{
	int tries = 500;

	while (!READ_ONCE(users.engine->prepared) && tries--)
		msleep(20);
	KUNIT_EXPECT_EQ(users.test, 0, power_fall_asleep(users.region));
	complete(&users.slept);
}

static void no_sleep(void *unused)
{
	cancel_delayed_work_sync(&users.work);
}

static void add_engine(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	users.engine = fake_engine_new(test, test_owner(test), FAKE_ENGINE_WHOLE);
	fake_engine_serve(test, users.engine, "extmem-test-engine");
	users.test = test;
	users.sleeps = false;
	users.region = bring_up_other(test, COPIED_NODE, FAKE_CLOCK_2);
	init_completion(&users.slept);
	INIT_DELAYED_WORK(&users.work, go_to_sleep);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, no_sleep, NULL));
	power_open(test, COPIED);
	fake_power_expect(test, ctx->power, "clock2+ ");
}

/* By the engine, for that is what it is large enough for. */
static ssize_t copy_to_user_by_engine(struct kunit *test)
{
	struct iov_iter iter;
	unsigned long addr;

	addr = kunit_vm_mmap(test, NULL, 0, COPY_SIZE, PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	iov_iter_ubuf(&iter, ITER_DEST, (void __user *)addr, COPY_SIZE);
	return extmem_io_read(users.region, 0, &iter);
}

static void do_nothing(void *unused)
{
}

/* Catches: an engine that hangs, and copies from memory that is off when it goes on. */
static void users_engine_hangs(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();
	unsigned int asked;

	add_engine(test);
	users.engine->held = true;
	schedule_delayed_work(&users.work, msecs_to_jiffies(100));
	KUNIT_EXPECT_EQ(test, -EBUSY, copy_to_user_by_engine(test));
	asked = users.engine->prepared;
	KUNIT_EXPECT_GT(test, asked, 0);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&users.slept, 10 * HZ));
	KUNIT_EXPECT_EQ(test, users.engine->terminated, 1);
	fake_power_expect(test, ctx->power, "clock2- ");
	KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 0);
	/* It is not asked while the machine sleeps, and not to blame. */
	KUNIT_EXPECT_EQ(test, -EBUSY, copy_to_user_by_engine(test));
	KUNIT_EXPECT_EQ(test, users.engine->prepared, asked);
	KUNIT_EXPECT_EQ(test, users.engine->copied, 0);
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(users.region));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "did not copy"));
	users.engine->held = false;
	users.engine->instead = do_nothing;
	KUNIT_EXPECT_EQ(test, COPY_SIZE, copy_to_user_by_engine(test));
	KUNIT_EXPECT_GT(test, users.engine->copied, 0);
}

/* Catches: memory that goes off under an engine. */
static void users_engine_is_waited_for(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	ssize_t ret;

	add_engine(test);
	users.engine->instead = copy_while_it_falls_asleep;
	users.engine->data = ctx->power;
	users.was_on = true;
	ret = copy_to_user_by_engine(test);
	/* Done, or given up after a moment, which the engine has used for it. */
	KUNIT_EXPECT_TRUE_MSG(test, ret == COPY_SIZE || ret == -EBUSY, "%zd", ret);
	KUNIT_EXPECT_GT(test, users.engine->copied, 0);
	KUNIT_EXPECT_TRUE(test, users.was_on);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&users.slept, 10 * HZ));
	fake_power_expect(test, ctx->power, "clock2- ");
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(users.region));
	users.engine->instead = do_nothing;
	KUNIT_EXPECT_EQ(test, COPY_SIZE, copy_to_user_by_engine(test));
}

/* Catches: an engine that copies from another region, which is off. */
static void users_engine_of_another(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *used;
	struct extmem_end to, from;

	add_engine(test);
	used = power_attach(test, power_owner(test, USED_NODE));
	power_open(test, USED);
	fake_power_expect(test, ctx->power, "clock0+ ");
	users.engine->instead = do_nothing;
	to = (struct extmem_end){ .region = users.region, .size = SZ_64K, .writable = true };
	from = (struct extmem_end){ .region = used, .size = SZ_64K };
	KUNIT_EXPECT_EQ(test, SZ_64K, extmem_copy(&to, 0, &from, 0, SZ_64K));
	KUNIT_EXPECT_EQ(test, users.engine->prepared, 1);
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(used));
	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_copy(&to, 0, &from, 0, SZ_64K));
	KUNIT_EXPECT_EQ(test, users.engine->prepared, 1);
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(used));
	KUNIT_EXPECT_EQ(test, SZ_64K, extmem_copy(&to, 0, &from, 0, SZ_64K));
	KUNIT_EXPECT_EQ(test, users.engine->prepared, 2);
}

/* --- an interrupt that is to wake the machine --- */

/* Catches: memory that is off when its interrupt is to come, or on for one that is not. */
static void users_wakeup(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct fake_irq_line *edge = &users.irqs->lines[1];
	struct file *file = power_open(test, USED);
	char text[8];

	/* Nobody listens. */
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_FALSE(test, edge->wakes);
	fake_power_expect(test, ctx->power, "clock0+ clock0- ");
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, "clock0+ ");

	KUNIT_ASSERT_EQ(test, 0, extmem_irq_arm(file->private_data, 1, NULL));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_TRUE(test, edge->wakes);
	KUNIT_EXPECT_FALSE(test, users.irqs->lines[0].wakes);
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(users.irqs, 1));
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	KUNIT_EXPECT_FALSE(test, edge->wakes);
	fake_power_expect(test, ctx->power, "");

	KUNIT_EXPECT_EQ(test, 0, extmem_irq_disarm(file->private_data, 1));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	fake_power_expect(test, ctx->power, "clock0- ");
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
}

/* Catches: memory that stays on for an interrupt that cannot wake the machine. */
static void users_wakeup_that_cannot(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, USED);
	u64 start = test_log_start();

	users.irqs->no_wake = true;
	KUNIT_ASSERT_EQ(test, 0, extmem_irq_arm(file->private_data, 1, NULL));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	test_expect_said(test, start, USED_NODE ": wakeup-source: interrupt number 1 cannot wake");
	fake_power_expect(test, ctx->power, "clock0+ clock0- ");
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
}

static struct kunit_case users_cases[] = {
	KUNIT_CASE(users_driver),
	KUNIT_CASE(users_driver_sleeps),
	KUNIT_CASE(users_driver_goes_first),
	KUNIT_CASE(users_driver_fails),
	KUNIT_CASE(users_pool),
	KUNIT_CASE(users_cell),
	KUNIT_CASE(users_importer),
	KUNIT_CASE(users_engine_hangs),
	KUNIT_CASE(users_engine_is_waited_for),
	KUNIT_CASE(users_engine_of_another),
	KUNIT_CASE(users_wakeup),
	KUNIT_CASE(users_wakeup_that_cannot),
	{}
};

static struct kunit_suite users_suite = {
	.name = "extmem_power_users",
	.init = users_test_init,
	.test_cases = users_cases,
};

kunit_test_suite(users_suite);
