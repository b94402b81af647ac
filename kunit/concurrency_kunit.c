// SPDX-License-Identifier: GPL-2.0
/*
 * A region that is brought up and taken away by two threads at once while a third
 * reads its files in sysfs. Meant for kernels with lockdep and KASAN; without them it
 * finds deadlocks and crashes only.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "fake_backend.h"
#include "fixture.h"

#define ADD_ROUNDS	(TEST_SLOW ? 50 : 150)	/* of each */
#define FACTS		100
#define BIND_ROUNDS	(TEST_SLOW ? 40 : 100)

/**
 * struct race - what the threads share
 * @test: the test
 * @fake: who serves the region
 * @owner: the device that the region belongs to
 * @sysfs: where its files are
 * @name: of the region
 * @came: how often it came up
 * @refused: how often it was there already
 * @read: how often a file of it gave a fact
 * @wrong: answers that nobody may be given
 * @stop: for who has no rounds to count
 */
struct race {
	struct kunit *test;
	struct fake_backend *fake;
	struct device *owner;
	struct vfsmount *sysfs;
	const char *name;

	/* every thread's */
	atomic_t came;
	atomic_t refused;
	atomic_t read;
	atomic_t wrong;
	bool stop;
};

struct racer {
	struct race *race;
	struct completion done;
};

static bool may_be_refused(long error)
{
	return error == -EBUSY || error == -EEXIST;
}

/* Each comes to do it often enough, and the reader has his turn, or nobody races. */
static bool has_raced(const struct race *race, int rounds, int enough)
{
	if (atomic_read(&race->wrong) || rounds > 100 * enough)
		return true;
	return rounds >= enough && atomic_read(&race->read) >= FACTS;
}

static int add_and_remove(void *data)
{
	struct racer *racer = data;
	struct race *race = racer->race;
	struct extmem_desc desc = test_desc(race->name, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_BACK);
	int rounds = 0;

	while (!has_raced(race, rounds, ADD_ROUNDS)) {
		struct extmem_verdict verdict = {};
		struct extmem_region *region;
		struct iosys_map view;

		region = extmem_region_add(race->owner, &desc, &test_machine,
					   &race->fake->backend, &verdict);
		if (!IS_ERR(region)) {
			atomic_inc(&race->came);
			if (++rounds & 1 && extmem_region_view(region, &view))
				atomic_inc(&race->wrong);
			schedule();
			extmem_region_remove(region);
		} else if (may_be_refused(PTR_ERR(region))) {
			atomic_inc(&race->refused);
		} else {
			atomic_inc(&race->wrong);
		}
		schedule();
	}
	complete(&racer->done);
	return 0;
}

static bool is_bound(struct device *dev)
{
	bool bound;

	device_lock(dev);
	bound = device_is_bound(dev);
	device_unlock(dev);
	return bound;
}

static int bind(void *data)
{
	struct racer *racer = data;
	struct race *race = racer->race;

	while (!READ_ONCE(race->stop)) {
		if (!is_bound(race->owner)) {
			int ret = device_attach(race->owner);

			if (ret == 1)
				atomic_inc(&race->came);
			else
				atomic_inc(&race->wrong);
		}
		schedule();
	}
	complete(&racer->done);
	return 0;
}

static int unbind(void *data)
{
	struct racer *racer = data;
	struct race *race = racer->race;

	while (!has_raced(race, atomic_read(&race->came), BIND_ROUNDS)) {
		device_release_driver(race->owner);
		schedule();
	}
	WRITE_ONCE(race->stop, true);
	complete(&racer->done);
	return 0;
}

/* A fact of a region is right, or its file is not there or its region is gone. */
static void read_fact(struct race *race, const char *attr, const char *text)
{
	char path[96], buf[64];
	ssize_t len;

	snprintf(path, sizeof(path), "class/extmem/%s/%s", race->name, attr);
	len = test_read(race->sysfs, path, buf, sizeof(buf));
	if (len > 0 && (!text || !strcmp(buf, text)))
		atomic_inc(&race->read);
	else if (len != -ENOENT && len != -ENODEV)
		atomic_inc(&race->wrong);
}

static int read_facts(void *data)
{
	struct racer *racer = data;
	struct race *race = racer->race;

	while (!READ_ONCE(race->stop)) {
		read_fact(race, "type", "ram\n");
		read_fact(race, "cache_policy_effective", NULL);
		read_fact(race, "backend", FAKE_NAME "\n");
		read_fact(race, "state", NULL);
		schedule();
	}
	complete(&racer->done);
	return 0;
}

static void start(struct race *race, struct racer *racer, int (*run)(void *))
{
	struct task_struct *task;

	racer->race = race;
	init_completion(&racer->done);
	task = kthread_run(run, racer, "extmem-race");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(race->test, task);
}

static void wait_for(struct race *race, struct racer *racer)
{
	/* Who is stuck still uses what would be freed here, so wait on, and say so. */
	while (!wait_for_completion_timeout(&racer->done, 300 * HZ))
		KUNIT_FAIL(race->test, "a thread is stuck");
}

static void race_init(struct kunit *test, struct race *race)
{
	race->test = test;
	race->fake = fake_backend_new(test);
	race->sysfs = test_mount(test, "sysfs");
}

static void expect_nothing_wrong(struct race *race)
{
	KUNIT_EXPECT_EQ(race->test, atomic_read(&race->wrong), 0);
	KUNIT_EXPECT_GT(race->test, atomic_read(&race->came), 0);
	KUNIT_EXPECT_GE(race->test, atomic_read(&race->read), FACTS);
	kunit_info(race->test, "came up %d times, refused %d times, %d facts read\n",
		   atomic_read(&race->came), atomic_read(&race->refused),
		   atomic_read(&race->read));
}

/*
 * Catches: a name or a range that is taken in the index for longer or shorter than by
 * the device, a reader who deadlocks with removal, or who sees memory that was freed.
 */
static void concurrency_of_add_and_remove(struct kunit *test)
{
	struct racer first, second, reader;
	struct race race = { .name = TEST_NAME };

	race_init(test, &race);
	race.owner = test_owner(test);
	start(&race, &reader, read_facts);
	start(&race, &first, add_and_remove);
	start(&race, &second, add_and_remove);
	wait_for(&race, &first);
	wait_for(&race, &second);
	WRITE_ONCE(race.stop, true);
	wait_for(&race, &reader);
	expect_nothing_wrong(&race);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));
}

static struct device *owner_of(struct kunit *test, const char *name)
{
	struct device *dev, *owner;
	int tries = 250;

	do {
		dev = class_find_device_by_name(&extmem_class, name);
		if (!dev)
			msleep(20);
	} while (!dev && tries--);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	owner = get_device(to_extmem_region(dev)->owner);
	put_device(dev);
	return owner;
}

/*
 * Catches: the same of the driver's own probe and unbind: a region used before all of
 * its partitions are there, or a backend let go before its region.
 */
static void concurrency_of_bind_and_unbind(struct kunit *test)
{
	struct racer binder, unbinder, reader;
	struct race race = { .name = OVERLAY_REGION };

	race_init(test, &race);
	race.fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &race.fake->backend, NULL);
	test_apply_overlay(test);
	race.owner = owner_of(test, OVERLAY_REGION);
	start(&race, &reader, read_facts);
	start(&race, &binder, bind);
	start(&race, &unbinder, unbind);
	wait_for(&race, &unbinder);
	wait_for(&race, &binder);
	wait_for(&race, &reader);
	put_device(race.owner);
	expect_nothing_wrong(&race);
}

static struct kunit_case concurrency_cases[] = {
	KUNIT_CASE_SLOW(concurrency_of_add_and_remove),
	KUNIT_CASE_SLOW(concurrency_of_bind_and_unbind),
	{}
};

static struct kunit_suite concurrency_suite = {
	.name = "extmem_concurrency",
	.test_cases = concurrency_cases,
};

kunit_test_suite(concurrency_suite);
