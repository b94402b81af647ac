// SPDX-License-Identifier: GPL-2.0
/*
 * What the suites of memory that has to be switched on have in common: see the header.
 */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/device/driver.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "power_fixture.h"

/**
 * power_begin() - all that a test needs before its overlay
 * @test: the test, whose priv is set
 *
 * Return: what it has; its fake of what there is to switch comes by power_provide().
 */
struct power_context *power_begin(struct kunit *test)
{
	struct power_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->backend = fake_backend_new(test);
	ctx->backend->backend.compatible = OVERLAY_COMPATIBLE;
	ctx->dev = test_mount(test, "devtmpfs");
	ctx->sysfs = test_mount(test, "sysfs");
	test_register(test, &ctx->backend->backend, NULL);
	extmem_driver_settle();
	return ctx;
}

/* The overlay's node is there, and no device yet. */
void power_provide(struct kunit *test)
{
	struct power_context *ctx = test->priv;

	ctx->power = fake_power_new(test, "extmem-test-power");
}

/* With its device, which the driver core may be about to bind again. */
static void unbind(void *dev)
{
	of_platform_device_destroy(dev, NULL);
	put_device(dev);
}

/* Unbound when the test ends, before who provides for it goes. */
struct device *power_owner(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);
	struct platform_device *pdev = of_find_device_by_node(np);

	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unbind, &pdev->dev));
	return &pdev->dev;
}

/* It goes off as soon as nobody uses it. */
struct extmem_region *power_attach(struct kunit *test, struct device *owner)
{
	/* The driver core may be about to, too. */
	KUNIT_ASSERT_GE(test, device_attach(owner), 0);
	KUNIT_ASSERT_NOT_NULL(test, owner->driver);
	if (pm_runtime_enabled(owner))
		pm_runtime_set_autosuspend_delay(owner, 0);
	return dev_get_drvdata(owner);
}

/* Off is later, and by another thread. */
void power_settle(struct kunit *test, struct extmem_region *region)
{
	int tries = 500;

	while (!extmem_is_off(region) && tries--)
		msleep(20);
	KUNIT_ASSERT_TRUE(test, extmem_is_off(region));
	pm_runtime_barrier(region->owner);
}

/* --- files --- */

static void close_file(void *file)
{
	__fput_sync(file);
}

struct file *power_try_open(struct kunit *test, const char *name)
{
	struct power_context *ctx = test->priv;
	char path[EXTMEM_NAME_SIZE + 8];
	struct file *file;

	snprintf(path, sizeof(path), "extmem/%s", name);
	file = test_open(ctx->dev, path, O_RDWR);
	if (!IS_ERR(file))
		KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_file, file));
	return file;
}

/* Closed by power_close(), or with the test. */
struct file *power_open(struct kunit *test, const char *name)
{
	struct file *file = power_try_open(test, name);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

void power_close(struct kunit *test, struct file *file)
{
	kunit_release_action(test, close_file, file);
}

ssize_t power_write(struct file *file, const char *text)
{
	loff_t pos = 0;

	return kernel_write(file, text, strlen(text), &pos);
}

ssize_t power_read(struct file *file, char *text, size_t size)
{
	loff_t pos = 0;

	return kernel_read(file, text, size, &pos);
}

void power_expect_attr(struct kunit *test, const char *name, const char *attr,
		       const char *value)
{
	struct power_context *ctx = test->priv;
	char path[EXTMEM_NAME_SIZE + 64], text[64];

	snprintf(path, sizeof(path), "class/extmem/%s/%s", name, attr);
	KUNIT_ASSERT_GT(test, test_read(ctx->sysfs, path, text, sizeof(text)), 0);
	KUNIT_EXPECT_STREQ(test, strim(text), value);
}

/* Functions: on arm the macros, in another's argument, are more than sparse can take. */
int power_read_user(unsigned long addr, u32 *value)
{
	return get_user(*value, (u32 __user *)addr);
}

int power_write_user(unsigned long addr, u32 value)
{
	return put_user(value, (u32 __user *)addr);
}

/* --- the machine's sleep --- */

/* What the kernel's own sleep does, for one device. */
int power_fall_asleep(struct extmem_region *region)
{
	struct device *owner = region->owner;

	pm_runtime_get_noresume(owner);
	return owner->driver->pm->suspend(owner);
}

int power_wake_up(struct extmem_region *region)
{
	struct device *owner = region->owner;
	int ret = owner->driver->pm->resume(owner);

	pm_runtime_put(owner);
	return ret;
}

/* --- failures --- */

/**
 * power_expect_failure() - have a step fail, and then succeed
 * @test: the test
 * @failure: the step, and what is to be seen
 * @name: the region that is opened
 * @node: its node
 * @all_on: what is switched in the end
 */
void power_expect_failure(struct kunit *test, const struct power_failure *failure,
			  const char *name, const char *node, const char *all_on)
{
	struct power_context *ctx = test->priv;
	u64 start = test_log_start();
	char text[160];

	ctx->power->error[failure->step] = -EIO;
	KUNIT_EXPECT_PTR_EQ(test, power_try_open(test, name), ERR_PTR(-EIO));
	fake_power_expect(test, ctx->power, failure->log);
	snprintf(text, sizeof(text),
		 "%s: %s: the memory cannot be switched on: -EIO; see what its driver says, and try again",
		 node, failure->property);
	test_expect_said(test, start, text);
	KUNIT_EXPECT_EQ(test, ctx->backend->mapped, 0);

	ctx->power->error[failure->step] = 0;
	power_open(test, name);
	fake_power_expect(test, ctx->power, all_on);
}
