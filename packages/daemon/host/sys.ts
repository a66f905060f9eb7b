/**
 * System calls that Node lacks, through koffi. All calls here are synchronous and quick: koffi's
 * asynchronous calls do not keep their buffers alive and occupy Node's few worker threads, so
 * nothing in the daemon uses them. Nothing but files of this folder imports this module.
 */
import koffi from "koffi";
import { errnoError } from "./errno.ts";

const libc = koffi.load("libc.so.6");

koffi.struct("iovec", { iov_base: "void *", iov_len: "size_t" });
koffi.struct("msghdr", {
  msg_name: "void *",
  msg_namelen: "uint32_t",
  msg_iov: "iovec *",
  msg_iovlen: "size_t",
  msg_control: "void *",
  msg_controllen: "size_t",
  msg_flags: "int",
});

/** A request about a network link that answers elsewhere. */
koffi.struct("ifreq", { name: "char [16]", data: "void *", rest: "char [16]" });

const sys: Readonly<
  Record<
    | "_exit"
    | "bind"
    | "fallocate"
    | "fcntl"
    | "flock"
    | "getsockopt"
    | "ioctl"
    | "ioctlLink"
    | "listen"
    | "lseek"
    | "pipe2"
    | "recv"
    | "sched_setaffinity"
    | "sched_setscheduler"
    | "sendmsg"
    | "setsockopt"
    | "socket"
    | "syscall",
    (...args: readonly unknown[]) => number
  >
> = {
  _exit: libc.func("int _exit(int)"),
  getsockopt: libc.func("int getsockopt(int, int, int, _Out_ void *, _Inout_ void *)"),
  ioctl: libc.func("int ioctl(int, unsigned long, _Inout_ void *)"),
  ioctlLink: libc.func("ioctl", "int", ["int", "unsigned long", "ifreq *"]),
  recv: libc.func("long recv(int, _Out_ void *, size_t, int)"),
  setsockopt: libc.func("int setsockopt(int, int, int, void *, unsigned int)"),
  flock: libc.func("int flock(int, int)"),
  socket: libc.func("int socket(int, int, int)"),
  bind: libc.func("int bind(int, void *, unsigned int)"),
  listen: libc.func("int listen(int, int)"),
  lseek: libc.func("long lseek(int, long, int)"),
  fallocate: libc.func("int fallocate(int, int, long, long)"),
  sendmsg: libc.func("long sendmsg(int, msghdr *, int)"),
  pipe2: libc.func("int pipe2(_Out_ void *, int)"),
  fcntl: libc.func("int fcntl(int, int, long)"),
  sched_setaffinity: libc.func("int sched_setaffinity(int, size_t, void *)"),
  syscall: libc.func("long syscall(long, void *, int, int, int, unsigned long)"),
  sched_setscheduler: libc.func("int sched_setscheduler(int, int, void *)"),
};

type Call = keyof typeof sys;

/** The result of a call, or the positive error number. */
export type SysResult =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly errno: number };

/** Calls the kernel; buffers among `args` live at least as long as this call. */
export function tryCall(name: Call, ...args: readonly unknown[]): SysResult {
  const value = Number(sys[name](...args));
  return value < 0 ? { ok: false, errno: koffi.errno() } : { ok: true, value };
}

/**
 * Like `tryCall`, but a failure throws.
 * @throws VireoError `systemError` that says `what` was attempted
 */
export function mustCall(what: string, name: Call, ...args: readonly unknown[]): number {
  const result = tryCall(name, ...args);
  if (!result.ok) throw errnoError(what, result.errno);
  return result.value;
}
