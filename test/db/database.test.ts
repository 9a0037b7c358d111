/** A database is opened only when it is what it must be; whatever is refused is left as it was. */

import Database from 'better-sqlite3';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openForReading, openForWriting } from '../../db/database.ts';
import { acquireLock } from '../../db/lock.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../db/migrate.ts';
import { SHARED_VIEWS } from '../../src/sql-names.ts';
import { VIEWS_VERSION } from '../../db/views.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';

const OPENER = fileURLToPath(new URL('../fixtures/open-database.ts', import.meta.url));

/** The error's text without the path of the test's own folder. */
function refusal(open: (file: string) => unknown, file: string, folder: string): string {
  return messageOf(() => open(file)).replaceAll(folder, 'FOLDER');
}

test('a new database is durable, checks its references and survives a busy moment', () => {
  const db = openForWriting(join(emptyFolder(), 'a.db'));
  const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'user_version'];
  expect(settings.map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 1, 1, 5000, SCHEMA_VERSION]);
  db.close();
});

test('opening again changes nothing', () => {
  const file = join(emptyFolder(), 'a.db');
  openForWriting(file).close();
  const before = readFileSync(file);
  openForWriting(file).close();
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a database of an older schema gets what is missing, and keeps what it holds', () => {
  const file = join(emptyFolder(), 'a.db');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID}`);
  old.pragma('user_version = 1');
  old.exec(readFileSync(new URL('../../db/migrations/0001-tables.sql', import.meta.url), 'utf8'));
  old.exec("INSERT INTO meta (key, value) VALUES ('views_version', '1'), ('mine', 'kept')");
  old.close();
  const db = openForWriting(file);
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  expect(db.prepare("SELECT value FROM meta WHERE key = 'mine'").pluck().get()).toBe('kept');
  for (const view of SHARED_VIEWS) expect(db.prepare(`SELECT * FROM ${view}`).all(), view).toEqual([]);
  db.close();
});

test('older views are replaced by the newest when the database is opened for writing', () => {
  const file = join(emptyFolder(), 'a.db');
  const db = openForWriting(file);
  db.exec("DROP VIEW leaderboard; CREATE VIEW leaderboard AS SELECT 1 AS old; UPDATE meta SET value = '0'");
  db.close();
  const again = openForWriting(file);
  expect(again.prepare("SELECT value FROM meta WHERE key = 'views_version'").pluck().get()).toBe(String(VIEWS_VERSION));
  const columns = again.prepare("SELECT name FROM pragma_table_info('leaderboard')").pluck().all();
  expect(columns).not.toContain('old');
  const views = again.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").pluck().all();
  expect(new Set(views)).toEqual(new Set(SHARED_VIEWS));
  again.close();
});

describe('both ways of opening refuse', () => {
  test.each([openForWriting, openForReading])('a folder (%o)', (open) => {
    const folder = emptyFolder();
    expect(refusal(open, folder, folder)).toBe(
      'FOLDER the database must be a file, but this is a folder (give a file in it: --db FOLDER/nightsweep.db)',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['a word', 'hello'],
    ['a long text', 'x,y\n1,2\n'.repeat(5000)],
  ])('%s, and leave its bytes alone', (_, text) => {
    const folder = emptyFolder();
    const file = join(folder, 'data.csv');
    writeFileSync(file, text);
    for (const open of [openForWriting, openForReading]) {
      expect(refusal(open, file, folder)).toMatch('FOLDER/data.csv the database must be an SQLite database');
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['data.csv']);
  });

  test("another program's database, and leave its bytes alone", () => {
    const folder = emptyFolder();
    const file = join(folder, 'other.db');
    new Database(file).exec('CREATE TABLE mine (x)').close();
    const before = readFileSync(file);
    for (const open of [openForWriting, openForReading]) {
      expect(refusal(open, file, folder)).toBe(
        'FOLDER/other.db the database must be one of nightsweep, but another program made it; it was left as it is (give another file with --db)',
      );
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a newer schema, and leave its version alone', () => {
    const folder = emptyFolder();
    const file = join(folder, 'new.db');
    const db = openForWriting(file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    for (const open of [openForWriting, openForReading]) {
      expect(refusal(open, file, folder)).toMatch(
        `FOLDER/new.db the database has schema version ${SCHEMA_VERSION + 1}, made by a newer nightsweep`,
      );
    }
    const after = new Database(file, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION + 1);
    after.close();
  });

  test('a name that ends in a blank, which the binding would trim', () => {
    const folder = emptyFolder();
    for (const open of [openForWriting, openForReading]) {
      expect(refusal(open, join(folder, 'a.db '), folder)).toMatch('must not begin or end with a blank');
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a database of an older nightsweep', () => {
  /** With the tables of the first migrations alone, and a sweep in them. */
  function olderDatabase(migrations: number): string {
    const file = join(emptyFolder(), 'old.db');
    const db = new Database(file);
    const folder = fileURLToPath(new URL('../../db/migrations/', import.meta.url));
    const names = readdirSync(folder).toSorted().slice(0, migrations);
    for (const name of names) db.exec(readFileSync(join(folder, name), 'utf8'));
    db.exec(`
      INSERT INTO sweep (name, hash, file, definition, versions, seed, objective, goal, replicates, parameters, metrics,
        epochs_planned, resolved, created_at)
      VALUES ('old', '', '', '{}', '{}', 1, 'test_loss', 'minimize', 1, '[]', '["test_loss"]', 1, '{"warnings":[]}', 0)`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${migrations}`);
    db.close();
    return file;
  }

  test.each([1, SCHEMA_VERSION - 1])('with %d migrations is brought up to date by whoever reads it', (migrations) => {
    const db = openForReading(olderDatabase(migrations));
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(db.prepare('SELECT sweep FROM leaderboard').all()).toEqual([]);
    expect(db.prepare('SELECT sweep FROM sweeps').pluck().all()).toEqual(['old']);
    db.close();
  });

  test('is left as it is while a coordinator holds a sweep of it', () => {
    const file = olderDatabase(SCHEMA_VERSION - 1);
    const lock = acquireLock(file, 1);
    expect(messageOf(() => openForReading(file))).toMatch(/an older one runs sweep old on it/);
    lock?.release();
    expect(new Database(file).pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION - 1);
    openForReading(file).close();
  });
});

test('writing into a missing folder is refused with the command that makes it', () => {
  const folder = emptyFolder();
  expect(refusal(openForWriting, join(folder, 'none', 'a.db'), folder)).toBe(
    "FOLDER/none/a.db the database's folder must exist, but FOLDER/none does not (create it: mkdir -p FOLDER/none)",
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('reading a file that is not there, or that is empty, is refused and creates nothing', () => {
  const folder = emptyFolder();
  expect(refusal(openForReading, join(folder, 'a.db'), folder)).toBe(
    'FOLDER/a.db there is no such database (run a sweep first, or say where its database is with --db)',
  );
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(join(folder, 'empty.db'), '');
  expect(refusal(openForReading, join(folder, 'empty.db'), folder)).toMatch('FOLDER/empty.db the database is empty');
});

// Permissions do not bind root, so these open the database in a process of another user there.
describe('permissions', () => {
  test('a read-only file is refused', () => {
    const folder = folderForAll();
    const file = join(folder, 'a.db');
    openForWriting(file).close();
    chmodSync(file, 0o444);
    expect(openedByOther('writing', file)).toMatch('a.db the database must be writable, but the file is read-only');
  });

  test('a read-only folder is refused, because the log lies there', () => {
    const folder = folderForAll();
    const file = join(folder, 'a.db');
    openForWriting(file).close();
    chmodSync(file, 0o666);
    chmodSync(folder, 0o555);
    expect(openedByOther('writing', file)).toMatch(
      "a.db the database's folder must be writable, because SQLite keeps its log beside the file",
    );
  });

  test('reading needs a writable folder too, and the error says why', () => {
    const folder = folderForAll();
    const file = join(folder, 'a.db');
    openForWriting(file).close();
    chmodSync(folder, 0o555);
    expect(openedByOther('reading', file)).toMatch(
      'a.db the database must lie in a folder that can be written to, because SQLite keeps its log beside the file',
    );
  });

  test('a read-only file can be read', () => {
    const folder = folderForAll();
    const file = join(folder, 'a.db');
    openForWriting(file).close();
    chmodSync(file, 0o444);
    expect(openedByOther('reading', file)).toBe('opened');
  });

  test('an unreadable file is refused', () => {
    const folder = folderForAll();
    const file = join(folder, 'a.db');
    openForWriting(file).close();
    chmodSync(file, 0);
    expect(openedByOther('reading', file)).toMatch('a.db the database must be readable (change its permissions)');
  });
});

test('several processes can create the same database at the same time', async () => {
  const file = join(emptyFolder(), 'a.db');
  const openers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx', OPENER, 'writing', file], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const answers = await Promise.all(
    openers.map(async (opener) => {
      let text = '';
      opener.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
      await once(opener, 'close');
      return text;
    }),
  );
  expect(answers).toEqual(['opened', 'opened', 'opened', 'opened']);
});

const NOBODY = 65534;

function folderForAll(): string {
  const folder = join(emptyFolder(), 'shared');
  mkdirSync(folder);
  chmodSync(join(folder, '..'), 0o777);
  chmodSync(folder, 0o777);
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

function openedByOther(how: 'reading' | 'writing', file: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', OPENER, how, file], {
    encoding: 'utf8',
    env: { ...process.env, NIGHTSWEEP_TEST_UID: process.getuid?.() === 0 ? String(NOBODY) : '' },
  });
  expect(stderr).toBe('');
  return stdout;
}
