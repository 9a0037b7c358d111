/** Fetches libtensorflow out of TensorFlow's Python wheel, by pip, into the cache in the user's home. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder } from './places.mjs';
import { megabytes, run } from './progress.mjs';

/** The one version for all platforms: another one computes other bits. */
export const LIBTENSORFLOW_VERSION = '2.15.1';

const DOWNLOAD_ATTEMPTS = 3;
/** Wheel and unpacked libraries, while both are there. */
const BYTES_NEEDED = 900e6;

/** Per `platform-arch`: the wheel's name, its platform tags, and the two libraries in it. */
const WHEELS = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    tags: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'linux-arm64': {
    name: 'tensorflow-cpu-aws',
    tags: ['manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'darwin-arm64': {
    name: 'tensorflow',
    tags: ['macosx_12_0_arm64'],
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
  'darwin-x64': {
    name: 'tensorflow',
    tags: ['macosx_10_15_x86_64'],
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

/** Unpacks the libraries and the headers that the addon includes; zipfile compares every file with its checksum. */
const UNPACK = `
import sys, zipfile
wheel, target, *libraries = sys.argv[1:]
headers = ('tensorflow/include/tensorflow/c/', 'tensorflow/include/tensorflow/core/platform/ctstring',
           'tensorflow/include/tsl/c/', 'tensorflow/include/tsl/platform/ctstring')
wanted = {'tensorflow/' + library for library in libraries}
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name in wanted or name.startswith(headers):
            archive.extract(name, target)
`;

function wheelOfThisPlatform() {
  const wheel = WHEELS[`${process.platform}-${process.arch}`];
  if (!wheel) throw new Error(`there is no TensorFlow wheel for ${process.platform} on ${process.arch}`);
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) {
    throw new Error('the TensorFlow wheel needs glibc, which this Linux does not use');
  }
  return wheel;
}

function works(...command) {
  return spawnSync(command[0], command.slice(1), { stdio: 'ignore' }).status === 0;
}

/** The command line of pip and of the Python that unpacks. */
function findPython() {
  const python = ['python3', 'python'].find((name) => works(name, '-c', 'import zipfile, zlib; f"{0}"'));
  if (!python) throw new Error('Python 3 is not installed, whose pip fetches libtensorflow');
  const pip = [[python, '-m', 'pip'], ['pip3'], ['pip']].find((command) => works(...command, '--version'));
  if (!pip) throw new Error('Python has no pip, which fetches libtensorflow');
  return { python, pip };
}

/** Sizes of all files below a folder, in bytes; it may change while we look. */
function fileSizes(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true, recursive: true }) : [];
  return entries.map((entry) => {
    const file = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    return file?.isFile() ? file.size : 0;
  });
}

/** Downloads the wheel with pip, which checks its hash; a finished download that is there already is not repeated. */
async function downloadWheel(wheel, pip, folder) {
  const temporary = join(folder, 'temporary');
  const platforms = wheel.tags.flatMap((tag) => ['--platform', tag]);
  const command = [...pip, 'download', '--no-deps', '--only-binary=:all:', '--python-version', '3.11'];
  command.push('--implementation', 'cp', '--abi', 'cp311', ...platforms, '--dest', folder);
  command.push(`${wheel.name}==${LIBTENSORFLOW_VERSION}`);
  const env = { ...process.env, TMPDIR: temporary, PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  // pip 25.1 and later go on with a transfer that broke; others ignore the variable and begin again.
  env.PIP_RESUME_RETRIES ??= '10';
  const detail = () => megabytes(Math.max(0, ...fileSizes(temporary)));
  for (let attempt = 1; ; attempt++) {
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    try {
      await run(`downloading ${wheel.name} ${LIBTENSORFLOW_VERSION}`, command, { env, detail });
      break;
    } catch (error) {
      if (attempt === DOWNLOAD_ATTEMPTS) throw error;
      console.log(`      the download broke, attempt ${attempt + 1} of ${DOWNLOAD_ATTEMPTS}`);
    }
  }
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.whl')),
  );
}

/** The cached libraries, if all of them are there in full. */
function cached(folder) {
  try {
    const { sizes } = JSON.parse(readFileSync(join(folder, 'complete.json'), 'utf8'));
    const complete = Object.entries(sizes).every(([name, size]) => statSync(join(folder, name)).size === size);
    return complete
      ? { include: join(folder, 'include'), libraries: Object.keys(sizes).map((n) => join(folder, n)) }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The two libraries and the headers, fetched if need be (about 200 MB).
 * @returns {Promise<{ include: string, libraries: string[] }>} absolute paths; libtensorflow_cc first
 * @throws {Error} where this platform has no wheel, pip is missing, the disk is full or the download fails
 */
export async function libtensorflow() {
  const wheel = wheelOfThisPlatform();
  const cache = cacheFolder();
  const folder = join(cache, `libtensorflow-${LIBTENSORFLOW_VERSION}-${process.platform}-${process.arch}`);
  const found = cached(folder);
  if (found) return found;

  const { python, pip } = findPython();
  const downloads = join(cache, 'download');
  mkdirSync(downloads, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < BYTES_NEEDED) {
    throw new Error(`${cache} must have ${megabytes(BYTES_NEEDED)} of room, but has ${megabytes(bavail * bsize)}`);
  }

  const file = await downloadWheel(wheel, pip, downloads);
  // Unpacked beside and renamed at the end: the cache never holds half of it.
  const fresh = `${folder}.unpacking`;
  rmSync(fresh, { recursive: true, force: true });
  const inside = join(fresh, 'tensorflow');
  const unpacked = () => megabytes(fileSizes(inside).reduce((sum, size) => sum + size, 0));
  await run('unpacking', [python, '-c', UNPACK, file, fresh, ...wheel.libraries], { detail: unpacked });
  const sizes = Object.fromEntries(wheel.libraries.map((name) => [name, statSync(join(inside, name)).size]));
  writeFileSync(join(inside, 'complete.json'), `${JSON.stringify({ sizes })}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(inside, folder);
  rmSync(fresh, { recursive: true, force: true });
  rmSync(downloads, { recursive: true, force: true });
  return cached(folder);
}
