import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs, root } from './generated-docs.ts';

for (const { path, text } of generatedDocs()) {
  writeFileSync(join(root, path), text);
  console.log(`docs: ${path}`);
}
