// SPDX-License-Identifier: GPL-2.0
/*
 * A board's device tree from a file: which kind of file it is.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "board-read.h"
#include "extmem.h"

bool tree_fail(struct tree_error *error, int code, const char *format, ...)
{
	va_list arguments;

	error->code = code;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return false;
}

static bool fail_by_errno(struct tree_error *error, const char *file)
{
	int code = errno == ENOENT || errno == ENOTDIR ? EXIT_ABSENT :
		   errno == EACCES || errno == EPERM ? EXIT_REFUSED : EXIT_FAILED;

	return tree_fail(error, code, "%s: %s", file, strerror(errno));
}

static void *read_stream(FILE *stream, const char *file, size_t *size,
			 struct tree_error *error)
{
	char *bytes = malloc(TREE_MAX_BYTES + 1);

	if (!bytes) {
		tree_fail(error, EXIT_FAILED, "%s: there is no memory to read it", file);
		return NULL;
	}
	*size = fread(bytes, 1, TREE_MAX_BYTES + 1, stream);
	if (ferror(stream))
		fail_by_errno(error, file);
	else if (*size > TREE_MAX_BYTES)
		tree_fail(error, EXIT_USAGE, "%s: it has more than %d bytes; no device tree has",
			  file, TREE_MAX_BYTES);
	else
		return bytes;
	free(bytes);
	return NULL;
}

void *tree_slurp(const char *file, size_t *size, struct tree_error *error)
{
	FILE *stream = fopen(file, "re");
	void *bytes;

	if (!stream) {
		fail_by_errno(error, file);
		return NULL;
	}
	bytes = read_stream(stream, file, size, error);
	fclose(stream);
	return bytes;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);

	return length > wanted && !strcmp(text + length - wanted, end);
}

static bool read_blob_file(struct tree *tree, const char *file, struct tree_error *error)
{
	size_t size;
	void *blob = tree_slurp(file, &size, error);
	bool good;

	if (!blob)
		return false;
	good = tree_read_blob(tree, blob, size, error);
	free(blob);
	return good;
}

/* An overlay is a part of a board, and by itself says nothing of it. */
static bool is_board(const struct tree *tree, struct tree_error *error)
{
	const struct tree_node *node;

	for (node = tree->root->child; node; node = node->next)
		if (tree_child(node, "__overlay__"))
			return tree_fail(error, EXIT_USAGE,
					 "%s: it is an overlay; put it on its board by fdtoverlay, and give me what comes of it",
					 tree->file);
	return true;
}

bool tree_read(struct tree *tree, const char *file, const char * const *includes,
	       struct tree_error *error)
{
	struct stat what;
	bool good;

	tree_init(tree, file);
	if (stat(file, &what))
		return fail_by_errno(error, file);
	if (S_ISDIR(what.st_mode))
		good = tree_read_folder(tree, file, error);
	else if (ends_in(file, ".dts") || ends_in(file, ".dtso"))
		good = tree_read_source(tree, file, includes, error);
	else
		good = read_blob_file(tree, file, error);
	return good && is_board(tree, error);
}
