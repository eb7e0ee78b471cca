/**
 * The directives of a comment: lines of its own that begin with `@`, each a name and, behind a space or a colon,
 * what it says. The rest of the comment is for people.
 *
 * @example readDirectives('What we sell.\n@cache public, max-age=60') // Map { 'cache' → 'public, max-age=60' }
 */
export const readDirectives = (comment: string | null): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  if (comment === null || !comment.includes('@')) return found;
  for (const [, name = '', said = ''] of comment.matchAll(
    /^[ \t]*@([a-z][a-z-]*)(?:[ \t]*:[ \t]*|[ \t]+|$)(.*)$/gm,
  ))
    if (!found.has(name)) found.set(name, said.trim());
  return found;
};
