// Runs the layer check and refuses to believe an empty one: a resolver that sees no modules "finds no violations".

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const run = spawnSync('npx', ['--no-install', 'depcruise', 'src', '--output-type', 'json'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
if (!run.stdout.trim()) {
  console.error(`layers: the checker printed nothing: ${run.stderr}`);
  process.exit(1);
}
const result = JSON.parse(run.stdout) as CruiseResult;
const cruised = result.modules.filter((module) => module.source.startsWith('src/') && module.source.endsWith('.ts'));
const written = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file.replaceAll('\\', '/')}`);
const unseen = written.filter((file) => !cruised.some((module) => module.source === file));

for (const violation of result.summary.violations) {
  console.error(`layers: ${violation.rule.name}: ${violation.from} → ${violation.to}`);
}
if (unseen.length > 0) console.error(`layers: ${unseen.length} files were not looked at, first: ${unseen[0]}`);
if (result.summary.violations.length > 0 || unseen.length > 0) process.exit(1);
console.log(`layers: ${cruised.length} of ${written.length} files looked at, no violation`);
