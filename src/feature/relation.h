/* relation.h - how a party is tied to the company, told by what a default would do to it. */
#ifndef FEATURE_RELATION_H
#define FEATURE_RELATION_H

enum relation {
    RELATION_NONE,
    RELATION_PARENT,     /* it controls the company */
    RELATION_SUBSIDIARY, /* the other way round */
    RELATION_TRADE,      /* it owes, or is vouched for */
    RELATION_DIRECTOR,   /* a person on both boards */
};

#endif
