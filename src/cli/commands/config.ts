// `stillwatch config`: what is in force, whether the file is in order, its schema, and the way over from `.env`.

import type { Command } from 'commander';
import { CONFIG_FILE, openConfigFile } from '../../config/config-file.ts';
import { ConfigTrouble } from '../../config/problems.ts';
import { configJsonSchema } from '../../config/schema/document.ts';
import { newYaml } from '../../config/yaml-text.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import type { ConfigValue } from '../../ports/config-document.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const print = (options: { readonly json?: true }): void => {
  const config = openConfigFile(process.cwd(), process.env);
  // Only `.env` speaks: what is in force, in the program's own words.
  const value = JSON.parse(JSON.stringify(config.effective ?? config.settings)) as ConfigValue;
  const text = options.json
    ? JSON.stringify(value, undefined, 2)
    : newYaml(value, 'In force: environment over stillwatch.yml over .env, defaults filled in.').trimEnd();
  process.stdout.write(`${text}\n`);
};

const check = (): void => {
  const config = openConfigFile(process.cwd(), process.env);
  const { problems, text } = config.read();
  if (problems.length > 0) throw new ConfigTrouble(CONFIG_FILE, problems);
  const cameras = config.settings.cameras.map(({ id }) => id).join(', ') || 'no camera yet';
  say(`${text === '' ? '.env' : CONFIG_FILE} is in order: ${cameras}`);
};

const migrate = async (): Promise<void> => {
  const config = openConfigFile(process.cwd(), process.env);
  const made = config.migration();
  if (!made) throw new StillwatchError('SW_CONFIG_UNREADABLE', { file: '.env', detail: 'ENOENT' });
  const { text: present, revision } = config.read();
  if (present !== '') throw new StillwatchError('SW_CONFIG_CHANGED', { file: CONFIG_FILE });
  for (const [name, secret] of made.secrets) await config.putSecret(name, secret);
  await config.write(made.text, revision);
  const secrets = [...made.secrets.keys()].map((name) => `secrets/${name} (mode 600)`);
  say(`Written: ${[CONFIG_FILE, ...secrets].join(', ')}`);
  say('The values of .env are the same and may be taken out of it now; environment variables still win over both.');
};

export const configCommand = (program: Command): void => {
  const config = program
    .command('config')
    .description('the configuration: stillwatch.yml, .env and the environment as one');
  config
    .command('print')
    .description('what is in force, with defaults; secrets are shown only by where they lie')
    .option('--json', 'as JSON')
    .action(print);
  config
    .command('check')
    .description(`names every mistake with its line; exit code ${EXIT.config} when there is one`)
    .action(check);
  config
    .command('schema')
    .description('JSON Schema of stillwatch.yml, for editors')
    .action(() => void process.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`));
  config
    .command('migrate')
    .description('writes stillwatch.yml from .env, and the password to a file that only you can read')
    .action(migrate);
};
