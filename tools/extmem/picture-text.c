// SPDX-License-Identifier: GPL-2.0
/*
 * A picture for a terminal: a grid of characters, in which the boxes share their edges.
 */
#include <string.h>

#include "extmem.h"
#include "picture.h"

#define ADDRESS		20	/* characters on the left */
#define LEAST_WIDTH	60
#define MOST_WIDTH	240

/* The ends of lines that meet in a character. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

struct cell {
	char letter;		/* or 0 */
	unsigned char lines;
	unsigned char colour;
};

struct grid {
	const struct picture *picture;
	unsigned int width, height;
	struct cell *cells;
	unsigned int *rows;	/* of the line above each slice, and of the last line */
	unsigned int left[PICTURE_COLUMNS];
	unsigned int wide[PICTURE_COLUMNS];
};

static const unsigned int shares[PICTURE_COLUMNS] = { 3, 4, 6, 4 };

static const enum colour colours[LOOKS] = {
	[LOOK_UNCACHED]		= COLOUR_YELLOW,
	[LOOK_WRITE_COMBINE]	= COLOUR_BLUE,
	[LOOK_WRITE_THROUGH]	= COLOUR_MAGENTA,
	[LOOK_WRITE_BACK]	= COLOUR_GREEN,
	[LOOK_MEMORY]		= COLOUR_NONE,
	[LOOK_KEPT]		= COLOUR_DIM,
	[LOOK_RESERVED]		= COLOUR_CYAN,
	[LOOK_NO_MAP]		= COLOUR_CYAN,
	[LOOK_REFUSED]		= COLOUR_RED,
};

static struct cell *cell_at(const struct grid *grid, unsigned int x, unsigned int y)
{
	static struct cell nowhere;

	return x < grid->width && y < grid->height ? &grid->cells[y * grid->width + x] : &nowhere;
}

static void place_columns(struct grid *grid, unsigned int room[PICTURE_COLUMNS])
{
	unsigned int total = 0, x = ADDRESS, space = grid->width - ADDRESS;
	int i;

	for (i = 0; i < PICTURE_COLUMNS; i++)
		total += grid->picture->has_column[i] ? shares[i] : 0;
	for (i = 0; i < PICTURE_COLUMNS; i++) {
		room[i] = 0;
		if (!grid->picture->has_column[i])
			continue;
		grid->left[i] = x;
		grid->wide[i] = space * shares[i] / total;
		/* An edge on both sides. */
		room[i] = grid->wide[i];
		x += grid->wide[i];
	}
}

static void place_rows(struct grid *grid)
{
	const struct picture *picture = grid->picture;
	unsigned int i, y = 1;

	grid->rows = arena_alloc(picture->arena, (picture->slice_count + 1) * sizeof(*grid->rows));
	for (i = 0; i < picture->slice_count; i++) {
		grid->rows[i] = y;
		y += 1 + picture->slices[i].rows;
	}
	grid->rows[i] = y;
	grid->height = y + 1;
}

static void write_at(const struct grid *grid, unsigned int x, unsigned int y, const char *text,
		     enum colour colour, unsigned int room)
{
	for (; *text && room; text++, x++, room--) {
		struct cell *cell = cell_at(grid, x, y);

		cell->letter = *text;
		cell->lines = 0;
		cell->colour = colour;
	}
}

static void join(const struct grid *grid, unsigned int x, unsigned int y, unsigned int lines,
		 enum colour colour)
{
	struct cell *cell = cell_at(grid, x, y);

	cell->lines |= lines;
	cell->colour = colour;
}

static void draw_box(const struct grid *grid, const struct picture_box *box)
{
	unsigned int width = grid->wide[box->column] / box->lanes;
	unsigned int left = grid->left[box->column] + width * box->lane, right = left + width - 2;
	unsigned int top = grid->rows[box->top], bottom = grid->rows[box->bottom + 1];
	enum colour colour = colours[box->look];
	unsigned int x, y, i;

	if (width < 3)
		return;
	for (x = left; x <= right; x++) {
		unsigned int sides = (x > left ? LEFT : 0) | (x < right ? RIGHT : 0);

		join(grid, x, top, sides, colour);
		join(grid, x, bottom, sides, colour);
	}
	for (y = top; y <= bottom; y++) {
		unsigned int ends = (y > top ? UP : 0) | (y < bottom ? DOWN : 0);

		join(grid, left, y, ends, colour);
		join(grid, right, y, ends, colour);
	}
	for (i = 0; i < box->line_count && top + 1 + i < bottom; i++)
		write_at(grid, left + 1, top + 1 + i, box->lines[i], colour, width - 3);
}

static void write_address(const struct grid *grid, unsigned int y, u64 address)
{
	char text[ADDRESS + 1];

	snprintf(text, sizeof(text), "%*s0x%llx", 0, "", (unsigned long long)address);
	write_at(grid, ADDRESS - 2 - strlen(text), y, text, COLOUR_NONE, ADDRESS);
}

static void write_scale(const struct grid *grid)
{
	const struct picture *picture = grid->picture;
	char size[SIZE_TEXT];
	unsigned int i;

	for (i = 0; i < picture->slice_count; i++) {
		const struct picture_slice *slice = &picture->slices[i];

		if (!slice->gap) {
			write_address(grid, grid->rows[i], slice->first);
			continue;
		}
		write_address(grid, grid->rows[i], slice->first - 1);
		size_text(slice->last - slice->first + 1, size);
		write_at(grid, ADDRESS - 2 - strlen(size), grid->rows[i] + 1, size, COLOUR_DIM,
			 ADDRESS);
		write_at(grid, ADDRESS, grid->rows[i] + 1, ": :", COLOUR_DIM, 3);
	}
	if (i)
		write_address(grid, grid->rows[i], picture->slices[i - 1].last);
}

static void write_heads(const struct grid *grid)
{
	int i;

	for (i = 0; i < PICTURE_COLUMNS; i++)
		if (grid->picture->has_column[i])
			write_at(grid, grid->left[i] + 1, 0, picture_heads[i], COLOUR_BOLD,
				 grid->wide[i] - 1);
}

static void print_line(FILE *out, unsigned int lines, bool ascii)
{
	static const char * const boxes[16] = {
		" ", "\u2575", "\u2577", "\u2502", "\u2574", "\u2518", "\u2510", "\u2524",
		"\u2576", "\u2514", "\u250c", "\u251c", "\u2500", "\u2534", "\u252c", "\u253c",
	};
	static const char plain[17] = " ||||++++++++++";

	if (!ascii)
		fputs(boxes[lines], out);
	else
		putc(lines == (LEFT | RIGHT) ? '-' : plain[lines], out);
}

static unsigned int length_of(const struct grid *grid, unsigned int y)
{
	unsigned int x = grid->width;

	while (x && !cell_at(grid, x - 1, y)->letter && !cell_at(grid, x - 1, y)->lines)
		x--;
	return x;
}

static void print_row(const struct grid *grid, FILE *out, unsigned int y, bool ascii)
{
	unsigned int x, end = length_of(grid, y), now = COLOUR_NONE;

	for (x = 0; x < end; x++) {
		const struct cell *cell = cell_at(grid, x, y);

		if (cell->colour != now) {
			fputs(colour(out, COLOUR_NONE), out);
			if (cell->colour != COLOUR_NONE)
				fputs(colour(out, cell->colour), out);
			now = cell->colour;
		}
		if (cell->letter)
			putc(cell->letter, out);
		else
			print_line(out, cell->lines, ascii);
	}
	if (now != COLOUR_NONE)
		fputs(colour(out, COLOUR_NONE), out);
	putc('\n', out);
}

static void print_legend(const struct picture *picture, FILE *out)
{
	const char *before = "";
	int look;

	if (!colours_wanted(out))
		return;
	for (look = 0; look < LOOKS; look++) {
		if (!picture->has_look[look] || colours[look] == COLOUR_NONE)
			continue;
		fprintf(out, "%s%s%s%s", before, colour(out, colours[look]), picture_looks[look],
			colour(out, COLOUR_NONE));
		before = "  ";
	}
	putc('\n', out);
}

void picture_text(struct picture *picture, FILE *out, unsigned int width, bool ascii)
{
	struct grid grid = { .picture = picture };
	unsigned int room[PICTURE_COLUMNS], y, i;
	const struct picture_box *box;

	grid.width = width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : width;
	place_columns(&grid, room);
	for (i = 0; i < PICTURE_COLUMNS; i++)
		room[i] = room[i] > 1 ? room[i] - 1 : 0;
	picture_lay_out(picture, room);
	place_rows(&grid);
	grid.cells = arena_alloc(picture->arena,
				 (size_t)grid.width * grid.height * sizeof(*grid.cells));
	fprintf(out, "%s%s%s: %s\n", colour(out, COLOUR_BOLD), picture->title,
		colour(out, COLOUR_NONE), picture->subtitle);
	print_legend(picture, out);
	write_heads(&grid);
	write_scale(&grid);
	for (box = picture->boxes; box; box = box->next)
		draw_box(&grid, box);
	for (y = 0; y < grid.height && picture->slice_count; y++)
		print_row(&grid, out, y, ascii);
	for (i = 0; i < picture->note_count; i++)
		fprintf(out, "  %s\n", picture->notes[i]);
}
