/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An address space as a picture: boxes in columns, at a scale that is not linear. Each
 * address at which a box begins or ends is a line, and what is between two lines is a
 * slice, which is as high as what is written in it needs, so that 4 KiB can be read beside
 * 4 GiB. Where there is nothing, the scale has a break.
 */
#ifndef EXTMEM_PICTURE_H
#define EXTMEM_PICTURE_H

#include <stdio.h>

#include "board-arena.h"
#include "board.h"

enum picture_column {
	PICTURE_MEMORY,
	PICTURE_RESERVATION,
	PICTURE_REGION,
	PICTURE_PARTITION,
	PICTURE_COLUMNS
};

enum picture_look {
	LOOK_UNCACHED,			/* as enum extmem_policy */
	LOOK_WRITE_COMBINE,
	LOOK_WRITE_THROUGH,
	LOOK_WRITE_BACK,
	LOOK_MEMORY,
	LOOK_KEPT,			/* memory that Linux is not to have */
	LOOK_RESERVED,
	LOOK_NO_MAP,
	LOOK_REFUSED,
	LOOKS
};

/* Nobody could look at more. */
#define PICTURE_MOST_BOXES 2000

#define PICTURE_WORDS	3
#define PICTURE_LINES	3

struct picture_box {
	struct picture_box *next;
	enum picture_column column;
	enum picture_look look;
	u64 first;
	u64 last;
	bool floating;			/* it is somewhere in there, or the boot chooses */
	const char *words[PICTURE_WORDS];	/* written in it, the most important first */
	const char *hover;		/* all there is to know, in lines */
	/* By picture_lay_out(): */
	unsigned int top, bottom;	/* slices */
	unsigned int lane, lanes;	/* beside those that it overlaps */
	const char *lines[PICTURE_LINES];
	unsigned int line_count;
};

struct picture_slice {
	u64 first;
	u64 last;
	bool gap;
	unsigned int rows;		/* of text */
};

struct picture {
	struct arena *arena;
	const char *title;
	const char *subtitle;
	struct picture_box *boxes;
	struct picture_box **end;
	struct picture_slice *slices;
	unsigned int slice_count;
	bool has_column[PICTURE_COLUMNS];
	bool has_look[LOOKS];
	const char **notes;		/* what has no place in it */
	unsigned int note_count;
};

void picture_init(struct picture *picture, struct arena *arena);
struct picture_box *picture_add(struct picture *picture, enum picture_column column,
				enum picture_look look, u64 first, u64 last);
void picture_note(struct picture *picture, const char *note);

bool picture_is_drawable(const struct picture *picture);

/* @room: how many characters of text a column has. */
void picture_lay_out(struct picture *picture, const unsigned int room[PICTURE_COLUMNS]);

extern const char * const picture_heads[PICTURE_COLUMNS];
extern const char * const picture_looks[LOOKS];

/* What it says of a board, of a region: picture-board.c. */
void picture_board(struct picture *picture, struct board *board);
void picture_reservations(struct picture *picture, struct board *board);

/* picture-svg.c, picture-text.c */
void picture_svg(struct picture *picture, FILE *out);
/* @ascii: without box characters */
void picture_text(struct picture *picture, FILE *out, unsigned int width, bool ascii);

#endif /* EXTMEM_PICTURE_H */
