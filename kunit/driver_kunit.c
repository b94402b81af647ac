// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that the platform driver is given, and that are none of its own.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "fixture.h"

#define DRIVER	EXTMEM_COMPATIBLE	/* its name, too */

static void unregister(void *pdev)
{
	platform_device_unregister(pdev);
}

/* A device without a node comes, and whatever driver wants it probes it at once. */
static struct platform_device *add_bare(struct kunit *test, const char *name,
					const char *override)
{
	struct platform_device *pdev = platform_device_alloc(name, PLATFORM_DEVID_NONE);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	if (override)
		KUNIT_EXPECT_EQ(test, 0, driver_set_override(&pdev->dev, &pdev->driver_override,
							     override, strlen(override)));
	if (platform_device_add(pdev)) {
		platform_device_put(pdev);
		KUNIT_FAIL_AND_ABORT(test, "no platform device %s", name);
	}
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister, pdev));
	return pdev;
}

/* Catches: an oops, and a region of nothing. */
static void driver_of_no_node(struct kunit *test)
{
	struct platform_device *pdev;
	u64 start = test_log_start();

	pdev = add_bare(test, "extmem-test-bare", DRIVER);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	test_expect_said(test, start, "extmem-test-bare: driver_override: the device has no node");
}

/* Catches: the same, for a device that is called like the driver. */
static void driver_of_its_name(struct kunit *test)
{
	struct platform_device *pdev;
	u64 start = test_log_start();

	pdev = add_bare(test, DRIVER, NULL);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	test_expect_said(test, start, "driver_override: the device has no node");
}

static struct kunit_case driver_cases[] = {
	KUNIT_CASE(driver_of_no_node),
	KUNIT_CASE(driver_of_its_name),
	{}
};

static struct kunit_suite driver_suite = {
	.name = "extmem_driver",
	.test_cases = driver_cases,
};

kunit_test_suite(driver_suite);
