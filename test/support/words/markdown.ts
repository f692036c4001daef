import assert from 'node:assert/strict';
import { marked, type Token } from 'marked';

/** All tokens of a document, including nested ones. */
export function tokensOf(markdown: string): readonly Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** The code blocks of one language. */
export function codeBlocks(markdown: string, language: string): readonly string[] {
  return tokensOf(markdown).flatMap((token) =>
    token.type === 'code' && token.lang === language ? [String(token.text)] : [],
  );
}

/** The one block of YAML in a document. */
export function theYamlIn(markdown: string): string {
  const blocks = codeBlocks(markdown, 'yaml');
  assert.equal(blocks.length, 1);
  return blocks[0] ?? '';
}
