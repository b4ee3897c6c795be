/* ops.h - is it alive, can it record, what does it serve, what do its problems mean. */
#ifndef API_OPS_H
#define API_OPS_H

struct call;

void ops_livez(struct call *call);
void ops_readyz(struct call *call);
void ops_openapi(struct call *call);
void ops_problem(struct call *call);

#endif
