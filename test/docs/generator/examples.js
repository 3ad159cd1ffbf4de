import { ReflectionKind } from 'typedoc';

/**
 * Returns the `@example` blocks of every export and of the members of exports.
 *
 * @param {import('typedoc').ProjectReflection} project
 * @returns {{ path: string, name: string, code: string }[]} the import path, the name of the export and the code of each block
 */
export function examplesOf(project) {
  return project.children.flatMap((module) => {
    const found = [];
    module.traverse(function visit(reflection) {
      for (const { tag, content } of reflection.comment?.blockTags ?? []) {
        if (tag !== '@example') continue;
        const text = content.map((part) => part.text).join('');
        const code = /^```\w*\n(.*)\n```$/s.exec(text.trim())?.[1] ?? text;
        found.push({ path: module.name, name: reflection.name, code });
      }
      if (!reflection.kindOf(ReflectionKind.Reference)) reflection.traverse(visit);
    });
    return found;
  });
}
