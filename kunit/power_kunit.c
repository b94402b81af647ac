// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that has to be switched on, with providers and a backend without hardware: what
 * is on when and in which order, what happens when a step fails, and that nobody touches
 * what is off.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pm_runtime.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "power_fixture.h"

#define ALL		"extmem-power"
#define NVRAM		"extmem-power-nvram"
#define CACHED		"extmem-power-cached"
#define NONE		"extmem-power-none"
#define ALL_NODE	POWER_BUS "/region@d8100000"
#define NVRAM_NODE	POWER_BUS "/region@d8110000"
#define CACHED_NODE	POWER_BUS "/region@d8120000"
#define NONE_NODE	POWER_BUS "/region@d8130000"

#define ALL_ON		"domain+ supply+ clock0+ clock1+ reset+ "
#define ALL_OFF		"reset- clock1- clock0- supply- domain- "

static int power_test_init(struct kunit *test)
{
	struct power_context *ctx = power_begin(test);

	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, power_region));
	power_provide(test);
	/* CACHED is on for a moment when it comes, which is for its own tests. */
	ctx->power->missing[FAKE_CLOCK_2] = -EPROBE_DEFER;
	return 0;
}

/* With the supply missing, so that those with a supply are not there yet. */
static void populate(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	test_populate(test);
	ctx->owner = power_owner(test, ALL_NODE);
	power_owner(test, NVRAM_NODE);
	power_owner(test, CACHED_NODE);
	power_owner(test, NONE_NODE);
}

/* The region that has all, and nobody has it on. */
static struct extmem_region *bring_up(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	populate(test);
	extmem_driver_settle();	/* it may be tried again just now */
	fake_power_attach_domain(ctx->power, ctx->owner);
	fake_power_add_supply(ctx->power);
	return power_attach(test, ctx->owner);
}

static struct extmem_region *bring_up_other(struct kunit *test, const char *path)
{
	struct power_context *ctx = test->priv;

	bring_up(test);
	ctx->power->missing[FAKE_CLOCK_2] = 0;
	return power_attach(test, power_owner(test, path));
}

/* Catches: a clock before its supply, and memory that is on for nobody or off for one. */
static void power_order(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file, *second;

	fake_power_expect(test, ctx->power, "");
	file = power_open(test, ALL);
	fake_power_expect(test, ctx->power, ALL_ON);
	second = power_open(test, ALL ".window");
	power_close(test, file);
	msleep(50);
	fake_power_expect(test, ctx->power, "");
	KUNIT_EXPECT_EQ(test, 5, power_write(second, "hello"));
	power_close(test, second);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ_MSG(test, ctx->backend->mapped, 0, "mapped while it is off");
}

/* Catches: runtime PM, and its cost, of memory that is always on. */
static void power_nothing_to_switch(struct kunit *test)
{
	struct extmem_region *region = bring_up_other(test, NONE_NODE);

	KUNIT_EXPECT_NULL(test, region->power);
	KUNIT_EXPECT_FALSE(test, pm_runtime_enabled(region->owner));
	power_close(test, power_open(test, NONE));
	power_expect_attr(test, NONE, "state", "ready");
}

static const struct power_failure failures[] = {
	{ FAKE_DOMAIN, "power-domains", "" },
	{ FAKE_SUPPLY, "vdd-supply", "domain+ domain- " },
	{ FAKE_CLOCK_0, "clocks", "domain+ supply+ supply- domain- " },
	{ FAKE_CLOCK_1, "clocks",
	  "domain+ supply+ clock0+ clock0- supply- domain- " },
	{ FAKE_RESET, "resets",
	  "domain+ supply+ clock0+ clock1+ clock1- clock0- supply- domain- " },
};

static void failure_name(const struct power_failure *failure, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s %d", failure->property, failure->step);
}

KUNIT_ARRAY_PARAM(failure, failures, failure_name);

/* Catches: what is left on, unwound in another order, or never tried again. */
static void power_fails(struct kunit *test)
{
	bring_up(test);
	power_expect_failure(test, test->param_value, ALL, ALL_NODE, ALL_ON);
}

/* Catches: a message for what only has to be waited for, and who is not retried. */
static void power_waits_for_supply(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();

	populate(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(ALL));
	KUNIT_EXPECT_TRUE_MSG(test, test_region_is_there(NONE), "it has a neighbour");
	fake_power_add_supply(ctx->power);
	power_attach(test, ctx->owner);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(ALL));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "vdd-supply"));
	fake_power_expect(test, ctx->power, "");
}

/* Catches: the same of clocks and resets. */
static void power_waits_for_others(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();
	int step;

	populate(test);
	fake_power_add_supply(ctx->power);
	for (step = FAKE_CLOCK_0; step < FAKE_STEPS; step++) {
		if (step == FAKE_CLOCK_2)
			continue;	/* not of ALL */
		device_release_driver(ctx->owner);
		ctx->power->missing[step] = -EPROBE_DEFER;
		KUNIT_EXPECT_LE(test, device_attach(ctx->owner), 0);
		KUNIT_EXPECT_FALSE_MSG(test, test_region_is_there(ALL), "%d", step);
		ctx->power->missing[step] = 0;
		power_attach(test, ctx->owner);
		KUNIT_EXPECT_TRUE_MSG(test, test_region_is_there(ALL), "%d", step);
	}
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, ALL_NODE));
}

/* Catches: a refusal that does not say what is missing, or takes the neighbours along. */
static void power_is_missing(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();
	char text[160];

	ctx->power->missing[FAKE_CLOCK_1] = -EINVAL;
	populate(test);
	fake_power_add_supply(ctx->power);
	KUNIT_EXPECT_LE(test, device_attach(ctx->owner), 0);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(ALL));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(NONE));
	snprintf(text, sizeof(text),
		 "%s: clocks: is not to be had from who provides it (error -22); mind its cells, and who else uses it",
		 ALL_NODE);
	KUNIT_EXPECT_GE(test, test_log_count(start, text), 1);
	fake_power_expect(test, ctx->power, "");
}

static unsigned long map(struct kunit *test, struct file *file, unsigned long size)
{
	return test_map(test, file, PROT_READ | PROT_WRITE, 0, size);
}

/* Catches: a mapping that outlives the power, be it one that was torn in two. */
static void power_mapping_has_it_on(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, ALL);
	unsigned long addr;
	u32 value = 0;

	addr = map(test, file, 3 * PAGE_SIZE);
	power_close(test, file);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE));
	fake_power_expect(test, ctx->power, ALL_ON);
	KUNIT_EXPECT_EQ(test, 0, power_write_user(addr, 0x12345678));
	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	KUNIT_EXPECT_EQ(test, value, 0x12345678);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, PAGE_SIZE));
	msleep(50);
	fake_power_expect(test, ctx->power, "");
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + 2 * PAGE_SIZE, PAGE_SIZE));
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
}

static void put_dmabuf(void *dmabuf)
{
	__fput_sync(((struct dma_buf *)dmabuf)->file);
}

/* Catches: a window that outlives the power, and one of what cannot be switched on. */
static void power_window_has_it_on(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct dma_buf *dmabuf;
	struct file *file;

	ctx->power->error[FAKE_SUPPLY] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO,
			PTR_ERR_OR_ZERO(extmem_export(region, 0, PAGE_SIZE, true)));
	ctx->power->error[FAKE_SUPPLY] = 0;
	fake_power_expect(test, ctx->power, "domain+ domain- ");

	file = power_open(test, ALL);
	dmabuf = extmem_export(region, 0, PAGE_SIZE, true);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_dmabuf, dmabuf));
	power_close(test, file);
	msleep(50);
	fake_power_expect(test, ctx->power, ALL_ON);
	kunit_release_action(test, put_dmabuf, dmabuf);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
}

/* Catches: a mapping that is measured while the memory is off. */
static void power_measured_while_on(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	char text[32];

	KUNIT_EXPECT_GT(test, test_read(ctx->sysfs,
					"class/extmem/" ALL "/cache_policy_effective",
					text, sizeof(text)), 0);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_ON ALL_OFF);
	CLASS(extmem_gate, gate)(region);
	KUNIT_EXPECT_EQ(test, extmem_region_attr(region), EXTMEM_EFFECTIVE_UNKNOWN);
}

/* Catches: a state that hides that what was written is gone, or cries for what is not. */
static void power_content(struct kunit *test)
{
	struct extmem_region *region = bring_up(test);
	struct extmem_region *nvram = power_attach(test, power_owner(test, NVRAM_NODE));
	struct file *file = power_open(test, ALL);

	/* It was off when it came. */
	power_expect_attr(test, ALL, "state", "content-lost");
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	power_expect_attr(test, ALL, "state", "ready");
	power_expect_attr(test, ALL ".window", "state", "ready");
	power_close(test, file);
	power_settle(test, region);
	power_expect_attr(test, ALL, "state", "content-lost");
	power_expect_attr(test, ALL ".window", "state", "content-lost");
	file = power_open(test, ALL ".window");
	power_expect_attr(test, ALL, "state", "content-lost");
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	power_expect_attr(test, ALL, "state", "ready");

	power_expect_attr(test, NVRAM, "state", "suspended");
	file = power_open(test, NVRAM);
	power_expect_attr(test, NVRAM, "state", "ready");
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	power_close(test, file);
	power_settle(test, nvram);
	power_expect_attr(test, NVRAM, "state", "suspended");
}

/* Catches: a mapping that reaches what is off, or is dead afterwards. */
static void power_sleep_and_mapping(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, ALL);
	unsigned long addr = map(test, file, PAGE_SIZE);
	char text[8] = "";
	u32 value = 0;

	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	fake_power_expect(test, ctx->power, ALL_ON);

	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ_MSG(test, ctx->backend->mapped, 0, "mapped while it is off");
	KUNIT_EXPECT_EQ(test, -EFAULT, power_read_user(addr, &value));
	KUNIT_EXPECT_EQ(test, -EBUSY, power_read(file, text, 5));
	KUNIT_EXPECT_EQ(test, -EBUSY, power_write(file, "HELLO"));
	KUNIT_EXPECT_PTR_EQ(test, power_try_open(test, ALL), ERR_PTR(-EBUSY));
	KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 0);

	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, ALL_ON);
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	KUNIT_EXPECT_STREQ(test, text, "hello");
	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	KUNIT_EXPECT_MEMEQ(test, &value, "hell", sizeof(value));
	power_expect_attr(test, ALL, "state", "content-lost");
	KUNIT_EXPECT_EQ(test, 0, power_write_user(addr, value));
}

/* Catches: what nobody uses being switched on by the machine's awakening. */
static void power_sleep_of_nobodys(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);

	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	fake_power_expect(test, ctx->power, "");
	power_open(test, ALL);
	fake_power_expect(test, ctx->power, ALL_ON);
}

/* Catches: a view that moves under a driver, or is found by others while it is off. */
static void power_sleep_and_view(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct iosys_map before, after;
	u32 value;

	KUNIT_ASSERT_EQ(test, 0, extmem_power_get(region));
	extmem_power_fix_view(region, 1);
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &before));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 1);
	KUNIT_EXPECT_EQ(test, -EBUSY, extmem_region_view(region, &after));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			extmem_io_get(region, (struct extmem_units){}, 0, &value, sizeof(value)));
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	KUNIT_EXPECT_EQ(test, 0, extmem_region_view(region, &after));
	KUNIT_EXPECT_PTR_EQ(test, before.vaddr, after.vaddr);
	extmem_power_fix_view(region, -1);
	extmem_power_put(region);
	power_settle(test, region);
	KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 0);
}

struct sleeper {
	struct work_struct work;
	struct extmem_region *region;
	struct completion done;
};

static void sleep_now(struct work_struct *work)
{
	struct sleeper *sleeper = container_of(work, struct sleeper, work);

	power_fall_asleep(sleeper->region);
	complete(&sleeper->done);
}

/* Catches: a copy that is still under way when its memory goes off. */
static void power_sleep_in_a_copy(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, ALL);
	struct sleeper sleeper = { .region = region };
	struct extmem_window window;

	INIT_WORK_ONSTACK(&sleeper.work, sleep_now);
	init_completion(&sleeper.done);
	fake_power_expect(test, ctx->power, ALL_ON);
	{
		CLASS(extmem_gate, gate)(region);

		KUNIT_ASSERT_EQ(test, 0, extmem_window_open(region, 0, 4, &window));
		schedule_work(&sleeper.work);
		KUNIT_EXPECT_EQ(test, 0, wait_for_completion_timeout(&sleeper.done, HZ / 5));
		fake_power_expect(test, ctx->power, "");
		KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 1);
		extmem_window_close(region, &window);
		/* Who is inside does not begin anew. */
		KUNIT_EXPECT_EQ(test, -EBUSY, extmem_window_open(region, 0, 4, &window));
	}
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&sleeper.done, 10 * HZ));
	destroy_work_on_stack(&sleeper.work);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
}

/* Catches: memory that is touched though it did not come back, or never comes back. */
static void power_does_not_come_back(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, ALL);
	u64 start = test_log_start();
	char text[8] = "";

	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	ctx->power->error[FAKE_CLOCK_1] = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT, power_wake_up(region));
	test_expect_said(test, start, "clocks: the memory cannot be switched on: -ETIMEDOUT");
	KUNIT_EXPECT_EQ(test, -EBUSY, power_read(file, text, 5));
	KUNIT_EXPECT_PTR_EQ(test, power_try_open(test, ALL), ERR_PTR(-ETIMEDOUT));
	ctx->power->error[FAKE_CLOCK_1] = 0;
	power_close(test, power_open(test, ALL));
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	power_close(test, file);
	power_settle(test, region);
	KUNIT_EXPECT_FALSE(test, ctx->power->on[FAKE_SUPPLY]);
}

/* Catches: memory that is off before its users are gone, and what they leave behind. */
static void power_unbind_while_on(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, ALL);
	unsigned long addr = map(test, file, 2 * PAGE_SIZE);
	u32 value;
	int i;

	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	fake_power_expect(test, ctx->power, ALL_ON);
	device_release_driver(ctx->owner);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ(test, -EFAULT, power_read_user(addr, &value));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, power_write(file, "hello"));

	/* The next one does not inherit who has the last one open. */
	for (i = 0; i < 2; i++) {
		fake_power_attach_domain(ctx->power, ctx->owner);
		region = power_attach(test, ctx->owner);
		fake_power_expect(test, ctx->power, "");
		power_close(test, power_open(test, ALL));
		if (!i)
			power_close(test, file);
		power_settle(test, region);
		fake_power_expect(test, ctx->power, ALL_ON ALL_OFF);
		/* The driver core has it on for a moment. */
		device_release_driver(ctx->owner);
		fake_power_expect(test, ctx->power, ALL_ON ALL_OFF);
	}
}

static void need_write_back(struct kunit *test)
{
	if (!(extmem_attr_policies() & BIT(EXTMEM_WRITE_BACK)))
		kunit_skip(test, "this machine has no mappings for write-back");
}

/* Catches: caches that are written back when there is nobody to take it. */
static void power_empties_caches(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region;
	const struct fake_record *sync;
	struct file *file;

	need_write_back(test);
	region = bring_up_other(test, CACHED_NODE);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock2+ clock2- ");
	ctx->backend->count = 0;
	file = power_open(test, CACHED);
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	power_close(test, file);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock2+ clock2- ");
	sync = fake_backend_last(test, ctx->backend, FAKE_SYNC);
	KUNIT_EXPECT_EQ(test, sync->offset, 0);
	KUNIT_EXPECT_EQ(test, sync->size, region->size);
	KUNIT_EXPECT_TRUE(test, sync->for_cpu);
	power_expect_attr(test, CACHED, "direct_io", "no");
}

/* Catches: memory that goes off with its content in caches that cannot be emptied. */
static void power_cannot_empty_caches(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;
	char text[8] = "";

	need_write_back(test);
	region = bring_up_other(test, CACHED_NODE);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "clock2+ clock2- ");
	file = power_open(test, CACHED);
	ctx->backend->sync_error = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(region));
	fake_power_expect(test, ctx->power, "clock2+ ");
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	KUNIT_EXPECT_EQ(test, 0, power_wake_up(region));
	power_close(test, file);
	msleep(50);
	fake_power_expect(test, ctx->power, "");
	file = power_open(test, CACHED);
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	KUNIT_EXPECT_STREQ(test, text, "hello");
	device_release_driver(region->owner);
	fake_power_expect(test, ctx->power, "clock2- ");
}

/* Catches: one that could never go off, or would with its content in the caches. */
static void power_needs_to_empty_caches(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();
	struct device *owner;

	need_write_back(test);
	ctx->backend->sync_error = -EOPNOTSUPP;
	bring_up(test);
	extmem_driver_settle();	/* it may be tried again just now, with the clock */
	ctx->power->missing[FAKE_CLOCK_2] = 0;
	owner = power_owner(test, CACHED_NODE);
	KUNIT_EXPECT_LE(test, device_attach(owner), 0);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(ALL));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CACHED));
	test_expect_said(test, start,
			 CACHED_NODE ": cache-policy: \"write-back\" is refused with clocks, for");
	fake_power_expect(test, ctx->power, "clock2+ clock2- ");
}

static struct kunit_case power_cases[] = {
	KUNIT_CASE(power_order),
	KUNIT_CASE(power_nothing_to_switch),
	KUNIT_CASE_PARAM(power_fails, failure_gen_params),
	KUNIT_CASE(power_waits_for_supply),
	KUNIT_CASE(power_waits_for_others),
	KUNIT_CASE(power_is_missing),
	KUNIT_CASE(power_mapping_has_it_on),
	KUNIT_CASE(power_window_has_it_on),
	KUNIT_CASE(power_measured_while_on),
	KUNIT_CASE(power_content),
	KUNIT_CASE(power_sleep_and_mapping),
	KUNIT_CASE(power_sleep_of_nobodys),
	KUNIT_CASE(power_sleep_and_view),
	KUNIT_CASE(power_sleep_in_a_copy),
	KUNIT_CASE(power_does_not_come_back),
	KUNIT_CASE(power_unbind_while_on),
	KUNIT_CASE(power_empties_caches),
	KUNIT_CASE(power_cannot_empty_caches),
	KUNIT_CASE(power_needs_to_empty_caches),
	{}
};

static struct kunit_suite power_suite = {
	.name = "extmem_power",
	.init = power_test_init,
	.test_cases = power_cases,
};

kunit_test_suite(power_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
