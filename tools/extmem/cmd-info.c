// SPDX-License-Identifier: GPL-2.0
/*
 * extmem info: all that is known of one region.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <string.h>

#include "extmem.h"

static const char help[] =
	"usage: extmem info [OPTION...] REGION\n"
	"\n"
	"Show all facts of a region that sysfs has, and its partitions.\n"
	"\n"
	"  -a, --ask   open the region, too, and ask it what sysfs does not say: whether\n"
	"              it can be mapped, whether devices see what the CPU's caches have,\n"
	"              and the one width of accesses, if it has one\n"
	"  -j, --json  for programs: version 1\n"
	"\n"
	"cache_policy is what the device tree asks for; cache_policy_effective is read\n"
	"back from the page tables. If they differ, believe the second one.\n";

static void show(const char *name, const char *value, const char *remark)
{
	printf("%-23s %s%s%s\n", name, value, *remark ? "  " : "", remark);
}

static void show_fact(const struct extmem_region *region, const char *fact, const char *remark)
{
	const char *value = extmem_region_fact(region, fact);

	if (value)
		show(fact, value, remark);
	else if (errno == EACCES)
		show(fact, "-", "(for root alone)");
}

static const char *effective_remark(const struct extmem_region *region)
{
	const char *policy = extmem_region_fact(region, "cache_policy");
	const char *effective = extmem_region_fact(region, "cache_policy_effective");

	if (!policy || !effective || !strcmp(policy, effective))
		return "";
	if (!strcmp(effective, "unknown"))
		return "(this machine cannot tell)";
	return "(not what was asked for: this machine does otherwise)";
}

static void show_facts(const struct extmem_region *region)
{
	static const char * const facts[] = {
		"phys_addr", "access", "backend", "direct_io", "numa_node", "open_count",
		"state", "pool_in_use", "pool_high_water", "pool_allocations",
		"pool_failures", "dma_channel", "dma_bytes",
	};
	const struct extmem_region *parent = extmem_region_parent(region);
	char text[SIZE_TEXT], remark[SIZE_TEXT + 2];
	size_t i;

	show("name", extmem_region_name(region), "");
	if (parent)
		show("parent", extmem_region_name(parent), "");
	show_fact(region, "type", extmem_region_is_pool(region) ? "(a pool)" : "");
	snprintf(remark, sizeof(remark), "(%s)", size_text(extmem_region_size(region), text));
	show_fact(region, "size", remark);
	show_fact(region, "cache_policy", "");
	show_fact(region, "cache_policy_effective", effective_remark(region));
	for (i = 0; i < ARRAY_SIZE(facts); i++)
		show_fact(region, facts[i], "");
}

static void show_partitions(struct extmem_context *context,
			    const struct extmem_region *region)
{
	struct extmem_region *other;
	char text[SIZE_TEXT];

	extmem_for_each(context, other)
		if (extmem_region_parent(other) == region)
			show("partition", extmem_region_name(other),
			     size_text(extmem_region_size(other), text));
}

static void show_answer(const struct extmem_info *info)
{
	char width[16] = "any";

	if (info->io_width)
		snprintf(width, sizeof(width), "%u", info->io_width);
	show("mappable", info->access & EXTMEM_ACCESS_MMAP ? "yes" : "no", "");
	show("coherent", info->access & EXTMEM_ACCESS_COHERENT ? "yes" : "no", "");
	show("io_width", width, "");
}

static struct json_object *json_answer(const struct extmem_info *info)
{
	struct json_object *answer = json_object_new_object();

	json_object_object_add(answer, "mappable",
			       json_object_new_boolean(info->access & EXTMEM_ACCESS_MMAP));
	json_object_object_add(answer, "coherent",
			       json_object_new_boolean(info->access & EXTMEM_ACCESS_COHERENT));
	json_object_object_add(answer, "io_width",
			       info->io_width ? json_bytes(info->io_width) : NULL);
	return answer;
}

static int info(const char *name, bool ask, bool json)
{
	extmem_auto(context) struct extmem_context *context = extmem_new();
	extmem_auto(file) struct extmem_file *file = NULL;
	const struct extmem_region *region;
	struct json_object *document;
	struct extmem_info answer;
	int ret;

	if (!context)
		return fail(EXIT_FAILED, "out of memory");
	ret = extmem_scan(context);
	if (ret < 0)
		return fail_library(context, ret);
	region = extmem_find(context, name);
	if (!region)
		return fail(EXIT_ABSENT, "%s", extmem_error(context));
	if (ask) {
		ret = extmem_open(context, name, O_RDONLY, &file);
		if (!ret)
			ret = extmem_info(file, &answer);
		if (ret)
			return fail_library(context, ret);
	}
	if (json) {
		document = json_document("info");
		json_object_object_add(document, "region", json_region(region));
		if (ask)
			json_object_object_add(document, "answer", json_answer(&answer));
		return json_finish(document);
	}
	show_facts(region);
	if (ask)
		show_answer(&answer);
	show_partitions(context, region);
	return finish_output();
}

int cmd_info(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "ask", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	static const struct options options = { help, "aj", longs };
	bool ask = false, json = false;
	int code, got;

	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 'a':
			ask = true;
			break;
		case 'j':
			json = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 1, 1, "[OPTION...] REGION");
	return code ? code : info(argv[optind], ask, json);
}
