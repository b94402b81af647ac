/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share: the regions that this machine has, as sysfs tells of them, and
 * the files of /dev/extmem.
 *
 * The tests choose regions by what they are, and skip with a reason what this machine
 * has not. They write to what they choose, so they are for machines whose memory may be
 * overwritten. tools/testing/guest/selftests.dtso of extmem's own tree describes
 * memory that has a region for each test.
 */
#ifndef _EXTMEM_REGIONS_H
#define _EXTMEM_REGIONS_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/extmem.h>

#define CLASS	"/sys/class/extmem"
#define KiB	1024UL
#define MiB	(1024 * KiB)

struct region {
	char name[EXTMEM_NAME_SIZE];
	char type[16];
	char policy[16];
	bool writable;
	bool partition;
	bool has_address;
	__u64 size;
	__u64 phys;
};

/* The fact in a file of sysfs, without its newline; false if there is none. */
static inline bool region_fact(const char *name, const char *file, char *value, size_t size)
{
	char path[512];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), CLASS "/%s/%s", name, file);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	len = read(fd, value, size - 1);
	close(fd);
	if (len < 0)
		return false;
	if (len && value[len - 1] == '\n')
		len--;
	value[len] = '\0';
	return true;
}

static inline bool region_read(struct region *region, const char *name)
{
	char text[64];

	memset(region, 0, sizeof(*region));
	if (strlen(name) >= sizeof(region->name))
		return false;
	memcpy(region->name, name, strlen(name) + 1);
	region->has_address = region_fact(name, "phys_addr", text, sizeof(text));
	if (region->has_address)
		region->phys = strtoull(text, NULL, 0);
	if (!region_fact(name, "size", text, sizeof(text)))
		return false;
	region->size = strtoull(text, NULL, 0);
	if (!region_fact(name, "access", text, sizeof(text)))
		return false;
	region->writable = !strcmp(text, "rw");
	region->partition = strchr(name, '.');
	return region_fact(name, "type", region->type, sizeof(region->type)) &&
	       region_fact(name, "cache_policy", region->policy, sizeof(region->policy));
}

/* Calls visit for each region, in the order of their names, until it says true. */
static inline bool region_each(bool (*visit)(const struct region *region, void *data),
			       void *data)
{
	struct dirent **entries;
	bool done = false;
	int i, count;

	count = scandir(CLASS, &entries, NULL, alphasort);
	for (i = 0; i < count; i++) {
		struct region region;

		if (!done && entries[i]->d_name[0] != '.' &&
		    region_read(&region, entries[i]->d_name))
			done = visit(&region, data);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return done;
}

struct region_wish {
	const char *type;
	const char *policy;
	__u64 size;
	bool (*also)(const struct region *region);
	struct region *found;
};

static inline bool region_grant(const struct region *region, void *data)
{
	struct region_wish *wish = data;

	if ((wish->type && strcmp(region->type, wish->type)) ||
	    (wish->policy && strcmp(region->policy, wish->policy)) ||
	    region->size < wish->size || region->partition ||
	    (wish->also && !wish->also(region)))
		return false;
	*wish->found = *region;
	return true;
}

/* The first region, but for partitions, of a type and a policy (NULL: any). */
static inline bool region_find(struct region *found, const char *type, const char *policy,
			       __u64 size, bool (*also)(const struct region *region))
{
	struct region_wish wish = { type, policy, size, also, found };

	return region_each(region_grant, &wish);
}

static inline int region_open(const char *name, int flags)
{
	char path[EXTMEM_NAME_SIZE + 16];

	snprintf(path, sizeof(path), "/dev/extmem/%s", name);
	return open(path, flags);
}

/* Says what the ioctl says of a region; all zeros if that cannot be had. */
static inline struct extmem_info region_info(const struct region *region)
{
	struct extmem_info info = { .size = sizeof(info) };
	int fd = region_open(region->name, O_RDONLY);

	if (fd < 0 || ioctl(fd, EXTMEM_IOC_INFO, &info))
		memset(&info, 0, sizeof(info));
	if (fd >= 0)
		close(fd);
	return info;
}

static inline bool region_can_mmap(const struct region *region)
{
	return region_info(region).access & EXTMEM_ACCESS_MMAP;
}

/* Others than the CPU can be given a mapping of it. */
static inline bool region_has_pages(const struct region *region)
{
	char text[8];

	return region_fact(region->name, "direct_io", text, sizeof(text)) &&
	       !strcmp(text, "yes");
}

/* A pool, of which there are no bytes before somebody takes a buffer. */
static inline bool region_is_pool(const struct region *region)
{
	char byte;
	int fd = region_open(region->name, O_RDONLY);
	bool yes;

	if (fd < 0)
		return false;
	yes = !strcmp(region->type, "cma") && pread(fd, &byte, 1, 0) < 0 && errno == ENXIO;
	close(fd);
	return yes;
}

static inline bool region_is_usable(const struct region *region)
{
	return region->writable && !region_is_pool(region);
}

/* Bytes that differ from their neighbours, and from the next page's. */
static inline unsigned char pattern(size_t i, unsigned int seed)
{
	return i * 7 + (i >> 8) * 13 + seed;
}

static inline void fill(unsigned char *buf, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		buf[i] = pattern(i, seed);
}

/* The index of the first byte that is not the pattern's, or size. */
static inline size_t differs(const unsigned char *buf, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (buf[i] != pattern(i, seed))
			return i;
	return size;
}

/* The errno of a call that failed, 0 of one that did not. */
#define errno_of(call)	((call) < 0 ? errno : 0)

#endif /* _EXTMEM_REGIONS_H */
