import { Checkbox, FormGroup, TextArea } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { NewDomain } from "@vireo/sdk/new-domain";
import { useAsk } from "../data/operation.ts";
import { ChoiceField, TextField, type Option } from "../part/field.tsx";
import { NO_NETWORK, USER_NETWORK, USES, type OfferedImage, type Use, type Wish } from "./wish.ts";

export interface FieldsProps {
  readonly wish: Wish;
  readonly change: (part: Partial<Wish>) => void;
}

const NOTHING: Option = ["", "–"];

export function MachineFields({
  wish,
  change,
  best,
}: FieldsProps & { readonly best: NewDomain["type"] }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        id="memory"
        type="number"
        label={t("create.memory")}
        value={wish.memoryMiB}
        onChange={(memoryMiB) => change({ memoryMiB })}
      />
      <TextField
        id="vcpus"
        type="number"
        label={t("create.cpus")}
        value={wish.vcpus}
        onChange={(vcpus) => change({ vcpus })}
      />
      <ChoiceField
        id="type"
        label={t("create.accel")}
        value={wish.type ?? best}
        options={[
          ["kvm", t("create.kvm")],
          ["qemu", t("create.tcg")],
        ]}
        onChange={(type) => change({ type: type === "kvm" ? "kvm" : "qemu" })}
      />
      <ChoiceField
        id="firmware"
        label={t("create.firmware")}
        value={wish.firmware}
        options={[
          ["bios", t("create.bios")],
          ["uefi", t("create.uefi")],
        ]}
        onChange={(firmware) => change({ firmware: firmware === "uefi" ? "uefi" : "bios" })}
      />
    </>
  );
}

export function NetworkField({ wish, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const { data: networks = [] } = useAsk(["network", "list"], {});
  return (
    <ChoiceField
      id="network"
      label={t("create.network")}
      value={wish.network}
      options={[
        [USER_NETWORK, t("create.networkUser")],
        [NO_NETWORK, t("create.networkNone")],
        ...networks.map(({ name }): Option => [name, name]),
      ]}
      onChange={(network) => change({ network })}
    />
  );
}

/** A new volume. */
export function VolumeFields({ wish, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const { data: pools = [] } = useAsk(["storagePool", "list"], {});
  const offered = pools.filter(({ active }) => active).map(({ name }): Option => [name, name]);
  return (
    <>
      <ChoiceField
        id="pool"
        label={t("create.pool")}
        value={wish.pool}
        options={[["", t("create.diskNone")], ...offered]}
        onChange={(pool) => change({ pool })}
      />
      {wish.pool === "" || wish.use === "copy" ? null : (
        <TextField
          id="size"
          type="number"
          label={t("create.size")}
          value={wish.sizeGiB}
          onChange={(sizeGiB) => change({ sizeGiB })}
        />
      )}
    </>
  );
}

interface ImageFieldsProps extends FieldsProps {
  readonly images: readonly OfferedImage[];
}

const isIso = ({ volume }: OfferedImage): boolean => volume.toLowerCase().endsWith(".iso");
const offered = ({ path, pool, volume }: OfferedImage): Option => [path, `${pool}/${volume}`];

export function MediaFields({ wish, change, images }: ImageFieldsProps): ReactElement {
  const { t } = useTranslation();
  const known = images.filter(isIso);
  return (
    <>
      {known.length === 0 ? null : (
        <ChoiceField
          id="iso"
          label={t("create.iso")}
          value={known.some(({ path }) => path === wish.media) ? wish.media : ""}
          options={[NOTHING, ...known.map(offered)]}
          onChange={(media) => change({ media })}
        />
      )}
      <TextField
        id="media"
        label={t("create.media")}
        value={wish.media}
        onChange={(media) => change({ media })}
      />
    </>
  );
}

export function ImageFields({ wish, change, images }: ImageFieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceField
        id="image"
        label={t("create.image")}
        value={wish.image}
        options={[NOTHING, ...images.filter((one) => !isIso(one)).map(offered)]}
        onChange={(image) => change({ image })}
      />
      <UseField wish={wish} change={change} uses={USES} />
    </>
  );
}

interface UseFieldProps extends FieldsProps {
  readonly uses: readonly Use[];
}

export function UseField({ wish, change, uses }: UseFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <ChoiceField
      id="use"
      label={t("create.use")}
      value={wish.use}
      options={uses.map((use): Option => [use, t(`create.uses.${use}`)])}
      onChange={(chosen) => change({ use: uses.find((one) => one === chosen) ?? "layer" })}
    />
  );
}

export function CloudField({ wish, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <FormGroup fieldId="user-data" label={t("create.userData")}>
      <TextArea
        id="user-data"
        className="vireo-mono"
        rows={6}
        value={wish.userData}
        onChange={(_event, userData) => change({ userData })}
      />
    </FormGroup>
  );
}

export function TemplateField({ wish, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const { data: domains = [] } = useAsk(["domain", "list"], {});
  const names = domains
    .filter(({ persistent }) => persistent)
    .map(({ name }): Option => [name, name]);
  return (
    <ChoiceField
      id="template"
      label={t("create.template")}
      value={wish.template}
      options={[NOTHING, ...names.toSorted(([a], [b]) => a.localeCompare(b))]}
      onChange={(template) => change({ template })}
    />
  );
}

export function StartField({ wish, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Checkbox
      id="start"
      label={t("create.start")}
      isChecked={wish.start}
      onChange={(_event, start) => change({ start })}
    />
  );
}
