import { describe, expect, test } from 'vitest';
import { readWaivers } from './waiver.ts';

describe('a comment', () => {
  test.each([
    ['nothing', null, undefined],
    ['nothing of it', 'What the tides do.', undefined],
    ['nothing where it is in a sentence', 'It is @open: really.', undefined],
    ['that it is open', '@open: everybody may', 'everybody may'],
    ['so among other lines', 'Tides.\n  @open: for  all \r\nMore.', 'for  all'],
    ['nothing without a reason', '@open:', undefined],
    ['nothing by another word', '@opened: by mistake', undefined],
    ['that one finding is left', '@waive table-without-row-security: loaded in one go', 'loaded in one go'],
    ['nothing of another finding', '@waive no-primary-key: a log', undefined],
  ])('says %s', (_, comment, reason) => {
    expect(readWaivers(comment).reasonFor('table-without-row-security')).toBe(reason);
  });

  test('that lacks a reason is told from one that waives nothing', () => {
    expect(readWaivers('@open').lacksReason('view-without-invoker')).toBe(true);
    expect(readWaivers('open').lacksReason('view-without-invoker')).toBe(false);
  });
});
