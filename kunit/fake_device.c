// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that plays the part of a device: see the header.
 */
#include <kunit/test.h>

#include <linux/ioport.h>
#include <linux/logic_iomem.h>
#include <linux/string.h>

#include "fake_device.h"

#ifdef CONFIG_INDIRECT_IOMEM

static struct fake_device fake_device;

static void record(unsigned int offset, int size, bool write)
{
	struct fake_device *dev = &fake_device;

	if (dev->count < FAKE_DEVICE_RECORDS)
		dev->accesses[dev->count] = (struct fake_access){ offset, size, write };
	dev->count++;
}

static unsigned long fake_read(void *priv, unsigned int offset, int size)
{
	unsigned long value = 0;

	record(offset, size, false);
	memcpy(&value, priv + offset, size);
	return value;
}

static void fake_write(void *priv, unsigned int offset, int size, unsigned long value)
{
	record(offset, size, true);
	memcpy(priv + offset, &value, size);
}

static void fake_set(void *priv, unsigned int offset, u8 value, int size)
{
	record(offset, size, true);
	memset(priv + offset, value, size);
}

static void fake_copy_from(void *priv, void *to, unsigned int offset, int size)
{
	record(offset, size, false);
	memcpy(to, priv + offset, size);
}

static void fake_copy_to(void *priv, unsigned int offset, const void *from, int size)
{
	record(offset, size, true);
	memcpy(priv + offset, from, size);
}

static const struct logic_iomem_ops fake_ops = {
	.read = fake_read,
	.write = fake_write,
	.set = fake_set,
	.copy_from = fake_copy_from,
	.copy_to = fake_copy_to,
};

static long fake_map(unsigned long offset, size_t size,
		     const struct logic_iomem_ops **ops, void **priv)
{
	*ops = &fake_ops;
	*priv = fake_device.memory;
	return offset;
}

static const struct logic_iomem_region_ops fake_region_ops = {
	.map = fake_map,
};

static struct resource fake_resource =
	DEFINE_RES_MEM_NAMED(FAKE_DEVICE_BASE, FAKE_DEVICE_SIZE, "extmem-test-device");

/**
 * fake_device_get() - have the device, with a number in each byte and nothing recorded
 * @test: the test, which is skipped where there can be none
 *
 * There is no removal, so it stays when the test has run.
 */
struct fake_device *fake_device_get(struct kunit *test)
{
	static bool added;
	unsigned int i;

	if (!added)
		KUNIT_ASSERT_EQ(test, 0, logic_iomem_add_region(&fake_resource,
								&fake_region_ops));
	added = true;
	for (i = 0; i < FAKE_DEVICE_SIZE; i++)
		fake_device.memory[i] = i % 251;
	fake_device.count = 0;
	return &fake_device;
}

#else

struct fake_device *fake_device_get(struct kunit *test)
{
	kunit_skip(test, "only UML has a device that writes its accesses down");
}

#endif

/**
 * fake_device_expect() - were these the accesses, once each and in order?
 * @test: the test
 * @dev: the device
 * @write: they are writes
 * @offset: of the first
 * @width: of each
 * @count: how many, and no more
 */
void fake_device_expect(struct kunit *test, struct fake_device *dev, bool write,
			u32 offset, u32 width, unsigned int count)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, dev->count, count);
	KUNIT_ASSERT_LE(test, count, FAKE_DEVICE_RECORDS);
	for (i = 0; i < count; i++) {
		const struct fake_access *access = &dev->accesses[i];

		KUNIT_EXPECT_EQ(test, access->write, write);
		KUNIT_EXPECT_EQ(test, access->size, width);
		KUNIT_EXPECT_EQ(test, access->offset, offset + i * width);
	}
}
