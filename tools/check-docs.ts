// Docs are tested: generated pages are fresh, every link inside the project leads somewhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generatedDocs, root } from './generated-docs.ts';

const troubles: string[] = [];

for (const { path, text } of generatedDocs()) {
  const file = join(root, path);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) troubles.push(`${path} is stale: run npm run docs`);
}

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:|^#/i.test(target)) continue;
    const [path = ''] = target.split('#');
    const file = join(root, dirname(page), path);
    if (!existsSync(file)) troubles.push(`${page} links to ${relative(root, file)}, which is not there`);
  }
}

for (const trouble of troubles) console.error(`docs: ${trouble}`);
if (troubles.length > 0) process.exit(1);
console.log(`docs: ${pages.length} pages, all true as far as a machine can tell`);
