// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses of one width: which width, which order of bytes, and how often.
 */
#include <kunit/test.h>

#include <linux/io.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "fake_device.h"
#include "fixture.h"

#define CPU_IS_BIG_ENDIAN IS_ENABLED(CONFIG_CPU_BIG_ENDIAN)

static const struct choice_case {
	const char *name;
	enum extmem_type type;
	enum extmem_policy policy;
	enum extmem_byte_order order;
	u8 io_width;
	u64 offset;
	size_t size;
	struct extmem_units units;
} choices[] = {
	/* Registers of a known width have it, whatever is asked for. */
	{ "1 byte", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 1, 0, 8, { 1 } },
	{ "2 bytes", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 2, 0, 8, { 2 } },
	{ "4 bytes", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 4, 4, 4, { 4 } },
	{ "8 bytes", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 8, 0, 8, { 8 } },

	/* Of an unknown width: what fits, up to 4 bytes. */
	{ "fits 4", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 0, 4, { 4 } },
	{ "fits 8", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 8, 8, { 4 } },
	{ "size of 2", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 4, 6, { 2 } },
	{ "size of 1", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 4, 7, { 1 } },
	{ "offset of 2", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 2, 4, { 2 } },
	{ "offset of 1", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 1, 4, { 1 } },
	{ "far offset", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0,
	  BIT_ULL(40) + 2, 4, { 2 } },
	{ "nothing", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 0, 0, { 4 } },

	/* The DT says how the numbers lie. */
	{ "big-endian", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_BIG_ENDIAN, 4, 0, 4,
	  { 4, true } },
	{ "big-endian, any width", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_BIG_ENDIAN, 0, 0, 4,
	  { 4, true } },
	{ "native-endian", EXTMEM_MMIO, EXTMEM_UNCACHED, EXTMEM_NATIVE_ENDIAN, 2, 0, 4,
	  { 2, CPU_IS_BIG_ENDIAN } },

	/* Memory has bytes, not numbers. */
	{ "memory", EXTMEM_RAM, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 4, 0, 8,
	  { 4, CPU_IS_BIG_ENDIAN } },
	{ "big-endian memory", EXTMEM_RAM, EXTMEM_UNCACHED, EXTMEM_BIG_ENDIAN, 4, 0, 8,
	  { 4, CPU_IS_BIG_ENDIAN } },
	{ "big-endian nvram", EXTMEM_NVRAM, EXTMEM_UNCACHED, EXTMEM_BIG_ENDIAN, 2, 0, 8,
	  { 2, CPU_IS_BIG_ENDIAN } },
	{ "memory, any width", EXTMEM_RAM, EXTMEM_UNCACHED, EXTMEM_LITTLE_ENDIAN, 0, 0, 8,
	  { 0, CPU_IS_BIG_ENDIAN } },
	{ "write-combined", EXTMEM_RAM, EXTMEM_WRITE_COMBINE, EXTMEM_LITTLE_ENDIAN, 4, 0, 8,
	  { 0 } },
	{ "written back", EXTMEM_NVRAM, EXTMEM_WRITE_BACK, EXTMEM_BIG_ENDIAN, 8, 0, 8,
	  { 0 } },
};

KUNIT_ARRAY_PARAM_DESC(choice, choices, name);

/*
 * Catches: a guess that is wider than a register, memory whose bytes are swapped, and
 * registers whose are not.
 */
static void units_are_chosen(struct kunit *test)
{
	const struct choice_case *param = test->param_value;
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    param->policy);
	struct extmem_units units;

	desc.type = param->type;
	desc.io_width = param->io_width;
	desc.byte_order = param->order;
	units = extmem_units(&desc, param->offset, param->size);
	KUNIT_EXPECT_EQ(test, units.width, param->units.width);
	/* Where nothing depends on the width, nothing does on the order either. */
	if (units.width)
		KUNIT_EXPECT_EQ(test, units.big_endian, param->units.big_endian);
}

/* Catches: a width that fits the offset, and not the address. */
static void units_fit_the_address(struct kunit *test)
{
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE + 2, TEST_SIZE,
					    EXTMEM_UNCACHED);

	desc.type = EXTMEM_MMIO;
	KUNIT_EXPECT_EQ(test, extmem_units(&desc, 0, 4).width, 2);
	KUNIT_EXPECT_EQ(test, extmem_units(&desc, 2, 4).width, 4);
	KUNIT_EXPECT_EQ(test, extmem_units(&desc, 1, 4).width, 1);
	desc.base = TEST_BASE + 3;
	KUNIT_EXPECT_EQ(test, extmem_units(&desc, 0, 4).width, 1);
	KUNIT_EXPECT_EQ(test, extmem_units(&desc, 1, 8).width, 4);
}

#define SIZE	64	/* of a range */
#define GUARD	16	/* before and behind it, to be left alone */

struct unit_range {
	u8 bytes[GUARD + SIZE + GUARD] __aligned(8);
	u64 numbers[SIZE / sizeof(u64)];
	struct fake_device *dev;
	struct iosys_map map;
};

static const struct access_case {
	const char *name;
	struct extmem_units units;
	bool iomem;
} accesses[] = {
	{ "1", { 1 } },
	{ "1 big-endian", { 1, true } },
	{ "2", { 2 } },
	{ "2 big-endian", { 2, true } },
	{ "4", { 4 } },
	{ "4 big-endian", { 4, true } },
	{ "8", { 8 } },
	{ "8 big-endian", { 8, true } },
	{ "1 I/O", { 1 }, true },
	{ "1 I/O big-endian", { 1, true }, true },
	{ "2 I/O", { 2 }, true },
	{ "2 I/O big-endian", { 2, true }, true },
	{ "4 I/O", { 4 }, true },
	{ "4 I/O big-endian", { 4, true }, true },
	{ "8 I/O", { 8 }, true },
	{ "8 I/O big-endian", { 8, true }, true },
};

KUNIT_ARRAY_PARAM_DESC(access, accesses, name);

static void unmap_device(void *vaddr)
{
	iounmap((void __iomem __force *)vaddr);
}

static void map_device(struct kunit *test, struct unit_range *range)
{
	void __iomem *vaddr;

	range->dev = fake_device_get(test);
	vaddr = ioremap(FAKE_DEVICE_BASE, SZ_4K);
	KUNIT_ASSERT_TRUE(test, !!vaddr);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unmap_device,
							   (void __force *)vaddr));
	iosys_map_set_vaddr_iomem(&range->map, vaddr + GUARD);
}

/* The range of a case: memory, or on UML the device, and elsewhere memory for it. */
static struct unit_range *new_range(struct kunit *test)
{
	const struct access_case *param = test->param_value;
	struct unit_range *range = kunit_kzalloc(test, sizeof(*range), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, range);
	if (param->units.width > sizeof(long))
		kunit_skip(test, "the CPU has no accesses of %u bytes", param->units.width);
	for (i = 0; i < sizeof(range->bytes); i++)
		range->bytes[i] = i % 251;
	if (!param->iomem)
		iosys_map_set_vaddr(&range->map, range->bytes + GUARD);
	else if (IS_ENABLED(CONFIG_INDIRECT_IOMEM))
		map_device(test, range);
	else
		iosys_map_set_vaddr_iomem(&range->map,
					  (void __iomem __force *)range->bytes + GUARD);
	return range;
}

static u8 *memory_of(struct unit_range *range)
{
	return range->dev ? range->dev->memory : range->bytes;
}

/* What the bytes are as a number, told without a load of more than one of them. */
static u64 number_at(const u8 *bytes, struct extmem_units units)
{
	u64 number = 0;
	unsigned int i;

	for (i = 0; i < units.width; i++)
		number |= (u64)bytes[units.big_endian ? units.width - 1 - i : i] << (8 * i);
	return number;
}

static u64 number_of(const struct unit_range *range, unsigned int i, unsigned int width)
{
	const void *at = (const u8 *)range->numbers + i * width;

	switch (width) {
	case 1:
		return *(const u8 *)at;
	case 2:
		return *(const u16 *)at;
	case 4:
		return *(const u32 *)at;
	default:
		return *(const u64 *)at;
	}
}

static void expect_guards(struct kunit *test, struct unit_range *range)
{
	const u8 *bytes = memory_of(range);
	unsigned int i;

	for (i = 0; i < GUARD; i++) {
		KUNIT_EXPECT_EQ(test, bytes[i], i);
		KUNIT_EXPECT_EQ(test, bytes[GUARD + SIZE + i], GUARD + SIZE + i);
	}
}

static void expect_numbers(struct kunit *test, struct unit_range *range)
{
	const struct access_case *param = test->param_value;
	unsigned int i, width = param->units.width;

	for (i = 0; i < SIZE / width; i++)
		KUNIT_EXPECT_EQ(test, number_of(range, i, width),
				number_at(memory_of(range) + GUARD + i * width,
					  param->units));
}

/* Catches: bytes in the wrong order, or of a neighbour, and a second read. */
static void units_are_read(struct kunit *test)
{
	const struct access_case *param = test->param_value;
	struct unit_range *range = new_range(test);

	extmem_units_read(param->units, &range->map, range->numbers, SIZE);
	expect_numbers(test, range);
	if (range->dev)
		fake_device_expect(test, range->dev, false, GUARD, param->units.width,
				   SIZE / param->units.width);
}

/* Catches: what goes for reads, and a write that reaches beyond the range. */
static void units_are_written(struct kunit *test)
{
	const struct access_case *param = test->param_value;
	struct unit_range *range = new_range(test);
	u8 *numbers = (u8 *)range->numbers;
	unsigned int i;

	for (i = 0; i < SIZE; i++)
		numbers[i] = 0xa0 ^ i;
	extmem_units_write(param->units, &range->map, range->numbers, SIZE);
	expect_numbers(test, range);
	expect_guards(test, range);
	if (range->dev)
		fake_device_expect(test, range->dev, true, GUARD, param->units.width,
				   SIZE / param->units.width);
}

/* Catches: a second access to the same register, and one that is left out. */
static void units_are_filled(struct kunit *test)
{
	const struct access_case *param = test->param_value;
	struct unit_range *range = new_range(test);
	unsigned int i;

	extmem_units_fill(param->units, &range->map, 0x5a, SIZE);
	for (i = 0; i < SIZE; i++)
		KUNIT_EXPECT_EQ(test, memory_of(range)[GUARD + i], 0x5a);
	expect_guards(test, range);
	if (range->dev)
		fake_device_expect(test, range->dev, true, GUARD, param->units.width,
				   SIZE / param->units.width);
}

/* Catches: an access for nothing. */
static void units_of_nothing(struct kunit *test)
{
	const struct access_case *param = test->param_value;
	struct unit_range *range = new_range(test);

	extmem_units_read(param->units, &range->map, range->numbers, 0);
	extmem_units_write(param->units, &range->map, range->numbers, 0);
	KUNIT_EXPECT_EQ(test, range->numbers[0], 0);
	KUNIT_EXPECT_EQ(test, memory_of(range)[GUARD], GUARD);
	if (range->dev)
		KUNIT_EXPECT_EQ(test, range->dev->count, 0);
}

static struct kunit_case units_cases[] = {
	KUNIT_CASE_PARAM(units_are_chosen, choice_gen_params),
	KUNIT_CASE(units_fit_the_address),
	KUNIT_CASE_PARAM(units_are_read, access_gen_params),
	KUNIT_CASE_PARAM(units_are_written, access_gen_params),
	KUNIT_CASE_PARAM(units_are_filled, access_gen_params),
	KUNIT_CASE_PARAM(units_of_nothing, access_gen_params),
	{}
};

static struct kunit_suite units_suite = {
	.name = "extmem_units",
	.test_cases = units_cases,
};

kunit_test_suite(units_suite);
