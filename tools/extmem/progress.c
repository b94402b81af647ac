// SPDX-License-Identifier: GPL-2.0
/*
 * A line on a terminal that says how far a long verb is.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "extmem.h"

double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void progress_begin(struct progress *progress, const char *what, uint64_t from,
		    uint64_t total)
{
	*progress = (struct progress) {
		.what = what,
		.from = from,
		.total = total,
		.began = clock_now(),
		.visible = isatty(STDERR_FILENO),
	};
}

static unsigned int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 40)
		return 80;
	return size.ws_col;
}

static void show_bar(unsigned int width, double part)
{
	unsigned int i;

	fputs(colour(stderr, COLOUR_GREEN), stderr);
	for (i = 0; i < width; i++)
		fputc(i < part * width ? '#' : '.', stderr);
	fputs(colour(stderr, COLOUR_NONE), stderr);
}

static void show_rest(const struct progress *progress, uint64_t done, double seconds)
{
	double rate = seconds > 0 ? (done - progress->from) / seconds : 0;
	unsigned long left = rate > 0 ? (progress->total - done) / rate : 0;
	char size[SIZE_TEXT], text[SIZE_TEXT];

	fprintf(stderr, " %10s  %10s/s", size_text(done, size), size_text(rate, text));
	if (rate > 0)
		fprintf(stderr, "  ETA %lu:%02lu", left / 60, left % 60);
}

void progress_show(struct progress *progress, uint64_t done)
{
	double now = clock_now(), part;
	unsigned int width;

	if (!progress->visible || (now - progress->shown < 0.2 && done < progress->total))
		return;
	progress->shown = now;
	part = progress->total ? (double)done / progress->total : 1;
	width = terminal_width();
	fprintf(stderr, "\r%s %3.0f%% ", progress->what, part * 100);
	/* What is beside it has 45 columns. */
	if (width > strlen(progress->what) + 55)
		show_bar(width - strlen(progress->what) - 47, part);
	show_rest(progress, done, now - progress->began);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->visible && progress->shown > 0)
		fputs("\r\033[K", stderr);
	progress->visible = false;
}
