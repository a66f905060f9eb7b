/** RPC procedures on the images of running domains. */
import { virError } from "@vireo/model/error";
import { BLOCK_JOB_TYPES } from "@vireo/model/operation/domain-block-job";
import { recordOf, type TypedParam } from "@vireo/rpc/typed-param";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

const REBASE = {
  shallow: 1,
  reuse: 2,
  raw: 4,
  copy: 8,
  relative: 16,
  device: 32,
  bytes: 64,
} as const;
const COMMIT = { shallow: 1, delete: 2, active: 4, relative: 8, bytes: 16 } as const;
const COPY = { shallow: 1, reuse: 2, transient: 4, synchronous: 8 } as const;

const MIB = 1024n * 1024n;
/** QEMU's limit, in bytes per second. */
const SPEED_LIMIT = 2n ** 63n - 1n;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A bandwidth in bytes per second: clients count in MiB unless they say otherwise. @throws VireoError `overflow` */
function bandwidthOf(value: bigint, bytes: boolean): { readonly bandwidth?: number } {
  const limit = bytes ? SPEED_LIMIT : SPEED_LIMIT / MIB;
  if (value > limit) throw virError("overflow", `bandwidth must be less than ${limit}`);
  const wanted = bytes ? value : value * MIB;
  return value === 0n ? {} : { bandwidth: Number(wanted > SAFE ? SAFE : wanted) };
}

const named = <N extends string>(name: N, value: string | null): { readonly [K in N]?: string } =>
  (value === null ? {} : { [name]: value }) as { readonly [K in N]?: string }; // one member, by its name

/** Parameters of a copy: numbers of bytes. */
function copyParams(params: readonly TypedParam[]) {
  const given = recordOf(params);
  const number = (name: string): number | undefined => {
    const value = given[name];
    return value === undefined || Number(value) === 0 ? undefined : Number(value);
  };
  return { granularity: number("granularity"), bufferSize: number("buf-size") };
}

export const domainBlockJobHandlers: DoorHandlers = {
  domainBlockPull: ({ dom, path, bandwidth, flags }, call) => {
    const { bytes } = readFlags(flags, { bytes: 64 }, driverFunction(call, "DomainBlockPull"));
    return ask(call, ["domain", "blockPull"], {
      domain: domainOf(dom),
      disk: path,
      ...bandwidthOf(bandwidth, bytes === true),
    });
  },
  domainBlockRebase: ({ dom, path, base, bandwidth, flags }, call) => {
    const ways = readFlags(flags, REBASE, driverFunction(call, "DomainBlockRebase"));
    const about = {
      domain: domainOf(dom),
      disk: path,
      ...bandwidthOf(bandwidth, ways.bytes === true),
    };
    const { relative, shallow, reuse } = ways;
    if (ways.copy !== true)
      return ask(call, ["domain", "blockPull"], { ...about, ...named("base", base), relative });
    return ask(call, ["domain", "blockCopy"], {
      ...about,
      destination: {
        path: base ?? "",
        block: ways.device,
        ...(ways.raw === true ? { format: "raw" } : {}),
      },
      shallow,
      reuse,
    });
  },
  domainBlockCommit: ({ dom, disk, base, top, bandwidth, flags }, call) => {
    const { bytes, ...ways } = readFlags(flags, COMMIT, driverFunction(call, "DomainBlockCommit"));
    const { shallow, active, relative, delete: deletes } = ways;
    return ask(call, ["domain", "blockCommit"], {
      domain: domainOf(dom),
      disk,
      ...named("base", base),
      ...named("top", top),
      ...bandwidthOf(bandwidth, bytes === true),
      shallow,
      active,
      relative,
      deletes,
    });
  },
  domainBlockCopy: ({ dom, path, destxml, params, flags }, call) => {
    const ways = readFlags(flags, COPY, driverFunction(call, "DomainBlockCopy"));
    const { bandwidth = 0n } = recordOf(params);
    return ask(call, ["domain", "blockCopy"], {
      domain: domainOf(dom),
      disk: path,
      destination: { xml: destxml },
      ...bandwidthOf(BigInt(bandwidth), true),
      ...copyParams(params),
      ...ways,
    });
  },
  domainGetBlockJobInfo: async ({ dom, path, flags }, call) => {
    const { bytes } = readFlags(flags, { bytes: 1 }, driverFunction(call, "DomainGetBlockJobInfo"));
    const info = await ask(call, ["domain", "blockJobInfo"], { domain: domainOf(dom), disk: path });
    if (info === undefined) return { found: 0, type: 0, bandwidth: 0n, cur: 0n, end: 0n };
    const speed = BigInt(info.bandwidth);
    return {
      found: 1,
      type: BLOCK_JOB_TYPES.indexOf(info.type),
      bandwidth: bytes === true ? speed : (speed + MIB - 1n) / MIB,
      cur: BigInt(info.current),
      end: BigInt(info.end),
    };
  },
  domainBlockJobAbort: ({ dom, path, flags }, call) => {
    const name = driverFunction(call, "DomainBlockJobAbort");
    const ways = readFlags(flags, { async: 1, pivot: 2 }, name);
    return ask(call, ["domain", "blockJobAbort"], { domain: domainOf(dom), disk: path, ...ways });
  },
  domainBlockJobSetSpeed: ({ dom, path, bandwidth, flags }, call) => {
    const name = driverFunction(call, "DomainBlockJobSetSpeed");
    const { bytes } = readFlags(flags, { bytes: 1 }, name);
    return ask(call, ["domain", "blockJobSpeed"], {
      domain: domainOf(dom),
      disk: path,
      bandwidth: 0,
      ...bandwidthOf(bandwidth, bytes === true),
    });
  },
  domainBlockResize: ({ dom, disk, size, flags }, call) => {
    const { bytes } = readFlags(flags, { bytes: 1 }, driverFunction(call, "DomainBlockResize"));
    const limit = (2n ** 64n - 1n) / 1024n;
    if (bytes !== true && size > limit)
      throw virError("overflow", `size must be less than ${limit}`);
    const wanted = bytes === true ? size : size * 1024n;
    return ask(call, ["domain", "blockResize"], {
      domain: domainOf(dom),
      disk,
      bytes: Number(wanted > SAFE ? SAFE : wanted),
    });
  },
};
