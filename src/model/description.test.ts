import { expect, test } from 'vitest';
import { describeComment } from './description.ts';

test.each([
  ['a comment as it is', ' Tides.\n\nTwice a day. ', ' Tides.\n\nTwice a day. '],
  ['nothing of nothing', null, null],
  ['no waiver', 'Tides.\n@open: everybody may know\nTwice a day.', 'Tides.\nTwice a day.'],
  ['nothing where there is no more', '  @waive no-primary-key: a log', null],
  ['an address', 'Write to me@open.example', 'Write to me@open.example'],
])('readers are told %s', (_, comment, told) => {
  expect(describeComment(comment)).toBe(told);
});
