// The text of a query, as far as an editor needs it: its tokens, its parameters, and names to insert. Pure. The server
// alone decides what is valid.

/** At this place: white space and signs are left out, everything else has a kind. */
const PIECES = [
  ['comment', /--[^\r\n]*/y],
  ['string', /[rR]'[^']*'?|[rR]"[^"]*"?|'(?:[^'\\]|\\[\s\S]?)*'?|"(?:[^"\\]|\\[\s\S]?)*"?/y],
  ['name', /`(?:[^`]|``)*`?/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[a-zA-Z]*/y],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['parameter', /:[A-Za-z_][A-Za-z0-9_]*/y],
];

const KEYWORDS = new Set(
  (
    'ALL AND ANTI ANY ARRAY AS ASC AT BETWEEN BIGINT BINARY BOOLEAN BOTH BY CASE CAST CROSS CUBE CURRENT DATE DAY DECIMAL DESC ' +
    'DISTINCT DIV DOUBLE ELSE END ESCAPE EXCEPT EXISTS EXPLAIN EXTEND EXTRACT FALSE FILTER FIRST FLOAT FOLLOWING FOR FROM FULL ' +
    'GROUP GROUPING HAVING HOUR ILIKE IN INNER INT INTEGER INTERSECT INTERVAL INTO IS JOIN LAST LATERAL LEADING LEFT LIKE LIMIT ' +
    'MAP MINUS MINUTE MONTH NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PERCENT PIVOT PRECEDING QUALIFY RANGE ' +
    'RECURSIVE REGEXP RIGHT RLIKE ROLLUP ROW ROWS SECOND SELECT SEMI SET SETS SMALLINT SOME STRING STRUCT TABLE TABLESAMPLE THEN ' +
    'TIMESTAMP TIMESTAMP_NTZ TINYINT TO TRAILING TRUE TRY_CAST UNBOUNDED UNION UNIQUE UNKNOWN UNPIVOT USING VALUES VIEW WHEN ' +
    'WHERE WINDOW WITH WITHIN YEAR'
  ).split(' '),
);

/**
 * The tokens of a query that have a kind: 'comment', 'string', 'name' (in backquotes), 'number', 'parameter', 'keyword',
 * 'function' or 'word'. What is between them has none.
 *
 * @returns {Array<{kind: string, from: number, to: number}>}
 */
export function tokensOf(sql) {
  const tokens = [];
  let at = 0;
  while (at < sql.length) {
    const token = commentAt(sql, at) ?? pieceAt(sql, at);
    if (token === null) {
      // The operator of a cast, so that what follows is no parameter.
      at += sql.startsWith('::', at) ? 2 : 1;
    } else {
      tokens.push(token);
      at = token.to;
    }
  }
  return tokens;
}

/** A comment in brackets may have others in it. */
function commentAt(sql, from) {
  if (!sql.startsWith('/*', from)) {
    return null;
  }
  let depth = 0;
  for (let at = from; at < sql.length; ) {
    const pair = sql.slice(at, at + 2);
    depth += pair === '/*' ? 1 : pair === '*/' ? -1 : 0;
    at += pair === '/*' || pair === '*/' ? 2 : 1;
    if (depth === 0) {
      return { kind: 'comment', from, to: at };
    }
  }
  return { kind: 'comment', from, to: sql.length };
}

function pieceAt(sql, from) {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = from;
    const match = pattern.exec(sql);
    if (match !== null && !(kind === 'parameter' && isPath(sql, from))) {
      const to = from + match[0].length;
      return { kind: kind === 'word' ? kindOfWord(match[0], sql, to) : kind, from, to };
    }
  }
  return null;
}

/** Whether a colon follows a value, as in data:field, which is no parameter. */
function isPath(sql, colon) {
  return colon > 0 && /[\p{L}\p{N}_`)\]]/u.test(sql[colon - 1]);
}

function kindOfWord(word, sql, to) {
  if (KEYWORDS.has(word.toUpperCase())) {
    return 'keyword';
  }
  return sql[to] === '(' ? 'function' : 'word';
}

/** The names of the parameters of a query (:name), each once, in their order. */
export function parametersOf(sql) {
  const names = tokensOf(sql)
    .filter(({ kind }) => kind === 'parameter')
    .map(({ from, to }) => sql.slice(from + 1, to));
  return [...new Set(names)];
}

/** A dataset's path, or another name, in backquotes. */
export function quotedName(name) {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A column's name as a query needs it: without backquotes if it can be. */
export function columnName(name) {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name.toUpperCase()) ? name : quotedName(name);
}

/** A text as a literal. */
export function quotedText(text) {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A query for the first rows of a table. */
export function tableQuery(path) {
  return `SELECT * FROM ${quotedName(path)} LIMIT 100`;
}
