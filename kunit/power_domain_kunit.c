// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in one of the kernel's generic power domains, which has a mind of its own: it
 * comes on before the driver does, is shared, and goes off late in the machine's sleep.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/mman.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/string.h>

#include "fake_irq.h"
#include "power_fixture.h"

#define RAM		"extmem-domain-ram"
#define NVRAM		"extmem-domain-nvram"
#define CACHED		"extmem-domain-cached"
#define RAM_NODE	POWER_BUS "/region@d8100000"
#define NVRAM_NODE	POWER_BUS "/region@d8110000"
#define CACHED_NODE	POWER_BUS "/region@d8120000"

#define ALL_ON		"domain+ clock0+ "
#define ALL_OFF		"clock0- domain- "

/**
 * struct domain_context - what a test has besides
 * @irqs: the controller
 * @owners: the platform devices of the regions; a machine without write-back has no
 *	region CACHED
 */
struct domain_context {
	struct fake_irq *irqs;
	struct device *owners[3];
};

static struct domain_context domain;

static int domain_test_init(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_PM_GENERIC_DOMAINS_OF) || !IS_ENABLED(CONFIG_PM_SLEEP))
		kunit_skip(test, "this kernel has no generic power domains, or no sleep");
	power_begin(test);
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, power_domain));
	power_provide(test);
	domain.irqs = fake_irq_new(test, "extmem-test-irqs");
	return 0;
}

static void populate(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	test_populate(test);
	ctx->owner = power_owner(test, RAM_NODE);
	domain.owners[0] = ctx->owner;
	domain.owners[1] = power_owner(test, NVRAM_NODE);
	domain.owners[2] = power_owner(test, CACHED_NODE);
}

/* All that there are, and nobody has one on. */
static struct extmem_region *bring_up(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	int i;

	fake_power_add_genpd(ctx->power);
	populate(test);
	for (i = 0; i < ARRAY_SIZE(domain.owners); i++)
		if (domain.owners[i]->driver)
			power_settle(test, power_attach(test, domain.owners[i]));
	fake_power_rest(test, ctx->power);
	return dev_get_drvdata(ctx->owner);
}

/* Catches: a domain that is on for nobody, or comes after what needs it. */
static void domain_order(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, RAM);

	fake_power_expect(test, ctx->power, ALL_ON);
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	power_close(test, file);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ_MSG(test, ctx->backend->mapped, 0, "mapped while it is off");
}

/* Catches: loss that is claimed while a neighbour keeps the domain on, or not seen later. */
static void domain_is_shared(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *ram = bring_up(test);
	struct extmem_region *nvram = dev_get_drvdata(domain.owners[1]);
	struct file *of_ram, *of_nvram;

	power_expect_attr(test, RAM, "state", "content-lost");
	power_expect_attr(test, NVRAM, "state", "suspended");
	of_ram = power_open(test, RAM);
	of_nvram = power_open(test, NVRAM);
	KUNIT_EXPECT_EQ(test, 5, power_write(of_ram, "hello"));
	power_close(test, of_ram);
	power_settle(test, ram);
	fake_power_expect(test, ctx->power, ALL_ON "clock0- ");
	power_expect_attr(test, RAM, "state", "suspended");
	power_close(test, of_nvram);
	power_settle(test, nvram);
	fake_power_expect(test, ctx->power, "domain- ");
	power_expect_attr(test, RAM, "state", "content-lost");
	power_expect_attr(test, NVRAM, "state", "suspended");
}

static const struct power_failure failures[] = {
	{ FAKE_DOMAIN, "power-domains", "" },
	{ FAKE_CLOCK_0, "clocks", "domain+ domain- " },
};

KUNIT_ARRAY_PARAM_DESC(failure, failures, property);

/* Catches: a domain that is left on, another's blame, and one that is never tried again. */
static void domain_fails(struct kunit *test)
{
	bring_up(test);
	power_expect_failure(test, test->param_value, RAM, RAM_NODE, ALL_ON);
}

/* Catches: a region that comes without its domain, or never. */
static void domain_waits(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();

	populate(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(RAM));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(NVRAM));
	ctx->power->error[FAKE_DOMAIN] = -EIO;
	fake_power_add_genpd(ctx->power);
	KUNIT_EXPECT_LE(test, device_attach(ctx->owner), 0);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(RAM));
	fake_power_expect(test, ctx->power, "");
	ctx->power->error[FAKE_DOMAIN] = 0;
	power_attach(test, ctx->owner);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(RAM));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, RAM_NODE));
}

/* Those in the domain, in one order or the other. */
static struct device *sleeper(int i, bool backwards)
{
	struct device *owner = domain.owners[backwards ? ARRAY_SIZE(domain.owners) - 1 - i : i];

	return owner->pm_domain ? owner : NULL;
}

/* As the kernel does it: each phase for all of them, before the next one. */
static void all_fall_asleep(struct kunit *test)
{
	struct device *owner;
	int i;

	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, false);
		if (!owner)
			continue;
		owner->power.wakeup_path = false;
		KUNIT_EXPECT_EQ(test, 0, owner->pm_domain->ops.prepare(owner));
	}
	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, true);
		if (owner)
			KUNIT_EXPECT_EQ(test, 0, power_fall_asleep(dev_get_drvdata(owner)));
	}
	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, true);
		if (!owner)
			continue;
		__pm_runtime_disable(owner, false);
		KUNIT_EXPECT_EQ(test, 0, owner->pm_domain->ops.suspend_noirq(owner));
	}
}

static void all_wake_up(struct kunit *test)
{
	struct device *owner;
	int i;

	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, false);
		if (!owner)
			continue;
		KUNIT_EXPECT_EQ(test, 0, owner->pm_domain->ops.resume_noirq(owner));
		pm_runtime_enable(owner);
	}
	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, false);
		if (owner)
			KUNIT_EXPECT_EQ(test, 0, power_wake_up(dev_get_drvdata(owner)));
	}
	for (i = 0; i < ARRAY_SIZE(domain.owners); i++) {
		owner = sleeper(i, true);
		if (owner)
			owner->pm_domain->ops.complete(owner);
	}
}

/* Catches: a domain that is left on, and a mapping that is dead when it is on again. */
static void domain_sleeps(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, RAM);
	unsigned long addr = test_map(test, file, PROT_READ | PROT_WRITE, 0, PAGE_SIZE);
	char text[8] = "";
	u32 value = 0;

	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	fake_power_expect(test, ctx->power, ALL_ON);

	all_fall_asleep(test);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ(test, -EFAULT, power_read_user(addr, &value));
	KUNIT_EXPECT_EQ(test, -EBUSY, power_read(file, text, 5));

	all_wake_up(test);
	fake_power_expect(test, ctx->power, ALL_ON);
	power_expect_attr(test, RAM, "state", "content-lost");
	KUNIT_EXPECT_EQ(test, 0, power_read_user(addr, &value));
	KUNIT_EXPECT_MEMEQ(test, &value, "hell", sizeof(value));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, PAGE_SIZE));
	power_close(test, file);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
}

/* Catches: what nobody uses being on after the machine's sleep. */
static void domain_sleeps_for_nobody(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	bring_up(test);
	all_fall_asleep(test);
	fake_power_expect(test, ctx->power, "");
	all_wake_up(test);
	/* The kernel has each domain on for a moment. */
	flush_work(&ctx->power->genpd.power_off_work);
	fake_power_expect(test, ctx->power, "domain+ domain- ");
}

/* Catches: a domain that goes off under memory that is to wake the machine. */
static void domain_stays_on_to_wake(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region = bring_up(test);
	struct file *file = power_open(test, RAM);
	char text[8] = "";

	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	KUNIT_ASSERT_EQ(test, 0, extmem_irq_arm(file->private_data, 0, NULL));
	fake_power_expect(test, ctx->power, ALL_ON);
	all_fall_asleep(test);
	KUNIT_EXPECT_TRUE(test, domain.irqs->lines[0].wakes);
	fake_power_expect(test, ctx->power, "");
	KUNIT_EXPECT_EQ(test, 5, power_read(file, text, 5));
	all_wake_up(test);
	KUNIT_EXPECT_FALSE(test, domain.irqs->lines[0].wakes);
	power_expect_attr(test, RAM, "state", "ready");
	power_close(test, file);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, ALL_OFF);
}

/* Catches: a domain that goes off under memory whose content is in the caches still. */
static void domain_stays_on_for_caches(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;

	if (!(extmem_attr_policies() & BIT(EXTMEM_WRITE_BACK)))
		kunit_skip(test, "this machine has no mappings for write-back");
	bring_up(test);
	region = dev_get_drvdata(domain.owners[2]);
	KUNIT_ASSERT_NOT_NULL(test, region);
	file = power_open(test, CACHED);
	ctx->backend->sync_error = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	all_fall_asleep(test);
	fake_power_expect(test, ctx->power, "domain+ ");
	all_wake_up(test);
	ctx->backend->sync_error = 0;
	power_close(test, file);
	power_settle(test, region);
	fake_power_expect(test, ctx->power, "domain- ");
}

/* Catches: a domain that is off before its user, or on without one. */
static void domain_unbind_while_on(struct kunit *test)
{
	struct power_context *ctx = test->priv;
	struct file *file;

	bring_up(test);
	file = power_open(test, RAM);
	KUNIT_EXPECT_EQ(test, 5, power_write(file, "hello"));
	fake_power_expect(test, ctx->power, ALL_ON);
	device_release_driver(ctx->owner);
	flush_work(&ctx->power->genpd.power_off_work);
	fake_power_expect(test, ctx->power, ALL_OFF);
	KUNIT_EXPECT_EQ(test, -ENODEV, power_write(file, "hello"));
	power_close(test, file);

	power_settle(test, power_attach(test, ctx->owner));
	fake_power_rest(test, ctx->power);
	power_open(test, RAM);
	fake_power_expect(test, ctx->power, ALL_ON);
}

static struct kunit_case domain_cases[] = {
	KUNIT_CASE(domain_order),
	KUNIT_CASE(domain_is_shared),
	KUNIT_CASE_PARAM(domain_fails, failure_gen_params),
	KUNIT_CASE(domain_waits),
	KUNIT_CASE(domain_sleeps),
	KUNIT_CASE(domain_sleeps_for_nobody),
	KUNIT_CASE(domain_stays_on_to_wake),
	KUNIT_CASE(domain_stays_on_for_caches),
	KUNIT_CASE(domain_unbind_while_on),
	{}
};

static struct kunit_suite domain_suite = {
	.name = "extmem_power_domain",
	.init = domain_test_init,
	.test_cases = domain_cases,
};

kunit_test_suite(domain_suite);
