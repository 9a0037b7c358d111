/** Tells from Linux' mount table whether a path lies on a network file system. Pure. */

// SQLite's write-ahead log needs memory that all its users share, which no network file system gives:
// https://sqlite.org/wal.html. The names are those of the kernel's and of FUSE's file systems.
const NETWORK_TYPES: ReadonlySet<string> = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  '9p',
  'afs',
  'ceph',
  'lustre',
  'davfs',
  'fuse.sshfs',
  'fuse.ceph',
  'fuse.glusterfs',
  'fuse.davfs2',
  'fuse.rclone',
  'fuse.s3fs',
  'fuse.gcsfuse',
]);

/**
 * The type of the network file system that holds `path` (absolute, without symbolic links), or undefined.
 * `mountinfo` is the text of /proc/self/mountinfo (proc(5)).
 */
export function networkFileSystemOf(path: string, mountinfo: string): string | undefined {
  let best: { point: string; type: string; source: string } | undefined;
  for (const line of mountinfo.split('\n')) {
    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    const [left, right] = line.split(' - ');
    const point = left?.split(' ')[4];
    const [type, source] = right?.split(' ') ?? [];
    if (point === undefined || type === undefined || source === undefined) continue;
    const mount = { point: unescaped(point), type, source };
    // The longest mount point wins, and of equal ones the last, which hides the others.
    if (contains(mount.point, path) && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  if (!best || !NETWORK_TYPES.has(best.type)) return undefined;
  // gVisor shows the container's own local files as 9p without a source.
  if (best.type === '9p' && best.source === 'none') return undefined;
  return best.type;
}

function contains(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** Blanks, tabs, line feeds and backslashes stand in mountinfo as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
