import { createHash } from 'node:crypto';
import { errorRegister } from '../../base/index.ts';
import type { HttpResponse } from '../../http/index.ts';
import { docsStyle } from './docs-style.ts';
import { html, trusted } from './html.ts';
import { pageResponse } from './page-response.ts';

const styleHash = createHash('sha256').update(docsStyle).digest('base64');

/** The errors of the register, each at an address that answers can lead to: `/docs/errors#PGRST205`. */
const printErrorsPage = (): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Errors</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${trusted(docsStyle)}</style></head>
<body>
<h1>Errors</h1>
<p><code>code</code> is for programs, <code>message</code> says what happened, <code>details</code> what exactly,
<code>hint</code> what to do. Nothing was changed by a request that failed.</p>
${Object.entries(errorRegister).map(
  ([code, { status, message, meaning }]) =>
    html`<section id="${code}"><h2>${code}</h2><p><strong>${status}</strong> ${message}</p><p>${meaning}</p></section>`,
)}
<section id="postgres"><h2>Codes of five characters</h2><p>They are Postgres' own, in its own words:
<a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">its list</a> names them all.</p></section>
</body></html>`.html;

let page: string | undefined;

/** The page as an answer. */
export const errorsResponse = (): HttpResponse => {
  page ??= printErrorsPage();
  return pageResponse(page, styleHash);
};
