import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { MergingPanel } from "../host/merging-panel.tsx";
import { NumaPanel } from "../host/numa-panel.tsx";
import { Facts, Panel, type Fact } from "../part/facts.tsx";
import { Screen } from "../part/screen.tsx";

function Machine(): ReactElement {
  const { t } = useTranslation();
  const { data: info, error } = useAsk(["connect", "nodeInfo"], {});
  const { data: name } = useAsk(["connect", "hostname"], {});
  const facts: readonly Fact[] =
    info === undefined
      ? []
      : [
          [t("host.name"), name ?? "–"],
          [t("host.model"), info.model],
          [t("host.cpus"), info.cpus],
          [
            t("host.topology"),
            t("host.topologyOf", {
              nodes: info.nodes,
              sockets: info.sockets,
              cores: info.cores,
              threads: info.threads,
            }),
          ],
          [t("host.clock"), t("host.mhz", { value: info.mhz })],
          [t("list.memory"), kibText(info.memoryKiB)],
        ];
  return (
    <Panel title={t("host.machine")} error={error}>
      <Facts facts={facts} />
    </Panel>
  );
}

const KINDS = ["total", "free", "buffers", "cached"] as const;

function Memory(): ReactElement {
  const { t } = useTranslation();
  const { data, error } = useAsk(["connect", "memoryStats"], {}, { everyMs: 5000 });
  const facts = KINDS.flatMap((kind): readonly Fact[] => {
    const kib = data?.[kind];
    return kib === undefined ? [] : [[t(`host.memory.${kind}`), kibText(kib)]];
  });
  return (
    <Panel title={t("list.memory")} error={error}>
      <Facts facts={facts} />
    </Panel>
  );
}

function Capabilities(): ReactElement {
  const { t } = useTranslation();
  const { data: xml, error } = useAsk(["connect", "capabilities"], {});
  return (
    <Panel title={t("host.capabilities")} error={error}>
      <details>
        <summary>XML</summary>
        <pre className="vireo-mono">{xml}</pre>
      </details>
    </Panel>
  );
}

export function Host(): ReactElement {
  const { t } = useTranslation();
  return (
    <Screen title={t("nav.host")}>
      <div className="vireo-halves">
        <Machine />
        <Memory />
        <NumaPanel />
        <MergingPanel />
      </div>
      <Capabilities />
    </Screen>
  );
}
