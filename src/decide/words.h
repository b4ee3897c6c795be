/* words.h - a decision in sentences a credit manager would sign, in three languages.
 *
 * The body of a decision holds codes and values; sentences stand beside it, outside its digest,
 * with the version of the texts.  Every text lives in words.def; a suite proves that none is
 * missing in any language. */
#ifndef DECIDE_WORDS_H
#define DECIDE_WORDS_H

#include "decide/decision.h"

#define WORDS_VERSION "2026-12-01"

/* Append the sentence of one principal reason.  Applicants are told no figure of the lender's. */
void words_reason(struct buf *out, const struct decision *decision,
                  const struct stated_reason *reason, enum language language,
                  enum audience audience);
/* The code of a principal reason: of the rule, or of the feature. */
const char *stated_reason_code(const struct decision *decision, const struct stated_reason *reason);
/* Append the justification: who, what is recommended and why, what weighs for and against, the
 * limit and what binds it, what would change it, what was missing.  One paragraph, plain text. */
void words_justification(struct buf *out, const struct decision *decision,
                         const struct decision_input *in, enum language language,
                         enum audience audience);
/* Append the answer to an applicant without its reasons: what is recommended, the limit, and what
 * would help. */
void words_answer(struct buf *out, const struct decision *decision, const struct decision_input *in,
                  enum language language);
/* Append "SIREN 732829320". */
void words_identifier(struct buf *out, const struct company_id *id);
/* Append what was looked up nowhere. */
void words_not_checked(struct buf *out, const struct decision *decision,
                       const struct decision_input *in, enum language language);

#endif
