/* ops.h - is it alive, can it record, what does it serve. */
#ifndef API_OPS_H
#define API_OPS_H

struct call;

void ops_livez(struct call *call);
void ops_readyz(struct call *call);
void ops_openapi(struct call *call);

#endif
