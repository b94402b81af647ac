// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that the platform driver is given, and that are none of its own.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "fixture.h"

#define DRIVER	EXTMEM_COMPATIBLE	/* its name, too */
#define BARE	"extmem-test-bare"

static void unregister(void *pdev)
{
	platform_device_unregister(pdev);
}

/* A device without a node comes, and whatever driver wants it probes it at once. */
static struct platform_device *add_bare(struct kunit *test, const char *name)
{
	struct platform_device *pdev =
		platform_device_register_simple(name, PLATFORM_DEVID_NONE, NULL, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister, pdev));
	return pdev;
}

/* As root does it: where the kernel keeps it, is the kernel's own. */
static void override_driver(struct kunit *test, const char *name)
{
	struct vfsmount *sysfs = test_mount(test, "sysfs");
	struct file *file;
	char path[96];
	loff_t pos = 0;

	snprintf(path, sizeof(path), "bus/platform/devices/%s/driver_override", name);
	file = test_open(sysfs, path, O_WRONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_EQ(test, strlen(DRIVER), kernel_write(file, DRIVER, strlen(DRIVER), &pos));
	__fput_sync(file);
}

/* Catches: an oops, and a region of nothing. */
static void driver_of_no_node(struct kunit *test)
{
	struct platform_device *pdev;
	u64 start = test_log_start();

	pdev = add_bare(test, BARE);
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "the device has no node"));
	override_driver(test, BARE);
	KUNIT_EXPECT_LE(test, device_attach(&pdev->dev), 0);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	test_expect_said(test, start, BARE ": driver_override: the device has no node");
}

/* Catches: the same, for a device that is called like the driver. */
static void driver_of_its_name(struct kunit *test)
{
	struct platform_device *pdev;
	u64 start = test_log_start();

	pdev = add_bare(test, DRIVER);
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
