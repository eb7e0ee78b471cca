import { extname } from 'node:path';
import { lookup } from 'mrmime';

const compressible =
  /^text\/|[/+](json|xml|javascript|wasm)$|^image\/svg|^font\/(ttf|otf)$|^image\/(bmp|x-icon|vnd\.microsoft\.icon)$/;
const isText = /^text\/|[/+](json|xml|javascript)$/;

export type MediaType = {
  /** For Content-Type: text with its character set, which is UTF-8. */
  readonly name: string;
  /** Whether it gets smaller by compressing; pictures and archives are compressed already. */
  readonly compressible: boolean;
};

/** What a file is, by the end of its name. */
export const mediaTypeOf = (path: string): MediaType => {
  const ending = extname(path);
  const type = (ending === '' ? undefined : lookup(ending)) ?? 'application/octet-stream';
  return {
    name: isText.test(type) ? `${type}; charset=utf-8` : type,
    compressible: compressible.test(type),
  };
};
