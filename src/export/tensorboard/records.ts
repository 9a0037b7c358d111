/** Frames of a TFRecord file: length, data, and a masked CRC-32C of each (tensorflow/core/lib/io/record_writer.h). Pure. */

import crc32c from 'crc-32/crc32c.js';

/** Bytes of the length, a 64-bit integer, and of a checksum. */
const LENGTH = 8;
const CHECKSUM = 4;
const MASK = 0xa282ead8;

export function record(data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(LENGTH + CHECKSUM + data.length + CHECKSUM);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(LENGTH, maskedCrc32c(frame.subarray(0, LENGTH)), true);
  frame.set(data, LENGTH + CHECKSUM);
  view.setUint32(LENGTH + CHECKSUM + data.length, maskedCrc32c(data), true);
  return frame;
}

/** Rotated and shifted, since a checksum over data that hold checksums is weak. */
export function maskedCrc32c(data: Uint8Array): number {
  const crc = crc32c.buf(data);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}
