import "@xterm/xterm/css/xterm.css";
import {
  Alert,
  Button,
  EmptyState,
  FormSelect,
  FormSelectOption,
  SearchInput,
} from "@patternfly/react-core";
import type { Terminal } from "@xterm/xterm";
import { useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { findAbove, type Place } from "./find-text.ts";
import { serialsIn } from "./serials.ts";
import { outputOf, useTerminal } from "./use-terminal.ts";

function download(terminal: Terminal, name: string): void {
  const text = outputOf(terminal).join("\n").trimEnd();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
  link.download = `${name}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Marks the nearest place above what was found last. */
function Find({ terminal }: { readonly terminal: Terminal }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [missed, setMissed] = useState(false);
  const last = useRef<Place>(undefined);
  const find = (): void => {
    const found = findAbove(outputOf(terminal), text, last.current);
    last.current = found;
    setMissed(found === undefined && text !== "");
    if (found === undefined) return terminal.clearSelection();
    terminal.select(found.column, found.line, text.length);
    terminal.scrollToLine(Math.max(0, found.line - Math.floor(terminal.rows / 2)));
  };
  return (
    <>
      <SearchInput
        aria-label={t("domain.find")}
        placeholder={t("domain.find")}
        value={text}
        onChange={(_event, typed) => {
          last.current = undefined;
          setText(typed);
        }}
        onSearch={find}
        onClear={() => {
          setText("");
          terminal.clearSelection();
        }}
      />
      <span role="status">{missed ? t("domain.notFound") : null}</span>
    </>
  );
}

interface ConsoleProps extends DomainTabProps {
  readonly devices: readonly string[];
}

function Console({ domain, devices }: ConsoleProps): ReactElement {
  const { t } = useTranslation();
  const [device, setDevice] = useState<string>();
  const { box, terminal, fault, lost, spoke, again } = useTerminal(domain.uuid, device);
  return (
    <>
      <div className="vireo-line">
        {devices.length < 2 ? null : (
          <span>
            <FormSelect
              aria-label={t("domain.port")}
              value={device ?? devices[0]}
              onChange={(_event, chosen) => setDevice(chosen)}
            >
              {devices.map((one) => (
                <FormSelectOption key={one} value={one} label={one} />
              ))}
            </FormSelect>
          </span>
        )}
        {terminal === undefined ? null : <Find terminal={terminal} />}
        <Button
          variant="secondary"
          isDisabled={terminal === undefined}
          onClick={() => terminal && download(terminal, domain.name)}
        >
          {t("domain.download")}
        </Button>
        <Equivalents
          action={{ operation: "domain.openConsole", input: { domain: { name: domain.name } } }}
        />
      </div>
      <Fault error={fault} />
      {lost ? (
        <Alert isInline variant="info" title={t("domain.lost")}>
          <Button variant="link" isInline onClick={again}>
            {t("domain.reconnect")}
          </Button>
        </Alert>
      ) : null}
      {spoke || lost || fault !== undefined ? null : (
        <p className="vireo-quiet">{t("domain.silent")}</p>
      )}
      <div ref={box} className="vireo-terminal" />
    </>
  );
}

/** The guest's serial consoles. */
export function SerialTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { data: xml } = useAsk(["domain", "xml"], { domain: { uuid: domain.uuid } });
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return <Console key={domain.id} domain={domain} devices={serialsIn(xml ?? "")} />;
}
