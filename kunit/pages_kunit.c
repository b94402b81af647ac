// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a region's that others than the CPU hold: which regions have such, what is in
 * them, and unbind, which waits. On memory of a board's; rules_cases.h has the rules.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fake_backend.h"
#include "fixture.h"

#define CAN_WRITE	(PROT_READ | PROT_WRITE)
#define HELD		4	/* pages that a test holds */
#define SECOND		1000	/* ms */

/* What the log says. */
#define COULD_NOT	"no pages could be made for 0x200000 bytes: -ENOMEM; " \
			"for -ENOMEM, free 1/64 of that and bind the driver again"
#define WRONG_POLICY	"cache-policy: no direct I/O: \"write-combine\""

/* A window outside RAM, and a carve-out in it. */
static const struct kind_case {
	const char *name;
	const char *region;
	enum extmem_pages pages;
} kinds[] = {
	{ "made", "ddr-window", EXTMEM_MADE_PAGES },
	{ "own", "capture", EXTMEM_OWN_PAGES },
};

KUNIT_ARRAY_PARAM_DESC(kind, kinds, name);

struct pages_context {
	struct device *owner;
	struct vfsmount *dev;
	struct extmem_desc desc;
	struct extmem_region *region;
	struct file *file;
	unsigned long addr;
	struct page *held[HELD];
	struct completion removed;
};

static int pages_test_init(struct kunit *test)
{
	struct pages_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->owner = test_owner(test);
	ctx->dev = test_mount(test, "devtmpfs");
	init_completion(&ctx->removed);
	return 0;
}

/* The region of the case, write-back. */
static void add_kind(struct kunit *test)
{
	const struct kind_case *param = test->param_value;
	struct pages_context *ctx = test->priv;

	ctx->desc = test_take_from_board(test, param->region)->desc;
	if (param->pages == EXTMEM_MADE_PAGES && !IS_ENABLED(CONFIG_ZONE_DEVICE))
		kunit_skip(test, "this kernel makes no pages: CONFIG_ZONE_DEVICE");
	strscpy(ctx->desc.name, TEST_NAME);
	ctx->desc.policy = EXTMEM_WRITE_BACK;
	ctx->region = test_region(test, ctx->owner, &ctx->desc,
				  test_backend(test, ctx->owner, "memremap"));
}

static void open_it(struct kunit *test)
{
	struct pages_context *ctx = test->priv;

	ctx->file = test_open_device(test, ctx->dev, TEST_NAME, O_RDWR);
}

static void map_it(struct kunit *test, unsigned long offset, unsigned long size)
{
	struct pages_context *ctx = test->priv;

	ctx->addr = test_map(test, ctx->file, CAN_WRITE, offset, size);
}

/* As a driver does that will have a device use them for a while. */
static int hold(struct kunit *test, unsigned long addr, int count)
{
	struct pages_context *ctx = test->priv;

	return pin_user_pages_fast(addr, count, FOLL_WRITE | FOLL_LONGTERM, ctx->held);
}

static void let_go(struct kunit *test, int first, int count)
{
	struct pages_context *ctx = test->priv;

	unpin_user_pages(ctx->held + first, count);
}

/* As the user sees it, or -EFAULT. */
static int user_byte(unsigned long addr)
{
	u8 value;

	return copy_from_user(&value, (u8 __user *)addr, 1) ? -EFAULT : value;
}

static void write_page(struct page *page, u8 value)
{
	u8 *vaddr = kmap_local_page(page);

	memset(vaddr, value, PAGE_SIZE);
	kunmap_local(vaddr);
}

/*
 * Catches: memory that others are refused, or given other pages of; entries of pages and
 * huge ones, touched before and not.
 */
static void pages_can_be_held(struct kunit *test)
{
	const struct kind_case *param = test->param_value;
	struct pages_context *ctx = test->priv;
	static const unsigned long offsets[] = { 0, SZ_64K + PAGE_SIZE, SZ_1M };
	unsigned int i, j;

	add_kind(test);
	open_it(test);
	KUNIT_EXPECT_EQ(test, ctx->region->pages, param->pages);
	map_it(test, 0, SZ_2M);
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		unsigned long at = ctx->addr + offsets[i];

		if (i)
			KUNIT_EXPECT_EQ(test, 0, put_user(0x11, (u8 __user *)at));
		KUNIT_ASSERT_EQ(test, HELD, hold(test, at, HELD));
		for (j = 0; j < HELD; j++) {
			KUNIT_EXPECT_EQ(test, page_to_pfn(ctx->held[j]),
					PHYS_PFN(ctx->region->base + offsets[i]) + j);
			write_page(ctx->held[j], 0xa0 + j);
			KUNIT_EXPECT_EQ(test, user_byte(at + j * PAGE_SIZE + 77), 0xa0 + j);
		}
		let_go(test, 0, HELD);
	}
}

/* Catches: a mapping of a part, or of a partition, that gives other pages. */
static void pages_of_a_part(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct file *file;
	unsigned long addr;

	add_kind(test);
	test_partition(test, ctx->region, TEST_NAME ".part", SZ_1M, SZ_64K);
	open_it(test);
	map_it(test, SZ_64K, SZ_64K);
	KUNIT_ASSERT_EQ(test, 1, hold(test, ctx->addr + PAGE_SIZE, 1));
	KUNIT_EXPECT_EQ(test, page_to_pfn(ctx->held[0]),
			PHYS_PFN(ctx->region->base + SZ_64K) + 1);
	let_go(test, 0, 1);
	file = test_open_device(test, ctx->dev, TEST_NAME ".part", O_RDWR);
	addr = test_map(test, file, CAN_WRITE, PAGE_SIZE, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 1, hold(test, addr, 1));
	KUNIT_EXPECT_EQ(test, page_to_pfn(ctx->held[0]),
			PHYS_PFN(ctx->region->base + SZ_1M) + 1);
	let_go(test, 0, 1);
}

static int remove_it(void *data)
{
	struct kunit *test = data;
	struct pages_context *ctx = test->priv;

	test_region_remove(test, ctx->region);
	complete(&ctx->removed);
	return 0;
}

static bool is_removed(struct kunit *test, unsigned int ms)
{
	struct pages_context *ctx = test->priv;

	return wait_for_completion_timeout(&ctx->removed, msecs_to_jiffies(ms));
}

/* Catches: a page that goes while somebody holds it, and an unbind that says nothing. */
static void pages_hold_up_unbind(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct task_struct *task;
	char byte;
	loff_t pos = 0;
	u64 start;

	add_kind(test);
	open_it(test);
	map_it(test, 0, SZ_2M);
	KUNIT_ASSERT_EQ(test, HELD, hold(test, ctx->addr + SZ_64K, HELD));
	start = test_log_start();
	task = kthread_run(remove_it, test, "extmem-remove");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_EXPECT_FALSE(test, is_removed(test, 200));

	/* Whoever has it not yet does not get it any more. */
	KUNIT_EXPECT_EQ(test, -ENODEV, kernel_read(ctx->file, &byte, 1, &pos));
	KUNIT_EXPECT_EQ(test, -EFAULT, user_byte(ctx->addr + SZ_64K));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "waiting for 4 pages"));
	write_page(ctx->held[HELD - 1], 0x77);

	let_go(test, 0, HELD - 1);
	KUNIT_EXPECT_FALSE(test, is_removed(test, 100));
	write_page(ctx->held[HELD - 1], 0x78);
	let_go(test, HELD - 1, 1);
	KUNIT_EXPECT_TRUE(test, is_removed(test, 10 * SECOND));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "waiting for"));
}

/* Catches: pages, or what they are made of, that are left when the region has gone. */
static void pages_come_and_go(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct extmem_backend *backend;
	unsigned int i;

	add_kind(test);
	backend = ctx->region->backend;
	for (i = 0; i < 20; i++) {
		struct file *file = test_open(ctx->dev, "extmem/" TEST_NAME, O_RDWR);
		unsigned long addr;

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
		addr = test_map(test, file, CAN_WRITE, 0, SZ_2M);
		KUNIT_ASSERT_EQ(test, HELD, hold(test, addr, HELD));
		let_go(test, 0, HELD);
		test_region_remove(test, ctx->region);
		KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, SZ_2M));
		__fput_sync(file);
		ctx->region = test_region(test, ctx->owner, &ctx->desc, backend);
	}
}

static void expect_direct_io(struct kunit *test, const char *want)
{
	struct vfsmount *sys = test_mount(test, "sysfs");
	char said[16] = "";

	test_read(sys, "class/extmem/" TEST_NAME "/direct_io", said, sizeof(said));
	KUNIT_EXPECT_STREQ(test, want, said);
}

/* Catches: memory spent on a region that nobody uses, and a fact that is one too late. */
static void pages_are_made_when_wanted(struct kunit *test)
{
	struct pages_context *ctx = test->priv;

	add_kind(test);
	expect_direct_io(test, "yes\n");
	KUNIT_EXPECT_FALSE(test, ctx->region->knows_pages);
	KUNIT_EXPECT_EQ(test, ctx->region->pages, EXTMEM_NO_PAGES);
	open_it(test);
	KUNIT_EXPECT_TRUE(test, ctx->region->knows_pages);
	expect_direct_io(test, "yes\n");
}

static int make_no_pages(struct extmem_region *region)
{
	return -ENOMEM;
}

/* Catches: a region that is lost for want of memory, or says yes all the same. */
static void pages_cannot_be_made(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct fake_backend *fake = fake_backend_new(test);
	u64 start = test_log_start();
	unsigned long addr;

	if (!IS_ENABLED(CONFIG_ZONE_DEVICE))
		kunit_skip(test, "this kernel makes no pages: CONFIG_ZONE_DEVICE");
	fake->ops.make_pages = make_no_pages;
	fake->ops.pfn = NULL;
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, SZ_2M, EXTMEM_WRITE_BACK);
	test_region(test, ctx->owner, &ctx->desc, &fake->backend);
	expect_direct_io(test, "yes\n");
	open_it(test);
	expect_direct_io(test, "no\n");
	__fput_sync(test_open(ctx->dev, "extmem/" TEST_NAME, O_RDONLY));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, COULD_NOT));
	/* As any region without pages. */
	addr = test_map(test, ctx->file, PROT_READ, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EFAULT, hold(test, addr, 1));
}

/* Catches: a reason that is not given, or at each opening. */
static void pages_there_are_none(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct fake_backend *fake = fake_backend_new(test);
	u64 start = test_log_start();
	unsigned long addr;

	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_COMBINE);
	fake->ops.pfn = NULL;
	test_region(test, ctx->owner, &ctx->desc, &fake->backend);
	expect_direct_io(test, "no\n");
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "no direct I/O"));
	open_it(test);
	__fput_sync(test_open(ctx->dev, "extmem/" TEST_NAME, O_RDONLY));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, WRONG_POLICY));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "no direct I/O"));
	addr = test_map(test, ctx->file, CAN_WRITE, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EFAULT, hold(test, addr, 1));
}

/* Catches: pages of what no backend can make any for. */
static void pages_that_nobody_makes(struct kunit *test)
{
	struct pages_context *ctx = test->priv;
	struct fake_backend *fake = fake_backend_new(test);
	u64 start = test_log_start();

	ctx->desc = test_desc(TEST_NAME, TEST_BASE, SZ_2M, EXTMEM_WRITE_BACK);
	fake->ops.pfn = NULL;
	ctx->region = test_region(test, ctx->owner, &ctx->desc, &fake->backend);
	expect_direct_io(test, "no\n");
	open_it(test);
	KUNIT_EXPECT_EQ(test, ctx->region->pages, EXTMEM_NO_PAGES);
	test_expect_said(test, start,
			 "no direct I/O: this kernel makes no pages for these 0x200000 bytes; ");
}

static void free_page_of(void *vaddr)
{
	free_page((unsigned long)vaddr);
}

static bool join_image(const void *of_kernel)
{
	return extmem_pages_join_image(__pa_symbol(of_kernel), 1);
}

/*
 * Catches: a carve-out that is the kernel's own memory, for it reserved nothing or its
 * image is there, and one that is refused though it was reserved.
 */
static void pages_are_reserved(struct kunit *test)
{
	const struct test_board_region *taken;
	void *page = (void *)__get_free_page(GFP_KERNEL);
	u64 base = virt_to_phys(page);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_page_of, page));
	KUNIT_EXPECT_FALSE(test, extmem_pages_are_reserved(base, PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, extmem_pages_are_reserved(base + PAGE_SIZE - 1, 1));
	KUNIT_EXPECT_FALSE(test, extmem_pages_join_image(base, PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, join_image(schedule));
	KUNIT_EXPECT_TRUE(test, join_image(&init_task));
	/* Whatever the kernel has no pages for is nobody's to take. */
	KUNIT_EXPECT_TRUE(test, extmem_pages_are_reserved(TEST_HUGE_BASE, SZ_1M));
	taken = test_take_from_board(test, "capture");
	KUNIT_EXPECT_TRUE(test, extmem_pages_are_reserved(taken->desc.base, taken->desc.size));
	KUNIT_EXPECT_FALSE(test, extmem_pages_join_image(taken->desc.base, taken->desc.size));
	/* The byte behind it is in the same block of RAM, and free. */
	KUNIT_EXPECT_FALSE(test, extmem_pages_are_reserved(taken->desc.base,
							   taken->desc.size + SZ_2M));
}

static struct kunit_case pages_cases[] = {
	KUNIT_CASE_PARAM(pages_can_be_held, kind_gen_params),
	KUNIT_CASE_PARAM(pages_of_a_part, kind_gen_params),
	KUNIT_CASE_PARAM(pages_hold_up_unbind, kind_gen_params),
	KUNIT_CASE_PARAM(pages_come_and_go, kind_gen_params),
	KUNIT_CASE_PARAM(pages_are_made_when_wanted, kind_gen_params),
	KUNIT_CASE(pages_cannot_be_made),
	KUNIT_CASE(pages_there_are_none),
	KUNIT_CASE(pages_that_nobody_makes),
	KUNIT_CASE(pages_are_reserved),
	{}
};

static struct kunit_suite pages_suite = {
	.name = "extmem_pages",
	.init = pages_test_init,
	.test_cases = pages_cases,
};

kunit_test_suite(pages_suite);
