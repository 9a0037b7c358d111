/** Changes a database as no part of nightsweep would: past its triggers, its constraints and its references. */

import Database from 'better-sqlite3';

export function damage(file: string, sql: string): void {
  const db = new Database(file);
  const triggers = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
  for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger}`);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  db.exec(sql);
  db.close();
}
