// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers on request: what is counted and said of them, and who holds whom.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "fake_backend.h"
#include "fixture.h"

#define POOL_PATH "/reserved-memory/test-pool"

struct pool_context {
	struct fake_backend *fake;
	struct extmem_region *region;
};

/* A pool of TEST_SIZE bytes. */
static int pool_init(struct kunit *test)
{
	struct pool_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_BACK);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	desc.type = EXTMEM_CMA;
	desc.reservation = EXTMEM_REUSABLE_POOL;
	desc.reserved_by = POOL_PATH;
	ctx->region = test_region(test, test_owner(test), &desc, &ctx->fake->backend);
	test->priv = ctx;
	return 0;
}

static void expect_use(struct kunit *test, u64 bytes, u64 most_bytes, u64 allocations,
		       u64 failures)
{
	struct pool_context *ctx = test->priv;
	struct extmem_pool_use use = extmem_pool_use_of(ctx->region);

	KUNIT_EXPECT_EQ(test, use.bytes, bytes);
	KUNIT_EXPECT_EQ(test, use.most_bytes, most_bytes);
	KUNIT_EXPECT_EQ(test, use.allocations, allocations);
	KUNIT_EXPECT_EQ(test, use.failures, failures);
}

/* Catches: figures in sysfs that are of something else. */
static void pool_counts(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_buffer one, two;

	expect_use(test, 0, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, 2 * PAGE_SIZE, &one));
	expect_use(test, 2 * PAGE_SIZE, 2 * PAGE_SIZE, 1, 0);
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, 3 * PAGE_SIZE, &two));
	expect_use(test, 5 * PAGE_SIZE, 5 * PAGE_SIZE, 2, 0);
	extmem_pool_give_back(&one);
	expect_use(test, 3 * PAGE_SIZE, 5 * PAGE_SIZE, 2, 0);
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, PAGE_SIZE, &one));
	expect_use(test, 4 * PAGE_SIZE, 5 * PAGE_SIZE, 3, 0);
	extmem_pool_give_back(&one);
	extmem_pool_give_back(&two);
	expect_use(test, 0, 5 * PAGE_SIZE, 3, 0);
}

/* Catches: readers of "cache_policy_effective" who take from the pool, again and again. */
static void pool_is_measured_once(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	enum extmem_effective first;

	ctx->fake->alloc_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, EXTMEM_EFFECTIVE_UNKNOWN, extmem_region_attr(ctx->region));
	fake_backend_expect(test, ctx->fake, "attach,alloc,");
	ctx->fake->alloc_error = 0;
	first = extmem_region_attr(ctx->region);
	fake_backend_expect(test, ctx->fake, "attach,alloc,alloc,free,");
	KUNIT_EXPECT_EQ(test, first, extmem_region_attr(ctx->region));
	fake_backend_expect(test, ctx->fake, "attach,alloc,alloc,free,");
	expect_use(test, 0, 0, 0, 0);
}

/* Catches: a backend that is asked for a part of a page. */
static void pool_rounds_up(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	static const struct {
		u64 asked, given;
	} cases[] = {
		{ 1, PAGE_SIZE },
		{ PAGE_SIZE - 1, PAGE_SIZE },
		{ PAGE_SIZE, PAGE_SIZE },
		{ PAGE_SIZE + 1, 2 * PAGE_SIZE },
		{ TEST_SIZE, TEST_SIZE },
	};
	struct extmem_buffer buffer;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_ASSERT_EQ(test, 0,
				extmem_pool_take(ctx->region, cases[i].asked, &buffer));
		KUNIT_EXPECT_EQ(test, buffer.size, cases[i].given);
		KUNIT_EXPECT_EQ(test, fake_backend_last(test, ctx->fake, FAKE_ALLOC)->size,
				cases[i].given);
		extmem_pool_give_back(&buffer);
	}
	expect_use(test, 0, TEST_SIZE, ARRAY_SIZE(cases), 0);
}

static void expect_said(struct kunit *test, u64 start, u64 asked, u64 taken,
			const char *remedy)
{
	char text[240];

	snprintf(text, sizeof(text),
		 ": 0x%llx contiguous bytes are not free in %s (0x%llx bytes, 0x%llx of them taken through this region); %s",
		 asked, POOL_PATH, (u64)TEST_SIZE, taken, remedy);
	KUNIT_EXPECT_EQ_MSG(test, test_log_count(start, text), 1, "not said: %s", text);
}

/* Catches: a pool that is empty and does not say so, or says too little to act on. */
static void pool_is_exhausted(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_buffer one, two;
	u64 start = test_log_start();

	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, 2 * PAGE_SIZE, &one));
	ctx->fake->alloc_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM, extmem_pool_take(ctx->region, PAGE_SIZE, &two));
	expect_said(test, start, PAGE_SIZE, 2 * PAGE_SIZE,
		    "free buffers, ask for smaller ones, or enlarge it");
	expect_use(test, 2 * PAGE_SIZE, 2 * PAGE_SIZE, 1, 1);

	ctx->fake->alloc_error = 0;
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, PAGE_SIZE, &two));
	extmem_pool_give_back(&two);
	extmem_pool_give_back(&one);
}

/* Catches: a size that wraps when it is rounded up, or that only the backend refuses. */
static void pool_is_too_small(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	static const u64 sizes[] = { TEST_SIZE + 1, 1ULL << 32, 1ULL << 63, U64_MAX };
	struct extmem_buffer buffer;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u64 start = test_log_start();

		KUNIT_EXPECT_EQ(test, -ENOMEM,
				extmem_pool_take(ctx->region, sizes[i], &buffer));
		expect_said(test, start, sizes[i], 0, "ask for less, or enlarge it");
		expect_use(test, 0, 0, 0, i + 1);
	}
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: an error of the backend's that is told as a shortage. */
static void pool_fails_otherwise(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_buffer buffer;
	u64 start = test_log_start();

	ctx->fake->alloc_error = -EINTR;
	KUNIT_EXPECT_EQ(test, -EINTR, extmem_pool_take(ctx->region, PAGE_SIZE, &buffer));
	KUNIT_EXPECT_EQ(test, test_log_count(start, "are not free in"), 0);
	expect_use(test, 0, 0, 0, 0);
}

/* Catches: a buffer that goes with its region while somebody has it. */
static void pool_outlives_its_region(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_buffer buffer;

	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(ctx->region, PAGE_SIZE, &buffer));
	test_region_remove(test, ctx->region);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));
	fake_backend_expect(test, ctx->fake, "attach,alloc,detach,");
	memset(buffer.vaddr, 0x5a, PAGE_SIZE);
	expect_use(test, PAGE_SIZE, PAGE_SIZE, 1, 0);
	extmem_pool_give_back(&buffer);
	fake_backend_expect(test, ctx->fake, "attach,alloc,detach,free,");
}

/* Catches: a dma-buf of a region that is gone, or one that its put does not free. */
static void pool_as_dmabuf(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_region *region = ctx->region;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	ctx->fake->alloc_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			PTR_ERR_OR_ZERO(extmem_dmabuf_alloc(region, PAGE_SIZE, &dma)));
	ctx->fake->alloc_error = 0;
	dmabuf = extmem_dmabuf_alloc(region, PAGE_SIZE + 1, &dma);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_EXPECT_EQ(test, dmabuf->size, 2 * PAGE_SIZE);
	KUNIT_EXPECT_STREQ(test, dmabuf->exp_name, TEST_NAME);

	get_device(&region->dev);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			PTR_ERR_OR_ZERO(extmem_dmabuf_alloc(region, PAGE_SIZE, &dma)));
	expect_use(test, 2 * PAGE_SIZE, 2 * PAGE_SIZE, 1, 1);
	__fput_sync(dmabuf->file);
	expect_use(test, 0, 2 * PAGE_SIZE, 1, 1);
	put_device(&region->dev);
}

/* Catches: a user who has the kernel's memory by buffers, and pays for none of it. */
static void pool_is_charged(struct kunit *test)
{
	struct test_charges *charges = test_watch_charges(test);
	struct pool_context *ctx = test->priv;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	dmabuf = extmem_dmabuf_alloc(ctx->region, PAGE_SIZE, &dma);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	test_expect_charged(test, charges, dmabuf->priv);
	__fput_sync(dmabuf->file);
}

/* Catches: a fixed buffer, or memory that is not the DMA API's, that is handed out. */
static void pool_is_none(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_desc desc = test_desc("extmem-second", TEST_BASE + SZ_1M, TEST_SIZE,
					    EXTMEM_WRITE_BACK);
	struct device *owner = test_second_owner(test);
	struct extmem_region *region = test_region(test, owner, &desc,
						   &ctx->fake->backend);
	struct extmem_buffer buffer;

	KUNIT_EXPECT_EQ(test, -ENOTTY, extmem_pool_take(region, PAGE_SIZE, &buffer));
	test_region_remove(test, region);
	desc.type = EXTMEM_CMA;
	desc.buffer_size = PAGE_SIZE;
	region = test_region(test, owner, &desc, &ctx->fake->backend);
	KUNIT_EXPECT_EQ(test, -ENOTTY, extmem_pool_take(region, PAGE_SIZE, &buffer));
}

/* Catches: a backend without pools that is called all the same. */
static void pool_without_a_way(struct kunit *test)
{
	struct pool_context *ctx = test->priv;
	struct extmem_buffer buffer;

	ctx->fake->ops.alloc = NULL;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, extmem_pool_take(ctx->region, PAGE_SIZE, &buffer));
	/* What is measured is then a page of a mapping's. */
	extmem_region_attr(ctx->region);
	fake_backend_expect(test, ctx->fake, "attach,map,unmap,");
}

/* Catches: a buffer that a device sees elsewhere, or in part; where no board has a pool, too. */
static void pool_buffer_for_a_device(struct kunit *test)
{
	static u64 mask;	/* the device has it for as long as it is there */
	struct pool_context *ctx = test->priv;
	struct device *dev = test_second_owner(test);
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	dev->dma_mask = &mask;
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		kunit_skip(test, "no DMA on this machine");
	dmabuf = extmem_dmabuf_alloc(ctx->region, 2 * PAGE_SIZE, &dma);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	attachment = dma_buf_attach(dmabuf, dev);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, attachment);
	if (!IS_ERR_OR_NULL(attachment)) {
		sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), 0);
		if (!IS_ERR(sgt)) {
			KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), dma);
			KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), 2 * PAGE_SIZE);
			dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
		}
		dma_buf_detach(dmabuf, attachment);
	}
	__fput_sync(dmabuf->file);
	dev->dma_mask = NULL;
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(pool_counts),
	KUNIT_CASE(pool_is_measured_once),
	KUNIT_CASE(pool_rounds_up),
	KUNIT_CASE(pool_is_exhausted),
	KUNIT_CASE(pool_is_too_small),
	KUNIT_CASE(pool_fails_otherwise),
	KUNIT_CASE(pool_outlives_its_region),
	KUNIT_CASE(pool_as_dmabuf),
	KUNIT_CASE(pool_is_charged),
	KUNIT_CASE(pool_is_none),
	KUNIT_CASE(pool_without_a_way),
	KUNIT_CASE(pool_buffer_for_a_device),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "extmem_pool",
	.init = pool_init,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);
