/**
 * Breaks a text between words.
 *
 * @param indent the column at which the text begins, and at which its other lines begin too
 * @param columns the width of the terminal; without it the text is returned as it is
 */
export function wrap(text: string, indent: number, columns: number | undefined): string {
  if (!columns) return text;
  const width = Math.max(columns - indent, 20);
  const lines = text.match(new RegExp(`.{1,${width}}(?=\\s|$)|\\S+`, 'g')) ?? [];
  return lines.map((line) => line.trimStart()).join(`\n${' '.repeat(indent)}`);
}
