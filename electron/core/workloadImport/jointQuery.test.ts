import { describe, expect, test } from 'vitest';
import { labErrorOf } from '../../test/thrown.ts';
import { jointQuery, SQL_DIALECTS, SQL_EXPORTS } from './jointQuery.ts';

describe('the one query', () => {
  test.each(SQL_DIALECTS)('is plain SQL in %s', (dialect) => {
    const count = ['spark', 'bigquery', 'clickhouse'].includes(dialect) ? '`count`' : '"count"';
    expect(jointQuery({ dialect, table: 'requests', input: ['input_tokens'], output: 'output_tokens' })).toBe(
      `SELECT input_tokens AS m, output_tokens AS n, COUNT(*) AS ${count}
FROM requests
GROUP BY input_tokens, output_tokens
ORDER BY 1, 2`,
    );
    expect(SQL_EXPORTS[dialect]).toMatch(/\.$/);
  });

  test('quotes names that need it, each dialect in its own way', () => {
    const query = {
      table: 'my-project.logs.Requests',
      input: ['Prompt Tokens', 'cached'],
      output: 'say `it` "so"',
    };
    expect(jointQuery({ ...query, dialect: 'bigquery' })).toBe(
      'SELECT `Prompt Tokens` + cached AS m, `say \\`it\\` "so"` AS n, COUNT(*) AS `count`\n' +
        'FROM `my-project`.logs.`Requests`\nGROUP BY `Prompt Tokens` + cached, `say \\`it\\` "so"`\nORDER BY 1, 2',
    );
    expect(jointQuery({ ...query, dialect: 'spark' })).toContain('`say ``it`` "so"` AS n');
    expect(jointQuery({ ...query, dialect: 'trino' })).toContain('FROM "my-project".logs."Requests"');
    expect(jointQuery({ ...query, dialect: 'postgres' })).toContain('"say `it` ""so""" AS n');
  });

  test('refuses names that are none', () => {
    for (const table of ['', 'a..b', 'a\nb']) {
      const error = labErrorOf(() => jointQuery({ dialect: 'duckdb', table, input: ['m'], output: 'n' }));
      expect(error.kind).toBe('bad-setting');
    }
  });
});
