/**
 * How fast a volume goes up and comes down by HTTP, and what memory that takes: `node bench/volume-http.ts [MIB]`.
 * Fails when vireod grows beyond the limit or the file's SHA-256 is not kept.
 */
import { execFileSync } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { connect } from "@vireo/sdk/http/connect";
import { resident } from "../test/harness/resident.ts";
import { Vireod } from "../test/harness/vireod.ts";
import { median, table } from "./statistics.ts";
import { hashOf, speedOf } from "./transfer.ts";

const MIB = Number(process.argv[2] ?? 1024);
const ROUNDS = 3;
const GROWTH_MIB = 64;
const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "vireo-bench-"));
const [data, back] = [join(directory, "data"), join(directory, "back")];

const timed = (work: () => Promise<unknown>): Promise<number> => speedOf(MIB, work);

const vireod = new Vireod();
try {
  await vireod.start();
  const client = await connect(await vireod.httpUrl());
  execFileSync("dd", ["if=/dev/urandom", `of=${data}`, "bs=1M", `count=${MIB}`, "status=none"]);
  const hash = await hashOf(data);
  const pool = join(directory, "pool");
  mkdirSync(pool);
  await client.storagePool.create({
    xml: `<pool type='dir'><name>p</name><target><path>${pool}</path></target></pool>`,
  });
  await client.storageVolume.create({
    pool: { name: "p" },
    xml: `<volume><name>v</name><capacity unit='MiB'>${MIB}</capacity><allocation>0</allocation></volume>`,
  });
  const at = "/v1/storage-volumes/pool%3Dp%26name%3Dv";
  const ask = (method: string, path: string, body?: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "application/octet-stream" };
      const socketPath = join(vireod.root, "run/vireo-http-sock");
      const sent = request(
        { socketPath, path: `${at}/${path}?offset=0&length=0`, method, headers },
        resolve,
      );
      sent.on("error", reject);
      if (body === undefined) sent.end();
      else pipeline(createReadStream(body, { highWaterMark: 1 << 20 }), sent).catch(reject);
    });
  const up = async (): Promise<void> => {
    const { statusCode } = (await ask("PUT", "upload", data)).resume();
    if (statusCode !== 204) throw new Error(`upload answered ${statusCode}`);
  };
  const down = async (): Promise<void> =>
    pipeline(await ask("GET", "download"), createWriteStream(back));
  const speeds = { up: [] as number[], down: [] as number[] };
  const before = resident(vireod.pid).now;
  for (let round = 0; round < ROUNDS; round += 1) {
    speeds.up.push(await timed(up));
    speeds.down.push(await timed(down));
    if ((await hashOf(back)) !== hash) throw new Error("what came back is not what was sent");
    rmSync(back);
  }
  const growth = (resident(vireod.pid).peak - before) / 2 ** 20;
  console.log(
    table([
      [`${MIB} MiB by HTTP, MiB/s`, "upload", "download"],
      ["vireod", median(speeds.up).toFixed(0), median(speeds.down).toFixed(0)],
    ]),
  );
  console.log(`memory of vireod: ${growth.toFixed(0)} MiB more at its peak`);
  process.exitCode = growth < GROWTH_MIB ? 0 : 1;
} finally {
  await vireod.cleanUp();
  rmSync(directory, { recursive: true, force: true });
}
