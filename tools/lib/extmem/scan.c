// SPDX-License-Identifier: GPL-2.0
/*
 * All regions: a list in the order of a tree.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

void extmem_forget_regions(struct extmem_context *context)
{
	size_t i;

	for (i = 0; i < context->count; i++)
		extmem_free_region(context->regions[i]);
	free(context->regions);
	context->regions = NULL;
	context->count = 0;
	context->scanned = false;
}

static bool add_region(struct extmem_context *context, const char *name)
{
	struct extmem_region *region, **regions;

	region = extmem_read_region(context, name);
	if (!region)
		return errno != ENOMEM;
	regions = realloc(context->regions, (context->count + 1) * sizeof(*regions));
	if (!regions) {
		extmem_free_region(region);
		return false;
	}
	context->regions = regions;
	regions[context->count++] = region;
	return true;
}

/* By address, and those without by name behind them. */
static int compare_regions(const void *one, const void *other)
{
	const struct extmem_region *a = *(struct extmem_region *const *)one;
	const struct extmem_region *b = *(struct extmem_region *const *)other;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return strcmp(a->name, b->name);
}

/*
 * A partition's device is its region, whose name and a point begin its own. So nothing is
 * its own ancestor.
 */
static struct extmem_region *parent_of(const struct extmem_context *context,
				       const struct extmem_region *region)
{
	const char *parent = region->parent_name;
	size_t i, length = parent ? strlen(parent) : 0;

	if (!length || strncmp(region->name, parent, length) || region->name[length] != '.')
		return NULL;
	for (i = 0; i < context->count; i++)
		if (!strcmp(context->regions[i]->name, parent))
			return context->regions[i];
	return NULL;
}

static void add_family(const struct extmem_context *context, struct extmem_region *parent,
		       struct extmem_region **ordered, size_t *count)
{
	size_t i;

	for (i = 0; i < context->count; i++) {
		if (context->regions[i]->parent != parent)
			continue;
		ordered[(*count)++] = context->regions[i];
		add_family(context, context->regions[i], ordered, count);
	}
}

static bool order_regions(struct extmem_context *context)
{
	struct extmem_region **ordered;
	size_t i, count = 0;

	if (!context->count)
		return true;
	ordered = calloc(context->count, sizeof(*ordered));
	if (!ordered)
		return false;
	qsort(context->regions, context->count, sizeof(*ordered), compare_regions);
	for (i = 0; i < context->count; i++)
		context->regions[i]->parent = parent_of(context, context->regions[i]);
	add_family(context, NULL, ordered, &count);
	for (i = 0; i < count; i++)
		ordered[i]->next = i + 1 < count ? ordered[i + 1] : NULL;
	free(context->regions);
	context->regions = ordered;
	return true;
}

static int no_memory(struct extmem_context *context)
{
	extmem_forget_regions(context);
	return extmem_fail(context, ENOMEM, "no memory for the list of regions");
}

int extmem_scan(struct extmem_context *context)
{
	struct dirent *entry;
	char path[PATH_MAX];
	bool good = true;
	DIR *dir;

	extmem_forget_regions(context);
	snprintf(path, sizeof(path), "%s/class/extmem", context->sysfs);
	dir = opendir(path);
	if (!dir && errno == ENOENT)
		return extmem_fail(context, ENOENT,
				   "the kernel has no extmem: there is no %s; load the module (modprobe extmem), or see whether sysfs is mounted",
				   path);
	if (!dir)
		return extmem_fail(context, errno, "%s: %s", path, strerror(errno));
	while (good && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			good = add_region(context, entry->d_name);
	closedir(dir);
	if (!good || !order_regions(context))
		return no_memory(context);
	context->scanned = true;
	return context->count;
}

struct extmem_region *extmem_first(struct extmem_context *context)
{
	return context->count ? context->regions[0] : NULL;
}

struct extmem_region *extmem_next(struct extmem_region *region)
{
	return region->next;
}

int extmem_fail_absent(struct extmem_context *context, const char *name)
{
	struct extmem_region *region;
	char names[640] = "";
	char path[PATH_MAX];
	struct stat status;
	size_t used = 0, told = 0;

	snprintf(path, sizeof(path), "%s/class/extmem/%s", context->sysfs, name);
	if (*name && !strchr(name, '/') && !lstat(path, &status))
		return extmem_fail(context, ENODEV,
				   "%s came or went while it was read; see extmem list and try again",
				   name);
	if (!context->count)
		return extmem_fail(context, ENOENT,
				   "there is no region \"%.200s\", nor any other; dmesg | grep extmem says why",
				   name);
	extmem_for_each(context, region) {
		if (used + strlen(region->name) + 3 > sizeof(names))
			break;
		used += sprintf(names + used, "%s%s", told++ ? ", " : "", region->name);
	}
	return extmem_fail(context, ENOENT, "there is no region \"%.200s\"; there are: %s%s",
			   name, names, region ? " and others" : "");
}

struct extmem_region *extmem_find(struct extmem_context *context, const char *name)
{
	struct extmem_region *region;

	if (!context->scanned && extmem_scan(context) < 0)
		return NULL;
	extmem_for_each(context, region)
		if (!strcmp(region->name, name))
			return region;
	extmem_fail_absent(context, name);
	return NULL;
}
