import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Codings that are offered, the better first. */
export type Encoding = 'br' | 'gzip';

const offered: readonly Encoding[] = ['br', 'gzip'];

/** How much a client likes each coding that it names (RFC 9110, section 12.4.2). */
const readWeights = (header: string): ReadonlyMap<string, number> =>
  new Map(
    header.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
    }),
  );

/**
 * The coding to send a text in; undefined: as it is.
 *
 * @example chooseEncoding('gzip, br;q=0.9') // 'gzip'
 */
export const chooseEncoding = (header: string | undefined): Encoding | undefined => {
  if (header === undefined) return undefined;
  const weights = readWeights(header);
  const weigh = (encoding: Encoding): number => weights.get(encoding) ?? weights.get('*') ?? 0;
  const [first] = offered.filter((encoding) => weigh(encoding) > 0).sort((a, b) => weigh(b) - weigh(a));
  return first;
};

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

/** Compresses once for many readers, but not so thoroughly that the first of them waits. */
export const compress = (bytes: Buffer, encoding: Encoding): Promise<Buffer> => {
  switch (encoding) {
    case 'br':
      return brotliAsync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 7,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
    case 'gzip':
      return gzipAsync(bytes, { level: 7 });
  }
};
