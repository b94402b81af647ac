// SPDX-License-Identifier: GPL-2.0
/*
 * A dma-buf for another driver: made, attached and mapped by vgem, and taken away.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/extmem.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef HAVE_DRM
#include <drm/drm.h>
#endif

#include "bench.h"

#ifdef HAVE_DRM

#define SAMPLES	5
#define SIZE	MIB
#define CARDS	8

static int pool, heap, window;

static int export_buffer(void)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = SIZE };

	return ioctl(pool, EXTMEM_IOC_ALLOC, &alloc) ? -1 : alloc.fd;
}

static int export_window(void)
{
	struct extmem_export export = { .size = sizeof(export), .length = SIZE };

	return ioctl(window, EXTMEM_IOC_EXPORT, &export) ? -1 : export.fd;
}

static int export_from_heap(void)
{
	struct dma_heap_allocation_data data = {
		.len = SIZE,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -1 : (int)data.fd;
}

/* vgem is no driver that can let go of a window: of that, the making only. */
static const struct way {
	const char *name;
	int (*export)(void);
	bool imports;
} ways[] = {
	{ "extmem, a pool's buffer", export_buffer, true },
	{ "extmem, a region's window", export_window, false },
	{ "dma-heap", export_from_heap, true },
};

static int open_vgem(void)
{
	char path[32], name[16];
	int card, fd;

	for (card = 0; card < CARDS; card++) {
		struct drm_version version = { .name = name, .name_len = sizeof(name) - 1 };

		snprintf(path, sizeof(path), "/dev/dri/card%d", card);
		fd = open(path, O_RDWR);
		if (fd < 0)
			continue;
		memset(name, 0, sizeof(name));
		if (!ioctl(fd, DRM_IOCTL_VERSION, &version) && !strcmp(name, "vgem"))
			return fd;
		close(fd);
	}
	return -1;
}

static bool lend(const struct way *way, int vgem)
{
	struct drm_prime_handle prime = {};
	struct drm_gem_close gem = {};
	int64_t start = now(), made, imported, end;

	prime.fd = way->export();
	made = now();
	if (prime.fd < 0) {
		record_failure("share/export", way->name, "making it");
		return false;
	}
	if (way->imports && ioctl(vgem, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime)) {
		record_failure("share/import", way->name, "DRM_IOCTL_PRIME_FD_TO_HANDLE");
		close(prime.fd);
		return false;
	}
	imported = now();
	gem.handle = prime.handle;
	if (way->imports)
		ioctl(vgem, DRM_IOCTL_GEM_CLOSE, &gem);
	close(prime.fd);
	end = now();

	record("share/export", way->name, made - start);
	if (!way->imports)
		return true;
	record("share/import", way->name, imported - made);
	record("share/release", way->name, end - imported);
	record("share/all", way->name, end - start);
	return true;
}

/**
 * measure_sharing() - of a pool's buffer, a region's window and a buffer of dma-heap's
 */
void measure_sharing(void)
{
	int vgem = open_vgem();
	size_t i, j;

	pool = open("/dev/extmem/pool", O_RDWR);
	window = open("/dev/extmem/window", O_RDWR);
	heap = open_heap();
	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (j = 0; j < SAMPLES && lend(&ways[i], vgem); j++)
			;
	close(heap);
	close(window);
	close(pool);
	close(vgem);
}
#else
void measure_sharing(void)
{
	errno = EOPNOTSUPP;
	record_failure("share/export", "dma-heap", "building without <drm/drm.h>");
}
#endif
