// SPDX-License-Identifier: GPL-2.0
/*
 * What memory needs before it answers, without hardware: see the header.
 */
#include <kunit/test.h>

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/regulator/machine.h>
#include <linux/string.h>

#include "fake_power.h"

/* A regulator's functions know its device only, and a test has one fake. */
static struct fake_power *fake_of_test;

static const char * const names[FAKE_STEPS] = {
	"domain", "supply", "clock0", "clock1", "clock2", "reset"
};

static void write_down(struct fake_power *fake, enum fake_power_step step, bool on)
{
	lockdep_assert_held(&fake->lock);
	strlcat(fake->log, names[step], sizeof(fake->log));
	strlcat(fake->log, on ? "+ " : "- ", sizeof(fake->log));
	KUNIT_EXPECT_NE_MSG(fake->test, fake->on[step], on, "%s is switched twice",
			    names[step]);
	fake->on[step] = on;
}

static int switch_on(struct fake_power *fake, enum fake_power_step step)
{
	guard(mutex)(&fake->lock);
	if (!fake->error[step])
		write_down(fake, step, true);
	return fake->error[step];
}

static void switch_off(struct fake_power *fake, enum fake_power_step step)
{
	guard(mutex)(&fake->lock);
	write_down(fake, step, false);
}

/* --- a power domain --- */

static int domain_resume(struct device *dev)
{
	struct fake_power *fake = fake_of_test;
	int ret = switch_on(fake, FAKE_DOMAIN);

	if (ret)
		return ret;
	ret = pm_generic_runtime_resume(dev);
	if (ret)
		switch_off(fake, FAKE_DOMAIN);
	return ret;
}

static int domain_suspend(struct device *dev)
{
	int ret = pm_generic_runtime_suspend(dev);

	if (!ret)
		switch_off(fake_of_test, FAKE_DOMAIN);
	return ret;
}

/* When the driver's remove() has returned, and before what it manages is released. */
static void domain_detach(struct device *dev, bool power_off)
{
	struct fake_power *fake = fake_of_test;

	if (fake->on[FAKE_DOMAIN])
		switch_off(fake, FAKE_DOMAIN);
	dev_pm_domain_set(dev, NULL);
}

/**
 * fake_power_attach_domain() - have a device in the power domain
 * @fake: the fake
 * @dev: the device, which has no driver; until it is unbound
 */
void fake_power_attach_domain(struct fake_power *fake, struct device *dev)
{
	fake->domain.detach = domain_detach;
	fake->domain.ops.runtime_resume = domain_resume;
	fake->domain.ops.runtime_suspend = domain_suspend;
	dev_pm_domain_set(dev, &fake->domain);
}

/* --- a generic power domain --- */

static struct fake_power *fake_of(struct generic_pm_domain *genpd)
{
	return container_of(genpd, struct fake_power, genpd);
}

static int genpd_on(struct generic_pm_domain *genpd)
{
	return switch_on(fake_of(genpd), FAKE_DOMAIN);
}

static int genpd_off(struct generic_pm_domain *genpd)
{
	switch_off(fake_of(genpd), FAKE_DOMAIN);
	return 0;
}

/**
 * fake_power_add_genpd() - have the generic power domain there
 * @fake: the fake, which had none
 */
void fake_power_add_genpd(struct fake_power *fake)
{
	struct device_node *np = of_get_child_by_name(fake->np, "extmem-test-domain");

	fake->genpd.name = "extmem-test-domain";
	fake->genpd.power_on = genpd_on;
	fake->genpd.power_off = genpd_off;
	KUNIT_ASSERT_EQ(fake->test, 0, pm_genpd_init(&fake->genpd, NULL, true));
	KUNIT_EXPECT_EQ(fake->test, 0, of_genpd_add_provider_simple(np, &fake->genpd));
	fake->has_genpd = true;
	of_node_put(np);
}

static void remove_genpd(struct fake_power *fake)
{
	struct device_node *np = of_get_child_by_name(fake->np, "extmem-test-domain");

	of_genpd_del_provider(np);
	of_node_put(np);
	flush_work(&fake->genpd.power_off_work);
	KUNIT_EXPECT_EQ(fake->test, 0, pm_genpd_remove(&fake->genpd));
}

/**
 * fake_power_rest() - have the generic power domain off, and begin to write down anew
 * @test: the test
 * @fake: the fake, of which nobody needs anything
 */
void fake_power_rest(struct kunit *test, struct fake_power *fake)
{
	int i;

	flush_work(&fake->genpd.power_off_work);
	guard(mutex)(&fake->lock);
	for (i = 0; i < FAKE_STEPS; i++)
		KUNIT_EXPECT_FALSE_MSG(test, fake->on[i], "%s is on", names[i]);
	fake->log[0] = '\0';
}

/* --- a supply --- */

static int supply_on(struct regulator_dev *rdev)
{
	return switch_on(rdev_get_drvdata(rdev), FAKE_SUPPLY);
}

static int supply_off(struct regulator_dev *rdev)
{
	switch_off(rdev_get_drvdata(rdev), FAKE_SUPPLY);
	return 0;
}

static int supply_is_on(struct regulator_dev *rdev)
{
	struct fake_power *fake = rdev_get_drvdata(rdev);

	return fake->on[FAKE_SUPPLY];
}

static const struct regulator_ops supply_ops = {
	.enable = supply_on,
	.disable = supply_off,
	.is_enabled = supply_is_on,
};

static const struct regulator_desc supply_desc = {
	.name = "extmem-test-supply",
	.type = REGULATOR_VOLTAGE,
	.owner = THIS_MODULE,
	.ops = &supply_ops,
};

static const struct regulator_init_data supply_init_data = {
	.constraints.valid_ops_mask = REGULATOR_CHANGE_STATUS,
};

/**
 * fake_power_add_supply() - have the supply there
 * @fake: the fake, which had none
 */
void fake_power_add_supply(struct fake_power *fake)
{
	struct platform_device *pdev = of_find_device_by_node(fake->np);
	struct regulator_config config = {
		.dev = &pdev->dev,
		.init_data = &supply_init_data,
		.driver_data = fake,
		.of_node = of_get_child_by_name(fake->np, "extmem-test-supply"),
	};

	fake->rdev = regulator_register(&pdev->dev, &supply_desc, &config);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(fake->test, fake->rdev);
	of_node_put(config.of_node);
	put_device(&pdev->dev);
}

/* --- clocks --- */

static enum fake_power_step step_of(struct clk_hw *hw)
{
	return FAKE_CLOCK_0 + (hw - fake_of_test->clocks);
}

static int clock_on(struct clk_hw *hw)
{
	return switch_on(fake_of_test, step_of(hw));
}

static void clock_off(struct clk_hw *hw)
{
	switch_off(fake_of_test, step_of(hw));
}

static const struct clk_ops clock_ops = {
	.prepare = clock_on,
	.unprepare = clock_off,
};

static struct clk_hw *find_clock(struct of_phandle_args *spec, void *data)
{
	struct fake_power *fake = data;
	unsigned int index = spec->args[0];

	if (index >= FAKE_CLOCKS)
		return ERR_PTR(-EINVAL);
	if (fake->missing[FAKE_CLOCK_0 + index])
		return ERR_PTR(fake->missing[FAKE_CLOCK_0 + index]);
	return &fake->clocks[index];
}

static int add_clocks(struct fake_power *fake, struct device *dev)
{
	static const char * const clock_names[FAKE_CLOCKS] = {
		"extmem-test-clock0", "extmem-test-clock1", "extmem-test-clock2"
	};
	int i, ret;

	for (i = 0; i < FAKE_CLOCKS; i++) {
		struct clk_init_data init = {
			.name = clock_names[i],
			.ops = &clock_ops,
		};

		fake->clocks[i].init = &init;
		ret = devm_clk_hw_register(dev, &fake->clocks[i]);
		if (ret)
			return ret;
	}
	return devm_of_clk_add_hw_provider(dev, find_clock, fake);
}

/* --- a reset --- */

static int reset_on(struct reset_controller_dev *resets, unsigned long id)
{
	return switch_on(container_of(resets, struct fake_power, resets), FAKE_RESET);
}

/* It may be asserted already, when deasserting it has failed. */
static int reset_off(struct reset_controller_dev *resets, unsigned long id)
{
	struct fake_power *fake = container_of(resets, struct fake_power, resets);

	if (fake->on[FAKE_RESET])
		switch_off(fake, FAKE_RESET);
	return 0;
}

static const struct reset_control_ops reset_ops = {
	.assert = reset_off,
	.deassert = reset_on,
};

static int find_reset(struct reset_controller_dev *resets, const struct of_phandle_args *spec)
{
	struct fake_power *fake = container_of(resets, struct fake_power, resets);

	return fake->missing[FAKE_RESET] ?: spec->args[0];
}

static int add_reset(struct fake_power *fake, struct device *dev)
{
	fake->resets = (struct reset_controller_dev){
		.ops = &reset_ops,
		.owner = THIS_MODULE,
		.of_node = fake->np,
		.of_reset_n_cells = 1,
		.of_xlate = find_reset,
		.nr_resets = 1,
	};
	return devm_reset_controller_register(dev, &fake->resets);
}

/* --- all of them --- */

static int fake_power_probe(struct platform_device *pdev)
{
	struct fake_power *fake = fake_of_test;
	int ret;

	ret = add_clocks(fake, &pdev->dev);
	return ret ?: add_reset(fake, &pdev->dev);
}

static void fake_power_remove(struct platform_device *pdev)
{
	struct fake_power *fake = fake_of_test;
	int i;

	if (fake->has_genpd)
		remove_genpd(fake);
	if (fake->rdev)
		regulator_unregister(fake->rdev);
	for (i = 0; i < FAKE_STEPS; i++)
		KUNIT_EXPECT_FALSE_MSG(fake->test, fake->on[i], "%s is left on", names[i]);
}

static const struct of_device_id fake_power_match[] = {
	{ .compatible = "extmem-test,power" },
	{ }
};

static struct platform_driver fake_power_driver = {
	.probe = fake_power_probe,
	.remove = fake_power_remove,
	.driver = {
		.name = "extmem-test-power",
		.of_match_table = fake_power_match,
	},
};

static void fake_power_end(void *fake)
{
	platform_driver_unregister(&fake_power_driver);
	of_node_put(((struct fake_power *)fake)->np);
	fake_of_test = NULL;
}

/**
 * fake_power_new() - a fake that goes with the test
 * @test: the test, which must bind its regions afterwards
 * @node: the name of its node; its device may come later
 *
 * Return: the fake, without the supply.
 */
struct fake_power *fake_power_new(struct kunit *test, const char *node)
{
	struct fake_power *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	KUNIT_ASSERT_NULL(test, fake_of_test);
	mutex_init(&fake->lock);
	fake->test = test;
	fake->np = of_find_node_by_name(NULL, node);
	KUNIT_ASSERT_NOT_NULL(test, fake->np);
	fake_of_test = fake;
	KUNIT_ASSERT_EQ(test, 0, platform_driver_register(&fake_power_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, fake_power_end, fake));
	return fake;
}

/**
 * fake_power_expect() - was this switched, in this order?
 * @test: the test
 * @fake: the fake
 * @log: what was, since this was called last
 */
void fake_power_expect(struct kunit *test, struct fake_power *fake, const char *log)
{
	guard(mutex)(&fake->lock);
	KUNIT_EXPECT_STREQ(test, fake->log, log);
	fake->log[0] = '\0';
}
