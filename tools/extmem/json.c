// SPDX-License-Identifier: GPL-2.0
/*
 * What the command prints for machines.
 */
#include <json-c/json.h>

#include "extmem.h"

#define JSON_VERSION 1

struct json_object *json_document(const char *verb)
{
	struct json_object *document = json_object_new_object();

	json_object_object_add(document, "version", json_object_new_int(JSON_VERSION));
	json_object_object_add(document, "verb", json_object_new_string(verb));
	return document;
}

struct json_object *json_string(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

struct json_object *json_bytes(uint64_t bytes)
{
	return json_object_new_uint64(bytes);
}

int json_finish(struct json_object *document)
{
	puts(json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
	return finish_output();
}
