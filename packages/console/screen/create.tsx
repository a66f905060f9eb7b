import {
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Grid,
  GridItem,
  PageSection,
  TextInput,
  Title,
} from "@patternfly/react-core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { newDomainXml, NO_NETWORK, USER_NETWORK, type NewDomain } from "../domain/new-domain.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";

const GIB = 1024 ** 3;

interface Wish {
  readonly name: string;
  readonly memoryMiB: string;
  readonly vcpus: string;
  /** What the host does best until something else is chosen. */
  readonly type: NewDomain["type"] | undefined;
  readonly firmware: NewDomain["firmware"];
  readonly disk: "none" | "new" | "existing";
  readonly pool: string;
  readonly volume: string;
  readonly sizeGiB: string;
  readonly media: string;
  readonly network: string;
  readonly start: boolean;
}

const FIRST: Wish = {
  name: "",
  memoryMiB: "2048",
  vcpus: "2",
  type: undefined,
  firmware: "bios",
  disk: "new",
  pool: "",
  volume: "",
  sizeGiB: "20",
  media: "",
  network: USER_NETWORK,
  start: true,
};

interface PartProps {
  readonly wish: Wish;
  readonly change: (part: Partial<Wish>) => void;
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly children: ReactNode;
}

const Field = ({ id, label, children }: FieldProps): ReactElement => (
  <FormGroup fieldId={id} label={label}>
    {children}
  </FormGroup>
);

interface ChooseProps {
  readonly id: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

const Choose = ({ id, value, options, onChange }: ChooseProps): ReactElement => (
  <FormSelect id={id} value={value} onChange={(_event, chosen) => onChange(chosen)}>
    {options.map(([one, label]) => (
      <FormSelectOption key={one} value={one} label={label} />
    ))}
  </FormSelect>
);

function Machine({ wish, change }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Field id="name" label={t("create.name")}>
        <TextInput id="name" value={wish.name} onChange={(_event, name) => change({ name })} />
      </Field>
      <Field id="memory" label={t("create.memory")}>
        <TextInput
          id="memory"
          type="number"
          min="1"
          value={wish.memoryMiB}
          onChange={(_event, memoryMiB) => change({ memoryMiB })}
        />
      </Field>
      <Field id="vcpus" label={t("create.cpus")}>
        <TextInput
          id="vcpus"
          type="number"
          min="1"
          value={wish.vcpus}
          onChange={(_event, vcpus) => change({ vcpus })}
        />
      </Field>
      <Field id="type" label={t("create.accel")}>
        <Choose
          id="type"
          value={wish.type ?? ""}
          options={[
            ["kvm", "KVM"],
            ["qemu", "TCG"],
          ]}
          onChange={(type) => change({ type: type === "kvm" ? "kvm" : "qemu" })}
        />
      </Field>
      <Field id="firmware" label={t("create.firmware")}>
        <Choose
          id="firmware"
          value={wish.firmware}
          options={[
            ["bios", t("create.bios")],
            ["uefi", t("create.uefi")],
          ]}
          onChange={(firmware) => change({ firmware: firmware === "uefi" ? "uefi" : "bios" })}
        />
      </Field>
    </>
  );
}

function Disk({ wish, change }: PartProps): ReactElement {
  const { t } = useTranslation();
  const { data: pools = [] } = useAsk(["storagePool", "list"], {});
  const { data: volumes = [] } = useAsk(
    ["storagePool", "volumes"],
    { pool: { name: wish.pool } },
    { enabled: wish.pool !== "" },
  );
  const kinds = [
    ["new", t("create.diskNew")],
    ["existing", t("create.diskExisting")],
    ["none", t("create.diskNone")],
  ] as const;
  return (
    <>
      <Field id="disk" label={t("create.disk")}>
        <Choose
          id="disk"
          value={wish.disk}
          options={kinds}
          onChange={(disk) =>
            change({ disk: kinds.map(([kind]) => kind).find((kind) => kind === disk) ?? "none" })
          }
        />
      </Field>
      {wish.disk === "none" ? null : (
        <Field id="pool" label={t("create.pool")}>
          <Choose
            id="pool"
            value={wish.pool}
            options={[
              ["", "…"],
              ...pools.filter(({ active }) => active).map(({ name }) => [name, name] as const),
            ]}
            onChange={(pool) => change({ pool, volume: "" })}
          />
        </Field>
      )}
      {wish.disk === "new" ? (
        <Field id="size" label={t("create.size")}>
          <TextInput
            id="size"
            type="number"
            value={wish.sizeGiB}
            onChange={(_event, sizeGiB) => change({ sizeGiB })}
          />
        </Field>
      ) : null}
      {wish.disk === "existing" ? (
        <Field id="volume" label={t("create.volume")}>
          <Choose
            id="volume"
            value={wish.volume}
            options={[["", "…"], ...volumes.map(({ name }) => [name, name] as const)]}
            onChange={(volume) => change({ volume })}
          />
        </Field>
      ) : null}
    </>
  );
}

function Outside({ wish, change }: PartProps): ReactElement {
  const { t } = useTranslation();
  const { data: networks = [] } = useAsk(["network", "list"], {});
  return (
    <>
      <Field id="media" label={t("create.media")}>
        <TextInput id="media" value={wish.media} onChange={(_event, media) => change({ media })} />
      </Field>
      <Field id="network" label={t("create.network")}>
        <Choose
          id="network"
          value={wish.network}
          options={[
            [USER_NETWORK, t("create.networkUser")],
            [NO_NETWORK, t("create.networkNone")],
            ...networks.map(({ name }) => [name, name] as const),
          ]}
          onChange={(network) => change({ network })}
        />
      </Field>
      <Checkbox
        id="start"
        label={t("create.start")}
        isChecked={wish.start}
        onChange={(_event, start) => change({ start })}
      />
    </>
  );
}

const volumeOf = ({ disk, name, volume }: Wish): string =>
  disk === "new" ? `${name}.qcow2` : volume;

const formatOf = (volume: string): string => (volume.endsWith(".qcow2") ? "qcow2" : "raw");

const domainOf = (wish: Wish, best: NewDomain["type"]): NewDomain => ({
  name: wish.name,
  memoryMiB: Number(wish.memoryMiB),
  vcpus: Number(wish.vcpus),
  type: wish.type ?? best,
  firmware: wish.firmware,
  disk:
    wish.disk === "none" || wish.pool === ""
      ? undefined
      : { pool: wish.pool, volume: volumeOf(wish), format: formatOf(volumeOf(wish)) },
  media: wish.media,
  network: wish.network,
});

/** Makes volume, definition and guest; what was made is taken back when a later step fails. */
function useCreate(): (wish: Wish, xml: string) => Promise<void> {
  const { client } = useSession();
  return async (wish, xml) => {
    const volume = { pool: wish.pool, name: volumeOf(wish) };
    const makesVolume = wish.disk === "new" && wish.pool !== "";
    if (makesVolume)
      await client.storageVolume.create({
        pool: { name: wish.pool },
        xml: `<volume><name>${volume.name}</name><capacity>${Math.round(Number(wish.sizeGiB) * GIB)}</capacity><allocation>0</allocation><target><format type='qcow2'/></target></volume>`,
      });
    try {
      await client.domain.define({ xml });
    } catch (error) {
      if (makesVolume) await client.storageVolume.delete({ volume });
      throw error;
    }
    if (wish.start) await client.domain.start({ domain: { name: wish.name } });
  };
}

/** KVM only where vireod has seen it work. */
function useBestType(): NewDomain["type"] {
  const { data: capabilities = "" } = useAsk(["connect", "capabilities"], {});
  return capabilities.includes("<domain type='kvm'") ? "kvm" : "qemu";
}

export function Create(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreate();
  const [wish, setWish] = useState<Wish>(FIRST);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Wish>): void => setWish((before) => ({ ...before, ...part }));
  const best = useBestType();
  const xml = newDomainXml(domainOf(wish, best));
  const go = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await create(wish, xml);
      await navigate({ to: "/domains/$name", params: { name: wish.name } });
    } catch (fault) {
      setError(fault);
    }
    setBusy(false);
  };
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.create")}</Title>
      <Grid hasGutter>
        <GridItem md={6}>
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              void go();
            }}
          >
            <Machine wish={{ ...wish, type: wish.type ?? best }} change={change} />
            <Disk wish={wish} change={change} />
            <Outside wish={wish} change={change} />
            <Fault error={error} />
            <Button type="submit" isLoading={busy} isDisabled={busy || wish.name === ""}>
              {t("create.go")}
            </Button>
            <Equivalents action={{ operation: "domain.define", input: { xml } }} />
          </Form>
        </GridItem>
        <GridItem md={6}>
          <Title headingLevel="h2">{t("create.xml")}</Title>
          <pre className="vireo-mono">{xml}</pre>
        </GridItem>
      </Grid>
    </PageSection>
  );
}
