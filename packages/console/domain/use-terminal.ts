/** A terminal on a guest's serial console, connected while it is on the page. */
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useSession } from "../data/session-context.ts";
import { faultText } from "../part/fault.tsx";

const SCROLL_BACK = 10_000;

export interface SerialLine {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly terminal: Terminal | undefined;
  readonly fault: string | undefined;
  readonly lost: boolean;
  /** Whether the guest said something since it was opened. */
  readonly spoke: boolean;
  readonly again: () => void;
}

/** The lines that are kept, oldest first. */
export function outputOf({ buffer }: Terminal): readonly string[] {
  const { active } = buffer;
  return Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? "",
  );
}

/** `device` is an alias such as `serial1`; the first console without it. */
export function useTerminal(uuid: string, device: string | undefined): SerialLine {
  const { client } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal>();
  const [fault, setFault] = useState<string>();
  const [lost, setLost] = useState(false);
  const [spoke, setSpoke] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (box.current === null) return;
    const screen = new Terminal({ scrollback: SCROLL_BACK, screenReaderMode: true });
    const fit = new FitAddon();
    screen.loadAddon(fit);
    screen.open(box.current);
    fit.fit();
    let socket: WebSocket | undefined;
    let gone = false;
    const typed = screen.onData((text) => socket?.send(new TextEncoder().encode(text)));
    const follow = async (): Promise<void> => {
      const opened = await client.open("domain.openConsole", {
        domain: { uuid },
        force: true,
        ...(device === undefined ? {} : { device }),
      });
      if (gone) return opened.close();
      socket = opened;
      opened.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
        screen.write(new Uint8Array(data));
        setSpoke(true);
      });
      opened.addEventListener("close", () => setLost(true));
    };
    setLost(false);
    setFault(undefined);
    setSpoke(false);
    follow().catch((error: unknown) => setFault(faultText(error)));
    setTerminal(screen);
    const resized = new ResizeObserver(() => fit.fit());
    resized.observe(box.current);
    return () => {
      gone = true;
      resized.disconnect();
      typed.dispose();
      socket?.close();
      screen.dispose();
      setTerminal(undefined);
    };
  }, [client, uuid, device, round]);
  return { box, terminal, fault, lost, spoke, again: () => setRound((before) => before + 1) };
}
