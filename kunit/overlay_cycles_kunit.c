// SPDX-License-Identifier: GPL-2.0
/*
 * Regions and partitions that overlays add and remove, many times, with drivers bound to
 * them and while another region is in use; and overlays that are no good.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cycle_board.h"
#include "fixture.h"

#define CYCLES		1000
#define FEW_CYCLES	200		/* where there are more elsewhere */
#define SLOW_CYCLES	20		/* where each takes more than a second */
#define LOOK_EACH	20
#define USE_EACH	50
#define BUSY_AT		0x8000		/* of the thread, in the region that stays */
#define BUSY_SIZE	0x1000

static int read_user(u32 __user *at, u32 *value)
{
	return get_user(*value, at);
}

static int write_user(u32 __user *at, u32 value)
{
	return put_user(value, at);
}

/* --- who uses the region that stays --- */

/**
 * struct busy - a thread that writes, and reads what it has written
 * @file: where
 * @rounds: how often it has
 * @wrong: how often it could not, or found something else
 * @stop: it is to end
 * @done: it has
 */
struct busy {
	struct file *file;
	atomic_t rounds;
	atomic_t wrong;
	bool stop;
	struct completion done;
};

static bool write_and_read(struct busy *busy, u8 *out, u8 *in, u8 value)
{
	loff_t pos = BUSY_AT;

	memset(out, value, BUSY_SIZE);
	if (kernel_write(busy->file, out, BUSY_SIZE, &pos) != BUSY_SIZE)
		return false;
	pos = BUSY_AT;
	return kernel_read(busy->file, in, BUSY_SIZE, &pos) == BUSY_SIZE &&
	       !memcmp(in, out, BUSY_SIZE);
}

static int be_busy(void *data)
{
	struct busy *busy = data;
	u8 *out = kmalloc(2 * BUSY_SIZE, GFP_KERNEL), *in = out + BUSY_SIZE;
	u8 value = 0;

	if (!out)
		atomic_inc(&busy->wrong);
	while (out && !READ_ONCE(busy->stop)) {
		if (!write_and_read(busy, out, in, value++))
			atomic_inc(&busy->wrong);
		atomic_inc(&busy->rounds);
		/* Who waits for a grace period has his turn, too. */
		usleep_range(100, 1000);
	}
	kfree(out);
	complete(&busy->done);
	return 0;
}

static struct busy *start_busy(struct kunit *test, struct file *file)
{
	struct busy *busy = kunit_kzalloc(test, sizeof(*busy), GFP_KERNEL);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, busy);
	busy->file = file;
	init_completion(&busy->done);
	task = kthread_run(be_busy, busy, "extmem-busy");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	return busy;
}

static void stop_busy(struct kunit *test, struct busy *busy)
{
	WRITE_ONCE(busy->stop, true);
	while (!wait_for_completion_timeout(&busy->done, 60 * HZ))
		KUNIT_FAIL(test, "the thread is stuck");
	KUNIT_EXPECT_GT(test, atomic_read(&busy->rounds), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&busy->wrong), 0);
}

/* --- a cycle --- */

/**
 * struct cycles - many of them
 * @board: the board
 * @real: it has memory
 * @combined: it has memory that can be write-combined
 * @stays: the user's mapping of the region that stays
 * @minors: of what came in the first cycle
 * @region: the overlay with a region, while it is applied
 * @part: the one with a partition of the region that stays, likewise
 * @other: the one with a region of another backend's, likewise
 */
struct cycles {
	struct cycle_board *board;
	bool real;
	bool combined;
	u32 __user *stays;
	dev_t minors[3];
	int region;
	int part;
	int other;
};

static const char * const names[] = { CYCLE_COMES, CYCLE_WINDOW, CYCLE_LATE };

static void expect_names(struct kunit *test, bool there)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_EQ_MSG(test, there, test_region_is_there(names[i]), "%s", names[i]);
}

/* The lowest that is free is taken, so that one that is lost makes the others grow. */
static void expect_same_minors(struct kunit *test, struct cycles *cycles, bool is_first)
{
	struct device *dev;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		dev = class_find_device_by_name(&extmem_class, names[i]);
		if (!dev)
			continue;
		if (is_first)
			cycles->minors[i] = dev->devt;
		KUNIT_EXPECT_EQ(test, dev->devt, cycles->minors[i]);
		put_device(dev);
	}
}

static void apply_all(struct kunit *test, struct cycles *cycles)
{
	KUNIT_EXPECT_EQ(test, 0, cycle_apply(cycles->board, cycle_region, &cycles->region));
	KUNIT_EXPECT_EQ(test, 0, cycle_apply(cycles->board, cycle_part, &cycles->part));
	if (!cycles->combined)
		return;
	KUNIT_EXPECT_EQ(test, 0, cycle_apply(cycles->board, cycle_combined, &cycles->other));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_COMBINED));
}

/* None of them depends on another one. */
static void remove_all(struct kunit *test, struct cycles *cycles, bool first_is_last)
{
	if (cycles->combined)
		cycle_remove(test, cycles->board, &cycles->other);
	if (!first_is_last)
		cycle_remove(test, cycles->board, &cycles->region);
	cycle_remove(test, cycles->board, &cycles->part);
	if (first_is_last)
		cycle_remove(test, cycles->board, &cycles->region);
}

static void expect_stays(struct kunit *test, struct cycles *cycles, u32 value)
{
	u32 found = 0;

	KUNIT_EXPECT_EQ(test, 0, read_user(cycles->stays, &found));
	KUNIT_EXPECT_EQ(test, found, value);
}

/**
 * struct use - a user of a region that goes
 * @file: his file
 * @at: his mapping
 */
struct use {
	struct file *file;
	u32 __user *at;
};

static void start_use(struct kunit *test, struct cycles *cycles, const char *name,
		      struct use *use)
{
	unsigned long addr;
	char path[EXTMEM_NAME_SIZE + 8];

	snprintf(path, sizeof(path), "extmem/%s", name);
	use->file = test_open(cycles->board->dev, path, O_RDWR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, use->file);
	addr = vm_mmap(use->file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	use->at = (u32 __user *)addr;
	KUNIT_EXPECT_EQ(test, 0, write_user(use->at, 0x5eed));
}

static void end_use(struct kunit *test, struct use *use)
{
	loff_t pos = 0;
	u32 word;

	KUNIT_EXPECT_EQ(test, -ENODEV, kernel_read(use->file, &word, sizeof(word), &pos));
	KUNIT_EXPECT_EQ(test, -EFAULT, read_user(use->at, &word));
	vm_munmap((unsigned long)use->at, PAGE_SIZE);
	__fput_sync(use->file);
}

static void one_cycle(struct kunit *test, struct cycles *cycles, unsigned int round)
{
	bool in_use = round % USE_EACH == 0;
	struct use uses[2];

	KUNIT_EXPECT_EQ(test, 0, write_user(cycles->stays, round));
	apply_all(test, cycles);
	KUNIT_EXPECT_TRUE(test, cycle_is_bound(cycles->board, 2));
	expect_names(test, true);
	expect_same_minors(test, cycles, round == 0);
	expect_stays(test, cycles, round);
	if (in_use) {
		start_use(test, cycles, CYCLE_WINDOW, &uses[0]);
		start_use(test, cycles, CYCLE_LATE, &uses[1]);
	}
	remove_all(test, cycles, round % 2);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&cycles->board->bound));
	expect_names(test, false);
	expect_stays(test, cycles, round);
	if (in_use) {
		end_use(test, &uses[0]);
		end_use(test, &uses[1]);
	}
}

static void use_stays(struct kunit *test, struct cycles *cycles, struct file *file)
{
	unsigned long addr = test_map(test, file, PROT_READ | PROT_WRITE, 0, PAGE_SIZE);

	cycles->stays = (u32 __user *)addr;
	KUNIT_EXPECT_EQ(test, 0, write_user(cycles->stays, 0));
}

/* An emulated machine has real memory for the many. */
static unsigned int cycles_of(const struct cycles *cycles)
{
	if (IS_ENABLED(CONFIG_UML))
		return CYCLES;
	if (TEST_SLOW)
		return SLOW_CYCLES;
	return cycles->real && !IS_ENABLED(CONFIG_KCSAN) ? CYCLES : FEW_CYCLES;
}

static void run_cycles(struct kunit *test, const char *bus)
{
	struct cycles *cycles = kunit_kzalloc(test, sizeof(*cycles), GFP_KERNEL);
	unsigned int round, done = 0;
	struct file *file;
	struct busy *busy;
	u64 start;

	KUNIT_ASSERT_NOT_NULL(test, cycles);
	cycles->board = cycle_board_new(test, bus);
	cycles->real = !strcmp(bus, CYCLE_REAL);
	cycles->combined = cycles->real && extmem_attr_policies() & BIT(EXTMEM_WRITE_COMBINE);
	file = test_open_device(test, cycles->board->dev, CYCLE_STAYS, O_RDWR);
	use_stays(test, cycles, file);
	cycles->board->before.stays = kref_read(&cycles->board->stays->dev.kobj.kref);
	busy = start_busy(test, file);
	start = ktime_get_ns();
	for (round = 0; round < cycles_of(cycles) && test->status != KUNIT_FAILURE; round++) {
		one_cycle(test, cycles, round);
		if (++done % LOOK_EACH == 0)
			cycle_expect_as_before(test, cycles->board);
	}
	start = ktime_get_ns() - start;
	stop_busy(test, busy);
	KUNIT_EXPECT_EQ(test, atomic_read(&cycles->board->unbinds), 2 * done);
	kunit_info(test, "%u cycles, %llu us each; %d rounds of I/O meanwhile", done,
		   div_u64(start, done * 1000), atomic_read(&busy->rounds));
}

/*
 * Catches: whatever is left of a region, a partition or a driver when its overlay goes, and
 * what one that comes or goes does to another one's users.
 */
static void overlay_cycles_simulated(struct kunit *test)
{
	test_serve_by_sim(test);
	run_cycles(test, CYCLE_SIM);
}

/* Catches: the same where memory is claimed, and page tables point at it. */
static void overlay_cycles_real(struct kunit *test)
{
	const struct test_board_region *sram = test_take_from_board(test, "sram");

	if (sram->desc.base != 0x90000000)
		kunit_skip(test, "the board's sram is at %#llx", sram->desc.base);
	run_cycles(test, CYCLE_REAL);
}

/* --- overlays that are no good --- */

static const char * const complaints[] = {
	"/comes@40000/outside@18000: reg: offset 0x18000 size 0x10000 lies outside the region (0x20000); make it fit",
	"/unknown@60000: memory-type: \"sram\" is not known; use ",
	"/overlapping@50000: reg: 0xd8150000-0xd816ffff overlaps /extmem-cycles/sim@d8100000/comes@40000 (0xd8140000-0xd815ffff); move one of them",
	"/lost-user: extmem: /extmem-cycles/sim@d8100000/nothing is no region; point it to a node that is compatible to \"extmem-region\", or to a partition of one",
};

static void apply_bad(struct kunit *test, struct cycle_board *board)
{
	u64 start = test_log_start();
	int id;
	size_t i;

	KUNIT_EXPECT_EQ(test, 0, cycle_apply(board, cycle_bad, &id));
	for (i = 0; i < ARRAY_SIZE(complaints); i++)
		test_expect_said(test, start, complaints[i]);
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(complaints), test_log_count(start, ": " CYCLE_SIM "/"));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_COMES));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(CYCLE_WINDOW));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_COMES ".outside"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-unknown"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-overlapping"));
	cycle_remove(test, board, &id);
	cycle_expect_as_before(test, board);
}

/* Catches: what a bad node leaves behind, and a good one that pays for it. */
static void overlay_with_bad_nodes(struct kunit *test)
{
	struct cycle_board *board;

	test_serve_by_sim(test);
	board = cycle_board_new(test, CYCLE_SIM);
	apply_bad(test, board);
	apply_bad(test, board);
}

/* Catches: what is done for a part of an overlay of which nothing is applied. */
static void overlay_without_a_target(struct kunit *test)
{
	struct cycle_board *board;
	int id;

	test_serve_by_sim(test);
	board = cycle_board_new(test, CYCLE_SIM);
	KUNIT_EXPECT_EQ(test, -EINVAL, cycle_apply(board, cycle_lost, &id));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_COMES));
	cycle_remove(test, board, &id);
	cycle_expect_as_before(test, board);
}

/**
 * struct objection - who does not want an overlay
 * @block: for the kernel
 * @at: when he says so
 * @said: how often he has
 */
struct objection {
	struct notifier_block block;
	unsigned long at;
	int said;
};

static int object(struct notifier_block *block, unsigned long action, void *data)
{
	struct objection *objection = container_of(block, struct objection, block);

	if (action != objection->at)
		return NOTIFY_DONE;
	objection->said++;
	return notifier_from_errno(-EIO);
}

static void unregister_objection(void *block)
{
	of_overlay_notifier_unregister(block);
}

static struct objection *start_objection(struct kunit *test, unsigned long at)
{
	struct objection *objection = kunit_kzalloc(test, sizeof(*objection), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, objection);
	objection->block.notifier_call = object;
	objection->at = at;
	KUNIT_ASSERT_EQ(test, 0, of_overlay_notifier_register(&objection->block));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister_objection,
							   &objection->block));
	return objection;
}

static void fail_at(struct kunit *test, unsigned long at, bool there)
{
	struct objection *objection;
	struct cycle_board *board;
	int id;

	test_serve_by_sim(test);
	board = cycle_board_new(test, CYCLE_SIM);
	objection = start_objection(test, at);
	KUNIT_EXPECT_EQ(test, -EIO, cycle_apply(board, cycle_region, &id));
	KUNIT_EXPECT_EQ(test, objection->said, 1);
	KUNIT_EXPECT_EQ(test, there, test_region_is_there(CYCLE_COMES));
	if (there)
		KUNIT_EXPECT_TRUE(test, cycle_is_bound(board, 1));
	cycle_remove(test, board, &id);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(CYCLE_COMES));
	cycle_expect_as_before(test, board);
}

/* Catches: a region of an overlay that was refused before it was applied. */
static void overlay_fails_before(struct kunit *test)
{
	fail_at(test, OF_OVERLAY_PRE_APPLY, false);
}

/* Catches: a region, or a driver, of an overlay that fails when they are there already. */
static void overlay_fails_after(struct kunit *test)
{
	fail_at(test, OF_OVERLAY_POST_APPLY, true);
}

static struct kunit_case overlay_cycles_cases[] = {
	KUNIT_CASE_SLOW(overlay_cycles_simulated),
	KUNIT_CASE_SLOW(overlay_cycles_real),
	KUNIT_CASE(overlay_with_bad_nodes),
	KUNIT_CASE(overlay_without_a_target),
	KUNIT_CASE(overlay_fails_before),
	KUNIT_CASE(overlay_fails_after),
	{}
};

static struct kunit_suite overlay_cycles_suite = {
	.name = "extmem_overlay_cycles",
	.test_cases = overlay_cycles_cases,
};

kunit_test_suite(overlay_cycles_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
