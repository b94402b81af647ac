// SPDX-License-Identifier: GPL-2.0
/*
 * libextmem on the regions of a board of configs/boards, in a guest: as many as the argument
 * says. Prints KTAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <libextmem.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "ktap.h"

static struct extmem_context *context;

/* Catches: a fact of sysfs that the device itself contradicts. */
static void test_info(unsigned int regions)
{
	struct extmem_region *region;
	unsigned int wrong = 0, count = 0;

	extmem_scan(context);
	extmem_for_each(context, region) {
		extmem_auto(file) struct extmem_file *file = NULL;
		const char *name = extmem_region_name(region);
		struct extmem_info info;

		count++;
		if (!extmem_open(context, name, O_RDONLY, &file) &&
		    !extmem_info(file, &info) && !strcmp(info.name, name) &&
		    info.bytes == extmem_region_size(region) &&
		    info.phys_addr == extmem_region_address(region) &&
		    extmem_file_size(file) == info.bytes &&
		    !(info.access & EXTMEM_ACCESS_WRITE) == extmem_region_is_read_only(region))
			continue;
		printf("# %s: %s\n", name, extmem_error(context));
		wrong++;
	}
	ktap_number(0, wrong, "info: what sysfs says");
	ktap_number(regions, count, "info: of each region");
}

static unsigned long long in_use(void)
{
	const char *value;

	extmem_scan(context);
	value = extmem_region_fact(extmem_find(context, "pool"), "pool_in_use");
	return value ? strtoull(value, NULL, 0) : 0;
}

/* Catches: a buffer that is not the caller's, or that nobody gives back. */
static void test_alloc(void)
{
	extmem_auto(file) struct extmem_file *pool = NULL;
	struct extmem_buffer buffer;
	struct extmem_map map;
	size_t i = 0;

	ktap_number(0, in_use(), "alloc: nothing is in use before");
	ktap_number(0, extmem_open(context, "pool", O_RDWR, &pool), "alloc: open the pool");
	if (!ktap_number(0, extmem_alloc(pool, 5000, &buffer), "alloc"))
		printf("# %s\n", extmem_error(context));
	ktap_number(8192, buffer.length, "alloc: whole pages");
	ktap(buffer.dma_addr != EXTMEM_PHYS_ADDR_NONE, "alloc: root is told the address");
	ktap_number(8192, in_use(), "alloc: the pool says so");
	ktap_number(0, extmem_buffer_map(context, buffer.fd, buffer.length,
					 PROT_READ | PROT_WRITE, &map), "alloc: mapped");
	while (i < map.length && !((volatile unsigned char *)map.address)[i])
		i++;
	ktap_number(8192, i, "alloc: zeroed");
	ktap_number(0, extmem_buffer_sync(context, buffer.fd, EXTMEM_SYNC_WRITE),
		    "alloc: begin to write");
	memset(map.address, 0x5a, map.length);
	ktap_number(0, extmem_buffer_sync(context, buffer.fd,
					  EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END),
		    "alloc: end of writing");
	extmem_unmap(&map);
	extmem_auto_buffer(&buffer);
	ktap_number(0, in_use(), "alloc: given back");
	ktap_number(-ENOMEM, extmem_alloc(pool, 1ull << 40, &buffer), "alloc: too much");
	ktap_has(extmem_error(context), "make the pool larger", "alloc: too much: what to do");
	ktap_number(-EINVAL, extmem_alloc(pool, 0, &buffer), "alloc: nothing");
	ktap_number(-ENXIO, extmem_map(pool, 0, 0, PROT_READ, &map), "map: a pool");
	ktap_has(extmem_error(context), "is a pool", "map: a pool: says so");
}

/* Catches: bytes that do not arrive, or that arrive beside it. */
static void test_move(void)
{
	extmem_auto(file) struct extmem_file *sram = NULL, *frames = NULL;
	extmem_auto(fd) int window = -1;
	extmem_auto(map) struct extmem_map map = {};
	char bytes[12] = "";

	ktap_number(0, extmem_open(context, "sram", O_RDWR, &sram), "open the sram");
	ktap_number(11, extmem_write(sram, "hello there", 11, 0x2003), "write");
	ktap_number(0, extmem_open(context, "frames", O_RDWR, &frames), "open the frames");
	ktap_number(5, extmem_copy(sram, extmem_fd(frames), 0x5001, extmem_fd(sram), 0x2009, 5),
		    "copy");
	ktap_number(5, extmem_read(frames, bytes, 5, 0x5001), "read");
	ktap_same("there", bytes, "what was copied");
	window = extmem_export(sram, 0x2000, 0x1000);
	/* What is only simulated has no address. */
	if (window == -EOPNOTSUPP) {
		printf("# %s\n", extmem_error(context));
	} else {
		ktap(window >= 0, "export");
		ktap_number(0, extmem_buffer_map(context, window, 0x1000, PROT_READ, &map),
			    "export: mapped");
		ktap(map.address && !memcmp(map.address + 3, "hello", 5), "export: the same bytes");
		ktap_number(-EINVAL, extmem_export(sram, 1, 0x1000), "export: half a page");
	}
	ktap(extmem_sync(sram, 0, 0x1000, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END) >= 0, "sync");
	ktap_number(-EINVAL, extmem_sync(sram, 0, 0, EXTMEM_SYNC_READ), "sync: nothing");
	ktap_number(-EINVAL, extmem_copy(sram, extmem_fd(sram), 0, extmem_fd(sram), 0, 0x10),
		    "copy: onto itself");
}

/* Catches: an errno of the kernel's that is taken for another. */
static void test_errors(void)
{
	extmem_auto(file) struct extmem_file *rom = NULL, *regs = NULL, *alone = NULL;
	struct extmem_file *other;
	struct extmem_map map;
	unsigned char byte = 0;

	ktap_number(0, extmem_open(context, "rom", O_RDWR, &rom), "open the rom");
	ktap_number(-EPERM, extmem_write(rom, &byte, 1, 0), "write: read-only");
	ktap_has(extmem_error(context), "read-only", "write: read-only: says so");
	ktap_number(-EPERM, extmem_map(rom, 0, 0, PROT_READ | PROT_WRITE, &map),
		    "map: read-only");
	ktap_number(0, extmem_open(context, "fpga-regs", O_RDWR, &regs), "open the registers");
	ktap_number(-EINVAL, extmem_read(regs, &byte, 1, 0), "read: another width");
	ktap_has(extmem_error(context), "of 4 bytes alone (reg-io-width)",
		 "read: another width: says which");
	ktap_number(-EPERM, extmem_export(regs, 0, 0x1000), "export: registers");
	ktap_number(0, extmem_open(context, "nvram.env", O_RDWR | O_EXCL, &alone), "open alone");
	ktap_number(-EBUSY, extmem_open(context, "nvram", O_RDONLY, &other), "open: busy");
	ktap_has(extmem_error(context), "O_EXCL", "open: busy: says why");
	ktap_number(-ENOSPC, extmem_write(alone, &byte, 1, 0x10000), "write: at the end");
	ktap_number(-ENOENT, extmem_open(context, "srma", O_RDONLY, &other), "open: none such");
	ktap_has(extmem_error(context), "there are: ", "open: none such: says which there are");
}

int main(int argc, char **argv)
{
	context = extmem_new();
	printf("KTAP version 1\n");
	test_info(argc > 1 ? strtoul(argv[1], NULL, 0) : 0);
	if (extmem_find(context, "pool"))
		test_alloc();
	else
		ktap(true, "alloc # SKIP this board has no region \"pool\"");
	test_move();
	test_errors();
	extmem_free(context);
	return ktap_end();
}
