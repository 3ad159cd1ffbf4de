import { ReflectionKind } from 'typedoc';

const TABLE = /(<!-- options: ([^\n]+) -->\n).*?(<!-- \/options -->)/gs;

/** The package for tests and support tools. docs/api/diagnostics.md lists its options. */
const DIAGNOSTICS = '@chatwoot-identity/diagnostics';

/**
 * Replaces the tables of a page. Each table is between `<!-- options: import/path Name -->` and `<!-- /options -->`, and
 * lists the properties of the exported type `Name`. Commas separate import paths that export the same options under one
 * name. A comma and a space separate types with the same options.
 *
 * @param {string} text
 * @param {import('typedoc').ProjectReflection} project
 * @returns {string}
 * @throws {Error} if a comment names an unknown type, or if an exported options type has no table
 */
export function renderTables(text, project) {
  const shown = new Set();
  const rendered = text.replaceAll(TABLE, (_match, start, listed, end) => {
    const types = listed.split(', ').flatMap((each) => {
      const [paths, name] = each.split(' ');
      return paths.split(',').map((path) => findExport(project, path, name));
    });
    const [first, ...others] = types.map((type) => table(optionsOf(type)));
    if (others.some((other) => other !== first)) throw new Error(`The options differ between ${listed}.`);
    for (const type of types) shown.add(type);
    return `${start}\n${first}\n\n${end}`;
  });
  for (const module of project.children) {
    if (module.name === DIAGNOSTICS) continue;
    for (const type of module.children) {
      if (!/(?:Options|Props)$/.test(type.name) || type.kindOf(ReflectionKind.Reference) || shown.has(type))
        continue;
      throw new Error(`docs/configuration.md has no table for ${type.name} of ${module.name}.`);
    }
  }
  return rendered;
}

function findExport(project, module, name) {
  const found = project.children
    .find((each) => each.name === module)
    ?.children.find((each) => each.name === name);
  if (!found) throw new Error(`${module} does not export ${name}.`);
  // The module exports this type from another package.
  return found.isReference() ? found.getTargetReflectionDeep() : found;
}

/** Returns the properties of a type, an intersection or a union, with the required properties first. */
function optionsOf(type) {
  const options = new Map();
  for (const property of propertiesOf(type)) {
    const { name, flags, comment } = property;
    const written = shorten(property.type.toString());
    const known = options.get(name);
    const types = known?.types ?? new Set();
    const excluded = written === 'never' || written === 'undefined';
    if (!excluded) types.add(written);
    const optional = known?.optional || flags.isOptional;
    options.set(name, { name, types, comment: excluded ? known?.comment : comment, optional });
  }
  const used = [...options.values()].filter(({ types }) => types.size > 0);
  return [...used.filter(({ optional }) => !optional), ...used.filter(({ optional }) => optional)];
}

function propertiesOf(declaration) {
  return declaration.children ?? membersOf(declaration.type);
}

function membersOf(type) {
  if (type.type === 'reference') return propertiesOf(type.reflection);
  if (type.type === 'reflection') return propertiesOf(type.declaration);
  return type.types.flatMap(membersOf);
}

/** Returns the text of a type without `undefined` and without the framework's request type. */
function shorten(type) {
  return type
    .replaceAll(/ \| undefined\b|^undefined \| /g, '')
    .replaceAll(/<(?:\w*Request|Context)>/g, '')
    .replaceAll(/(\w+): [\w.]+(?=[,)])/g, '$1')
    .replaceAll('"', "'")
    .replaceAll('readonly ', '');
}

function table(options) {
  const rows = options.map(({ name, types, comment, optional }) => [
    `\`${name}\``,
    `\`${[...types].join(' | ')}\``,
    optional ? defaultOf(comment) : 'required',
    firstSentence(comment.summary),
  ]);
  const cells = [['Option', 'Type', 'Default', 'Description'], ...rows].map((row) =>
    row.map((cell) => cell.replaceAll('|', '\\|')),
  );
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function defaultOf(comment) {
  const tag = comment.blockTags.find((each) => each.tag === '@default');
  const value = tag ? textOf(tag.content).replace(/^```ts\n(.*)\n```$/s, '$1') : '';
  const isProse = /^\w+(?: \w+)+$/.test(value);
  return value && !isProse ? `\`${value}\`` : value;
}

function firstSentence(summary) {
  return /^.*?\.(?= [A-Z`']|$)/.exec(textOf(summary).replaceAll(/\s+/g, ' '))?.[0] ?? textOf(summary);
}

function textOf(parts) {
  return parts
    .map((part) => (part.kind === 'inline-tag' ? `\`${part.text}\`` : part.text))
    .join('')
    .trim();
}
