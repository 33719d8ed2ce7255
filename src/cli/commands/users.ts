import { readFile } from 'node:fs/promises';
import { password as askPassword, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { scryptPasswords } from '../../adapters/password-scrypt/password-scrypt.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import { type AccountPolicy, isUserName } from '../../domain/account.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import { cameraId } from '../../domain/ids.ts';
import { type CameraScope, ROLES } from '../../domain/permission.ts';
import type { Accounts } from '../../ports/accounts.ts';
import { checkedPassword } from '../../web/auth/login.ts';
import { newId } from '../../web/auth/secrets.ts';
import { openAccounts, renewSetupKey, setupText } from '../account-place.ts';

interface UserOptions {
  readonly role?: string;
  readonly cameras?: string;
  readonly passwordFile?: string;
  readonly json?: true;
}

const PASSWORD_KEY = 'STILLWATCH_PASSWORD';
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** From a file, the environment, or typed unseen; never from the command line, which every process can read. */
const readPassword = async (file: string | undefined, least: number): Promise<string | undefined> => {
  if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  const given = process.env[PASSWORD_KEY];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new StillwatchError('SW_PASSWORD_WEAK', { fault: `none in ${PASSWORD_KEY}`, least });
  const typed = await askPassword({ message: `Password, ${least} characters or more` });
  return isCancel(typed) ? undefined : typed;
};

const withAccounts = async (work: (accounts: Accounts, policy: AccountPolicy) => Promise<void>): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const accounts = await openAccounts(settings.snapshotsDir);
  try {
    await work(accounts, settings.accounts);
  } finally {
    await accounts.close();
  }
};

const roleOf = (text: string): (typeof ROLES)[number] => {
  const role = ROLES.find((one) => one === text);
  if (!role) {
    throw new StillwatchError('SW_CONFIG_CHOICE', {
      key: 'role',
      value: text,
      choices: ROLES.join(' / '),
      example: 'viewer',
    });
  }
  return role;
};

const scopeOf = (text: string): CameraScope =>
  text === 'all' ? text : text.split(',').map((name) => cameraId(name.trim()));

const list = (options: UserOptions): Promise<void> =>
  withAccounts(async (accounts) => {
    for (const { id, name, role, cameras, totp } of await accounts.users()) {
      const hasSecondFactor = totp !== undefined;
      if (options.json) say(JSON.stringify({ id, name, role, cameras, hasSecondFactor }));
      else
        say(
          `${name}  ${role}  ${cameras === 'all' ? 'all cameras' : cameras.join(', ')}${hasSecondFactor ? '  second factor' : ''}`,
        );
    }
  });

const add = (name: string, options: UserOptions): Promise<void> =>
  withAccounts(async (accounts, policy) => {
    if (!isUserName(name)) throw new StillwatchError('SW_ACCOUNT_NAME', { name });
    const role = roleOf(options.role ?? 'viewer');
    const typed = await readPassword(options.passwordFile, policy.passwordLength);
    if (typed === undefined) {
      process.exitCode = EXIT.interrupted;
      return;
    }
    const at = systemClock().now().wall;
    const passwordHash = await scryptPasswords().hash(checkedPassword(typed, name, policy));
    const cameras = role === 'owner' ? 'all' : scopeOf(options.cameras ?? 'all');
    const user = { id: newId(), name, role, cameras, passwordHash, createdAt: at };
    if (!(await accounts.addUser(user, 'another'))) throw new StillwatchError('SW_ACCOUNT_NAME', { name });
    await accounts.write({ at, action: 'user-added', who: 'command line', address: '', object: name });
    say(`ok  ${name}: ${role}`);
  });

const setPassword = (name: string, options: UserOptions): Promise<void> =>
  withAccounts(async (accounts, policy) => {
    const user = await accounts.userByName(name);
    if (!user) throw new StillwatchError('SW_ACCOUNT_UNKNOWN', { name });
    const typed = await readPassword(options.passwordFile, policy.passwordLength);
    if (typed === undefined) {
      process.exitCode = EXIT.interrupted;
      return;
    }
    const passwordHash = await scryptPasswords().hash(checkedPassword(typed, user.name, policy));
    // Whoever sits at the machine also takes away a second factor that was lost.
    await accounts.changeUser(user.id, { passwordHash, totp: undefined, totpUsed: undefined, recovery: [] });
    await accounts.endSessions(user.id, {});
    const at = systemClock().now().wall;
    await accounts.write({ at, action: 'password-changed', who: 'command line', address: '', object: user.name });
    say(`ok  ${user.name}: new password, no second factor, logged out everywhere`);
  });

const remove = (name: string): Promise<void> =>
  withAccounts(async (accounts) => {
    const user = await accounts.userByName(name);
    if (!user) throw new StillwatchError('SW_ACCOUNT_UNKNOWN', { name });
    if ((await accounts.removeUser(user.id)) === 'last-owner') {
      throw new StillwatchError('SW_ACCOUNT_LAST_OWNER', { name: user.name });
    }
    const at = systemClock().now().wall;
    await accounts.write({ at, action: 'user-removed', who: 'command line', address: '', object: user.name });
    say(`ok  ${user.name} is gone`);
  });

/** `stillwatch users` */
export const usersCommand = (program: Command): void => {
  const fromFile = '--password-file <path>';
  const fromFileText = `read the password from a file; else from ${PASSWORD_KEY}, else it is asked for`;
  const users = program
    .command('users')
    .description('the accounts: list; add, remove, password <name>')
    .option('--json', 'one JSON object a line')
    .action(list);
  users
    .command('add <name>')
    .description('a new account')
    .option('--role <role>', ROLES.join(', '), 'viewer')
    .option('--cameras <names>', 'only these cameras, with commas between', 'all')
    .option(fromFile, fromFileText)
    .action(add);
  users
    .command('password <name>')
    .description('a new password; ends every session and takes the second factor away')
    .option(fromFile, fromFileText)
    .action(setPassword);
  users.command('remove <name>').description('take an account away').action(remove);
};

/** `stillwatch setup-key` */
export const setupKeyCommand = (program: Command): void => {
  program
    .command('setup-key')
    .description('print a new key to make the first owner with; the one before is void')
    .action(() =>
      withAccounts(async (accounts) => {
        const key = await renewSetupKey(accounts, systemClock().now().wall);
        if (key === undefined) throw new StillwatchError('SW_SETUP_DONE');
        say(setupText(`http://localhost:${loadSettings(process.cwd(), process.env).web.port}`, key));
      }),
    );
};
