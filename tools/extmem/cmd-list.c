// SPDX-License-Identifier: GPL-2.0
/*
 * extmem list: the regions, as a tree.
 */
#include <errno.h>
#include <json-c/json.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "extmem.h"

static const char help[] =
	"usage: extmem list [OPTION...]\n"
	"\n"
	"List the regions, each with its partitions below it, by address.\n"
	"\n"
	"  -o, --columns A,B,...  these columns; + before the first adds to the usual\n"
	"  -l, --list             a plain list instead of a tree\n"
	"  -n, --no-header        no headings\n"
	"  -b, --bytes            sizes in bytes, in hexadecimal\n"
	"  -j, --json             for programs: version 1\n"
	"  -w, --watch            again whenever something changes, until Ctrl-C\n"
	"\n"
	"Columns: name type policy effective size backend access state address, and\n"
	"direct-io numa open in-use dma parent. A dash is what there is not, or what is\n"
	"not for you: addresses are for root.\n"
	"\n"
	"The regions are those of /sys/class/extmem. Nothing is opened.\n";

struct view {
	const char *columns[TABLE_COLUMNS];
	unsigned int count;
	bool plain, no_header, bytes, json, watch, utf8;
};

struct column {
	const char *name;
	const char *fact;	/* of sysfs, or NULL for what has a case of its own */
};

static const struct column columns[] = {
	{ "name" },
	{ "type", "type" },
	{ "policy", "cache_policy" },
	{ "effective", "cache_policy_effective" },
	{ "size" },
	{ "backend", "backend" },
	{ "access", "access" },
	{ "state", "state" },
	{ "address" },
	{ "direct-io", "direct_io" },
	{ "numa", "numa_node" },
	{ "open", "open_count" },
	{ "in-use", "pool_in_use" },
	{ "dma", "dma_channel" },
	{ "parent" },
};

#define USUAL_COLUMNS 9

static const struct column *find_column(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (!strcasecmp(columns[i].name, name))
			return &columns[i];
	return NULL;
}

static void usual_columns(struct view *view)
{
	for (view->count = 0; view->count < USUAL_COLUMNS; view->count++)
		view->columns[view->count] = columns[view->count].name;
}

/* @list is cut up, and stays where it is as long as the view. */
static int choose_columns(struct view *view, char *list)
{
	char *name, *rest = NULL;

	view->count = 0;
	if (*list == '+') {
		usual_columns(view);
		list++;
	}
	for (name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		const struct column *column = find_column(name);

		if (!column)
			return fail(EXIT_USAGE,
				    "list: there is no column \"%s\"; see extmem list --help",
				    name);
		if (view->count == TABLE_COLUMNS)
			return fail(EXIT_USAGE, "list: more than %d columns", TABLE_COLUMNS);
		view->columns[view->count++] = column->name;
	}
	return view->count ? EXIT_GOOD : fail(EXIT_USAGE, "list: -o needs the name of a column");
}

/* Whether no later one has the same parent. */
static bool is_last(struct extmem_region *region)
{
	const struct extmem_region *parent = extmem_region_parent(region);

	while ((region = extmem_next(region)))
		if (extmem_region_parent(region) == parent)
			return false;
	return true;
}

static void add_name(struct table *table, const struct view *view,
		     struct extmem_region *region)
{
	const struct extmem_region *parent = extmem_region_parent(region);
	const char *name = extmem_region_name(region);
	char text[512];

	if (view->plain || !parent)
		snprintf(text, sizeof(text), "%s", name);
	else if (view->utf8)
		snprintf(text, sizeof(text), "%s %s", is_last(region) ? "└─" : "├─", name);
	else
		snprintf(text, sizeof(text), "%s %s", is_last(region) ? "`-" : "|-", name);
	table_add(table, text);
}

static void add_cell(struct table *table, const struct view *view,
		     struct extmem_region *region, const struct column *column)
{
	const struct extmem_region *parent = extmem_region_parent(region);
	uint64_t size = extmem_region_size(region), address = extmem_region_address(region);
	const char *value = NULL;
	char text[SIZE_TEXT];

	if (column->fact) {
		value = extmem_region_fact(region, column->fact);
	} else if (!strcmp(column->name, "name")) {
		add_name(table, view, region);
		return;
	} else if (!strcmp(column->name, "size")) {
		snprintf(text, sizeof(text), "%#llx", (unsigned long long)size);
		value = view->bytes ? text : size_exact(size, text);
	} else if (!strcmp(column->name, "address") && address != EXTMEM_PHYS_ADDR_NONE) {
		snprintf(text, sizeof(text), "%#llx", (unsigned long long)address);
		value = text;
	} else if (!strcmp(column->name, "parent") && parent) {
		value = extmem_region_name(parent);
	}
	table_add(table, value && *value ? value : "-");
}

static void add_heading(struct table *table, const struct view *view)
{
	unsigned int i, j;

	for (i = 0; i < view->count; i++) {
		char text[32] = "";

		for (j = 0; view->columns[i][j]; j++)
			text[j] = view->columns[i][j] >= 'a' ? view->columns[i][j] - 'a' + 'A' :
							       view->columns[i][j];
		table_add(table, text);
	}
}

static void print_table(struct extmem_context *context, const struct view *view, FILE *stream)
{
	struct table *table = table_new(view->count);
	struct extmem_region *region;
	unsigned int i;

	if (!view->no_header)
		add_heading(table, view);
	extmem_for_each(context, region)
		for (i = 0; i < view->count; i++)
			add_cell(table, view, region, find_column(view->columns[i]));
	table_print(table, stream, !view->no_header);
	table_free(table);
}

static struct json_object *document_of(struct extmem_context *context)
{
	struct json_object *document = json_document("list");
	struct json_object *list = json_object_new_array();
	struct extmem_region *region;

	extmem_for_each(context, region)
		json_object_array_add(list, json_region(region));
	json_object_object_add(document, "regions", list);
	return document;
}

/* As a string, to see whether it is the same as before. */
static char *render(struct extmem_context *context, const struct view *view)
{
	struct json_object *document;
	char *text = NULL;
	size_t size;
	FILE *stream;

	stream = open_memstream(&text, &size);
	if (!stream)
		exit(fail(EXIT_FAILED, "out of memory"));
	if (view->json) {
		document = document_of(context);
		/* A document a line. */
		fprintf(stream, "%s\n",
			json_object_to_json_string_ext(document, JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(document);
	} else {
		print_table(context, view, stream);
	}
	fclose(stream);
	return text;
}

static int watch(struct extmem_context *context, const struct view *view)
{
	const struct timespec pause = { .tv_nsec = 500000000 };
	bool screen = isatty(STDOUT_FILENO) && !view->json;
	char *text, *last = NULL;
	int ret, code = EXIT_GOOD;

	catch_interrupts();
	while (!interrupted() && !code) {
		ret = extmem_scan(context);
		/* A module that is unloaded may come back. */
		if (ret < 0 && ret != -ENOENT) {
			code = fail_library(context, ret);
			break;
		}
		text = render(context, view);
		if (!last || strcmp(text, last)) {
			/* Home, and clear from there. */
			printf("%s%s%s", screen ? "\033[H\033[J" : "",
			       last && !screen && !view->json ? "\n" : "", text);
			code = finish_output();
		}
		free(last);
		last = text;
		if (!code)
			nanosleep(&pause, NULL);
	}
	free(last);
	/* Ctrl-C is how it ends. */
	return code;
}

static int list(const struct view *view)
{
	extmem_auto(context) struct extmem_context *context = extmem_new();
	int ret;

	if (!context)
		return fail(EXIT_FAILED, "out of memory");
	if (view->watch)
		return watch(context, view);
	ret = extmem_scan(context);
	if (ret < 0)
		return fail_library(context, ret);
	if (view->json)
		return json_finish(document_of(context));
	if (!ret)
		note("there are no regions; dmesg | grep extmem says why");
	print_table(context, view, stdout);
	return finish_output();
}

int cmd_list(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "columns", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ "no-header", no_argument, NULL, 'n' },
		{ "bytes", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ "watch", no_argument, NULL, 'w' },
		{}
	};
	static const struct options options = { help, "o:lnbjw", longs };
	struct view view = {};
	int code, got;

	usual_columns(&view);
	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 'o':
			code = choose_columns(&view, optarg);
			if (code)
				return code;
			break;
		case 'l':
			view.plain = true;
			break;
		case 'n':
			view.no_header = true;
			break;
		case 'b':
			view.bytes = true;
			break;
		case 'j':
			view.json = true;
			break;
		case 'w':
			view.watch = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 0, 0, "[OPTION...]");
	if (code)
		return code;
	setlocale(LC_CTYPE, "");
	view.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	return list(&view);
}
