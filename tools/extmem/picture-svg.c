// SPDX-License-Identifier: GPL-2.0
/*
 * A picture as SVG, 1000 pixels wide, for light and dark pages. What a box is, its colour
 * says and its text, for not everybody sees colours.
 */
#include <string.h>

#include "extmem.h"
#include "picture.h"

#define WIDTH		1000
#define LEFT		146	/* the addresses are on its left */
#define RIGHT		986
#define SPACE		10	/* between columns */
#define ROW		16	/* of text */
#define PADDING		10	/* of a slice, above and below its text */
#define GAP		34
#define HEAD		118
#define LETTER		6.9	/* pixels of a character, at most */
#define TALL		150	/* a box of which not all may be on the screen */
#define MAX_NOTE	118	/* characters */

/* Of the columns, in parts: the regions have most to say. */
static const unsigned int shares[PICTURE_COLUMNS] = { 3, 4, 6, 4 };

struct drawing {
	const struct picture *picture;
	FILE *out;
	double *tops;		/* of slices, and the end of the last */
	double left[PICTURE_COLUMNS];
	double width[PICTURE_COLUMNS];
};

static const char style[] =
"<style>\n"
"text { font: 12px system-ui, 'DejaVu Sans', sans-serif; fill: #1b1f24; }\n"
".page { fill: #ffffff; }\n"
".title { font-size: 17px; font-weight: 600; }\n"
".small, .head { fill: #59636e; }\n"
".more { fill: #3d4650; }\n"
".head { font-weight: 600; }\n"
".address { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 11px;"
" fill: #59636e; text-anchor: end; }\n"
".line { stroke: #d8dee4; stroke-width: 1; }\n"
".break { stroke: #8b949e; stroke-width: 1.2; fill: none; }\n"
".box { stroke-width: 1.2; }\n"
".name { font-weight: 600; }\n"
".floating { stroke-dasharray: 5 3; }\n"
".uncached { fill: #fbdcc6; stroke: #b4490e; }\n"
".write-combine { fill: #d3e5fa; stroke: #1f63ad; }\n"
".write-through { fill: #ecdcf5; stroke: #7d45a0; }\n"
".write-back { fill: #cdefd8; stroke: #1c7c47; }\n"
".memory { fill: #eaeef2; stroke: #818b98; }\n"
".kept { fill: #ffffff; stroke: #818b98; stroke-dasharray: 2 3; }\n"
".reserved { fill: #f7efcf; stroke: #8a6d0b; }\n"
".no-map { fill: url(#hatch); stroke: #8a6d0b; }\n"
".hatch-back { fill: #f7efcf; }\n"
".hatch-line { stroke: #e9dba0; stroke-width: 5; }\n"
".refused { fill: #ffffff; stroke: #cf222e; stroke-width: 2; stroke-dasharray: 3 2; }\n"
".bad { fill: #b81d28; }\n"
"@media (prefers-color-scheme: dark) {\n"
"text { fill: #e6edf3; }\n"
".page { fill: #12161b; }\n"
".small, .head, .address { fill: #9aa5b1; }\n"
".more { fill: #c3ccd5; }\n"
".line { stroke: #2b323a; }\n"
".break { stroke: #717b87; }\n"
".uncached { fill: #5a2e12; stroke: #f0914f; }\n"
".write-combine { fill: #173a63; stroke: #6cb0f5; }\n"
".write-through { fill: #432558; stroke: #c48be6; }\n"
".write-back { fill: #14432a; stroke: #5cc98a; }\n"
".memory { fill: #262d35; stroke: #78838f; }\n"
".kept { fill: #12161b; stroke: #78838f; }\n"
".reserved { fill: #453a12; stroke: #d6b548; }\n"
".no-map { stroke: #d6b548; }\n"
".hatch-back { fill: #453a12; }\n"
".hatch-line { stroke: #574a19; }\n"
".refused { fill: #12161b; stroke: #ff7b72; }\n"
".bad { fill: #ff8b83; }\n"
"}\n"
"</style>\n"
"<defs><pattern id=\"hatch\" width=\"9\" height=\"9\"\n"
" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\n"
"<rect class=\"hatch-back\" width=\"9\" height=\"9\"/>\n"
"<line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"9\"/></pattern></defs>\n";

static const char * const classes[LOOKS] = {
	[LOOK_UNCACHED]		= "uncached",
	[LOOK_WRITE_COMBINE]	= "write-combine",
	[LOOK_WRITE_THROUGH]	= "write-through",
	[LOOK_WRITE_BACK]	= "write-back",
	[LOOK_MEMORY]		= "memory",
	[LOOK_KEPT]		= "kept",
	[LOOK_RESERVED]		= "reserved",
	[LOOK_NO_MAP]		= "no-map",
	[LOOK_REFUSED]		= "refused",
};

/* XML has five characters of its own, and takes no control characters but line ends. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc((*text >= ' ' && *text <= '~') || *text == '\n' ? *text : '?', out);
		}
	}
}

static void put_string(const struct drawing *drawing, double x, double y, const char *class,
		       const char *text)
{
	fprintf(drawing->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	put_text(drawing->out, text);
	fputs("</text>\n", drawing->out);
}

static void place_columns(struct drawing *drawing, unsigned int room[PICTURE_COLUMNS])
{
	const struct picture *picture = drawing->picture;
	unsigned int total = 0, columns = 0;
	double x = LEFT, space;
	int i;

	for (i = 0; i < PICTURE_COLUMNS; i++)
		if (picture->has_column[i]) {
			total += shares[i];
			columns++;
		}
	space = RIGHT - LEFT - SPACE * (columns ? columns - 1 : 0);
	for (i = 0; i < PICTURE_COLUMNS; i++) {
		room[i] = 0;
		if (!picture->has_column[i])
			continue;
		drawing->left[i] = x;
		drawing->width[i] = space * shares[i] / total;
		room[i] = drawing->width[i] / LETTER;
		x += drawing->width[i] + SPACE;
	}
}

/* A pixel and a half each time that it is twice as large. */
static double growth(u64 bytes)
{
	double more = 0;

	for (bytes >>= 12; bytes; bytes >>= 1)
		more += 1.5;
	return more;
}

static double place_slices(struct drawing *drawing)
{
	const struct picture *picture = drawing->picture;
	double y = HEAD;
	unsigned int i;

	for (i = 0; i < picture->slice_count; i++) {
		const struct picture_slice *slice = &picture->slices[i];

		drawing->tops[i] = y;
		y += slice->gap ? GAP : PADDING + ROW * slice->rows +
					growth(slice->last - slice->first);
	}
	drawing->tops[picture->slice_count] = y;
	return y;
}

static void put_address(const struct drawing *drawing, double y, u64 address)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
	put_string(drawing, LEFT - 14, y + 4, "address", text);
	fprintf(drawing->out,
		"<line class=\"line\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
		LEFT - 10, y, RIGHT, y);
}

static void put_break(const struct drawing *drawing, double top, const struct picture_slice *slice)
{
	double y = top + GAP / 2.0, x;
	char size[SIZE_TEXT];
	bool up = true;

	fprintf(drawing->out, "<path class=\"break\" d=\"M%d %.1f", LEFT, y);
	for (x = LEFT + 10; x <= RIGHT; x += 10, up = !up)
		fprintf(drawing->out, " L%.1f %.1f", x, up ? y - 3 : y + 3);
	fputs("\"/>\n", drawing->out);
	put_string(drawing, LEFT - 14, y + 4, "address",
		   size_text(slice->last - slice->first + 1, size));
}

static void put_scale(const struct drawing *drawing)
{
	const struct picture *picture = drawing->picture;
	unsigned int i;

	for (i = 0; i < picture->slice_count; i++) {
		const struct picture_slice *slice = &picture->slices[i];

		if (!slice->gap) {
			put_address(drawing, drawing->tops[i], slice->first);
			continue;
		}
		/* The last byte before a break says more than the first one in it. */
		put_address(drawing, drawing->tops[i], slice->first - 1);
		put_break(drawing, drawing->tops[i], slice);
	}
	if (i)
		put_address(drawing, drawing->tops[i], picture->slices[i - 1].last);
}

/* The name stands out, also where more follows in its line. */
static void put_line(const struct drawing *drawing, const struct picture_box *box,
		     unsigned int index, double x, double y)
{
	const char *line = box->lines[index];
	const char *bad = box->look == LOOK_REFUSED ? " bad" : "";
	size_t name = 0;

	if (!index)
		name = strncmp(line, box->words[0], strlen(box->words[0])) ?
		       strlen(line) : strlen(box->words[0]);
	fprintf(drawing->out, "<text x=\"%.1f\" y=\"%.1f\">", x, y);
	if (name) {
		fprintf(drawing->out, "<tspan class=\"name%s\">", bad);
		put_text(drawing->out, arena_text(drawing->picture->arena, line, name));
		fputs("</tspan>", drawing->out);
	}
	if (line[name]) {
		fprintf(drawing->out, "<tspan class=\"more%s\">", bad);
		put_text(drawing->out, line + name);
		fputs("</tspan>", drawing->out);
	}
	fputs("</text>\n", drawing->out);
}

static void put_lines(const struct drawing *drawing, const struct picture_box *box, double x,
		      double top, double height)
{
	unsigned int i, fit = (height - 4) / ROW, count = box->line_count;
	double y;

	if (count > fit)
		count = fit ? fit : 1;
	y = height > TALL ? top + 20 : top + (height - count * ROW) / 2 + 12;
	for (i = 0; i < count; i++, y += ROW)
		put_line(drawing, box, i, x, y);
}

static void put_box(const struct drawing *drawing, const struct picture_box *box)
{
	double width = drawing->width[box->column] / box->lanes;
	double x = drawing->left[box->column] + width * box->lane;
	double top = drawing->tops[box->top] + 1;
	double height = drawing->tops[box->bottom + 1] - 1 - top;

	fputs("<g><title>", drawing->out);
	put_text(drawing->out, box->hover);
	fprintf(drawing->out,
		"</title><rect class=\"box %s%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\"/>\n",
		classes[box->look], box->floating ? " floating" : "", x, top,
		width - (box->lanes > 1 ? 3 : 0), height);
	put_lines(drawing, box, x + 7, top, height);
	fputs("</g>\n", drawing->out);
}

static void put_legend(const struct drawing *drawing)
{
	double x = LEFT;
	int look;

	for (look = 0; look < LOOKS; look++) {
		/* The columns say these. */
		if (!drawing->picture->has_look[look] || look == LOOK_MEMORY ||
		    look == LOOK_RESERVED || look == LOOK_KEPT)
			continue;
		fprintf(drawing->out,
			"<rect class=\"box %s\" x=\"%.1f\" y=\"62\" width=\"22\" height=\"14\" rx=\"2\"/>\n",
			classes[look], x);
		put_string(drawing, x + 28, 73, "small", picture_looks[look]);
		x += 50 + LETTER * strlen(picture_looks[look]);
	}
	put_string(drawing, x, 73, "small", "dashed: somewhere in there");
}

static void put_heads(const struct drawing *drawing)
{
	int i;

	put_string(drawing, 14, 28, "title", drawing->picture->title);
	put_string(drawing, 14, 46, "small", drawing->picture->subtitle);
	put_legend(drawing);
	for (i = 0; i < PICTURE_COLUMNS; i++)
		if (drawing->picture->has_column[i])
			put_string(drawing, drawing->left[i], HEAD - 12, "head", picture_heads[i]);
}

static void put_notes(const struct drawing *drawing, double y)
{
	const struct picture *picture = drawing->picture;
	unsigned int i;

	for (i = 0; i < picture->note_count; i++, y += ROW + 4) {
		char note[MAX_NOTE + 1];

		snprintf(note, sizeof(note), "%s", picture->notes[i]);
		if (strlen(picture->notes[i]) > MAX_NOTE)
			memcpy(note + MAX_NOTE - 2, "..", 3);
		fputs("<g><title>", drawing->out);
		put_text(drawing->out, picture->notes[i]);
		fputs("</title>\n", drawing->out);
		put_string(drawing, 14, y, "small", note);
		fputs("</g>\n", drawing->out);
	}
}

void picture_svg(struct picture *picture, FILE *out)
{
	struct drawing drawing = { .picture = picture, .out = out };
	unsigned int room[PICTURE_COLUMNS];
	const struct picture_box *box;
	double end, height;

	place_columns(&drawing, room);
	picture_lay_out(picture, room);
	drawing.tops = arena_alloc(picture->arena,
				   (picture->slice_count + 1) * sizeof(*drawing.tops));
	end = place_slices(&drawing);
	height = end + 22 + picture->note_count * (ROW + 4.0);
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\"\n",
		WIDTH, height);
	fprintf(out, " width=\"%d\" height=\"%.0f\" role=\"img\">\n<title>", WIDTH, height);
	put_text(out, picture->title);
	fputs("</title>\n<desc>Its address space, from below; heights are not to scale.</desc>\n",
	      out);
	fputs(style, out);
	fprintf(out, "<rect class=\"page\" width=\"%d\" height=\"%.0f\"/>\n", WIDTH, height);
	put_heads(&drawing);
	put_scale(&drawing);
	for (box = picture->boxes; box; box = box->next)
		put_box(&drawing, box);
	put_notes(&drawing, end + 26);
	fputs("</svg>\n", out);
}
