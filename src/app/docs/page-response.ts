import type { HttpResponse } from '../../http/index.ts';

/** A page of ours: it has one style sheet, and nothing else is loaded or run. */
export const pageResponse = (page: string, styleHash: string): HttpResponse => {
  const body = Buffer.from(page);
  return {
    status: 200,
    headers: [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Content-Length', String(body.length)],
      [
        'Content-Security-Policy',
        `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      ],
      ['X-Content-Type-Options', 'nosniff'],
      ['Referrer-Policy', 'no-referrer'],
      ['Cache-Control', 'no-store'],
    ],
    body,
  };
};
