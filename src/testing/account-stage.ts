// The web with accounts on disk, as its tests use it: log in, ask, wait.

import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterEach, expect } from 'vitest';
import { sqlAccounts } from '../adapters/accounts-sql/accounts-sql.ts';
import { scryptPasswords } from '../adapters/password-scrypt/password-scrypt.ts';
import { oneTimeCodes } from '../adapters/totp/totp.ts';
import { ACCOUNT_POLICY, type AccountPolicy } from '../domain/account.ts';
import { parseBlock } from '../domain/address-policy.ts';
import { type EpochMs, epochMs, later, ms } from '../domain/units.ts';
import type { Accounts } from '../ports/accounts.ts';
import { authDeps } from '../web/auth/deps.ts';
import { typedSecret } from '../web/auth/secrets.ts';
import { SOME_TIME } from './stills.ts';
import { temporaryFolders } from './temporary-folder.ts';
import { type StageOptions, stoppedClock, type WebStage, watched, webStage } from './web-stage.ts';

export const HOME = '192.168.1.7';
export const AWAY = '203.0.113.9';
export const HOST = '192.168.1.20:10000';
export const PASSWORD = 'four words that differ';
export const KEY = '7K4P-22MD';
export const MINUTE = 60_000;

export interface AccountStage extends WebStage {
  readonly accounts: Accounts;
  readonly file: string;
  readonly wait: (by: number) => void;
  readonly send: (options: InjectOptions) => Promise<LightMyRequestResponse>;
  /** As a browser on one of our pages. @returns the session's cookie */
  readonly logIn: (name?: string, password?: string, more?: InjectOptions & { code?: string }) => Promise<string>;
}

export interface AccountStageOptions {
  readonly trustProxy?: string;
  readonly loginToView?: boolean;
  readonly policy?: Partial<AccountPolicy>;
  /** False: nobody owns the site yet. */
  readonly claim?: boolean;
  readonly web?: StageOptions;
}

const openStage = async (
  options: AccountStageOptions,
  file: string,
  open: (() => Promise<unknown>)[],
): Promise<AccountStage> => {
  const accounts = await sqlAccounts({ file });
  let now: EpochMs = epochMs(SOME_TIME);
  const stopped = stoppedClock();
  const clock = { ...stopped, now: () => ({ ...stopped.now(), wall: now }) };
  const trusted = parseBlock(options.trustProxy ?? '');
  const stage = await webStage({
    clock,
    cameras: [watched('Garden'), watched('Shed')],
    access: { publicView: false, loginToView: options.loginToView ?? false },
    auth: authDeps({
      accounts,
      policy: { ...ACCOUNT_POLICY, ...options.policy },
      // The cheapest there is: what it costs is not what is tested here.
      passwords: scryptPasswords({ ln: 4, r: 1, p: 1 }),
      codes: oneTimeCodes(),
      trustProxy: trusted ? [trusted] : [],
    }),
    ...options.web,
  });
  open.push(
    () => accounts.close(),
    () => stage.app.close(),
  );
  await accounts.setSetupKey({
    hash: typedSecret(KEY),
    expiresAt: later((options.web?.clock ?? clock).now().wall, ms(60 * MINUTE)),
  });
  const send = ({ headers, ...rest }: InjectOptions): Promise<LightMyRequestResponse> =>
    stage.app.inject({ remoteAddress: HOME, ...rest, headers: { host: HOST, ...headers } });
  const cookieOf = (answer: LightMyRequestResponse): string => String(answer.headers['set-cookie']).split(';')[0] ?? '';
  if (options.claim !== false) {
    const payload = { key: KEY, name: 'Anna', password: PASSWORD };
    const answer = await send({ method: 'POST', url: '/api/v1/setup', payload });
    expect(answer.statusCode, answer.body).toBe(201);
  }
  return {
    ...stage,
    accounts,
    file,
    send,
    wait: (by) => {
      now = later(now, ms(by));
    },
    async logIn(name = 'Anna', password = PASSWORD, { code, headers, ...more } = {}) {
      const answer = await send({
        method: 'POST',
        url: '/api/v1/session',
        payload: { name, password, ...(code === undefined ? {} : { code }) },
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
        ...more,
      });
      expect(answer.statusCode, answer.body).toBe(200);
      return cookieOf(answer);
    },
  };
};

/** Call at the top of a test file; what its result opens is closed after each test. */
export const accountStages = (): ((options?: AccountStageOptions) => Promise<AccountStage>) => {
  const folders = temporaryFolders();
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  return (options = {}) => openStage(options, join(folders(), 'accounts.sqlite'), open);
};

export const own = (cookie: string): Record<string, string> => ({ cookie, 'sec-fetch-site': 'same-origin' });
