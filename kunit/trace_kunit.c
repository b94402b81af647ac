// SPDX-License-Identifier: GPL-2.0
/*
 * The events that tools are told of, as a probe gets them. What is in a file of tracefs is
 * in the guest's test "inside", and so are faults, interrupts and power.
 */
#include <kunit/test.h>

#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/string.h>
#include <linux/string_choices.h>
#include <linux/tracepoint.h>

#include "fake_backend.h"
#include "fixture.h"
#include "trace.h"

#define PART_NAME	TEST_NAME ".part"

struct trace_context {
	struct fake_backend *fake;
	struct device *owner;
	struct vfsmount *dev;
	char log[1024];
	u8 buf[64];
};

static __printf(2, 3) void note(void *data, const char *format, ...)
{
	struct trace_context *ctx = data;
	size_t length = strlen(ctx->log);
	va_list args;

	va_start(args, format);
	vscnprintf(ctx->log + length, sizeof(ctx->log) - length, format, args);
	va_end(args);
}

/* Other regions may come and go meanwhile. */
static bool is_ours(const struct extmem_region *region)
{
	return str_has_prefix(dev_name(&region->dev), TEST_NAME);
}

static void probe_add(void *data, const struct extmem_region *region)
{
	if (is_ours(region))
		note(data, "add %s\n", dev_name(&region->dev));
}

static void probe_remove(void *data, const struct extmem_region *region)
{
	if (is_ours(region))
		note(data, "remove %s\n", dev_name(&region->dev));
}

static void probe_open(void *data, const struct extmem_region *region, bool exclusive)
{
	if (is_ours(region))
		note(data, "open %s %d\n", dev_name(&region->dev), exclusive);
}

static void probe_close(void *data, const struct extmem_region *region, bool exclusive)
{
	if (is_ours(region))
		note(data, "close %s %d\n", dev_name(&region->dev), exclusive);
}

static void probe_io(void *data, const struct extmem_region *region, bool write, u64 offset,
		     u64 size, ssize_t ret)
{
	if (is_ours(region))
		note(data, "%s 0x%llx 0x%llx %zd\n", str_write_read(write), offset, size, ret);
}

static void note_mapping(void *data, const char *what, const struct extmem_region *region,
			 const struct vm_area_struct *vma)
{
	if (is_ours(region))
		note(data, "%s page %lu, %lu bytes\n", what, vma->vm_pgoff,
		     vma->vm_end - vma->vm_start);
}

static void probe_map(void *data, const struct extmem_region *region,
		      const struct vm_area_struct *vma)
{
	note_mapping(data, "map", region, vma);
}

static void probe_unmap(void *data, const struct extmem_region *region,
			const struct vm_area_struct *vma)
{
	note_mapping(data, "unmap", region, vma);
}

static void probe_alloc(void *data, const struct extmem_region *region, u64 size, int ret)
{
	if (is_ours(region))
		note(data, "alloc 0x%llx %d\n", size, ret);
}

static void probe_free(void *data, const struct extmem_region *region, u64 size, int ret)
{
	if (is_ours(region))
		note(data, "free 0x%llx %d\n", size, ret);
}

static void probe_export(void *data, const struct extmem_region *region, u64 offset, u64 size,
			 bool write, int ret)
{
	if (is_ours(region))
		note(data, "export 0x%llx 0x%llx %d %d\n", offset, size, write, ret);
}

static void probe_sync(void *data, const struct extmem_region *region, u64 offset, u64 size,
		       u32 flags, int ret)
{
	if (is_ours(region))
		note(data, "sync 0x%llx 0x%llx 0x%x %d\n", offset, size, flags, ret);
}

static void unregister_all(void *ctx)
{
	unregister_trace_extmem_region_add(probe_add, ctx);
	unregister_trace_extmem_region_remove(probe_remove, ctx);
	unregister_trace_extmem_open(probe_open, ctx);
	unregister_trace_extmem_close(probe_close, ctx);
	unregister_trace_extmem_io(probe_io, ctx);
	unregister_trace_extmem_map(probe_map, ctx);
	unregister_trace_extmem_unmap(probe_unmap, ctx);
	unregister_trace_extmem_alloc(probe_alloc, ctx);
	unregister_trace_extmem_free(probe_free, ctx);
	unregister_trace_extmem_export(probe_export, ctx);
	unregister_trace_extmem_sync(probe_sync, ctx);
	tracepoint_synchronize_unregister();
}

static int register_all(struct trace_context *ctx)
{
	return register_trace_extmem_region_add(probe_add, ctx) ?:
	       register_trace_extmem_region_remove(probe_remove, ctx) ?:
	       register_trace_extmem_open(probe_open, ctx) ?:
	       register_trace_extmem_close(probe_close, ctx) ?:
	       register_trace_extmem_io(probe_io, ctx) ?:
	       register_trace_extmem_map(probe_map, ctx) ?:
	       register_trace_extmem_unmap(probe_unmap, ctx) ?:
	       register_trace_extmem_alloc(probe_alloc, ctx) ?:
	       register_trace_extmem_free(probe_free, ctx) ?:
	       register_trace_extmem_export(probe_export, ctx) ?:
	       register_trace_extmem_sync(probe_sync, ctx);
}

static int trace_test_init(struct kunit *test)
{
	struct trace_context *ctx;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "no CONFIG_TRACEPOINTS");
	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->dev = test_mount(test, "devtmpfs");
	KUNIT_ASSERT_EQ(test, 0, register_all(ctx));
	return kunit_add_action_or_reset(test, unregister_all, ctx);
}

static struct extmem_region *add(struct kunit *test)
{
	struct trace_context *ctx = test->priv;
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_COMBINE);

	return test_region(test, ctx->owner, &desc, &ctx->fake->backend);
}

/* What was traced since this was called last. */
static void expect_events(struct kunit *test, const char *events)
{
	struct trace_context *ctx = test->priv;

	KUNIT_EXPECT_STREQ(test, ctx->log, events);
	ctx->log[0] = '\0';
}

/* Catches: one that nobody is told of, or before it is true. */
static void trace_of_life(struct kunit *test)
{
	struct extmem_region *region = add(test);

	expect_events(test, "add extmem-test\n");
	test_partition(test, region, PART_NAME, PAGE_SIZE, PAGE_SIZE);
	expect_events(test, "add extmem-test.part\n");
	test_region_remove(test, region);
	expect_events(test, "remove extmem-test.part\nremove extmem-test\n");
}

/* Catches: what is not told of files, or with another's figures. */
static void trace_of_files(struct kunit *test)
{
	struct trace_context *ctx = test->priv;
	loff_t pos = TEST_SIZE - 16;
	struct file *file;
	char text[128];

	add(test);
	expect_events(test, "add extmem-test\n");
	file = test_open(ctx->dev, "extmem/" TEST_NAME, O_RDWR | O_EXCL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	expect_events(test, "open extmem-test 1\n");

	KUNIT_EXPECT_EQ(test, 16, kernel_read(file, ctx->buf, 64, &pos));
	snprintf(text, sizeof(text), "read 0x%lx 0x40 16\n", (unsigned long)TEST_SIZE - 16);
	expect_events(test, text);
	pos = 8;
	KUNIT_EXPECT_EQ(test, 64, kernel_write(file, ctx->buf, 64, &pos));
	expect_events(test, "write 0x8 0x40 64\n");
	pos = TEST_SIZE;
	KUNIT_EXPECT_EQ(test, -ENOSPC, kernel_write(file, ctx->buf, 4, &pos));
	snprintf(text, sizeof(text), "write 0x%lx 0x4 -28\n", (unsigned long)TEST_SIZE);
	expect_events(test, text);
	__fput_sync(file);
	expect_events(test, "close extmem-test 1\n");
}

/* Catches: an error that is not told. */
static void trace_of_failure(struct kunit *test)
{
	struct trace_context *ctx = test->priv;
	loff_t pos = 4;
	struct file *file;

	ctx->fake->map_error = -ENOMEM;
	add(test);
	file = test_open_device(test, ctx->dev, TEST_NAME, O_RDWR);
	ctx->log[0] = '\0';
	KUNIT_EXPECT_EQ(test, -ENOMEM, kernel_read(file, ctx->buf, 64, &pos));
	expect_events(test, "read 0x4 0x40 -12\n");
}

/* Catches: the parts of a mapping, or the wrong one. */
static void trace_of_mappings(struct kunit *test)
{
	struct trace_context *ctx = test->priv;
	const unsigned long size = 4 * PAGE_SIZE;
	unsigned long addr;
	struct file *file;
	char text[64];

	add(test);
	file = test_open_device(test, ctx->dev, TEST_NAME, O_RDWR);
	ctx->log[0] = '\0';
	addr = test_map(test, file, PROT_READ, 2 * PAGE_SIZE, size);
	snprintf(text, sizeof(text), "map page 2, %lu bytes\n", size);
	expect_events(test, text);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, size));
	snprintf(text, sizeof(text), "unmap page 2, %lu bytes\n", size);
	expect_events(test, text);
}

/* Catches: what devices are given or told, and nobody else. */
static void trace_of_windows(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct trace_context *ctx = test->priv;
	struct dma_buf *dmabuf;
	char text[128];

	ctx->log[0] = '\0';
	dmabuf = extmem_export(region, PAGE_SIZE, 2 * PAGE_SIZE, true);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	snprintf(text, sizeof(text), "export 0x%lx 0x%lx 1 0\n", PAGE_SIZE, 2 * PAGE_SIZE);
	expect_events(test, text);
	dma_buf_put(dmabuf);
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(extmem_export(region, 1, 1, false)));
	expect_events(test, "export 0x1 0x1 0 -22\n");
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_BARRIER,
			extmem_sync(region, 4, 100, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END));
	snprintf(text, sizeof(text), "sync 0x4 0x64 0x%x %d\n",
		 EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END, EXTMEM_SYNC_BARRIER);
	expect_events(test, text);
}

/* Catches: a buffer that comes or goes unseen, or one that was not to be had. */
static void trace_of_pools(struct kunit *test)
{
	struct trace_context *ctx = test->priv;
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_BACK);
	struct extmem_buffer buffer;
	struct extmem_region *region;
	char text[128];

	desc.type = EXTMEM_CMA;
	desc.reservation = EXTMEM_REUSABLE_POOL;
	desc.reserved_by = "/reserved-memory/test-pool";
	region = test_region(test, ctx->owner, &desc, &ctx->fake->backend);
	ctx->log[0] = '\0';
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(region, 100, &buffer));
	expect_events(test, "alloc 0x64 0\n");
	extmem_pool_give_back(&buffer);
	snprintf(text, sizeof(text), "free 0x%lx 0\n", PAGE_SIZE);
	expect_events(test, text);
	KUNIT_EXPECT_EQ(test, -ENOMEM, extmem_pool_take(region, 2 * TEST_SIZE, &buffer));
	snprintf(text, sizeof(text), "alloc 0x%lx -12\n", 2 * TEST_SIZE);
	expect_events(test, text);
}

static struct kunit_case trace_cases[] = {
	KUNIT_CASE(trace_of_life),
	KUNIT_CASE(trace_of_files),
	KUNIT_CASE(trace_of_failure),
	KUNIT_CASE(trace_of_mappings),
	KUNIT_CASE(trace_of_windows),
	KUNIT_CASE(trace_of_pools),
	{}
};

static struct kunit_suite trace_suite = {
	.name = "extmem_trace",
	.init = trace_test_init,
	.test_cases = trace_cases,
};

kunit_test_suite(trace_suite);
