// SPDX-License-Identifier: GPL-2.0
/*
 * read() and write(), between a region and the kernel's or a user's memory, by each of
 * the ways that the bytes can take.
 */
#include <kunit/test.h>

#include <linux/bvec.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include "fake_backend.h"
#include "fake_device.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"
#define LONG_SIZE	SZ_256K		/* of several chunks, whatever the way */

struct io_test_context {
	struct fake_backend *fake;
	struct device *owner;
	struct extmem_desc desc;
	u8 *buf;			/* LONG_SIZE bytes */
};

/* The ways: straight to the user's memory, or by a buffer, with and without a width. */
static const struct way_case {
	const char *name;
	enum extmem_type type;
	enum extmem_policy policy;
	u8 io_width;
} ways[] = {
	{ "write-back", EXTMEM_RAM, EXTMEM_WRITE_BACK },
	{ "write-combine", EXTMEM_RAM, EXTMEM_WRITE_COMBINE },
	{ "uncached", EXTMEM_RAM, EXTMEM_UNCACHED },
	{ "uncached, 8 bits", EXTMEM_RAM, EXTMEM_UNCACHED, 1 },
	{ "uncached, 32 bits", EXTMEM_RAM, EXTMEM_UNCACHED, 4 },
	{ "registers of 32 bits", EXTMEM_MMIO, EXTMEM_UNCACHED, 4 },
};

KUNIT_ARRAY_PARAM_DESC(way, ways, name);

static void free_buf(void *buf)
{
	vfree(buf);
}

static int io_init(struct kunit *test)
{
	struct io_test_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	const struct way_case *way = test->param_value;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	if (way) {
		ctx->desc.type = way->type;
		ctx->desc.policy = way->policy;
		ctx->desc.io_width = way->io_width;
		/* So that a register has its bytes in the same order as a buffer. */
		ctx->desc.byte_order = EXTMEM_NATIVE_ENDIAN;
	}
	ctx->buf = vmalloc(LONG_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, ctx->buf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_buf, ctx->buf));
	memset(ctx->buf, 0xee, LONG_SIZE);
	for (i = 0; i < TEST_SIZE; i++)
		ctx->fake->memory[i] = i % 251;
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

static ssize_t read_kernel(struct extmem_region *region, u64 pos, void *to, size_t size)
{
	struct kvec kvec = { .iov_base = to, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, size);
	return extmem_io_read(region, pos, &iter);
}

static ssize_t write_kernel(struct extmem_region *region, u64 pos, void *from, size_t size)
{
	struct kvec kvec = { .iov_base = from, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &kvec, 1, size);
	return extmem_io_write(region, pos, &iter);
}

static ssize_t read_user(struct extmem_region *region, u64 pos, unsigned long to,
			 size_t size)
{
	struct iov_iter iter;

	iov_iter_ubuf(&iter, ITER_DEST, (void __user *)to, size);
	return extmem_io_read(region, pos, &iter);
}

static ssize_t write_user(struct extmem_region *region, u64 pos, unsigned long from,
			  size_t size)
{
	struct iov_iter iter;

	iov_iter_ubuf(&iter, ITER_SOURCE, (void __user *)from, size);
	return extmem_io_write(region, pos, &iter);
}

/* The pages of the fake stand for those of a larger region. */
static u8 byte_at(u64 offset)
{
	return (u32)(offset & (TEST_SIZE - 1)) % 251;
}

static void expect_bytes(struct kunit *test, const u8 *bytes, u64 pos, size_t size)
{
	size_t i;

	for (i = 0; i < size && bytes[i] == byte_at(pos + i); i++)
		;
	KUNIT_EXPECT_EQ_MSG(test, i, size, "from 0x%llx on, byte 0x%zx is wrong", pos, i);
}

/* Catches: a chunk or a rest of one that is left out, or comes from elsewhere. */
static void io_reads_all_sizes(struct kunit *test)
{
	static const size_t sizes[] = {
		4, 60, 64, 68, 128, 4092, 4096, 4100, 8192, 8260, TEST_SIZE - 8,
	};
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(ctx->buf, 0xee, TEST_SIZE);
		KUNIT_EXPECT_EQ(test, sizes[i],
				read_kernel(region, 8, ctx->buf, sizes[i]));
		expect_bytes(test, ctx->buf, 8, sizes[i]);
		KUNIT_EXPECT_EQ(test, ctx->buf[sizes[i]], 0xee);
	}
}

/* Catches: the same for writes, and a write beyond its range. */
static void io_writes_all_sizes(struct kunit *test)
{
	static const size_t sizes[] = {
		4, 60, 64, 68, 4096, 4100, 8260, TEST_SIZE - 12,
	};
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	u8 *memory = ctx->fake->memory;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t end = 8 + sizes[i];

		memset(ctx->buf, 0x30 + i, TEST_SIZE);
		KUNIT_EXPECT_EQ(test, sizes[i],
				write_kernel(region, 8, ctx->buf, sizes[i]));
		KUNIT_EXPECT_NULL(test, memchr_inv(memory + 8, 0x30 + i, sizes[i]));
		expect_bytes(test, memory, 0, 8);
		expect_bytes(test, memory + end, end, TEST_SIZE - end);
	}
}

/* Catches: bytes behind the end, an error where there is less, and a wrapping offset. */
static void io_read_ends_with_the_region(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	u8 *buf = ctx->buf;

	KUNIT_EXPECT_EQ(test, 8, read_kernel(region, TEST_SIZE - 8, buf, 4096));
	expect_bytes(test, buf, TEST_SIZE - 8, 8);
	KUNIT_EXPECT_EQ(test, buf[8], 0xee);
	KUNIT_EXPECT_EQ(test, 0, read_kernel(region, TEST_SIZE, buf, 4));
	KUNIT_EXPECT_EQ(test, 0, read_kernel(region, TEST_SIZE + 4, buf, 4));
	KUNIT_EXPECT_EQ(test, 0, read_kernel(region, BIT_ULL(63), buf, 4));
	KUNIT_EXPECT_EQ(test, 0, read_kernel(region, -4ULL, buf, 8));
	KUNIT_EXPECT_EQ(test, 0, read_kernel(region, 0, buf, 0));
	KUNIT_EXPECT_EQ(test, buf[8], 0xee);
}

/* Catches: the same for writes. */
static void io_write_ends_with_the_region(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	u8 *buf = ctx->buf;

	KUNIT_EXPECT_EQ(test, 8, write_kernel(region, TEST_SIZE - 8, buf, 4096));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + TEST_SIZE - 8, 0xee, 8));
	KUNIT_EXPECT_EQ(test, -ENOSPC, write_kernel(region, TEST_SIZE, buf, 4));
	KUNIT_EXPECT_EQ(test, -ENOSPC, write_kernel(region, TEST_SIZE + 4, buf, 4));
	KUNIT_EXPECT_EQ(test, -ENOSPC, write_kernel(region, BIT_ULL(63), buf, 4));
	KUNIT_EXPECT_EQ(test, -ENOSPC, write_kernel(region, -4ULL, buf, 8));
	KUNIT_EXPECT_EQ(test, 0, write_kernel(region, 0, buf, 0));
	KUNIT_EXPECT_EQ(test, 0, write_kernel(region, TEST_SIZE, buf, 0));
	expect_bytes(test, ctx->fake->memory, 0, TEST_SIZE - 8);
}

/* Catches: the root's bytes or its end where a partition's are asked for. */
static void io_of_partition(struct kunit *test)
{
	const u64 start = 2 * PAGE_SIZE + 16, size = 128;
	struct io_test_context *ctx = test->priv;
	struct extmem_region *part = test_partition(test, add(test), PART_NAME, start, size);
	u8 *memory = ctx->fake->memory, *buf = ctx->buf;

	KUNIT_EXPECT_EQ(test, size, read_kernel(part, 0, buf, TEST_SIZE));
	expect_bytes(test, buf, start, size);
	KUNIT_EXPECT_EQ(test, 8, read_kernel(part, size - 8, buf, 64));
	expect_bytes(test, buf, start + size - 8, 8);
	KUNIT_EXPECT_EQ(test, 0, read_kernel(part, size, buf, 64));

	memset(buf, 0xee, 256);
	KUNIT_EXPECT_EQ(test, 8, write_kernel(part, size - 8, buf, 256));
	KUNIT_EXPECT_NULL(test, memchr_inv(memory + start + size - 8, 0xee, 8));
	KUNIT_EXPECT_EQ(test, -ENOSPC, write_kernel(part, size, buf, 64));
	expect_bytes(test, memory, 0, start + size - 8);
	expect_bytes(test, memory + start + size, start + size, TEST_SIZE - start - size);
}

/* Catches: a partition that may be written because its root may, and the reverse. */
static void io_of_what_is_read_only(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME, 0, 64);

	part->desc.read_only = true;
	KUNIT_EXPECT_EQ(test, -EPERM, write_kernel(part, 0, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, -EPERM, write_kernel(part, 64, ctx->buf, 4));
	expect_bytes(test, ctx->fake->memory, 0, TEST_SIZE);
	KUNIT_EXPECT_EQ(test, 4, read_kernel(part, 0, ctx->buf, 4));
	memset(ctx->buf, 0xee, 4);
	KUNIT_EXPECT_EQ(test, 4, write_kernel(region, 0, ctx->buf, 4));

	region->desc.read_only = true;
	KUNIT_EXPECT_EQ(test, -EPERM, write_kernel(region, 4, ctx->buf, 4));
	expect_bytes(test, ctx->fake->memory + 4, 4, TEST_SIZE - 4);
}

/* Catches: memory that is mapped and copied from a pool that has none of its own. */
static void io_of_pool(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_CMA;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -ENXIO, read_kernel(region, 0, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, -ENXIO, write_kernel(region, 0, ctx->buf, 4));
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: a closed gate that one of the ways does not look at. */
static void io_behind_a_closed_gate(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME, 0, PAGE_SIZE);

	get_device(&region->dev);
	get_device(&part->dev);
	KUNIT_EXPECT_EQ(test, 64, read_kernel(region, 0, ctx->buf, 64));
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, read_kernel(region, 0, ctx->buf, 64));
	KUNIT_EXPECT_EQ(test, -ENODEV, read_kernel(part, 0, ctx->buf, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, write_kernel(region, 0, ctx->buf, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, write_kernel(part, 0, ctx->buf, 64));
	/* Where nothing would be touched, too. */
	KUNIT_EXPECT_EQ(test, -ENODEV, read_kernel(region, 0, ctx->buf, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, read_kernel(region, TEST_SIZE, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, -ENODEV, write_kernel(part, 0, ctx->buf, 0));
	put_device(&part->dev);
	put_device(&region->dev);
}

/* Catches: an error of the backend's that is taken for a mapping. */
static void io_of_what_cannot_be_mapped(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	ctx->fake->map_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM, read_kernel(region, 0, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, -ENOMEM, write_kernel(region, 0, ctx->buf, 4));
	ctx->fake->map_error = 0;
	KUNIT_EXPECT_EQ(test, 4, read_kernel(region, 0, ctx->buf, 4));
	fake_backend_expect(test, ctx->fake, "attach,map,map,map,");
}

/* Catches: a register that is accessed in part, and a refusal of what has no width. */
static void io_of_misaligned(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	bool refused = ctx->desc.io_width == 4;
	struct extmem_region *region = add(test);
	static const struct { u64 pos; size_t size; } ranges[] = {
		{ 1, 4 }, { 2, 4 }, { 3, 4 }, { 0, 1 }, { 0, 2 }, { 0, 6 },
		{ 2, 2 }, { 1, 3 }, { 4, 65 }, { 4, 4098 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		u64 pos = ranges[i].pos;
		size_t size = ranges[i].size;
		ssize_t expected = refused ? -EINVAL : size;

		KUNIT_EXPECT_EQ(test, expected, read_kernel(region, pos, ctx->buf, size));
		if (!refused)
			expect_bytes(test, ctx->buf, pos, size);
		KUNIT_EXPECT_EQ(test, expected, write_kernel(region, pos, ctx->buf, size));
	}
	expect_bytes(test, ctx->fake->memory, 0, TEST_SIZE);
}

/* Catches: a width that is asked of memory that the CPU accesses as it likes. */
static void io_width_of_cached_memory(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;

	ctx->desc.io_width = 4;
	KUNIT_EXPECT_EQ(test, 3, read_kernel(add(test), 1, ctx->buf, 3));
	expect_bytes(test, ctx->buf, 1, 3);
}

/* Catches: a way that works for one piece of memory only. */
static void io_of_many_pieces(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct kvec kvec[] = {
		{ ctx->buf, 3 }, { ctx->buf + 3, 0 }, { ctx->buf + 3, 5 },
		{ ctx->buf + 8, 4096 }, { ctx->buf + 4104, 1 }, { ctx->buf + 4105, 7 },
	};
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, kvec, ARRAY_SIZE(kvec), 4112);
	KUNIT_EXPECT_EQ(test, 4112, extmem_io_read(region, 16, &iter));
	expect_bytes(test, ctx->buf, 16, 4112);
	KUNIT_EXPECT_EQ(test, ctx->buf[4112], 0xee);

	memset(ctx->buf, 0x77, 4112);
	iov_iter_kvec(&iter, ITER_SOURCE, kvec, ARRAY_SIZE(kvec), 4112);
	KUNIT_EXPECT_EQ(test, 4112, extmem_io_write(region, 16, &iter));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + 16, 0x77, 4112));
	expect_bytes(test, ctx->fake->memory, 0, 16);
	expect_bytes(test, ctx->fake->memory + 4128, 4128, TEST_SIZE - 4128);
}

static void free_a_page(void *page)
{
	__free_page(page);
}

/* Catches: a way that splice() and io_uring cannot take. */
static void io_of_pages(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct iov_iter iter;
	struct bio_vec bvec;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_a_page, page));
	bvec_set_page(&bvec, page, 512, 100);
	iov_iter_bvec(&iter, ITER_DEST, &bvec, 1, 512);
	KUNIT_EXPECT_EQ(test, 512, extmem_io_read(region, 64, &iter));
	expect_bytes(test, page_address(page) + 100, 64, 512);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0, 100));

	memset(page_address(page), 0x66, PAGE_SIZE);
	iov_iter_bvec(&iter, ITER_SOURCE, &bvec, 1, 512);
	KUNIT_EXPECT_EQ(test, 512, extmem_io_write(region, 64, &iter));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + 64, 0x66, 512));
	expect_bytes(test, ctx->fake->memory + 576, 576, TEST_SIZE - 576);
}

static unsigned long user_memory(struct kunit *test, size_t size, unsigned long prot)
{
	unsigned long addr = kunit_vm_mmap(test, NULL, 0, size, prot,
					   MAP_PRIVATE | MAP_ANONYMOUS, 0);

	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	return addr;
}

/* The address behind a page of a user's, where there is nothing. */
static unsigned long hole_behind(struct kunit *test, unsigned int pages)
{
	unsigned long addr = user_memory(test, (pages + 1) * PAGE_SIZE,
					 PROT_READ | PROT_WRITE);
	unsigned long hole = addr + pages * PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, 0, vm_munmap(hole, PAGE_SIZE));
	return hole;
}

/* Catches: pages that are not there yet, and that nobody faults in. */
static void io_user_memory_that_is_not_there_yet(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned long addr = user_memory(test, 2 * TEST_SIZE, PROT_READ | PROT_WRITE);

	KUNIT_EXPECT_EQ(test, TEST_SIZE, read_user(region, 0, addr + 13, TEST_SIZE));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(ctx->buf, (void __user *)addr + 13,
						TEST_SIZE));
	expect_bytes(test, ctx->buf, 0, TEST_SIZE);

	/* Of untouched memory, zeroes. */
	KUNIT_EXPECT_EQ(test, 8192, write_user(region, 4096, addr + TEST_SIZE + PAGE_SIZE,
					       8192));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + 4096, 0, 8192));
	expect_bytes(test, ctx->fake->memory + 12288, 12288, TEST_SIZE - 12288);
}

static const size_t presents[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 60, 63, 64, 65, 100, 127,
	128, 129, 200, 255, 4096, 4099, 8191,
};

/* More than is there, in whole registers. */
static size_t asked_for(size_t present)
{
	return round_up(present, 4) + 256;
}

/* What of a buffer with @present bytes can be had, in whole units. */
static ssize_t expected_of(const struct extmem_desc *desc, size_t present)
{
	size_t width = desc->policy == EXTMEM_UNCACHED ? desc->io_width ?: 1 : 1;

	return round_down(present, width) ?: -EFAULT;
}

/*
 * Catches: a bad pointer that fails what was copied before it, makes the copy go on for
 * ever, or reads a register for nobody.
 */
static void io_read_to_half_a_buffer(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned long hole = hole_behind(test, 3);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(presents); i++) {
		unsigned long addr = hole - presents[i];
		ssize_t expected = expected_of(&ctx->desc, presents[i]);

		KUNIT_EXPECT_EQ_MSG(test, expected,
				    read_user(region, 8, addr, asked_for(presents[i])),
				    "%zu bytes are there", presents[i]);
		if (expected < 0)
			continue;
		KUNIT_EXPECT_EQ(test, 0, copy_from_user(ctx->buf, (void __user *)addr,
							expected));
		expect_bytes(test, ctx->buf, 8, expected);
	}
}

/* Catches: the same for writes, and bytes in the region that nobody gave. */
static void io_write_from_half_a_buffer(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned long hole = hole_behind(test, 3);
	unsigned int i;

	memset(ctx->buf, 0xbb, 3 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, copy_to_user((void __user *)(hole - 3 * PAGE_SIZE),
					      ctx->buf, 3 * PAGE_SIZE));
	for (i = 0; i < ARRAY_SIZE(presents); i++) {
		ssize_t expected = expected_of(&ctx->desc, presents[i]);
		size_t done = expected < 0 ? 0 : expected;
		u8 *memory = ctx->fake->memory;

		KUNIT_EXPECT_EQ_MSG(test, expected,
				    write_user(region, 8, hole - presents[i],
					       asked_for(presents[i])),
				    "%zu bytes are there", presents[i]);
		KUNIT_EXPECT_NULL(test, memchr_inv(memory + 8, 0xbb, done));
		expect_bytes(test, memory + 8 + done, 8 + done, TEST_SIZE - 8 - done);
	}
}

/* Catches: an iterator that is further than the bytes, for who goes on with it. */
static void io_leaves_what_was_not_copied(struct kunit *test)
{
	struct extmem_region *region = add(test);
	void __user *at = (void __user *)(hole_behind(test, 1) - 18);
	struct iov_iter iter;
	ssize_t ret;

	iov_iter_ubuf(&iter, ITER_DEST, at, 64);
	ret = extmem_io_read(region, 8, &iter);
	KUNIT_EXPECT_GT(test, ret, 0);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 64 - ret);
	iov_iter_ubuf(&iter, ITER_SOURCE, at, 64);
	ret = extmem_io_write(region, 8, &iter);
	KUNIT_EXPECT_GT(test, ret, 0);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 64 - ret);
}

/* Catches: memory that a user may not write, written on his behalf. */
static void io_read_to_what_is_read_only(struct kunit *test)
{
	struct extmem_region *region = add(test);
	unsigned long addr = user_memory(test, PAGE_SIZE, PROT_READ);
	u32 word = 1;

	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(region, 8, addr, 64));
	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(region, 8, addr, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&word, (u32 __user *)addr, sizeof(word)));
	KUNIT_EXPECT_EQ(test, word, 0);
}

/* Catches: an address of the kernel's that a user can have filled or read. */
static void io_of_kernel_address(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	user_memory(test, PAGE_SIZE, PROT_READ);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			read_user(region, 0, (unsigned long)ctx->fake->memory, 64));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			write_user(region, 0, (unsigned long)ctx->buf, 64));
	expect_bytes(test, ctx->fake->memory, 0, TEST_SIZE);
}

static void clear_signal(void *unused)
{
	clear_thread_flag(TIF_SIGPENDING);
}

/* Catches: a copy that no signal stops, and one that is stopped before it begins. */
static void io_stops_for_a_signal(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region;
	ssize_t ret;

	ctx->desc.size = LONG_SIZE;
	region = add(test);
	set_thread_flag(TIF_SIGPENDING);
	ret = read_kernel(region, 0, ctx->buf, LONG_SIZE);
	clear_signal(NULL);
	KUNIT_EXPECT_GT(test, ret, 0);
	KUNIT_EXPECT_LE(test, ret, SZ_64K);
	if (ret > 0)
		expect_bytes(test, ctx->buf, 0, ret);

	set_thread_flag(TIF_SIGPENDING);
	ret = write_kernel(region, 0, ctx->buf, LONG_SIZE);
	clear_signal(NULL);
	KUNIT_EXPECT_GT(test, ret, 0);
	KUNIT_EXPECT_LE(test, ret, SZ_64K);

	/* What is over in no time is not interrupted. */
	set_thread_flag(TIF_SIGPENDING);
	ret = read_kernel(region, 0, ctx->buf, 4);
	clear_signal(NULL);
	KUNIT_EXPECT_EQ(test, ret, 4);
	KUNIT_EXPECT_EQ(test, LONG_SIZE, read_kernel(region, 0, ctx->buf, LONG_SIZE));
}

/* Of bytes that no view of all of it has room for. */
static u64 more_than_vmalloc(void)
{
	u64 room = VMALLOC_TOTAL;

	room = PAGE_ALIGN(room);
	return max(room, SZ_4G + TEST_SIZE);
}

/*
 * Catches: a region that the kernel has not the addresses for, which is mapped all the
 * same, or by pieces that are not where the bytes are.
 */
static void io_of_more_than_the_kernel_can_map(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	const u64 pos = 7 * PAGE_SIZE + 12;
	const struct fake_record *map;
	struct extmem_region *region;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = more_than_vmalloc();
	region = add(test);
	KUNIT_EXPECT_EQ(test, 128, read_kernel(region, pos, ctx->buf, 128));
	expect_bytes(test, ctx->buf, pos, 128);
	map = fake_backend_last(test, ctx->fake, FAKE_MAP);
	KUNIT_EXPECT_EQ(test, map->offset, 7 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, map->size, 12 + 128);

	/* The last bytes, by a piece that does not reach beyond them. */
	KUNIT_EXPECT_EQ(test, 8, read_kernel(region, ctx->desc.size - 8, ctx->buf, 64));
	expect_bytes(test, ctx->buf, ctx->desc.size - 8, 8);
	memset(ctx->buf, 0x99, 64);
	KUNIT_EXPECT_EQ(test, 64, write_kernel(region, pos, ctx->buf, 64));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + pos, 0x99, 64));
	expect_bytes(test, ctx->fake->memory, 0, pos);
	fake_backend_expect(test, ctx->fake,
			    "attach,map,unmap,map,unmap,map,unmap,");
}

/* Catches: a piece with the size of its chunk, but not with what comes before it. */
static void io_of_long_pieces(struct kunit *test)
{
	struct io_test_context *ctx = test->priv;
	struct extmem_region *region, *part;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = more_than_vmalloc();
	region = add(test);
	part = test_partition(test, region, PART_NAME, SZ_64K + PAGE_SIZE - 4, SZ_64K);
	KUNIT_EXPECT_EQ(test, SZ_64K, read_kernel(part, 0, ctx->buf, LONG_SIZE));
	expect_bytes(test, ctx->buf, PAGE_SIZE - 4, SZ_64K);
	ctx->fake->map_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM, read_kernel(part, 0, ctx->buf, 64));
}

static struct kunit_case io_cases[] = {
	KUNIT_CASE_PARAM(io_reads_all_sizes, way_gen_params),
	KUNIT_CASE_PARAM(io_writes_all_sizes, way_gen_params),
	KUNIT_CASE_PARAM(io_read_ends_with_the_region, way_gen_params),
	KUNIT_CASE_PARAM(io_write_ends_with_the_region, way_gen_params),
	KUNIT_CASE_PARAM(io_of_partition, way_gen_params),
	KUNIT_CASE_PARAM(io_of_what_is_read_only, way_gen_params),
	KUNIT_CASE(io_of_pool),
	KUNIT_CASE_PARAM(io_behind_a_closed_gate, way_gen_params),
	KUNIT_CASE_PARAM(io_of_what_cannot_be_mapped, way_gen_params),
	KUNIT_CASE_PARAM(io_of_misaligned, way_gen_params),
	KUNIT_CASE(io_width_of_cached_memory),
	KUNIT_CASE_PARAM(io_of_many_pieces, way_gen_params),
	KUNIT_CASE_PARAM(io_of_pages, way_gen_params),
	KUNIT_CASE_PARAM(io_user_memory_that_is_not_there_yet, way_gen_params),
	KUNIT_CASE_PARAM(io_read_to_half_a_buffer, way_gen_params),
	KUNIT_CASE_PARAM(io_write_from_half_a_buffer, way_gen_params),
	KUNIT_CASE_PARAM(io_leaves_what_was_not_copied, way_gen_params),
	KUNIT_CASE_PARAM(io_read_to_what_is_read_only, way_gen_params),
	KUNIT_CASE_PARAM(io_of_kernel_address, way_gen_params),
	KUNIT_CASE_PARAM(io_stops_for_a_signal, way_gen_params),
	KUNIT_CASE_PARAM(io_of_more_than_the_kernel_can_map, way_gen_params),
	KUNIT_CASE_PARAM(io_of_long_pieces, way_gen_params),
	{}
};

static struct kunit_suite io_suite = {
	.name = "extmem_io",
	.init = io_init,
	.test_cases = io_cases,
};

/* The same on a device that writes down how it is accessed. */
struct registers_context {
	struct fake_device *dev;
	struct extmem_backend *backend;
	struct device *owner;
	struct extmem_desc desc;
	u8 *buf;
};

static int registers_init(struct kunit *test)
{
	struct registers_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->dev = fake_device_get(test);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "ioremap");
	ctx->desc = test_desc(TEST_NAME, FAKE_DEVICE_BASE, FAKE_DEVICE_SIZE,
			      EXTMEM_UNCACHED);
	ctx->desc.type = EXTMEM_MMIO;
	ctx->desc.io_width = 4;
	ctx->buf = kunit_kzalloc(test, 2 * SZ_4K, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->buf);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add_registers(struct kunit *test)
{
	struct registers_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, ctx->backend);
}

/* Catches: a register that is accessed twice at a chunk's border, or out of order. */
static void registers_are_accessed_once(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *region = add_registers(test);
	const size_t size = SZ_4K + 72;

	KUNIT_EXPECT_EQ(test, size, read_kernel(region, 4, ctx->buf, size));
	fake_device_expect(test, ctx->dev, false, 4, 4, size / 4);
	KUNIT_EXPECT_EQ(test, 0, memcmp(ctx->buf, ctx->dev->memory + 4, size));

	ctx->dev->count = 0;
	memset(ctx->buf, 0x3c, size);
	KUNIT_EXPECT_EQ(test, size, write_kernel(region, 4, ctx->buf, size));
	fake_device_expect(test, ctx->dev, true, 4, 4, size / 4);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->dev->memory + 4, 0x3c, size));
}

/* Catches: another width than the DT's, or than what fits. */
static void registers_are_accessed_in_their_width(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.io_width = 2;
	region = add_registers(test);
	KUNIT_EXPECT_EQ(test, 8, read_kernel(region, 16, ctx->buf, 8));
	fake_device_expect(test, ctx->dev, false, 16, 2, 4);
	test_region_remove(test, region);

	ctx->desc.io_width = 0;
	region = add_registers(test);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, 8, read_kernel(region, 16, ctx->buf, 8));
	fake_device_expect(test, ctx->dev, false, 16, 4, 2);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, 8, write_kernel(region, 18, ctx->buf, 8));
	fake_device_expect(test, ctx->dev, true, 18, 2, 4);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, 3, write_kernel(region, 16, ctx->buf, 3));
	fake_device_expect(test, ctx->dev, true, 16, 1, 3);
}

/* Catches: a width that fits the offset in the partition, and not the address. */
static void registers_of_partition(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *part;

	ctx->desc.io_width = 0;
	part = test_partition(test, add_registers(test), PART_NAME, 34, 16);
	KUNIT_EXPECT_EQ(test, 8, read_kernel(part, 0, ctx->buf, 8));
	fake_device_expect(test, ctx->dev, false, 34, 2, 4);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, 8, read_kernel(part, 2, ctx->buf, 8));
	fake_device_expect(test, ctx->dev, false, 36, 4, 2);
}

/* Catches: an access before the refusal. */
static void registers_that_are_refused(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *region = add_registers(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, read_kernel(region, 0, ctx->buf, 6));
	KUNIT_EXPECT_EQ(test, -EINVAL, write_kernel(region, 0, ctx->buf, 6));
	KUNIT_EXPECT_EQ(test, -EINVAL, read_kernel(region, 2, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, -EINVAL, write_kernel(region, 2, ctx->buf, 4));
	KUNIT_EXPECT_EQ(test, ctx->dev->count, 0);
}

/* Catches: a read of a register, perhaps a FIFO, that nobody could be given. */
static void registers_for_half_a_buffer(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *region = add_registers(test);
	unsigned long hole = hole_behind(test, 1);

	KUNIT_EXPECT_EQ(test, 8, read_user(region, 0, hole - 10, 64));
	fake_device_expect(test, ctx->dev, false, 0, 4, 2);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(region, 0, hole - 3, 64));
	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(region, 0, hole, 64));
	KUNIT_EXPECT_EQ(test, ctx->dev->count, 0);

	KUNIT_EXPECT_EQ(test, 8, write_user(region, 0, hole - 10, 64));
	fake_device_expect(test, ctx->dev, true, 0, 4, 2);
	ctx->dev->count = 0;
	KUNIT_EXPECT_EQ(test, -EFAULT, write_user(region, 0, hole - 3, 64));
	KUNIT_EXPECT_EQ(test, ctx->dev->count, 0);
}

/* Catches: numbers that a user has to turn round himself. */
static void registers_in_big_endian(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	static const u8 bytes[] = { 0x12, 0x34, 0x56, 0x78 };
	struct extmem_region *region;
	u32 word = 0;

	ctx->desc.byte_order = EXTMEM_BIG_ENDIAN;
	memcpy(ctx->dev->memory, bytes, sizeof(bytes));
	region = add_registers(test);
	KUNIT_EXPECT_EQ(test, 4, read_kernel(region, 0, &word, 4));
	KUNIT_EXPECT_EQ(test, word, 0x12345678);
	KUNIT_EXPECT_EQ(test, 4, write_kernel(region, 8, &word, 4));
	KUNIT_EXPECT_EQ(test, 0, memcmp(ctx->dev->memory + 8, bytes, sizeof(bytes)));
}

/* Catches: memory whose bytes are turned round as though they were numbers. */
static void registers_that_are_memory(struct kunit *test)
{
	struct registers_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_RAM;
	ctx->desc.byte_order = EXTMEM_BIG_ENDIAN;
	region = add_registers(test);
	KUNIT_EXPECT_EQ(test, 64, read_kernel(region, 0, ctx->buf, 64));
	KUNIT_EXPECT_EQ(test, 0, memcmp(ctx->buf, ctx->dev->memory, 64));
	fake_device_expect(test, ctx->dev, false, 0, 4, 16);
}

static struct kunit_case registers_cases[] = {
	KUNIT_CASE(registers_are_accessed_once),
	KUNIT_CASE(registers_are_accessed_in_their_width),
	KUNIT_CASE(registers_of_partition),
	KUNIT_CASE(registers_that_are_refused),
	KUNIT_CASE(registers_for_half_a_buffer),
	KUNIT_CASE(registers_in_big_endian),
	KUNIT_CASE(registers_that_are_memory),
	{}
};

static struct kunit_suite registers_suite = {
	.name = "extmem_registers",
	.init = registers_init,
	.test_cases = registers_cases,
};

kunit_test_suites(&io_suite, &registers_suite);
