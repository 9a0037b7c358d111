/** Network file systems are told from local ones by the mount table. */

import { expect, test } from 'vitest';
import { networkFileSystemOf } from '../../db/network-mounts.ts';

const MOUNTS = String.raw`22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/ann rw,relatime shared:20 - nfs4 server:/home rw,vers=4.2
41 40 0:36 / /home/ann/scratch rw - ext4 /dev/vdb rw
42 22 0:37 / /mnt/my\040share rw - cifs //server/share rw
43 22 0:38 / /mnt/ssh rw,nosuid - fuse.sshfs ann@host: rw
44 22 0:39 / /mnt/c rw - 9p C:\134 rw,aname=drvfs
45 22 0:40 / /mnt/over rw - nfs server:/a rw
46 22 0:41 / /mnt/over rw - tmpfs tmpfs rw
`;

test.each([
  ['/work/a.db', undefined],
  ['/home/ann/a.db', 'nfs4'],
  ['/home/ann', 'nfs4'],
  ['/home/anna/a.db', undefined],
  ['/home/ann/scratch/a.db', undefined],
  ['/mnt/my share/a.db', 'cifs'],
  ['/mnt/ssh/deep/down/a.db', 'fuse.sshfs'],
  ['/mnt/c/Users/a.db', '9p'],
  ['/mnt/over/a.db', undefined],
])('%s lies on %s', (path, type) => {
  expect(networkFileSystemOf(path, MOUNTS)).toBe(type);
});

test("a sandbox that shows the container's own files as 9p without a source is local", () => {
  expect(networkFileSystemOf('/a.db', '1 0 0:1 / / rw - 9p none rw,trans=fd\n')).toBeUndefined();
});

test('an unreadable line is passed over', () => {
  expect(networkFileSystemOf('/a.db', 'nonsense\n\n1 0 0:1 / / rw - nfs s:/ rw\n')).toBe('nfs');
});
