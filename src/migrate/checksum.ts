import { createHash } from 'node:crypto';

/** SHA-256 of a file's text, in hex. Git may change line ends and editors may add a byte order mark: neither counts. */
export const checksumText = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
    .digest('hex');
