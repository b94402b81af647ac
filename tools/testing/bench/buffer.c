// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers from a CMA area: taken, written to, and given back.
 */
#include <fcntl.h>
#include <glob.h>
#include <linux/dma-heap.h>
#include <linux/extmem.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES		5
#define HOLES		32
#define WAYS		3
#define HUGE_PAGE	(2 * MIB)

/**
 * struct taken - a buffer
 * @fd: of the dma-buf
 * @phys: where it is, if that is told
 */
struct taken {
	int fd;
	uint64_t phys;
};

static int pool = -1;
static int heap = -1;

static bool take_extmem(struct taken *taken, size_t size)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = size };

	if (ioctl(pool, EXTMEM_IOC_ALLOC, &alloc))
		return false;
	taken->fd = alloc.fd;
	taken->phys = alloc.dma_addr;
	return true;
}

static bool take_heap(struct taken *taken, size_t size)
{
	struct dma_heap_allocation_data data = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return false;
	taken->fd = data.fd;
	taken->phys = 0;
	return true;
}

static char *map_anywhere(const struct taken *taken, size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, taken->fd, 0);
}

/* Where huge pages fit, in a place that is kept free for it. */
static char *map_congruent(const struct taken *taken, size_t size)
{
	char *place = mmap(NULL, size + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return place;
	place += (taken->phys - (uintptr_t)place) & (HUGE_PAGE - 1);
	return mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, taken->fd, 0);
}

static const struct way {
	const char *name;
	bool (*take)(struct taken *taken, size_t size);
	char *(*map)(const struct taken *taken, size_t size);
} ways[WAYS] = {
	{ "extmem", take_extmem, map_anywhere },
	{ "extmem congruent", take_extmem, map_congruent },
	{ "dma-heap", take_heap, map_anywhere },
};

static void note(const char *group, const char *what, const char *subject, double value)
{
	char row[48];

	snprintf(row, sizeof(row), "%s/%s", group, what);
	record(row, subject, value);
}

static void note_failure(const char *group, const char *subject, const char *what)
{
	char row[48];

	snprintf(row, sizeof(row), "%s/all", group);
	record_failure(row, subject, what);
}

static bool cycle(const char *group, const struct way *way, size_t size)
{
	int64_t start, there, mapped, written, end;
	struct taken taken;
	char *at;

	start = now();
	if (!way->take(&taken, size)) {
		note_failure(group, way->name, "allocation");
		return false;
	}
	there = now();
	at = way->map(&taken, size);
	if (at == MAP_FAILED) {
		note_failure(group, way->name, "mmap()");
		close(taken.fd);
		return false;
	}
	mapped = now();
	touch_write(at, size);
	written = now();
	munmap(at, size);
	close(taken.fd);
	end = now();

	note(group, "take", way->name, there - start);
	note(group, "map", way->name, mapped - there);
	note(group, "write", way->name, written - mapped);
	note(group, "give-back", way->name, end - written);
	note(group, "all", way->name, end - start);
	return true;
}

static void measure_ways(const char *group, size_t size)
{
	unsigned int i, j;

	for (i = 0; i < WAYS; i++)
		for (j = 0; j < SAMPLES && cycle(group, &ways[i], size); j++)
			;
}

/* Every other MiB of the area's beginning is taken, by extmem for both. */
static void measure_fragmented(void)
{
	struct taken taken[2 * HOLES];
	int i;

	for (i = 0; i < 2 * HOLES; i++)
		if (!take_extmem(&taken[i], MIB))
			break;
	if (i < 2 * HOLES)
		note_failure("holes-1M", "extmem", "making holes");
	while (i-- > 0) {
		if (i % 2)
			continue;
		close(taken[i].fd);
		taken[i].fd = -1;
	}
	measure_ways("holes-1M", MIB);
	measure_ways("holes-16M", 16 * MIB);
	for (i = 1; i < 2 * HOLES; i += 2)
		close(taken[i].fd);
}

/**
 * open_heap() - dma-heap; there is one, with the pool's name
 *
 * Return: a file, or -1.
 */
int open_heap(void)
{
	glob_t heaps;
	int fd;

	if (glob("/dev/dma_heap/*", 0, NULL, &heaps))
		return -1;
	fd = open(heaps.gl_pathv[0], O_RDWR);
	globfree(&heaps);
	return fd;
}

/**
 * take_heap_buffer() - a dma-buf of dma-heap's, or -1
 * @size: bytes
 */
int take_heap_buffer(size_t size)
{
	struct taken taken = { .fd = -1 };

	heap = open_heap();
	take_heap(&taken, size);
	close(heap);
	return taken.fd;
}

/**
 * measure_buffers() - of 1 to 64 MiB, and from an area with holes
 */
void measure_buffers(void)
{
	pool = open("/dev/extmem/pool", O_RDWR);
	heap = open_heap();
	measure_ways("take-1M", MIB);
	measure_ways("take-4M", 4 * MIB);
	measure_ways("take-16M", 16 * MIB);
	measure_ways("take-64M", 64 * MIB);
	measure_fragmented();
	close(heap);
	close(pool);
}
