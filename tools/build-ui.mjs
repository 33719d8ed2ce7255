/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-argument */
// Node runs this file as it is, at `npm run build` and at the start of a program run from source: JavaScript, outside the type check.
//
// Builds ui/ twice from the same components: for the browser (bundle.json: script, style, font, icon, each under a name that
// holds its content's hash) and for the server (server.mjs: draws a page).
//   node tools/build-ui.mjs          into dist/ui
//   node tools/build-ui.mjs --cache  into .cache/ui/<hash of what it is built from>, unless it is there; prints the folder

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the browser code is made from, besides the packages in the lock file. */
const SOURCES = ['ui', 'src/web/texts', 'tools/build-ui.mjs', 'package-lock.json'];

const filesUnder = async (path) => {
  if ((await stat(join(root, path))).isFile()) return [path];
  const found = await readdir(join(root, path), { withFileTypes: true });
  const inner = await Promise.all(found.map((entry) => filesUnder(`${path}/${entry.name}`)));
  return inner.flat().sort();
};

const sourceHash = async () => {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesUnder(source))
      hash
        .update(file)
        .update('\0')
        .update(await readFile(join(root, file)));
  }
  return hash.digest('hex').slice(0, 20);
};

const hashOf = (content) => createHash('sha256').update(content).digest('hex').slice(0, 8);

/** The mark on paper, for home screens: 180 as iOS wants it, 192 and 512 as Android does, with room to be cut round. */
const appIcons = async (svg) => {
  const { default: sharp } = await import('sharp');
  const draw = async (size) => {
    const mark = Math.round(size * 0.6);
    const drawn = await sharp(svg, { density: (72 * mark) / 32 })
      .resize(mark, mark)
      .png()
      .toBuffer();
    const paper = { width: size, height: size, channels: 3, background: '#fbfaf6' };
    const bytes = await sharp({ create: paper })
      .composite([{ input: drawn }])
      .png({ palette: true })
      .toBuffer();
    return { name: `app-${size}-${hashOf(bytes)}.png`, size, purpose: 'any maskable', bytes };
  };
  return [await draw(180), await draw(192), await draw(512)];
};

const buildInto = async (folder) => {
  // Only when there is something to build: a start that finds its cache pays nothing for the compiler.
  // Whoever builds: under a test runner's own NODE_ENV there would be other files than those that are shipped.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  const { svelte } = await import('@sveltejs/vite-plugin-svelte');
  const common = () => ({
    configFile: false,
    root,
    base: '/assets/',
    publicDir: false,
    logLevel: 'warn',
    plugins: [svelte({ configFile: false, compilerOptions: { css: 'external' } })],
  });
  const shared = {
    // Browsers of the last four years: what an old tablet on a kitchen wall still has.
    target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
    write: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  };
  const browser = await build({
    ...common(),
    build: {
      ...shared,
      modulePreload: { polyfill: false },
      cssCodeSplit: true,
      rollupOptions: {
        input: {
          client: join(root, 'ui/client.ts'),
          style: join(root, 'ui/style.css'),
          worker: join(root, 'ui/service-worker.ts'),
        },
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
        },
      },
    },
  });
  const files = new Map(browser.output.map((file) => [basename(file.fileName), file]));
  const icon = await readFile(join(root, 'ui/icon.svg'));
  const iconName = `icon-${hashOf(icon)}.svg`;
  const pngs = await appIcons(icon);
  const manifest = JSON.stringify({
    ...JSON.parse(await readFile(join(root, 'ui/manifest.json'), 'utf8')),
    icons: [
      { src: `/assets/${iconName}`, sizes: 'any', type: 'image/svg+xml' },
      ...pngs.map(({ name, size, purpose }) => ({
        src: `/assets/${name}`,
        sizes: `${size}x${size}`,
        type: 'image/png',
        purpose,
      })),
    ],
  });
  const manifestName = `manifest-${hashOf(manifest)}.webmanifest`;
  const named = (start, end) => {
    const found = [...files.keys()].find((name) => name.startsWith(start) && name.endsWith(end));
    if (!found) throw new Error(`the bundle has no ${start}*${end}, only ${[...files.keys()].join(', ')}`);
    return found;
  };
  const pages = {};
  for (const [name, file] of files) {
    const page = /ui\/pages\/(\w+)\.svelte$/.exec(file.facadeModuleId ?? '')?.[1];
    if (page) pages[page.toLowerCase()] = name;
  }
  const bundle = {
    entries: {
      script: named('client-', '.js'),
      style: named('style-', '.css'),
      font: named('atkinson', '.woff2'),
      icon: iconName,
      manifest: manifestName,
      touchIcon: pngs[0].name,
      worker: named('worker-', '.js'),
    },
    // The chunk of each page, to be fetched beside the script instead of after it.
    pages,
    files: Object.fromEntries(
      [...files]
        // A style sheet's own empty script.
        .filter(([name]) => !/^style-.*\.js$/.test(name))
        .map(([name, file]) => [name, Buffer.from(file.code ?? file.source).toString('base64')]),
    ),
  };
  bundle.files[iconName] = icon.toString('base64');
  bundle.files[manifestName] = Buffer.from(manifest).toString('base64');
  for (const { name, bytes } of pngs) bundle.files[name] = bytes.toString('base64');
  const server = await build({
    ...common(),
    ssr: { noExternal: true, target: 'node' },
    build: {
      ...shared,
      target: 'node20',
      ssr: join(root, 'ui/server.ts'),
      minify: false,
      rollupOptions: { output: { entryFileNames: 'server.mjs', codeSplitting: false } },
    },
  });
  const [drawing] = server.output;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(bundle));
  await writeFile(join(folder, 'server.mjs'), drawing.code);
};

if (process.argv.includes('--cache')) {
  const kept = join(root, '.cache/ui');
  const folder = join(kept, await sourceHash());
  const isThere = await stat(join(folder, 'server.mjs')).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(kept, { recursive: true });
    const made = await mkdtemp(join(kept, 'making-'));
    await buildInto(made);
    // Another start may have been faster; what it made is the same.
    await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  }
  process.stdout.write(folder);
} else {
  await buildInto(join(root, 'dist/ui'));
}
