import { expect, test } from 'vitest';
import { html } from './html.ts';

test('text is escaped where it is put into HTML, and HTML is not', () => {
  const name = `<b title="x">&'`;
  expect(
    html`<p>${name} ${1} ${undefined} ${html`<i>${'a<b'}</i>`} ${[html`<u>1</u>`, html`<u>2</u>`]}</p>`.html,
  ).toBe('<p>&lt;b title=&quot;x&quot;&gt;&amp;&#39; 1  <i>a&lt;b</i> <u>1</u><u>2</u></p>');
});
