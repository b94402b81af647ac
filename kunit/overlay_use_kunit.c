// SPDX-License-Identifier: GPL-2.0
/*
 * An overlay that is taken away under who uses its region: with a mapping, with an open
 * file, in the middle of a copy. User space has no way to remove an overlay, so this is
 * no guest test.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "fixture.h"

#define USE_BASE	0x90000000ULL	/* in use_region.dtso */
#define USE_SIZE	(2 * PAGE_SIZE)
#define OFFSET		8

/**
 * struct use - who uses the region of an overlay
 * @overlay: the overlay goes when this test ends
 * @file: open on it
 * @addr: where it is mapped
 */
struct use {
	struct kunit overlay;
	struct file *file;
	u32 __user *addr;
};

static void remove_what_is_left(void *overlay)
{
	kunit_cleanup(overlay);
}

static void start_use(struct kunit *test, struct use *use, void (*apply)(struct kunit *test))
{
	/* Where there is none the test ends here, and leaves no overlay. */
	struct vfsmount *dev = test_mount(test, "devtmpfs");
	unsigned long addr;

	kunit_init_test(&use->overlay, "overlay", NULL);
	/* For a test that ends before it removes it. */
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, remove_what_is_left, &use->overlay));
	apply(&use->overlay);
	KUNIT_ASSERT_EQ(test, use->overlay.status, KUNIT_SUCCESS);
	use->file = test_open(dev, "extmem/" OVERLAY_REGION, O_RDWR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, use->file);
	addr = kunit_vm_mmap(test, use->file, 0, USE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_SHARED, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	use->addr = (u32 __user *)addr;
}

static void end_use(struct use *use)
{
	vm_munmap((unsigned long)use->addr, USE_SIZE);
	__fput_sync(use->file);
}

static void remove_overlay(struct kunit *test, struct use *use)
{
	kunit_cleanup(&use->overlay);
	KUNIT_EXPECT_EQ(test, use->overlay.status, KUNIT_SUCCESS);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(OVERLAY_REGION));
}

static ssize_t read_word(struct use *use, u32 *word)
{
	loff_t pos = OFFSET;

	return kernel_read(use->file, word, sizeof(*word), &pos);
}

static void expect_it_works(struct kunit *test, struct use *use)
{
	u32 __user *there = use->addr + OFFSET / sizeof(u32);
	u32 word = 0;

	KUNIT_EXPECT_EQ(test, 0, put_user(0x600d5eed, there));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(&word, there, sizeof(word)));
	KUNIT_EXPECT_EQ(test, word, 0x600d5eed);
	word = 0;
	KUNIT_EXPECT_EQ(test, 4, read_word(use, &word));
	KUNIT_EXPECT_EQ(test, word, 0x600d5eed);
}

static void expect_it_is_gone(struct kunit *test, struct use *use)
{
	u32 word;

	KUNIT_EXPECT_NE(test, 0, copy_from_user(&word, use->addr, sizeof(word)));
	KUNIT_EXPECT_EQ(test, -EFAULT, put_user(0, use->addr + USE_SIZE / sizeof(u32) - 1));
	KUNIT_EXPECT_EQ(test, -ENODEV, read_word(use, &word));
}

/* The region goes while it is used, comes again, and the old use stays what it is. */
static void use_and_remove(struct kunit *test, void (*apply)(struct kunit *test))
{
	struct use *old = kunit_kzalloc(test, 2 * sizeof(*old), GFP_KERNEL), *new = old + 1;

	KUNIT_ASSERT_NOT_NULL(test, old);
	start_use(test, old, apply);
	expect_it_works(test, old);
	remove_overlay(test, old);
	expect_it_is_gone(test, old);

	start_use(test, new, apply);
	expect_it_works(test, new);
	expect_it_is_gone(test, old);
	remove_overlay(test, new);
	expect_it_is_gone(test, new);
	end_use(old);
	end_use(new);
}

/**
 * struct reader - who reads until he is told that the region is gone
 * @use: what from
 * @reads: how often he has read
 * @result: what he was told in the end
 * @done: he has ended
 */
struct reader {
	struct use *use;
	atomic_t reads;
	ssize_t result;
	struct completion done;
};

static int read_on(void *data)
{
	struct reader *reader = data;
	void *buf = kmalloc(USE_SIZE, GFP_KERNEL);

	reader->result = -ENOMEM;
	while (buf) {
		loff_t pos = 0;

		/* The last one may be cut short. */
		reader->result = kernel_read(reader->use->file, buf, USE_SIZE, &pos);
		if (reader->result <= 0)
			break;
		atomic_inc(&reader->reads);
		cond_resched();
	}
	kfree(buf);
	complete(&reader->done);
	return 0;
}

static void remove_while_read(struct kunit *test, void (*apply)(struct kunit *test))
{
	struct reader *reader = kunit_kzalloc(test, sizeof(*reader), GFP_KERNEL);
	struct use *use = kunit_kzalloc(test, sizeof(*use), GFP_KERNEL);
	struct task_struct *task;
	int tries = 100;

	KUNIT_ASSERT_NOT_NULL(test, reader);
	KUNIT_ASSERT_NOT_NULL(test, use);
	start_use(test, use, apply);
	reader->use = use;
	init_completion(&reader->done);
	task = kthread_run(read_on, reader, "extmem-reader");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	while (atomic_read(&reader->reads) < 10 && tries--)
		msleep(20);
	remove_overlay(test, use);
	/* Who is stuck still uses what would be freed here, so wait on, and say so. */
	while (!wait_for_completion_timeout(&reader->done, 60 * HZ))
		KUNIT_FAIL(test, "the reader is stuck");
	KUNIT_EXPECT_GE(test, atomic_read(&reader->reads), 10);
	KUNIT_EXPECT_EQ(test, reader->result, -ENODEV);
	end_use(use);
}

/*
 * Catches: a mapping that outlives its overlay, one that the next region of the same
 * node revives, and a fault that meets what was freed.
 */
static void overlay_use_simulated(struct kunit *test)
{
	test_serve_by_sim(test);
	use_and_remove(test, test_apply_overlay);
}

/* Catches: a copy that goes on in pages that were freed. */
static void overlay_use_simulated_read(struct kunit *test)
{
	test_serve_by_sim(test);
	remove_while_read(test, test_apply_overlay);
}

static void apply_on_real_memory(struct kunit *test)
{
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, use_region));
	test_populate(test);
}

static void need_real_memory(struct kunit *test)
{
	const struct test_board_region *sram = test_take_from_board(test, "sram");

	if (sram->desc.base != USE_BASE)
		kunit_skip(test, "the board's sram is at %#llx", sram->desc.base);
}

/* Catches: the same where page tables of the machine's point at real memory. */
static void overlay_use_real(struct kunit *test)
{
	need_real_memory(test);
	use_and_remove(test, apply_on_real_memory);
}

static void overlay_use_real_read(struct kunit *test)
{
	need_real_memory(test);
	remove_while_read(test, apply_on_real_memory);
}

static struct kunit_case overlay_use_cases[] = {
	KUNIT_CASE(overlay_use_simulated),
	KUNIT_CASE(overlay_use_simulated_read),
	KUNIT_CASE(overlay_use_real),
	KUNIT_CASE(overlay_use_real_read),
	{}
};

static struct kunit_suite overlay_use_suite = {
	.name = "extmem_overlay_use",
	.test_cases = overlay_use_cases,
};

kunit_test_suite(overlay_use_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
