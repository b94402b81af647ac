// SPDX-License-Identifier: GPL-2.0
/*
 * What there is to be said of a board, for machines.
 */
#include <json-c/json.h>

#include "board-where.h"
#include "check.h"
#include "extmem.h"

static void add(struct json_object *object, const char *name, struct json_object *value)
{
	json_object_object_add(object, name, value);
}

static struct json_object *message_of(const struct check *check,
				      const struct check_message *message)
{
	const struct tree_where *where = tree_where(message->node, message->prop);
	struct json_object *object = json_object_new_object();
	bool error = message->kind == CHECK_ERROR;

	add(object, "severity", json_string(error ? "error" : "advice"));
	add(object, "kind", json_string(error ? NULL : check_kind_name(message->kind)));
	add(object, "file", json_string(where->line ? where->file : check->board->tree.file));
	add(object, "line", where->line ? json_object_new_int64(where->line) : NULL);
	add(object, "node", json_string(tree_path(&check->board->tree,
						  (struct tree_node *)message->node)));
	add(object, "property", json_string(message->prop));
	add(object, "message", json_string(message->text));
	return object;
}

static const char *standing_of(const struct board_region *region)
{
	switch (region->standing) {
	case BOARD_GOOD:
		return "good";
	case BOARD_REFUSED:
		return "refused";
	default:
		return "lost";
	}
}

static struct json_object *region_of(const struct check *check,
				     const struct board_region *region)
{
	struct json_object *object = json_object_new_object();
	const struct extmem_desc *desc = &region->desc;
	bool good = region->standing == BOARD_GOOD;
	bool has_address = good && region->has_place && !check->board->machine.facts.simulated;

	add(object, "node", json_string(tree_path(&check->board->tree, region->node)));
	add(object, "standing", json_string(standing_of(region)));
	add(object, "name", json_string(good ? desc->name : NULL));
	add(object, "parent", json_string(good && region->root ? region->root->desc.name : NULL));
	add(object, "type", json_string(good ? extmem_type_name(desc->type) : NULL));
	add(object, "policy", json_string(good ? extmem_policy_name(desc->policy) : NULL));
	add(object, "access", json_string(!good ? NULL : desc->read_only ? "ro" : "rw"));
	add(object, "backend", json_string(region->backend));
	add(object, "address", has_address ? json_bytes(region->base) : NULL);
	add(object, "size", good ? json_bytes(region->size) : NULL);
	return object;
}

int check_report_json(const struct check *check)
{
	struct json_object *document = json_document("check");
	struct json_object *regions = json_object_new_array();
	struct json_object *messages = json_object_new_array();
	const struct check_message *message;
	const struct board_region *region;

	for (region = check->board->regions; region; region = region->next)
		json_object_array_add(regions, region_of(check, region));
	for (message = check->messages; message; message = message->next)
		json_object_array_add(messages, message_of(check, message));
	add(document, "board", json_string(check->board->tree.file));
	add(document, "arch", json_string(check->board->machine.name));
	add(document, "errors", json_object_new_int64(check->errors));
	add(document, "advice", json_object_new_int64(check->advice));
	add(document, "regions", regions);
	add(document, "messages", messages);
	return json_finish(document);
}
