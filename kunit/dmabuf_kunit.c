// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers of a board's real pools as dma-bufs, for users and for devices.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fixture.h"
#include "user_entry.h"

#define BUFFER_SIZE	(5 * PAGE_SIZE)
#define MANY		(TEST_SLOW ? 100 : 1000)

struct dmabuf_context {
	struct device *owner;
	struct extmem_backend *backend;
	struct extmem_desc desc;
	struct extmem_region *region;
};

static const struct pool_case {
	const char *name;
	const char *region;
	enum extmem_policy policy;
	bool has_pages;
} pools[] = {
	{ "reusable uncached", "video", EXTMEM_UNCACHED, true },
	{ "reusable write-combine", "video", EXTMEM_WRITE_COMBINE, true },
	{ "reusable write-back", "video", EXTMEM_WRITE_BACK, true },
	{ "coherent write-combine", "rings", EXTMEM_WRITE_COMBINE, false },
};

KUNIT_ARRAY_PARAM_DESC(pool, pools, name);

/* The node of the board's region is where a buffer's owner finds the pool. */
static int dmabuf_init(struct kunit *test)
{
	struct dmabuf_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "cma");
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	const struct test_board_region *taken = test_take_from_board(test, param->region);
	struct dmabuf_context *ctx = test->priv;
	struct extmem_verdict verdict = {};

	ctx->owner->of_node = taken->owner->of_node;
	ctx->desc = taken->desc;
	ctx->desc.policy = param->policy;
	ctx->desc.buffer_size = 0;
	strscpy(ctx->desc.name, TEST_NAME);
	if (extmem_rules_judge(&ctx->desc, &test_machine, EXTMEM_ALL_RAM, &verdict))
		kunit_skip(test, "refused on this machine: %.120s", verdict.message);
	ctx->region = test_region(test, ctx->owner, &ctx->desc, ctx->backend);
	return ctx->region;
}

/* The task's own work is not done before the test ends, so not dma_buf_put(). */
static void put_dmabuf(void *dmabuf)
{
	__fput_sync(((struct dma_buf *)dmabuf)->file);
}

static struct dma_buf *take(struct kunit *test, u64 size, dma_addr_t *dma)
{
	struct dmabuf_context *ctx = test->priv;
	struct dma_buf *dmabuf = extmem_dmabuf_alloc(ctx->region, size, dma);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_dmabuf, dmabuf), 0);
	return dmabuf;
}

static void give_back(struct kunit *test, struct dma_buf *dmabuf)
{
	kunit_release_action(test, put_dmabuf, dmabuf);
}

/*
 * Else the mapping goes with the test's thread, and lets go of its file some time later:
 * the board's region may then find no room in the pool when it comes back.
 */
static void unmap(struct kunit *test, unsigned long addr, unsigned long size)
{
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, size));
}

static u8 *vmap_of(struct kunit *test, struct dma_buf *dmabuf)
{
	struct iosys_map map;

	KUNIT_ASSERT_EQ(test, 0, dma_buf_vmap_unlocked(dmabuf, &map));
	KUNIT_ASSERT_FALSE(test, map.is_iomem);
	dma_buf_vunmap_unlocked(dmabuf, &map);	/* it stays where it is */
	return map.vaddr;
}

static struct device *importer(struct kunit *test)
{
	struct device *dev = test_second_owner(test);

	dev->dma_mask = kunit_kzalloc(test, sizeof(*dev->dma_mask), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->dma_mask);
	KUNIT_ASSERT_EQ(test, 0, dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)));
	return dev;
}

static u64 in_use(struct kunit *test)
{
	struct dmabuf_context *ctx = test->priv;

	return extmem_pool_use_of(ctx->region).bytes;
}

/* Catches: a buffer with the bytes of who had it before, or from elsewhere. */
static void dmabuf_is_zeroed_and_of_the_pool(struct kunit *test)
{
	struct extmem_region *region = add(test);
	unsigned int round;
	dma_addr_t dma;

	for (round = 0; round < 2; round++) {
		struct dma_buf *dmabuf = take(test, BUFFER_SIZE - 1, &dma);
		u8 *vaddr = vmap_of(test, dmabuf);

		KUNIT_EXPECT_EQ(test, dmabuf->size, BUFFER_SIZE);
		KUNIT_EXPECT_NULL(test, memchr_inv(vaddr, 0, BUFFER_SIZE));
		KUNIT_EXPECT_GE(test, dma, region->desc.base);
		KUNIT_EXPECT_LE(test, dma + BUFFER_SIZE, region->desc.base + region->desc.size);
		memset(vaddr, 0x5a, BUFFER_SIZE);
		give_back(test, dmabuf);
	}
	KUNIT_EXPECT_EQ(test, in_use(test), 0);
}

/* Catches: memory that does not come back, and memory from outside the pool. */
static void dmabuf_fills_the_pool(struct kunit *test)
{
	struct extmem_region *region = add(test);
	u64 most = rounddown_pow_of_two(region->desc.size);
	unsigned int round;
	dma_addr_t dma;

	for (round = 0; round < 3; round++) {
		struct dma_buf *all = take(test, most, &dma), *more;

		more = extmem_dmabuf_alloc(region, region->desc.size - most + PAGE_SIZE, &dma);
		KUNIT_EXPECT_EQ(test, -ENOMEM, PTR_ERR_OR_ZERO(more));
		give_back(test, all);
	}
}

/* Catches: a user's mapping of other memory, with another attribute or more rights. */
static void dmabuf_for_users(struct kunit *test)
{
	enum extmem_effective of_kernel = extmem_region_attr(add(test));
	struct user_entry entry = {};
	struct dma_buf *dmabuf;
	unsigned long addr;
	dma_addr_t dma;
	u8 *vaddr;

	dmabuf = take(test, BUFFER_SIZE, &dma);
	vaddr = vmap_of(test, dmabuf);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, BUFFER_SIZE, PROT_READ,
					    MAP_PRIVATE, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, BUFFER_SIZE, PROT_READ,
					    MAP_SHARED, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EPERM,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, BUFFER_SIZE,
					    PROT_READ | PROT_EXEC, MAP_SHARED, 0));
	addr = test_map(test, dmabuf->file, PROT_READ | PROT_WRITE, PAGE_SIZE,
			BUFFER_SIZE - PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)(addr + 5)));
	mb();	/* some of it is not cached */
	KUNIT_EXPECT_EQ(test, vaddr[PAGE_SIZE + 5], 0x5a);
	KUNIT_ASSERT_EQ(test, 0, user_entry_read(addr, &entry));
	KUNIT_EXPECT_EQ(test, entry.pfn, PHYS_PFN(dma) + 1);
	KUNIT_EXPECT_TRUE(test, entry.writable);
	KUNIT_EXPECT_STREQ(test, test_attr_name(entry.attr), test_attr_name(of_kernel));
	unmap(test, addr, BUFFER_SIZE - PAGE_SIZE);
}

/* Catches: single pages where one entry would do. */
static void dmabuf_by_huge_entries(struct kunit *test)
{
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	struct extmem_region *region = add(test);
	struct user_entry entry = {};
	unsigned long addr, offset;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	if (region->desc.size < 2 * PMD_SIZE)
		kunit_skip(test, "the pool is too small");
	dmabuf = take(test, 2 * PMD_SIZE - PAGE_SIZE, &dma);
	/* What fits, at an address that is congruent to the physical one. */
	offset = ALIGN(dma, PMD_SIZE) - dma;
	addr = kunit_vm_mmap(test, NULL, 0, 2 * PMD_SIZE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	addr = kunit_vm_mmap(test, dmabuf->file, ALIGN(addr, PMD_SIZE), PMD_SIZE,
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, offset);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)addr));
	KUNIT_ASSERT_EQ(test, 0, user_entry_read(addr, &entry));
	KUNIT_EXPECT_TRUE(test, entry.huge);
	KUNIT_EXPECT_TRUE(test, entry.writable);
	KUNIT_EXPECT_EQ(test, entry.pfn, PHYS_PFN(dma + offset));
	mb();	/* some of it is not cached */
	KUNIT_EXPECT_EQ(test, vmap_of(test, dmabuf)[offset], 0x5a);
	unmap(test, addr, PMD_SIZE);
#else
	kunit_skip(test, "no huge entries of page frames on this machine");
#endif
}

/* Catches: a buffer that devices see elsewhere, or in part. */
static void dmabuf_for_devices(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	struct device *dev = importer(test);
	struct dma_buf_attachment *first, *second;
	struct sg_table *sgt;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	add(test);
	dmabuf = take(test, BUFFER_SIZE, &dma);
	first = dma_buf_attach(dmabuf, dev);
	if (!param->has_pages) {
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(first), -EOPNOTSUPP);
		return;
	}
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	second = dma_buf_attach(dmabuf, dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);

	sgt = dma_buf_map_attachment_unlocked(first, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, sgt->nents, 1);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), dma);
	KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), BUFFER_SIZE);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	dma_buf_unmap_attachment_unlocked(first, sgt, DMA_BIDIRECTIONAL);

	/* The mapping is kept for the next time. */
	KUNIT_EXPECT_PTR_EQ(test, sgt,
			    dma_buf_map_attachment_unlocked(first, DMA_BIDIRECTIONAL));
	sgt = dma_buf_map_attachment_unlocked(second, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), dma);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(dmabuf, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(dmabuf, DMA_TO_DEVICE));
	dma_buf_detach(dmabuf, second);
	dma_buf_detach(dmabuf, first);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
}

static void on_move(struct dma_buf_attachment *attachment)
{
}

static const struct dma_buf_attach_ops peer_to_peer = {
	.allow_peer2peer = true,
	.move_notify = on_move,
};

/* Catches: a device that needs no pages, and is refused, or is sent elsewhere. */
static void dmabuf_for_peers(struct kunit *test)
{
	struct device *dev = importer(test);
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;
	struct dma_buf *dmabuf;
	dma_addr_t dma;

	add(test);
	dmabuf = take(test, BUFFER_SIZE, &dma);
	attachment = dma_buf_dynamic_attach(dmabuf, dev, &peer_to_peer, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attachment);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR_OR_NULL(sgt)) {
		KUNIT_EXPECT_EQ(test, sgt->nents, 1);
		KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), dma);
		KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), BUFFER_SIZE);
		dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
	}
	dma_buf_detach(dmabuf, attachment);
}

/* Catches: a buffer that unbind takes from under who has it. */
static void dmabuf_outlives_its_region(struct kunit *test)
{
	struct dmabuf_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct dma_buf *old, *new;
	dma_addr_t old_dma, new_dma;
	unsigned long addr;
	u8 byte = 0;

	old = take(test, BUFFER_SIZE, &old_dma);
	addr = test_map(test, old->file, PROT_READ | PROT_WRITE, 0, BUFFER_SIZE);
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)addr));
	test_region_remove(test, region);
	mb();	/* some of it is not cached */
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&byte, (u8 __user *)addr, 1));
	KUNIT_EXPECT_EQ(test, byte, 0x5a);
	/* A page that was not there yet. */
	KUNIT_EXPECT_EQ(test, 0,
			put_user(0x11, (u8 __user *)(addr + BUFFER_SIZE - 1)));

	/* The pool knows that it is taken. */
	ctx->region = test_region(test, ctx->owner, &ctx->desc, ctx->backend);
	new = take(test, BUFFER_SIZE, &new_dma);
	KUNIT_EXPECT_TRUE(test, new_dma >= old_dma + BUFFER_SIZE ||
			  old_dma >= new_dma + BUFFER_SIZE);
	KUNIT_EXPECT_NULL(test, memchr_inv(vmap_of(test, new), 0, BUFFER_SIZE));
	KUNIT_EXPECT_EQ(test, vmap_of(test, old)[0], 0x5a);
	KUNIT_EXPECT_EQ(test, vmap_of(test, old)[BUFFER_SIZE - 1], 0x11);
	unmap(test, addr, BUFFER_SIZE);
}

/* Catches: what a round leaves behind. */
static void dmabuf_many_times(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	struct extmem_region *region = add(test);
	struct device *dev = importer(test);
	u64 most = rounddown_pow_of_two(region->desc.size);
	unsigned int round;
	dma_addr_t dma;

	for (round = 0; round < MANY; round++) {
		struct dma_buf *dmabuf = extmem_dmabuf_alloc(region, BUFFER_SIZE, &dma);
		struct dma_buf_attachment *attachment;

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
		attachment = dma_buf_attach(dmabuf, dev);
		if (param->has_pages && !IS_ERR(attachment)) {
			struct sg_table *sgt = dma_buf_map_attachment_unlocked(attachment,
									       DMA_TO_DEVICE);

			if (!IS_ERR(sgt))
				dma_buf_unmap_attachment_unlocked(attachment, sgt,
								  DMA_TO_DEVICE);
			dma_buf_detach(dmabuf, attachment);
			KUNIT_EXPECT_FALSE(test, IS_ERR(sgt));
		}
		KUNIT_EXPECT_EQ(test, !IS_ERR(attachment), param->has_pages);
		__fput_sync(dmabuf->file);
	}
	KUNIT_EXPECT_EQ(test, in_use(test), 0);
	KUNIT_EXPECT_EQ(test, extmem_pool_use_of(region).allocations, MANY);
	take(test, most, &dma);
}

static struct kunit_case dmabuf_cases[] = {
	KUNIT_CASE_PARAM(dmabuf_is_zeroed_and_of_the_pool, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_fills_the_pool, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_for_users, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_by_huge_entries, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_for_devices, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_for_peers, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_outlives_its_region, pool_gen_params),
	KUNIT_CASE_PARAM(dmabuf_many_times, pool_gen_params),
	{}
};

static struct kunit_suite dmabuf_suite = {
	.name = "extmem_dmabuf",
	.init = dmabuf_init,
	.test_cases = dmabuf_cases,
};

kunit_test_suite(dmabuf_suite);
