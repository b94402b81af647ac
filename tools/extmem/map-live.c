// SPDX-License-Identifier: GPL-2.0
/*
 * The boxes of a machine that runs: main memory of /proc/iomem, reservations of the device
 * tree, if it has one, and the regions that extmem has.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "board-read.h"
#include "extmem.h"
#include "map.h"

struct live {
	struct picture *picture;
	const char *root;
	bool hides_addresses;		/* /proc/iomem is for root alone */
	bool has_tree;
	unsigned int regions, partitions;
};

static const char *below(const struct live *live, const char *file)
{
	return arena_printf(live->picture->arena, "%s%s", live->root, file);
}

static void add_box(const struct live *live, enum picture_column column,
		    enum picture_look look, u64 first, u64 last, const char *name)
{
	struct arena *arena = live->picture->arena;
	struct picture_box *box = picture_add(live->picture, column, look, first, last);
	char size[SIZE_TEXT];

	box->words[0] = arena_printf(arena, "%s", name);
	box->words[1] = arena_printf(arena, "%s", size_text(last - first + 1, size));
	box->hover = arena_printf(arena, "%s\n0x%llx-0x%llx, %s", name,
				  (unsigned long long)first, (unsigned long long)last,
				  box->words[1]);
}

/* "40000000-47ffffff : System RAM"; what is indented is a part of a line above. */
static void take_iomem_line(struct live *live, const char *line)
{
	u64 first, last;
	char name[80];

	if (*line == ' ' || sscanf(line, "%" SCNx64 "-%" SCNx64 " : %79[^\n]", &first, &last,
				   name) != 3)
		return;
	if (strcmp(name, "System RAM") && (live->has_tree || strcasecmp(name, "reserved")))
		return;
	if (!first && !last)
		live->hides_addresses = true;
	else if (first <= last && !strcmp(name, "System RAM"))
		add_box(live, PICTURE_MEMORY, LOOK_MEMORY, first, last, name);
	else if (first <= last)
		add_box(live, PICTURE_RESERVATION, LOOK_NO_MAP, first, last, name);
}

static void add_iomem(struct live *live)
{
	FILE *file = fopen(below(live, "/proc/iomem"), "re");
	char line[200];

	if (!file) {
		picture_note(live->picture,
			     "/proc/iomem cannot be read: where main memory is, is not known");
		return;
	}
	while (fgets(line, sizeof(line), file))
		take_iomem_line(live, line);
	fclose(file);
	if (live->hides_addresses)
		picture_note(live->picture,
			     "/proc/iomem tells its addresses to root alone: where main memory is, is not known");
}

static void add_tree(struct live *live, const struct board_options *options)
{
	struct board board = {};
	struct tree_error error;
	const char *folder = below(live, "/proc/device-tree");

	if (access(folder, R_OK))
		return;
	if (board_load(&board, folder, options, &error)) {
		live->has_tree = true;
		live->picture->title = arena_printf(live->picture->arena, "%s",
						    board.model ? board.model : "this machine");
		picture_reservations(live->picture, &board);
	} else {
		picture_note(live->picture, arena_printf(live->picture->arena,
							 "the device tree cannot be read: %s",
							 error.text));
	}
	board_free(&board);
}

static enum picture_look look_of(const struct extmem_region *region)
{
	const char *policy = extmem_region_fact(region, "cache_policy");
	int look;

	for (look = LOOK_UNCACHED; look <= LOOK_WRITE_BACK; look++)
		if (policy && !strcmp(policy, picture_looks[look]))
			return look;
	return LOOK_UNCACHED;
}

static const char *fact(const struct extmem_region *region, const char *name)
{
	const char *value = extmem_region_fact(region, name);

	return value ? value : "unknown";
}

static const char *character_of(const struct live *live, const struct extmem_region *region)
{
	return arena_printf(live->picture->arena, "%s, %s%s", fact(region, "type"),
			    fact(region, "cache_policy"),
			    extmem_region_is_read_only(region) ? ", ro" : "");
}

/* "boot" of "sram.boot" */
static const char *name_below(const char *name, const char *parent)
{
	size_t length = strlen(parent);

	return strncmp(name, parent, length) ? name : name + length + 1;
}

static void add_region(struct live *live, const struct extmem_region *region)
{
	const struct extmem_region *parent = extmem_region_parent(region);
	const char *name = extmem_region_name(region), *short_name = name;
	u64 base = extmem_region_address(region), size = extmem_region_size(region);
	struct arena *arena = live->picture->arena;
	struct picture_box *box;
	char text[SIZE_TEXT];

	size_text(size, text);
	if (base == EXTMEM_PHYS_ADDR_NONE || !size || base + size - 1 < base) {
		picture_note(live->picture,
			     arena_printf(arena, "%s, %s, %s: its address is not known", name,
					  text, character_of(live, region)));
		return;
	}
	if (parent)
		short_name = name_below(name, extmem_region_name(parent));
	box = picture_add(live->picture, parent ? PICTURE_PARTITION : PICTURE_REGION,
			  look_of(region), base, base + size - 1);
	box->words[0] = arena_printf(arena, "%s", short_name);
	box->words[1] = arena_printf(arena, "%s", text);
	box->words[2] = parent ? extmem_region_is_read_only(region) ? "ro" : "" :
			character_of(live, region);
	box->hover = arena_printf(arena, "%s\n0x%llx-0x%llx, %s\n%s, backend %s\n"
				  "effective: %s, state: %s", name, (unsigned long long)box->first,
				  (unsigned long long)box->last, text,
				  character_of(live, region), fact(region, "backend"),
				  fact(region, "cache_policy_effective"), fact(region, "state"));
}

static int add_regions(struct live *live)
{
	extmem_auto(context) struct extmem_context *context = *live->root ?
		extmem_new_at(below(live, "/sys"), below(live, "/dev")) : extmem_new();
	struct extmem_region *region;
	int ret;

	if (!context)
		return fail(EXIT_FAILED, "there is no memory left");
	ret = extmem_scan(context);
	if (ret < 0)
		return fail(ret == -ENOENT ? EXIT_ABSENT : ret == -EACCES ? EXIT_REFUSED :
			    EXIT_FAILED, "map: %s", extmem_error(context));
	extmem_for_each(context, region) {
		if (extmem_region_parent(region))
			live->partitions++;
		else
			live->regions++;
		add_region(live, region);
	}
	return EXIT_GOOD;
}

int map_live(struct picture *picture, const char *root, const struct board_options *options)
{
	struct live live = { .picture = picture, .root = root };
	struct utsname name = {};
	int code;

	picture->title = "this machine";
	add_tree(&live, options);
	add_iomem(&live);
	code = add_regions(&live);
	uname(&name);
	picture->subtitle = arena_printf(picture->arena, "%s, %u regions, %u partitions",
					 *root ? root : name.machine, live.regions,
					 live.partitions);
	return code;
}
