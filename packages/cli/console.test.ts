import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { attachConsole, type ConsoleStream, escapeByte } from "./console.ts";

class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];

  setRawMode(raw: boolean): void {
    this.modes.push(raw);
  }
}

interface FakeGuest extends ConsoleStream {
  readonly typed: Buffer[];
  readonly output: PassThrough;
  aborted: boolean;
}

function fakeGuest(): FakeGuest {
  const output = new PassThrough();
  const guest: FakeGuest = {
    typed: [],
    output,
    aborted: false,
    incoming: output,
    write: (data) => {
      guest.typed.push(Buffer.from(data));
      return Promise.resolve();
    },
    abort: () => {
      guest.aborted = true;
      return Promise.resolve();
    },
  };
  return guest;
}

test("console: what is typed reaches the guest up to the escape character", async () => {
  const [guest, input, output] = [fakeGuest(), new FakeTerminal(), new PassThrough()];
  const attached = attachConsole(guest, { input, output }, "^]");
  guest.output.write("login: ");
  input.write("root\r");
  input.write("pass\u001dlost");
  await attached;
  assert.equal(Buffer.concat(guest.typed).toString(), "root\rpass");
  assert.equal(output.read()?.toString(), "login: ");
  assert.ok(guest.aborted);
  assert.deepEqual(input.modes, [true, false]);
});

test("console: ends with the guest, and restores the terminal when the stream fails", async () => {
  const [ending, failing] = [fakeGuest(), fakeGuest()];
  const [first, second] = [new FakeTerminal(), new FakeTerminal()];
  ending.output.end("bye\n");
  await attachConsole(ending, { input: first, output: new PassThrough() }, "^]");
  assert.deepEqual(first.modes, [true, false]);
  assert.equal(ending.aborted, false);
  failing.output.destroy(new Error("gone"));
  const attached = attachConsole(failing, { input: second, output: new PassThrough() }, "^]");
  await assert.rejects(attached, /gone/);
  assert.deepEqual(second.modes, [true, false]);
});

test("console: a signal ends it and restores the terminal", async () => {
  const [guest, input] = [fakeGuest(), new FakeTerminal()];
  const attached = attachConsole(guest, { input, output: new PassThrough() }, "^]");
  process.emit("SIGTERM");
  await attached;
  assert.deepEqual(input.modes, [true, false]);
});

test("console: the escape character is a control character or a plain one", () => {
  assert.deepEqual(["^]", "^a", "^A", "x"].map(escapeByte), [0x1d, 1, 1, 0x78]);
});
