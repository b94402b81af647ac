// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of regions as dma-bufs, for users and for a driver that can let go of them.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"
#define PART_OFFSET	(4 * PAGE_SIZE)
#define PART_SIZE	(3 * PAGE_SIZE)
#define MANY		(TEST_SLOW ? 200 : 1000)

struct export_context {
	struct fake_backend *fake;
	struct device *owner;
	struct extmem_desc desc;
	int notified;	/* how often the importer was told to let go */
};

static int export_init(struct kunit *test)
{
	struct export_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_COMBINE);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct export_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

/* The task's own work is not done before the test ends, so not dma_buf_put(). */
static void put_dmabuf(void *dmabuf)
{
	__fput_sync(((struct dma_buf *)dmabuf)->file);
}

static struct dma_buf *export(struct kunit *test, struct extmem_region *region,
			      u64 offset, u64 size, bool writable)
{
	struct dma_buf *dmabuf = extmem_export(region, offset, size, writable);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_dmabuf, dmabuf), 0);
	return dmabuf;
}

static void on_move(struct dma_buf_attachment *attachment)
{
	struct export_context *ctx = attachment->importer_priv;

	ctx->notified++;
}

static const struct dma_buf_attach_ops peer_to_peer = {
	.allow_peer2peer = true,
	.move_notify = on_move,
};

static const struct dma_buf_attach_ops with_pages_only = {
	.move_notify = on_move,
};

static struct device *importer(struct kunit *test)
{
	struct device *dev = test_second_owner(test);

	dev->dma_mask = kunit_kzalloc(test, sizeof(*dev->dma_mask), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->dma_mask);
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		kunit_skip(test, "no DMA on this machine");
	return dev;
}

static struct dma_buf_attachment *attach(struct kunit *test, struct dma_buf *dmabuf,
					 struct device *dev,
					 const struct dma_buf_attach_ops *ops)
{
	struct dma_buf_attachment *attachment;

	attachment = dma_buf_dynamic_attach(dmabuf, dev, ops, test->priv);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attachment);
	return attachment;
}

static void expect_dma_at(struct kunit *test, struct sg_table *sgt, u64 dma, u64 size)
{
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, sgt->nents, 1);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), dma);
	KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), size);
}

static const struct range_case {
	const char *what;
	u64 offset, size;
	int ret;
} ranges[] = {
	{ "all", 0, TEST_SIZE, 0 },
	{ "the last page", TEST_SIZE - PAGE_SIZE, PAGE_SIZE, 0 },
	{ "nothing", 0, 0, -EINVAL },
	{ "nothing at the end", TEST_SIZE, 0, -EINVAL },
	{ "part of a page", 0, PAGE_SIZE - 1, -EINVAL },
	{ "from inside a page", 1, PAGE_SIZE, -EINVAL },
	{ "more than there is", 0, TEST_SIZE + PAGE_SIZE, -EINVAL },
	{ "beyond the end", PAGE_SIZE, TEST_SIZE, -EINVAL },
	{ "behind the end", TEST_SIZE, PAGE_SIZE, -EINVAL },
	{ "2^63 bytes", 0, 1ULL << 63, -EINVAL },
	{ "from 2^63", 1ULL << 63, PAGE_SIZE, -EINVAL },
	{ "wrapping", -PAGE_SIZE, 2 * PAGE_SIZE, -EINVAL },
	{ "wrapping to inside", 2 * PAGE_SIZE, -PAGE_SIZE, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(range, ranges, what);

/* Catches: another region's bytes. */
static void export_ranges(struct kunit *test)
{
	const struct range_case *param = test->param_value;
	struct dma_buf *dmabuf = extmem_export(add(test), param->offset, param->size, true);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dmabuf), param->ret);
	if (IS_ERR(dmabuf))
		return;
	KUNIT_EXPECT_EQ(test, dmabuf->size, param->size);
	KUNIT_EXPECT_STREQ(test, dmabuf->exp_name, TEST_NAME);
	put_dmabuf(dmabuf);
}

/* Catches: a window of what has none. */
static void export_of_what_has_no_windows(struct kunit *test)
{
	struct export_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_MMIO;
	ctx->desc.policy = EXTMEM_UNCACHED;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -EPERM, PTR_ERR_OR_ZERO(extmem_export(region, 0, PAGE_SIZE, true)));
	test_region_remove(test, region);

	ctx->desc.type = EXTMEM_CMA;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -ENXIO, PTR_ERR_OR_ZERO(extmem_export(region, 0, PAGE_SIZE, true)));
	test_region_remove(test, region);

	ctx->desc.type = EXTMEM_RAM;
	ctx->desc.base += 64;
	ctx->desc.size -= PAGE_SIZE;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(extmem_export(region, 0, PAGE_SIZE, true)));
	test_region_remove(test, region);

	ctx->fake->no_address = true;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			PTR_ERR_OR_ZERO(extmem_export(region, 0, PAGE_SIZE, true)));
}

/* Catches: a driver that would keep what it was told to let go of. */
static void export_refuses_importers(struct kunit *test)
{
	struct device *dev = importer(test);
	struct dma_buf *dmabuf = export(test, add(test), 0, PAGE_SIZE, true);
	struct dma_buf_attachment *attachment;

	attachment = dma_buf_attach(dmabuf, dev);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attachment), -EOPNOTSUPP);
	attachment = dma_buf_dynamic_attach(dmabuf, dev, &with_pages_only, test->priv);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attachment), -EOPNOTSUPP);
	attachment = attach(test, dmabuf, dev, &peer_to_peer);
	dma_resv_lock(dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, dma_buf_pin(attachment), -EOPNOTSUPP);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_detach(dmabuf, attachment);
}

static const struct place_case {
	const char *name;
	bool partition;
	u64 offset, size;
	u64 dma;
} places[] = {
	{ "region", false, 0, TEST_SIZE, TEST_BASE },
	{ "window", false, 2 * PAGE_SIZE, 3 * PAGE_SIZE, TEST_BASE + 2 * PAGE_SIZE },
	{ "partition", true, 0, PART_SIZE, TEST_BASE + PART_OFFSET },
	{ "window of a partition", true, PAGE_SIZE, PAGE_SIZE,
	  TEST_BASE + PART_OFFSET + PAGE_SIZE },
};

KUNIT_ARRAY_PARAM_DESC(place, places, name);

static struct dma_buf *export_place(struct kunit *test)
{
	const struct place_case *param = test->param_value;
	struct extmem_region *region = add(test), *part;

	part = test_partition(test, region, PART_NAME, PART_OFFSET, PART_SIZE);
	return export(test, param->partition ? part : region, param->offset, param->size,
		      true);
}

/* Catches: a device that is sent elsewhere. */
static void export_for_devices(struct kunit *test)
{
	const struct place_case *param = test->param_value;
	struct device *dev = importer(test);
	struct dma_buf *dmabuf = export_place(test);
	struct dma_buf_attachment *one = attach(test, dmabuf, dev, &peer_to_peer);
	struct dma_buf_attachment *two = attach(test, dmabuf, dev, &peer_to_peer);
	struct sg_table *first, *second;

	first = dma_buf_map_attachment_unlocked(one, DMA_BIDIRECTIONAL);
	second = dma_buf_map_attachment_unlocked(two, DMA_FROM_DEVICE);
	expect_dma_at(test, first, param->dma, param->size);
	expect_dma_at(test, second, param->dma, param->size);
	dma_buf_unmap_attachment_unlocked(one, first, DMA_BIDIRECTIONAL);
	dma_buf_unmap_attachment_unlocked(two, second, DMA_FROM_DEVICE);
	dma_buf_detach(dmabuf, two);
	dma_buf_detach(dmabuf, one);
}

/* Catches: a user who sees bytes of elsewhere, or more than his window. */
static void export_for_users(struct kunit *test)
{
	const struct place_case *param = test->param_value;
	struct export_context *ctx = test->priv;
	struct dma_buf *dmabuf = export_place(test);
	u64 in_region = param->dma - TEST_BASE + param->size - PAGE_SIZE;
	unsigned long addr;

	addr = test_map(test, dmabuf->file, PROT_READ | PROT_WRITE, param->size - PAGE_SIZE,
			PAGE_SIZE);
	ctx->fake->memory[in_region + 7] = 0x11;
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)(addr + 5)));
	KUNIT_EXPECT_EQ(test, ctx->fake->memory[in_region + 5], 0x5a);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, PAGE_SIZE, PROT_READ,
					    MAP_SHARED, param->size));
	KUNIT_EXPECT_EQ(test, -EPERM,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, PAGE_SIZE,
					    PROT_READ | PROT_EXEC, MAP_SHARED, 0));
}

/* Catches: a user who has the kernel's memory by windows, and pays for none of it. */
static void export_is_charged(struct kunit *test)
{
	struct test_charges *charges = test_watch_charges(test);
	struct dma_buf_attachment *attachment;
	struct extmem_dmatable *table;
	struct dma_buf *dmabuf;

	dmabuf = export(test, add(test), 0, PAGE_SIZE, true);
	test_expect_charged(test, charges, dmabuf->priv);
	attachment = attach(test, dmabuf, importer(test), &peer_to_peer);
	table = attachment->priv;
	test_expect_charged(test, charges, table);
	test_expect_charged(test, charges, table->sgt.sgl);
	dma_buf_detach(dmabuf, attachment);
}

/* Catches: a way to write what is read-only. */
static void export_read_only(struct kunit *test)
{
	struct export_context *ctx = test->priv;
	struct device *dev = importer(test);
	struct dma_buf_attachment *attachment;
	struct extmem_region *region;
	struct dma_buf *dmabuf;
	struct sg_table *sgt;

	dmabuf = export(test, add(test), 0, PAGE_SIZE, false);
	KUNIT_EXPECT_EQ(test, -EACCES,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, PAGE_SIZE,
					    PROT_READ | PROT_WRITE, MAP_SHARED, 0));
	test_map(test, dmabuf->file, PROT_READ, 0, PAGE_SIZE);
	attachment = attach(test, dmabuf, dev, &peer_to_peer);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), -EPERM);
	dma_buf_detach(dmabuf, attachment);

	strscpy(ctx->desc.name, "extmem-second");
	ctx->desc.base += SZ_1M;
	ctx->desc.read_only = true;
	region = add(test);
	dmabuf = export(test, region, 0, PAGE_SIZE, true);
	KUNIT_EXPECT_EQ(test, -EPERM,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, PAGE_SIZE,
					    PROT_READ | PROT_WRITE, MAP_SHARED, 0));
	attachment = attach(test, dmabuf, dev, &peer_to_peer);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), -EPERM);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), -EPERM);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_TO_DEVICE);
	expect_dma_at(test, sgt, ctx->desc.base, PAGE_SIZE);
	dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_TO_DEVICE);
	dma_buf_detach(dmabuf, attachment);
}

/* Catches: a user or a driver who still has the memory of a region that is gone. */
static void export_is_revoked(struct kunit *test)
{
	struct export_context *ctx = test->priv;
	struct device *dev = importer(test);
	struct extmem_region *region = add(test);
	struct dma_buf *closed = extmem_export(region, 0, PAGE_SIZE, true);
	struct dma_buf *dmabuf = export(test, region, PAGE_SIZE, PAGE_SIZE, true);
	struct dma_buf *idle = export(test, region, 0, PAGE_SIZE, true);
	struct dma_buf_attachment *attachment = attach(test, dmabuf, dev, &peer_to_peer);
	unsigned long addr, untouched;
	struct sg_table *sgt;
	u8 byte;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, closed);
	put_dmabuf(closed);
	addr = test_map(test, dmabuf->file, PROT_READ | PROT_WRITE, 0, PAGE_SIZE);
	untouched = test_map(test, idle->file, PROT_READ | PROT_WRITE, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)addr));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, ctx->notified, 0);

	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, ctx->notified, 1);
	KUNIT_EXPECT_NE(test, 0, copy_from_user(&byte, (u8 __user *)addr, 1));
	KUNIT_EXPECT_NE(test, 0, copy_from_user(&byte, (u8 __user *)untouched, 1));
	dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), -ENODEV);
	KUNIT_EXPECT_EQ(test, -ENODEV, dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_EQ(test, -ENODEV, dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			(long)kunit_vm_mmap(test, dmabuf->file, 0, PAGE_SIZE, PROT_READ,
					    MAP_SHARED, 0));
	dma_buf_detach(dmabuf, attachment);

	/* A region of the same name is another one. */
	region = add(test);
	sgt = ERR_PTR(-ENODEV);
	attachment = attach(test, dmabuf, dev, &peer_to_peer);
	KUNIT_EXPECT_PTR_EQ(test, sgt,
			    dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL));
	dma_buf_detach(dmabuf, attachment);
}

static const char *fence_name(struct dma_fence *fence)
{
	return TEST_NAME;
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
};

struct slow_dma {
	struct dma_fence fence;
	spinlock_t lock;	/* of the fence */
	struct delayed_work work;
};

static void end_slow_dma(struct work_struct *work)
{
	struct slow_dma *slow = container_of(work, struct slow_dma, work.work);

	dma_fence_signal(&slow->fence);
}

/* Catches: memory that is given back while a device still writes to it. */
static void export_waits_for_dma(struct kunit *test)
{
	struct device *dev = importer(test);
	struct extmem_region *region = add(test);
	struct dma_buf *dmabuf = export(test, region, 0, PAGE_SIZE, true);
	struct dma_buf_attachment *attachment = attach(test, dmabuf, dev, &peer_to_peer);
	struct slow_dma *slow = kzalloc(sizeof(*slow), GFP_KERNEL);	/* freed by RCU */

	KUNIT_ASSERT_NOT_NULL(test, slow);
	spin_lock_init(&slow->lock);
	INIT_DELAYED_WORK(&slow->work, end_slow_dma);
	dma_fence_init(&slow->fence, &fence_ops, &slow->lock, dma_fence_context_alloc(1), 1);
	dma_resv_lock(dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, dma_resv_reserve_fences(dmabuf->resv, 1));
	dma_resv_add_fence(dmabuf->resv, &slow->fence, DMA_RESV_USAGE_WRITE);
	dma_resv_unlock(dmabuf->resv);
	schedule_delayed_work(&slow->work, msecs_to_jiffies(100));

	test_region_remove(test, region);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&slow->fence));
	flush_delayed_work(&slow->work);
	dma_buf_detach(dmabuf, attachment);
	dma_fence_put(&slow->fence);
}

/* Catches: what a round leaves behind. */
static void export_many_times(struct kunit *test)
{
	struct device *dev = importer(test);
	struct extmem_region *region = add(test);
	unsigned int round, held = kref_read(&region->dev.kobj.kref);

	for (round = 0; round < MANY; round++) {
		struct dma_buf *dmabuf = extmem_export(region, 0, TEST_SIZE, true);
		struct dma_buf_attachment *attachment;
		struct sg_table *sgt;

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
		attachment = attach(test, dmabuf, dev, &peer_to_peer);
		sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
		expect_dma_at(test, sgt, TEST_BASE, TEST_SIZE);
		dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
		dma_buf_detach(dmabuf, attachment);
		put_dmabuf(dmabuf);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&region->windows));
	KUNIT_EXPECT_EQ(test, kref_read(&region->dev.kobj.kref), held);
}

static struct kunit_case export_cases[] = {
	KUNIT_CASE_PARAM(export_ranges, range_gen_params),
	KUNIT_CASE(export_of_what_has_no_windows),
	KUNIT_CASE(export_refuses_importers),
	KUNIT_CASE_PARAM(export_for_devices, place_gen_params),
	KUNIT_CASE_PARAM(export_for_users, place_gen_params),
	KUNIT_CASE(export_is_charged),
	KUNIT_CASE(export_read_only),
	KUNIT_CASE(export_is_revoked),
	KUNIT_CASE(export_waits_for_dma),
	KUNIT_CASE(export_many_times),
	{}
};

static struct kunit_suite export_suite = {
	.name = "extmem_export",
	.init = export_init,
	.test_cases = export_cases,
};

kunit_test_suite(export_suite);
