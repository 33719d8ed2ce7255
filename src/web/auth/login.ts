// Logging in and claiming the site: what is checked, in which order, and what is left behind.

import { type AccountPolicy, isUserName, type User } from '../../domain/account.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type LoginAttempt, loginFailed, loginWait, loginWorked } from '../../domain/login-throttle.ts';
import { passwordFault } from '../../domain/password-policy.ts';
import { Secret } from '../../domain/secret.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { AuthDeps } from './deps.ts';
import { newId, newSecret, secretHash, typedSecret } from './secrets.ts';
import { type Origin, throttleKey } from './visitor.ts';

export interface Visit {
  readonly origin: Origin;
  /** On this private network, seen directly. */
  readonly isLocal: boolean;
  readonly agent: string;
  readonly now: EpochMs;
}

export interface Wanted {
  readonly name: string;
  readonly password: string;
  readonly code?: string | undefined;
}

export interface Granted {
  readonly user: User;
  /** For the cookie. */
  readonly secret: string;
}

/** Shown in the list of one's sessions. */
const LONGEST_AGENT = 200;

/** Runs `check` as one attempt: it waits its turn, and counts as wrong until it was right. */
const attempted = async <T>(
  auth: AuthDeps,
  attempt: LoginAttempt,
  now: EpochMs,
  check: () => Promise<T>,
): Promise<T> => {
  const wait = loginWait(auth.throttle.state, attempt, now);
  if (wait > 0) throw new StillwatchError('SW_LOGIN_WAIT', { seconds: Math.ceil(wait / 1000) });
  // Counted before it is checked: a hundred at once are not one try.
  auth.throttle.state = loginFailed(auth.throttle.state, attempt, now);
  const result = await check();
  auth.throttle.state = loginWorked(auth.throttle.state, attempt);
  return result;
};

export const startSession = async (auth: AuthDeps, user: User, visit: Visit): Promise<string> => {
  const secret = newSecret();
  await auth.accounts.addSession({
    hash: secretHash(secret),
    id: newId(),
    user: user.id,
    createdAt: visit.now,
    seenAt: visit.now,
    address: visit.origin.address,
    agent: visit.agent.slice(0, LONGEST_AGENT),
  });
  return secret;
};

/** The second factor of an account that has one: a code that was not used before, or a recovery code, which is then gone. */
const isCodeRight = async (auth: AuthDeps, user: User, code: string, now: EpochMs): Promise<boolean> => {
  if (user.totp === undefined) return true;
  const period = auth.codes.period(user.totp, code, now);
  if (period !== undefined) return auth.accounts.useCode(user.id, period);
  return code.length > 0 && auth.accounts.useRecovery(user.id, typedSecret(code));
};

/** @throws StillwatchError SW_LOGIN_WAIT, SW_LOGIN_REFUSED, SW_LOGIN_BUSY */
export const logIn = async (auth: AuthDeps, wanted: Wanted, visit: Visit): Promise<Granted> => {
  const { accounts, passwords } = auth;
  const user = await accounts.userByName(wanted.name);
  const address = visit.origin.address;
  const isKnown = visit.isLocal || (user !== undefined && (await accounts.isKnownAddress(user.id, address)));
  const attempt = { address: throttleKey(address), account: wanted.name.toLowerCase().slice(0, 64), isKnown };
  const tell = (action: 'login' | 'login-refused', who: string): Promise<void> =>
    accounts.write({ at: visit.now, action, who, address, object: '' });
  const password = new Secret(wanted.password);
  const granted = attempted(auth, attempt, visit.now, async () => {
    const verdict = await passwords.check(password, user?.passwordHash);
    // One answer for all: neither the name nor the password is confirmed by it.
    if (!user || verdict === 'wrong' || !(await isCodeRight(auth, user, wanted.code ?? '', visit.now))) {
      await tell('login-refused', user?.name ?? 'unknown');
      throw new StillwatchError('SW_LOGIN_REFUSED');
    }
    const renewed = verdict === 'outdated' ? { passwordHash: await passwords.hash(password) } : {};
    await accounts.changeUser(user.id, { ...renewed, lastLoginAt: visit.now });
    return user;
  });
  const found = await granted;
  await tell('login', found.name);
  return { user: found, secret: await startSession(auth, found, visit) };
};

/** @throws StillwatchError SW_PASSWORD_WEAK */
export const checkedPassword = (
  password: string,
  name: string,
  { passwordLength: least }: Pick<AccountPolicy, 'passwordLength'>,
): Secret => {
  const fault = passwordFault(password, [name], least);
  if (fault) throw new StillwatchError('SW_PASSWORD_WEAK', { fault, least });
  return new Secret(password);
};

export interface Claim {
  readonly key: string;
  readonly name: string;
  readonly password: string;
}

/** Makes the first owner. @throws StillwatchError SW_SETUP_DONE, SW_SETUP_KEY, SW_LOGIN_WAIT, SW_ACCOUNT_NAME, SW_PASSWORD_WEAK */
export const claimSite = async (auth: AuthDeps, claim: Claim, visit: Visit): Promise<Granted> => {
  const { accounts, passwords } = auth;
  if ((await accounts.users()).length > 0) throw new StillwatchError('SW_SETUP_DONE');
  const address = visit.origin.address;
  // Nobody is known yet: the whole site has one count.
  const attempt = { address: throttleKey(address), account: '\u0000setup', isKnown: false };
  await attempted(auth, attempt, visit.now, async () => {
    const key = await accounts.setupKey();
    if (!key || visit.now >= key.expiresAt || typedSecret(claim.key) !== key.hash) {
      throw new StillwatchError('SW_SETUP_KEY');
    }
  });
  if (!isUserName(claim.name)) throw new StillwatchError('SW_ACCOUNT_NAME', { name: claim.name.slice(0, 40) });
  const password = checkedPassword(claim.password, claim.name, auth.policy);
  const id = newId();
  const user = {
    id,
    name: claim.name,
    role: 'owner',
    cameras: 'all',
    passwordHash: await passwords.hash(password),
    createdAt: visit.now,
  } as const;
  if (!(await accounts.addUser(user, 'first'))) throw new StillwatchError('SW_SETUP_DONE');
  await accounts.setSetupKey(undefined);
  await accounts.write({ at: visit.now, action: 'claimed', who: claim.name, address, object: '' });
  const owner: User = { ...user, recovery: [] };
  return { user: owner, secret: await startSession(auth, owner, visit) };
};
