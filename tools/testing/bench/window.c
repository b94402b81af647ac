// SPDX-License-Identifier: GPL-2.0
/*
 * Mapping memory, touching it, and taking the mapping away.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES		5
#define PAGE		4096

static void touch_read(const char *at, size_t size)
{
	const char *end = at + size;

	for (; at < end; at += PAGE)
		asm volatile("" : : "r"(*at));
}

/**
 * touch_write() - write a byte of each page
 * @at: the first
 * @size: bytes that they span
 */
void touch_write(char *at, size_t size)
{
	char *end = at + size;

	for (; at < end; at += PAGE) {
		*at = 1;
		asm volatile("" : : : "memory");
	}
}

static void note(const char *group, const char *what, const char *subject,
		 double value)
{
	char row[48];

	snprintf(row, sizeof(row), "%s/%s", group, what);
	record(row, subject, value);
}

static long long page_tables(void)
{
	return sum_in("/proc/self/status", "VmPTE:");
}

static char *map(const char *group, const struct subject *subject, int fd, size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			subject->offset);
	char row[48];

	if (at != MAP_FAILED)
		return at;
	snprintf(row, sizeof(row), "%s/mmap", group);
	record_failure(row, subject->name, "mmap()");
	return NULL;
}

static bool cycle_of_reads(const char *group, const struct subject *subject, int fd,
			   size_t size)
{
	int64_t start, mapped, first, touched, unmap, end;
	long long before = page_tables();
	const char *name = subject->name;
	char *at;

	start = now();
	at = map(group, subject, fd, size);
	if (!at)
		return false;
	mapped = now();
	touch_read(at, PAGE);
	first = now();
	touch_read(at, size);
	touched = now();
	note(group, "page-tables", name, page_tables() - before);
	unmap = now();
	munmap(at, size);
	end = now();

	note(group, "mmap", name, mapped - start);
	note(group, "first-byte", name, first - start);
	note(group, "read", name, touched - first);
	note(group, "munmap", name, end - unmap);
	note(group, "cycle-read", name, touched - start + end - unmap);
	return true;
}

static bool cycle_of_writes(const char *group, const struct subject *subject, int fd,
			    size_t size)
{
	int64_t start, mapped, touched, end;
	char *at;

	start = now();
	at = map(group, subject, fd, size);
	if (!at)
		return false;
	mapped = now();
	touch_write(at, size);
	touched = now();
	munmap(at, size);
	end = now();

	note(group, "write", subject->name, touched - mapped);
	note(group, "cycle-write", subject->name, end - start);
	return true;
}

static void measure_maps(const char *group, const struct subject *subject, size_t size,
			 int samples)
{
	int fd = open(subject->path, O_RDWR);
	char row[48];
	int i;

	if (fd < 0) {
		snprintf(row, sizeof(row), "%s/mmap", group);
		record_failure(row, subject->name, "open()");
		return;
	}
	for (i = 0; i < samples; i++) {
		if (!cycle_of_reads(group, subject, fd, size) ||
		    !cycle_of_writes(group, subject, fd, size))
			break;
	}
	close(fd);
}

/**
 * measure_windows() - of 1 GiB, at a base that is a multiple of that, and at one that
 * is a multiple of a page only
 */
void measure_windows(void)
{
	struct subject aligned[] = {
		{ "extmem", "/dev/extmem/window", 0 },
		{ "uio", uio_path("window"), 0 },
		{ "/dev/mem", "/dev/mem", 0x80000000 },
	};
	struct subject unaligned[] = {
		{ "extmem", "/dev/extmem/window-4k", 0 },
		{ "uio", uio_path("window-4k"), 0 },
		{ "/dev/mem", "/dev/mem", 0xc0001000 },
	};
	const struct subject dax = { "dax", "/dev/dax0.0", 0 };
	int i;

	for (i = 0; i < 3; i++)
		measure_maps("window", &aligned[i], GIB, SAMPLES);
	for (i = 0; i < 3; i++)
		measure_maps("window-4k", &unaligned[i], GIB, SAMPLES);
	if (dax_device())
		measure_maps("window", &dax, GIB, SAMPLES);
}

/**
 * measure_buffer() - of 64 MiB from a CMA area
 */
void measure_buffer(void)
{
	const struct subject extmem = { "extmem", "/dev/extmem/buffer", 0 };
	const struct subject heap = { "dma-heap", "", 0 };
	int fd, i;

	measure_maps("buffer", &extmem, 64 * MIB, SAMPLES);
	fd = take_heap_buffer(64 * MIB);
	if (fd < 0) {
		record_failure("buffer/mmap", heap.name, "allocation");
		return;
	}
	for (i = 0; i < SAMPLES; i++) {
		if (!cycle_of_reads("buffer", &heap, fd, 64 * MIB) ||
		    !cycle_of_writes("buffer", &heap, fd, 64 * MIB))
			break;
	}
	close(fd);
}

/**
 * measure_small_maps() - of 4 MiB, where the memory is simulated
 */
void measure_small_maps(void)
{
	const struct subject subjects[] = {
		{ "extmem", "/dev/extmem/write-back", 0 },
		{ "tmpfs", "/tmp/file", 0 },
	};
	int i, j;

	for (i = 0; i < 25; i++)
		for (j = 0; j < 2; j++)
			measure_maps("native-map", &subjects[j], 4 * MIB, 1);
}
