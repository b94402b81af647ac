// SPDX-License-Identifier: GPL-2.0
/*
 * Cells in regions, as other drivers read them.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/nvmem-consumer.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "fake_backend.h"
#include "fixture.h"

#define CELLS	"extmem-cells"

static void put_dev(void *dev)
{
	put_device(dev);
}

/* The device that names the cells. */
static struct device *bring_up(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct platform_device *pdev;
	struct device_node *np;

	if (!IS_ENABLED(CONFIG_NVMEM_LAYOUTS))
		kunit_skip(test, "this kernel has no CONFIG_NVMEM_LAYOUTS");
	test->priv = fake;
	fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &fake->backend, NULL);
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, nvmem_extmem));
	test_populate(test);
	np = of_find_node_by_path("/extmem-test-bus/ethernet");
	pdev = of_find_device_by_node(np);
	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_dev, &pdev->dev));
	return &pdev->dev;
}

static struct nvmem_cell *get_cell(struct kunit *test, struct device *dev, const char *name)
{
	struct nvmem_cell *cell = nvmem_cell_get(dev, name);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cell);
	return cell;
}

/* Catches: another driver's MAC address, or one whose bytes are out of order. */
static void nvmem_has_a_mac_address(struct kunit *test)
{
	static const u8 mac[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
	struct device *dev = bring_up(test);
	struct fake_backend *fake = test->priv;
	struct nvmem_cell *cell = get_cell(test, dev, "mac-address");
	u8 other[6] = {}, *found;
	size_t len = 0;

	memcpy(fake->memory + 0x11, mac, sizeof(mac));
	found = nvmem_cell_read(cell, &len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, found);
	KUNIT_EXPECT_EQ(test, len, 6);
	KUNIT_EXPECT_MEMEQ(test, found, mac, 6);
	kfree(found);
	KUNIT_EXPECT_EQ(test, -EINVAL, nvmem_cell_write(cell, other, 6));
	KUNIT_EXPECT_MEMEQ(test, fake->memory + 0x11, mac, 6);
	nvmem_cell_put(cell);
}

/* Catches: a cell that cannot be written though the memory can. */
static void nvmem_is_written(struct kunit *test)
{
	struct device *dev = bring_up(test);
	struct fake_backend *fake = test->priv;
	struct nvmem_cell *cell = get_cell(test, dev, "reason");
	u32 value = 0x12345678, found = 0;

	KUNIT_EXPECT_EQ(test, 4, nvmem_cell_write(cell, &value, 4));
	KUNIT_EXPECT_MEMEQ(test, fake->memory + 0x20, (u8 *)&value, 4);
	KUNIT_EXPECT_EQ(test, 0, nvmem_cell_read_u32(dev, "reason", &found));
	KUNIT_EXPECT_EQ(test, found, value);
	nvmem_cell_put(cell);
}

/* Catches: bytes of what comes behind the region. */
static void nvmem_cell_outside(struct kunit *test)
{
	struct device *dev = bring_up(test);
	struct nvmem_cell *cell = get_cell(test, dev, "outside");
	u64 start = test_log_start();
	void *found;

	found = nvmem_cell_read(cell, NULL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(found), -EINVAL);
	test_expect_said(test, start,
			 "/extmem-test-bus/rom@d8100000: nvmem-layout: 0x4 bytes at 0xffe lie outside the region (0x1000); make the cell fit");
	nvmem_cell_put(cell);
}

/* Catches: who reads a region that is gone, and a region that cannot come back for him. */
static void nvmem_cell_is_kept(struct kunit *test)
{
	struct device *dev = bring_up(test), *region, *owner;
	struct nvmem_cell *kept = get_cell(test, dev, "mac-address"), *cell;
	void *found;

	region = class_find_device_by_name(&extmem_class, CELLS);
	KUNIT_ASSERT_NOT_NULL(test, region);
	owner = get_device(to_extmem_region(region)->owner);
	put_device(region);
	device_release_driver(owner);
	found = nvmem_cell_read(kept, NULL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(found), -ENODEV);
	nvmem_cell_put(kept);

	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	cell = get_cell(test, dev, "mac-address");
	found = nvmem_cell_read(cell, NULL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, found);
	kfree(found);
	nvmem_cell_put(cell);
	put_device(owner);
}

static struct kunit_case nvmem_cases[] = {
	KUNIT_CASE(nvmem_has_a_mac_address),
	KUNIT_CASE(nvmem_is_written),
	KUNIT_CASE(nvmem_cell_outside),
	KUNIT_CASE(nvmem_cell_is_kept),
	{}
};

static struct kunit_suite nvmem_suite = {
	.name = "extmem_nvmem",
	.test_cases = nvmem_cases,
};

kunit_test_suite(nvmem_suite);
