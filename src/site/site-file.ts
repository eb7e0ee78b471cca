import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { HttpBody } from '../http/index.ts';
import type { ByteRange } from './byte-range.ts';
import { compress, type Encoding } from './encoding.ts';
import { type MediaType, mediaTypeOf } from './media-type.ts';

/** What is sent of a file, and how many bytes that are. */
export type FileBody = { readonly body: HttpBody; readonly length: number };

/** A file as it is at one moment. */
export type SiteFile = {
  readonly type: MediaType;
  /** In bytes, as it is. */
  readonly length: number;
  /** Whether it can be had compressed. */
  readonly compressible: boolean;
  /** Tells this content, in this coding, from all others. */
  readonly etag: (encoding: Encoding | undefined) => string;
  readonly whole: (encoding: Encoding | undefined) => Promise<FileBody>;
  readonly part: (range: ByteRange) => FileBody;
};

/** Compressing less is not worth the bytes that it adds. */
const SHORTEST_COMPRESSED = 1024;
const CHUNK = 1 << 16;

/** A file that is held in memory, with its compressed forms once somebody wanted them. */
export const holdFile = (path: string, bytes: Buffer, onGrown: (by: number) => void): SiteFile => {
  const type = mediaTypeOf(path);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  const compressed = new Map<Encoding, Promise<Buffer>>();
  const inCoding = (encoding: Encoding): Promise<Buffer> => {
    const known = compressed.get(encoding);
    if (known !== undefined) return known;
    const made = compress(bytes, encoding);
    compressed.set(encoding, made);
    made.then(
      ({ length }) => onGrown(length),
      () => compressed.delete(encoding),
    );
    return made;
  };
  return {
    type,
    length: bytes.length,
    compressible: type.compressible && bytes.length >= SHORTEST_COMPRESSED,
    etag: (encoding) => (encoding === undefined ? `"${hash}"` : `"${hash}-${encoding}"`),
    whole: async (encoding) => {
      const body = encoding === undefined ? bytes : await inCoding(encoding);
      return { body, length: body.length };
    },
    part: ({ first, last }) => ({ body: bytes.subarray(first, last + 1), length: last + 1 - first }),
  };
};

const sendBytes = async (
  handle: FileHandle,
  { first, last }: ByteRange,
  sink: (chunk: Buffer, release: () => void) => void | Promise<void>,
): Promise<void> => {
  for (let at = first; at <= last; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, last - at + 1));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new Error('the file has become shorter while it was sent');
    await sink(chunk.subarray(0, bytesRead), () => {});
    at += bytesRead;
  }
};

/** A file that is too long to be held: it is read as it is sent. */
export const streamFile = (path: string, length: number, version: string): SiteFile => {
  const part = (range: ByteRange): FileBody => ({
    length: range.last + 1 - range.first,
    body: {
      pump: async (sink) => {
        const handle = await open(path);
        try {
          await sendBytes(handle, range, sink);
        } finally {
          await handle.close();
        }
      },
    },
  });
  return {
    type: mediaTypeOf(path),
    length,
    compressible: false,
    etag: () => `"${version}"`,
    whole: async () => part({ first: 0, last: length - 1 }),
    part,
  };
};
