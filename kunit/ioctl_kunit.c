// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls, with structs of other sizes than the kernel's and with bad input.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/extmem.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"
#define ROOM		512	/* for a struct and what comes behind it */

struct ioctl_context {
	struct fake_backend *fake;
	struct device *owner;
	struct extmem_desc desc;
	unsigned long page;	/* a user's; nothing is behind it */
	union {
		struct extmem_info info;
		struct extmem_sync sync;
		struct extmem_alloc alloc;
		struct extmem_export export;
		u8 bytes[ROOM];
	};
};

static int ioctl_init(struct kunit *test)
{
	struct ioctl_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_COMBINE);
	ctx->page = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_NE(test, ctx->page, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(ctx->page));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(ctx->page + PAGE_SIZE, PAGE_SIZE));
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

static long try_at(struct extmem_region *region, unsigned int cmd, unsigned long arg)
{
	return extmem_ioctl(region, FMODE_READ | FMODE_WRITE, cmd, (void __user *)arg);
}

/* With ctx->bytes in the user's memory, and back; by a file that was opened like that. */
static long call_as(struct kunit *test, struct extmem_region *region, fmode_t mode,
		    unsigned int cmd)
{
	struct ioctl_context *ctx = test->priv;
	void __user *arg = (void __user *)ctx->page;
	long ret;

	KUNIT_ASSERT_EQ(test, 0, copy_to_user(arg, ctx->bytes, ROOM));
	ret = extmem_ioctl(region, mode, cmd, arg);
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(ctx->bytes, arg, ROOM));
	return ret;
}

static long call(struct kunit *test, struct extmem_region *region, unsigned int cmd)
{
	return call_as(test, region, FMODE_READ | FMODE_WRITE, cmd);
}

static long call_info(struct kunit *test, struct extmem_region *region, u32 size)
{
	struct ioctl_context *ctx = test->priv;

	ctx->info.size = size;
	return call(test, region, EXTMEM_IOC_INFO);
}

static long call_sync(struct kunit *test, struct extmem_region *region, u32 flags,
		      u64 offset, u64 length)
{
	struct ioctl_context *ctx = test->priv;

	ctx->sync = (struct extmem_sync) {
		.size = sizeof(ctx->sync),
		.flags = flags,
		.offset = offset,
		.length = length,
	};
	return call(test, region, EXTMEM_IOC_SYNC);
}

/* Catches: a fact that is another one's, and a struct that grew in the middle. */
static void ioctl_info_has_every_fact(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_info *info = &ctx->info;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_NVRAM;
	ctx->desc.io_width = 4;
	ctx->desc.numa_node = 3;
	region = add(test);
	atomic_set(&region->open_count, 7);
	KUNIT_EXPECT_EQ(test, 0, call_info(test, region, sizeof(*info)));
	atomic_set(&region->open_count, 0);
	KUNIT_EXPECT_EQ(test, info->size, 216);
	KUNIT_EXPECT_EQ(test, info->bytes, TEST_SIZE);
	KUNIT_EXPECT_EQ(test, info->phys_addr, TEST_BASE);
	KUNIT_EXPECT_EQ(test, info->type, EXTMEM_NVRAM);
	KUNIT_EXPECT_EQ(test, info->policy, EXTMEM_WRITE_COMBINE);
	KUNIT_EXPECT_EQ(test, info->effective, extmem_region_attr(region));
	KUNIT_EXPECT_EQ(test, info->access, EXTMEM_ACCESS_WRITE | EXTMEM_ACCESS_MMAP |
					    EXTMEM_ACCESS_COHERENT);
	KUNIT_EXPECT_EQ(test, info->state, EXTMEM_STATE_READY);
	KUNIT_EXPECT_EQ(test, info->io_width, 0);	/* nobody keeps to it there */
	KUNIT_EXPECT_EQ(test, info->numa_node, 3);
	KUNIT_EXPECT_EQ(test, info->open_count, 7);
	KUNIT_EXPECT_STREQ(test, info->name, TEST_NAME);
	KUNIT_EXPECT_STREQ(test, info->backend, FAKE_NAME);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->bytes + sizeof(*info), 0,
					   ROOM - sizeof(*info)));
}

/* Catches: a promise of what the region cannot do. */
static void ioctl_info_of_less(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region, *part;

	ctx->desc.policy = EXTMEM_WRITE_BACK;
	ctx->fake->no_address = true;
	region = add(test);
	part = test_partition(test, region, PART_NAME, 64, PAGE_SIZE);
	part->desc.read_only = true;
	KUNIT_EXPECT_EQ(test, 0, call_info(test, part, sizeof(ctx->info)));
	KUNIT_EXPECT_EQ(test, ctx->info.bytes, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ctx->info.phys_addr, EXTMEM_PHYS_ADDR_NONE);
	KUNIT_EXPECT_EQ(test, ctx->info.access & ~EXTMEM_ACCESS_COHERENT, 0);
	KUNIT_EXPECT_EQ(test, !!(ctx->info.access & EXTMEM_ACCESS_COHERENT),
			extmem_sync_is_needless(part));
	KUNIT_EXPECT_STREQ(test, ctx->info.name, PART_NAME);
}

/* Catches: a width that is not told where it is kept to. */
static void ioctl_info_of_registers(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_MMIO;
	ctx->desc.policy = EXTMEM_UNCACHED;
	ctx->desc.io_width = 4;
	region = add(test);
	KUNIT_EXPECT_EQ(test, 0, call_info(test, region, sizeof(ctx->info)));
	KUNIT_EXPECT_EQ(test, ctx->info.io_width, 4);
	KUNIT_EXPECT_EQ(test, 0, call_info(test, test_partition(test, region, PART_NAME,
								0, 64),
					   sizeof(ctx->info)));
	KUNIT_EXPECT_EQ(test, ctx->info.io_width, 4);
}

/* Catches: a program of tomorrow that this kernel does not understand. */
static void ioctl_struct_that_is_longer(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	ctx->bytes[ROOM - 1] = 0x5a;	/* behind it */
	KUNIT_EXPECT_EQ(test, 0, call_info(test, region, ROOM - 1));
	KUNIT_EXPECT_EQ(test, ctx->info.size, ROOM - 1);
	KUNIT_EXPECT_EQ(test, ctx->info.bytes, TEST_SIZE);
	KUNIT_EXPECT_EQ(test, ctx->bytes[ROOM - 1], 0x5a);

	memset(ctx->bytes, 0, ROOM);
	ctx->sync = (struct extmem_sync) {
		.size = sizeof(ctx->sync) + 1,
		.flags = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END,
		.length = 64,
		.done = 99,
	};
	KUNIT_EXPECT_EQ(test, 0, call(test, region, EXTMEM_IOC_SYNC));
	KUNIT_EXPECT_EQ(test, ctx->sync.size, sizeof(ctx->sync) + 1);
	KUNIT_EXPECT_EQ(test, ctx->sync.done, EXTMEM_SYNC_BARRIER);
}

/* Catches: a wish that is not understood, and granted in silence. */
static void ioctl_struct_with_an_unknown_member(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	ctx->bytes[sizeof(ctx->info)] = 1;
	KUNIT_EXPECT_EQ(test, -E2BIG, call_info(test, region, sizeof(ctx->info) + 1));
	/* Nothing is said to who is not understood. */
	KUNIT_EXPECT_EQ(test, ctx->info.bytes, 0);
	/* What is behind the struct is nobody's business. */
	KUNIT_EXPECT_EQ(test, 0, call_info(test, region, sizeof(ctx->info)));

	memset(ctx->bytes, 0, ROOM);
	ctx->bytes[ROOM - 1] = 1;
	KUNIT_EXPECT_EQ(test, -E2BIG, call_info(test, region, ROOM));
}

/* Catches: members that are taken from behind the caller's struct. */
static void ioctl_struct_that_is_shorter(struct kunit *test)
{
	static const u32 sizes[] = { 0, 1, 4, 8, 31, 215 };
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		KUNIT_EXPECT_EQ(test, -EINVAL, call_info(test, region, sizes[i]));
	KUNIT_EXPECT_EQ(test, ctx->info.bytes, 0);
	ctx->sync = (struct extmem_sync) {
		.size = sizeof(ctx->sync) - 1,
		.flags = EXTMEM_SYNC_WRITE,
		.length = 64,
	};
	KUNIT_EXPECT_EQ(test, -EINVAL, call(test, region, EXTMEM_IOC_SYNC));
}

/* Catches: an oops, or half of a struct, where the memory ends. */
static void ioctl_struct_that_is_not_there(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned long hole = ctx->page + PAGE_SIZE;
	static const u32 there[] = { 0, 2, 4, 64, sizeof(struct extmem_info) - 1 };
	const u32 size = sizeof(struct extmem_info);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(there); i++) {
		unsigned long arg = hole - there[i];

		if (there[i] >= 4)
			KUNIT_ASSERT_EQ(test, 0, put_user(size, (u32 __user *)arg));
		KUNIT_EXPECT_EQ(test, -EFAULT, try_at(region, EXTMEM_IOC_INFO, arg));
	}
	/* One that is all there, and says that it is longer. */
	KUNIT_ASSERT_EQ(test, 0, clear_user((void __user *)(hole - size), size));
	KUNIT_ASSERT_EQ(test, 0, put_user(size + 1, (u32 __user *)(hole - size)));
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(region, EXTMEM_IOC_INFO, hole - size));
	KUNIT_ASSERT_EQ(test, 0, put_user(size, (u32 __user *)(hole - size)));
	KUNIT_EXPECT_EQ(test, 0, try_at(region, EXTMEM_IOC_INFO, hole - size));

	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(region, EXTMEM_IOC_INFO, 0));
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(region, EXTMEM_IOC_SYNC, 0));
	ctx->info.size = size;
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(region, EXTMEM_IOC_INFO, (unsigned long)&ctx->info));
}

/* Catches: a flag that is ignored today, and means something tomorrow. */
static void ioctl_info_has_no_flags(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		ctx->info.flags = BIT(bit);
		KUNIT_EXPECT_EQ(test, -EINVAL, call_info(test, region, sizeof(ctx->info)));
	}
}

/* Catches: a range that wraps, or is not in the region, and flags that mean nothing. */
static void ioctl_sync_is_checked(struct kunit *test)
{
	const u32 end = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END;
	static const struct { u64 offset, length; } bad[] = {
		{ 0, 0 }, { TEST_SIZE - 1, 0 }, { TEST_SIZE, 1 }, { TEST_SIZE, 0 },
		{ 0, TEST_SIZE + 1 }, { TEST_SIZE - 1, 2 }, { 1, U64_MAX },
		{ U64_MAX, 1 }, { U64_MAX, 2 }, { BIT_ULL(63), BIT_ULL(63) },
		{ BIT_ULL(32), 64 }, { 0, BIT_ULL(32) }, { 64, BIT_ULL(63) },
	};
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    call_sync(test, region, end, bad[i].offset,
					      bad[i].length), "case %u", i);
	for (i = 3; i < 32; i++)
		KUNIT_EXPECT_EQ(test, -EINVAL, call_sync(test, region, end | BIT(i), 0, 64));
	KUNIT_EXPECT_EQ(test, -EINVAL, call_sync(test, region, 0, 0, 64));
	KUNIT_EXPECT_EQ(test, -EINVAL, call_sync(test, region, EXTMEM_SYNC_END, 0, 64));
	KUNIT_EXPECT_EQ(test, 0, call_sync(test, region, end, TEST_SIZE - 1, 1));
	KUNIT_EXPECT_EQ(test, 0, call_sync(test, region, end, 0, TEST_SIZE));
	ctx->sync.reserved = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, call(test, region, EXTMEM_IOC_SYNC));
}

/* Catches: an answer that stays in the kernel, or says what was done last time. */
static void ioctl_sync_says_what_was_done(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	KUNIT_EXPECT_EQ(test, 0, call_sync(test, region, EXTMEM_SYNC_READ, 0, 64));
	KUNIT_EXPECT_EQ(test, ctx->sync.done, EXTMEM_SYNC_BARRIER);
	KUNIT_EXPECT_EQ(test, ctx->sync.size, 32);
	KUNIT_EXPECT_EQ(test, ctx->sync.flags, EXTMEM_SYNC_READ);
	ctx->sync.done = 99;
	ctx->sync.flags = EXTMEM_SYNC_WRITE;
	KUNIT_EXPECT_EQ(test, 0, call(test, region, EXTMEM_IOC_SYNC));
	KUNIT_EXPECT_EQ(test, ctx->sync.done, EXTMEM_SYNC_NOTHING);
}

/* Catches: the range of a partition checked against its root. */
static void ioctl_sync_of_partition(struct kunit *test)
{
	struct extmem_region *part = test_partition(test, add(test), PART_NAME, 64, 128);

	KUNIT_EXPECT_EQ(test, 0, call_sync(test, part, EXTMEM_SYNC_READ, 0, 128));
	KUNIT_EXPECT_EQ(test, -EINVAL, call_sync(test, part, EXTMEM_SYNC_READ, 0, 129));
	KUNIT_EXPECT_EQ(test, -EINVAL, call_sync(test, part, EXTMEM_SYNC_READ, 128, 1));
}

static long export_as(struct kunit *test, struct extmem_region *region, fmode_t mode)
{
	struct ioctl_context *ctx = test->priv;

	ctx->export = (struct extmem_export){ .size = sizeof(ctx->export), .length = PAGE_SIZE };
	return call_as(test, region, mode, EXTMEM_IOC_EXPORT);
}

/* Catches: who may only write, and reads through a window. */
static void ioctl_export_needs_a_reader(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region;

	/* Whom it is not refused to at the door gets no further: there is no window here. */
	ctx->fake->no_address = true;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -EACCES, export_as(test, region, FMODE_WRITE));
	KUNIT_EXPECT_EQ(test, -EACCES, export_as(test, region, 0));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, export_as(test, region, FMODE_READ));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, export_as(test, region, FMODE_READ | FMODE_WRITE));
}

/* Catches: a pool that is emptied by who may only look at it. */
static void ioctl_alloc_needs_a_writer(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_CMA;
	region = add(test);
	ctx->alloc = (struct extmem_alloc){ .size = sizeof(ctx->alloc), .length = PAGE_SIZE };
	KUNIT_EXPECT_EQ(test, -EACCES, call_as(test, region, FMODE_READ, EXTMEM_IOC_ALLOC));
	KUNIT_EXPECT_EQ(test, 0, extmem_pool_use_of(region).allocations);
}

/* Catches: an ioctl of somebody else's, or of tomorrow's, that does something. */
static void ioctl_that_is_unknown(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	static const unsigned int cmds[] = {
		_IO(EXTMEM_IOC_TYPE, 5), _IO(EXTMEM_IOC_TYPE, 255),
		_IO(EXTMEM_IOC_TYPE + 1, 0), _IO(0, 0), 0, ~0U,
		_IOR(EXTMEM_IOC_TYPE, 0, struct extmem_info),
		_IOWR(EXTMEM_IOC_TYPE, 1, struct extmem_sync),
	};
	unsigned int i;

	ctx->info.size = sizeof(ctx->info);
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		KUNIT_EXPECT_EQ(test, -ENOTTY, call(test, region, cmds[i]));
	KUNIT_EXPECT_EQ(test, ctx->info.bytes, 0);
}

/* Catches: the facts of a region that is gone. */
static void ioctl_behind_a_closed_gate(struct kunit *test)
{
	struct ioctl_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	get_device(&region->dev);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, call_info(test, region, sizeof(ctx->info)));
	KUNIT_EXPECT_EQ(test, -ENODEV, call_sync(test, region, EXTMEM_SYNC_READ, 0, 64));
	KUNIT_EXPECT_EQ(test, -ENODEV, call(test, region, _IO(EXTMEM_IOC_TYPE, 255)));
	put_device(&region->dev);
}

static struct kunit_case ioctl_cases[] = {
	KUNIT_CASE(ioctl_info_has_every_fact),
	KUNIT_CASE(ioctl_info_of_less),
	KUNIT_CASE(ioctl_info_of_registers),
	KUNIT_CASE(ioctl_struct_that_is_longer),
	KUNIT_CASE(ioctl_struct_with_an_unknown_member),
	KUNIT_CASE(ioctl_struct_that_is_shorter),
	KUNIT_CASE(ioctl_struct_that_is_not_there),
	KUNIT_CASE(ioctl_info_has_no_flags),
	KUNIT_CASE(ioctl_sync_is_checked),
	KUNIT_CASE(ioctl_sync_says_what_was_done),
	KUNIT_CASE(ioctl_sync_of_partition),
	KUNIT_CASE(ioctl_export_needs_a_reader),
	KUNIT_CASE(ioctl_alloc_needs_a_writer),
	KUNIT_CASE(ioctl_that_is_unknown),
	KUNIT_CASE(ioctl_behind_a_closed_gate),
	{}
};

static struct kunit_suite ioctl_suite = {
	.name = "extmem_ioctl",
	.init = ioctl_init,
	.test_cases = ioctl_cases,
};

kunit_test_suite(ioctl_suite);
