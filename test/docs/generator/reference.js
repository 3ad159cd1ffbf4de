import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, makeRecursiveVisitor, ReflectionKind } from 'typedoc';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Reads the public API of every package from its sources.
 *
 * @returns {Promise<{ app: Application, project: import('typedoc').ProjectReflection }>}
 * @throws {Error} if an export has no description, if it refers to a type that is not exported, or if a link is broken
 */
export async function readApi() {
  const entries = await entryPoints();
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    logLevel: 'Warn',
    tsconfig: join(repository, 'test/docs/generator/tsconfig.json'),
    entryPoints: [...entries.keys()],
    skipErrorChecking: true, // `npm run typecheck` checks types with the compiler that builds the packages
    ...CONTENT,
    ...LAYOUT,
  });
  // The pages are named after the import paths of apps, not after source files.
  const modules = app.getEntryPoints().map((entry) => ({
    ...entry,
    displayName: entries.get(entry.sourceFile.fileName),
  }));
  const project = app.converter.convert(modules);
  const reflections = Object.values(project.reflections);
  for (const reflection of reflections) {
    simplify(reflection);
    nameErrors(reflection);
  }

  // The description of an anonymous type's members is part of the type that contains them.
  const anonymous = reflections.filter(
    (reflection) =>
      reflection.kindOf([ReflectionKind.Property, ReflectionKind.Method]) &&
      isAnonymous(reflection) &&
      !reflection.hasComment(),
  );
  app.options.setValue('intentionallyNotDocumented', [
    ...new Set(anonymous.map((each) => each.getFullName())),
  ]);
  app.options.setValue('packagesRequiringDocumentation', [...entries.values()].map(packageOf));
  app.validate(project);
  for (const missing of reflections.flatMap(missingTags)) app.logger.warn(missing);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('The docstrings are incomplete. The warnings above name each of them.');
  }
  return { app, project };
}

/**
 * Renders the pages of the reference.
 *
 * @returns {Promise<Map<string, string>>} the text of each page, by its path in the repository
 */
export async function renderPages({ app, project }) {
  const folder = await mkdtemp(join(tmpdir(), 'reference-'));
  try {
    await app.outputs.writeOutput({ name: 'markdown', path: folder }, project);
    const pages = new Map();
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      pages.set(`docs/api/${name}`, `${NOTICE}\n\n${text.trimEnd()}\n`);
    }
    return pages;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const NOTICE = '<!-- Generated from the docstrings by `npm run docs`. -->';

/**
 * Returns the missing tags that TypeDoc does not check. An exported function needs an example, and descriptions
 * of its parameters and its result.
 */
function missingTags(reflection) {
  if (!reflection.kindOf(ReflectionKind.Function)) return [];
  return reflection.signatures.flatMap((signature) => {
    const tags = signature.comment?.blockTags.map(({ tag }) => tag) ?? [];
    const missing = (signature.parameters ?? [])
      .filter((parameter) => !parameter.hasComment())
      .map((parameter) => `@param ${parameter.name}`);
    if (!/^(?:Promise<)?(?:void)/.test(String(signature.type)) && !tags.includes('@returns'))
      missing.push('@returns');
    if (!tags.includes('@example')) missing.push('@example');
    return missing.map((tag) => `${reflection.getFullName()} has no ${tag}`);
  });
}

/** Returns true for a member of a type literal. TypeDoc does not check the members of a parameter's type. */
function isAnonymous(reflection) {
  const names = [];
  for (let each = reflection.parent; each && !each.isProject(); each = each.parent) {
    if (each.kindOf([ReflectionKind.Parameter, ReflectionKind.SomeSignature])) return false;
    names.push(each.name);
  }
  return names.includes('__type');
}

/** Adds the class of an error to the text of `@throws`, because TypeDoc separates the two. */
function nameErrors(reflection) {
  for (const tag of reflection.comment?.blockTags ?? []) {
    if (!tag.typeAnnotation) continue;
    tag.content.unshift({ kind: 'code', text: `\`${tag.typeAnnotation.replace(/^\{(.*)\}$/, '$1')}\`` });
    tag.content.splice(1, 0, { kind: 'text', text: ' ' });
  }
}

/**
 * Removes details that do not help a reader: type arguments of other packages' generic types, and base types that are not
 * exported.
 */
function simplify(reflection) {
  if (reflection.extendedTypes) {
    reflection.extendedTypes = reflection.extendedTypes.filter(({ reflection: base }) => base);
    if (reflection.extendedTypes.length === 0) delete reflection.extendedTypes;
  }
  reflection.type?.visit(
    makeRecursiveVisitor({
      reference(type) {
        if (type.package?.startsWith('@types/') && type.package !== '@types/node') delete type.typeArguments;
      },
    }),
  );
}

/** Options for the content of the pages. */
const CONTENT = {
  name: 'API reference',
  readme: 'none',
  disableSources: true,
  disableGit: true,
  excludeExternals: true,
  preservedTypeAnnotationTags: ['@throws'],
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Type Aliases', '*'],
  intentionallyNotExported: [],
  validation: { notExported: true, notDocumented: true, invalidLink: true },
};

/** Options for the format of the pages. */
const LAYOUT = {
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  excludeScopesInPaths: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  tableColumnSettings: { hideInherited: true, hideOverrides: true, hideModifiers: true },
  useCodeBlocks: true,
  useHTMLAnchors: true, // TypeDoc numbers the anchors of headings differently from GitHub
};

/** Returns every public import path of every package, by its source file. */
async function entryPoints() {
  const found = new Map();
  for (const folder of await readdir(join(repository, 'packages'))) {
    const manifest = await readFile(join(repository, 'packages', folder, 'package.json'), 'utf8');
    const { name, exports } = JSON.parse(manifest);
    for (const [path, { source, import: built }] of Object.entries(exports)) {
      const file = source ?? built?.types;
      if (file && path !== './internal')
        found.set(join(repository, 'packages', folder, file), name + path.slice(1));
    }
  }
  return found;
}

const packageOf = (path) => path.split('/').slice(0, 2).join('/');
