/** Words that begin a line of their own. */
const breaks =
  /^(?:SELECT|FROM|WHERE|GROUP BY|ORDER BY|LIMIT|OFFSET|LEFT JOIN|INNER JOIN|CROSS JOIN|RETURNING|VALUES|SET|ON CONFLICT|UNION ALL)\b/;

/** Pieces of SQL: literals and quoted names whole, brackets, words, and the rest. */
const pieces =
  /\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|E?'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|[()]|[A-Za-z_][\w]*|\s+|[^\s\w"'()$]+|[\s\S]/gy;

/**
 * Breaks one line of SQL into several: clauses begin lines, what is in brackets with clauses of its own is
 * indented. Nothing but white space changes.
 */
export const printSql = (sql: string): string => {
  let out = '';
  const depth: boolean[] = [];
  const newline = (): string => `\n${'  '.repeat(depth.filter((indents) => indents).length)}`;
  pieces.lastIndex = 0;
  for (let at = 0, match = pieces.exec(sql); match !== null; match = pieces.exec(sql)) {
    const [piece] = match;
    const rest = sql.slice(at);
    at += piece.length;
    if (piece === '(') {
      const indents = /^\s*(?:SELECT|WITH)\b/.test(sql.slice(at));
      depth.push(indents);
      out += piece;
    } else if (piece === ')') {
      const indents = depth.pop();
      out += indents === true ? `${newline()})` : piece;
    } else if (breaks.test(rest) && out !== '') {
      out = `${out.trimEnd()}${newline()}${piece}`;
    } else out += /^\s+$/.test(piece) ? ' ' : piece;
  }
  return out;
};
