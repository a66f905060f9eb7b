import {
  Alert,
  Button,
  Checkbox,
  EmptyState,
  FormSelect,
  FormSelectOption,
  TextInput,
} from "@patternfly/react-core";
import RFB from "@novnc/novnc";
import { useEffect, useRef, useState, type ReactElement, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault, faultText } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { COMBINATIONS, pressTogether, typeText } from "./type-text.ts";

type Line = "connecting" | "open" | "lost";

interface Screen {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly rfb: RFB | undefined;
  readonly line: Line;
  readonly fault: string | undefined;
  readonly again: () => void;
}

/** A screen that is connected while it is on the page. */
function useScreen(uuid: string): Screen {
  const { client } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [rfb, setRfb] = useState<RFB>();
  const [line, setLine] = useState<Line>("connecting");
  const [fault, setFault] = useState<string>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let mine: RFB | undefined;
    let gone = false;
    const open = async (): Promise<void> => {
      const socket = await client.open("domain.openGraphics", { domain: { uuid } });
      if (gone || box.current === null) return socket.close();
      mine = new RFB(box.current, socket);
      mine.scaleViewport = true;
      mine.addEventListener("connect", () => setLine("open"));
      mine.addEventListener("disconnect", () => setLine("lost"));
      setRfb(mine);
    };
    setLine("connecting");
    setFault(undefined);
    open().catch((error: unknown) => {
      setFault(faultText(error));
      setLine("lost");
    });
    return () => {
      gone = true;
      mine?.disconnect();
      setRfb(undefined);
    };
  }, [client, uuid, round]);
  return { box, rfb, line, fault, again: () => setRound((before) => before + 1) };
}

function save(rfb: RFB, name: string): void {
  const link = document.createElement("a");
  link.href = rfb.toDataURL("image/png");
  link.download = `${name}.png`;
  link.click();
}

function Tools({
  rfb,
  name,
  box,
}: {
  readonly rfb: RFB;
  readonly name: string;
  readonly box: Screen["box"];
}): ReactElement {
  const { t } = useTranslation();
  const [scaled, setScaled] = useState(true);
  const [text, setText] = useState("");
  const scale = (on: boolean): void => {
    rfb.scaleViewport = on;
    setScaled(on);
  };
  return (
    <div className="vireo-line">
      <span>
        <FormSelect
          aria-label={t("domain.sendKeys")}
          value=""
          onChange={(_event, combination) => pressTogether(rfb, COMBINATIONS[combination] ?? [])}
        >
          <FormSelectOption value="" label={t("domain.sendKeys")} isPlaceholder />
          {Object.keys(COMBINATIONS).map((combination) => (
            <FormSelectOption key={combination} value={combination} label={combination} />
          ))}
        </FormSelect>
      </span>
      <span>
        <TextInput
          aria-label={t("domain.typeText")}
          placeholder={t("domain.typeText")}
          value={text}
          onChange={(_event, typed) => setText(typed)}
          onKeyDown={({ key }) => {
            if (key !== "Enter") return;
            typeText(rfb, `${text}\n`);
            setText("");
          }}
        />
      </span>
      <span>
        <Checkbox
          id="scale"
          label={t("domain.scale")}
          isChecked={scaled}
          onChange={(_event, on) => scale(on)}
        />
      </span>
      <span>
        <Button variant="secondary" onClick={() => save(rfb, name)}>
          {t("domain.screenshot")}
        </Button>
      </span>
      <span>
        <Button variant="secondary" onClick={() => void box.current?.requestFullscreen()}>
          {t("domain.fullScreen")}
        </Button>
      </span>
      <Equivalents action={{ operation: "domain.openGraphics", input: { domain: { name } } }} />
    </div>
  );
}

function Connected({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { box, rfb, line, fault, again } = useScreen(domain.uuid);
  return (
    <>
      {rfb === undefined ? null : <Tools rfb={rfb} name={domain.name} box={box} />}
      <Fault error={fault} />
      {line === "lost" ? (
        <Alert isInline variant="info" title={t("domain.lost")}>
          <Button variant="link" isInline onClick={again}>
            {t("domain.reconnect")}
          </Button>
        </Alert>
      ) : null}
      {line === "connecting" ? <p className="vireo-quiet">{t("domain.connecting")}</p> : null}
      <div ref={box} className="vireo-screen" data-line={line} />
    </>
  );
}

/** The guest's graphical console. */
export function ScreenTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return <Connected key={domain.id} domain={domain} />;
}
