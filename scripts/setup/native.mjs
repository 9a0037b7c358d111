/** Set-up step: the native backend, from TensorFlow's wheel, else by tfjs-node's own installer, else none. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libtensorflow } from './libtensorflow.mjs';
import { restoreOptionalPackages } from './packages.mjs';
import { compilerCommand, compilerEnvironment, isCheckout, npm, packageFolder } from './places.mjs';
import { run } from './progress.mjs';

const PROBE = fileURLToPath(new URL('probe-native.cjs', import.meta.url));
const PROBE_MILLISECONDS = 120_000;
const INSTALLER_MILLISECONDS = 900_000;
/** What a verdict holds for. The addon uses Node-API, so a minor version of Node changes nothing. */
const VALID_FOR = `1 ${process.platform} ${process.arch} node ${process.versions.node.split('.')[0]}`;

const tfjsNode = () => packageFolder('@tensorflow/tfjs-node');
// Inside the package, so that the verdict goes when npm exchanges the package.
const verdictFile = (folder) => join(folder, '.nightsweep.json');

/**
 * What the last set-up found; undefined where none ran, or what it built is not there any more.
 * @returns {{ backend: 'native', libtensorflow: string, source: string, library: string } | { backend: 'wasm', reason: string } | undefined}
 */
export function nativeVerdict() {
  const folder = tfjsNode();
  if (!folder) {
    const advice = 'npm install --ignore-scripts brings it, with -g where nightsweep is installed globally';
    return { backend: 'wasm', reason: `the optional package @tensorflow/tfjs-node is not installed (${advice})` };
  }
  try {
    const { validFor, needs, ...verdict } = JSON.parse(readFileSync(verdictFile(folder), 'utf8'));
    // existsSync follows the links: a cache that was cleared is noticed.
    return validFor === VALID_FOR && needs.every((file) => existsSync(file)) ? verdict : undefined;
  } catch {
    return undefined;
  }
}

function writeVerdict(folder, verdict, needs = []) {
  writeFileSync(verdictFile(folder), `${JSON.stringify({ validFor: VALID_FOR, needs, ...verdict }, undefined, 2)}\n`);
  return verdict;
}

/** Loads the backend in a process of its own, since it may crash; returns the version of libtensorflow. */
async function probe(folder) {
  const command = [process.execPath, PROBE, folder];
  const output = await run('loading the native backend', command, { timeout: PROBE_MILLISECONDS });
  return JSON.parse(output.trim().split('\n').at(-1)).libtensorflow;
}

/** Exchanges a link in one go, since other processes may be using the backend. */
function link(target, path) {
  if (existsSync(path) && !lstatSync(path).isSymbolicLink()) rmSync(path, { recursive: true });
  rmSync(`${path}.new`, { force: true });
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** Puts the libraries where binding.gyp and the addon's run path expect them; returns the links. */
function linkLibraries(folder, { include, libraries: [main, framework] }) {
  const names =
    process.platform === 'darwin'
      ? { main: ['libtensorflow.2.dylib'], framework: [] }
      : { main: ['libtensorflow.so', 'libtensorflow.so.2.9.1'], framework: ['libtensorflow_framework.so'] };
  const lib = join(folder, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  link(include, join(folder, 'deps', 'include'));
  const links = [];
  for (const name of [...names.main, basename(main)]) links.push([main, join(lib, name)]);
  for (const name of [...names.framework, basename(framework)]) links.push([framework, join(lib, name)]);
  for (const [target, path] of links) link(target, path);
  return links.map(([, path]) => path);
}

/** On macOS the addon must be told where the library lies; binding.gyp expects the name of another build of it. */
async function correctLoadPath(folder, library) {
  if (process.platform !== 'darwin') return;
  const { binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const version = Math.min(Math.max(...binary.napi_versions), Number(process.versions.napi));
  const addon = join(folder, 'lib', `napi-v${version}`, 'tfjs_binding.node');
  const change = ['-change', `@rpath/${basename(library)}`, `@loader_path/../../deps/lib/${basename(library)}`];
  await run('install_name_tool', ['install_name_tool', ...change, addon]);
}

function hasCompiler() {
  const candidates = [process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean);
  return candidates.some((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

async function fromWheel(folder) {
  if (!hasCompiler()) throw new Error(`there is no C++ compiler (${compilerCommand()})`);
  const library = await libtensorflow();
  const needs = linkLibraries(folder, library);
  // The addon of an earlier set-up goes on working when only the cache was moved or the verdict lost.
  let version = existsSync(join(folder, 'lib')) ? await probe(folder).catch(() => undefined) : undefined;
  if (!version) {
    const command = npm('run', 'build-addon-from-source');
    await run('compiling the addon', command, { cwd: folder, env: compilerEnvironment() });
    await correctLoadPath(folder, library.libraries[0]);
    version = await probe(folder);
  }
  return writeVerdict(
    folder,
    { backend: 'native', libtensorflow: version, source: 'wheel', library: library.libraries[0] },
    needs,
  );
}

async function fromInstaller(folder) {
  for (const name of ['deps', 'lib']) rmSync(join(folder, name), { recursive: true, force: true });
  const env = compilerEnvironment();
  await run('installer of tfjs-node', npm('run', 'install'), { cwd: folder, env, timeout: INSTALLER_MILLISECONDS });
  const version = await probe(folder);
  const library = join(folder, 'deps', 'lib');
  const verdict = { backend: 'native', libtensorflow: version, source: 'installer of tfjs-node', library };
  return writeVerdict(folder, verdict, [library, join(folder, 'lib')]);
}

/** @param {boolean} retry try again where an earlier set-up fell back to wasm, and show why it fails */
export function nativeStep(retry) {
  return {
    title: 'native backend, 210 MB',
    isDone() {
      const verdict = nativeVerdict();
      return verdict !== undefined && (verdict.backend === 'native' || !retry);
    },
    async run() {
      if (!tfjsNode() && !isCheckout)
        await restoreOptionalPackages().catch((error) => console.log(`      ${error.message}`));
      const folder = tfjsNode();
      if (!folder) return;
      const reasons = [];
      for (const attempt of [fromWheel, fromInstaller]) {
        try {
          return void (await attempt(folder));
        } catch (error) {
          reasons.push(error.message);
          if (retry && error.tail) console.log(error.tail.replace(/^/gm, '      '));
        }
      }
      writeVerdict(folder, { backend: 'wasm', reason: reasons.join('; ') });
    },
  };
}
