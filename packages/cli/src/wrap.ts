/**
 * Wraps a text between words.
 *
 * @param indent the column at which the text begins, and by which its continuation lines are indented
 * @param columns the width of the terminal; if undefined, the text is returned unchanged
 */
export function wrap(text: string, indent: number, columns: number | undefined): string {
  if (!columns) return text;
  const width = Math.max(columns - indent, 20);
  const lines = text.match(new RegExp(`.{1,${width}}(?=\\s|$)|\\S+`, 'g')) ?? [];
  return lines.map((line) => line.trimStart()).join(`\n${' '.repeat(indent)}`);
}
