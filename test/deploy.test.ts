// deploy.sh and update.sh in a folder of their own, with git real and every other outside call replaced by a stand-in that
// writes down what it was asked. What is not proven here: a real apt, systemd, Caddy and a real build on a server.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const deployFiles = [
  'common.sh',
  'system-files.sh',
  'Caddyfile',
  'keep-databases.cjs',
  'deploy.sh',
  'update.sh',
  'stillwatch.service',
  'logrotate.conf',
  'ecosystem.config.cjs',
];

let base = '';
let upstream = '';
let app = '';
let etc = '';

const writeProgram = (path: string, lines: string): void => {
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
};

const git = (cwd: string, ...args: string[]): string => {
  const outcome = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd, encoding: 'utf8' });
  if (outcome.status !== 0) throw new Error(`git ${args.join(' ')}: ${outcome.stderr}`);
  return outcome.stdout.trim();
};

/** A commit whose build says `version`; `broken` versions do not answer, `unbuildable` ones do not build. */
const release = (version: string): string => {
  writeFileSync(join(upstream, 'VERSION'), version);
  git(upstream, 'add', '-A');
  git(upstream, 'commit', '-q', '-m', version);
  return git(upstream, 'rev-parse', 'HEAD');
};

const calls = (): readonly string[] => {
  const log = join(base, 'calls');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
};

/** The version that "runs" since the last (re)start. */
const running = (): string => readFileSync(join(base, 'running'), 'utf8').trim();

const run = (script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
  const outcome = spawnSync('sh', [script, ...args], {
    encoding: 'utf8',
    input: '',
    env: {
      PATH: `${join(base, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: base,
      DESTDIR: etc,
      SERVICE_USER: spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim(),
      HEALTH_WITHIN: '2',
      HEALTH_STEADY: '1',
      BASE: base,
      APP: app,
      ...env,
    },
  });
  return { code: outcome.status, out: outcome.stdout, err: outcome.stderr };
};

const CAMERA = { CAMERA_IP: '192.168.1.50', USRNAME: 'admin', PASSWORD: 'canary pass#1' };
const deploy = (env: Readonly<Record<string, string>> = CAMERA, ...more: string[]) =>
  run(join(upstream, 'deploy/deploy.sh'), ['--repo', upstream, '--dir', app, ...more], env);
const update = (...args: string[]) => run(join(app, 'deploy/update.sh'), args);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'stillwatch-deploy-'));
  upstream = join(base, 'upstream');
  app = join(base, 'opt', 'motion-capture');
  etc = join(base, 'root');
  const bin = join(base, 'bin');
  for (const folder of [join(upstream, 'deploy'), bin, etc, join(base, 'opt')]) mkdirSync(folder, { recursive: true });
  for (const file of deployFiles) cpSync(join(root, 'deploy', file), join(upstream, 'deploy', file));
  for (const file of ['.env.example', '.gitignore', 'start-or-resurrect.sh'])
    cpSync(join(root, file), join(upstream, file));
  git(upstream, 'init', '-q', '-b', 'main');
  release('one');

  const say = 'echo "$(basename "$0") $*" >>"$BASE/calls"';
  for (const name of ['apt-get', 'useradd', 'chown', 'ufw']) writeProgram(join(bin, name), say);
  writeProgram(join(bin, 'dpkg-query'), 'echo "install ok installed"');
  writeProgram(join(bin, 'apt-cache'), 'echo "  Candidate: 18.19.0"');
  writeProgram(join(bin, 'runuser'), `while [ "$1" != -- ]; do shift; done; shift; exec "$@"`);
  writeProgram(join(bin, 'getent'), 'exit 0');
  // The program's stand-in: what is in dist at a restart is what runs; a broken version never answers.
  const start = 'cat "$APP/dist/motion-capture.js" >"$BASE/running"';
  writeProgram(join(bin, 'systemctl'), `${say}\ncase $1 in restart) ${start} ;; esac`);
  writeProgram(
    join(bin, 'pm2'),
    `${say}\ncase $1 in pid) [ -f "$BASE/pm2" ] && echo 42 ;; restart | startOrRestart) touch "$BASE/pm2"; ${start} ;; esac\nexit 0`,
  );
  writeProgram(join(bin, 'curl'), '[ -f "$BASE/running" ] && ! grep -q broken "$BASE/running"');
  writeProgram(
    join(bin, 'npm'),
    `${say}
case $1 in
  ci) mkdir -p node_modules && cp VERSION node_modules/version ;;
  run) ! grep -q unbuildable VERSION && mkdir -p dist && cp VERSION dist/motion-capture.js ;;
esac`,
  );
  writeProgram(
    join(bin, 'crontab'),
    `if [ "$1" = -l ]; then cat "$BASE/crontab" 2>/dev/null; else cat >"$BASE/crontab.new" && mv "$BASE/crontab.new" "$BASE/crontab"; fi`,
  );
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('the scripts', () => {
  it('have nothing that shellcheck would say', () => {
    const files = ['deploy.sh', 'update.sh', 'common.sh', 'system-files.sh', 'start-or-resurrect.sh'].map((file) =>
      join('deploy', file),
    );
    const outcome = spawnSync('shellcheck', ['-x', '-P', '.', ...files, 'start-or-resurrect.sh'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(outcome.error).toBeUndefined();
    expect(outcome.stdout).toBe('');
    expect(outcome.status).toBe(0);
  });

  it('and the unit is one that systemd understands, and closes the machine to it', () => {
    const file = join(base, 'stillwatch.service');
    const text = readFileSync(join(root, 'deploy/stillwatch.service'), 'utf8');
    writeFileSync(
      file,
      text
        .replaceAll('@APP@', base)
        .replaceAll('@PHOTOS@', join(base, 'photos'))
        .replaceAll('@USER@', 'daemon')
        .replaceAll('@NODE@', process.execPath),
    );
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect(verified.error).toBeUndefined();
    expect(`${verified.stdout}${verified.stderr}`).toBe('');
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=30', file], {
      encoding: 'utf8',
    });
    expect(security.stdout).toContain('OK');
    expect(security.status).toBe(0);
  });
});

describe('deploy.sh', () => {
  it('sets a fresh server up: program, settings nobody else may read, service, health', () => {
    const { code, out, err } = deploy();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Stillwatch runs');
    expect(running()).toBe('one');
    const env = readFileSync(join(app, '.env'), 'utf8');
    expect(env).toBe("CAMERA_IP=192.168.1.50\nUSRNAME=admin\nPASSWORD='canary pass#1'\nCALM_PERIOD=10\nPORT=10000\n");
    expect(statSync(join(app, '.env')).mode & 0o777).toBe(0o600);
    const unit = readFileSync(join(etc, 'etc/systemd/system/stillwatch.service'), 'utf8');
    expect(unit).toContain(`WorkingDirectory=${app}`);
    expect(unit).not.toMatch(/@[A-Z]+@/);
    expect(calls()).toContain('systemctl enable --quiet stillwatch.service');
    expect(`${out}${err}${calls().join('\n')}`).not.toContain('canary');
  });

  it('puts Caddy in front with a domain, and lets the service write where the photos are', () => {
    writeProgram(join(base, 'bin', 'caddy'), 'exit 0');
    for (const _ of [1, 2]) {
      const { code, out } = deploy(CAMERA, '--domain', 'cam.example.org');
      expect(code).toBe(0);
      expect(out).toContain('https://cam.example.org/setup');
      writeFileSync(join(app, '.env'), `${readFileSync(join(app, '.env'), 'utf8')}SNAPSHOTS_DIR=/mnt/photos\n`);
    }
    expect(readFileSync(join(etc, 'etc/caddy/Caddyfile'), 'utf8')).toBe('import stillwatch.caddyfile\n');
    const caddyfile = readFileSync(join(etc, 'etc/caddy/stillwatch.caddyfile'), 'utf8');
    expect(caddyfile.match(/cam\.example\.org \{/g)).toHaveLength(1);
    expect(caddyfile).toContain('reverse_proxy 127.0.0.1:10000');
    expect(readFileSync(join(app, '.env'), 'utf8')).toContain('BIND=127.0.0.1\nTRUST_PROXY=127.0.0.1\n');
    const unit = readFileSync(join(etc, 'etc/systemd/system/stillwatch.service'), 'utf8');
    expect(unit).toContain(`ReadWritePaths=${app} -/mnt/photos\n`);
  });

  it('does it again without harm: settings stay, nothing is built twice', () => {
    deploy();
    writeFileSync(join(app, '.env'), 'CAMERA_IP=10.0.0.9\n');
    const before = calls().length;
    const { code, err } = deploy({});
    expect([code, err]).toEqual([0, '']);
    expect(readFileSync(join(app, '.env'), 'utf8')).toBe('CAMERA_IP=10.0.0.9\n');
    const again = calls().slice(before);
    expect(again.filter((call) => /^(npm|apt-get|useradd)/.test(call))).toEqual([]);
    expect(again).not.toContain('systemctl daemon-reload');
  });

  it('waits for the settings that it cannot know', () => {
    const { code, out } = deploy({});
    expect(code).toBe(0);
    expect(out).toContain(`fill in ${app}/.env`);
    expect(readFileSync(join(app, '.env'), 'utf8')).toBe(readFileSync(join(root, '.env.example'), 'utf8'));
    expect(existsSync(join(base, 'running'))).toBe(false);
  });

  it('says so when the program does not answer', () => {
    release('broken');
    const { code, err } = deploy();
    expect(code).toBe(1);
    expect(err).toContain('does not answer on port 10000');
  });

  it('sets it up under pm2 with the first version’s crontab line, once', () => {
    for (const _ of [1, 2]) expect(deploy(CAMERA, '--with', 'pm2').code).toBe(0);
    expect(running()).toBe('one');
    expect(readFileSync(join(base, 'crontab'), 'utf8')).toBe(`@reboot ${app}/start-or-resurrect.sh\n`);
    expect(calls()).toContain('pm2 save');
    expect(readFileSync(join(etc, 'etc/logrotate.d/stillwatch'), 'utf8')).toContain(`${app}/.home/.pm2/logs/*.log`);
  });
});

describe.each(['systemd', 'pm2'])('update.sh under %s', (keeper) => {
  beforeEach(() => {
    expect(deploy(CAMERA, '--with', keeper).code).toBe(0);
    mkdirSync(join(app, 'snapshots/2026-11-23'), { recursive: true });
    writeFileSync(join(app, 'snapshots/2026-11-23/14-32-07.jpg'), 'photo');
  });

  /** What an update must never touch. */
  const untouched = (): void => {
    expect(readFileSync(join(app, 'snapshots/2026-11-23/14-32-07.jpg'), 'utf8')).toBe('photo');
    expect(readFileSync(join(app, '.env'), 'utf8')).toContain('canary');
    expect(existsSync(join(app, '.update/build'))).toBe(false);
    expect(git(app, 'status', '--porcelain')).toBe('');
  };
  const present = (): readonly string[] =>
    ['VERSION', 'dist/motion-capture.js', 'node_modules/version'].map((file) => readFileSync(join(app, file), 'utf8'));

  it('does nothing when there is nothing new', () => {
    const before = calls().length;
    expect(update()).toMatchObject({ code: 0, out: expect.stringContaining('Up to date already') as string });
    expect(
      calls()
        .slice(before)
        .filter((call) => /restart|npm/.test(call)),
    ).toEqual([]);
    untouched();
  });

  it('builds beside, switches, and keeps the version before', () => {
    release('two');
    const { code, out, err } = update();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Updated to');
    expect(running()).toBe('two');
    expect(present()).toEqual(['two', 'two', 'two']);
    expect(readFileSync(join(app, '.update/previous/dist/motion-capture.js'), 'utf8')).toBe('one');
    untouched();
  });

  it('goes back by itself when the new version does not answer, and can update again', () => {
    const one = git(app, 'rev-parse', 'HEAD');
    release('broken');
    const { code, err } = update();
    expect(code).toBe(1);
    expect(err).toContain('taken back');
    expect(running()).toBe('one');
    expect(present()).toEqual(['one', 'one', 'one']);
    expect(git(app, 'rev-parse', 'HEAD')).toBe(one);
    untouched();
    release('three');
    expect(update().code).toBe(0);
    expect(running()).toBe('three');
  });

  it('changes nothing when the new version cannot be built', () => {
    release('unbuildable');
    const { code, err } = update();
    expect(code).toBe(1);
    expect(err).toContain('nothing was changed');
    expect(running()).toBe('one');
    expect(present()).toEqual(['one', 'one', 'one']);
    untouched();
  });

  it('refuses to trample on the owner’s own changes, before building', () => {
    release('two');
    writeFileSync(join(app, 'VERSION'), 'mine');
    expect(update()).toMatchObject({ code: 1, err: expect.stringContaining('were changed here') as string });
    expect(readFileSync(join(app, 'VERSION'), 'utf8')).toBe('mine');
  });

  it('puts the old version back first when an earlier update was cut off between the two', () => {
    release('two');
    update();
    release('three');
    // As if the power had gone right after the old build was taken away.
    const kept = join(app, '.update/previous');
    rmSync(kept, { recursive: true });
    mkdirSync(kept);
    writeFileSync(join(kept, 'commit'), `${git(app, 'rev-parse', 'HEAD')}\n`);
    for (const part of ['dist', 'node_modules']) {
      cpSync(join(app, part), join(kept, part), { recursive: true });
      rmSync(join(app, part), { recursive: true });
    }
    const { code, out } = update();
    expect(code).toBe(0);
    expect(out).toContain('cut off');
    expect(running()).toBe('three');
    untouched();
  });

  it('looks at the new version after all when it was cut off right after the switch, and can still go back', () => {
    const one = git(app, 'rev-parse', 'HEAD');
    const broken = release('broken');
    // As if the power had gone between the switch and the restart.
    const kept = join(app, '.update/previous');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'commit'), `${one}\n`);
    for (const part of ['dist', 'node_modules']) cpSync(join(app, part), join(kept, part), { recursive: true });
    git(app, 'fetch', '-q');
    git(app, 'reset', '-q', '--keep', broken);
    writeFileSync(join(app, 'dist/motion-capture.js'), 'broken');
    const { code, out, err } = update();
    expect([code, out, err]).toEqual([
      1,
      expect.stringContaining('going on with it'),
      expect.stringContaining('taken back'),
    ]);
    expect(running()).toBe('one');
    expect(present()).toEqual(['one', 'one', 'one']);
    expect(git(app, 'rev-parse', 'HEAD')).toBe(one);
    untouched();
  });

  it('puts the databases back when the new version changed them and the old one cannot read them any more', () => {
    const data = join(app, 'snapshots/.stillwatch');
    mkdirSync(data, { recursive: true });
    const versionIn = (file: string): unknown => {
      const db = new SqliteDatabase(join(data, file), { readonly: true });
      const version = db.pragma('user_version', { simple: true });
      db.close();
      return version;
    };
    const writeVersion = (version: number): string =>
      `node -e "const D=require('${join(root, 'node_modules/better-sqlite3')}');for(const n of ['catalog','ledger'])new D('${data}/'+n+'.sqlite').pragma('user_version=${version}')"`;
    spawnSync('sh', ['-c', writeVersion(5)]);
    symlinkSync(join(root, 'node_modules/better-sqlite3'), join(app, 'node_modules/better-sqlite3'));
    // The new version migrates and dies; the old one answers over its own databases only.
    for (const name of ['systemctl', 'pm2']) {
      const file = join(base, 'bin', name);
      writeFileSync(
        file,
        `${readFileSync(file, 'utf8')}\ncase $1 in restart) ! grep -q broken "$BASE/running" || ${writeVersion(6)} ;; esac\nexit 0\n`.replace(
          '\nexit 0\n\ncase',
          '\ncase',
        ),
      );
    }
    writeProgram(
      join(base, 'bin', 'curl'),
      `! grep -q broken "$BASE/running" && node -e "process.exit(new (require('${join(root, 'node_modules/better-sqlite3')}'))('${data}/catalog.sqlite').pragma('user_version',{simple:true})===5?0:1)"`,
    );
    release('broken');
    const { code, out, err } = update();
    expect([code, err]).toEqual([1, expect.stringContaining('taken back')]);
    expect(out).toContain('put back as they were');
    expect(running()).toBe('one');
    expect([versionIn('catalog.sqlite'), versionIn('ledger.sqlite')]).toEqual([5, 5]);
    expect(versionIn('catalog.sqlite.newer')).toBe(6);
    untouched();
  });

  it('goes to a version that is named, also an older one', () => {
    const one = git(app, 'rev-parse', 'HEAD');
    release('two');
    update();
    expect(update(one).code).toBe(0);
    expect(running()).toBe('one');
    expect(update('no-such-version')).toMatchObject({ code: 1 });
  });
});

describe('update.sh and the files of the system', () => {
  const unit = (): string => join(etc, 'etc/systemd/system/stillwatch.service');
  const textOf = (file: string): string => readFileSync(file, 'utf8');
  /** The next version has one line more in its template. */
  const releaseWith = (version: string, template: string, line: string): void => {
    const file = join(upstream, 'deploy', template);
    writeFileSync(file, `${textOf(file)}${line}\n`);
    release(version);
  };
  const since = (before: number): readonly string[] =>
    calls()
      .slice(before)
      .filter((call) => call.startsWith('systemctl'));

  it('renews the unit with the values it was made with, and systemd reads it before the restart', () => {
    deploy({ ...CAMERA });
    writeFileSync(
      unit(),
      textOf(unit())
        .replace(/^User=.*$/m, 'User=cameras')
        .replace(/ -\S+\/snapshots$/m, ' -/mnt/photos'),
    );
    const made = textOf(unit());
    const before = calls().length;
    releaseWith('two', 'stillwatch.service', '# of two');
    const { code, out, err } = update();
    expect([code, out, err]).toEqual([0, expect.stringContaining(`Renewed ${unit()}`), '']);
    expect(textOf(unit())).toBe(`${made}# of two\n`);
    expect(since(before)).toEqual(['systemctl daemon-reload', 'systemctl restart stillwatch.service']);
    expect(textOf(join(app, '.update/previous/stillwatch.service'))).toBe(made);
    expect(statSync(unit()).mode & 0o777).toBe(0o644);
  });

  it('puts the unit back with the version', () => {
    deploy(CAMERA);
    const made = textOf(unit());
    const before = calls().length;
    releaseWith('broken', 'stillwatch.service', '# of broken');
    expect(update()).toMatchObject({ code: 1, err: expect.stringContaining('taken back') as string });
    expect(textOf(unit())).toBe(made);
    const [reload, restart] = ['systemctl daemon-reload', 'systemctl restart stillwatch.service'];
    expect(since(before)).toEqual([reload, restart, reload, restart]);
    expect(running()).toBe('one');
  });

  it('keeps the unit that is in force when systemd does not take the new one', () => {
    deploy(CAMERA);
    const made = textOf(unit());
    const systemctl = join(base, 'bin', 'systemctl');
    writeFileSync(
      systemctl,
      textOf(systemctl).replace('case $1 in', `case $1 in daemon-reload) ! grep -q 'of two' '${unit()}' || exit 1 ;;`),
    );
    releaseWith('two', 'stillwatch.service', '# of two');
    expect(update()).toMatchObject({ code: 0, out: expect.stringContaining('could not be renewed') as string });
    expect(textOf(unit())).toBe(made);
    expect(running()).toBe('two');
  });

  /** Runs lines with what deploy/system-files.sh knows, `set -e` and all. */
  const withFiles = (lines: string): { readonly code: number | null; readonly out: string } => {
    const script = join(base, 'lines.sh');
    const head = `set -eu\nunit=stillwatch.service app='${app}' kept='${base}/kept'\nsay() { echo "$*"; }\nas_owner() { "$@"; }\n`;
    writeFileSync(script, `${head}. '${join(root, 'deploy', 'system-files.sh')}'\n${lines}\n`);
    return run(script);
  };

  it('touches no unit whose copy cannot be kept', () => {
    const unit = join(etc, 'etc/systemd/system/stillwatch.service');
    mkdirSync(dirname(unit), { recursive: true });
    writeFileSync(unit, 'the unit in force\n');
    // There is no folder `kept`, as on a full disk.
    expect(withFiles('put_system_file_back stillwatch.service; put_system_files_back')).toMatchObject({
      code: 0,
      out: '',
    });
    expect(readFileSync(unit, 'utf8')).toBe('the unit in force\n');
  });

  it('goes on where no database was there to be kept', () => {
    expect(withFiles(`mkdir -p '${base}/none'; put_databases_back '${base}/none' '${base}'; echo on`)).toMatchObject({
      code: 0,
      out: 'on\n',
    });
  });

  it('leaves a unit that was changed here as it is, and says so', () => {
    deploy(CAMERA);
    writeFileSync(unit(), `${textOf(unit())}MemoryMax=4G\n`);
    const mine = textOf(unit());
    releaseWith('two', 'stillwatch.service', '# of two');
    expect(update()).toMatchObject({ code: 0, out: expect.stringContaining('was changed here and is left') as string });
    expect(textOf(unit())).toBe(mine);
    expect(running()).toBe('two');
  });

  it('renews one that several versions ago was the last to be made', () => {
    deploy(CAMERA);
    const made = textOf(unit());
    for (const version of ['two', 'three']) releaseWith(version, 'stillwatch.service', `# of ${version}`);
    git(app, 'fetch', '-q');
    git(app, 'reset', '-q', '--keep', '@{upstream}');
    releaseWith('four', 'stillwatch.service', '# of four');
    expect(update().code).toBe(0);
    expect(textOf(unit())).toBe(`${made}# of two\n# of three\n# of four\n`);
  });

  it('renews Caddy’s file and pm2’s rotation too, each with its own values', () => {
    writeProgram(join(base, 'bin', 'caddy'), 'exit 0');
    deploy(CAMERA, '--with', 'pm2', '--domain', 'cam.example.org');
    const files = ['etc/caddy/stillwatch.caddyfile', 'etc/logrotate.d/stillwatch'].map((file) => join(etc, file));
    const made = files.map(textOf);
    const before = calls().length;
    for (const template of ['Caddyfile', 'logrotate.conf']) {
      const file = join(upstream, 'deploy', template);
      writeFileSync(file, `${textOf(file)}# of two\n`);
    }
    release('two');
    expect(update().code).toBe(0);
    expect(files.map(textOf)).toEqual(made.map((text) => `${text}# of two\n`));
    expect(since(before)).toEqual(['systemctl reload caddy']);
  });
});
