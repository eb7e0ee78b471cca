/** Lines of a comment that speak to the checks and not to readers: `@open: reason`, `@waive some-finding: reason`. */
const TO_CHECKS = /^[ \t]*@(?:open|waive)\b.*(?:\r?\n|$)/gm;

/** What a comment tells those who use the API; null where it tells them nothing. */
export const describeComment = (comment: string | null): string | null =>
  comment?.includes('@') ? comment.replace(TO_CHECKS, '').trim() || null : comment;
