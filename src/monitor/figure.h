/* figure.h - figures of a report as JSON: six digits, and null for what there is none of. */
#ifndef MONITOR_FIGURE_H
#define MONITOR_FIGURE_H

#include "format/json.h"

void figure_value(struct json_writer *w, double value); /* null if not finite */
void figure_member(struct json_writer *w, struct str name, double value);
void figure_member_or_null(struct json_writer *w, struct str name, double value, bool is_known);
void count_member(struct json_writer *w, struct str name, uint64_t count);
void flag_member(struct json_writer *w, struct str name, bool value);
void null_member(struct json_writer *w, struct str name);
void object_member_begin(struct json_writer *w, struct str name);
void array_member_begin(struct json_writer *w, struct str name);

#endif
