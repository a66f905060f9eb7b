/** RPC procedures that take something out of a running guest. */
import { virError } from "@vireo/model/error";
import { DUMP_FORMATS } from "@vireo/model/operation/domain-dump";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

const DUMP = { crash: 1, live: 2, bypassCache: 4, reset: 8, memoryOnly: 16 } as const;
/** The first byte of a PNG file. */
const PNG = 0x89;
const PIECE_BYTES = 256 * 1024;

export const domainDumpHandlers: DoorHandlers = {
  domainCoreDump: ({ dom, to, flags }, call) => {
    const ways = readFlags(flags, DUMP, driverFunction(call, "DomainCoreDump"));
    return ask(call, ["domain", "coreDump"], { domain: domainOf(dom), path: to, ...ways });
  },
  domainCoreDumpWithFormat: ({ dom, to, dumpformat, flags }, call) => {
    const ways = readFlags(flags, DUMP, driverFunction(call, "DomainCoreDumpWithFormat"));
    const format = DUMP_FORMATS[dumpformat];
    if (format === undefined) throw virError("invalidArg", `unknown dumpformat '${dumpformat}'`);
    const input = { domain: domainOf(dom), path: to, format, ...ways };
    return ask(call, ["domain", "coreDump"], input);
  },
  domainScreenshot: async ({ dom, screen, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainScreenshot"));
    const picture = await ask(call, ["domain", "screenshot"], { domain: domainOf(dom), screen });
    const pieces: Buffer[] = [];
    for await (const piece of picture) pieces.push(piece as Buffer); // a byte stream gives Buffers
    const bytes = Buffer.concat(pieces);
    call.openStream(async (stream) => {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        await stream.write(bytes.subarray(at, at + PIECE_BYTES));
    });
    return { mime: bytes[0] === PNG ? "image/png" : "image/x-portable-pixmap" };
  },
};
