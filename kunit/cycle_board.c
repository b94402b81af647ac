// SPDX-License-Identifier: GPL-2.0
/*
 * A board to which overlays are applied: see the header.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/extmem.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "cycle_board.h"

#define IOMEM_SIZE SZ_64K

/* A driver's functions know the device only. */
static struct cycle_board *board_of_driver;

static bool can_use(struct extmem *mem, u32 value)
{
	u32 found = ~value;

	return test_region_is_there(mem->name) &&
	       !extmem_write(mem, CYCLE_WORD, &value, sizeof(value)) &&
	       !extmem_read(mem, CYCLE_WORD, &found, sizeof(found)) && found == value;
}

static int user_probe(struct platform_device *pdev)
{
	struct cycle_board *board = board_of_driver;
	struct extmem *mem, *last = NULL;
	unsigned int i;

	for (i = 0; (mem = devm_extmem_get_index_optional(&pdev->dev, i)); i++) {
		if (IS_ERR(mem))
			return PTR_ERR(mem);
		if (!can_use(mem, 0x600d0000 + i))
			atomic_inc(&board->wrong);
		last = mem;
	}
	if (!last)
		return -ENODEV;		/* its node is about to go, and has lost its properties */
	platform_set_drvdata(pdev, last);
	atomic_inc(&board->bound);
	wake_up(&board->wait);
	return 0;
}

static void user_remove(struct platform_device *pdev)
{
	struct cycle_board *board = board_of_driver;

	if (!can_use(platform_get_drvdata(pdev), 0x0b1e55ed))
		atomic_inc(&board->wrong);
	atomic_inc(&board->unbinds);
	atomic_dec(&board->bound);
}

static const struct of_device_id user_match[] = {
	{ .compatible = "extmem-test,cycle-user" },
	{ }
};

static struct platform_driver user_driver = {
	.probe = user_probe,
	.remove = user_remove,
	.driver = {
		.name = "extmem-test-cycle-user",
		.of_match_table = user_match,
	},
};

static void unregister_driver(void *driver)
{
	platform_driver_unregister(driver);
}

static void put_node(void *np)
{
	of_node_put(np);
}

static void put_region(void *region)
{
	put_device(&((struct extmem_region *)region)->dev);
}

static void find_stays(struct kunit *test, struct cycle_board *board)
{
	struct device *dev = class_find_device_by_name(&extmem_class, CYCLE_STAYS);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	board->stays = to_extmem_region(dev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_region, board->stays));
}

static void remove_rest(void *data)
{
	struct cycle_board *board = data;
	int i;

	for (i = CYCLE_OVERLAYS - 1; i >= 0; i--)
		if (board->applied[i])
			of_overlay_remove(&board->applied[i]);
}

static int count_one(struct device *dev, void *count)
{
	++*(int *)count;
	return 0;
}

static void look(struct kunit *test, struct cycle_board *board, struct vfsmount *proc,
		 struct cycle_state *state)
{
	state->regions = 0;
	state->devices = 0;
	class_for_each_device(&extmem_class, NULL, &state->regions, count_one);
	bus_for_each_dev(&platform_bus_type, NULL, &state->devices, count_one);
	state->node = kref_read(&board->bus->kobj.kref);
	state->stays = kref_read(&board->stays->dev.kobj.kref);
	state->iomem = kunit_kzalloc(test, IOMEM_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state->iomem);
	KUNIT_ASSERT_GT(test, test_read(proc, "iomem", state->iomem, IOMEM_SIZE), 0);
	KUNIT_ASSERT_LT(test, strlen(state->iomem), IOMEM_SIZE - 1);
}

/**
 * cycle_expect_as_before() - expect nothing to be left of any overlay
 * @test: the test
 * @board: the board
 */
void cycle_expect_as_before(struct kunit *test, struct cycle_board *board)
{
	struct vfsmount *proc = test_mount(test, "proc");
	struct cycle_state now;

	look(test, board, proc, &now);
	KUNIT_EXPECT_EQ(test, now.regions, board->before.regions);
	KUNIT_EXPECT_EQ(test, now.devices, board->before.devices);
	KUNIT_EXPECT_EQ(test, now.node, board->before.node);
	KUNIT_EXPECT_EQ(test, now.stays, board->before.stays);
	KUNIT_EXPECT_STREQ(test, now.iomem, board->before.iomem);
	kunit_kfree(test, now.iomem);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&board->bound));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&board->wrong));
	/* Of who holds a node of an overlay's still, by a device, a link or a driver. */
	KUNIT_EXPECT_EQ(test, 0, test_log_count(board->log_start, "ERROR: memory leak"));
	board->log_start = test_log_start();
}

/**
 * cycle_board_new() - a board that goes with the test
 * @test: the test; what serves the regions is there already
 * @bus: CYCLE_SIM or CYCLE_REAL
 *
 * Return: the board.
 */
struct cycle_board *cycle_board_new(struct kunit *test, const char *bus)
{
	struct cycle_board *board = kunit_kzalloc(test, sizeof(*board), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, board);
	init_waitqueue_head(&board->wait);
	board->dev = test_mount(test, "devtmpfs");
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, cycle_buses));
	board->bus = of_find_node_by_path(bus);
	KUNIT_ASSERT_NOT_NULL(test, board->bus);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_node, board->bus));
	/* The kernel itself makes devices of what is added to it from now on. */
	KUNIT_ASSERT_EQ(test, 0, of_platform_default_populate(board->bus, NULL, NULL));
	find_stays(test, board);
	board_of_driver = board;
	KUNIT_ASSERT_EQ(test, 0, platform_driver_register(&user_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister_driver,
							   &user_driver));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, remove_rest, board));
	/* Nobody who waits is to be probed again because the board has just come. */
	extmem_driver_settle();
	board->log_start = test_log_start();
	look(test, board, test_mount(test, "proc"), &board->before);
	return board;
}

/**
 * cycle_apply_blob() - apply an overlay to a board; see cycle_apply()
 * @board: the board
 * @blob: the overlay, whose paths begin at the bus
 * @size: bytes of it
 * @id: set, for cycle_remove(), even when it fails
 *
 * Return: what of_overlay_fdt_apply() does.
 */
int cycle_apply_blob(struct cycle_board *board, const void *blob, u32 size, int *id)
{
	int i, ret = of_overlay_fdt_apply(blob, size, id, board->bus);

	for (i = 0; i < CYCLE_OVERLAYS; i++) {
		if (board->applied[i])
			continue;
		board->applied[i] = *id;
		break;
	}
	return ret;
}

/**
 * cycle_remove() - remove an overlay
 * @test: the test
 * @board: the board
 * @id: what cycle_apply() has set
 */
void cycle_remove(struct kunit *test, struct cycle_board *board, int *id)
{
	int i;

	for (i = 0; i < CYCLE_OVERLAYS; i++)
		if (board->applied[i] == *id)
			board->applied[i] = 0;
	KUNIT_EXPECT_EQ(test, 0, of_overlay_remove(id));
}

/**
 * cycle_is_bound() - wait for devices that use regions to be bound
 * @board: the board
 * @count: how many
 *
 * Return: whether they are, rather than that a minute is over.
 */
bool cycle_is_bound(struct cycle_board *board, int count)
{
	return wait_event_timeout(board->wait, atomic_read(&board->bound) == count, 60 * HZ);
}
