/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of memory that has to be switched on have in common: regions of an
 * overlay whose providers are fake, files of them, and the machine's sleep.
 */
#ifndef _EXTMEM_POWER_FIXTURE_H
#define _EXTMEM_POWER_FIXTURE_H

#include "fake_backend.h"
#include "fake_power.h"
#include "fixture.h"

#define POWER_BUS	"/extmem-test-bus"

/**
 * struct power_context - what a test has
 * @backend: who serves the regions
 * @power: what there is to switch
 * @dev: a devtmpfs
 * @sysfs: a sysfs
 * @owner: the platform device that the test is about
 */
struct power_context {
	struct fake_backend *backend;
	struct fake_power *power;
	struct vfsmount *dev;
	struct vfsmount *sysfs;
	struct device *owner;
};

/**
 * struct power_failure - a step that fails, and what is seen of it
 * @step: which
 * @property: in the message
 * @log: what is switched meanwhile
 */
struct power_failure {
	enum fake_power_step step;
	const char *property;
	const char *log;
};

struct power_context *power_begin(struct kunit *test);
void power_provide(struct kunit *test);
struct device *power_owner(struct kunit *test, const char *path);
struct extmem_region *power_attach(struct kunit *test, struct device *owner);
void power_settle(struct kunit *test, struct extmem_region *region);
void power_expect_failure(struct kunit *test, const struct power_failure *failure,
			  const char *name, const char *node, const char *all_on);

struct file *power_try_open(struct kunit *test, const char *name);
struct file *power_open(struct kunit *test, const char *name);
void power_close(struct kunit *test, struct file *file);
ssize_t power_write(struct file *file, const char *text);
ssize_t power_read(struct file *file, char *text, size_t size);
void power_expect_attr(struct kunit *test, const char *name, const char *attr,
		       const char *value);

int power_read_user(unsigned long addr, u32 *value);
int power_write_user(unsigned long addr, u32 value);

int power_fall_asleep(struct extmem_region *region);
int power_wake_up(struct extmem_region *region);

#endif /* _EXTMEM_POWER_FIXTURE_H */
