/**
 * Bytes of base64url without padding (RFC 4648 section 5), or undefined. Strict: of the texts that a
 * lenient reader takes for the same bytes only one is accepted, so that a signature has one form.
 */
export const readBase64url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};
