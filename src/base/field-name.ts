/**
 * Whether HTTP can carry a header of this name (RFC 9110, section 5.1).
 *
 * @example isFieldName('X-Powered-By') // true
 * @example isFieldName('X Powered By') // false
 */
export const isFieldName = (name: string): boolean => /^[!#$%&'*+.^_`|~\w-]+$/.test(name);

/**
 * Whether a header of this name tells where a message ends or what becomes of its connection (RFC 9112,
 * sections 6 and 9). Who sends the message decides that, nobody else: were the length wrong, the rest of one
 * answer would be taken for the beginning of the next.
 */
export const isFraming = (name: string): boolean =>
  /^(?:content-length|transfer-encoding|trailer|connection|keep-alive|upgrade)$/i.test(name);
