/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return */
// Node runs this file as it is, at `npm run build` and at the start of a program run from source: JavaScript, outside the type check.
//
// Bundles the browser's files: ui/*.ts, ui/*.css, the font and the icon, each under a name that holds its content's hash.
//   node tools/build-ui.mjs          writes dist/ui/bundle.json
//   node tools/build-ui.mjs --print  prints the same: what a program run from source serves, without a build step

import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const font = fileURLToPath(
  import.meta.resolve(
    '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  ),
);

const result = await build({
  absWorkingDir: root,
  entryPoints: { live: 'ui/live.ts', style: 'ui/style.css', icon: 'ui/icon.svg' },
  alias: { 'atkinson-hyperlegible-next.woff2': font },
  loader: { '.woff2': 'file', '.svg': 'copy' },
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets',
  outdir: 'dist/ui',
  bundle: true,
  minify: true,
  format: 'esm',
  // Browsers of the last four years: what an old tablet on a kitchen wall still has.
  target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  write: false,
});

const names = result.outputFiles.map((file) => basename(file.path));
const named = (start, end) => {
  const found = names.find((name) => name.startsWith(start) && name.endsWith(end));
  if (!found) throw new Error(`the bundle has no ${start}*${end}, only ${names.join(', ')}`);
  return found;
};
const bundle = JSON.stringify({
  entries: {
    script: named('live-', '.js'),
    style: named('style-', '.css'),
    font: named('atkinson', '.woff2'),
    icon: named('icon-', '.svg'),
  },
  files: Object.fromEntries(
    result.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents).toString('base64')]),
  ),
});

if (process.argv.includes('--print')) {
  process.stdout.write(bundle);
} else {
  await mkdir(`${root}/dist/ui`, { recursive: true });
  await writeFile(`${root}/dist/ui/bundle.json`, bundle);
}
