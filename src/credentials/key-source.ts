/** Where the keys come from that tokens are verified with. */
export type KeySource =
  /** A secret as it is (its UTF-8 bytes), or a JWK or JWK set as JSON (RFC 7517). */
  | { readonly kind: 'text'; readonly text: string }
  /** The same as base64, in either alphabet. */
  | { readonly kind: 'base64'; readonly text: string }
  /** The same as bytes. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The address of a JWK set, which is fetched when it is needed and kept up to date. */
  | { readonly kind: 'url'; readonly url: string };
