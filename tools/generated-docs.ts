// The pages of docs/ that are written from the code, so that they cannot lie. `npm run docs` writes them; check:docs compares.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { buildProgram } from '../src/cli/command-line.ts';
import { ENV_KEYS } from '../src/config/legacy-env.ts';
import { configJsonSchema } from '../src/config/schema/document.ts';
import { ERROR_TABLE } from '../src/domain/errors.ts';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

const GENERATED = '<!-- Written by `npm run docs` from the source; edit there. -->';

const errorsPage = (): string => {
  const rows = Object.entries(ERROR_TABLE).map(
    ([code, row]) =>
      `## ${code}\n\n${row.en}\n\n*Dansk:* ${row.da}\n\nRemedy: **${row.remedy}** · exit code ${row.exit}\n`,
  );
  return `${GENERATED}\n\n# Errors\n\nEvery trouble has a code, its cause and what to do about it. \`{name}\` stands for a fact of the moment.\n\nExit codes of every command: 0 ok · 1 failure · 2 usage · 3 configuration · 4 camera unreachable · 5 login refused · 6 storage · 75 try later · 130 interrupted.\n\n${rows.join('\n')}`;
};

const configPage = (): string => {
  const rows = Object.entries(ENV_KEYS).map(([key, row]) => {
    const fallback = row.fallback ?? (row.isOptional ? 'the system’s' : '**must be set**');
    return `| \`${key}\` | ${row.en} | ${row.fallback === undefined ? fallback : `\`${fallback}\``} | \`${row.example}\` |`;
  });
  return `${GENERATED}\n\n# Settings in \`.env\`\n\nA file \`.env\` in the folder the program runs in, one \`KEY=value\` a line; environment variables of the same names win over it. An unknown key is an error, so that a typing mistake cannot pass unnoticed. With full URLs in both \`RTSP_MAIN\` and \`RTSP_SUB\`, address, user and password may be left out.\n\n| key | meaning | default | example |\n|---|---|---|---|\n${rows.join('\n')}\n`;
};

interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | readonly SchemaNode[];
}

/** Keys below `node`, each with its path as an owner would say it: `cameras.<name>.masks.<name>.polygon`. */
const keyRows = (node: SchemaNode, path: string): readonly string[] => {
  const rows: string[] = [];
  const asCode = (value: unknown): string => `\`${JSON.stringify(value)}\``;
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const name = path === '' ? key : `${path}.${key}`;
    const isHeading = child.properties !== undefined || typeof child.additionalProperties === 'object';
    const choices = child.enum ? ` One of ${child.enum.map((one) => asCode(one)).join(', ')}.` : '';
    const fallback = child.default === undefined || isHeading ? '' : asCode(child.default);
    const example = child.examples?.[0] === undefined ? '' : asCode(child.examples[0]);
    rows.push(`| \`${name}\` | ${child.description ?? ''}${choices} | ${fallback} | ${example} |`);
    rows.push(...keyRows(child, name));
  }
  if (typeof node.additionalProperties === 'object') rows.push(...keyRows(node.additionalProperties, `${path}.<name>`));
  if (node.items && !Array.isArray(node.items)) rows.push(...keyRows(node.items as SchemaNode, `${path}[]`));
  return rows;
};

const documentPage = (): string =>
  `${GENERATED}\n\n# Settings in \`stillwatch.yml\`\n\nA file \`stillwatch.yml\` in the folder the program runs in; [stillwatch.example.yml](../../stillwatch.example.yml) is one to begin with. Environment variables win over it, and it wins over [\`.env\`](config.md). \`stillwatch config check\` names every mistake with its line, \`config print\` shows what is in force, \`config migrate\` makes the file from \`.env\`. Editors complete and check it by [its JSON Schema](stillwatch.schema.json).\n\nTimes and sizes carry their unit: \`10s\`, \`5m\`, \`500MB\`, \`200GB\`. A secret is never in the file, only the place where it lies: \`{file: secrets/garden}\`, \`{env: GARDEN_PASSWORD}\` or, under systemd, \`{credential: garden}\`. Changes are seen within seconds and restart only the cameras they concern; SIGHUP has them read at once.\n\n| key | meaning | default | example |\n|---|---|---|---|\n${keyRows(configJsonSchema(), '').join('\n')}\n`;

const commandText = (command: Command, above: string): string => {
  const name = `${above} ${command.name()}`;
  // A command that only holds others is described by them.
  if (command.commands.length > 0) return command.commands.map((inner) => commandText(inner, name)).join('\n');
  const help = command.createHelp();
  const lines = help.visibleOptions(command).map((option) => `| \`${option.flags}\` | ${option.description} |`);
  const args = help.visibleArguments(command).map((one) => `| \`${one.name()}\` | ${one.description} |`);
  const table = args.length + lines.length > 0 ? `\n| | |\n|---|---|\n${[...args, ...lines].join('\n')}\n` : '';
  return `## ${name}\n\n${command.description()}\n\n\`${name} ${command.usage()}\`\n${table}`;
};

const cliPage = (): string => {
  const program = buildProgram();
  return `${GENERATED}\n\n# The command line\n\n${program.description()} In a clone, \`npm run stillwatch -- <command>\` runs it without building. Data goes to stdout, talk to stderr.\n\n${program.commands.map((command) => commandText(command, program.name())).join('\n')}`;
};

/** Layers and the imports between them, as the code has them now. */
const architecturePage = (): string => {
  const require = createRequire(import.meta.url);
  const table = require('../layers.cjs') as Record<string, { may?: readonly string[]; packages?: readonly string[] }>;
  const cruise = JSON.parse(
    execFileSync('npx', ['--no-install', 'depcruise', 'src', '--output-type', 'json'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    }),
  ) as { modules: readonly { source: string; dependencies: readonly { resolved: string }[] }[] };
  const layerOf = (path: string): string | undefined => /^src\/([a-z]+)\//.exec(path)?.[1];
  const arrows = new Set<string>();
  for (const module of cruise.modules) {
    if (/\.test\.ts$|^src\/testing\//.test(module.source)) continue;
    const from = layerOf(module.source);
    for (const { resolved } of module.dependencies) {
      const to = layerOf(resolved);
      if (from && to && from !== to) arrows.add(`  ${from} --> ${to}`);
    }
  }
  const rows = Object.entries(table).flatMap(([layer, { may, packages }]) =>
    may && packages ? [`| \`${layer}\` | ${may.join(', ') || 'nothing'} | ${packages.join(', ') || '–'} |`] : [],
  );
  return `${GENERATED}\n\n# Architecture\n\nFacts flow one way: packet → reading → signal → episode → still → spool → store → catalogue → gallery. What decides is pure; what waits, reads or writes is an adapter; each role has one composition root in \`src/cli\`.\n\nThe imports between layers, as the code has them:\n\n\`\`\`mermaid\nflowchart TD\n${[...arrows].sort().join('\n')}\n\`\`\`\n\n| layer | may import | packages |\n|---|---|---|\n${rows.join('\n')}\n\nEach adapter has one outside thing, and never reaches another adapter.\n`;
};

export interface GeneratedDoc {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

export const generatedDocs = (): readonly GeneratedDoc[] => [
  { path: 'docs/reference/errors.md', text: errorsPage() },
  { path: 'docs/reference/config.md', text: configPage() },
  { path: 'docs/reference/document.md', text: documentPage() },
  { path: 'docs/reference/stillwatch.schema.json', text: `${JSON.stringify(configJsonSchema(), undefined, 2)}\n` },
  { path: 'docs/reference/cli.md', text: cliPage() },
  { path: 'docs/design/architecture.md', text: architecturePage() },
];
