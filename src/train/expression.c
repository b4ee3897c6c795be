/* expression.c - recursive descent into a small tree; one function a level of precedence. */
#include "train/expression.h"

#include "base/elementary.h"
#include "format/decimal.h"

#include <math.h>
#include <stdio.h>

enum operation {
    OP_NUMBER,
    OP_COLUMN,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_NEGATE,
    OP_LOG10,
    OP_ABS,
    OP_MISSING,
    OP_MIN,
    OP_MAX,
    OP_PREVIOUS,
};

struct expression {
    enum operation operation;
    double number;
    const double *column;
    const struct expression *left, *right; /* right: NULL for one argument */
};

struct parser {
    struct str text;
    size_t at;
    unsigned depth;
    const struct table *table;
    struct arena *arena;
    struct error *err;
};

static enum status fail(const struct parser *p, size_t at, enum status status, const char *what,
                        struct str name)
{
    char field[32];
    (void)snprintf(field, sizeof field, "column %zu", at + 1);
    return error_set(p->err, status, field, "%s%.*s in \"%.*s\"", what,
                     (int)(name.len > 60 ? 60 : name.len), name.ptr,
                     (int)(p->text.len > 120 ? 120 : p->text.len), p->text.ptr);
}

static enum status node_make(const struct expression **out, const struct parser *p,
                             struct expression value)
{
    struct expression *node = arena_new(p->arena, struct expression);
    if (node == NULL) {
        return error_set(p->err, STATUS_TOO_LARGE, "", "the expression does not fit into memory");
    }
    *node = value;
    *out = node;
    return STATUS_OK;
}

static enum status binary_make(const struct expression **out, const struct parser *p,
                               enum operation operation, const struct expression *left,
                               const struct expression *right)
{
    return node_make(out, p,
                     (struct expression){.operation = operation, .left = left, .right = right});
}

static bool byte_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(const struct parser *p, size_t at)
{
    return at < p->text.len ? p->text.ptr[at] : '\0';
}

static void blanks_skip(struct parser *p)
{
    while (byte_at(p, p->at) == ' ' || byte_at(p, p->at) == '\t') {
        p->at++;
    }
}

/* Take `token` if it comes next. */
static bool symbol_take(struct parser *p, struct str token)
{
    blanks_skip(p);
    if (!str_starts_with(str_slice(p->text, p->at, p->text.len), token)) {
        return false;
    }
    p->at += token.len;
    return true;
}

static struct str word_peek(struct parser *p)
{
    blanks_skip(p);
    size_t end = p->at;
    while (byte_is_letter(byte_at(p, end)) || (end > p->at && byte_is_digit(byte_at(p, end)))) {
        end++;
    }
    return str_slice(p->text, p->at, end);
}

static bool word_take(struct parser *p, struct str word)
{
    if (!str_eq(word_peek(p), word)) {
        return false;
    }
    p->at += word.len;
    return true;
}

static enum status read_or(const struct expression **out, struct parser *p);

static enum status close_take(struct parser *p)
{
    return symbol_take(p, STR(")")) ? STATUS_OK
                                    : fail(p, p->at, STATUS_INVALID, "\")\" expected", STR(""));
}

static enum status read_number(const struct expression **out, struct parser *p)
{
    size_t from = p->at;
    while (byte_is_digit(byte_at(p, p->at)) || byte_at(p, p->at) == '.') {
        p->at++;
    }
    char exponent = byte_at(p, p->at);
    if (exponent == 'e' || exponent == 'E') {
        p->at++;
        if (byte_at(p, p->at) == '+' || byte_at(p, p->at) == '-') {
            p->at++;
        }
        while (byte_is_digit(byte_at(p, p->at))) {
            p->at++;
        }
    }
    double value;
    struct str text = str_slice(p->text, from, p->at);
    if (!double_read(&value, text)) {
        return fail(p, from, STATUS_INVALID, "not a number: ", text);
    }
    return node_make(out, p, (struct expression){.operation = OP_NUMBER, .number = value});
}

static enum status column_make(const struct expression **out, struct parser *p, size_t at,
                               struct str name)
{
    const struct table_column *column = table_find(p->table, name);
    if (column == NULL) {
        return fail(p, at, STATUS_NOT_FOUND, "no column ", name);
    }
    if (column->numbers == NULL) {
        return fail(p, at, STATUS_INVALID, "not all numbers: column ", name);
    }
    return node_make(out, p,
                     (struct expression){.operation = OP_COLUMN, .column = column->numbers});
}

/* `any text` as a column's name. */
static enum status read_quoted(const struct expression **out, struct parser *p)
{
    size_t from = p->at + 1;
    size_t to = str_find(p->text, from, '`');
    if (to == p->text.len) {
        return fail(p, p->at, STATUS_INVALID, "no closing backquote", STR(""));
    }
    p->at = to + 1;
    return column_make(out, p, from, str_slice(p->text, from, to));
}

static const struct {
    struct str name;
    enum operation operation;
    unsigned arguments;
} functions[] = {
    {{"log10", 5},   OP_LOG10,    1},
    {{"abs", 3},     OP_ABS,      1},
    {{"min", 3},     OP_MIN,      2},
    {{"max", 3},     OP_MAX,      2},
    {{"prev", 4},    OP_PREVIOUS, 1},
    {{"missing", 7}, OP_MISSING,  1},
};

/* The arguments of function `index`, behind its opening parenthesis. */
static enum status read_arguments(const struct expression **out, struct parser *p, size_t index)
{
    const struct expression *left = NULL;
    const struct expression *right = NULL;
    TRY(read_or(&left, p));
    if (functions[index].arguments == 2) {
        if (!symbol_take(p, STR(","))) {
            return fail(p, p->at, STATUS_INVALID, "two arguments expected by ",
                        functions[index].name);
        }
        TRY(read_or(&right, p));
    }
    TRY(close_take(p));
    return binary_make(out, p, functions[index].operation, left, right);
}

static enum status read_name(const struct expression **out, struct parser *p)
{
    static const struct str reserved[] = {
        {"and", 3},
        {"or",  2},
        {"not", 3}
    };
    struct str name = word_peek(p);
    size_t at = p->at;
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++) {
        if (str_eq(name, reserved[i])) {
            return fail(p, at, STATUS_INVALID, "a value expected before ", name);
        }
    }
    p->at += name.len;
    if (!symbol_take(p, STR("("))) {
        return column_make(out, p, at, name);
    }
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        if (str_eq(name, functions[i].name)) {
            return read_arguments(out, p, i);
        }
    }
    return fail(p, at, STATUS_INVALID, "no function ", name);
}

static enum status read_primary(const struct expression **out, struct parser *p)
{
    blanks_skip(p);
    char c = byte_at(p, p->at);
    if (c == '(') {
        p->at++;
        TRY(read_or(out, p));
        return close_take(p);
    }
    if (byte_is_digit(c)) {
        return read_number(out, p);
    }
    if (c == '`') {
        return read_quoted(out, p);
    }
    if (byte_is_letter(c)) {
        return read_name(out, p);
    }
    return fail(p, p->at, STATUS_INVALID, "a value expected", STR(""));
}

static enum status read_negation(const struct expression **out, struct parser *p)
{
    if (p->depth >= EXPRESSION_DEPTH_MAX) {
        return fail(p, p->at, STATUS_INVALID, "nested too deeply", STR(""));
    }
    p->depth++;
    enum status status;
    if (symbol_take(p, STR("-"))) {
        const struct expression *operand = NULL;
        status = read_negation(&operand, p);
        status = status == STATUS_OK ? binary_make(out, p, OP_NEGATE, operand, NULL) : status;
    } else {
        status = read_primary(out, p);
    }
    p->depth--;
    return status;
}

static enum status read_product(const struct expression **out, struct parser *p)
{
    TRY(read_negation(out, p));
    for (;;) {
        bool is_product = symbol_take(p, STR("*"));
        if (!is_product && !symbol_take(p, STR("/"))) {
            return STATUS_OK;
        }
        const struct expression *right = NULL;
        TRY(read_negation(&right, p));
        TRY(binary_make(out, p, is_product ? OP_MULTIPLY : OP_DIVIDE, *out, right));
    }
}

static enum status read_sum(const struct expression **out, struct parser *p)
{
    TRY(read_product(out, p));
    for (;;) {
        bool is_sum = symbol_take(p, STR("+"));
        if (!is_sum && !symbol_take(p, STR("-"))) {
            return STATUS_OK;
        }
        const struct expression *right = NULL;
        TRY(read_product(&right, p));
        TRY(binary_make(out, p, is_sum ? OP_ADD : OP_SUBTRACT, *out, right));
    }
}

static enum status read_comparison(const struct expression **out, struct parser *p)
{
    static const struct {
        struct str token;
        enum operation operation;
    } comparisons[] = {
        {{"<=", 2}, OP_LESS_EQUAL   },
        {{">=", 2}, OP_GREATER_EQUAL},
        {{"==", 2}, OP_EQUAL        },
        {{"!=", 2}, OP_NOT_EQUAL    },
        {{"<", 1},  OP_LESS         },
        {{">", 1},  OP_GREATER      },
        {{"=", 1},  OP_EQUAL        },
    };
    TRY(read_sum(out, p));
    for (size_t i = 0; i < ARRAY_LEN(comparisons); i++) {
        if (symbol_take(p, comparisons[i].token)) {
            const struct expression *right = NULL;
            TRY(read_sum(&right, p));
            return binary_make(out, p, comparisons[i].operation, *out, right);
        }
    }
    return STATUS_OK;
}

static enum status read_not(const struct expression **out, struct parser *p)
{
    if (!word_take(p, STR("not"))) {
        return read_comparison(out, p);
    }
    if (p->depth >= EXPRESSION_DEPTH_MAX) {
        return fail(p, p->at, STATUS_INVALID, "nested too deeply", STR(""));
    }
    p->depth++;
    const struct expression *operand = NULL;
    enum status status = read_not(&operand, p);
    p->depth--;
    return status == STATUS_OK ? binary_make(out, p, OP_NOT, operand, NULL) : status;
}

static enum status read_and(const struct expression **out, struct parser *p)
{
    TRY(read_not(out, p));
    while (word_take(p, STR("and"))) {
        const struct expression *right = NULL;
        TRY(read_not(&right, p));
        TRY(binary_make(out, p, OP_AND, *out, right));
    }
    return STATUS_OK;
}

static enum status read_or(const struct expression **out, struct parser *p)
{
    TRY(read_and(out, p));
    while (word_take(p, STR("or"))) {
        const struct expression *right = NULL;
        TRY(read_and(&right, p));
        TRY(binary_make(out, p, OP_OR, *out, right));
    }
    return STATUS_OK;
}

enum status expression_read(const struct expression **out, struct str text,
                            const struct table *table, struct arena *arena, struct error *err)
{
    struct parser p = {.text = text, .table = table, .arena = arena, .err = err};
    if (text.len > EXPRESSION_LEN_MAX) {
        return error_set(err, STATUS_INVALID, "", "an expression has at most %d bytes",
                         EXPRESSION_LEN_MAX);
    }
    const struct expression *root = NULL;
    TRY(read_or(&root, &p));
    blanks_skip(&p);
    if (p.at != text.len) {
        return fail(&p, p.at, STATUS_INVALID, "an operator or the end expected", STR(""));
    }
    *out = root;
    return STATUS_OK;
}

static double quotient(double a, double b)
{
    return fabs(b) < 1e-9 ? NAN : a / b;
}

static double decimal_logarithm(double x)
{
    return x > 0 && isfinite(x) ? elementary_log10(x) : NAN;
}

static double value_of_two(enum operation operation, double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return NAN;
    }
    switch (operation) {
    case OP_ADD: return a + b;
    case OP_SUBTRACT: return a - b;
    case OP_MULTIPLY: return a * b;
    case OP_DIVIDE: return quotient(a, b);
    case OP_LESS: return a < b;
    case OP_LESS_EQUAL: return a <= b;
    case OP_GREATER: return a > b;
    case OP_GREATER_EQUAL: return a >= b;
    case OP_EQUAL: return a == b;
    case OP_NOT_EQUAL: return a != b;
    case OP_AND: return a != 0 && b != 0;
    case OP_OR: return a != 0 || b != 0;
    case OP_MIN: return a < b ? a : b;
    case OP_MAX: return a > b ? a : b;
    case OP_NUMBER:
    case OP_COLUMN:
    case OP_NOT:
    case OP_NEGATE:
    case OP_LOG10:
    case OP_ABS:
    case OP_MISSING:
    case OP_PREVIOUS: break;
    }
    CHECK(operation == OP_MAX); /* the others are not operations of two arguments */
    return NAN;
}

static double value_of_one(enum operation operation, double a)
{
    if (operation == OP_MISSING) {
        return isnan(a) ? 1 : 0;
    }
    if (isnan(a)) {
        return NAN;
    }
    if (operation == OP_NOT) {
        return a == 0;
    }
    if (operation == OP_NEGATE) {
        return -a;
    }
    return operation == OP_ABS ? fabs(a) : decimal_logarithm(a);
}

double expression_value(const struct expression *e, uint32_t row, const uint32_t *previous)
{
    if (row == EXPRESSION_NO_ROW) {
        return NAN;
    }
    if (e->operation == OP_NUMBER) {
        return e->number;
    }
    if (e->operation == OP_COLUMN) {
        return e->column[row];
    }
    if (e->operation == OP_PREVIOUS) {
        uint32_t before = previous == NULL ? EXPRESSION_NO_ROW : previous[row];
        return expression_value(e->left, before, previous);
    }
    double left = expression_value(e->left, row, previous);
    if (e->right == NULL) {
        return value_of_one(e->operation, left);
    }
    double value = value_of_two(e->operation, left, expression_value(e->right, row, previous));
    return isfinite(value) ? value : NAN;
}
