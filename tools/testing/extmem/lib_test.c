// SPDX-License-Identifier: GPL-2.0
/*
 * libextmem on a tree that fake.sh has made, whose folder is the argument. Prints KTAP.
 *
 * Files stand in for the device nodes, so ioctls are refused here; live.c makes them on
 * the real ones, in a guest.
 */
#include <errno.h>
#include <fcntl.h>
#include <libextmem.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "ktap.h"

static char sysfs[PATH_MAX - 256], dev[PATH_MAX - 256];

static struct extmem_context *new_context(void)
{
	return extmem_new_at(sysfs, dev);
}

/* Catches: a region in the wrong place, a partition that stands alone, a false one. */
static void test_order(void)
{
	extmem_auto(context) struct extmem_context *context = new_context();
	struct extmem_region *region;
	char order[512] = "";

	ktap_number(8, extmem_scan(context), "scan: how many");
	extmem_for_each(context, region) {
		const struct extmem_region *parent = extmem_region_parent(region);

		strcat(order, parent ? extmem_region_name(parent) : "");
		strcat(order, parent ? "/" : "");
		strcat(order, extmem_region_name(region));
		strcat(order, " ");
	}
	ktap_same("rom fpga-regs pool sram nvram nvram/nvram.env nvram/nvram.journal sram.like ",
		  order, "scan: the order of a tree");
}

/* Catches: a fact of another region, a number that is cut, a file that is no fact. */
static void test_facts(void)
{
	extmem_auto(context) struct extmem_context *context = new_context();
	const struct extmem_region *region = extmem_find(context, "nvram.journal");

	if (!ktap(region, "find: a partition"))
		return;
	ktap_number(0x20000, extmem_region_size(region), "size");
	ktap_number(0x90120000, extmem_region_address(region), "address");
	ktap_same("write-back", extmem_region_fact(region, "cache_policy"), "a fact");
	ktap(!extmem_region_fact(region, "no-such-fact") && errno == ENOENT, "no such fact");
	ktap(!extmem_region_fact(region, "uevent"), "what is no fact");
	ktap(!extmem_region_is_pool(region) && !extmem_region_is_read_only(region),
	     "neither a pool nor read-only");
	ktap(extmem_region_is_pool(extmem_find(context, "pool")), "a pool");
	ktap(extmem_region_is_read_only(extmem_find(context, "rom")), "a read-only one");
}

/* Catches: a mapping of the wrong bytes, or one that goes with its file. */
static void test_use(void)
{
	extmem_auto(context) struct extmem_context *context = new_context();
	extmem_auto(file) struct extmem_file *file = NULL;
	extmem_auto(map) struct extmem_map map = {};
	char bytes[5] = "";

	ktap_number(0, extmem_open(context, "sram", O_RDWR, &file), "open");
	if (!file)
		return;
	ktap_number(0x100000, extmem_file_size(file), "the size of an open one");
	ktap_same("sram", extmem_file_name(file), "the name of an open one");
	ktap_number(4, extmem_write(file, "abcd", 4, 0x2002), "write");
	ktap_number(4, extmem_read(file, bytes, 4, 0x2002), "read");
	ktap_same("abcd", bytes, "what was written is read");
	ktap_number(0, extmem_map(file, 0x2000, 0, PROT_READ, &map), "map");
	ktap_number(0xfe000, map.length, "the length of a map to the end");
	ktap(map.address && !memcmp(map.address + 2, "abcd", 4), "what was written is mapped");
	extmem_unmap(&map);
	ktap(!map.address, "unmap");
	ktap_number(0, extmem_map_region(context, "sram", PROT_READ | PROT_WRITE, &map),
		    "map a region");
	ktap(map.address && !memcmp(map.address + 0x2002, "abcd", 4), "the map outlives the file");
}

/* Catches: an error that says no more than its number. */
static void test_errors(void)
{
	extmem_auto(context) struct extmem_context *context = new_context();
	extmem_auto(file) struct extmem_file *file = NULL;
	extmem_auto(map) struct extmem_map map = {};
	struct extmem_buffer buffer;
	struct extmem_irq_read irq;
	struct extmem_info info;

	ktap_number(-ENOENT, extmem_open(context, "srma", O_RDONLY, &file), "open: none such");
	ktap_has(extmem_error(context), "no region \"srma\"; there are: rom, fpga-regs, pool, sram",
		 "open: none such: says which there are");
	ktap_number(-ENOENT, extmem_open(context, "../extmem/sram", O_RDONLY, &file),
		    "open: a path is no name");
	ktap_number(-ENOENT, extmem_open(context, "", O_RDONLY, &file), "open: nothing");
	ktap_number(0, extmem_open(context, "sram", O_RDONLY, &file), "open for reading");
	ktap_number(-EBADF, extmem_write(file, "x", 1, 0), "write: not open for it");
	ktap_number(-EACCES, extmem_map(file, 0, 0, PROT_READ | PROT_WRITE, &map),
		    "map: not open for it");
	ktap_has(extmem_error(context), "open it for reading and writing", "map: says what to do");
	ktap_number(-EINVAL, extmem_map(file, 0x100000, 0, PROT_READ, &map), "map: at the end");
	ktap_number(-EINVAL, extmem_map(file, 0x1000, UINT64_MAX, PROT_READ, &map),
		    "map: a length that overflows");
	ktap_number(-EINVAL, extmem_map(file, 1, 0, PROT_READ, &map), "map: half a page");
	ktap_has(extmem_error(context), "whole pages", "map: half a page: says what to do");
	ktap_number(-ENOTTY, extmem_info(file, &info), "info: no such ioctl");
	ktap_number(-ENOTTY, extmem_alloc(file, 4096, &buffer), "alloc: no pool");
	ktap_has(extmem_error(context), "no pool", "alloc: says what is one");
	ktap(buffer.fd == -1, "alloc: no descriptor");
	ktap_number(-ENOTTY, extmem_irq_find(file, "0"), "irq_find: no interrupts");
	ktap_number(-ENOTTY, extmem_irq_arm(file, 0), "irq_arm: no interrupts");
	ktap_has(extmem_error(context), "needs \"interrupts\"", "irq_arm: says what to do");
	ktap_number(-ENOTTY, extmem_irq_disarm(file, 0), "irq_disarm: no interrupts");
	ktap_number(-ENOTTY, extmem_irq_eventfd(file, 0, -1), "irq_eventfd: no interrupts");
	ktap_number(-ENOTTY, extmem_irq_read(file, 0, &irq), "irq_read: no interrupts");
	ktap_number(0, extmem_irq_wait(file, &(struct timespec) {}, NULL), "irq_wait: none comes");
	ktap_number(-ENOTTY, extmem_export(file, 0, 4096), "export: no such ioctl");
	ktap_number(-ENOTTY, extmem_sync(file, 0, 4096, EXTMEM_SYNC_READ), "sync: no such ioctl");
	ktap_number(-ENOTTY, extmem_copy(file, 0, 0, 1, 0, 4096), "copy: no such ioctl");
	ktap_number(-ENOTTY, extmem_buffer_sync(context, extmem_fd(file), EXTMEM_SYNC_READ),
		    "buffer_sync: no buffer");
}

/* Catches: a region without its node taken for none at all, and no extmem for no region. */
static void test_absent(void)
{
	extmem_auto(context) struct extmem_context *none = extmem_new_at("/no/such", dev);
	extmem_auto(context) struct extmem_context *undev = extmem_new_at(sysfs, "/no/such");
	extmem_auto(file) struct extmem_file *file = NULL;

	ktap_number(-ENOENT, extmem_scan(none), "scan: no extmem");
	ktap_has(extmem_error(none), "modprobe extmem", "scan: no extmem: says what to do");
	ktap(!extmem_first(none), "no region where there is no extmem");
	ktap_number(-ENOENT, extmem_open(undev, "sram", O_RDONLY, &file), "open: no node");
	ktap_has(extmem_error(undev), "devtmpfs", "open: no node: says what to do");
}

static void write_fact(const char *fact, const char *value)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/class/extmem/sram.like/%s", sysfs, fact);
	unlink(path);
	if (!value)
		return;
	file = fopen(path, "w");
	if (file) {
		fputs(value, file);
		fclose(file);
	}
}

/* Catches: a region half of which is there, a number that is none taken for one. */
static void test_hostile(void)
{
	/* NULL is no file at all. */
	static const char * const sizes[] = {
		"", "\n", "many", "0x", "-1", "0x1000 x", "0x10000000000000000", NULL
	};
	extmem_auto(context) struct extmem_context *context = new_context();
	struct extmem_region *region;
	char path[PATH_MAX], *long_value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		write_fact("size", sizes[i]);
		ktap_number(7, extmem_scan(context), "scan: a size that is none");
	}
	ktap(!extmem_find(context, "sram.like"), "find: one that is going");
	ktap_has(extmem_error(context), "try again", "find: one that is going: says so");
	write_fact("size", "0x1800\n");
	write_fact("phys_addr", "nowhere");
	ktap_number(8, extmem_scan(context), "scan: it is back");
	region = extmem_find(context, "sram.like");
	ktap(region && extmem_region_address(region) == EXTMEM_PHYS_ADDR_NONE,
	     "an address that is none");

	long_value = malloc(1 << 20);
	memset(long_value, 'x', 1 << 20);
	long_value[(1 << 20) - 1] = 0;
	write_fact("backend", long_value);
	free(long_value);
	extmem_scan(context);
	region = extmem_find(context, "sram.like");
	ktap(region && strlen(extmem_region_fact(region, "backend")) == 4095,
	     "a fact of a page and no more");

	/* A file that never says anything. */
	write_fact("backend", NULL);
	snprintf(path, sizeof(path), "%s/class/extmem/sram.like/backend", sysfs);
	ktap_number(0, mkfifo(path, 0600), "a FIFO");
	ktap_number(8, extmem_scan(context), "scan: a FIFO holds nobody up");
	write_fact("backend", "memremap\n");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	snprintf(sysfs, sizeof(sysfs), "%s/sys", argv[1]);
	snprintf(dev, sizeof(dev), "%s/dev", argv[1]);
	printf("KTAP version 1\n");
	test_order();
	test_facts();
	test_use();
	test_errors();
	test_absent();
	test_hostile();
	return ktap_end();
}
