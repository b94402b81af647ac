// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of regions and of buffers.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

static int fail_map(struct extmem_file *file, int error, uint64_t offset, uint64_t length)
{
	struct extmem_context *context = file->context;
	long page = sysconf(_SC_PAGESIZE);

	switch (error) {
	case EINVAL:
		if (file->size % page)
			return extmem_fail(context, error,
					   "%s has %#llx bytes, which are no whole pages, and cannot be mapped: read and write it",
					   file->name, (unsigned long long)file->size);
		return extmem_fail(context, error,
				   "%s: %#llx bytes at %#llx cannot be mapped: the offset must be whole pages of %ld bytes",
				   file->name, (unsigned long long)length,
				   (unsigned long long)offset, page);
	case EPERM:
		return extmem_fail(context, error,
				   "%s is read-only, and never executable: map it for reading alone",
				   file->name);
	case EACCES:
		return extmem_fail(context, error,
				   "%s is not open for that: open it for reading and writing",
				   file->name);
	case ENXIO:
		return extmem_fail(context, error,
				   "%s is a pool and has no bytes of its own: map a buffer of it",
				   file->name);
	case ENODEV:
		return extmem_fail(context, error,
				   "%s cannot be mapped: it has gone, or its backend has no way; read and write it",
				   file->name);
	default:
		return extmem_fail(context, error, "%s: mmap: %s", file->name, strerror(error));
	}
}

int extmem_map(struct extmem_file *file, uint64_t offset, uint64_t length, int prot,
	       struct extmem_map *map)
{
	*map = (struct extmem_map) {};
	if (offset >= file->size || length > file->size - offset)
		return extmem_fail(file->context, EINVAL,
				   "%s ends at %#llx: %#llx bytes at %#llx are not in it",
				   file->name, (unsigned long long)file->size,
				   (unsigned long long)length, (unsigned long long)offset);
	if (!length)
		length = file->size - offset;
	if (length > SIZE_MAX)
		return extmem_fail(file->context, EFBIG,
				   "%s: %#llx bytes are more than a program of 32 bits can map: map a part",
				   file->name, (unsigned long long)length);
	map->address = mmap(NULL, length, prot, MAP_SHARED, file->fd, offset);
	if (map->address == MAP_FAILED) {
		map->address = NULL;
		return fail_map(file, errno, offset, length);
	}
	map->length = length;
	return 0;
}

int extmem_map_region(struct extmem_context *context, const char *name, int prot,
		      struct extmem_map *map)
{
	extmem_auto(file) struct extmem_file *file = NULL;
	int ret;

	*map = (struct extmem_map) {};
	ret = extmem_open(context, name, prot & PROT_WRITE ? O_RDWR : O_RDONLY, &file);
	return ret ? ret : extmem_map(file, 0, 0, prot, map);
}

void extmem_unmap(struct extmem_map *map)
{
	if (map->address)
		munmap(map->address, map->length);
	*map = (struct extmem_map) {};
}

int extmem_buffer_map(struct extmem_context *context, int fd, uint64_t length, int prot,
		      struct extmem_map *map)
{
	*map = (struct extmem_map) {};
	if (length > SIZE_MAX)
		return extmem_fail(context, EFBIG,
				   "a buffer of %#llx bytes is more than a program of 32 bits can map",
				   (unsigned long long)length);
	map->address = mmap(NULL, length, prot, MAP_SHARED, fd, 0);
	if (map->address == MAP_FAILED) {
		map->address = NULL;
		return extmem_fail(context, errno, "a buffer of %#llx bytes: mmap: %s",
				   (unsigned long long)length, strerror(errno));
	}
	map->length = length;
	return 0;
}
