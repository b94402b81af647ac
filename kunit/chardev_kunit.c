// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/extmem/<name>: who may open it, and where its calls lead to.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>

#include "fake_backend.h"
#include "fixture.h"

#define FIRST_NAME	TEST_NAME ".first"
#define SECOND_NAME	TEST_NAME ".second"

struct chardev_context {
	struct fake_backend *fake;
	struct device *owner;
	struct vfsmount *dev;
	struct extmem_desc desc;
};

static int chardev_init(struct kunit *test)
{
	struct chardev_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->dev = test_mount(test, "devtmpfs");
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	test->priv = ctx;
	return 0;
}

/* A region with two partitions. */
static struct extmem_region *add(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct extmem_region *region = test_region(test, ctx->owner, &ctx->desc,
						   &ctx->fake->backend);

	test_partition(test, region, FIRST_NAME, 0, PAGE_SIZE);
	test_partition(test, region, SECOND_NAME, PAGE_SIZE, 2 * PAGE_SIZE);
	return region;
}

static struct file *try_open(struct kunit *test, const char *name, int flags)
{
	struct chardev_context *ctx = test->priv;
	char path[96];

	snprintf(path, sizeof(path), "extmem/%s", name);
	return test_open(ctx->dev, path, flags);
}

static struct file *open_it(struct kunit *test, const char *name, int flags)
{
	struct file *file = try_open(test, name, flags);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

static const struct two_case {
	const char *what;
	const char *first, *second;
	bool first_excl, second_excl;
	int ret;
} twos[] = {
	{ "shared, shared", TEST_NAME, TEST_NAME, false, false, 0 },
	{ "exclusive, shared", TEST_NAME, TEST_NAME, true, false, -EBUSY },
	{ "shared, exclusive", TEST_NAME, TEST_NAME, false, true, -EBUSY },
	{ "exclusive, exclusive", TEST_NAME, TEST_NAME, true, true, -EBUSY },
	{ "exclusive root, its partition", TEST_NAME, FIRST_NAME, true, false, -EBUSY },
	{ "root, exclusive partition", TEST_NAME, SECOND_NAME, false, true, -EBUSY },
	{ "exclusive partition, its root", FIRST_NAME, TEST_NAME, true, false, -EBUSY },
	{ "partition, exclusive root", SECOND_NAME, TEST_NAME, false, true, -EBUSY },
	{ "partition twice", FIRST_NAME, FIRST_NAME, true, false, -EBUSY },
	{ "two partitions", FIRST_NAME, SECOND_NAME, true, true, 0 },
	{ "two partitions, one exclusive", SECOND_NAME, FIRST_NAME, true, false, 0 },
	{ "root and partition", TEST_NAME, FIRST_NAME, false, false, 0 },
};

KUNIT_ARRAY_PARAM_DESC(two, twos, what);

static int flags_of(bool exclusive)
{
	return exclusive ? O_RDWR | O_EXCL : O_RDWR;
}

/* Catches: two users of the same bytes, of whom one was promised to be alone. */
static void chardev_exclusive(struct kunit *test)
{
	const struct two_case *param = test->param_value;
	struct extmem_region *region = add(test);
	struct file *first, *second;
	int count;

	first = open_it(test, param->first, flags_of(param->first_excl));
	count = atomic_read(&region->open_count);
	second = try_open(test, param->second, flags_of(param->second_excl));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(second), param->ret);
	if (!IS_ERR(second))
		__fput_sync(second);
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), count);

	/* Who was refused leaves nothing, and when the first is gone he is welcome. */
	__fput_sync(first);
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), 0);
	second = open_it(test, param->second, flags_of(param->second_excl));
	__fput_sync(second);
}

/* Catches: a region that is busy because of who has an older one of that name. */
static void chardev_exclusive_over_removal(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *first = open_it(test, TEST_NAME, O_RDWR | O_EXCL), *second;

	test_region_remove(test, region);
	add(test);
	second = open_it(test, TEST_NAME, O_RDWR | O_EXCL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(try_open(test, TEST_NAME, O_RDWR)), -EBUSY);
	__fput_sync(first);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(try_open(test, TEST_NAME, O_RDWR)), -EBUSY);
	__fput_sync(second);
}

/* Catches: a file that stays where it was, or goes further than it read. */
static void chardev_position(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct file *file;
	u8 buf[16] = {};
	loff_t pos;

	add(test);
	memset(ctx->fake->memory, 0x11, TEST_SIZE);
	file = open_it(test, SECOND_NAME, O_RDWR);
	pos = 2 * PAGE_SIZE - 8;
	KUNIT_EXPECT_EQ(test, 8, kernel_read(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, pos, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, buf[7], 0x11);
	KUNIT_EXPECT_EQ(test, buf[8], 0);
	KUNIT_EXPECT_EQ(test, 0, kernel_read(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, -ENOSPC, kernel_write(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, pos, 2 * PAGE_SIZE);

	memset(buf, 0x22, sizeof(buf));
	pos = 4;
	KUNIT_EXPECT_EQ(test, 16, kernel_write(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, pos, 20);
	KUNIT_EXPECT_EQ(test, ctx->fake->memory[PAGE_SIZE + 3], 0x11);
	KUNIT_EXPECT_EQ(test, ctx->fake->memory[PAGE_SIZE + 4], 0x22);
	KUNIT_EXPECT_EQ(test, ctx->fake->memory[PAGE_SIZE + 20], 0x11);
	__fput_sync(file);
}

/* Catches: an error for who only might have written, or none for who does. */
static void chardev_of_read_only(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct file *file;
	loff_t pos = 0;
	u8 buf[4] = {};

	ctx->desc.read_only = true;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, 4, kernel_read(file, buf, 4, &pos));
	KUNIT_EXPECT_EQ(test, -EPERM, kernel_write(file, buf, 4, &pos));
	KUNIT_EXPECT_EQ(test, pos, 4);
	__fput_sync(file);
}

/* Catches: O_DIRECT refused, though nothing is cached. */
static void chardev_of_direct(struct kunit *test)
{
	add(test);
	__fput_sync(open_it(test, TEST_NAME, O_RDWR | O_DIRECT));
}

/* Catches: files of a region that unbind finds the mappings of some of. */
static void chardev_shares_one_mapping(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *one = open_it(test, TEST_NAME, O_RDWR);
	struct file *other = open_it(test, SECOND_NAME, O_RDWR);

	KUNIT_EXPECT_PTR_EQ(test, one->f_mapping, region->inode->i_mapping);
	KUNIT_EXPECT_PTR_EQ(test, other->f_mapping, region->inode->i_mapping);
	KUNIT_EXPECT_PTR_NE(test, one->f_mapping, file_inode(one)->i_mapping);
	__fput_sync(one);
	__fput_sync(other);
}

static void need_caches(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) &&
	    !IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU))
		kunit_skip(test, "this kernel has no devices that miss what is in a cache");
}

static void expect_sync(struct kunit *test, u64 offset, u64 size)
{
	struct chardev_context *ctx = test->priv;
	const struct fake_record *sync = fake_backend_last(test, ctx->fake, FAKE_SYNC);

	KUNIT_EXPECT_EQ(test, sync->offset, offset);
	KUNIT_EXPECT_EQ(test, sync->size, size);
	KUNIT_EXPECT_FALSE(test, sync->for_cpu);
}

/* Catches: fsync() that does nothing, or not to the partition, or beyond its end. */
static void chardev_fsync(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct file *file;

	need_caches(test);
	add(test);
	file = open_it(test, SECOND_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync(file, 0));
	expect_sync(test, PAGE_SIZE, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync_range(file, 16, 31, 0));
	expect_sync(test, PAGE_SIZE + 16, 16);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync_range(file, 2 * PAGE_SIZE - 1, LLONG_MAX, 1));
	expect_sync(test, 3 * PAGE_SIZE - 1, 1);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync_range(file, 2 * PAGE_SIZE, LLONG_MAX, 1));
	fake_backend_expect(test, ctx->fake, "attach,map,sync,sync,sync,");
	__fput_sync(file);
}

/* Catches: O_SYNC that is ignored. */
static void chardev_of_sync(struct kunit *test)
{
	struct file *file;
	loff_t pos = 32;
	u8 buf[8] = {};

	need_caches(test);
	add(test);
	file = open_it(test, SECOND_NAME, O_RDWR | O_SYNC);
	KUNIT_EXPECT_EQ(test, 8, kernel_write(file, buf, sizeof(buf), &pos));
	expect_sync(test, PAGE_SIZE + 32, 8);
	__fput_sync(file);
}

/* Catches: an error where nobody needs anything to be done that cannot be. */
static void chardev_fsync_without_a_way(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct file *file;

	ctx->fake->ops.sync = NULL;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync(file, 0));
	__fput_sync(file);
}

/* Catches: a promise that memory remembers, where nobody sees to it, or can. */
static void chardev_fsync_of_nvram(struct kunit *test)
{
	struct chardev_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;

	ctx->desc.type = EXTMEM_NVRAM;
	ctx->desc.dma_coherent = true;
	region = add(test);
	file = open_it(test, SECOND_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, 0, vfs_fsync(file, 0));
	expect_sync(test, PAGE_SIZE, 2 * PAGE_SIZE);
	__fput_sync(file);
	test_region_remove(test, region);

	ctx->fake->ops.sync = NULL;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, vfs_fsync(file, 0));
	__fput_sync(file);
}

/* Catches: old files that reach the memory when it is somebody else's. */
static void chardev_over_removal(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *file = open_it(test, FIRST_NAME, O_RDWR);
	loff_t pos = 0;
	u8 buf[8] = {};

	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, kernel_read(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, -ENODEV, kernel_write(file, buf, sizeof(buf), &pos));
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_END), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pos, 0);
	__fput_sync(file);
}

/* Catches: a user who has the kernel's memory by open files, and pays for none of it. */
static void chardev_is_charged(struct kunit *test)
{
	struct test_charges *charges = test_watch_charges(test);
	struct file *file;

	add(test);
	file = open_it(test, TEST_NAME, O_RDONLY);
	test_expect_charged(test, charges, file->private_data);
	__fput_sync(file);
}

static struct kunit_case chardev_cases[] = {
	KUNIT_CASE_PARAM(chardev_exclusive, two_gen_params),
	KUNIT_CASE(chardev_exclusive_over_removal),
	KUNIT_CASE(chardev_position),
	KUNIT_CASE(chardev_of_read_only),
	KUNIT_CASE(chardev_of_direct),
	KUNIT_CASE(chardev_shares_one_mapping),
	KUNIT_CASE(chardev_fsync),
	KUNIT_CASE(chardev_of_sync),
	KUNIT_CASE(chardev_fsync_without_a_way),
	KUNIT_CASE(chardev_fsync_of_nvram),
	KUNIT_CASE(chardev_over_removal),
	KUNIT_CASE(chardev_is_charged),
	{}
};

static struct kunit_suite chardev_suite = {
	.name = "extmem_chardev",
	.init = chardev_init,
	.test_cases = chardev_cases,
};

kunit_test_suite(chardev_suite);
