// SPDX-License-Identifier: GPL-2.0
/*
 * Copies by a DMA engine: what it is given, what is done in its stead, and how it is
 * stopped. On a fake engine and a fake backend.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include "fake_backend.h"
#include "fake_engine.h"
#include "fixture.h"

#define REGION_SIZE	SZ_512K
#define LEAST		SZ_64K	/* what an engine is asked for */
#define CHUNK		SZ_256K	/* at a time */

/* What the log says. */
#define DID_NOT		"did not copy 131072 bytes: "
#define GIVEN_UP	"failed 3 times in a row; the CPU copies from now on; " \
			"look at its controller and bind again"
#define REMEDY		"; use another controller, or remove dmas and dma-names"

struct engine_context {
	struct device *owner;
	struct fake_backend *backend;
	struct fake_engine *engine;
	struct extmem_desc desc;
	struct extmem_region *region;
	unsigned long user;
	u8 *copy;
	struct completion ended;
	struct delayed_work later;
};

static void go_on_later(struct work_struct *work)
{
	struct engine_context *ctx =
		container_of(to_delayed_work(work), struct engine_context, later);

	fake_engine_go_on(ctx->engine);
}

static void cancel_later(void *data)
{
	struct engine_context *ctx = data;

	cancel_delayed_work_sync(&ctx->later);
}

static int engine_test_init(struct kunit *test)
{
	struct engine_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->owner = test_owner(test);
	ctx->backend = fake_backend_new(test);
	fake_backend_resize(test, ctx->backend, REGION_SIZE >> PAGE_SHIFT);
	ctx->backend->ops.pfn = NULL;
	ctx->desc = test_desc(TEST_NAME, virt_to_phys(ctx->backend->memory), REGION_SIZE,
			      EXTMEM_WRITE_BACK);
	ctx->desc.engine = true;
	ctx->copy = kunit_kmalloc(test, REGION_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->copy);
	init_completion(&ctx->ended);
	INIT_DELAYED_WORK(&ctx->later, go_on_later);
	return kunit_add_action_or_reset(test, cancel_later, ctx);
}

/* With an engine, and a user's memory of the same size and a page more. */
static void add_with_engine(struct kunit *test)
{
	struct engine_context *ctx = test->priv;

	ctx->engine = fake_engine_new(test, ctx->owner, FAKE_ENGINE_WHOLE);
	ctx->region = test_region(test, ctx->owner, &ctx->desc, &ctx->backend->backend);
	ctx->user = kunit_vm_mmap(test, NULL, 0, REGION_SIZE + PAGE_SIZE,
				  PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, ctx->user, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(ctx->user));
}

static u8 pattern(size_t i, unsigned int seed)
{
	return i * 7 + (i >> 8) * 13 + seed;
}

static void fill(u8 *buf, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		buf[i] = pattern(i, seed);
}

static size_t differs(const u8 *buf, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (buf[i] != pattern(i, seed))
			return i;
	return size;
}

static ssize_t read_it(struct kunit *test, u64 pos, unsigned long shift, size_t size)
{
	struct engine_context *ctx = test->priv;
	struct iov_iter iter;

	iov_iter_ubuf(&iter, ITER_DEST, (void __user *)(ctx->user + shift), size);
	return extmem_io_read(ctx->region, pos, &iter);
}

static ssize_t write_it(struct kunit *test, u64 pos, unsigned long shift, size_t size)
{
	struct engine_context *ctx = test->priv;
	struct iov_iter iter;

	iov_iter_ubuf(&iter, ITER_SOURCE, (void __user *)(ctx->user + shift), size);
	return extmem_io_write(ctx->region, pos, &iter);
}

/* Whether all of it came, be it by the engine or not. */
static void expect_read(struct kunit *test, u64 pos, unsigned long shift, size_t size)
{
	struct engine_context *ctx = test->priv;

	fill(ctx->backend->memory + pos, size, 1);
	KUNIT_EXPECT_EQ(test, 0, clear_user((void __user *)ctx->user, REGION_SIZE));
	KUNIT_EXPECT_EQ(test, (ssize_t)size, read_it(test, pos, shift, size));
	KUNIT_EXPECT_EQ(test, 0,
			copy_from_user(ctx->copy, (void __user *)(ctx->user + shift), size));
	KUNIT_EXPECT_EQ(test, size, differs(ctx->copy, size, 1));
}

static void expect_written(struct kunit *test, u64 pos, unsigned long shift, size_t size)
{
	struct engine_context *ctx = test->priv;

	fill(ctx->copy, size, 2);
	KUNIT_EXPECT_EQ(test, 0, copy_to_user((void __user *)(ctx->user + shift), ctx->copy, size));
	memset(ctx->backend->memory, 0, REGION_SIZE);
	KUNIT_EXPECT_EQ(test, (ssize_t)size, write_it(test, pos, shift, size));
	KUNIT_EXPECT_EQ(test, size, differs(ctx->backend->memory + pos, size, 2));
}

static u64 moved(struct kunit *test)
{
	struct engine_context *ctx = test->priv;

	return extmem_engine_bytes(ctx->region);
}

static const struct part_case {
	const char *name;
	u64 pos;
	unsigned long shift;	/* of the user's memory, from a page */
	size_t size;
	u64 by_engine;
} parts[] = {
	{ "all", 0, 0, REGION_SIZE, REGION_SIZE },
	{ "the least", 0, 0, LEAST, LEAST },
	{ "less", 0, 0, LEAST - 1, 0 },
	{ "little", 4096, 0, 100, 0 },
	{ "a part", 4096, 0, SZ_128K, SZ_128K },
	{ "beyond a chunk", 4096, 4096, CHUNK + LEAST, CHUNK + LEAST },
	{ "and a little", 0, 0, CHUNK + 100, CHUNK },
	{ "from both in the middle", 256, 256, SZ_128K, SZ_128K },
};

KUNIT_ARRAY_PARAM_DESC(part, parts, name);

/* Catches: bytes that go elsewhere, or by the CPU where the engine is to have them. */
static void engine_copies(struct kunit *test)
{
	const struct part_case *param = test->param_value;

	add_with_engine(test);
	expect_read(test, param->pos, param->shift, param->size);
	KUNIT_EXPECT_EQ(test, moved(test), param->by_engine);
	expect_written(test, param->pos, param->shift, param->size);
	KUNIT_EXPECT_EQ(test, moved(test), 2 * param->by_engine);
}

/* Where caches are seen to, the engine has whole lines of the user's alone. */
static void set_coherent(struct device *dev, bool coherent)
{
#if defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) || \
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU) || \
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU_ALL)
	dev->dma_coherent = coherent;
#endif
}

static bool can_be_incoherent(struct device *dev)
{
	set_coherent(dev, false);
	return !dev_is_dma_coherent(dev);
}

/* Catches: a line of the caches that the engine and the CPU share, at either end. */
static void engine_leaves_the_ends(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	unsigned int line = dma_get_cache_alignment();

	ctx->desc.policy = EXTMEM_UNCACHED;
	add_with_engine(test);
	if (!can_be_incoherent(fake_engine_device(ctx->engine)))
		kunit_skip(test, "all devices of this machine snoop the caches");
	if (line == 1)
		kunit_skip(test, "nobody knows the lines of the caches here");
	/* Up to the first line, whole ones, and what is over. */
	expect_read(test, 0, line - 3, 3 + SZ_128K + 7);
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K);
	expect_written(test, 4099, 5, (line - 5) + SZ_128K + line - 1);
	KUNIT_EXPECT_EQ(test, moved(test), 2 * SZ_128K);
}

/* Catches: caches that hide the memory from the engine, or the engine's work from the CPU. */
static void engine_and_the_caches(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	const struct fake_record *sync;
	unsigned int before;

	add_with_engine(test);
	if (!can_be_incoherent(fake_engine_device(ctx->engine)))
		kunit_skip(test, "all devices of this machine snoop the caches");
	expect_read(test, SZ_64K, 0, SZ_64K);
	sync = fake_backend_last(test, ctx->backend, FAKE_SYNC);
	KUNIT_EXPECT_EQ(test, sync->offset, SZ_64K);
	KUNIT_EXPECT_EQ(test, sync->size, SZ_64K);
	KUNIT_EXPECT_FALSE(test, sync->for_cpu);
	before = ctx->backend->count;
	expect_written(test, SZ_64K, 0, SZ_64K);
	sync = fake_backend_last(test, ctx->backend, FAKE_SYNC);
	KUNIT_EXPECT_TRUE(test, sync->for_cpu);
	/* Emptied before, for what is evicted, and after, for what was read ahead. */
	KUNIT_EXPECT_EQ(test, ctx->backend->count - before, 6);	/* each with a mapping */
	KUNIT_EXPECT_EQ(test, moved(test), 2 * SZ_64K);

	set_coherent(fake_engine_device(ctx->engine), true);
	before = ctx->backend->count;
	expect_read(test, SZ_64K, 0, SZ_64K);
	KUNIT_EXPECT_EQ(test, ctx->backend->count, before);

	/* Where there is no way, the CPU copies. */
	set_coherent(fake_engine_device(ctx->engine), false);
	ctx->backend->sync_error = -EOPNOTSUPP;
	expect_read(test, SZ_64K, 0, SZ_64K);
	KUNIT_EXPECT_EQ(test, moved(test), 3 * SZ_64K);
}

static const struct fault_case {
	const char *name;
	size_t knob;
} faults[] = {
	{ "no descriptor", offsetof(struct fake_engine, no_descriptor) },
	{ "not submitted", offsetof(struct fake_engine, no_submit) },
	{ "not done", offsetof(struct fake_engine, bad) },
};

KUNIT_ARRAY_PARAM_DESC(fault, faults, name);

/* Catches: bytes that are missing when the engine fails, one that is asked for ever. */
static void engine_fails(struct kunit *test)
{
	const struct fault_case *param = test->param_value;
	struct engine_context *ctx = test->priv;
	u64 start = test_log_start();
	unsigned int asked;
	bool *knob;

	add_with_engine(test);
	knob = (void *)ctx->engine + param->knob;
	*knob = true;
	expect_read(test, 0, 0, SZ_128K);
	expect_written(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, moved(test), 0);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, DID_NOT "-EIO; the CPU does"));
	/* It is well again, and trusted again. */
	*knob = false;
	expect_read(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K);
	/* Three in a row, and it is not. */
	*knob = true;
	expect_read(test, 0, 0, SZ_128K);
	expect_read(test, 0, 0, SZ_128K);
	expect_read(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, GIVEN_UP));
	asked = ctx->engine->prepared;
	*knob = false;
	expect_read(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, ctx->engine->prepared, asked);
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K);
}

/* Catches: a wait for the last descriptor alone. */
static void engine_backwards(struct kunit *test)
{
	struct engine_context *ctx = test->priv;

	add_with_engine(test);
	ctx->engine->backwards = true;
	expect_read(test, 0, 0, REGION_SIZE);
	expect_written(test, 0, 0, REGION_SIZE);
	KUNIT_EXPECT_EQ(test, moved(test), 2 * REGION_SIZE);
}

/* Catches: a copy that ends before it was made. */
static void engine_is_late(struct kunit *test)
{
	struct engine_context *ctx = test->priv;

	add_with_engine(test);
	ctx->engine->held = true;
	schedule_delayed_work(&ctx->later, msecs_to_jiffies(300));
	expect_read(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K);
	KUNIT_EXPECT_EQ(test, ctx->engine->terminated, 0);
}

/* Catches: an engine that hangs, and a program with it; one that writes afterwards. */
static void engine_hangs(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	u64 start = test_log_start();

	add_with_engine(test);
	ctx->engine->held = true;
	expect_read(test, 0, 0, SZ_128K);
	KUNIT_EXPECT_EQ(test, moved(test), 0);
	KUNIT_EXPECT_EQ(test, ctx->engine->terminated, 1);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, DID_NOT "-ETIMEDOUT; the CPU does"));
}

/* Catches: a copy that no signal ends. */
static void engine_and_a_signal(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	ssize_t ret;

	add_with_engine(test);
	ctx->engine->held = true;
	set_thread_flag(TIF_SIGPENDING);
	ret = read_it(test, 0, 0, REGION_SIZE);
	clear_thread_flag(TIF_SIGPENDING);
	KUNIT_EXPECT_EQ(test, ret, -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, ctx->engine->copied, 0);
	/* That was not the engine's fault. */
	ctx->engine->held = false;
	expect_read(test, 0, 0, REGION_SIZE);
	KUNIT_EXPECT_EQ(test, moved(test), REGION_SIZE);
}

static int remove_it(void *data)
{
	struct kunit *test = data;
	struct engine_context *ctx = test->priv;

	msleep(100);
	test_region_remove(test, ctx->region);
	complete(&ctx->ended);
	return 0;
}

/* Catches: unbind that waits for the engine, and an engine that goes on after it. */
static void engine_and_unbind(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	struct task_struct *task;

	add_with_engine(test);
	get_device(&ctx->region->dev);
	ctx->engine->held = true;
	task = kthread_run(remove_it, test, "extmem-remove");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_EXPECT_EQ(test, -ENODEV, read_it(test, 0, 0, REGION_SIZE));
	KUNIT_EXPECT_TRUE(test, wait_for_completion_timeout(&ctx->ended, 10 * HZ));
	KUNIT_EXPECT_EQ(test, ctx->engine->terminated, 1);
	KUNIT_EXPECT_EQ(test, ctx->engine->copied, 0);
	KUNIT_EXPECT_EQ(test, -ENODEV, read_it(test, 0, 0, REGION_SIZE));
	put_device(&ctx->region->dev);
}

/* Catches: memory of a user's that is not there, or not his to write. */
static void engine_and_bad_memory(struct kunit *test)
{
	struct engine_context *ctx = test->priv;

	add_with_engine(test);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(ctx->user + SZ_128K, PAGE_SIZE));
	fill(ctx->backend->memory, REGION_SIZE, 3);
	KUNIT_EXPECT_EQ(test, SZ_128K, read_it(test, 0, 0, SZ_256K));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(ctx->copy, (void __user *)ctx->user, SZ_128K));
	KUNIT_EXPECT_EQ(test, (size_t)SZ_128K, differs(ctx->copy, SZ_128K, 3));
	KUNIT_EXPECT_EQ(test, -EFAULT, write_it(test, 0, SZ_128K, SZ_64K));
	KUNIT_EXPECT_EQ(test, (size_t)REGION_SIZE, differs(ctx->backend->memory, REGION_SIZE, 3));
	KUNIT_EXPECT_EQ(test, ctx->engine->prepared, 0);
}

/* Catches: the kernel's own memory, which is not the engine's to have. */
static void engine_and_the_kernel(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	struct kvec kvec = { .iov_base = ctx->copy, .iov_len = REGION_SIZE };
	struct iov_iter iter;

	add_with_engine(test);
	fill(ctx->backend->memory, REGION_SIZE, 4);
	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, REGION_SIZE);
	KUNIT_EXPECT_EQ(test, REGION_SIZE, extmem_io_read(ctx->region, 0, &iter));
	KUNIT_EXPECT_EQ(test, (size_t)REGION_SIZE, differs(ctx->copy, REGION_SIZE, 4));
	KUNIT_EXPECT_EQ(test, moved(test), 0);
}

static void free_buffer(void *vaddr)
{
	free_pages_exact(vaddr, SZ_128K);
}

/* Catches: a buffer of a pool's that the engine has elsewhere, or leaves to the CPU. */
static void engine_and_a_buffer(struct kunit *test)
{
	u8 *vaddr = alloc_pages_exact(SZ_128K, GFP_KERNEL | __GFP_ZERO);
	struct engine_context *ctx = test->priv;
	struct extmem_end of_region, of_buffer;
	struct extmem_buffer buffer;

	KUNIT_ASSERT_NOT_NULL(test, vaddr);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_buffer, vaddr));
	add_with_engine(test);
	buffer = (struct extmem_buffer) {
		.vaddr = vaddr, .base = virt_to_phys(vaddr), .size = SZ_128K,
		.has_pages = true, .region = ctx->region,
	};
	of_buffer = (struct extmem_end) { .buffer = &buffer, .size = SZ_128K };
	of_region = (struct extmem_end) { .region = ctx->region, .size = REGION_SIZE };

	fill(ctx->backend->memory, SZ_128K, 4);
	KUNIT_EXPECT_EQ(test, (ssize_t)SZ_128K,
			extmem_copy(&of_buffer, 0, &of_region, 0, SZ_128K));
	KUNIT_EXPECT_EQ(test, (size_t)SZ_128K, differs(vaddr, SZ_128K, 4));
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K);

	fill(vaddr, SZ_128K, 5);
	KUNIT_EXPECT_EQ(test, (ssize_t)SZ_64K,
			extmem_copy(&of_region, SZ_256K, &of_buffer, 0, SZ_64K));
	KUNIT_EXPECT_EQ(test, (size_t)SZ_64K,
			differs(ctx->backend->memory + SZ_256K, SZ_64K, 5));
	KUNIT_EXPECT_EQ(test, moved(test), SZ_128K + SZ_64K);
}

/* Catches: a channel that is not looked for, and a region that hides that it has none. */
static void engine_is_missing(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	struct extmem_region *region;

	region = test_region_try(test, ctx->owner, &ctx->desc, &ctx->backend->backend);
	KUNIT_EXPECT_EQ(test, -EPROBE_DEFER, PTR_ERR_OR_ZERO(region));
	fake_backend_expect(test, ctx->backend, "attach,detach,");
}

static const struct lack_case {
	const char *name;
	enum fake_engine_lack lack;
	const char *message;
} lacks[] = {
	{ "no memcpy", FAKE_ENGINE_NO_MEMCPY, "cannot copy memory" REMEDY },
	{ "no stop", FAKE_ENGINE_NO_STOP, "cannot be stopped" REMEDY },
};

KUNIT_ARRAY_PARAM_DESC(lack, lacks, name);

/* Catches: a channel for something else, and one that unbind could not stop. */
static void engine_is_of_no_use(struct kunit *test)
{
	const struct lack_case *param = test->param_value;
	struct engine_context *ctx = test->priv;
	u64 start = test_log_start();
	struct extmem_region *region;

	fake_engine_new(test, ctx->owner, param->lack);
	region = test_region_try(test, ctx->owner, &ctx->desc, &ctx->backend->backend);
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(region));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "/extmem-test: dmas: the channel "));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, param->message));
}

/* Catches: facts that are missing, or there without an engine. */
static void engine_in_sysfs(struct kunit *test)
{
	struct engine_context *ctx = test->priv;
	struct vfsmount *sys = test_mount(test, "sysfs");
	char said[32], wanted[32];

	add_with_engine(test);
	expect_read(test, 0, 0, SZ_128K);
	snprintf(wanted, sizeof(wanted), "%s\n", extmem_engine_name(ctx->region));
	KUNIT_EXPECT_GT(test, test_read(sys, "class/extmem/" TEST_NAME "/dma_channel", said,
					sizeof(said)), 0);
	KUNIT_EXPECT_STREQ(test, said, wanted);
	KUNIT_EXPECT_GT(test, test_read(sys, "class/extmem/" TEST_NAME "/dma_bytes", said,
					sizeof(said)), 0);
	KUNIT_EXPECT_STREQ(test, said, "131072\n");
	test_region_remove(test, ctx->region);
	ctx->desc.engine = false;
	test_region(test, ctx->owner, &ctx->desc, &ctx->backend->backend);
	KUNIT_EXPECT_EQ(test, -ENOENT, test_read(sys, "class/extmem/" TEST_NAME "/dma_bytes", said,
						 sizeof(said)));
}

static struct kunit_case engine_cases[] = {
	KUNIT_CASE_PARAM(engine_copies, part_gen_params),
	KUNIT_CASE(engine_leaves_the_ends),
	KUNIT_CASE(engine_and_the_caches),
	KUNIT_CASE_PARAM(engine_fails, fault_gen_params),
	KUNIT_CASE(engine_backwards),
	KUNIT_CASE(engine_is_late),
	KUNIT_CASE(engine_hangs),
	KUNIT_CASE(engine_and_a_signal),
	KUNIT_CASE(engine_and_unbind),
	KUNIT_CASE(engine_and_bad_memory),
	KUNIT_CASE(engine_and_the_kernel),
	KUNIT_CASE(engine_and_a_buffer),
	KUNIT_CASE(engine_is_missing),
	KUNIT_CASE_PARAM(engine_is_of_no_use, lack_gen_params),
	KUNIT_CASE(engine_in_sysfs),
	{}
};

static struct kunit_suite engine_suite = {
	.name = "extmem_engine",
	.init = engine_test_init,
	.test_cases = engine_cases,
};

kunit_test_suite(engine_suite);
