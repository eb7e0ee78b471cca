/** Folders in which build tools put files that have a hash of their content in the name. */
const hashedFolders = /^(assets|_astro|_next\/static|_app\/immutable|build)\//;

/** `app-DkQ3x9Zw.js`, `app.1f3870be.css`: letters alone could be a word. */
const hashedName = /[-.](?=[\w-]*[\dA-Z])[\w-]{8,}\.[a-z0-9]+$/;

/**
 * How long a file may be kept without asking again (RFC 9111): forever where another content gets another name,
 * else not at all, which costs a request that is answered with 304.
 *
 * @param path below the folder, with slashes: `assets/app-DkQ3x9Zw.js`
 */
export const cacheControl = (path: string): string =>
  hashedFolders.test(path) && hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
