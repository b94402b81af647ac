// SPDX-License-Identifier: GPL-2.0
/*
 * The sim backend: a board that is not there, on any machine.
 */
#include <kunit/test.h>

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fixture.h"

struct sim_context {
	struct extmem_backend *backend;
	struct device *owner;
	struct extmem_desc desc;
};

static int sim_init(struct kunit *test)
{
	struct sim_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "sim");
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, SZ_256K, EXTMEM_WRITE_COMBINE);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct sim_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, ctx->backend);
}

static u8 *map(struct kunit *test, struct extmem_region *region, u64 offset, size_t size,
	       struct iosys_map *map)
{
	struct sim_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, 0, ctx->backend->ops->map(region, offset, size, map));
	KUNIT_ASSERT_FALSE(test, map->is_iomem);
	return map->vaddr;
}

static void unmap(struct kunit *test, struct extmem_region *region, size_t size,
		  struct iosys_map *map)
{
	struct sim_context *ctx = test->priv;

	ctx->backend->ops->unmap(region, size, map);
}

/* Catches: memory of the machine's that is claimed for a board that is not there. */
static void sim_claims_nothing(struct kunit *test)
{
	struct extmem_region *region = add(test);

	KUNIT_EXPECT_EQ(test, region->base, EXTMEM_NO_ADDRESS);
	KUNIT_EXPECT_EQ(test, region->size, SZ_256K);
	KUNIT_EXPECT_FALSE(test, test_iomem_has(test, region));
	KUNIT_EXPECT_NOT_NULL(test, request_mem_region(TEST_BASE, SZ_256K, "extmem-other"));
	release_mem_region(TEST_BASE, SZ_256K);
}

/* Catches: what others left in the pages. */
static void sim_starts_with_zeroes(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct iosys_map view;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_NULL(test, memchr_inv(view.vaddr, 0, SZ_256K));
}

/* Catches: pages of their own for each mapping, so that nothing is remembered. */
static void sim_keeps_its_content(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct iosys_map first, second;
	u8 *bytes;

	memset(map(test, region, PAGE_SIZE, PAGE_SIZE, &first), 0x5a, PAGE_SIZE);
	unmap(test, region, PAGE_SIZE, &first);
	bytes = map(test, region, 0, 3 * PAGE_SIZE, &second);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes, 0, PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + PAGE_SIZE, 0x5a, PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + 2 * PAGE_SIZE, 0, PAGE_SIZE));

	/* Two at a time see each other. */
	map(test, region, PAGE_SIZE, PAGE_SIZE, &first);
	bytes[PAGE_SIZE] = 1;
	KUNIT_EXPECT_EQ(test, *(u8 *)first.vaddr, 1);
	unmap(test, region, PAGE_SIZE, &first);
	unmap(test, region, 3 * PAGE_SIZE, &second);
}

/* Catches: a region that is no multiple of pages and cannot be mapped to its end. */
static void sim_of_less_than_a_page(struct kunit *test)
{
	struct sim_context *ctx = test->priv;
	struct iosys_map view;

	ctx->desc.size = PAGE_SIZE + 24;
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(add(test), &view));
	memset(view.vaddr, 0xff, PAGE_SIZE + 24);
}

/* Catches: pages that are made at probe, or for all of a region at its first use. */
static void sim_of_1_tib_is_cheap(struct kunit *test)
{
	const u64 size = TEST_HUGE_SIZE;
	struct sim_context *ctx = test->priv;
	struct extmem_region *region;
	struct iosys_map last;
	long before, after;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = size;
	before = si_mem_available();
	region = add(test);
	extmem_region_attr(region);
	*map(test, region, size - PAGE_SIZE, PAGE_SIZE, &last) = 1;
	after = si_mem_available();
	unmap(test, region, PAGE_SIZE, &last);
	KUNIT_EXPECT_LT(test, before - after, (long)(SZ_1M >> PAGE_SHIFT));
}

/* Catches: an OOM killer at work, or pages that stay, when a view is too large. */
static void sim_refuses_more_than_there_is(struct kunit *test)
{
	struct sim_context *ctx = test->priv;
	u64 start = test_log_start();
	struct extmem_region *region;
	struct iosys_map view;
	long before;
	int ret;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = TEST_HUGE_SIZE;
	region = add(test);
	before = si_mem_available();
	ret = extmem_region_view(region, &view);
	if (sizeof(size_t) > 4) {
		KUNIT_EXPECT_EQ(test, ret, -ENOMEM);
		KUNIT_EXPECT_EQ(test, 1,
				test_log_count(start, "cannot simulate 0x10000000000 bytes"));
	} else {
		KUNIT_EXPECT_EQ(test, ret, -EFBIG);
	}
	KUNIT_EXPECT_LT(test, before - si_mem_available(), (long)(SZ_1M >> PAGE_SHIFT));
}

/* Catches: a buffer that is as large as its pool. */
static void sim_of_cma_has_the_buffers_size(struct kunit *test)
{
	struct sim_context *ctx = test->priv;
	struct extmem_region *region;
	struct iosys_map view;

	ctx->desc.type = EXTMEM_CMA;
	ctx->desc.buffer_size = SZ_64K;
	region = add(test);
	KUNIT_EXPECT_EQ(test, region->size, SZ_64K);
	KUNIT_EXPECT_EQ(test, 0, extmem_region_view(region, &view));
}

/* Catches: pages of their own for users, or pages that are there before their time. */
static void sim_for_users(struct kunit *test)
{
	struct vfsmount *dev = test_mount(test, "devtmpfs");
	const size_t offset = 3 * PAGE_SIZE + 5, later = 5 * PAGE_SIZE;
	struct extmem_region *region = add(test);
	struct file *file = test_open_device(test, dev, TEST_NAME, O_RDWR);
	unsigned long addr = test_map(test, file, PROT_READ | PROT_WRITE, 0, SZ_256K);
	struct iosys_map view;
	u8 byte = 1;

	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)(addr + offset)));
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, offset, u8), 0x5a);
	iosys_map_wr(&view, offset, u8, 0xa5);
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&byte, (u8 __user *)(addr + offset), sizeof(byte)));
	KUNIT_EXPECT_EQ(test, byte, 0xa5);

	/* The other way round: what is there before the user comes. */
	iosys_map_wr(&view, later, u8, 0x3c);
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&byte, (u8 __user *)(addr + later), sizeof(byte)));
	KUNIT_EXPECT_EQ(test, byte, 0x3c);
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&byte, (u8 __user *)(addr + later + 1), 1));
	KUNIT_EXPECT_EQ(test, byte, 0);
}

/* Catches: all of a region made for the one page that a user touches. */
static void sim_of_1_tib_for_users(struct kunit *test)
{
#ifdef CONFIG_64BIT
	struct vfsmount *dev = test_mount(test, "devtmpfs");
	struct sim_context *ctx = test->priv;
	unsigned long addr;
	struct file *file;
	long before;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = TEST_HUGE_SIZE;
	add(test);
	file = test_open_device(test, dev, TEST_NAME, O_RDWR);
	addr = test_map(test, file, PROT_READ | PROT_WRITE, TEST_HUGE_SIZE - SZ_1M, SZ_1M);
	before = si_mem_available();
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)(addr + SZ_1M - 1)));
	KUNIT_EXPECT_LT(test, before - si_mem_available(), (long)(SZ_1M >> PAGE_SHIFT));
#else
	kunit_skip(test, "the kernel's own mmap() has 32 bits for an offset here");
#endif
}

/* Catches: a pool that is larger than the real one, and a buffer that goes with it. */
static void sim_of_a_pool(struct kunit *test)
{
	struct sim_context *ctx = test->priv;
	struct extmem_buffer one, two, three;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_CMA;
	ctx->desc.size = SZ_64K;
	region = add(test);
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(region, SZ_32K, &one));
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(region, SZ_32K, &two));
	KUNIT_EXPECT_NULL(test, memchr_inv(one.vaddr, 0, SZ_32K));
	KUNIT_EXPECT_EQ(test, -ENOMEM, extmem_pool_take(region, PAGE_SIZE, &three));
	extmem_pool_give_back(&one);
	KUNIT_EXPECT_EQ(test, 0, extmem_pool_take(region, SZ_32K, &one));
	extmem_pool_give_back(&one);
	memset(two.vaddr, 0x5a, SZ_32K);
	test_region_remove(test, region);
	KUNIT_EXPECT_NULL(test, memchr_inv(two.vaddr, 0x5a, SZ_32K));
	extmem_pool_give_back(&two);
}

static struct kunit_case sim_cases[] = {
	KUNIT_CASE(sim_claims_nothing),
	KUNIT_CASE(sim_starts_with_zeroes),
	KUNIT_CASE(sim_keeps_its_content),
	KUNIT_CASE(sim_of_less_than_a_page),
	KUNIT_CASE(sim_of_1_tib_is_cheap),
	KUNIT_CASE(sim_refuses_more_than_there_is),
	KUNIT_CASE(sim_of_cma_has_the_buffers_size),
	KUNIT_CASE(sim_of_a_pool),
	KUNIT_CASE(sim_for_users),
	KUNIT_CASE(sim_of_1_tib_for_users),
	{}
};

static struct kunit_suite sim_suite = {
	.name = "extmem_sim",
	.init = sim_init,
	.test_cases = sim_cases,
};

kunit_test_suite(sim_suite);
