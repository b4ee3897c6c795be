/* graph_body.h - what the network around the company shows, as members of `families.graph`. */
#ifndef WIRE_GRAPH_BODY_H
#define WIRE_GRAPH_BODY_H

#include "wire/decision_request.h"

/* Write the members from "cascade" to "pagerank_ratio", in their order; the object is open.
 * Requires: the request has a neighbourhood. */
void graph_members_write(struct json_writer *w, const struct decision_request *request);

#endif
