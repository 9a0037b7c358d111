/** Frames of event files: checksums of the literature, and bytes that TensorFlow itself has written. */

import { expect, test } from 'vitest';
import { maskedCrc32c, record } from '../../../src/export/tensorboard/records.ts';
import { crc32c, recordsOf, unmasked } from './event-file.ts';

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The examples of RFC 3720, appendix B.4, and the check value of the polynomial's catalogue. */
test.each([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', ascending, 0x46dd794e],
  ['31 to 0', ascending.toReversed(), 0x113fdb5c],
  ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
])('the checksum of %s is the published one', (_, data, expected) => {
  expect(unmasked(maskedCrc32c(data)).toString(16)).toBe(expected.toString(16));
  expect(crc32c(data)).toBe(expected);
});

/** By tf.io.TFRecordWriter of TensorFlow 2.15, of `nightsweep` and of nothing. */
const WRITTEN = '0a00000000000000aea3bf3a6e69676874737765657045ffeff9' + '000000000000000029039807d8ea82a2';

test('records are the bytes that TensorFlow writes', () => {
  const written = Buffer.concat([record(new TextEncoder().encode('nightsweep')), record(new Uint8Array(0))]);
  expect(written.toString('hex')).toBe(WRITTEN);
  expect(recordsOf(written).map((data) => new TextDecoder().decode(data))).toEqual(['nightsweep', '']);
});
