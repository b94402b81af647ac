// SPDX-License-Identifier: GPL-2.0
/*
 * From a region to a disk that costs nothing: what is left is what the CPU does for it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES	5
#define WAYS	2
#define DISK	"/dev/nullb0"
#define REGION	"/dev/extmem/write-back"

/* As it is with extmem: a write of the mapping. */
static bool write_mapping(int region, int disk, char *mapping, char *buf, size_t size)
{
	(void)region;
	(void)buf;
	return pwrite(disk, mapping, size, 0) == (ssize_t)size;
}

/* As it is without. */
static bool read_and_write(int region, int disk, char *mapping, char *buf, size_t size)
{
	(void)mapping;
	return pread(region, buf, size, 0) == (ssize_t)size &&
	       pwrite(disk, buf, size, 0) == (ssize_t)size;
}

static const struct way {
	const char *name;
	bool (*move)(int region, int disk, char *mapping, char *buf, size_t size);
} ways[WAYS] = {
	{ "extmem", write_mapping },
	{ "read(), write()", read_and_write },
};

static void measure_size(int region, int disk, char *mapping, char *buf, size_t size)
{
	unsigned int i, j;
	char row[48];

	snprintf(row, sizeof(row), "disk/%zu", size);
	for (i = 0; i < WAYS; i++) {
		/* The first one faults the pages in. */
		for (j = 0; j <= SAMPLES; j++) {
			int64_t start = now();

			if (!ways[i].move(region, disk, mapping, buf, size)) {
				record_failure(row, ways[i].name, "write()");
				break;
			}
			if (j)
				record(row, ways[i].name, now() - start);
		}
	}
}

/**
 * measure_disk() - O_DIRECT from a mapping, and by a buffer
 */
void measure_disk(void)
{
	int region = open(REGION, O_RDWR), disk = open(DISK, O_WRONLY | O_DIRECT);
	char *mapping = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, region, 0);
	char *buf = aligned_alloc(4096, MIB);

	if (disk < 0 || mapping == MAP_FAILED || !buf) {
		record_failure("disk/4096", ways[0].name, DISK " or " REGION);
		return;
	}
	measure_size(region, disk, mapping, buf, 4096);
	measure_size(region, disk, mapping, buf, 64 * KIB);
	measure_size(region, disk, mapping, buf, MIB);
	free(buf);
	munmap(mapping, 4 * MIB);
	close(disk);
	close(region);
}
