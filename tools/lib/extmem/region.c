// SPDX-License-Identifier: GPL-2.0
/*
 * One region out of sysfs: its facts, all of them, as they are at that moment.
 *
 * A region can go while it is read: then files are missing, or give ENODEV. One whose size
 * cannot be read is gone; of others, what could be read is there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

/* A file of sysfs is a page at most; so is what is taken of anything else. */
#define FACT_MAX 4096

void extmem_free_region(struct extmem_region *region)
{
	size_t i;

	if (!region)
		return;
	for (i = 0; i < region->fact_count; i++) {
		free(region->facts[i].name);
		free(region->facts[i].value);
	}
	free(region->facts);
	free(region->parent_name);
	free(region->name);
	free(region);
}

/* O_NONBLOCK: a FIFO in its place must not hold anybody up. */
static char *read_value(int folder, const char *name)
{
	extmem_auto(fd) int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char buffer[FACT_MAX];
	ssize_t got;

	if (fd < 0)
		return NULL;
	got = read(fd, buffer, sizeof(buffer) - 1);
	if (got < 0)
		return NULL;
	buffer[got] = 0;
	buffer[strcspn(buffer, "\n")] = 0;
	return strdup(buffer);
}

static bool add_fact(struct extmem_region *region, int folder, const char *name)
{
	struct fact *facts, *fact;

	facts = realloc(region->facts, (region->fact_count + 1) * sizeof(*facts));
	if (!facts)
		return false;
	region->facts = facts;
	fact = &facts[region->fact_count];
	fact->name = strdup(name);
	if (!fact->name)
		return false;
	region->fact_count++;
	errno = 0;
	fact->value = read_value(folder, name);
	fact->error = fact->value ? 0 : errno;
	return fact->error != ENOMEM;
}

/* What other devices have, too, is no fact of the region's. */
static bool is_fact(int folder, const char *name)
{
	struct stat status;

	return strcmp(name, "uevent") && strcmp(name, "dev") &&
	       !fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(status.st_mode);
}

static bool read_facts(struct extmem_region *region, int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	bool good = true;
	DIR *dir;

	if (fd < 0)
		return true;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return false;
	}
	while (good && (entry = readdir(dir)))
		if (is_fact(folder, entry->d_name))
			good = add_fact(region, folder, entry->d_name);
	closedir(dir);
	return good;
}

static bool read_parent(struct extmem_region *region, int folder)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(folder, "device", target, sizeof(target) - 1);
	const char *slash;

	if (length < 0)
		return true;
	target[length] = 0;
	slash = strrchr(target, '/');
	region->parent_name = strdup(slash ? slash + 1 : target);
	return region->parent_name;
}

static bool number_of(const struct extmem_region *region, const char *fact, uint64_t *number)
{
	const char *value = extmem_region_fact(region, fact);
	unsigned long long found;
	char *end;

	if (!value || *value < '0' || *value > '9')
		return false;
	errno = 0;
	found = strtoull(value, &end, 0);
	if (errno || *end)
		return false;
	*number = found;
	return true;
}

/* NULL: out of memory, or gone; errno says which (ENOMEM, ENODEV). */
struct extmem_region *extmem_read_region(struct extmem_context *context, const char *name)
{
	struct extmem_region *region = calloc(1, sizeof(*region));
	char path[PATH_MAX];
	int folder;

	if (!region)
		return NULL;
	region->context = context;
	region->name = strdup(name);
	snprintf(path, sizeof(path), "%s/class/extmem/%s", context->sysfs, name);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!region->name || (folder >= 0 && (!read_facts(region, folder) ||
					      !read_parent(region, folder)))) {
		errno = ENOMEM;
		goto fail;
	}
	if (folder < 0 || !number_of(region, "size", &region->size)) {
		errno = ENODEV;
		goto fail;
	}
	if (!number_of(region, "phys_addr", &region->address))
		region->address = EXTMEM_PHYS_ADDR_NONE;
	close(folder);
	return region;
fail:
	{
		int error = errno;

		if (folder >= 0)
			close(folder);
		extmem_free_region(region);
		errno = error;
	}
	return NULL;
}

const char *extmem_region_name(const struct extmem_region *region)
{
	return region->name;
}

struct extmem_region *extmem_region_parent(const struct extmem_region *region)
{
	return region->parent;
}

const char *extmem_region_fact(const struct extmem_region *region, const char *fact)
{
	size_t i;

	for (i = 0; i < region->fact_count; i++) {
		if (strcmp(region->facts[i].name, fact))
			continue;
		errno = region->facts[i].error;
		return region->facts[i].value;
	}
	errno = ENOENT;
	return NULL;
}

uint64_t extmem_region_size(const struct extmem_region *region)
{
	return region->size;
}

uint64_t extmem_region_address(const struct extmem_region *region)
{
	return region->address;
}

bool extmem_region_is_pool(const struct extmem_region *region)
{
	return extmem_region_fact(region, "pool_in_use");
}

bool extmem_region_is_read_only(const struct extmem_region *region)
{
	const char *access = extmem_region_fact(region, "access");

	return access && !strcmp(access, "ro");
}
