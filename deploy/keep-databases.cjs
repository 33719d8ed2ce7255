// Copies the databases of a photo folder as they are at one moment, while the program writes to them: an update that changes their
// shape and is taken back can then be undone whole. Run by update.sh in the program's folder, with its own packages.
//   node deploy/keep-databases.cjs <data folder> <target folder>
const { existsSync, mkdirSync, readdirSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');

const Database = createRequire(join(process.cwd(), 'package.json'))('better-sqlite3');
const [from, to] = process.argv.slice(2).map((path) => resolve(path));

const copyAll = async () => {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o750 });
  const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.sqlite')) : [];
  for (const name of names) {
    const database = new Database(join(from, name), { readonly: true, timeout: 5000 });
    // All pages in one step: a program that writes meanwhile would make it begin anew.
    await database.backup(join(to, name), { progress: () => 1 << 30 });
    database.close();
  }
};

copyAll().catch((thrown) => {
  rmSync(to, { recursive: true, force: true });
  console.error(thrown.message);
  process.exitCode = 1;
});
