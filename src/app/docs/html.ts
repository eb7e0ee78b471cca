/** Text that is HTML already. */
export type Html = { readonly html: string };

const entities: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

type Part = string | number | Html | readonly Html[] | undefined;

const print = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  return 'html' in part ? part.html : part.map(({ html }) => html).join('');
};

/**
 * HTML with text in it: what is put in is escaped, unless it is HTML itself.
 *
 * @example html`<p>${'a < b'}</p>`.html // '<p>a &lt; b</p>'
 */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.map((text, i) => (i === 0 ? text : `${print(parts[i - 1])}${text}`)).join(''),
});

/** Text as it is: for a style sheet of ours. */
export const trusted = (text: string): Html => ({ html: text });
