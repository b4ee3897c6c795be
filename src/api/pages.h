/* pages.h - what a browser sees: the reference at /docs, and what each problem means.
 *
 * Pages are made of files of this program (asset.h) and of problems.def; none needs a key, none
 * loads anything from another server.  Whoever asks for JSON gets a problem's page as JSON. */
#ifndef API_PAGES_H
#define API_PAGES_H

struct call;

void pages_docs(struct call *call);
void pages_asset(struct call *call); /* /docs/{asset} */
void pages_problem(struct call *call);
void pages_problems(struct call *call); /* the list of all */

#endif
