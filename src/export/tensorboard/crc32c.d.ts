/** The part of the package that it has no types for: the polynomial of Castagnoli. */
declare module 'crc-32/crc32c.js' {
  interface Crc32c {
    /** A signed integer of 32 bits. */
    buf(data: Uint8Array): number;
  }
  const crc32c: Crc32c;
  export default crc32c;
}
