/** Machine code that is called once in a while; only for instructions that nothing else offers. */
import koffi from "koffi";

const libc = koffi.load("libc.so.6");
const mmap: (...args: readonly unknown[]) => unknown = libc.func(
  "void *mmap(void *, size_t, int, int, int, long)",
);
const mprotect: (...args: readonly unknown[]) => number = libc.func(
  "int mprotect(void *, size_t, int)",
);

const PAGE = 4096;
const READ = 1;
const WRITE = 2;
const EXECUTE = 4;
const PRIVATE_ANONYMOUS = 0x22;
/** What mmap answers when it fails: all bits set. */
const FAILED = 0xffff_ffff_ffff_ffffn;

const signature = koffi.proto("void vireo_code(uint32_t, uint32_t, _Out_ uint32_t *)");

/**
 * Puts code of at most a page where it can be called; it stays there.
 * `undefined` when the system does not allow that.
 */
export function codeAt(bytes: readonly number[]): unknown {
  const place = mmap(null, PAGE, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0);
  if (place === null || koffi.address(place) === FAILED) return undefined;
  koffi.encode(place, "uint8_t", [...bytes], bytes.length);
  return mprotect(place, PAGE, READ | EXECUTE) === 0 ? place : undefined;
}

/** Calls what `codeAt` placed, with two words and a place for its answer. */
export function callCode(code: unknown, ...args: readonly [number, number, Uint32Array]): void {
  koffi.call(code, signature, ...args);
}
