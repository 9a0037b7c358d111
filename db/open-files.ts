/** Which other processes have a file open, as far as the system lets us see. */

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface OpenIn {
  readonly pid: number;
  readonly name: string;
}

/** `file` is absolute and without symbolic links. Linux only, and only processes that we may look at; else empty. */
export function othersWithOpen(file: string): OpenIn[] {
  return numbered('/proc')
    .filter((pid) => pid !== String(process.pid))
    .filter((pid) => numbered(`/proc/${pid}/fd`).some((fd) => leadsTo(`/proc/${pid}/fd/${fd}`, file)))
    .map((pid) => ({ pid: Number(pid), name: nameOf(pid) }));
}

/** Entries of a folder that are numbers; none where it is not there or not ours to read. */
function numbered(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function leadsTo(link: string, file: string): boolean {
  try {
    return readlinkSync(link) === file;
  } catch {
    return false;
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
