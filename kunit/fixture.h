/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites have in common: regions that go with the test, memory of the
 * board's, files as user space reads them, the kernel's events and its log.
 */
#ifndef _EXTMEM_FIXTURE_H
#define _EXTMEM_FIXTURE_H

#include <linux/types.h>

#include "internal.h"

struct file;
struct kunit;
struct vfsmount;

/* Nothing is there on any machine that the tests run on, and nothing is touched. */
#define TEST_BASE	0xd8000000ULL
#define TEST_SIZE	(16 * PAGE_SIZE)
#define TEST_NAME	"extmem-test"

/* Nor here, for 1 TiB. */
#define TEST_HUGE_BASE	(128ULL << 30)
#define TEST_HUGE_SIZE	BIT_ULL(40)

/*
 * An emulated machine that KASAN watches: what takes seconds elsewhere takes a minute. The
 * long loops are shorter there, and whole without KASAN and in UML with it.
 */
#define TEST_SLOW	(IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_UML))

extern const struct extmem_machine test_machine;

struct extmem_desc test_desc(const char *name, u64 base, u64 size,
			     enum extmem_policy policy);
struct device *test_owner(struct kunit *test);
struct device *test_second_owner(struct kunit *test);
struct extmem_backend *test_backend(struct kunit *test, struct device *owner,
				    const char *name);

struct extmem_region *test_region_try(struct kunit *test, struct device *owner,
				      const struct extmem_desc *desc,
				      struct extmem_backend *backend);
struct extmem_region *test_region(struct kunit *test, struct device *owner,
				  const struct extmem_desc *desc,
				  struct extmem_backend *backend);
void test_region_remove(struct kunit *test, struct extmem_region *region);
bool test_region_is_there(const char *name);
struct extmem_region *test_partition(struct kunit *test, struct extmem_region *root,
				     const char *name, u64 offset, u64 size);
/* The kernel maps coherent pools by MEMREMAP_WC, which on riscv is plain ioremap(). */
#define TEST_COHERENT_POOL	(IS_ENABLED(CONFIG_RISCV) ? EXTMEM_EFFECTIVE_UNCACHED : \
							    EXTMEM_EFFECTIVE_WRITE_COMBINE)

const char *test_attr_name(enum extmem_effective attr);

/* What fake_region.dtso describes. */
#define OVERLAY_COMPATIBLE	"extmem-test,fake"
#define OVERLAY_REGION		"extmem-overlay"
#define OVERLAY_PARTITION	"extmem-overlay.window"
#define OVERLAY_BACKEND		"ioremap"	/* whom rules.c names for it */

/* What of_extmem.dtso describes. */
extern u8 __dtbo_of_extmem_begin[];
extern u8 __dtbo_of_extmem_end[];

/* What fuzz_extmem.dtso describes. */
extern u8 __dtbo_fuzz_extmem_begin[];

void test_register(struct kunit *test, struct extmem_backend *backend,
		   struct module *module);
void test_unregister(struct kunit *test, struct extmem_backend *backend);
void test_serve_by_sim(struct kunit *test);
void test_populate(struct kunit *test);
void test_apply_overlay(struct kunit *test);

/**
 * struct test_board_region - a region of the board's, which is unbound meanwhile
 * @owner: its platform device
 * @desc: as its DT node describes it
 */
struct test_board_region {
	struct device *owner;
	struct extmem_desc desc;
};

struct device *test_find_on_board(struct kunit *test, const char *name);
const struct test_board_region *test_take_from_board(struct kunit *test,
						     const char *name);

struct vfsmount *test_mount(struct kunit *test, const char *fs);
struct file *test_open(struct vfsmount *mnt, const char *path, int flags);
struct file *test_open_device(struct kunit *test, struct vfsmount *dev, const char *name,
			      int flags);
unsigned long test_map(struct kunit *test, struct file *file, unsigned long prot,
		       unsigned long offset, unsigned long size);
ssize_t test_read(struct vfsmount *mnt, const char *path, char *buf, size_t size);
bool test_iomem_has(struct kunit *test, const struct extmem_region *region);

void test_listen(struct kunit *test, const char *event, void *probe, void *data);

/**
 * struct test_charges - what a test's thread has allocated
 * @task: the thread
 * @count: up to now
 * @allocations: the latest of them
 */
struct test_charges {
	const struct task_struct *task;
	unsigned int count;
	struct {
		const void *ptr;
		bool charged;	/* to the memory cgroup of the thread */
	} allocations[64];
};

struct test_charges *test_watch_charges(struct kunit *test);
void test_expect_charged(struct kunit *test, const struct test_charges *charges,
			 const void *ptr);

u64 test_log_start(void);
int test_log_count(u64 start, const char *text);
void test_expect_said(struct kunit *test, u64 start, const char *text);

#endif /* _EXTMEM_FIXTURE_H */
