/** Lets one set-up run at a time. The kernel holds the lock, so that it is free at once after a kill. */

import { unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const RETRY_MILLISECONDS = 500;

/** An address that only one process can listen on. Only macOS leaves a file behind. */
function addressOf(lock) {
  const name = `nightsweep-${lock}-${userInfo().username}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

/** The listening server, or undefined where another process listens already. */
function tryListen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

/** Removes the socket file of a process that was killed. */
function removeStaleSocket(address) {
  if (process.platform === 'linux' || process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve) => {
    const probe = connect(address, () => resolve(probe.destroy()));
    probe.once('error', (error) => {
      if (error.code === 'ECONNREFUSED') unlinkSync(address);
      resolve();
    });
  });
}

/** Waits until no other process of this user holds the lock; returns the function that gives it back. */
export async function takeLock(lock, onWait) {
  const address = addressOf(lock);
  for (let waited = false; ; waited = true) {
    const server = await tryListen(address);
    if (server) return () => server.close();
    if (!waited) onWait();
    await removeStaleSocket(address);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
  }
}
