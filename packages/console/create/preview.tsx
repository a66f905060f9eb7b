import { Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { EquivalentsList } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";

/** Long enough to type a word. */
const STILL_MS = 400;

/** The value once it has not changed for a while. */
function useStill<T>(value: T): T {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), STILL_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return still;
}

/** The command line that QEMU would be given for the definition. */
function QemuArguments({ xml }: { readonly xml: string }): ReactElement {
  const { client } = useSession();
  const still = useStill(xml);
  const { data, error } = useQuery({
    queryKey: ["preview", still],
    queryFn: () => client.domain.explain({ xml: still }),
    enabled: still !== "",
    staleTime: Infinity,
  });
  return (
    <>
      <Fault error={error ?? data?.problem} variant="warning" />
      <pre className="vireo-mono">
        {data?.args.map(({ option, value = "" }) => `${option} ${value}`).join("\n")}
      </pre>
    </>
  );
}

export interface PreviewProps {
  readonly xml: string;
  /** What QEMU's arguments are told of. */
  readonly preview: string;
  readonly action: Action;
}

type View = "xml" | "qemu" | "commands";
const VIEWS: readonly View[] = ["xml", "qemu", "commands"];

/** What will be defined, what QEMU will be given for it, and how it is done by hand. */
export function Preview({ xml, preview, action }: PreviewProps): ReactElement {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("xml");
  return (
    <section aria-label={t("create.preview")} className="vireo-stack">
      <Tabs
        activeKey={view}
        aria-label={t("create.preview")}
        onSelect={(_event, key) => setView(VIEWS.find((one) => one === key) ?? "xml")}
      >
        {VIEWS.map((one) => (
          <Tab
            key={one}
            eventKey={one}
            tabContentId="preview"
            title={<TabTitleText>{t(`create.views.${one}`)}</TabTitleText>}
          />
        ))}
      </Tabs>
      <div id="preview" role="tabpanel" aria-label={t(`create.views.${view}`)}>
        {view === "xml" ? <pre className="vireo-mono">{xml}</pre> : null}
        {view === "qemu" ? <QemuArguments xml={preview} /> : null}
        {view === "commands" ? <EquivalentsList action={action} /> : null}
      </div>
    </section>
  );
}
