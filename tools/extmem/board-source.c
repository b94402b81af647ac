// SPDX-License-Identifier: GPL-2.0
/*
 * A device tree's source: dtc makes a blob of it, and says of each node and property which
 * line it is from. cpp goes first where something is included its way.
 *
 * What they print goes to files without a name, so that nothing is left of them, whatever
 * ends the command.
 */
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board-read.h"
#include "board-where.h"
#include "extmem.h"

#define MAX_ARGUMENTS 128

struct run {
	const char *words[MAX_ARGUMENTS + 1];
	int count;
	FILE *in, *out, *err;
};

static void add_word(struct run *run, const char *word)
{
	if (run->count < MAX_ARGUMENTS)
		run->words[run->count++] = word;
}

static void start_child(const struct run *run)
{
	if (run->in && (lseek(fileno(run->in), 0, SEEK_SET) || dup2(fileno(run->in), 0) < 0))
		_exit(126);
	if (dup2(fileno(run->out), 1) < 0 || dup2(fileno(run->err), 2) < 0)
		_exit(126);
	execvp(run->words[0], (char * const *)run->words);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Its exit status, or -1. */
static int run_program(const struct run *run)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return -1;
	if (!child)
		start_child(run);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first line in which a program says what is wrong, without its blanks. */
static void first_complaint(FILE *err, char *line, size_t size)
{
	char found[256];

	snprintf(line, size, "it says nothing");
	rewind(err);
	while (fgets(found, sizeof(found), err)) {
		char *text = found;

		text[strcspn(text, "\n")] = '\0';
		if (!strncmp(text, "Error: ", 7))
			text += 7;
		else if (!strstr(text, "rror"))
			continue;
		snprintf(line, size, "%s", text);
		return;
	}
}

static bool run_or_fail(const struct run *run, const char *file, const char *package,
			struct tree_error *error)
{
	int status = run_program(run);
	char complaint[256];

	if (!status)
		return true;
	if (status == 127)
		return tree_fail(error, EXIT_ABSENT, "%s: it takes %s to read it; install %s",
				 file, run->words[0], package);
	first_complaint(run->err, complaint, sizeof(complaint));
	return tree_fail(error, EXIT_USAGE, "%s: %s refuses it: %s", file, run->words[0],
			 complaint);
}

static void add_includes(struct run *run, const char *option, const char * const *includes)
{
	for (; includes && *includes; includes++) {
		add_word(run, option);
		add_word(run, *includes);
	}
}

static bool preprocess(const char *file, const char *folder, const char * const *includes,
		       FILE *err, FILE *out, struct tree_error *error)
{
	struct run run = { .out = out, .err = err };

	add_word(&run, "cpp");
	add_word(&run, "-nostdinc");
	add_word(&run, "-undef");
	add_word(&run, "-D__DTS__");
	add_word(&run, "-xassembler-with-cpp");
	add_includes(&run, "-I", includes);
	add_word(&run, "-I");
	add_word(&run, folder);
	add_word(&run, file);
	return run_or_fail(&run, file, "cpp", error);
}

/* @in is what cpp made of it, or NULL. */
static bool compile(const char *file, const char *folder, const char * const *includes,
		    const char *format, FILE *in, FILE *err, FILE *out,
		    struct tree_error *error)
{
	struct run run = { .in = in, .out = out, .err = err };

	add_word(&run, "dtc");
	add_word(&run, "-q");
	add_word(&run, "-Idts");
	add_word(&run, format);
	if (!strcmp(format, "-Odts"))
		add_word(&run, "-T");
	add_includes(&run, "-i", includes);
	add_word(&run, "-i");
	add_word(&run, folder);
	add_word(&run, in ? "-" : file);
	return run_or_fail(&run, file, "device-tree-compiler", error);
}

/* Does cpp have something to do? */
static bool wants_cpp(const char *file, bool *wants, struct tree_error *error)
{
	size_t size, i;
	char *text = tree_slurp(file, &size, error);
	bool fresh = true;

	if (!text)
		return false;
	*wants = false;
	for (i = 0; i < size && !*wants; i++) {
		static const char * const words[] = { "include", "define", "if", "undef" };
		size_t word;

		for (word = 0; fresh && text[i] == '#' && word < ARRAY_SIZE(words); word++)
			if (size - i > strlen(words[word]) &&
			    !strncmp(text + i + 1, words[word], strlen(words[word])))
				*wants = true;
		fresh = text[i] == '\n' || (fresh && isblank((unsigned char)text[i]));
	}
	free(text);
	return true;
}

static void *take(FILE *out, size_t *size, struct tree_error *error, const char *file)
{
	char *bytes;

	*size = 0;
	fseek(out, 0, SEEK_END);
	bytes = calloc(1, ftell(out) + 1);
	rewind(out);
	if (bytes)
		*size = fread(bytes, 1, TREE_MAX_BYTES, out);
	else
		tree_fail(error, EXIT_FAILED, "%s: there is no memory to read it", file);
	return bytes;
}

struct scratch {
	FILE *source, *blob, *lines, *err;
};

static bool compile_both(const char *file, const char *folder, const char * const *includes,
			 bool cpp, const struct scratch *files, struct tree_error *error)
{
	bool good = true;

	if (cpp)
		good = preprocess(file, folder, includes, files->err, files->source, error);
	good = good && compile(file, folder, includes, "-Odtb", cpp ? files->source : NULL,
			       files->err, files->blob, error);
	good = good && compile(file, folder, includes, "-Odts", cpp ? files->source : NULL,
			       files->err, files->lines, error);
	return good;
}

static bool read_both(struct tree *tree, const char *file, const char *folder,
		      const struct scratch *files, struct tree_error *error)
{
	size_t size;
	char *bytes = take(files->blob, &size, error, file);
	bool good = bytes && tree_read_blob(tree, bytes, size, error);

	free(bytes);
	if (!good)
		return false;
	bytes = take(files->lines, &size, error, file);
	good = bytes;
	if (good)
		tree_add_where(tree, bytes, folder);
	free(bytes);
	return good;
}

static void close_scratch(FILE *file)
{
	if (file)
		fclose(file);
}

bool tree_read_source(struct tree *tree, const char *file, const char * const *includes,
		      struct tree_error *error)
{
	struct scratch files = { tmpfile(), tmpfile(), tmpfile(), tmpfile() };
	const char *folder = dirname(arena_text(&tree->arena, file, strlen(file)));
	bool good, cpp;

	if (files.source && files.blob && files.lines && files.err)
		good = wants_cpp(file, &cpp, error) &&
		       compile_both(file, folder, includes, cpp, &files, error) &&
		       read_both(tree, file, folder, &files, error);
	else
		good = tree_fail(error, EXIT_FAILED, "%s: no scratch file can be made: %s",
				 file, strerror(errno));
	close_scratch(files.source);
	close_scratch(files.blob);
	close_scratch(files.lines);
	close_scratch(files.err);
	return good;
}
