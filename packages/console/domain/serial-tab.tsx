import "@xterm/xterm/css/xterm.css";
import {
  Alert,
  Button,
  EmptyState,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../data/session-context.ts";
import { Fault, faultText } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

const SCROLL_BACK = 10_000;

/** The whole output that is kept, as text. */
function outputOf({ buffer }: Terminal): string {
  const { active } = buffer;
  const lines = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? "",
  );
  return lines.join("\n").trimEnd();
}

function download(terminal: Terminal, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${outputOf(terminal)}\n`], { type: "text/plain" }));
  link.download = `${name}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Console({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { client } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal>();
  const [fault, setFault] = useState<string>();
  const [lost, setLost] = useState(false);
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
        domain: { uuid: domain.uuid },
        force: true,
      });
      if (gone) return opened.close();
      socket = opened;
      opened.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) =>
        screen.write(new Uint8Array(data)),
      );
      opened.addEventListener("close", () => setLost(true));
    };
    setLost(false);
    setFault(undefined);
    follow().catch((error: unknown) => setFault(faultText(error)));
    setTerminal(screen);
    const resized = (): void => fit.fit();
    addEventListener("resize", resized);
    return () => {
      gone = true;
      removeEventListener("resize", resized);
      typed.dispose();
      socket?.close();
      screen.dispose();
      setTerminal(undefined);
    };
  }, [client, domain.uuid, round]);
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <Button
              variant="secondary"
              isDisabled={terminal === undefined}
              onClick={() => terminal && download(terminal, domain.name)}
            >
              {t("domain.download")}
            </Button>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Fault error={fault} />
      {lost ? (
        <Alert isInline variant="info" title={t("domain.lost")}>
          <Button variant="link" isInline onClick={() => setRound(round + 1)}>
            {t("domain.reconnect")}
          </Button>
        </Alert>
      ) : null}
      <div ref={box} className="vireo-terminal" />
    </>
  );
}

/** The guest's first serial console. */
export function SerialTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return <Console key={domain.id} domain={domain} />;
}
