import { ReflectionKind } from 'typedoc';

/**
 * Lists the `@example` blocks of every export and of its members.
 *
 * @param {import('typedoc').ProjectReflection} project
 * @returns {{ path: string, name: string, code: string }[]} the import path of each, the name of its export, and the code
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
