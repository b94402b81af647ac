// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions that an overlay adds to a region which is there, and takes away from it: who
 * has one, who has the region, and which are refused.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cycle_board.h"
#include "fixture.h"

#define STAYS_NODE	CYCLE_SIM "/stays@0"
#define END		((__force unsigned int)(EPOLLERR | EPOLLHUP))
#define WORD_AT		0x40

static int read_user(unsigned long addr, u32 *value)
{
	return get_user(*value, (u32 __user *)addr);
}

static int write_user(unsigned long addr, u32 value)
{
	return put_user(value, (u32 __user *)addr);
}

static int partition_init(struct kunit *test)
{
	test_serve_by_sim(test);
	test->priv = cycle_board_new(test, CYCLE_SIM);
	/* With this, the test is a user, who has addresses. */
	KUNIT_ASSERT_NE(test, 0, kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ,
					       MAP_PRIVATE | MAP_ANONYMOUS, 0));
	return 0;
}

/* Of a region that goes, closed by the test in time. */
static struct file *open_it(struct kunit *test, const char *name, int flags)
{
	struct cycle_board *board = test->priv;
	char path[EXTMEM_NAME_SIZE + 8];

	snprintf(path, sizeof(path), "extmem/%s", name);
	return test_open(board->dev, path, flags);
}

static ssize_t read_word(struct file *file, loff_t pos, u32 *word)
{
	return kernel_read(file, word, sizeof(*word), &pos);
}

static unsigned int ready(struct file *file)
{
	return (__force unsigned int)(vfs_poll(file, NULL) & ~DEFAULT_POLLMASK);
}

/**
 * struct late - who uses the partition that comes and goes
 * @id: the overlay
 * @file: his file
 * @addr: his mapping
 */
struct late {
	int id;
	struct file *file;
	unsigned long addr;
};

static void start_late(struct kunit *test, struct late *late, int flags)
{
	struct cycle_board *board = test->priv;

	KUNIT_ASSERT_EQ(test, 0, cycle_apply(board, cycle_part, &late->id));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_TRUE(test, cycle_is_bound(board, 1));
	late->file = open_it(test, CYCLE_LATE, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, late->file);
	late->addr = vm_mmap(late->file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(late->addr));
}

static void end_late(struct late *late)
{
	vm_munmap(late->addr, PAGE_SIZE);
	__fput_sync(late->file);
}

/* What is written by way of the partition is where the region has it. */
static void expect_late_works(struct kunit *test, struct late *late, unsigned long whole,
			      u32 value)
{
	u32 found = 0;

	KUNIT_EXPECT_EQ(test, 0, write_user(late->addr + WORD_AT, value));
	KUNIT_EXPECT_EQ(test, 0, read_user(whole + CYCLE_LATE_AT + WORD_AT, &found));
	KUNIT_EXPECT_EQ(test, found, value);
	found = 0;
	KUNIT_EXPECT_EQ(test, 4, read_word(late->file, WORD_AT, &found));
	KUNIT_EXPECT_EQ(test, found, value);
	KUNIT_EXPECT_EQ(test, ready(late->file), 0);
}

static void expect_late_is_gone(struct kunit *test, struct late *late)
{
	u32 word;

	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(late->addr + WORD_AT, &word));
	KUNIT_EXPECT_EQ(test, -EFAULT, write_user(late->addr + WORD_AT, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, read_word(late->file, WORD_AT, &word));
	KUNIT_EXPECT_EQ(test, ready(late->file), END);
}

static void remove_late(struct kunit *test, struct late *late, int unbinds)
{
	struct cycle_board *board = test->priv;

	cycle_remove(test, board, &late->id);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_EQ(test, unbinds, atomic_read(&board->unbinds));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&board->bound));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&board->wrong));
}

static unsigned long map_whole(struct kunit *test)
{
	struct cycle_board *board = test->priv;
	struct file *file = test_open_device(test, board->dev, CYCLE_STAYS, O_RDWR);

	return test_map(test, file, PROT_READ | PROT_WRITE, 0, CYCLE_SIZE);
}

/*
 * Catches: a partition that is not seen, or not gone; a driver that has it when it goes, or
 * waits for ever when it comes; and what that does to who has the region.
 */
static void partition_comes_and_goes(struct kunit *test)
{
	struct cycle_board *board = test->priv;
	unsigned long whole = map_whole(test);
	struct late old = {}, new = {};
	u32 found = 0;

	start_late(test, &old, O_RDWR);
	expect_late_works(test, &old, whole, 0x600d5eed);
	remove_late(test, &old, 1);
	expect_late_is_gone(test, &old);
	KUNIT_EXPECT_EQ(test, 0, read_user(whole + CYCLE_LATE_AT + WORD_AT, &found));
	KUNIT_EXPECT_EQ(test, found, 0x600d5eed);
	KUNIT_EXPECT_EQ(test, 0, write_user(whole, 1));

	/* It comes again, and who had the other one still has nothing. */
	start_late(test, &new, O_RDWR);
	expect_late_works(test, &new, whole, 0xca11ab1e);
	expect_late_is_gone(test, &old);
	remove_late(test, &new, 2);
	expect_late_is_gone(test, &new);
	end_late(&old);
	end_late(&new);
	cycle_expect_as_before(test, board);
}

/* Catches: a file of what has gone that keeps others out. */
static void partition_that_was_open_alone(struct kunit *test)
{
	struct late late = {};
	struct file *file;

	start_late(test, &late, O_RDWR | O_EXCL);
	file = open_it(test, CYCLE_STAYS, O_RDWR);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), -EBUSY);
	remove_late(test, &late, 1);
	file = open_it(test, CYCLE_STAYS, O_RDWR | O_EXCL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, file);
	if (!IS_ERR_OR_NULL(file))
		__fput_sync(file);
	end_late(&late);
}

static struct device *hold_owner(struct cycle_board *board)
{
	return get_device(board->stays->owner);
}

/*
 * Catches: a partition whose overlay went while its region was not there, one that is not
 * there when the region comes back, and one that is added twice.
 */
static void partition_of_a_region_that_is_unbound(struct kunit *test)
{
	struct cycle_board *board = test->priv;
	struct device *owner = hold_owner(board);
	u64 start = test_log_start();
	int id;

	KUNIT_ASSERT_EQ(test, 0, cycle_apply(board, cycle_part, &id));
	KUNIT_EXPECT_TRUE(test, cycle_is_bound(board, 1));
	device_release_driver(owner);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_LATE));
	device_release_driver(owner);
	cycle_remove(test, board, &id);
	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));

	/* Nor does it come when the region is away. */
	device_release_driver(owner);
	KUNIT_ASSERT_EQ(test, 0, cycle_apply(board, cycle_part, &id));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_EQ(test, 1, device_attach(owner));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_LATE));
	cycle_remove(test, board, &id);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, ": " STAYS_NODE));
	put_device(owner);
}

static const char * const complaints[] = {
	"/overlapping@8000: reg: offset 0x8000 size 0x10000 overlaps /extmem-cycles/sim@d8100000/stays@0/early@0 (offset 0x0 size 0x10000); move one of them",
	"/outside@38000: reg: offset 0x38000 size 0x10000 lies outside the region (0x40000); make it fit",
	"/pool@30000: pool: its region is there already, and users may write to it; unbind ",
};

static void apply_bad(struct kunit *test)
{
	struct cycle_board *board = test->priv;
	u64 start = test_log_start();
	size_t i;
	int id;

	KUNIT_EXPECT_EQ(test, 0, cycle_apply(board, cycle_bad_part, &id));
	for (i = 0; i < ARRAY_SIZE(complaints); i++)
		test_expect_said(test, start, complaints[i]);
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(complaints), test_log_count(start, ": " STAYS_NODE));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_LATE));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_STAYS ".overlapping"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_STAYS ".outside"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_STAYS ".pool"));
	cycle_remove(test, board, &id);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_LATE));
	cycle_expect_as_before(test, board);
}

/* Catches: one that is taken though it would be refused at boot, and what it leaves. */
static void partition_is_refused(struct kunit *test)
{
	apply_bad(test);
	apply_bad(test);
}

/* Catches: a status that is not seen, and a pool that is taken from under its drivers. */
static void partition_is_disabled(struct kunit *test)
{
	struct cycle_board *board = test->priv;
	u64 start = test_log_start();
	int id;

	KUNIT_ASSERT_TRUE(test, test_region_is_there(CYCLE_EARLY));
	KUNIT_ASSERT_TRUE(test, test_region_is_there(CYCLE_POOL));
	KUNIT_ASSERT_EQ(test, 0, cycle_apply(board, cycle_disable, &id));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_EARLY));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_POOL));
	test_expect_said(test, start,
			 "/pooled@80000/pool@0: pool: it stays until its region goes, for its drivers cannot be told; unbind them, and then ");
	cycle_remove(test, board, &id);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_EARLY));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_POOL));
}

/**
 * struct watch - who looks when the partition has just come
 * @block: for the kernel
 * @board: the board
 * @bound: devices that were bound then, or -1
 */
struct watch {
	struct notifier_block block;
	struct cycle_board *board;
	int bound;
};

static int look_at_drivers(struct notifier_block *block, unsigned long action, void *data)
{
	struct watch *watch = container_of(block, struct watch, block);
	struct of_reconfig_data *reconfig = data;

	if (action == OF_RECONFIG_ATTACH_NODE && of_node_name_eq(reconfig->dn, "late"))
		watch->bound = atomic_read(&watch->board->bound);
	return NOTIFY_DONE;
}

static void unwatch(void *block)
{
	of_reconfig_notifier_unregister(block);
}

/* Catches: a driver that waits for a partition until another device happens to come. */
static void partition_that_is_waited_for(struct kunit *test)
{
	struct watch *watch = kunit_kzalloc(test, sizeof(*watch), GFP_KERNEL);
	int id;

	KUNIT_ASSERT_NOT_NULL(test, watch);
	watch->block.notifier_call = look_at_drivers;
	watch->block.priority = -1;	/* after extmem; later, the kernel itself may help */
	watch->board = test->priv;
	watch->bound = -1;
	KUNIT_ASSERT_EQ(test, 0, of_reconfig_notifier_register(&watch->block));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unwatch, &watch->block));
	KUNIT_ASSERT_EQ(test, 0, cycle_apply(watch->board, cycle_part, &id));
	KUNIT_EXPECT_EQ(test, watch->bound, 1);
	cycle_remove(test, watch->board, &id);
}

static struct kunit_case overlay_partition_cases[] = {
	KUNIT_CASE(partition_comes_and_goes),
	KUNIT_CASE(partition_that_was_open_alone),
	KUNIT_CASE(partition_that_is_waited_for),
	KUNIT_CASE(partition_of_a_region_that_is_unbound),
	KUNIT_CASE(partition_is_refused),
	KUNIT_CASE(partition_is_disabled),
	{}
};

static struct kunit_suite overlay_partition_suite = {
	.name = "extmem_overlay_partition",
	.init = partition_init,
	.test_cases = overlay_partition_cases,
};

kunit_test_suite(overlay_partition_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
