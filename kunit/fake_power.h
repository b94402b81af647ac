/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clocks, a reset, a supply and a power domain without hardware, for a node of an
 * overlay's. They write down the order in which they are switched, and fail or are not
 * there on demand. The domain is either one of the kernel's generic ones, or one that does
 * nothing by itself.
 */
#ifndef _EXTMEM_FAKE_POWER_H
#define _EXTMEM_FAKE_POWER_H

#include <linux/clk-provider.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/pm_domain.h>
#include <linux/regulator/driver.h>
#include <linux/reset-controller.h>

struct device;
struct kunit;

/* In the order in which they are to be switched on. */
enum fake_power_step {
	FAKE_DOMAIN,
	FAKE_SUPPLY,
	FAKE_CLOCK_0,
	FAKE_CLOCK_1,
	FAKE_CLOCK_2,
	FAKE_RESET,
	FAKE_STEPS
};

#define FAKE_CLOCKS	3

/**
 * struct fake_power - the one fake of a test
 * @error: what switching each on returns
 * @missing: what asking for each returns; of clocks and the reset
 * @lock: guards what follows
 * @on: which are on; a reset is when it is deasserted
 * @log: what was switched, such as "supply+ clock0+ clock0- "
 * @test: the test
 * @np: its node
 * @domain: a power domain that does nothing by itself
 * @genpd: a generic one, once it is there
 * @has_genpd: it is
 * @rdev: the supply, once it is there
 * @clocks: its clocks
 * @resets: its reset
 */
struct fake_power {
	int error[FAKE_STEPS];
	int missing[FAKE_STEPS];

	struct mutex lock;	/* guards what follows */
	bool on[FAKE_STEPS];
	char log[512];

	struct kunit *test;
	struct device_node *np;
	struct dev_pm_domain domain;
	struct generic_pm_domain genpd;
	bool has_genpd;
	struct regulator_dev *rdev;
	struct clk_hw clocks[FAKE_CLOCKS];
	struct reset_controller_dev resets;
};

struct fake_power *fake_power_new(struct kunit *test, const char *node);
void fake_power_add_supply(struct fake_power *fake);
void fake_power_attach_domain(struct fake_power *fake, struct device *dev);
void fake_power_add_genpd(struct fake_power *fake);
void fake_power_rest(struct kunit *test, struct fake_power *fake);
void fake_power_expect(struct kunit *test, struct fake_power *fake, const char *log);

#endif /* _EXTMEM_FAKE_POWER_H */
